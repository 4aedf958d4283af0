"""Merges records into the programs table, in one transaction.

The flow, in the order of `load`:

1. `Listing.batches` parses the next rows into records (planner/sheets/listing.py, rows.py).
2. `Merge.take` (merge.py) finds the program of each record by its keys, among the stored
   programs and those that this import has added (lookup.py), and merges its values into that
   program, unless they contradict another row (field_sources.py knows which row gave what).
3. The batch is written (planner/store/program_bulk.py).
4. After the last row: empty cells clear fields if asked (empty_cells.py), rows that were set aside
   hold their letters (left_out.py), and doubts about whole programs are reported (remarks.py,
   former.py).
5. All of it is committed; or nothing, if a row was bad and bad rows are not to be skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from planner.errors import ConfigError
from planner.sheets.listing import Listing
from planner.steps.importing.conflicts import PEOPLE
from planner.steps.importing.empty_cells import clear_empty
from planner.steps.importing.forecast import Forecast
from planner.steps.importing.former import look_back
from planner.steps.importing.left_out import hold_left_out
from planner.steps.importing.merge import Merge
from planner.steps.importing.remarks import warn_of_no_status, warn_of_twins
from planner.steps.importing.report import Choices, Note, Report
from planner.store import remembered
from planner.store.database import Store
from planner.store.engine import Transaction
from planner.store.program_bulk import EMPTY, ProgramBulk

Progress = Callable[[float, str], None]  # takes the part done, from 0 to 1, and the place
Look = Callable[[Transaction, Collection[int]], Forecast]


def bring_in(
    store: Store,
    listings: Sequence[Listing],
    choices: Choices,
    *,
    void: Callable[[Transaction, Report], None],
    keep: Callable[[Report], None],
    look: Look | None = None,
    progress: Progress | None = None,
) -> Report:
    """Bring the listings into the database, in one transaction.

    `void` takes back the approvals whose facts have changed; it is called only if letters
    wait to be delivered.  `keep` gets the report before the commit; if it raises, nothing is
    written.  `look` makes the forecast of a dry run, from the programs as they would be and
    the ids of those in the listings.
    """
    names = {name for listing in listings for name in _spoken_of(listing)}
    with store.begin(keep=False) if choices.dry_run else store.begin() as tx:
        bulk = ProgramBulk(tx, names)
        report = load(
            bulk, listings, choices, look=look if choices.dry_run else None, progress=progress
        )
        if bulk.awaits_delivery():
            void(tx, report)
        _finish(bulk, report, choices)
        keep(report)
    return report


def _finish(bulk: ProgramBulk, report: Report, choices: Choices) -> None:
    """Keep the changes, or undo them after bad rows or in a dry run."""
    report.stopped = report.undecided or (bool(report.errors) and not choices.skip_errors)
    report.written = not report.stopped and not choices.dry_run
    if not report.written:
        bulk.undo()
    if report.stopped:
        report.new = report.changed = 0
        report.changes.clear()
        report.voided.clear()
        report.under_way.clear()


def load(
    bulk: ProgramBulk,
    listings: Sequence[Listing],
    choices: Choices,
    *,
    look: Look | None = None,
    progress: Progress | None = None,
) -> Report:
    """Bring the listings into the programs table; the caller keeps or undoes it."""
    bulk.begin()
    merge = Merge(bulk, [listing.name for listing in listings], choices)
    report = merge.report
    for number, listing in enumerate(listings):
        report.warnings.extend(listing.warnings)
        new = report.new
        for batch in listing.batches:
            merge.take(number, batch)
            if progress is not None and batch:
                part = (number + listing.part_read) / len(listings)
                progress(part, f"{listing.name}, line {batch[-1].line:,}")
        _ask(report, listing, report.new - new)
    if choices.clear_empty:
        clear_empty(merge, listings)
    if choices.skip_errors:
        hold_left_out(merge)
    remembered.remember_fixed(bulk.tx, merge.fixed)
    merge.count_joined()
    report.warnings.extend(warn_of_no_status(merge, listings))
    report.warnings.extend(warn_of_twins(merge, listings))
    look_back(bulk.tx, report, merge.sources, listings=listings, choices=choices)
    if look is not None:
        _look(bulk, merge, look)
    return report


def _look(bulk: ProgramBulk, merge: Merge, look: Look) -> None:
    """Add to the report what the next plan would say, or a note if there can be no plan."""
    try:
        merge.report.outlook = look(bulk.tx, set(merge.sources.programs()))
    except ConfigError as error:
        text = f"No plan can be made yet: {error.message}"
        merge.report.notes.append(Note(text, error.code, error.facts, error.hint))


def _ask(report: Report, listing: Listing, new: int) -> None:
    """Report what is still open about a file as a whole."""
    report.warnings.extend(listing.remarks)
    doubts = list(listing.doubts)
    report.errors.extend(doubts)
    report.undecided = report.undecided or bool(doubts)
    if new and "status" not in listing.header.fields:
        count = f"the {new} new programs count" if new > 1 else "the new program counts"
        text = (
            f"No column of {listing.name} gives a status: {count} as applied. Rejected?"
            " Interviewed?"
        )
        report.notes.append(Note(text, "no_status_column"))


# The cells of one field in a group may also give the others: a status with a date, a name with
# an address.
TOGETHER = (
    frozenset({"status", "interview_date", "told_on", "contact_policy"}),
    frozenset(n for name, theirs in PEOPLE for n in (name, *theirs)),
)


def _spoken_of(listing: Listing) -> set[str]:
    """Return the fields that a file has columns for, and those that the cells may also give."""
    found = listing.header.fields & EMPTY.keys()
    return found.union(*TOGETHER)
