"""`send`: what is about to leave is shown, and delivered; what became of each is told."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from planner import wiring
from planner.cli import show
from planner.cli.app import App, emit, json_option, letter_numbers, say
from planner.cli.ending import document, finish, when
from planner.cli.live import LiveLine
from planner.cli.signals import Interruptions
from planner.errors import ExitCode, PersonNeededError
from planner.rules.gates import copy_gap
from planner.rules.pace import forecast, left_today, resting
from planner.rules.recipients import fold_address
from planner.rules.states import LetterState
from planner.steps.sending import send
from planner.steps.sending.due import Due, fetch_due
from planner.steps.sending.gate_checker import GateChecker
from planner.steps.sending.report import LetterResult, SendReport
from planner.steps.sending.run import Pacer, SenderFactory, SendOptions, SendRun
from planner.store import glance, usage


@click.command("send", epilog="Example: planner send --dry-run, then planner send")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--dry-run", is_flag=True, help="Look at every gate; connect to no server.")
@click.option("--reflect", metavar="ADDRESS", help="Send copies, marked [TEST], to yourself.")
@click.option("--limit", type=click.IntRange(1), help="At most so many letters.")
@click.option("--watch", is_flag=True, help="Keep going until all have left, over days.")
@click.option(
    "--allow-mass",
    is_flag=True,
    help="Allow more than rules.mass_limit letters that nobody asked for.",
)
@click.option("--yes", is_flag=True, help="Do not ask before sending.")
@json_option
@click.pass_obj
def send_command(
    app: App,
    ids: tuple[str, ...],
    dry_run: bool,
    reflect: str | None,
    limit: int | None,
    watch: bool,
    allow_mass: bool,
    yes: bool,
    as_json: bool,
) -> ExitCode:
    """Deliver approved letters over SMTP, each once and exactly as it was approved."""
    options = SendOptions(
        ids=letter_numbers(ids) if ids else None, limit=limit, watch=watch, allow_mass=allow_mass
    )
    oneself = None if reflect is None else _checked(app, reflect)
    face = Face(as_json=as_json)
    run = make_run(app, options, stop=face.wants_to_stop, tell=face.line.tell, show=face.line.show)
    with app.store.sender_lock(), app.run_log():
        if dry_run or oneself is not None:
            with app.store.begin(keep=False) as tx:
                due = fetch_due(tx, run)
            if not due.letters and not due.noted:
                return _nothing(app, as_json=as_json)
            say(_plan(app, run, due, oneself), as_json=as_json)
            if dry_run or oneself is None:
                return _dry(due, as_json=as_json)
            return _copies(app, run, due, oneself, face, yes=yes)
        with app.store.commits(run.sessions) as commits:
            due = commits.run_blocking(lambda unit: fetch_due(unit.tx, run))
            if not due.letters and not due.noted:
                return _nothing(app, as_json=as_json)
            say(_plan(app, run, due), as_json=as_json)
            if report := _not_now(run, due):
                return finish(app, options, report, as_json=as_json)
            senders = _senders(app, run, due, yes=yes)
            return _work(app, run, send(run, commits, senders, due), face)


class Face:
    """What a person sees of a run, and says to it: a live line, and Ctrl-C."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.line = LiveLine(as_json=as_json)
        text = "Stopping once what is under way is done; once more stops at once."
        self.interruptions = Interruptions(lambda: self.line.warn(text))

    def wants_to_stop(self) -> bool:
        """Whether somebody asked the run to end."""
        return self.interruptions.asked > 0


def _copies(app: App, run: SendRun, due: Due, oneself: str, face: Face, *, yes: bool) -> ExitCode:
    """Send copies of what would leave to oneself."""
    from planner.steps.sending.test_copies import send_copies

    if report := _not_now(run, due):
        return finish(app, run.options, report, as_json=face.as_json)
    question = _copy_question(app, due, oneself)
    senders = _senders(app, run, due, yes=yes, question=question)
    name = app.settings.applicant.name
    copies = send_copies(run, senders, due, address=oneself, name=name)
    return _work(app, run, copies, face)


