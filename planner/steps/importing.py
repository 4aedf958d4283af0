"""Import: files are read as lists of programs, and the lists come into the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from planner.rules.facts import Specialty
from planner.sheets.columns import wishes
from planner.sheets.listing import Listing, read_listing
from planner.sheets.parsers.dates import season_of
from planner.sheets.reader import open_table
from planner.sheets.rejects import write_rejects
from planner.steps.load import bring_in
from planner.steps.outlook import look_ahead
from planner.steps.remembering import forget_columns, remembered_columns
from planner.steps.report import Choices, Report
from planner.steps.voiding import void_moved
from planner.steps.workspace import Workspace

__all__ = ("Lists", "forget_columns", "import_lists", "read_lists")


class Lists(NamedTuple):
    """Files that were understood, and what was said of their headers that is to be remembered."""

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
) -> Lists:
    """Read files as lists of programs of this season.

    `specialty` is that of rows that give none; headers mean what was `said` of them now, what
    is `configured`, and, unless that is to be forgotten, what was said at former imports.
    Raises PlannerError for a file that cannot be read as a list.
    """
    tables = [open_table(name, sheet=sheet) for name in files]
    wanted = wishes(said, configured, {} if forget else remembered_columns(ws.store))
    situation = ws.situation()
    listings = [
        read_listing(
            table,
            specialties=situation.specialties,
            specialty=specialty,
            wanted=wanted,
            season=season_of(situation),
        )
        for table in tables
    ]
    return Lists(listings, wanted.lasting)


def import_lists(
    ws: Workspace,
    listings: Sequence[Listing],
    choices: Choices,
    *,
    rejects: Path | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> Report:
    """Bring lists into the database, all of them or none; bad rows go to the file `rejects`.

    Raises ConfigError where that file cannot be written; then nothing was.
    """
    situation, account = ws.situation(), ws.account

    def keep(report: Report) -> None:
        if rejects is not None and report.rejects:
            names = [listing.name for listing in listings]
            write_rejects(rejects, report.rejects, lists=names)

    return bring_in(
        ws.store,
        listings,
        choices,
        void=lambda tx: void_moved(tx, situation, account=account, command="import"),
        keep=keep,
        look=lambda tx, ids: look_ahead(tx, situation, account, among=ids),
        progress=progress,
    )
