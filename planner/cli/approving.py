"""The verbs of review for scripts: approve, unapprove, leave-out, edit, cancel."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from planner.cli import show
from planner.cli.app import App, letter_numbers, say, word_option
from planner.cli.editor import KEEPS, edited
from planner.cli.hints import hint_of
from planner.cli.hints.findings import fix_of
from planner.errors import ConfigError, ExitCode, PersonNeededError, worst
from planner.rules.choice import WHEN
from planner.rules.facts import LetterKind
from planner.rules.letters import Letter, findings_of
from planner.rules.states import LetterState
from planner.steps import review, settle
from planner.steps.draft import composer_for
from planner.steps.overrides import Override
from planner.steps.verb import Verb
from planner.store.letters import get_letters, list_letters

MANY = 5  # more letters than this that went well share a line

several = click.argument("ids", nargs=-1, required=True, metavar="ID...")


@click.command("approve", epilog='Example: planner approve 4 --override 2 --because "their twin"')
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--all-shown", is_flag=True, help="Every draft whose present text was shown.")
@click.option("--unseen", is_flag=True, help="Approve without having shown the text.")
@click.option(
    "--override",
    multiple=True,
    metavar="N",
    help="Let error N of the letter stand (its number in preview, or its code) ...",
)
@click.option("--because", multiple=True, help="... for this reason, which is kept.")
@click.pass_obj
def approve_command(
    app: App,
    ids: tuple[str, ...],
    all_shown: bool,
    unseen: bool,
    override: tuple[str, ...],
    because: tuple[str, ...],
) -> ExitCode:
    """Approve letters whose full text you have read: from then on they are frozen.

    A letter whose present text was never shown (planner preview ID) is refused.  Errors are
    overridden one by one, in one letter at a time, each with a --because of its own.
    """
    if len(override) != len(because) or not all(map(str.strip, because)):
        raise click.UsageError('Each --override N needs a --because "TEXT" of its own.')
    if bool(ids) == all_shown:
        raise click.UsageError("Give the numbers of letters, or --all-shown.")
    with app.store.begin() as tx:
        composer = composer_for(tx, app.situation(), app.templates, app.account)
        wanted = (
            letter_numbers(ids) if ids else _shown(list_letters(tx, states=[LetterState.DRAFT]))
        )
        verbs = review.approve(
            tx,
            composer,
            wanted,
            unseen=unseen,
            overrides=list(map(Override, override, map(str.strip, because))),
        )
    if not verbs:
        raise PersonNeededError(
            "No draft has been shown in its present form.",
            hint="Read them first: planner preview ID",
            code="nothing_shown",
        )
    code = report(verbs, "approved")
    _warn([verb.letter for verb in verbs if verb.done])
    return code


def _warn(approved: Sequence[Letter]) -> None:
    """What was found in letters and did not stand in the way."""
    found: dict[tuple[str, str], list[int]] = {}
    for letter in approved:
        for finding in findings_of(letter.findings, "warning"):
            found.setdefault((finding["code"], fix_of(finding)), []).append(letter.id)
    for (code, fix), numbers in found.items():
        text = f"warning {code} in {show.ranges([*{*numbers}])}: {fix}"
        say(show.wrapped(text, indent="  ! ", hanging="    "))


def _shown(drafts: Sequence[Letter]) -> list[int]:
    return [x.id for x in drafts if x.shown_digest == x.content_digest]


def report(verbs: Sequence[Verb], word: str) -> ExitCode:
    """Tell what became of each letter; gives the exit code."""
    plain = [verb.letter.id for verb in verbs if verb.done and not verb.reason]
    if len(plain) > MANY:
        say(f"letters {show.ranges(plain)}: {word}")
        verbs_to_tell = [verb for verb in verbs if verb.letter.id not in plain]
    else:
        verbs_to_tell = list(verbs)
    for verb in verbs_to_tell:
        if verb.done:
            line = f"letter {verb.letter.id}, {verb.letter.program}: {word}"
            say(show.wrapped(line, hanging="  "))
            if verb.reason:
                say(show.wrapped(f"held back as long as {verb.reason}", indent="  "))
        else:
            say(
                show.wrapped(
                    f"letter {verb.letter.id}, {verb.letter.program}: {verb.reason.rstrip('.,')}.",
                    hanging="  ",
                )
            )
            say(show.wrapped(f"-> {hint_of(verb)}", indent="  ", hanging="     "))
    return worst(verb.exit_code for verb in verbs)


@click.command("unapprove", epilog="Example: planner unapprove 3,7-12")
@several
@click.pass_obj
def unapprove_command(app: App, ids: tuple[str, ...]) -> ExitCode:
    """Take approvals back: the letters are drafts again."""
    with app.store.begin() as tx:
        verbs = settle.unapprove(tx, letter_numbers(ids), at=app.now())
    return report(verbs, "a draft again")


@click.command("leave-out", epilog="Example: planner leave-out 5")
@several
@click.option("--undo", is_flag=True, help="Take letters up again that were left out.")
@click.pass_obj
def leave_out_command(app: App, ids: tuple[str, ...], undo: bool) -> ExitCode:
    """Say no to drafts: they stay in the outbox and are not sent."""
    with app.store.begin() as tx:
        if undo:
            return report(settle.reopen(tx, letter_numbers(ids), at=app.now()), "a draft again")
        return report(settle.leave_out(tx, letter_numbers(ids), at=app.now()), "left out")


@click.command("cancel", epilog="Example: planner cancel 8")
@several
@click.pass_obj
def cancel_command(app: App, ids: tuple[str, ...]) -> ExitCode:
    """Withdraw letters that are approved, deferred or refused."""
    with app.store.begin() as tx:
        verbs = settle.cancel(tx, letter_numbers(ids), at=app.now())
    return report(verbs, "cancelled")


EDIT_EPILOG = "\b\nLetters:\n" + "\n".join(f"  {kind:<15}  {when}" for kind, when in WHEN.items())


@click.command("edit", epilog=f"Example: planner edit 3 --letter improvement\n\n{EDIT_EPILOG}")
@click.argument("word", metavar="ID")
@word_option(
    "--letter",
    key="kind",
    words=LetterKind,
    text="Write this letter instead, keeping nothing of the old text",
)
@click.option("--subject", help="The new subject.")
@click.option(
    "--body-file", type=click.Path(allow_dash=True), help="The new body, from a file or -."
)
@click.pass_obj
def edit_command(
    app: App, word: str, kind: str | None, subject: str | None, body_file: str | None
) -> ExitCode:
    """Change a letter by hand, or choose another letter for it.

    An approved letter becomes a draft again; what you edit is never overwritten.  Without
    options it opens in your editor.
    """
    asked = kind is None and subject is None and body_file is None
    if asked and not sys.stdin.isatty():
        text = "Without a terminal say what to change: --letter, --subject or --body-file."
        raise click.UsageError(text)
    numbers = letter_numbers([word])
    if len(numbers) != 1:
        raise click.BadParameter("one letter at a time.")
    if asked:
        return _in_editor(app, numbers[0])
    body = None if body_file is None else _read(body_file)
    with app.store.begin() as tx:
        composer = composer_for(tx, app.situation(), app.templates, app.account)
        chosen = LetterKind(kind) if kind else None
        letter = review.edit(tx, composer, numbers[0], subject=subject, body=body, kind=chosen)
    return _told(letter)


def _keeps_text(letter: Letter) -> bool:
    """Whether the user stands by a text under which facts have moved."""
    say(show.wrapped(f"Note: {letter.held_because}", hanging="  "))
    return click.confirm(KEEPS)


def _in_editor(app: App, number: int) -> ExitCode:
    with app.store.read() as tx:
        opened = get_letters(tx, [number])[0]
    with edited(opened) as text:
        if not text.changed and not (opened.stale and _keeps_text(opened)):
            say("Nothing was changed.")
            return ExitCode.OK
        with app.store.begin() as tx:
            composer = composer_for(tx, app.situation(), app.templates, app.account)
            letter = review.edit(
                tx, composer, number, subject=text.subject, body=text.body, opened=opened
            )
    return _told(letter)


def _told(letter: Letter) -> ExitCode:
    line = f"letter {letter.id}, {letter.program}: edited ({letter.letter}), a draft to read again"
    say(show.wrapped(line, hanging="  "))
    if letter.findings:
        say(show.findings(letter))
    return ExitCode.OK


def _read(name: str) -> str:
    try:
        if name == "-":
            return sys.stdin.read()
        return Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"Cannot read {name}: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}.",
            hint="Name a text file with --body-file.",
        ) from error