def _copy_question(app: App, due: Due, oneself: str) -> str:
    count = show.plural(len(due.going), "copy", "copies")
    own = app.settings.applicant.email
    if fold_address(oneself) == fold_address(own):
        return f"Send {count} to yourself?"
    return f"{oneself} is not your own address ({own}). Send {count} there?"


def _not_now(run: SendRun, due: Due) -> SendReport | None:
    """How a run would end that could not begin at once; None where it may, or is to wait.

    No one is asked whether to send what could not leave anyway.
    """
    if not due.going or run.options.watch:
        return None
    now = run.clock()
    with run.store.read() as tx:
        wait = run.pacer.find_wait(tx, now)
    if wait is None or (stop := wait.stop(now, len(due.going))) is None:
        return None
    return SendReport(_considered(due), stop)


def _considered(due: Due) -> list[LetterResult]:
    going = [LetterResult(letter, letter.state) for letter in due.going]
    return sorted([*due.noted, *due.held, *going], key=lambda result: result.letter.id)


def _work(app: App, run: SendRun, work: Coroutine[Any, Any, SendReport], face: Face) -> ExitCode:
    """Do the work and tell how it ended; Ctrl-C ends it after the letters under way."""
    with face.interruptions as interruptions:
        report = interruptions.run(work)
        face.line.end()
        return finish(app, run.options, report, as_json=face.as_json)


def _senders(app: App, run: SendRun, due: Due, *, yes: bool, question: str = "") -> SenderFactory:
    """Who delivers; asks before anything leaves.  No sender where no letter may.

    A run that watches also delivers what is deferred, when it is due.
    """
    going = len(due.going)
    if run.options.watch:
        going += sum(result.next_attempt_at is not None for result in due.noted)
    if not going:
        return lambda _: []
    make_senders = wiring.sender_factory(app.settings)
    _confirm(question or f"Send {show.plural(going, 'letter')}?", yes=yes)
    return make_senders


def _checked(app: App, address: str) -> str:
    """The address for copies to oneself.  Raises click.BadParameter, PersonNeededError."""
    from planner.options.parsers import parse_address
    from planner.store import programs

    try:
        oneself = parse_address(address)
    except ValueError as error:
        raise click.BadParameter(f"--reflect: {error}.") from None
    with app.store.read() as tx:
        gap = copy_gap(oneself, programs.every(tx))
    if gap:
        raise PersonNeededError(
            f"--reflect: {gap}; copies are for yourself.",
            hint=f"planner send --reflect {app.settings.applicant.email}",
            code="not_yourself",
        )
    return oneself


def make_run(app: App, options: SendOptions, **callbacks: Any) -> SendRun:
    """A run of sending with the configured account and the real clock."""
    return SendRun(
        store=app.store,
        account=app.account,
        clock=app.now,
        gates=GateChecker(app.situation(), app.account),
        pacer=Pacer(app.account, app.settings.pace, app.now),
        options=options,
        connections=app.settings.account.connections,
        **callbacks,
    )


def _plan(app: App, run: SendRun, due: Due, oneself: str | None = None) -> str:
    """What is about to leave, from where, and when; what is held back, and why.

    Copies go to `oneself` only.
    """
    going = due.going
    account = app.settings.account
    parts = []
    if going:
        what = "letter" if oneself is None else "copy"
        count = show.plural(len(going), what, "copies" if oneself else None)
        to = "" if oneself is None else f", marked [TEST], to {oneself} only,"
        parts.append(
            show.wrapped(
                f"{count}{to} from {app.settings.applicant.email} by"
                f" {account.host}:{account.port} ({account.security})"
            )
        )
        rows = [(x.id, x.letter, show.joined(x.to), x.program) for x in going]
        parts.append(show.table(rows, ("ID", "LETTER", "TO", "PROGRAM")))
        parts.append(show.wrapped(_schedule(app, run, len(going))))
    if due.held:
        lines = [f"letter {d.letter.id}, {d.letter.program}: {d.reason}" for d in due.held]
        parts.append(f"Held back: {len(lines)}\n" + show.bullets(lines))
    if due.given_back:
        numbers = ", ".join(map(str, due.given_back))
        parts.append(
            show.wrapped(f"A sender was ended before anything left; approved again: {numbers}.")
        )
    for d in due.noted:
        what = d.reason or (d.reply and f"{d.state} ({d.reply})") or d.state
        line = f"letter {d.letter.id}, {d.letter.program}: {what}{when(app, d)}"
        parts.append(show.wrapped(line, hanging="  "))
    return "\n".join(parts)


