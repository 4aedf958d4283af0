"""Each letter in each wording is grammatical, whatever names and reasons people give it.

Not the whole product of over a million letters, but every pair of a kind, a wording, a stage, a
policy, a name and a reason, and every combination of the first four.
"""

from itertools import combinations
from shutil import copytree

import pytest

from planner.letters import Templates
from planner.resources import resource
from planner.rules.wording import VOICES
from tests.templates.grammar import KINDS, NAMES, POLICIES, REASONS, STAGES, mistakes, rows

ROWS = tuple(rows())


def test_every_pair_of_values_stands_in_some_letter():
    sizes = {
        "kind": KINDS,
        "voice": VOICES,
        "policy": range(len(POLICIES)),
        "name": range(len(NAMES)),
        "reason": range(len(REASONS)),
    }
    assert (len(NAMES), len(REASONS)) == (40, 40)
    for one, other in combinations(sizes, 2):
        covered = {(getattr(row, one), getattr(row, other)) for row in ROWS}
        assert covered == {(a, b) for a in sizes[one] for b in sizes[other]}, (one, other)
    stages = {(row.kind, row.stage, row.voice, row.policy) for row in ROWS}
    assert len(stages) == sum(len(STAGES[kind]) for kind in KINDS) * len(VOICES) * len(POLICIES)


@pytest.mark.long
def test_no_letter_breaks_a_rule_of_grammar():
    templates = Templates()
    broken = {}
    for row in ROWS:
        found, text = mistakes(row, templates)
        if found:
            broken[row] = found, text.body
    assert not broken, list(broken.items())[:3]


# A mistake as one makes it in a template: (rule that finds it, what stands there, what is typed).
PLANTED = (
    ("doubled_word", "a brief update", "a brief brief update"),
    ("odd_marks", "especially because", ", especially because"),
    ("small_start", "I remain very", "i remain very"),
    ("no_end", "considering my application.", "considering my application"),
    ("no_verb", "I am writing with a brief", "A brief"),
    ("scores", "I remain very", "With {{ score }}, I remain very"),
    ("no_place", " at {{ place }}", ""),
    ("no_position", "your {{ residency }}", "the position"),
    ("residue", "I remain very", "[REASON] I remain very"),
    ("article", "a brief update", "a urgent update"),
    ("broken_joint", "because of {{ reason }}", "because of because of {{ reason }}"),
    ("too_long", "I remain very", "I remain " + "very, " * 100 + "very"),
    ("same_start", "I am writing with", "I am writing as an applicant. I am writing with"),
    ("other_service", "I remain very", "I use ERAS. I remain very"),
    ("twice_residency", "{{ residency }}", "{{ residency }} program"),
    ("subject", "{{ filed_as }}", "{{ applicant_name }}"),
)

# Where the first wording of a strong score has its words, in the order of a search.
PARTS = ("strong_score/body-1.txt", "_opening-1.txt", "strong_score/subject.txt")


@pytest.mark.parametrize(("rule", "right", "wrong"), PLANTED, ids=[rule for rule, *_ in PLANTED])
def test_a_mistake_that_is_planted_in_a_template_is_found(tmp_path, rule, right, wrong):
    copytree(resource("templates"), tmp_path, dirs_exist_ok=True)
    parts = [tmp_path / name for name in PARTS]
    path = next(part for part in parts if right in part.read_text())
    path.write_text(path.read_text().replace(right, wrong))
    some = [row for row in ROWS if row.kind == "strong_score" and row.voice == "1"][:40]
    templates = Templates(tmp_path)
    assert rule in {name for row in some for name, _ in mistakes(row, templates)[0]}
