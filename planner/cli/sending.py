"""`send` and `outbox`: approved letters leave, and what became of each is shown."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence
from typing import Any

import click

from planner import wiring
from planner.cli import show
from planner.cli.app import App, emit, json_option, letter_numbers, say
from planner.errors import ExitCode, PersonNeededError
from planner.mail.message import joined
from planner.rules.pace import left_today
from planner.rules.states import LetterState
from planner.steps import send
from planner.steps.departures import Departure, Gated, SendOptions, SendReport
from planner.steps.send import DAY, Postman
from planner.store import outbox


@click.command("send", epilog="Example: planner send --dry-run, then planner send")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--dry-run", is_flag=True, help="Look at every gate; connect to nobody.")
@click.option("--reflect", metavar="ADDRESS", help="Send copies to yourself instead.")
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
    oneself = None if reflect is None else _checked(reflect)
    postman = make_postman(app, options)
    postman.tell = lambda text: _tell(text, as_json=as_json)
    with app.store.sender_lock():
        ready = postman.prepare(rehearsal=dry_run or oneself is not None)
        if not ready and not postman.noted:
            return _nothing(app, as_json=as_json)
        say(_departures_text(app, postman, ready), as_json=as_json)
        if dry_run:
            return _dry(postman, ready, as_json=as_json)
        if all(g.closed for g in ready):
            return _finish(asyncio.run(postman.run(_NoSender(), ready)), as_json=as_json)
        sender = wiring.sender(app.settings)
        _confirm(yes=yes, ready=ready)
        if oneself is not None:
            letters = [g.letter for g in ready if not g.closed]
            held = [Departure(g.letter, g.letter.state, reason=g.closed) for g in ready if g.closed]
            postman.noted += held
            name = app.settings.applicant.name
            copies = send.reflect(postman, sender, letters, oneself, name)
            return _finish(asyncio.run(copies), as_json=as_json)
        report = asyncio.run(_interruptible(postman, sender, ready))
    return _finish(report, as_json=as_json)


def _tell(text: str, *, as_json: bool) -> None:
    """Say how far things are; a reader that left must not stop the letters."""
    with contextlib.suppress(OSError):
        say(text, as_json=as_json)


def _checked(address: str) -> str:
    from planner.options import mail_address

    try:
        return mail_address(address)
    except ValueError as error:
        raise click.BadParameter(f"--reflect: {error}.") from None


def make_postman(app: App, options: SendOptions) -> Postman:
    """A run of sending with the configured account and the real clock."""
    return Postman(
        store=app.store,
        situation=app.situation(),
        account=app.account,
        pace=app.settings.pace,
        clock=app.now,
        options=options,
    )


class _NoSender:
    """Stands in where no letter may leave: there is nothing to connect for."""

    async def deliver(self, **_: Any) -> Any:
        raise AssertionError("no letter may leave")

    async def close(self) -> None:
        return


async def _interruptible(
    postman: Postman, sender: send.Sender, ready: Sequence[Gated]
) -> SendReport:
    """Run; the first Ctrl-C ends it after the letter under way, the second at once."""
    asked = 0
    task = asyncio.ensure_future(postman.run(sender, ready))

    def interrupt() -> None:
        nonlocal asked
        asked += 1
        if asked == 1:
            click.echo("Stopping after this letter; once more stops at once.", err=True)
        else:
            task.cancel()

    postman.stop = lambda: asked > 0
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupt)
    return await task


def _departures_text(app: App, postman: Postman, ready: Sequence[Gated]) -> str:
    """What is about to leave, from where, and what today still allows."""
    going = [g.letter for g in ready if not g.closed]
    held = [g for g in ready if g.closed]
    account = app.settings.account
    now = app.now()
    with app.store.reading() as tx:
        recent = outbox.attempts_since(tx, postman.account, now - DAY)
    left = left_today(postman.pace, recent, now)
    parts = []
    if going:
        parts.append(
            f"{show.plural(len(going), 'letter')} from {app.settings.applicant.email} by"
            f" {account.host}:{account.port} ({account.security})"
        )
        rows = [(x.id, x.letter, f"{x.program} <{joined(x.to)}>") for x in going]
        parts.append(show.table(rows, ("ID", "LETTER", "TO")))
        parts.append(_schedule(postman, len(going), left))
    if held:
        lines = [f"letter {g.letter.id}, {g.letter.program}: {g.closed}" for g in held]
        parts.append(f"Held back: {len(held)}\n" + show.bullets(lines))
    for d in postman.noted:
        what = d.reason or (d.reply and f"{d.state} ({d.reply})") or d.state
        due = d.letter.next_attempt_at
        when = f"; next attempt {due.astimezone():%Y-%m-%d %H:%M}" if due and not d.reason else ""
        parts.append(
            show.wrapped(f"letter {d.letter.id}, {d.letter.program}: {what}{when}", hanging="  ")
        )
    return "\n".join(parts)


def _schedule(postman: Postman, going: int, left: int | None) -> str:
    pace = postman.pace
    window = (
        "at any hour"
        if pace.window is None
        else f"{pace.window[0]:%H:%M}-{pace.window[1]:%H:%M} {pace.timezone}"
    )
    if left is None:
        return f"No daily cap; {window}."
    today = min(going, left)
    rest = f", {going - today} later" if going > today else ""
    return f"{today} today{rest} ({left} of {pace.per_day} left in these 24 h); {window}."


def _confirm(*, yes: bool, ready: Sequence[Gated]) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise PersonNeededError(
            "Nobody is here to say yes.",
            hint="In a script add --yes.",
            code="not_confirmed",
        )
    going = sum(not g.closed for g in ready)
    if not click.confirm(f"Send {show.plural(going, 'letter')}?", err=True):
        raise PersonNeededError("You said no: nothing was sent.", code="not_confirmed")


def _nothing(app: App, *, as_json: bool) -> ExitCode:
    with app.store.reading() as tx:
        counts = outbox.counts(tx)
    if as_json:
        emit(_document(SendReport()))
    say("Nothing to send: no approved letter is due.", as_json=as_json)
    if counts.get(LetterState.DRAFT):
        hint = "planner review"
        say(
            f"  -> {show.plural(counts[LetterState.DRAFT], 'draft')} to read: {hint}",
            as_json=as_json,
        )
    if number := counts.get(LetterState.UNKNOWN):
        text = f"{number} may or may not have been delivered before; a person must find out."
        say(f"{text}\n  -> planner outbox list --state unknown", as_json=as_json)
        return ExitCode.PERSON_NEEDED
    return ExitCode.OK


def _dry(postman: Postman, ready: Sequence[Gated], *, as_json: bool) -> ExitCode:
    gated = [Departure(g.letter, g.letter.state, reason=g.closed) for g in ready]
    report = SendReport(departures=[*postman.noted, *gated])
    if as_json:
        emit({**_document(report), "dry_run": True})
    going = sum(not g.closed for g in ready)
    say(f"Dry run: would send {show.plural(going, 'letter')}; nothing was sent.", as_json=as_json)
    unknown = report.count(LetterState.UNKNOWN)
    return ExitCode.PERSON_NEEDED if report.held or unknown else ExitCode.OK


def _document(report: SendReport) -> dict[str, Any]:
    return {
        "sent": report.count(LetterState.SENT),
        "deferred": report.count(LetterState.DEFERRED),
        "refused": report.count(LetterState.REFUSED),
        "unknown": report.count(LetterState.UNKNOWN),
        "held": len(report.held),
        "remaining": len(report.remaining),
        "letters": [
            {"id": d.letter.id, "state": d.state, "reply": d.reply, "reason": d.reason}
            for d in report.departures
        ],
    }


def _finish(report: SendReport, *, as_json: bool) -> ExitCode:
    document = _document(report)
    if as_json:
        emit(document)
    counts = ", ".join(f"{document[k]} {k}" for k in document if k != "letters")
    say(counts, as_json=as_json)
    for d in report.departures:
        if d.state in {LetterState.REFUSED, LetterState.UNKNOWN, LetterState.DEFERRED} and d.reply:
            line = f"letter {d.letter.id}, {d.letter.program}: {d.state}: {d.reply}"
            say(show.wrapped(line, indent="  ", hanging="    "), as_json=as_json)
    if report.stopped:
        say(show.wrapped(report.stopped), as_json=as_json)
    elif any(d.state is LetterState.DRAFT and d.reason for d in report.departures):
        report.hint = "planner draft, then read and approve them anew"
    if report.hint:
        say(f"  -> {report.hint}", as_json=as_json)
    return report.exit_code
