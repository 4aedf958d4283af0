"""Checks for characters that no reader sees, and that no header may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from planner.rules.lint.campaign import Campaign
from planner.rules.lint.page import Page
from planner.rules.lint.part import Hit
from planner.rules.visible import hidden, named

# Line breaks and tabs end a header or fold it; "=?" begins an encoded word (RFC 2047).
_NO_HEADER = re.compile(r"[\t\n]|=\?")


def bad_header(page: Page, _: Campaign) -> Iterator[Hit]:
    """A character that must not stand in a value bound for a header."""
    for place, value in (
        ("subject", page.subject),
        ("your name", page.case.applicant.name),
        ("your address", page.case.applicant.email),
        *(("address", address) for address in (*page.to, *page.cc)),
    ):
        found = [m[0] for m in _NO_HEADER.finditer(value)]
        found += [character for _, character in hidden(value)]
        yield from (Hit(text if text == "=?" else named(text), place) for text in found)


def hidden_character(page: Page, _: Campaign) -> Iterator[Hit]:
    """A character in the body that its reader does not see, or that turns the text around."""
    for offset, character in hidden(page.body):
        line = page.body.count("\n", 0, offset) + 1
        yield Hit(named(character), f"body, line {line}")
