"""`outbox`: the letters, what happened to each, and a person's word when only a person knows."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from planner import steps, system, wiring
from planner.cli import show
from planner.cli.app import (
    Day,
    answers_json,
    asks_json,
    emit,
    json_option,
    letter_numbers,
    say,
    say_kept,
    several_letters,
    word_option,
)
from planner.cli.documents import letter_document, path_text
from planner.cli.keys import ask_yes
from planner.cli.outcomes import report
from planner.cli.pager import paged
from planner.errors import ExitCode, PersonNeededError
from planner.rules.states import LetterState, in_words
from planner.rules.visible import printable
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.rules.letters import Letter
    from planner.steps.review_view import Story


@click.group(
    "outbox", invoke_without_command=True, epilog="Example: planner outbox list --state refused"
)
@click.pass_context
def outbox_command(ctx: click.Context) -> ExitCode | None:
    """Show the letters and what happened to them; without a command: list them."""
    return None if ctx.invoked_subcommand else ctx.invoke(list_command)


@outbox_command.command("list", epilog="Example: planner outbox list --state sent --json")
@word_option("--state", words=LetterState, text="Only letters in this state", multiple=True)
@json_option
@click.pass_obj
@paged
def list_command(ws: Workspace, state: tuple[str, ...], as_json: bool) -> ExitCode:
    """List the letters with their states."""
    states = [LetterState(word) for word in state] or None
    found, counts = steps.outbox.list_letters(ws, states)
    if as_json:
        emit({"letters": [letter_document(x) for x in found], "totals": counts})
        return ExitCode.OK
    if not counts:
        say("No letters.\n  -> planner draft writes them.")
        return ExitCode.OK
    if found:
        say(_list_text(found) + "\n")
    else:
        say(f"No letter is {' or '.join(state)}.")
    say(", ".join(f"{number} {state}" for state, number in counts.items()))
    return ExitCode.OK


def _list_text(letters: Sequence[Letter]) -> str:
    """A table; with the day of each departure, once there is one."""
    days = [x.sent_on for x in letters]
    rows = [
        (x.id, x.state, *([day or ""] if any(days) else []), x.letter, show.named(x))
        for x, day in zip(letters, days, strict=True)
    ]
    told = ["SENT ON"] if any(days) else []
    return show.table(rows, ("ID", "STATE", *told, "LETTER", "PROGRAM"))


@outbox_command.command("show", epilog="Example: planner outbox show 3")
@several_letters
@json_option
@click.pass_obj
@paged
def show_command(ws: Workspace, ids: tuple[str, ...], as_json: bool) -> ExitCode:
    """Show letters with everything that happened to them."""
    stories = steps.review_view.list_histories(ws, letter_numbers(ids))
    if as_json:
        emit({"letters": [_story_document(story) for story in stories]})
        return ExitCode.OK
    for story in stories:
        say(_story_text(ws, story))
    return ExitCode.OK


def _story_document(story: Story) -> dict[str, Any]:
    return {
        **letter_document(story.letter),
        "body": story.letter.body,
        "difference": list(story.changes),
        "events": [
            {
                "at": e.at.isoformat(),
                "from": e.from_state,
                "to": e.to_state,
                "command": e.command,
                "why": e.why,
            }
            for e in story.events
        ],
    }


def _story_text(ws: Workspace, story: Story) -> str:
    letter, events, changes = story
    zone = ZoneInfo(ws.settings.pace.timezone)
    sender = f"{ws.settings.applicant.name} <{letter.sender}>"
    to, cc = (", ".join(addresses) for addresses in (letter.to, letter.cc))
    parts = [
        show.wrapped(
            f"letter {letter.id}, {letter.program}: {letter.state}"
            f" ({letter.letter}, rule {letter.rule})",
            hanging="  ",
        ),
        show.letter_text(letter.subject, sender, to, cc, letter.body),
        "",
        "What happened:",
    ]
    for event in events:
        change = f"{event.from_state or 'new'} -> {event.to_state}"
        at = event.at.astimezone(zone)
        line = f"{at:%Y-%m-%d %H:%M:%S %Z} {event.command}: {change}{f' ({event.why})' if event.why else ''}"
        parts.append(show.wrapped(line, indent="  ", hanging="    "))
    if letter.held_because:
        parts.append(show.wrapped(f"Held: {letter.held_because}", hanging="  "))
    if changes:
        parts.append("What today's facts would change:")
        parts.append(show.difference(changes, indent="  "))
    return "\n".join(parts) + "\n"


@outbox_command.command("retry", epilog="Example: planner outbox retry 4")
@several_letters
@answers_json
@click.pass_obj
def retry_command(ws: Workspace, ids: tuple[str, ...]) -> ExitCode:
    """Try deferred letters again at the next planner send, without waiting."""
    return report(steps.actions.retry(ws, letter_numbers(ids)), "due now")


# A person's word, with what is said of letters that it fits; `steps.actions.mark_...` does it.
SAID = {
    "delivered": "delivered",
    "not_delivered": "not delivered; a draft again",
    "bounced": "bounced",
}


@outbox_command.command("resolve", epilog="Example: planner outbox resolve 7 --not-delivered")
@several_letters
@click.option("--delivered", is_flag=True, help="It arrived.")
@click.option("--not-delivered", is_flag=True, help="It did not arrive.")
@click.option("--bounced", is_flag=True, help="It came back, even if it was sent.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask about letters that were sent.")
@answers_json
@click.pass_obj
def resolve_command(ws: Workspace, /, ids: tuple[str, ...], yes: bool, **words: bool) -> ExitCode:
    """Say what happened to letters for which the server's answer never came.

    Look in your Sent folder and your inbox, or ask the program; planner cannot find out itself.
    """
    said = [word for word, given in words.items() if given]
    if len(said) != 1:
        only = " Only one of them." if said else ""
        text = f"Say what happened: --delivered, --not-delivered or --bounced.{only}"
        raise click.UsageError(text)
    (word,), numbers = said, letter_numbers(ids)
    if word == "bounced" and not yes:
        _ask_twice(ws, numbers)
    return report(getattr(steps.actions, f"mark_{word}")(ws, numbers), SAID[word])


def _ask_twice(ws: Workspace, numbers: Sequence[int]) -> None:
    """Ask before a letter that the server took counts as refused.  Raises PersonNeededError."""
    sent = steps.actions.sent_among(ws, numbers)
    if not sent:
        return
    names = ", ".join(f"{letter.id} ({printable(letter.program)})" for letter in sent)
    if not sys.stdin.isatty():
        raise PersonNeededError(
            f"The server took letter {names}; only you can say whether it came back.",
            hint="Run this on a terminal, or add --yes.",
            code="confirm",
        )
    sure = ask_yes(f"The server took letter {names}. Did it come back?") and ask_yes(
        "It may then be written again. Are you sure?"
    )
    if not sure:
        raise PersonNeededError("You said no: nothing was changed.", code="not_confirmed")


@outbox_command.command("record", epilog='Example: planner outbox record "Mercy" --on 2026-10-12')
@click.argument("program")
@click.option("--on", "day", type=Day(), required=True, help="The date on which you told them.")
@answers_json
@click.pass_obj
def record_command(ws: Workspace, program: str, day: date) -> ExitCode:
    """Record that you told a program in some other way.

    If that was on or after the day the score was released, the program gets no letter about it.
    """
    situation = ws.situation()
    if day > situation.today:
        raise click.BadParameter(f"{day} is in the future (US Eastern).", param_hint="--on")
    told = steps.told.record_told(ws, program, day)
    found = told.decision.program
    say(show.wrapped(f"#{found.id} {printable(found.program)}: told on {day}.", hanging="  "))
    if told.still_to_tell:
        released = situation.applicant.step2.released_on
        news = "your news is from a later day" if released is None else f"released on {released}"
        held = ", and holds the letter until you decide" if told.decision.held_by else ""
        text = f"The plan still writes to them: the score was not out then ({news}){held}."
        say(show.wrapped(text, hanging="  "))
    if told.under_way:
        say(show.under_way(told.under_way))
    for letter in told.waiting:
        then = "will still be sent" if told.still_to_tell else "will not be sent"
        then = "is held" if told.still_to_tell and told.decision.held_by else then
        say(f"Letter {letter.id} is {in_words(letter.state)} and {then}.\n  -> {_away(letter)}")
    if asks_json():
        emit(
            {
                "id": found.id,
                "program": found.program,
                "told_on": day.isoformat(),
                "still_to_tell": told.still_to_tell,
                "waiting": [letter.id for letter in told.waiting],
                "under_way": [one.letter.id for one in told.under_way],
            }
        )
    return ExitCode.OK


def _away(letter: Letter) -> str:
    verb = "leave-out" if letter.state is LetterState.DRAFT else "cancel"
    return f"planner {verb} {letter.id} takes it off the list"


@outbox_command.command("export", epilog="Example: planner outbox export 3,7-12 --eml letters")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--eml", metavar="DIR", help="Write these letters as files for your mail program.")
@click.option("--failed", metavar="FILE", help="List programs whose letters failed (.csv, .xlsx).")
@click.option("--allow-mass", is_flag=True, help="Allow more than rules.mass_limit letters.")
@click.option("--force", is_flag=True, help="Replace FILE, whatever it is.")
@answers_json
@click.pass_obj
def export_command(
    ws: Workspace,
    ids: tuple[str, ...],
    eml: str | None,
    failed: str | None,
    allow_mass: bool,
    force: bool,
) -> ExitCode:
    """Write letters as files for your mail program, or list what failed.

    With --eml each approved letter becomes a file that your mail program opens as a draft. Once
    you have sent it, say so: planner outbox resolve ID --delivered. You can correct the list that
    --failed writes, and import it again.
    """
    if failed is not None and eml is None and not ids:
        return _export_failed(ws, failed, force=force)
    if eml is None or not ids or failed is not None:
        raise click.UsageError("Give either ID... with --eml DIR, or --failed FILE.")
    return _export_letters(ws, letter_numbers(ids), Path(eml), allow_mass=allow_mass)


def _export_letters(
    ws: Workspace, numbers: list[int], folder: Path, *, allow_mass: bool
) -> ExitCode:
    run = wiring.send_run(ws, steps.sending.SendOptions(ids=numbers, allow_mass=allow_mass))
    with ws.store.sender_lock():
        results = steps.sending.export_letters(run, folder)
    code = report(results, f"in {printable(str(folder))}")
    if any(result.done for result in results):
        say("  -> Send them, then: planner outbox resolve ID --delivered")
    return code


def _export_failed(ws: Workspace, name: str, *, force: bool) -> ExitCode:
    from planner.sheets.fields import REJECTED
    from planner.sheets.writer import Beside, write_programs

    found, reasons = steps.outbox.list_failed(ws)
    if not found:
        say("No letter was refused, and none is unknown; no file was written.")
    beside = Beside(REJECTED, reasons)
    kept = write_programs(Path(name), found, beside=beside, force=force) if found else None
    if asks_json():
        emit({"file": name if found else None, "programs": len(found), "kept": path_text(kept)})
    if not found:
        return ExitCode.OK
    text = f"{show.plural(len(found), 'program')} written to {printable(name)}, each with what was said."
    say(show.wrapped(text, hanging="  "))
    say_kept(kept)
    file = system.quoted(printable(name))
    command = f"planner import {file}".replace(" ", "\xa0")
    say(
        show.hint(
            "Read the column error. If an address is wrong, correct it in the file, then"
            f" {command}; and for each letter, planner leave-out --undo ID, then planner draft"
        )
    )
    return ExitCode.OK