def _schedule(app: App, run: SendRun, going: int) -> str:
    """The plan of the days: how many letters leave when, as far as the pace says."""
    pace, now = run.pacer.pace, app.now()
    with app.store.read() as tx:
        recent = run.pacer.list_recent(tx, now)
        rest = usage.paused(tx, run.account)
    begins, first_of_all = now, ""
    if rest and rest.until > now:
        begins = rest.until
        first_of_all = f"{resting(rest.until, rest.why, now, pace.timezone)} Then: "
    if pace.per_day == 0 and pace.per_minute == 0 and pace.window is None:
        return f"{first_of_all}No daily cap; at any hour."
    days = Counter[str]()
    first: dict[str, datetime] = {}
    zone = ZoneInfo(pace.timezone)
    for at in forecast(pace, recent, begins, going):
        day = _day(at.astimezone(zone), now.astimezone(zone))
        days[day] += 1
        first.setdefault(day, at)
    said = [
        f"{number} {day}"
        + ("" if first[day] == now else f" from {first[day].astimezone(zone):%H:%M}")
        for day, number in days.items()
    ]
    left = left_today(pace, recent, now)
    rate = f", {pace.per_minute} a minute" if pace.per_minute else ""
    cap = "no daily cap" if left is None else f"{left} of {pace.per_day} left in these 24 h"
    when = f"{', '.join(said[:3])}{', then on' if len(said) > 3 else ''} ({pace.timezone})"
    return f"{first_of_all}{when}{rate}; {cap}."


def _day(at: datetime, now: datetime) -> str:
    days = (at.date() - now.date()) // timedelta(days=1)
    return {0: "today", 1: "tomorrow"}.get(days, f"on {at:%a %Y-%m-%d}")


def _confirm(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise PersonNeededError(
            "There is no terminal to ask on, so nothing was sent.",
            hint="In a script add --yes.",
            code="not_confirmed",
        )
    if not click.confirm(question, err=True):
        raise PersonNeededError("You said no: nothing was sent.", code="not_confirmed")


def _nothing(app: App, *, as_json: bool) -> ExitCode:
    with app.store.read() as tx:
        counts = glance.letters(tx)
    if as_json:
        emit(document(SendReport()))
    say("Nothing to send: no approved letter is due.", as_json=as_json)
    if number := counts.get(LetterState.DRAFT):
        say(f"  -> {show.plural(number, 'draft')} to read: planner review", as_json=as_json)
    if number := counts.get(LetterState.UNKNOWN):
        text = f"{number} may or may not have been delivered before; a person must find out."
        say(f"{text}\n  -> planner outbox list --state unknown", as_json=as_json)
        return ExitCode.PERSON_NEEDED
    return ExitCode.OK


def _dry(due: Due, *, as_json: bool) -> ExitCode:
    report = SendReport(_considered(due))
    if as_json:
        emit({**document(report), "dry_run": True})
    going = show.plural(len(due.going), "letter")
    say(f"Dry run: would send {going}; nothing was sent.", as_json=as_json)
    unknown = report.count(LetterState.UNKNOWN)
    return ExitCode.PERSON_NEEDED if report.held or unknown else ExitCode.OK
