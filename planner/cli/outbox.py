"""`outbox`: the letters, what became of each, and a person's word where nobody else knows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from planner.cli import show
from planner.cli.app import App, emit, json_option, letter_numbers, say, word_option
from planner.cli.approving import report
from planner.cli.drafting import letter_document
from planner.errors import ExitCode, PersonNeededError
from planner.mail.message import joined
from planner.rules.states import LetterState
from planner.steps import review, settle
from planner.steps.draft import composer_for
from planner.steps.reading import apart
from planner.store import outbox
from planner.store.outbox import Letter


@click.group(
    "outbox", invoke_without_command=True, epilog="Example: planner outbox list --state refused"
)
@click.pass_context
def outbox_command(ctx: click.Context) -> ExitCode | None:
    """Look at the letters and what became of them; without a command: list them."""
    return None if ctx.invoked_subcommand else ctx.invoke(list_command)


@outbox_command.command("list", epilog="Example: planner outbox list --state sent --json")
@word_option("--state", words=LetterState, text="Only letters in this state")
@json_option
@click.pass_obj
def list_command(app: App, state: str | None, as_json: bool) -> ExitCode:
    """List the letters with their states."""
    states = None if state is None else [LetterState(state)]
    with app.store.reading() as tx:
        letters, counts = outbox.find(tx, states=states), outbox.counts(tx)
    if as_json:
        emit({"letters": [letter_document(x) for x in letters], "totals": counts})
        return ExitCode.OK
    if not letters:
        say("No letters.\n  -> planner draft writes them.")
        return ExitCode.OK
    rows = [(x.id, x.state, x.letter, x.program) for x in letters]
    say(show.table(rows, ("ID", "STATE", "LETTER", "PROGRAM")))
    say("\n" + ", ".join(f"{number} {state}" for state, number in counts.items()))
    return ExitCode.OK


@outbox_command.command("show", epilog="Example: planner outbox show 3")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@json_option
@click.pass_obj
def show_command(app: App, ids: tuple[str, ...], as_json: bool) -> ExitCode:
    """Show letters with everything that happened to them."""
    with app.store.reading() as tx:
        letters = review.letters_with(tx, letter_numbers(ids))
        composer = composer_for(tx, app.situation(), app.templates, app.account)
        stories = [(x, outbox.history(tx, x.id), apart(composer, x)) for x in letters]
    if as_json:
        emit({"letters": [_story_document(x, events, change) for x, events, change in stories]})
        return ExitCode.OK
    for letter, events, change in stories:
        say(_story_text(app, letter, events, change))
    return ExitCode.OK


def _story_document(
    letter: Letter, events: Sequence[outbox.Event], change: Sequence[str]
) -> dict[str, Any]:
    return {
        **letter_document(letter),
        "body": letter.body,
        "difference": list(change),
        "events": [
            {
                "at": e.at.isoformat(),
                "from": e.from_state,
                "to": e.to_state,
                "command": e.command,
                "why": e.why,
            }
            for e in events
        ],
    }


def _story_text(
    app: App, letter: Letter, events: Sequence[outbox.Event], changes: Sequence[str]
) -> str:
    sender = f"{app.settings.applicant.name} <{letter.sender}>"
    parts = [
        f"letter {letter.id}, {letter.program}: {letter.state} ({letter.letter}, rule {letter.rule})",
        show.letter_text(letter.subject, sender, joined(letter.to), joined(letter.cc), letter.body),
        "",
        "What happened:",
    ]
    for event in events:
        change = f"{event.from_state or 'new'} -> {event.to_state}"
        line = f"{event.at.astimezone():%Y-%m-%d %H:%M:%S} {event.command}: {change}. {event.why}"
        parts.append(show.wrapped(line, indent="  ", hanging="    "))
    if letter.held_because:
        parts.append(show.wrapped(f"Held: {letter.held_because}"))
    if changes:
        parts.append("What today's facts would change:")
        parts.append(show.difference(changes, indent="  "))
    return "\n".join(parts) + "\n"


@outbox_command.command("retry", epilog="Example: planner outbox retry 4")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.pass_obj
def retry_command(app: App, ids: tuple[str, ...]) -> ExitCode:
    """Let deferred letters be due now; planner send delivers them."""
    with app.store.writing() as tx:
        verbs = settle.retry(tx, letter_numbers(ids), at=app.now())
    return report(verbs, "due now")


OUTCOMES: dict[str, tuple[Callable[..., list[review.Verb]], str]] = {
    "delivered": (settle.delivered, "delivered"),
    "not-delivered": (settle.not_delivered, "not delivered; a draft again"),
    "bounced": (settle.bounced, "bounced"),
}


@outbox_command.command("resolve", epilog="Example: planner outbox resolve 7 --not-delivered")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--delivered", "word", flag_value="delivered", help="It has arrived.")
@click.option("--not-delivered", "word", flag_value="not-delivered", help="It has not.")
@click.option("--bounced", "word", flag_value="bounced", help="It came back, even if it was sent.")
@click.option("--yes", is_flag=True, help="Do not ask about letters that were sent.")
@click.pass_obj
def resolve_command(app: App, ids: tuple[str, ...], word: str | None, yes: bool) -> ExitCode:
    """Say what became of letters of which the server's answer was lost.

    Look into your Sent folder, your inbox, or ask the program; nothing resolves itself.
    """
    if word is None:
        raise click.UsageError("Say what happened: --delivered, --not-delivered or --bounced.")
    numbers = letter_numbers(ids)
    if word == "bounced" and not yes:
        _ask_twice(app, numbers)
    act, said = OUTCOMES[word]
    with app.store.writing() as tx:
        verbs = act(tx, numbers, at=app.now())
    return report(verbs, said)


def _ask_twice(app: App, numbers: Sequence[int]) -> None:
    """Ask before a letter that the server took counts as refused.  Raises PersonNeededError."""
    with app.store.reading() as tx:
        sent = [x for x in review.letters_with(tx, numbers) if x.state is LetterState.SENT]
    if not sent:
        return
    names = ", ".join(f"{letter.id} ({letter.program})" for letter in sent)
    if not sys.stdin.isatty():
        raise PersonNeededError(
            f"The server took letter {names}; that it came back is for a person to say.",
            hint="Run this on a terminal, or add --yes.",
            code="confirm",
        )
    click.confirm(f"The server took letter {names}. Did it come back?", abort=True)
    click.confirm("It may then be written again. Are you sure?", abort=True)
