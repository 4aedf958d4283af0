"""What `send` is about to do: which letters leave, from where, and when; what is held, and why."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planner.cli import show
from planner.cli.send_report import when
from planner.rules.pace import resting
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.steps.sending import Due, SendRun


def plan_text(ws: Workspace, run: SendRun, due: Due, oneself: str | None = None) -> str:
    """What is about to leave, from where, and when; what is held back, and why.

    Copies go to `oneself` only.
    """
    going = due.going
    account = ws.settings.account
    parts = []
    if going:
        what = "letter" if oneself is None else "copy"
        count = show.plural(len(going), what, "copies" if oneself else None)
        to = "" if oneself is None else f", marked [TEST], to {oneself} only,"
        secured = "not encrypted" if account.security == "none" else account.security
        parts.append(
            show.wrapped(
                f"{count}{to} from {ws.settings.applicant.email} through"
                f" {account.host}:{account.port} ({secured})"
            )
        )
        rows = [(x.id, x.letter, show.joined(x.to), x.program) for x in going]
        parts.append(show.table(rows, ("ID", "LETTER", "TO", "PROGRAM")))
        parts.append(show.wrapped(_schedule(ws, run, len(going))))
    if due.held:
        lines = [f"letter {d.letter.id}, {d.letter.program}: {d.reason}" for d in due.held]
        parts.append(f"Held back: {len(lines)}\n" + show.bullets(lines))
    if due.given_back:
        word = "letter" if len(due.given_back) == 1 else "letters"
        numbers = show.ranges(due.given_back)
        parts.append(
            show.wrapped(
                f"A sender was stopped before anything was sent: {word} {numbers} can be sent again."
            )
        )
    for d in due.noted:
        what = d.reason or (d.reply and f"{d.state} ({d.reply})") or d.state
        line = f"letter {d.letter.id}, {d.letter.program}: {what}{when(ws, d)}"
        parts.append(show.wrapped(line, hanging="  "))
    return "\n".join(parts)


def _schedule(ws: Workspace, run: SendRun, going: int) -> str:
    """The plan of the days: how many letters leave when, as far as the pace says."""
    pace, now = run.pacer.pace, ws.now()
    schedule = run.forecast(going)
    first_of_all = ""
    if rest := schedule.rest:
        first_of_all = f"{resting(rest.until, rest.why, now, pace.timezone)} Then: "
    if pace.per_day == 0 and pace.per_minute == 0 and pace.window is None:
        return f"{first_of_all}No daily cap; at any hour."
    days = Counter[str]()
    first: dict[str, datetime] = {}
    zone = ZoneInfo(pace.timezone)
    for at in schedule.departures:
        day = _day(at.astimezone(zone), now.astimezone(zone))
        days[day] += 1
        first.setdefault(day, at)
    said = [
        f"{number} {day}"
        + ("" if first[day] == now else f" from {first[day].astimezone(zone):%H:%M}")
        for day, number in days.items()
    ]
    rate = f", {pace.per_minute} a minute" if pace.per_minute else ""
    cap = (
        "no daily cap"
        if schedule.left is None
        else f"{schedule.left} of {pace.per_day} left in 24 hours"
    )
    when = f"{', '.join(said[:3])}{', then on' if len(said) > 3 else ''} ({pace.timezone})"
    return f"{first_of_all}{when}{rate}; {cap}."


def _day(at: datetime, now: datetime) -> str:
    days = (at.date() - now.date()) // timedelta(days=1)
    return {0: "today", 1: "tomorrow"}.get(days, f"on {at:%a %Y-%m-%d}")
