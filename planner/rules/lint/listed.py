"""Checks of what the list itself says of a program: its director, its notes, its twins."""

from __future__ import annotations

import re
from collections.abc import Iterator

from planner.rules import holds
from planner.rules.lint.campaign import Campaign
from planner.rules.lint.page import Page
from planner.rules.lint.part import Hit
from planner.rules.names import is_name
from planner.rules.naming import reader
from planner.rules.objections import unheeded_of
from planner.rules.recipients import refused_at

_GREETED = re.compile(
    r"(?:dear|hello|hi)\s+(?:prof(?:essor)?\b\.?\s*)?(?:(?:drs?|doctor|mr|mrs|ms)\b\.?\s*)?(.*?)"
    r"(?:\s+and\b.*)?[,:]?\s*",
    re.IGNORECASE,
)
_TITLED = re.compile(r"\b(?:prof(?:essor)?|drs?|doctor|mr|mrs|ms)\b", re.IGNORECASE)


def bad_salutation(page: Page, _: Campaign) -> Iterator[Hit]:
    """The greeting does not name a person: a placeholder, a remark, a title or degree too many."""
    line = page.greeting
    greeted = _GREETED.fullmatch(line)
    last = reader(page.program)
    named = bool(last) and last in line
    if named and not is_name(last):
        yield Hit(last, "body, line 1")
    elif greeted and _TITLED.search(line) and not is_name(greeted[1]):
        yield Hit(greeted[1] or line, "body, line 1")


def probable_twin(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """The program is probably another one of the list, under another name."""
    for number, shared in campaign.kin.of(page.program):
        twin = campaign.by_id[number]
        yield Hit(f"#{number} {twin.program} ({twin.status}): same {shared}", "program")


def note_contradicts(page: Page, _: Campaign) -> Iterator[Hit]:
    """A note says that they said no, want no mail or were told; the fields do not."""
    for said in unheeded_of(page.program):
        yield Hit(str(said), "program")


def told_early(page: Page, _: Campaign) -> Iterator[Hit]:
    """The list says that they were told before the score came out: a wrong date, perhaps."""
    if text := holds.told_early(page.case):
        yield Hit(text, "program")


def address_refused(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """The letter goes where another program of the specialty has said no: one in two spellings?"""
    for text in refused_at(campaign.refusals, page.program, page.to):
        yield Hit(text, "To")
