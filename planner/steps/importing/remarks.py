"""Remarks on doubts about whole programs: probable twins, and a missing status.

A new program may be a known one under another name; and one with an empty status cell counts
as applied, so it may get a letter.  Both are reported once, with the lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from planner.rules.facts import Program
from planner.rules.identity import Kin
from planner.sheets import fields
from planner.sheets.listing import Listing
from planner.sheets.records import Issue
from planner.steps.importing.merge import Merge
from planner.store import counts, programs

MOST = 20_000  # programs to compare; no person's list has more
SHOWN = 3  # programs to name
_COLUMNS = frozenset({"status", fields.STATUS_TOO})


class Twin(NamedTuple):
    """A known program, a new one that resembles it, and what they share."""

    known: Program
    fresh: Program
    shared: str


def find_twins(everything: Sequence[Program], *, known_until: int) -> Iterator[Twin]:
    """Yield the twins among `everything`, which is ordered by id.

    Programs with ids up to `known_until` existed before; a new one may also resemble a new one.
    """
    by_id = {program.id: program for program in everything}
    kin = Kin()
    for program in everything:
        if program.id > known_until:
            for number, shared in kin.of(program)[:1]:
                yield Twin(by_id[number], program, shared)
        kin.add(program)


def warn_of_twins(merge: Merge, listings: Sequence[Listing]) -> Iterator[Issue]:
    """Yield a warning for each new program that is probably a known one."""
    tx = merge.bulk.tx
    if not merge.report.new or counts.count_programs(tx) > MOST:
        return
    for known, fresh, shared in find_twins(
        programs.list_programs(tx), known_until=merge.known_until
    ):
        number, line = merge.sources.first_place(fresh.id)
        yield Issue(
            listings[number].name,
            line,
            "program",
            fresh.program,
            "probable_twin",
            f"looks like #{known.id} {known.program} ({known.status}): same {shared}.",
            facts={"known": known.id, "fresh": fresh.id},
        )


def warn_of_no_status(merge: Merge, listings: Sequence[Listing]) -> Iterator[Issue]:
    """Warn once per file of new programs that count as applied because a cell is empty."""
    sources = merge.sources
    for number, listing in enumerate(listings):
        column = next((c for c in listing.columns if c.target in _COLUMNS), None)
        if column is None:
            continue
        ours = list(sources.programs({number}))
        empty = [p for p in ours if not sources.has(sources.given(p), "status")]
        fresh = [p for p in empty if p > merge.known_until]
        if fresh and len(empty) < len(ours):
            yield _no_status(merge, listing, column.name, fresh)


def _no_status(merge: Merge, listing: Listing, column: str, fresh: Sequence[int]) -> Issue:
    ids = list(islice(fresh, SHOWN))
    names = {entry.id: entry.values["program"] for entry in merge.bulk.with_ids(ids)}
    lines = {program: merge.sources.first_place(program)[1] for program in ids}
    shown = "; ".join(f'line {lines[program]} "{names[program][:40]}"' for program in ids)
    have = "1 program has" if len(fresh) == 1 else f"{len(fresh)} programs have"
    count = "counts" if len(fresh) == 1 else "count"
    return Issue(
        listing.name,
        lines[ids[0]],
        column,
        "",
        "no_status",
        f"{have} no status, and {count} as applied, so a letter may follow: {shown}."
        " Did one say no? Write rejected",
    )
