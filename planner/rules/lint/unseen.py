"""Checks for characters that no reader sees or can read, and that no header may hold."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.controls import IN_HEADER
from planner.rules.garbled import LOST, garbled_words, is_damaged
from planner.rules.lint.campaign import Campaign
from planner.rules.lint.page import Page
from planner.rules.lint.part import Hit
from planner.rules.visible import hidden, named


def bad_header(page: Page, _: Campaign) -> Iterator[Hit]:
    """A character that must not stand in a value bound for a header."""
    for place, value in (
        ("subject", page.subject),
        ("your name", page.case.applicant.name),
        ("your address", page.case.applicant.email),
        *(("address", address) for address in (*page.to, *page.cc)),
    ):
        found = [m[0] for m in IN_HEADER.finditer(value)]
        found += [character for _, character in hidden(value) if character not in found]
        yield from (Hit(text if text == "=?" else named(text), place) for text in found)


def hidden_character(page: Page, _: Campaign) -> Iterator[Hit]:
    """A character in the body that its reader does not see, or that turns the text around."""
    for offset, character in hidden(page.body):
        line = page.body.count("\n", 0, offset) + 1
        yield Hit(named(character), f"body, line {line}")


def garbled(page: Page, _: Campaign) -> Iterator[Hit]:
    """Letters that were lost, or read in a wrong encoding, before they came here."""
    yield from (Hit(word, "subject") for _, word in garbled_words(page.subject))
    for offset, word in garbled_words(page.body):
        line = page.body.count("\n", 0, offset) + 1
        yield Hit(word, f"body, line {line}")
    program = page.program
    for name in (program.program, program.institution, program.city, program.director_last_name):
        if is_damaged(name) and name in page.subject + page.body and LOST not in name:
            yield Hit(name, "program")
