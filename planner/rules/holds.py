"""What holds a letter until a person has decided: remarks against it, a date that cannot be."""

from __future__ import annotations

from planner.rules.case import Case
from planner.rules.objections import unheeded_of


def told_early(case: Case) -> str:
    """Say that told_on is before the score came out; "" if it is not.

    Such a date does not count as told, but it may be a slip of the pen for one that does.
    """
    if not case.told_early:
        return ""
    return (
        f"told_on is {case.program.told_on}, before your score came out on"
        f" {case.applicant.step2.released_on}; correct the date if you told them this score, or"
        " empty it if it was other news"
    )


def holds(case: Case) -> tuple[str, ...]:
    """Return what speaks against a letter, and must be settled before it leaves."""
    early = told_early(case)
    return (*([early] if early else []), *map(str, unheeded_of(case.program)))
