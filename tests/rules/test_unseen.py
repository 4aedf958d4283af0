"""Lint of invisible characters: they are named with their line, and never approved."""

import pytest

from planner.rules.facts import LetterKind
from planner.rules.lint import OVERRIDABLE, lint
from planner.rules.lint.campaign import Campaign
from planner.rules.lint.page import Page
from planner.rules.specialties import shipped
from tests.builders import a_case, a_program, an_applicant

GOOD = "Dear Dr. Long,\n\n{}\n\nMy score is 248.\n\nSincerely,\nRobin Sample\n"

HIDDEN = {
    "\x1b": "U+001B ESCAPE",
    "\x9b": "U+009B CONTROL SEQUENCE INTRODUCER",
    "\xad": "U+00AD SOFT HYPHEN",
    "\u200b": "U+200B ZERO WIDTH SPACE",
    "\u200d": "U+200D ZERO WIDTH JOINER",
    "\u200f": "U+200F RIGHT-TO-LEFT MARK",
    "\u2028": "U+2028 LINE SEPARATOR",
    "\u202e": "U+202E RIGHT-TO-LEFT OVERRIDE",
    "\u2066": "U+2066 LEFT-TO-RIGHT ISOLATE",
    "\ufeff": "U+FEFF ZERO WIDTH NO-BREAK SPACE",
    "\U000e0041": "U+E0041 TAG LATIN CAPITAL LETTER A",
}


def found(body=GOOD, subject="Update", **case):
    program = a_program(director_last_name="Long")
    kind = LetterKind.AFTER_INTERVIEW
    page = Page(kind, subject, body, (program.director_email,), a_case(program, **case))
    return {f.code: f for f in lint(page, Campaign((program,), shipped()))}


@pytest.mark.parametrize(("character", "name"), HIDDEN.items(), ids=HIDDEN.values())
def test_a_hidden_character_in_the_body_is_named_with_its_line(character, name):
    finding = found(GOOD.format(f"I like El{character}m."))["hidden_character"]
    assert (finding.severity, finding.text, finding.place) == ("error", name, "body, line 3")


def test_a_hidden_character_in_the_salutation_is_found():
    body = GOOD.format("Hello.").replace("Long", "Al\u2066der\u202e")
    assert found(body)["hidden_character"].place == "body, line 1"


@pytest.mark.parametrize("character", [*HIDDEN, "\n", "\t", "=?"], ids=ascii)
def test_no_header_value_holds_one(character):
    assert found(subject=f"Step 2{character}CK")["bad_header"].place == "subject"
    named = an_applicant(name=f"Robin{character}Sample")
    assert found(applicant=named)["bad_header"].place == "your name"
    sent_from = an_applicant(email=f"robin{character}@applicant.example")
    assert found(applicant=sent_from)["bad_header"].place == "your address"


def test_a_hidden_character_cannot_be_overridden():
    assert not {"hidden_character", "bad_header"} & OVERRIDABLE
