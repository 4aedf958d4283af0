"""The dates of the season for this applicant's list, and their calendar file."""

from __future__ import annotations

from pathlib import Path

from planner.errors import ConfigError
from planner.files import write_private
from planner.mail.account import Account
from planner.mail.providers import find_deadlines
from planner.rules.facts import Match
from planner.rules.ics import PRODUCT, calendar_text
from planner.rules.pace import Pace, in_window
from planner.rules.season_dates import DRAFTS, SeasonDate, Unread, season_dates
from planner.rules.states import LetterState
from planner.steps.workspace import Workspace
from planner.store import counts

NEXT = 2  # dates that `status` shows


def list_dates(ws: Workspace, account: Account, pace: Pace) -> list[SeasonDate]:
    """All dates of the season; of the matches that programs of the list are in."""
    situation = ws.situation()
    with ws.store.read() as tx:
        specialties = counts.list_specialties(tx)
        drafts = counts.count_letters(tx).get(LetterState.DRAFT, 0)
    used = {situation.specialty_called(name).match for name in specialties} or {Match.NRMP}
    return season_dates(
        situation,
        sorted(used),
        unread=Unread(drafts, in_window(pace, situation.now)),
        deadlines=find_deadlines(account),
    )


def list_ahead(ws: Workspace, account: Account, pace: Pace) -> list[SeasonDate]:
    """Those dates that are still to come, or that go on."""
    now = ws.now()
    return [found for found in list_dates(ws, account, pace) if found.is_ahead(now)]


def list_next(ws: Workspace, account: Account, pace: Pace) -> list[SeasonDate]:
    """The next two beside the drafts, which `status` counts."""
    ahead = [found for found in list_ahead(ws, account, pace) if found.key != DRAFTS]
    return ahead[:NEXT]


def write_calendar(ws: Workspace, path: Path, dates: list[SeasonDate]) -> None:
    """Write the calendar file, or its next version.

    Raises ConfigError for a file that is not such a calendar, or that cannot be written.
    """
    situation = ws.situation()
    text = calendar_text(
        dates,
        former=_read_former(path),
        now=ws.now(),
        owner=situation.applicant.aamc_id,
        title=f"Residency season {situation.season}",
    )
    try:
        write_private(path, text.encode())
    except OSError as error:
        raise ConfigError(f"Cannot write {path}: {error.strerror}.", code="no_calendar") from error


def _read_former(path: Path) -> str:
    if not path.exists():
        return ""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError):
        text = ""
    if PRODUCT not in text:
        raise ConfigError(
            f"{path} exists and is not a calendar that planner wrote; it was not touched.",
            code="no_calendar",
        )
    return text
