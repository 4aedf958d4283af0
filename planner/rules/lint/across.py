"""Checks that look at a letter beside all the other programs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from planner.rules.facts import Program
from planner.rules.lint.page import Campaign, Hit, Page, masked, whole_words
from planner.rules.lint.within import NUMBER_ONE
from planner.rules.specialties import fold

SIMILAR_FROM = 0.9
# Words that make no name distinctive.
COMMON = re.compile(
    r"\b(the|of|at|in|and|for|program|programme|residency|resident|university|college|school"
    r"|medicine|medical|center|centre|hospital|hospitals|health|healthcare|system|clinic|regional"
    r"|memorial|general|community|department|categorical|preliminary|track|training|surgery"
    r"|internal|family|emergency|north|south|east|west|state|city|county|national|care)\b",
    re.IGNORECASE,
)


def _own_names(program: Program) -> tuple[str, ...]:
    return (program.program, program.institution, program.city, program.state)


def _distinctive(name: str) -> bool:
    """Whether a name points at one place: something is left beyond the common words."""
    return len(fold(COMMON.sub(" ", name))) >= 4


def _part_of(name: str, wholes: tuple[str, ...]) -> bool:
    return any(whole and whole_words(name).search(whole) for whole in wholes)


def other_program(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """Another program, institution or director by name."""
    own = (*_own_names(page.program), page.case.applicant.name, page.case.specialty.letter_name)
    subject, body = masked(page.subject, *own), masked(page.body, *own)
    folded = f"{subject}\n{body}".casefold()
    for other in campaign.programs:
        if other.id == page.program.id:
            continue
        for name in (other.program, other.institution):
            if (
                name
                and " ".join(name.split()).casefold() in " ".join(folded.split())
                and _distinctive(name)
                and campaign.specialties.named(name) is None
                and not _part_of(name, own)
            ):
                yield from _found(page, name, subject, body)
        yield from _other_director(page, other, folded, body)


def _found(page: Page, name: str, subject: str, body: str) -> Iterator[Hit]:
    yield from (Hit(m[0], "subject") for m in whole_words(name).finditer(subject))
    yield from page.body_hits(whole_words(name), body)


def _other_director(page: Page, other: Program, folded: str, body: str) -> Iterator[Hit]:
    last = other.director_last_name.strip()
    mine = page.program.director_last_name.strip()
    if not last or last.casefold() == mine.casefold() or last.casefold() not in folded:
        return
    first = re.escape(other.director_first_name.strip())
    pattern = re.compile(rf"\bDr\.?\s+(?:{first}\s+)?{re.escape(last)}(?!\w)", re.IGNORECASE)
    own_director = f"Dr. {mine}" if mine else ""
    yield from page.body_hits(pattern, masked(body, own_director))


def _house(program: Program) -> str:
    return fold(program.institution or program.program)


def generic_reason(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """The same reason for programs of two institutions."""
    reason = fold(page.program.reason)
    if not reason:
        return
    for other in campaign.programs:
        if (
            other.id != page.program.id
            and fold(other.reason) == reason
            and _house(other) != _house(page.program)
        ):
            yield Hit(f"same reason as {other.program}", "reason")


def similar_reason(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """Nearly the same reason, or the same one within an institution."""
    reason = fold(page.program.reason)
    if not reason:
        return
    for other in campaign.programs:
        there = fold(other.reason)
        if other.id == page.program.id or not there:
            continue
        if there == reason:
            if _house(other) == _house(page.program):
                yield Hit(f"same reason as {other.program}", "reason")
        elif _ratio(reason, there) >= SIMILAR_FROM:
            yield Hit(f"nearly the reason for {other.program}", "reason")


def _ratio(one: str, other: str) -> float:
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < SIMILAR_FROM or matcher.quick_ratio() < SIMILAR_FROM:
        return 0.0
    return matcher.ratio()


def other_city(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """The city of another program."""
    program = page.program
    own = (*_own_names(program), program.reason, program.connection, page.case.applicant.name)
    text = masked(page.message, *own)
    cities = {other.city for other in campaign.programs if len(fold(other.city)) >= 4}
    for city in sorted(cities):
        if city.casefold() in text.casefold() and not _part_of(city, own):
            yield from (Hit(m[0], "body") for m in whole_words(city).finditer(text))


def number_one_twice(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """More than one program is called the first choice, over the whole season."""
    if campaign.first_choices - {page.program.id}:
        yield from page.hits(NUMBER_ONE)


def calls_first_choice(subject: str, body: str) -> bool:
    """Whether a letter calls its program the first choice."""
    return bool(NUMBER_ONE.search(subject) or NUMBER_ONE.search(body))
