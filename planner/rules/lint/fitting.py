"""What does not fit into a letter as it is kept: the applicant's own words, names, a place.

Each check shows the words as they stand in the letter, because only there they sound wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from planner.rules.facts import LetterKind
from planner.rules.lint.campaign import Campaign
from planner.rules.lint.page import Page
from planner.rules.lint.part import Hit
from planner.rules.names import PARTICLES, is_name
from planner.rules.naming import in_one_case, in_title_case, place, reader
from planner.rules.own_words import (
    HERE,
    Fitted,
    fit_context,
    fit_reason,
    fit_tie,
    sentence_around,
)

# "Garcia Marquez" is one last name; of three words one may be a first name.
_MOST_WORDS = 2


def no_place(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """Neither the program's name nor an institution says where it is."""
    if not place(page.program, campaign.specialties):
        yield Hit(page.program.program, "institution of the program")


def context_not_a_sentence(page: Page, _: Campaign) -> Iterator[Hit]:
    """The sentence about the score is none, or more than one."""
    fitted = fit_context(page.case.applicant.application.drop_context)
    if page.kind is LetterKind.CONTEXT and fitted.doubt and _stands(page, fitted):
        yield Hit(f"{fitted.sentence} ({fitted.doubt})", "drop_context")


def reason_does_not_fit(page: Page, _: Campaign) -> Iterator[Hit]:
    """The applicant's own words do not complete their sentence, or are no sentence themselves."""
    words = {"reason": page.program.reason, "impression": page.program.impression}
    for name, text in words.items():
        fitted = fit_reason(text)
        if fitted.doubt and (said := _stands(page, fitted)):
            yield Hit(f"{said} ({fitted.doubt})", name)
    tie = fit_tie(page.program.connection)
    if re.search(r"\bhere\b", tie) and (said := _stands(page, Fitted(phrase=tie))):
        yield Hit(f"{said} ({HERE})", "connection")


def _stands(page: Page, fitted: Fitted) -> str:
    """The sentence of the body in which the words stand; empty if they do not."""
    return sentence_around(page.text.flowed.original, fitted.phrase or fitted.sentence)


def odd_salutation(page: Page, _: Campaign) -> Iterator[Hit]:
    """A last name that may be none: one letter, one case only, or a first name with it."""
    last = reader(page.program)
    if last not in page.greeting or not is_name(last):
        return
    words = last.split()
    alone = len(last.strip(".")) == 1
    several = len(words) > _MOST_WORDS and not any(w.lower() in PARTICLES for w in words)
    one_case = words[-1].islower() or (last.isupper() and len(last) > 2)
    if alone or several or one_case:
        yield Hit(page.greeting, "salutation")


def odd_case(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """A name in capitals only, or in small letters only."""
    names = {
        "program": place(page.program, campaign.specialties),
        "your name": page.case.applicant.name,
    }
    for where, name in names.items():
        if name and name in page.subject + page.body and in_one_case(name):
            yield Hit(f"{name} (or {in_title_case(name)})", where)
