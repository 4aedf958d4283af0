"""What an edit may have taken out: salutation, place and specialty that the template wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator

from planner.rules.lint.campaign import Campaign
from planner.rules.lint.names import Squeezed, forms, key_of, spelled
from planner.rules.lint.page import Page
from planner.rules.lint.part import Hit
from planner.rules.lint.spelling import as_read
from planner.rules.lint.words import words
from planner.rules.naming import place, salutation

_WORD = re.compile(r"[a-z]+")


def _wrote(page: Page, said: str) -> bool:
    """Whether the template of an edited letter says this; one that a person wrote may not."""
    return page.written is not None and key_of(spelled(said)) in key_of(
        as_read("\n".join(page.written)).text
    )


def salutation_changed(page: Page, _: Campaign) -> Iterator[Hit]:
    """The letter greets somebody else than its template does, or no one."""
    wanted = salutation(page.case)
    if not _wrote(page, wanted):
        return
    if not page.greeting:
        yield Hit("(no salutation)", "body")
    elif not _greets(page, spelled(page.greeting), wanted):
        yield Hit(page.greeting, "salutation")


def _greets(page: Page, said: str, wanted: str) -> bool:
    """Whether a line greets the director: "Dear Dr. Long" and "Dear Dr. Ada Long", not "Bo Long"."""
    last = key_of(spelled(page.program.director_last_name))
    if not last:
        return key_of(spelled(wanted)) in key_of(said)
    first = spelled(page.program.director_first_name).lower()
    known = {*words("greeting"), *_WORD.findall(first), first[:1]}
    return any(
        "-" not in (said[start - 1], said[end : end + 1])
        and (not first or known.issuperset(_WORD.findall(said[:start].lower())))
        for start, end in Squeezed(said).spans(last)
    )


def place_missing(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """The letter no longer names the place that its template names."""
    program = page.program
    wanted = place(program, campaign.specialties)
    if wanted and _wrote(page, wanted):
        names = (wanted, program.program, program.institution)
        known = {form.key for name in names for form in forms(name, campaign.cities)}
        if not _says(page, known | {key_of(spelled(wanted))}):
            yield Hit(wanted, "body")


def specialty_missing(page: Page, _: Campaign) -> Iterator[Hit]:
    """The letter no longer names the specialty that its template names."""
    specialty = page.case.specialty
    if _wrote(page, specialty.letter_name):
        names = (specialty.letter_name, specialty.name, *specialty.aliases)
        # "IM" would be found in "I'm".
        if not _says(page, {key for name in names if len(key := key_of(spelled(name))) > 2}):
            yield Hit(specialty.letter_name, "body")


def _says(page: Page, keys: set[str]) -> bool:
    return any(any(part.squeezed.spans(key)) for part in page.parts for key in keys)
