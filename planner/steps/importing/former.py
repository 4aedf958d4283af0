"""Compares an import with the previous one of the same file, and stores it for the next one.

A file is identified by its name alone, because people save the same list in many folders.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2s
from pathlib import PurePath
from typing import NamedTuple

from planner.rules.facts import Status
from planner.sheets.listing import Listing
from planner.sheets.records import Issue
from planner.sheets.table import STANDARD_INPUT, Table
from planner.steps.importing.field_sources import FieldSources
from planner.steps.importing.report import Absent, Choices, Report
from planner.steps.workspace import Workspace
from planner.store import programs, remembered, retired
from planner.store.database import Store
from planner.store.engine import Transaction
from planner.store.programs import Glimpse
from planner.store.remembered import FormerImport

MOST_WARNINGS = 5000  # digests to keep of a file; nobody reads more warnings than that
# No letter goes to these programs, so missing rows of theirs are not reported.
_CLOSED = frozenset({Status.REJECTED, Status.WITHDRAWN})
_LINES = re.compile(r"\blines? \d+")


class Said(NamedTuple):
    """What the user said at earlier imports: about columns by key, about files by name."""

    columns: Mapping[str, str] = {}
    specialties: Mapping[str, str] = {}


def read_said(store: Store) -> Said:
    """Read what the user said about columns, and about rows of files without a specialty."""
    with store.read() as tx:
        return Said(remembered.list_column_uses(tx), remembered.list_specialties(tx))


def forget_columns(ws: Workspace) -> Said:
    """Forget what the user said, and return it."""
    said = read_said(ws.store)
    with ws.store.begin() as tx:
        remembered.forget_columns(tx)
    return said


def look_back(
    tx: Transaction,
    report: Report,
    sources: FieldSources,
    *,
    listings: Sequence[Listing],
    choices: Choices,
) -> None:
    """Compare an import with the previous one of each file, and store it for the next one.

    Programs that a file named then but not now go to `report.absent`; warnings that are the
    same as then move from `report.warnings` to `report.seen`.
    """
    if choices.forget_columns:
        remembered.forget_columns(tx)
    remembered.remember_columns(tx, choices.columns)
    said = {
        file_name(x.table): x.specialty.name for x in listings if x.specialty and x.parser.defaulted
    }
    remembered.remember_specialties(tx, {name: text for name, text in said.items() if name})
    files: dict[str, list[int]] = {}
    for number, listing in enumerate(listings):
        if name := file_name(listing.table):
            files.setdefault(name, []).append(number)
    former = {name: remembered.get_former_import(tx, name) for name in files}
    digests = _fold_warnings(
        report, {listing.name: file_name(listing.table) for listing in listings}, former
    )
    for name, numbers in files.items():
        named = set(sources.programs(numbers))
        then = [number for number in former[name].ids if number not in named]
        fresh = named.difference(former[name].ids) if then else set()
        named.update(_keep_absent(tx, name, report, then, fresh))
        left = FormerImport(remembered.as_ranges(sorted(named)), frozenset(digests.get(name, ())))
        remembered.note_import(tx, name, left)


def file_name(table: Table) -> str:
    """Return the name that identifies a list at the next import; "" for standard input."""
    if table.name == STANDARD_INPUT:
        return ""
    return " / ".join(filter(None, (PurePath(table.name).name, table.sheet)))


def _keep_absent(
    tx: Transaction, name: str, report: Report, then: Iterable[int], fresh: Collection[int]
) -> Iterator[int]:
    """Report the programs of the last import that no row names now.

    A bad row may mean one, and so may a `fresh` program of the same name, whose row was read
    otherwise this time.  Yields the ids of those that the next import asks about again.
    """
    out = retired.list_retired(tx)
    cells = {cell.strip().casefold() for record in report.rejects for cell in record.cells}
    cells.update(program.program.casefold() for program in programs.list_glimpses(tx, fresh))
    for program in programs.list_glimpses(tx, then):
        if program.id not in out and program.status not in _CLOSED:
            if cells.isdisjoint(_marks_of(program)):
                report.absent.append(Absent(name, program.id, program.program, program.status))
            yield program.id


def _marks_of(program: Glimpse) -> set[str]:
    marks = (program.program, program.acgme_id, program.nrmp_code)
    return {mark.casefold() for mark in marks if mark}


def _fold_warnings(
    report: Report, names: Mapping[str, str], former: Mapping[str, FormerImport]
) -> dict[str, list[str]]:
    """Move repeated warnings to `report.seen`; returns the digests of all, by file name."""
    fresh: list[Issue] = []
    digests: dict[str, list[str]] = {}
    for issue in report.warnings:
        name = names.get(issue.file, "")
        if not name:
            fresh.append(issue)
            continue
        digest = hash_warning(issue)
        known = digests.setdefault(name, [])
        if len(known) < MOST_WARNINGS:
            known.append(digest)
        (report.seen if digest in former[name].warnings else fresh).append(issue)
    report.warnings[:] = fresh
    return digests


def hash_warning(issue: Issue) -> str:
    """Return a digest that is the same for an equal warning at a later import, on any line."""
    parts = (issue.code, issue.column, issue.value, issue.program, _LINES.sub("", issue.message))
    return blake2s("\0".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()
