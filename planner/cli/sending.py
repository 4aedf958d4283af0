"""`send`: what is about to leave is shown, and delivered; what became of each is told."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from planner import wiring
from planner.cli import show
from planner.cli.app import emit, json_option, letter_numbers, run_log, say
from planner.cli.ending import document, finish, when
from planner.cli.live import LiveLine
from planner.cli.signals import Interruptions
from planner.errors import ExitCode, PersonNeededError
from planner.rules.gates import copy_gap
from planner.rules.pace import forecast, left_today, resting
from planner.rules.recipients import fold_address
from planner.rules.states import LetterState
from planner.steps.departures import Departure, Gated, SendOptions, SendReport
from planner.steps.postman import Crew, Postman
from planner.steps.send import send
from planner.store import glance, usage
from planner.wiring import Workspace as App


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
    postman, line = make_postman(app, options), LiveLine(as_json=as_json)
    postman.tell, postman.show = line.tell, line.show
    with app.store.sender_lock(), run_log(app):
        if dry_run or oneself is not None:
            with app.store.begin(keep=False) as tx:
                ready = postman.make_ready(tx)
            if not ready and not postman.noted:
                return _nothing(app, as_json=as_json)
            say(_plan(app, postman, ready, oneself), as_json=as_json)
            if dry_run or oneself is None:
                return _dry(postman, ready, as_json=as_json)
            return _copies(app, postman, ready, oneself, line, yes=yes, as_json=as_json)
        with app.store.writer(postman.sessions) as writer:
            ready = writer.do(lambda page: postman.make_ready(page.tx))
            if not ready and not postman.noted:
                return _nothing(app, as_json=as_json)
            say(_plan(app, postman, ready), as_json=as_json)
            if report := _not_now(postman, ready):
                return finish(app, options, report, as_json=as_json)
            crew = _crew(app, postman, ready, yes=yes)
            return _run(app, postman, send(postman, writer, crew, ready), line, as_json=as_json)


def _copies(
    app: App,
    postman: Postman,
    ready: Sequence[Gated],
    oneself: str,
    line: LiveLine,
    *,
    yes: bool,
    as_json: bool,
) -> ExitCode:
    """Send copies of what would leave to oneself."""
    from planner.steps.reflect import reflect as send_copies

    if report := _not_now(postman, ready):
        return finish(app, postman.options, report, as_json=as_json)
    question = _copy_question(app, ready, oneself)
    crew = _crew(app, postman, ready, yes=yes, question=question)
    copies = send_copies(postman, crew, ready, oneself, app.settings.applicant.name)
    return _run(app, postman, copies, line, as_json=as_json)


def _copy_question(app: App, ready: Sequence[Gated], oneself: str) -> str:
    count = show.plural(sum(not g.closed for g in ready), "copy", "copies")
    own = app.settings.applicant.email
    if fold_address(oneself) == fold_address(own):
        return f"Send {count} to yourself?"
    return f"{oneself} is not your own address ({own}). Send {count} there?"


def _not_now(postman: Postman, ready: Sequence[Gated]) -> SendReport | None:
    """How a run would end that could not begin at once; None where it may, or is to wait.

    No one is asked whether to send what could not leave anyway.
    """
    going = sum(not g.closed for g in ready)
    if not going or postman.options.watch:
        return None
    now = postman.clock()
    with postman.store.read() as tx:
        wait = postman.wait(tx, now)
    if wait is None or (stop := wait.stop(now, going)) is None:
        return None
    return SendReport(_considered(postman, ready), stop)


def _considered(postman: Postman, ready: Sequence[Gated]) -> list[Departure]:
    gated = [Departure(g.letter, g.letter.state, reason=g.closed) for g in ready]
    return sorted([*postman.noted, *gated], key=lambda d: d.letter.id)


def _run(
    app: App,
    postman: Postman,
    work: Coroutine[Any, Any, SendReport],
    line: LiveLine,
    *,
    as_json: bool,
) -> ExitCode:
    """Do the work and tell how it ended; Ctrl-C ends it after the letters under way."""
    options = postman.options  # as they were given; a run that watches changes them
    text = "Stopping once what is under way is done; once more stops at once."
    with Interruptions(lambda: line.warn(text)) as interruptions:
        postman.stop = lambda: interruptions.asked > 0
        report = interruptions.run(work)
        line.end()
        return finish(app, options, report, as_json=as_json)


def _crew(
    app: App, postman: Postman, ready: Sequence[Gated], *, yes: bool, question: str = ""
) -> Crew:
    """Who delivers; asks before anything leaves.  No sender where no letter may.

    A run that watches also delivers what is deferred, when it is due.
    """
    going = sum(not g.closed for g in ready)
    if postman.options.watch:
        going += sum(d.next_attempt_at is not None for d in postman.noted)
    if not going:
        return lambda _: []
    crew = wiring.crew(app.settings)
    _confirm(question or f"Send {show.plural(going, 'letter')}?", yes=yes)
    return crew


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


def make_postman(app: App, options: SendOptions) -> Postman:
    """A run of sending with the configured account and the real clock."""
    return Postman(
        store=app.store,
        situation=app.situation(),
        account=app.account,
        pace=app.settings.pace,
        clock=app.now,
        connections=app.settings.account.connections,
        options=options,
    )


def _plan(app: App, postman: Postman, ready: Sequence[Gated], oneself: str | None = None) -> str:
    """What is about to leave, from where, and when; what is held back, and why.

    Copies go to `oneself` only.
    """
    going = [g.letter for g in ready if not g.closed]
    held = [g for g in ready if g.closed]
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
        parts.append(show.wrapped(_schedule(app, postman, len(going))))
    if held:
        lines = [f"letter {g.letter.id}, {g.letter.program}: {g.closed}" for g in held]
        parts.append(f"Held back: {len(held)}\n" + show.bullets(lines))
    if postman.given_back:
        numbers = ", ".join(map(str, postman.given_back))
        parts.append(
            show.wrapped(f"A sender was ended before anything left; approved again: {numbers}.")
        )
    for d in postman.noted:
        what = d.reason or (d.reply and f"{d.state} ({d.reply})") or d.state
        line = f"letter {d.letter.id}, {d.letter.program}: {what}{when(app, d)}"
        parts.append(show.wrapped(line, hanging="  "))
    return "\n".join(parts)


def _schedule(app: App, postman: Postman, going: int) -> str:
    """The plan of the days: how many letters leave when, as far as the pace says."""
    pace, now = postman.pace, app.now()
    with app.store.read() as tx:
        recent = postman.recent(tx, now)
        rest = usage.paused(tx, postman.account)
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


def _dry(postman: Postman, ready: Sequence[Gated], *, as_json: bool) -> ExitCode:
    report = SendReport(_considered(postman, ready))
    if as_json:
        emit({**document(report), "dry_run": True})
    going = sum(not g.closed for g in ready)
    say(f"Dry run: would send {show.plural(going, 'letter')}; nothing was sent.", as_json=as_json)
    unknown = report.count(LetterState.UNKNOWN)
    return ExitCode.PERSON_NEEDED if report.held or unknown else ExitCode.OK
