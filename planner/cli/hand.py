"""`hand`: letter by letter into your own mail program, for accounts that no program may use."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planner import files, steps, wiring
from planner.cli import show
from planner.cli.app import emit, json_option, letter_numbers, say, several_letters
from planner.cli.hints import hint_of
from planner.cli.keys import ask_key
from planner.cli.opening import open_outside
from planner.cli.outcomes import tell
from planner.errors import ConfigError, ExitCode, PlannerError, worst
from planner.mail.account import provider_of
from planner.rules.compose_links import CARRIES_CC, MAKERS, Note, Way, link, trouble
from planner.rules.states import LetterState
from planner.rules.visible import printable
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.rules.letters import Letter
    from planner.steps.sending import Handed

# The compose page of a provider; other accounts begin with the computer's mail program.
WEB_PAGES = {
    "gmail": Way.GMAIL,
    "workspace": Way.GMAIL,
    "microsoft365": Way.OUTLOOK,
    "outlook": Way.OUTLOOK_COM,
}
LABELS = {
    Way.FILE: "a file (.eml)",
    Way.MAILTO: "your mail program",
    Way.GMAIL: "Gmail in your browser",
    Way.OUTLOOK: "Outlook on the web (school or work)",
    Way.OUTLOOK_COM: "Outlook.com in your browser",
}
KEYS = "Sent? [y]es [n]o [l]ater [o]pen it in another way [q]uit"
WAYS = "[f]ile [m]ail program [g]mail [o]utlook [c] outlook.com [p]age with all links [b]ack"
WAY_KEYS = {"f": Way.FILE, "m": Way.MAILTO, "g": Way.GMAIL, "o": Way.OUTLOOK, "c": Way.OUTLOOK_COM}
FOLDER = "handed"  # next to the config


@click.command("hand", epilog="Example: planner hand 3,7-12")
@several_letters
@click.option(
    "--by",
    type=click.Choice([way.value for way in Way]),
    help="How to open them; the default depends on your provider.",
)
@click.option(
    "-o", "--output", type=click.Path(file_okay=False), help="The folder for files (.eml, .html)."
)
@click.option("--allow-mass", is_flag=True, help="Allow more than rules.mass_limit letters.")
@json_option
@click.pass_obj
def hand_command(
    ws: Workspace,
    ids: tuple[str, ...],
    by: str | None,
    output: str | None,
    allow_mass: bool,
    as_json: bool,
) -> ExitCode:
    """Open approved letters in your own mail program, one after another.

    For schools that do not let programs send mail. Each letter opens with its recipients,
    subject and text filled in. You press Send there, then say here whether you sent it. Whatever
    stops planner send from sending a letter also stops it here. A letter that you opened before
    opens again only if you ask for it.

    With --json nothing is opened or asked: the document has the links, and the letters count
    as handed over (exported) from then on. Say what happened to each with planner outbox resolve.
    """
    numbers = letter_numbers(ids)
    options = steps.sending.SendOptions(ids=numbers, allow_mass=allow_mass)
    if as_json:
        return _document(ws, options)
    for number in numbers:  # a typo is told wherever the command runs
        steps.outbox.get_letter(ws, number)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ConfigError(
            "planner hand needs a terminal: it asks whether you sent each letter.",
            hint="For scripts: planner hand ID --json, or planner outbox export ID --eml DIR;"
            " then planner outbox resolve ID --delivered.",
            code="no_terminal",
        )
    folder = Path(output) if output else ws.settings.folder / FOLDER
    way = Way(by) if by else WEB_PAGES.get(provider_of(ws.settings.account), Way.MAILTO)
    return Session(ws, numbers, allow_mass=allow_mass, way=way, folder=folder).run()


class Session:
    """A person's way through letters that they send themselves."""

    def __init__(
        self,
        ws: Workspace,
        numbers: Sequence[int],
        *,
        allow_mass: bool,
        way: Way,
        folder: Path,
    ) -> None:
        self.ws = ws
        self.numbers = numbers
        self.allow_mass = allow_mass
        self.way = way
        self.folder = folder
        self.left: list[int] = []  # handed over, and not yet resolved
        self.codes: list[ExitCode] = []

    def run(self) -> ExitCode:
        """One letter after another; whatever ends this, each answer is kept."""
        _refuse_early(self.ws, self.numbers, allow_mass=self.allow_mass)
        try:
            for place, number in enumerate(self.numbers, 1):
                if not self._one(number, f"{place} of {len(self.numbers)}"):
                    break
        except EOFError:
            pass
        finally:
            self._tell_left()
        return worst([*self.codes, ExitCode.PERSON_NEEDED if self.left else ExitCode.OK])

    def _one(self, number: int, place: str) -> bool:
        """Hand one letter over and ask what became of it; False if the user quits."""
        options = steps.sending.SendOptions(ids=[number], allow_mass=self.allow_mass)
        (handed,) = _hand_over(self.ws, options)
        if not handed.result.done:
            tell(handed.result, "")
            self.codes.append(handed.result.exit_code)
            return True
        letter = handed.result.letter
        self.left.append(letter.id)
        try:
            note = steps.sending.read_note(self.ws.store, letter)
        except PlannerError as damage:  # it hides none of the others
            say(show.wrapped(damage.message) + f"\n  -> {hint_of(damage)}")
            return True
        say(_heading(letter, note, place))
        if handed.again:
            text = "You were handed this letter before, so nothing opens now. Was it sent?"
            say(show.wrapped(f"{text} If not, press o to open it.", hanging="  "))
        else:
            self._open(letter, note, self.way)
        return self._ask(letter, note)

    def _ask(self, letter: Letter, note: Note) -> bool:
        """Ask until there is an answer; False if the user quits."""
        while True:
            match ask_key(KEYS):
                case "y":
                    (result,) = steps.actions.mark_delivered(self.ws, [letter.id])
                    tell(result, show.colored("sent", "sent, as you said"))
                case "n":
                    (result,) = steps.actions.mark_not_delivered(self.ws, [letter.id])
                    tell(result, "a draft again; read and approve it before it can be sent")
                case "l":
                    return True
                case "q":
                    return False
                case "o":
                    self._open_otherwise(letter, note)
                    continue
                case _:
                    say("Press y after you have pressed Send there, or l to decide later.")
                    continue
            self.left.remove(letter.id)
            return True

    def _open_otherwise(self, letter: Letter, note: Note) -> None:
        key = ask_key(WAYS)
        if key == "p":
            self._open_page(letter, note)
        elif key in WAY_KEYS:
            self._open(letter, note, WAY_KEYS[key])

    def _open(self, letter: Letter, note: Note, way: Way) -> None:
        """Open a letter; as a file if it had better not go as a link."""
        if why := trouble(way, note):
            say(show.wrapped(f"Not by {LABELS[way]}: {why}. It goes as a file.", hanging="  "))
            way = Way.FILE
        if way is Way.FILE:
            (path,) = steps.sending.write_files(self.ws.store, [letter], self.folder)
            _open_file(path, "your mail program")
            return
        say(f"Opening {LABELS[way]} ...")
        if way not in CARRIES_CC and note.cc:
            text = f"A link cannot fill in Cc there. Paste it:  {show.joined(note.cc)}"
            say(show.wrapped(text, hanging="  "))
        if not open_outside(link(way, note)):
            text = "Nothing opened. Press o, then f for a file, or p for a page with all links."
            say(show.wrapped(text, hanging="  "))

    def _open_page(self, letter: Letter, note: Note) -> None:
        """Write a page with the letter and its links beside the files, and open it."""
        from planner.cli.page import Shown, page

        path = self.folder / f"letter-{letter.id:04d}.html"
        content = page([Shown(letter, letter.sender, (), note)], f"Letter {letter.id}")
        try:
            files.make_folder(self.folder)
            files.write_private(path, content.encode())
        except OSError as error:
            text = f"Cannot write {printable(str(path))}: {error.strerror}. Name a folder: -o DIR."
            say(show.wrapped(text, hanging="  "))
        else:
            _open_file(path, "your browser")

    def _tell_left(self) -> None:
        if self.left:
            numbers = show.ranges(self.left)
            word = "letter" if len(self.left) == 1 else "letters"
            text = f"You have not yet said whether you sent {word} {numbers}; until then, planner"
            say(show.wrapped(f"{text} does not send what you may have sent.", hanging="  "))
            say(f"  -> planner hand {numbers} asks again")


