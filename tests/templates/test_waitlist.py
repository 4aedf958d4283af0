"""An applicant on a waitlist or on hold says so, and hopes for an interview; nobody else does."""

import pytest

from planner.letters import Templates
from planner.rules.facts import LetterKind, Status
from planner.rules.specialties import shipped
from planner.rules.wording import VOICES, facts_for
from tests.builders import a_case, a_pending_applicant, a_program, an_applicant

TEMPLATES = Templates()
KINDS = [kind for kind in LetterKind if kind is not LetterKind.AFTER_INTERVIEW]


def said(kind, voice, status):
    who = a_pending_applicant() if kind is LetterKind.SCORE_PENDING else an_applicant()
    facts = facts_for(
        a_case(a_program(status=status), applicant=who),
        specialties=shipped(),
        first_subject="Step 2 CK",
        voice=voice,
    )
    return " ".join(TEMPLATES.render(kind, facts).body.split())


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_letter_names_the_waitlist_or_the_hold_and_a_wish(kind, voice):
    waiting, held, applied = (
        said(kind, voice, status) for status in (Status.WAITLISTED, Status.ON_HOLD, Status.APPLIED)
    )
    assert "waitlist" in waiting
    assert " hold" in held
    assert "waitlist" not in held
    for letter in (waiting, held):
        assert any(wish in letter for wish in ("interview", "meet you"))
    assert "waitlist" not in applied
    assert " hold" not in applied
