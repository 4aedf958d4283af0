"""Checks that look at a letter beside all the other programs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from planner.rules.facts import Program
from planner.rules.lint.page import Campaign, Hit, Page, fold_reason, plain, whole_words
from planner.rules.lint.within import NUMBER_ONE
from planner.rules.specialties import fold

SIMILAR_FROM = 90  # percent
TITLE = r"\b(?:Drs?|Doctor)\b\.?\s+"


def other_program(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """Another program, institution or director by name."""
    for folded, name in campaign.names.items():
        if folded in page.folded and not _part_of(name, page.own_names):
            # One word may be an ordinary word ("Rush"), so its capital has to be there.
            alone = " " not in name
            for spelling in {name, name.upper()} if alone else {name}:
                pattern = whole_words(spelling, as_written=alone)
                yield from page.foreign_hits(pattern, page.own_names)
    yield from _other_director(page, campaign)


def _part_of(name: str, wholes: Sequence[str]) -> bool:
    return any(whole_words(name).search(whole) for whole in wholes)


def _other_director(page: Page, campaign: Campaign) -> Iterator[Hit]:
    mine = plain(page.program.director_last_name.strip())
    applicant = page.case.applicant.name.split()[-1]
    spared = {mine.casefold(), applicant.casefold()}
    own = [f"Dr. {mine}"] if mine else []
    for (first, last), folded in campaign.directors.items():
        if folded in page.folded and last.casefold() not in spared:
            yield from page.foreign_hits(_director(first, last), own)


@lru_cache(maxsize=10_000)
def _director(first: str, last: str) -> re.Pattern[str]:
    """ "Dr. Long", "Dr. Robert Long", "Dr. R. Long", but not "Dr. Long-Smith"."""
    name = r"\s+".join(re.escape(word) for word in last.split())
    known = rf"{re.escape(first)}|{re.escape(first[:1])}\.?" if first else r"[\w.'-]+"
    given = rf"(?:(?:{known})\s+)?"
    return re.compile(rf"{TITLE}{given}{name}(?![\w-])", re.IGNORECASE)


def _house(program: Program) -> str:
    return fold(program.institution or program.program)


def generic_reason(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """The same reason for programs of two institutions."""
    house = _house(page.program)
    others = [p for p in _sharing(page, campaign) if _house(p) != house]
    if others:
        yield Hit(f"same reason as {_named(others)}", "reason")


def similar_reason(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """Nearly the same reason, or the same one within an institution."""
    house = _house(page.program)
    within = [p for p in _sharing(page, campaign) if _house(p) == house]
    if within:
        yield Hit(f"same reason as {_named(within)}", "reason")
    reason = fold_reason(page.program.reason)
    near = [r for r in _near(reason, tuple(campaign.reasons)) if r != reason] if reason else []
    if near:
        others = [program for r in near for program in campaign.reasons[r]]
        yield Hit(f"nearly the reason for {_named(others)}", "reason")


def _sharing(page: Page, campaign: Campaign) -> list[Program]:
    found = campaign.reasons.get(fold_reason(page.program.reason), ())
    return [program for program in found if program.id != page.program.id]


def _near(reason: str, reasons: tuple[str, ...]) -> list[str]:
    found = process.extract(
        reason, reasons, scorer=fuzz.ratio, score_cutoff=SIMILAR_FROM, limit=None
    )
    return [other for other, _, _ in found]


def _named(programs: Sequence[Program]) -> str:
    more = f" and {len(programs) - 1} more" if len(programs) > 1 else ""
    return f"{programs[0].program}{more}"


def other_city(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """The city of another program, with its capital: "Hope" is a city, "hope" is none."""
    program = page.program
    said = (*page.own_names, plain(program.reason), plain(program.connection))
    own = [*(text for text in said if text), plain(program.director_last_name)]
    for city in campaign.cities:
        if city in page.body and not _part_of(city, page.own_names):
            yield from page.foreign_hits(
                whole_words(city, as_written=True), list(filter(None, own))
            )


def number_one_twice(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """More than one program is called the first choice, over the whole season."""
    if campaign.first_choices - {page.program.id}:
        yield from page.hits(NUMBER_ONE)


def calls_first_choice(subject: str, body: str) -> bool:
    """Whether a letter calls its program the first choice."""
    return any(NUMBER_ONE.search(plain(text)) for text in (subject, body))
