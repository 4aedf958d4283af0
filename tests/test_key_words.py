"""What a page says of a key: its meaning, and the key small beside it; and no reason has another."""

import ast
import re
from pathlib import Path

import pytest

from planner import rules
from planner.key_words import WORDS, explained
from planner.options.table import OPTIONS
from planner.store.programs import FIELDS

KEYS = {f"{section}.{key}" for section, keys in OPTIONS.items() for key in keys}
# Modules whose sentences a page shows as reasons.
SAYING = "case_words choice gates holds last_looks plan_warnings planning reasons score targeting what_if"


def small(key):
    return f'<small class="config">{key}</small>'


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("(told_on)", small("told_on")),
        ("told_on is late", f"the day you told them {small('told_on')} is late"),
        ("set cycle.season.", f"set the season {small('cycle.season')}."),
        ("nrmp 2027 (nrmp)", "NRMP 2027 (NRMP)"),
        ("<b>top_choice</b>", f"&lt;b&gt;top choice {small('top_choice')}&lt;/b&gt;"),
    ],
)
def test_a_key_is_told_in_words_with_the_key_beside_them(text, read):
    assert explained(text) == read


@pytest.mark.parametrize(
    "text",
    ["pd@sau.example", "told_once", "[cycle.nrmp]", "my_small_list", "step1.result.old", "Sau"],
)
def test_what_only_looks_like_a_key_stays(text):
    assert explained(text) == text


def test_every_key_that_a_reason_names_has_words():
    folder = Path(rules.__file__).parent
    named = re.compile(rf"\b(?:{'|'.join(re.escape(key) for key in KEYS)})\b")
    found = set()
    for name in SAYING.split():
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update(named.findall(node.value))
    assert "step2_ck.expected_on" in found
    assert found <= WORDS.keys()


def test_every_key_with_words_exists():
    bare = {key.rpartition(".")[2] for key in KEYS}
    assert {key for key in WORDS if "." in key} <= KEYS
    assert {key for key in WORDS if "." not in key} <= bare | {"pending_from", *FIELDS}
