"""`demo`: the whole story on made-up data, with real commands, a real database, real SMTP."""

from __future__ import annotations

import email
import email.policy
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

import click

from planner import steps, system
from planner.cli import invoke, show
from planner.cli.app import answers_json, asks_json, emit, say
from planner.cli.pager import unpaged
from planner.cli.practice import PORT, PracticeMailbox, opened
from planner.errors import ConfigError, ExitCode, PlannerError, worst
from planner.files import make_folder, write_private
from planner.mail.wire import wire_digest
from planner.rules.calendar import noon
from planner.rules.letters import Letter, findings_of
from planner.rules.states import LetterState
from planner.rules.visible import printable
from planner.wiring import Workspace

# A Tuesday in the early phase, when letters are read; the same on every day of every year.
DEMO_DAY = date(2026, 10, 20)
LIST = "programs.csv"
SHOWN = 8  # letters of the mailbox
EXAMPLES = ("after_interview", "strong_score", "improvement")


class DemoWorkspace(Workspace):
    """A workspace that lives on the demo's day; it can reach nothing but loopback."""

    def now(self) -> datetime:
        """Noon of the demo's day."""
        return noon(DEMO_DAY)


@click.command("demo", epilog="Example: planner demo --keep play")
@click.option(
    "--keep", type=click.Path(file_okay=False), help="Keep the demo's files in this folder."
)
@click.option("--serve", is_flag=True, help="Open a practice mailbox that shows what arrives.")
@click.option("--port", type=click.IntRange(1, 65_535), default=PORT, help="Where --serve listens.")
@answers_json
def demo_command(keep: str | None, serve: bool, port: int) -> ExitCode:
    """See the whole story on made-up programs, up to a mailbox with the letters.

    With --serve, it opens a practice mailbox on this computer instead: send letters to it with
    your own config, and read what arrives. With both --serve and --keep, you see the story first.
    """
    with ExitStack() as stack:
        folder = _folder(keep) or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        mailbox = PracticeMailbox(folder / "mailbox", port if serve else 0)
        stack.enter_context(mailbox)
        code = ExitCode.OK
        if keep or not serve:
            lay_out(folder, mailbox.port)
            code = _story(folder)
            mailbox.forget()
            if keep and not serve:  # this mailbox closes; the next one is the practice mailbox
                _write_config(folder, PORT)
        if serve:
            say(opened(mailbox.port))
            return worst([code, mailbox.show_until_interrupted()])
    say()
    if keep:
        where = f"Everything is in {printable(keep)}: config.toml, {LIST}, planner.sqlite3"
        say(show.wrapped(f"{where} and mailbox/.", hanging="  "))
        place = system.quoted(printable(keep))
        say(show.hint(f"cd {place}, then: planner outbox list, or planner report --open"))
        mailbox_first = (
            "To write and send more letters from there, first open the practice mailbox in"
            " another terminal: planner demo --serve"
        )
        say(show.wrapped(mailbox_first, hanging="  "))
    else:
        say("To try it yourself: planner demo --keep play")
    return code


def _folder(keep: str | None) -> Path | None:
    if keep is None:
        return None
    folder = Path(keep)
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError(
            f"{folder} already exists and is not empty; the demo needs its own folder.",
            hint="Name another one, or delete it: planner demo --keep DIR",
            code="exists",
        )
    return folder


def lay_out(folder: Path, port: int) -> None:
    """Write config and list of the demo; its mail server is on this port.  Raises PlannerError."""
    try:
        make_folder(folder)
        _write_config(folder, port)
        write_private(folder / LIST, files("planner.demo").joinpath(LIST).read_bytes())
    except OSError as error:
        raise PlannerError(
            f"Cannot write to {folder}: {error.strerror}.", hint="Name another folder with --keep."
        ) from error


def _write_config(folder: Path, port: int) -> None:
    text = files("planner.demo").joinpath("config.toml").read_text("utf-8")
    text = text.replace("port = 1\n", f"port = {port}\n")
    write_private(folder / "config.toml", text.encode())


