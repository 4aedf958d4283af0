"""Clears fields of known programs whose cells are all empty, for `clear_empty`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from planner.sheets.listing import BATCH, Listing
from planner.steps.importing.lookup import CODES
from planner.steps.importing.merge import Merge
from planner.store.program_bulk import EMPTY, StoredProgram

NEVER_CLEARED = frozenset({"program", "specialty", *CODES})


def clear_empty(merge: Merge, listings: Sequence[Listing]) -> None:
    """Clear fields and extras that have a column in a file, but no value in any row."""
    columns = [_clearable(listing) for listing in listings]
    known = (number for number in merge.sources.programs() if number <= merge.known_until)
    while ids := list(islice(known, BATCH)):
        entries = list(merge.bulk.with_ids(ids))
        merge.bulk.change([entry for entry in entries if _clear(merge, entry, columns)])


def _clear(
    merge: Merge, entry: StoredProgram, columns: Sequence[tuple[set[str], set[str]]]
) -> bool:
    """Clear what the rows of one program leave empty; returns whether there was anything."""
    given = merge.sources.given(entry.id)
    spoken = [columns[number] for number in merge.sources.files(entry.id)]
    fields, extras = (set().union(*names) for names in zip(*spoken, strict=True))
    fresh: dict[str, Any] = {
        name: EMPTY[name]
        for name in sorted(fields)
        if entry.values[name] != EMPTY[name]
        and not merge.sources.has(given, name)
        and (merge.choices.force or name not in entry.mine)
    }
    kept = {
        header: text
        for header, text in entry.extra.items()
        if header not in extras or merge.sources.has(given, header)
    }
    if not fresh and kept == entry.extra:
        return False
    merge.change(entry, fresh, kept)
    return True


def _clearable(listing: Listing) -> tuple[set[str], set[str]]:
    """Return the fields and the extras that have a column in a file."""
    return listing.header.fields & EMPTY.keys() - NEVER_CLEARED, {
        c.header for c in listing.header.unknown
    }
