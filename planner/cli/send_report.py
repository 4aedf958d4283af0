"""How a run of sending ended: what became of each letter, and what to type next."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from planner import steps
from planner.cli import show
from planner.cli.app import emit, say
from planner.cli.hints.held import held_command
from planner.cli.hints.smtp import LATER, hint_for_stop
from planner.cli.hints.states import next_command
from planner.errors import ExitCode, PlannerError
from planner.rules.pace import NEARLY_A_MINUTE, spoken
from planner.rules.smtp_replies import is_of_an_address
from planner.rules.states import DUE, LetterState
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.steps.sending import LetterResult, SendOptions, SendReport


def when(ws: Workspace, result: LetterResult) -> str:
    """When a deferred letter is tried again by itself; empty for any other."""
    due = result.next_attempt_at
    if due is None:
        return ""
    zone = ws.settings.pace.timezone
    at = (due + NEARLY_A_MINUTE).astimezone(ZoneInfo(zone))
    return f"; next attempt {at:%Y-%m-%d %H:%M} ({zone})"


def _spoken(ws: Workspace, at: datetime) -> str:
    """A moment in the time zone of the send window, which all messages use."""
    return spoken(at, ws.now(), ws.settings.pace.timezone)


def _counts(report: SendReport) -> dict[str, int]:
    """How many letters ended how; they add up to the letters considered."""
    return {
        "sent": report.count(LetterState.SENT),
        "deferred": report.count(LetterState.DEFERRED),
        "refused": report.count(LetterState.REFUSED),
        "unknown": report.count(LetterState.UNKNOWN),
        "held": len(report.held),
        "remaining": len(report.remaining),
    }


def document(report: SendReport) -> dict[str, Any]:
    """How a run ended, as scripts see it."""
    told = [
        {"id": d.letter.id, "state": d.state, "reply": d.reply, "reason": d.reason}
        for d in report.results
    ]
    return {**_counts(report), "letters": told}


def finish(ws: Workspace, options: SendOptions, report: SendReport, *, as_json: bool) -> ExitCode:
    """Tell how a run ended."""
    if as_json:
        emit(document(report))
    say(", ".join(f"{n} {word}" for word, n in _counts(report).items()), as_json=as_json)
    what = "copy of letter" if report.copies else "letter"
    for d in report.results:
        if d.state in {LetterState.REFUSED, LetterState.UNKNOWN, LetterState.DEFERRED} and d.reply:
            line = f"{what} {d.letter.id}, {d.letter.program}: {d.state}: {d.reply}{when(ws, d)}"
            say(show.wrapped(line, indent="  ", hanging="    "), as_json=as_json)
    if others := _others(ws, options, report):
        said = "letter was" if others == 1 else "letters were"
        say(f"{others} more approved {said} not part of this run.", as_json=as_json)
    if report.stop:
        say(show.wrapped(report.stop.text), as_json=as_json)
    say_hints(ws, report, as_json=as_json)
    return report.exit_code


def say_hints(ws: Workspace, report: SendReport, *, as_json: bool) -> None:
    """Say what to type after a run, or instead of one."""
    for hint in _hints(ws, report):
        say(show.wrapped(f"-> {hint}", indent="  ", hanging="     "), as_json=as_json)


def _others(ws: Workspace, options: SendOptions, report: SendReport) -> int:
    """How many letters are approved of which only some were asked for."""
    if report.copies or (options.ids is None and options.limit is None):
        return 0
    approved = 0
    with contextlib.suppress(PlannerError):  # how it ended comes first
        approved = steps.outbox.count_letters(ws).get(LetterState.APPROVED, 0)
    return max(0, approved - sum(d.state is LetterState.APPROVED for d in report.results))


def _hints(ws: Workspace, report: SendReport) -> Iterator[str]:
    """What to type next."""
    if stop := report.stop:
        hint = hint_for_stop(stop, ws.settings.account)
        if stop.until is not None:
            hint = hint.replace(LATER, f"at {_spoken(ws, stop.until)}")
        if hint:
            yield hint
    elif any(d.next_attempt_at for d in report.results):
        yield "planner send tries what is deferred again when it is due, or send --watch"
    if report.copies:
        if any(is_of_an_address(d.reply) for d in report.results):
            yield "Check the address after --reflect."
        return
    void = [d for d in report.held if d.reason.startswith(steps.approvals.VOID)]
    if void:
        yield "planner draft, then read and approve them again"
    yield from _held_commands(d for d in report.held if d.state in DUE and d not in void)
    yield from _ways_out(
        d
        for d in report.results
        if d.state in {LetterState.UNKNOWN, LetterState.REFUSED}
        or (d.reason and d.state not in DUE and d not in void)
    )


def _held_commands(results: Iterable[LetterResult]) -> Iterator[str]:
    """What to type about letters that wait behind a closed gate; once for each command."""
    alike: dict[str, list[LetterResult]] = {}
    for d in results:
        alike.setdefault(held_command(d.reason, "{0}"), []).append(d)
    for command, held in alike.items():
        yield command.format(show.ranges([d.letter.id for d in held]))


def _ways_out(results: Iterable[LetterResult]) -> Iterator[str]:
    """What to type about letters that will not leave by themselves; once for each kind."""
    kinds: dict[tuple[LetterState, bool], list[LetterResult]] = {}
    for d in results:
        kinds.setdefault((d.state, is_of_an_address(_said(d))), []).append(d)
    for (state, _), alike in kinds.items():
        numbers = show.ranges([d.letter.id for d in alike])
        yield next_command(state, numbers, _said(alike[0]))


def _said(result: LetterResult) -> str:
    """The server's last word on a letter."""
    return result.reply or result.letter.last_reply or ""