def _story(folder: Path) -> ExitCode:
    ws = DemoWorkspace(str(folder / "config.toml"))
    say(f"It is {DEMO_DAY}. Robin Sample has a new Step 2 CK score, 255 after 232 on")
    say("Step 1, and a list of 60 programs. Whom to tell, and in what words?")
    _chapter("Import the list")
    _type(ws, "import", str(folder / LIST))
    _chapter("What is the score worth in each specialty?")
    _type(ws, "assess", "IM", "EM")
    _chapter("Whom to write to today, whom to leave out, and why")
    _type(ws, "plan")
    _chapter("Why one of them gets no letter")
    _type(ws, "why", "Ember Lake")
    _chapter("A draft for each")
    _type(ws, "draft")
    _chapter("One letter names another program: that gets fixed before anyone reads it")
    _fix(ws)
    _chapter("Three of the letters, as they will arrive")
    _read(ws)
    _chapter("All have been read and approved; now they are delivered over SMTP")
    _type(ws, "send", "--yes")
    _chapter("Sending again sends nothing twice")
    _type(ws, "send", "--yes")
    _type(ws, "status")
    _chapter("What arrived in the mailbox")
    return _mailbox(ws, folder / "mailbox")


def _chapter(title: str) -> None:
    say(f"\n== {title} ".ljust(show.width(), "="))


def _type(ws: Workspace, *words: str, quietly: bool = False) -> None:
    """Run a command as if it were typed."""
    if not quietly:
        typed = " ".join(f'"{w}"' if " " in w else Path(w).name for w in words)
        say(f"\n$ planner {typed}")
    with unpaged():
        invoke(list(words), ws)


def _drafts(ws: Workspace) -> list[Letter]:
    return list(steps.outbox.list_letters(ws, [LetterState.DRAFT]).letters)


def _with(letters: Sequence[Letter], code: str) -> Letter:
    return next(x for x in letters if any(f["code"] == code for f in x.findings))


def _fix(ws: Workspace) -> None:
    wrong = _with(_drafts(ws), "other_program")
    _type(ws, "preview", str(wrong.id))
    _type(ws, "approve", str(wrong.id))
    reason = "reason=the critical care track for residents"
    _type(ws, "programs", "set", str(wrong.program_id), reason)
    _type(ws, "draft", "--program", str(wrong.program_id))


def _read(ws: Workspace) -> None:
    drafts = _drafts(ws)
    for kind in EXAMPLES:
        _type(ws, "preview", str(next(x.id for x in drafts if x.letter == kind)))
    # The demo reads the rest without printing it, and approves what has no error.
    good = [x for x in drafts if not findings_of(x.findings, "error")]
    steps.review.note_shown(ws, good)
    say("\n(the rest are read, too)")
    _type(ws, "approve", show.ranges([letter.id for letter in good]))


def _mailbox(ws: Workspace, folder: Path) -> ExitCode:
    """Compare what arrived with what was approved, and show the mailbox."""
    sent = {x.message_id: x for x in steps.outbox.list_letters(ws, [LetterState.SENT]).letters}
    rows, exact = [], 0
    for path in sorted((folder / "new").iterdir()):
        wire = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        message = email.message_from_bytes(wire, policy=email.policy.default)
        letter = sent.get(str(message["Message-ID"]))
        if letter is not None:
            same = wire_digest(letter.sender, (*letter.to, *letter.cc), wire) == letter.digest
            exact += same
        rows.append((str(message["To"]), str(message["Subject"])))
    say(show.table(sorted(rows)[:SHOWN], ("TO", "SUBJECT")))
    say(f"... and {len(rows) - SHOWN} more")
    say(f"\n{len(rows)} letters arrived, {exact} of them byte for byte as approved.")
    if asks_json():
        emit({"sent": len(sent), "arrived": len(rows), "exact": exact})
    whole = bool(sent) and len(rows) == exact == len(sent)
    return ExitCode.OK if whole else ExitCode.FAILED
