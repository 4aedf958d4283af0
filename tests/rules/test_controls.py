"""Characters that headers must not contain are refused everywhere, by one table."""

import sys
import unicodedata

import pytest

from planner.mail.message import Outline, UnsafeMessageError, freeze
from planner.options.table import OPTIONS
from planner.rules.controls import IN_BODY, IN_CELL, IN_HEADER, IN_LINE
from planner.sheets.parsers.cells import BadCellError, clean_text

EVERY = [chr(n) for n in range(sys.maxunicode + 1)]
CONTROLS = [c for c in EVERY if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}]
LONG = "Søren Ångström-Núñez de la Peña"


def held(pattern):
    return {c for c in EVERY if pattern.search(c)}


def test_the_table_has_every_control_character_and_separator_of_unicode():
    assert held(IN_LINE) == held(IN_HEADER) == set(CONTROLS)
    assert held(IN_BODY) == set(CONTROLS) - {"\t", "\n"}
    assert held(IN_CELL) == set(CONTROLS) - {"\t", "\n", "\r"} | {"\ufffe", "\uffff"}
    assert IN_HEADER.search("a=?b")
    assert not IN_LINE.search("a=?b")


@pytest.mark.parametrize("bad", ["\n", "\r", "\t", "\x00", "\x85", "\u2028", "\ud800", "=?"])
def test_what_no_header_may_hold_is_refused_at_every_door(bad):
    text = f"{LONG}{bad}x"
    outline = Outline(text, "s@mail.example", ("d@elm.example",), (), "Hello", "Text\n")
    with pytest.raises(UnsafeMessageError):
        freeze(outline)
    with pytest.raises(ValueError, match="expected"):
        OPTIONS["applicant"]["name"].parse(text)


@pytest.mark.parametrize("bad", ["\x00", "\x85", "\u2028", "\ud800", "\uffff"])
def test_a_cell_may_hold_line_breaks_and_nothing_else_of_these(bad):
    assert clean_text(f"{LONG}\r\n\tx") == f"{LONG}\n\tx"
    with pytest.raises(BadCellError):
        clean_text(LONG + bad)


def test_no_module_has_a_table_of_its_own(root):
    # What is shown is another question: visible.py has every mark that no reader sees.
    paths = (root / "planner").rglob("*.py")
    found = {path.name for path in paths if r"\x7f-\x9f" in path.read_text("utf-8")}
    assert found == {"controls.py", "visible.py"}
