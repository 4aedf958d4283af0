"""What to type where dates are refused because the day stands in front of the month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.sheets import fields
from planner.sheets.listing import Listing, option
from planner.sheets.records import Issue


def day_first_advice(refused: Iterable[Issue], listings: Sequence[Listing]) -> str:
    """What to add if the columns of `refused` dates look day-first; "" if none does."""
    where = {(issue.file, issue.column) for issue in refused}
    said = {
        (issue.file, issue.column)
        for listing in listings
        for issue in listing.warnings
        if issue.code == "day_first" and issue.facts
    }
    options = [
        option("map", column, fields.DAY_FIRST[str(column.target)])
        for listing in listings
        for column in listing.columns
        if (listing.name, column.name) in where & said
    ]
    return f"Does the day come first there? Add {' '.join(options)}" if options else ""
