"""Lint measured: honest reasons are left alone, embarrassing and oddly spelled texts are found.

Each folder in samples/ holds honest.txt, embarrassing.txt and odd.txt; the first lines of each
tell its format.  Every text stands in a letter to one of the programs of programs.csv.
"""

import csv
import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from planner.letters import Templates
from planner.rules.facts import LetterKind
from planner.rules.lint import lint
from planner.rules.lint.campaign import Campaign
from planner.rules.lint.page import Page, Written
from planner.rules.specialties import shipped
from planner.rules.wording import facts_for
from tests.builders import a_case, a_program

pytestmark = pytest.mark.long

SAMPLES = Path(__file__).parent / "samples"
SETS = sorted(folder.name for folder in SAMPLES.iterdir() if folder.is_dir())
ESCAPE = re.compile(r"\\(n|t|\\|u[0-9a-fA-F]{4})")
KNOWN = {"n": "\n", "t": "\t", "\\": "\\"}
PLAIN = "the clinic for new mothers"


def decoded(text):
    return ESCAPE.sub(lambda m: KNOWN.get(m[1]) or chr(int(m[1][1:], 16)), text)


def samples(name, folder):
    lines = (SAMPLES / folder / f"{name}.txt").read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@cache
def programs():
    with (SAMPLES / "programs.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            a_program(
                number,
                program=row["Program"],
                specialty=row["Specialty"],
                institution=row["Institution"],
                city=row["City"],
                state=row["State"],
                director_first_name=row["Director First Name"],
                director_last_name=row["Director Last Name"],
            )
            for number, row in enumerate(csv.DictReader(file), 1)
        )


@cache
def letter(number, reason):
    """The case and the rendered letter of a program with a reason."""
    case = a_case(replace(programs()[number - 1], reason=reason))
    facts = facts_for(case, specialties=shipped())
    return case, templates().render(LetterKind.STRONG_SCORE, facts)


@cache
def templates():
    return Templates()


@cache
def campaign():
    return Campaign(programs(), shipped())


def findings(number, where, text):
    """What lint says of a strong letter to a program, with a text at a place of it."""
    case, rendered = letter(int(number), text if where == "reason" else PLAIN)
    subject, body = rendered.subject, rendered.body
    if where == "subject":
        subject = text
    elif where == "body":
        salutation, paragraph, *rest = body.split("\n\n")
        body = "\n\n".join([salutation, f"{paragraph} {text}", *rest])
    elif where == "ps":
        body = f"{body}\n{text}\n"
    written = None if where == "reason" else Written(rendered.subject, rendered.body)
    to = (case.program.director_email,)
    return lint(Page(LetterKind.STRONG_SCORE, subject, body, to, case, written=written), campaign())


@pytest.mark.parametrize("folder", SETS)
def test_at_most_two_honest_reasons_of_a_hundred_are_disturbed(folder):
    honest = samples("honest", folder)
    found = {text: findings(number, "reason", decoded(text)) for number, text in honest}
    disturbed = {t: [(f.code, f.text) for f in codes] for t, codes in found.items() if codes}
    assert len(disturbed) <= 0.02 * len(honest), disturbed


@pytest.mark.parametrize("name", ["embarrassing", "odd"])
@pytest.mark.parametrize("folder", SETS)
def test_at_most_ten_texts_of_a_hundred_slip_through(folder, name):
    texts = samples(name, folder)
    slipped = [
        (kind, where, text)
        for number, kind, where, text in texts
        if not findings(number, where, decoded(text))
    ]
    assert len(slipped) <= 0.10 * len(texts), slipped


@pytest.mark.parametrize("where", ["reason", "body", "subject", "ps"])
def test_the_letter_around_the_samples_has_no_finding(where):
    for number in range(1, len(programs()) + 1):
        subject = letter(number, PLAIN)[1].subject
        text = {"reason": PLAIN, "subject": subject}.get(where, "The clinic is near the river.")
        assert findings(number, where, text) == ()


def test_a_set_of_samples_is_there():
    assert "train" in SETS
    assert all(len(samples(name, "train")) >= 60 for name in ("honest", "embarrassing", "odd"))


ORDER = """
from tests.rules.lint.test_samples import findings
text = "as at Elm, Palmetto, Tucson, Denver, Detroit and Houston; Dr. Long and Dr. Park agree"
print([(f.code, f.text, f.place) for n in (1, 9, 22) for f in findings(n, "body", text)])
"""


def test_findings_come_in_the_same_order_each_time_for_they_are_numbered(root):
    said = {
        subprocess.run(
            [sys.executable, "-c", ORDER],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1, said
