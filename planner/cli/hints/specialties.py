"""What to type where rows give no specialty: one that fits, or none where several do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.rules.mentions import Mentions
from planner.sheets.listing import Listing, option
from planner.sheets.records import Issue

_EACH = (
    "Give each row its specialty: in a Specialty column, or in a separate row above the"
    " rows that belong to it, such as FAMILY MEDICINE."
)


def specialty_advice(lacking: Iterable[Issue], listings: Sequence[Listing]) -> str:
    """What to do about rows without a specialty; `lacking` are the issues of these.

    A file whose titles name specialties holds several; else the names of the programs decide,
    and last the name of the file and what stands above its header.
    """
    if not listings:
        return ""
    if any(s.specialty for listing in listings for s in listing.sieve.sections.found):
        return _EACH
    meant = [
        option("map", column, target)
        for listing in listings
        for column in listing.columns
        if (target := listing.suggestions.get(column.place)) == "specialty"
    ]
    if meant:
        return f"A column looks like it: {' or '.join(meant)}"
    mentions = Mentions(listings[0].specialties)
    by_name = {s.name for issue in lacking for s in mentions.of(issue.program)}
    of_file = {s.name for listing in listings for s in mentions.of(listing.spoken)}
    named = by_name or of_file
    if len(named) > 1:
        return _EACH
    if named:
        return f'All of one specialty? Add --specialty "{named.pop()}"'
    return "All of one specialty? Add --specialty and its name, such as Psychiatry, FM or 140"
