"""What the shipped letters say of themselves, in every situation, is nothing that lint warns of."""

from itertools import product

import pytest

from planner.letters import Templates
from planner.rules.lint.campaign import Campaign
from planner.rules.lint.page import Page
from planner.rules.lint.table import lint
from planner.rules.specialties import shipped
from planner.rules.wording import VOICES
from tests.templates.grammar import KINDS, POLICIES, STAGES, Row, case_of, facts_of

# A name and a reason that nothing is wrong with, so that only the letter's own words count.
PLAIN_NAME, PLAIN_REASON = 0, 0


@pytest.mark.long
def test_no_situation_makes_a_shipped_letter_say_what_is_warned_of():
    templates, found = Templates(), {}
    for kind in KINDS:
        for stage, policy, voice in product(range(len(STAGES[kind])), range(len(POLICIES)), VOICES):
            row = Row(kind, voice, stage, policy, PLAIN_NAME, PLAIN_REASON)
            case, facts = case_of(row), facts_of(row)
            text = templates.render(kind, facts)
            page = Page(kind, text.subject, text.body, (case.program.director_email,), case)
            codes = {f.code for f in lint(page, Campaign((case.program,), shipped()))}
            if codes - {"subject_long"}:
                found[row] = codes, text.body
    assert not found, (len(found), list(found.items())[:3])
