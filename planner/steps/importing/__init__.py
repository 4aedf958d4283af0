"""Import: reads files as lists of programs, and brings the lists into the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from planner.errors import PlannerError
from planner.rules.facts import Specialty
from planner.sheets import fields
from planner.sheets.columns import lasting, wishes
from planner.sheets.listing import Listing, read_listing
from planner.sheets.parsers.dates import season_of
from planner.sheets.reader import open_table
from planner.sheets.rejects import name_in_rejects, write_rejects
from planner.steps.approvals import void_moved
from planner.steps.importing.forecast import forecast_letters
from planner.steps.importing.former import Said, file_name, forget_columns, read_said
from planner.steps.importing.load import bring_in
from planner.steps.importing.report import Choices, Report, format_value
from planner.steps.recovering import recover_dead
from planner.steps.under_way import find_under_way
from planner.steps.workspace import Workspace
from planner.store.engine import Transaction

__all__ = (
    "Choices",
    "Lists",
    "find_read_otherwise",
    "forget_columns",
    "format_value",
    "import_lists",
    "read_lists",
)


class Lists(NamedTuple):
    """The lists that were read, and what the user said about their columns, to remember it."""

    listings: Sequence[Listing]
    said: Mapping[str, str]


def read_lists(
    ws: Workspace,
    files: Sequence[str],
    *,
    sheet: str | None = None,
    specialty: Specialty | None = None,
    said: Mapping[str, str],
    configured: Mapping[str, str],
    forget: bool = False,
    without_colors: bool = False,
) -> Lists:
    """Read files as lists of programs of this season.

    `specialty` is for rows without one.  Columns mean what the user `said` now, or what is
    `configured`, or what was said at earlier imports.  That and an earlier specialty count
    unless `forget`.  `without_colors`: go on where a legend speaks of colors that a file does
    not have.  Raises PlannerError if a file cannot be read as a list.
    """
    tables = [open_table(name, sheet=sheet) for name in files]
    before = Said() if forget else read_said(ws.store)
    wanted = wishes(said, configured, before.columns)
    situation = ws.situation()
    specialties = situation.specialties
    listings = []
    for table in tables:
        remembered = specialties.named(before.specialties.get(file_name(table), ""))
        listing = read_listing(
            table,
            specialties=specialties,
            specialty=specialty or remembered,
            wanted=wanted,
            season=season_of(situation),
            without_colors=without_colors,
        )
        listing.as_before = specialty is None and remembered is not None
        listings.append(listing)
    return Lists(listings, lasting(c for listing in listings for c in listing.columns))


def import_lists(
    ws: Workspace,
    listings: Sequence[Listing],
    choices: Choices,
    *,
    rejects: Path | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> Report:
    """Bring lists into the database, all of them or none; bad rows go to the file `rejects`.

    Raises ConfigError if that file cannot be written; then nothing is imported.
    """
    situation, account = ws.situation(), ws.account

    if not choices.dry_run:
        recover_dead(ws)

    def void(tx: Transaction, report: Report) -> None:
        report.under_way = find_under_way(tx, situation, account)
        report.voided = void_moved(tx, situation, account=account, command="import")

    def keep(report: Report) -> None:
        if rejects is not None and report.rejects:
            names = [listing.name for listing in listings]
            several = len({listing.specialty for listing in listings}) > 1
            report.headers = write_rejects(
                rejects, report.rejects, lists=names, with_specialty=several
            )

    return bring_in(
        ws.store,
        listings,
        choices,
        void=void,
        keep=keep,
        look=lambda tx, ids: forecast_letters(tx, situation, account, among=ids),
        progress=progress,
    )


def find_read_otherwise(
    ws: Workspace,
    rejects: str,
    report: Report,
    listings: Sequence[Listing],
    *,
    said: Mapping[str, str],
    configured: Mapping[str, str],
) -> Mapping[str, str]:
    """Return the columns that a file of rejects needs to be told about: targets by header.

    What cells decide about a column among all rows, the bad ones alone may not show.
    """
    try:
        (listing,) = read_lists(ws, [rejects], said=said, configured=configured).listings
    except PlannerError:
        return {}
    read = {column.header: column.target for column in listing.columns}
    files = {record.file for record in report.rejects}
    found = {}
    for column in (c for x in listings if x.name in files for c in x.columns):
        name = name_in_rejects(column, report.headers)
        target = fields.NAMED_AS.get(str(column.target), column.target)
        same = read.get(name) in {column.target, target}
        if name in read and not same and target in fields.NAMEABLE:
            found[name] = str(target)
    return found
