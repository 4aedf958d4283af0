"""`send`: what is about to leave is shown, and delivered; what became of each is told."""

from __future__ import annotations

import sys
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

import click

from planner import steps, wiring
from planner.cli import show
from planner.cli.app import emit, json_option, letter_numbers, run_log, say
from planner.cli.keys import ask_yes
from planner.cli.live import LiveLine
from planner.cli.send_plan import plan_text
from planner.cli.send_report import document, finish, say_hints
from planner.cli.signals import Interruptions
from planner.errors import ExitCode, PersonNeededError
from planner.rules.recipients import fold_address
from planner.rules.states import LetterState
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.steps.sending import Due, SenderFactory, SendReport, SendRun


@click.command("send", epilog="Example: planner send --dry-run, then planner send")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option(
    "-n", "--dry-run", is_flag=True, help="Check everything without connecting to a server."
)
@click.option("--reflect", metavar="ADDRESS", help="Send copies, marked [TEST], to yourself.")
@click.option("--limit", type=click.IntRange(1), help="Send at most this many letters.")
@click.option(
    "--watch", is_flag=True, help="Keep running, for days if needed, until all letters are sent."
)
@click.option(
    "--allow-mass",
    is_flag=True,
    help="Allow more than rules.mass_limit unrequested letters.",
)
@click.option("-y", "--yes", is_flag=True, help="Do not ask before sending.")
@json_option
@click.pass_obj
def send_command(
    ws: Workspace,
    ids: tuple[str, ...],
    dry_run: bool,
    reflect: str | None,
    limit: int | None,
    watch: bool,
    allow_mass: bool,
    yes: bool,
    as_json: bool,
) -> ExitCode:
    """Send approved letters over SMTP, each only once and exactly as approved."""
    options = steps.sending.SendOptions(
        ids=letter_numbers(ids) if ids else None, limit=limit, watch=watch, allow_mass=allow_mass
    )
    oneself = None if reflect is None else _checked(ws, reflect)
    face = Face(as_json=as_json)
    run = wiring.send_run(
        ws, options, stop=face.wants_to_stop, tell=face.line.tell, show=face.line.show
    )
    with face.interruptions, ws.store.sender_lock(), run_log(ws):
        if dry_run or oneself is not None:
            due = steps.sending.preview_due(run)
            if not due.letters and not due.noted:
                return _nothing(ws, as_json=as_json)
            say(plan_text(ws, run, due, oneself), as_json=as_json)
            if dry_run or oneself is None:
                return _dry(ws, due, as_json=as_json)
            return _copies(ws, run, due, oneself, face, yes=yes)
        with steps.sending.open_due(run) as (commits, due):
            if not due.letters and not due.noted:
                return _nothing(ws, as_json=as_json)
            say(plan_text(ws, run, due), as_json=as_json)
            if report := _not_now(run, due):
                return finish(ws, options, report, as_json=as_json)
            senders = _senders(ws, run, due, yes=yes)
            return _work(ws, run, steps.sending.send(run, commits, senders, due), face)


class Face:
    """What a person sees of a run, and says to it: a live line, and Ctrl-C."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.line = LiveLine(as_json=as_json)
        text = "Stopping after the letters in progress; press again to stop at once."
        self.interruptions = Interruptions(lambda: self.line.warn(text))

    def wants_to_stop(self) -> bool:
        """Whether somebody asked the run to end."""
        return self.interruptions.asked > 0


def _copies(
    ws: Workspace, run: SendRun, due: Due, oneself: str, face: Face, *, yes: bool
) -> ExitCode:
    """Send copies of what would leave to oneself."""
    if report := _not_now(run, due):
        return finish(ws, run.options, report, as_json=face.as_json)
    question = _copy_question(ws, due, oneself)
    senders = _senders(ws, run, due, yes=yes, question=question)
    name = ws.settings.applicant.name
    copies = steps.sending.send_copies(run, senders, due, address=oneself, name=name)
    return _work(ws, run, copies, face)


def _copy_question(ws: Workspace, due: Due, oneself: str) -> str:
    count = show.plural(len(due.going), "copy", "copies")
    own = ws.settings.applicant.email
    if fold_address(oneself) == fold_address(own):
        return f"Send {count} to yourself?"
    return f"{oneself} is not your own address ({own}). Send {count} there?"


def _not_now(run: SendRun, due: Due) -> SendReport | None:
    """How a run would end that could not begin at once; None if it may, or is to wait.

    No one is asked whether to send what could not leave anyway.
    """
    stop = run.find_stop(len(due.going))
    return None if stop is None else steps.sending.SendReport(due.considered, stop)


def _work(
    ws: Workspace, run: SendRun, work: Coroutine[Any, Any, SendReport], face: Face
) -> ExitCode:
    """Do the work and tell how it ended; Ctrl-C ends it after the letters under way."""
    report = face.interruptions.run(work)
    face.line.end()
    return finish(ws, run.options, report, as_json=face.as_json)


def _senders(
    ws: Workspace, run: SendRun, due: Due, *, yes: bool, question: str = ""
) -> SenderFactory:
    """Who delivers; asks before anything leaves.  No sender where no letter may.

    A run that watches also delivers what is deferred, when it is due.
    """
    going = len(due.going)
    if run.options.watch:
        going += sum(result.next_attempt_at is not None for result in due.noted)
    if not going:
        return lambda _: []
    make_senders = wiring.sender_factory(ws.settings)
    _confirm(question or f"Send {show.plural(going, 'letter')}?", yes=yes)
    return make_senders


def _checked(ws: Workspace, address: str) -> str:
    """The address for copies to oneself.  Raises click.BadParameter, PersonNeededError."""
    from planner.options.parsers import parse_address

    try:
        oneself = parse_address(address)
    except ValueError as error:
        raise click.BadParameter(f"--reflect: {error}.") from None
    steps.sending.refuse_address(ws, oneself, own=ws.settings.applicant.email)
    return oneself


def _confirm(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise PersonNeededError(
            "There is no terminal to ask on; nothing was sent.",
            hint="In a script, add --yes.",
            code="not_confirmed",
        )
    if not ask_yes(question, err=True):
        raise PersonNeededError("You said no: nothing was sent.", code="not_confirmed")


def _nothing(ws: Workspace, *, as_json: bool) -> ExitCode:
    counts = steps.outbox.count_letters(ws)
    if as_json:
        emit(document(steps.sending.SendReport()))
    say("Nothing to send: no approved letter is due.", as_json=as_json)
    if number := counts.get(LetterState.DRAFT):
        say(f"  -> {show.plural(number, 'draft')} to read: planner review", as_json=as_json)
    if number := counts.get(LetterState.UNKNOWN):
        text = f"{number} may or may not have been delivered; only you can find out."
        say(show.wrapped(text, hanging="  "), as_json=as_json)
        say("  -> planner outbox list --state unknown", as_json=as_json)
        return ExitCode.PERSON_NEEDED
    return ExitCode.OK


def _dry(ws: Workspace, due: Due, *, as_json: bool) -> ExitCode:
    report = steps.sending.SendReport(due.considered)
    if as_json:
        emit({**document(report), "dry_run": True})
    going = show.plural(len(due.going), "letter")
    say(f"Dry run: would send {going}; nothing was sent.", as_json=as_json)
    say_hints(ws, report, as_json=as_json)
    unknown = report.count(LetterState.UNKNOWN)
    return ExitCode.PERSON_NEEDED if report.held or unknown else ExitCode.OK
