"""New programs whose status a file leaves empty, though it gives that of others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from planner.sheets import fields
from planner.sheets.listing import Listing
from planner.sheets.records import Issue
from planner.steps.folding import Folding

SHOWN = 3  # programs that are named
_COLUMNS = frozenset({"status", fields.STATUS_TOO})


def without_status(folding: Folding, listings: Sequence[Listing]) -> Iterator[Issue]:
    """Say of each file once how many programs count as applied because a cell is empty."""
    ledger = folding.ledger
    for number, listing in enumerate(listings):
        column = next((c for c in listing.columns if c.target in _COLUMNS), None)
        if column is None:
            continue
        ours = list(ledger.programs({number}))
        empty = [p for p in ours if not ledger.has(ledger.given(p), "status")]
        fresh = [p for p in empty if p > folding.known_until]
        if fresh and len(empty) < len(ours):
            yield _issue(folding, listing, column.name, fresh)


def _issue(folding: Folding, listing: Listing, column: str, fresh: Sequence[int]) -> Issue:
    ids = list(islice(fresh, SHOWN))
    names = {entry.id: entry.values["program"] for entry in folding.bulk.with_ids(ids)}
    lines = {program: folding.ledger.first_place(program)[1] for program in ids}
    shown = "; ".join(f'line {lines[program]} "{names[program][:40]}"' for program in ids)
    have = "1 program has" if len(fresh) == 1 else f"{len(fresh)} programs have"
    count = "counts" if len(fresh) == 1 else "count"
    return Issue(
        listing.name,
        lines[ids[0]],
        column,
        "",
        "no_status",
        f"{have} no status, and {count} as applied, so that a letter may follow: {shown}."
        " Did one say no? Write rejected",
    )