def _refuse_early(ws: Workspace, numbers: Sequence[int], *, allow_mass: bool) -> None:
    """Raise for a number that no letter has, and for a mass mailing, before any is handed over."""
    options = steps.sending.SendOptions(ids=numbers, allow_mass=allow_mass)
    with ws.store.sender_lock():
        steps.sending.preview_due(wiring.send_run(ws, options))


def _hand_over(ws: Workspace, options: Any) -> list[Handed]:
    run = wiring.send_run(ws, options)
    with ws.store.sender_lock():
        return steps.sending.hand_over(run, command="hand")


def _open_file(path: Path, program: str) -> None:
    """Open a file that was written, or say where it is."""
    where = f"{printable(str(path.resolve()))}"
    say(show.wrapped(f"Opening {where}", hanging="  "))
    if not open_outside(str(path.resolve())):
        text = f"Nothing opened, but the file is there. Open it yourself in {program}:"
        say(f"{show.wrapped(text, hanging='  ')}\n  {where}")


def _heading(letter: Letter, note: Note, place: str) -> str:
    """What to compare with the window that opens."""
    title = show.clipped(f"--- {place}: letter {letter.id}, {letter.program}", show.width() - 3)
    rows = [
        ("From", letter.sender),
        ("To", show.joined(note.to)),
        ("Cc", show.joined(note.cc)),
        ("Subject", note.subject),
    ]
    lines = [
        show.wrapped(f"{name + ':':<9}{value}", hanging=" " * 9) for name, value in rows if value
    ]
    return "\n".join([f"\n{title} ".ljust(show.width(), "-"), *lines])


def _document(ws: Workspace, options: Any) -> ExitCode:
    """Hand over without a person: the links, for a script to open."""
    handed = _hand_over(ws, options)
    emit({"letters": [_letter_document(ws, one) for one in handed]})
    return worst(one.result.exit_code for one in handed)


def _letter_document(ws: Workspace, handed: Handed) -> dict[str, Any]:
    letter = handed.result.letter
    found: dict[str, Any] = {
        "id": letter.id,
        "state": LetterState.EXPORTED if handed.result.done else letter.state,
        "again": handed.again,
        "reason": handed.result.reason,
        "links": {},
        "trouble": {},
    }
    if handed.result.done:
        note = steps.sending.read_note(ws.store, letter)
        found |= {"to": list(note.to), "cc": list(note.cc), "subject": note.subject}
        found["links"] = {way: link(way, note) for way in MAKERS}
        found["trouble"] = {way: why for way in MAKERS if (why := trouble(way, note))}
    return found
