"""Refuses mass mailing: writing unasked to most of a list looks desperate."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from planner.errors import PersonNeededError
from planner.rules.facts import Program
from planner.rules.mass_mailing import mass_mailing
from planner.rules.situation import Situation


def raise_if_mass(
    situation: Situation, everything: Sequence[Program], written_to: Collection[int]
) -> None:
    """Raise PersonNeededError if there are too many unrequested letters."""
    mass = mass_mailing(situation, everything, written_to)
    if mass.excess:
        raise PersonNeededError(
            f"That would be {mass.described()}: mass mail looks desperate.",
            code="mass_mailing",
        )
