"""Checks of what the list itself says of a program: its director's name, and its twins."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.lint.page import Campaign, Hit, Page


def probable_twin(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """The program is probably another one of the list, under another name."""
    for number, shared in campaign.kin.of(page.program):
        twin = campaign.by_id[number]
        yield Hit(f"#{number} {twin.program} ({twin.status}): same {shared}", "program")
