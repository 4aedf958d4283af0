"""`review`: one letter after another on a terminal, with single keys.

Nothing is done before its key is pressed under the letter's full text, keys that were
pressed before the question are thrown away, and each decision is committed at once: whatever
ends the session loses nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner import steps
from planner.cli import show
from planner.cli.app import answers_json, asks_json, emit, letter_numbers, say
from planner.cli.documents import letter_document
from planner.cli.editor import KEEPS, EditingError, edited
from planner.cli.hints import hint_of
from planner.cli.keys import ask_key, show_in_screens
from planner.cli.why import story_text
from planner.errors import ConfigError, ExitCode, PlannerError
from planner.rules.choice import WHEN
from planner.rules.facts import LetterKind
from planner.rules.letters import findings_of
from planner.rules.wording import flow
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.steps.review_view import Reading

KEYS = "[a]pprove [e]dit [r]eason [l]etter [n]ext [x]out [w]hy [d]iff [b]ack [q]uit [?]"
HELP = """\
a  approve: freeze this letter as you see it; planner send delivers it
e  edit subject and body in your editor ($VISUAL, $EDITOR)
r  what draws you there: shown in its sentence, then the letter is rewritten
l  write another kind of letter instead
n  next, and decide later      b  back to the previous letter
x  leave out: no letter to this program
w  why this program, with the whole table
d  how it differs from the letter that today's facts would give
q  quit; all that you did is kept
Enter or space show the letter again"""


class Move(Enum):
    """Where a key leads."""

    STAY = "stay"  # ask again
    AGAIN = "again"  # show the letter again
    NEXT = "next"
    BACK = "back"
    QUIT = "quit"


@click.command("review", epilog="Example: planner review 3,7-12")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--web", is_flag=True, help="Review on a page in your browser, on this machine.")
@answers_json
@click.pass_obj
def review_command(ws: Workspace, ids: tuple[str, ...], web: bool) -> ExitCode:
    """Go through the drafts one by one and decide with a single key.

    Without ID: every draft.  End of input and Ctrl-C approve nothing.  A letter that was
    left out, cancelled or refused can be named, too; a, e and l take it up again.
    """
    if web:
        from planner.cli.review_web import review_web

        code = review_web(ws, letter_numbers(ids) if ids else None)
        return _answer(ws, letter_numbers(ids) if ids else (), code)
    shown_on = sys.stderr if asks_json() else sys.stdout
    if not (sys.stdin.isatty() and shown_on.isatty()):
        raise ConfigError(
            "planner review needs a terminal: it waits for your keys.",
            hint="For scripts: planner preview ID, then planner approve ID.",
            code="no_terminal",
        )
    numbers = letter_numbers(ids) if ids else None
    queue = steps.review_view.list_to_read(ws, numbers)
    if not queue:
        say("No drafts to read.\n  -> planner draft writes them.")
    code = Session(ws, queue).run() if queue else ExitCode.OK
    return _answer(ws, queue, code)


def _answer(ws: Workspace, numbers: Sequence[int], code: ExitCode) -> ExitCode:
    """The letters as they are now, for who asked with --json."""
    if asks_json():
        after = [steps.outbox.get_letter(ws, number) for number in numbers]
        emit({"letters": [letter_document(letter) for letter in after]})
    return code


class Session:
    """A reviewer's way through some letters."""

    def __init__(self, ws: Workspace, queue: Sequence[int]) -> None:
        self.ws = ws
        self.queue = list(queue)
        self.approved: set[int] = set()
        self.left_out: set[int] = set()
        # Files with texts that could not be taken over; the editor opens them again.
        self.unsaved: dict[int, Path] = {}
        self.keys: dict[str, Callable[[Reading], Move]] = {
            "a": self._approve,
            "e": self._edit,
            "r": self._reason,
            "l": self._switch,
            "n": lambda _: Move.NEXT,
            "x": self._leave_out,
            "w": self._why,
            "d": self._difference,
            "b": lambda _: Move.BACK,
            "q": lambda _: Move.QUIT,
            "?": self._help,
            "\r": lambda _: Move.AGAIN,
            "\n": lambda _: Move.AGAIN,
            " ": lambda _: Move.AGAIN,
        }

    def run(self) -> ExitCode:
        """Go through the letters until the last one, or until the reviewer stops."""
        at = 0
        try:
            while at < len(self.queue):
                move = self._one(at)
                if move is Move.QUIT:
                    break
                at = max(0, at + {Move.NEXT: 1, Move.BACK: -1}.get(move, 0))
        except EOFError:
            pass
        except KeyboardInterrupt:
            say(self._summary())
            raise
        say(self._summary())
        return ExitCode.OK

    def _one(self, at: int) -> Move:
        """Show a letter until a key leads away from it."""
        reading = steps.review_view.read(self.ws, self.queue[at])
        if not self._show(reading, at):
            return Move.QUIT
        steps.review.note_shown(self.ws, [reading.letter])
        while True:
            key = ask_key(KEYS)
            if key not in self.keys:
                say("That is not a key here; ? explains them.")
                continue
            try:
                move = self.keys[key](reading)
            except PlannerError as error:
                say(show.wrapped(error.message, hanging="  "))
                say(show.hint(hint_of(error)))
                move = Move.AGAIN if error.code == "changed_meanwhile" else Move.STAY
            if move is Move.AGAIN:
                say("Here is the letter again.")
            if move is not Move.STAY:
                return move

    def _show(self, reading: Reading, at: int) -> bool:
        """Show a letter; False if the reviewer quits before its end."""
        letter = reading.letter
        title = f"--- {at + 1} of {len(self.queue)}: letter {letter.id}, {letter.program} "
        title = f"{show.clipped(title, show.width() - 30)} [{letter.letter}] {letter.state} "
        applicant = self.ws.settings.applicant
        parts = [
            "",
            title.ljust(show.width() - 1, "-"),
            show.letter_text(
                letter.subject,
                f"{applicant.name} <{letter.sender}>",
                show.joined(letter.to),
                show.joined(letter.cc),
                letter.body,
            ),
            "",
            show.wrapped(
                f"Why: {reading.decision.rule}: {reading.decision.reasons[0]}", hanging="     "
            ),
            show.findings(letter, reading.findings),
        ]
        if letter.held_because:
            parts.append(show.wrapped(f"Note: {letter.held_because}", hanging="  "))
        if noted := flow(reading.decision.program.notes):
            parts.append(show.own_notes(noted))
        if reading.moved:
            parts.append(show.wrapped("The facts behind it have changed: d shows how."))
        return show_in_screens("\n".join(parts).rstrip() + "\n")

    def _approve(self, reading: Reading) -> Move:
        number = reading.letter.id
        warnings = findings_of(reading.findings, "warning")
        open_errors = findings_of(reading.findings, "error")
        if warnings and not open_errors:
            count = show.plural(len(warnings), "warning")
            if ask_key(f"It has {count}. Approve anyway? [y/N]") != "y":
                say("Not approved.")
                return Move.STAY
        result = steps.review.approve_opened(self.ws, reading.letter)
        if not result.done:
            say(show.wrapped(f"Not approved: {result.reason.rstrip('.,')}.", hanging="  "))
            say(show.hint(hint_of(result)))
            return Move.STAY
        self.approved.add(number)
        self.left_out.discard(number)
        say(show.colored("approved", f"Letter {number} approved."))
        if result.reason:
            say(show.wrapped(f"held back for now: {result.reason}", indent="  "))
        return Move.NEXT

    def _edit(self, reading: Reading) -> Move:
        letter = reading.letter
        try:
            with edited(letter, self.unsaved.pop(letter.id, None)) as text:
                if not text.changed and not (letter.stale and _keeps_text()):
                    say("Nothing was changed.")
                    return Move.STAY
                fresh = steps.edit.edit(
                    self.ws, letter.id, subject=text.subject, body=text.body, opened=letter
                )
        except EditingError as error:
            self.unsaved[letter.id] = error.path
            error.hint += "; e opens it again"
            raise
        self.approved.discard(letter.id)
        before = (letter.subject, letter.body)
        after = (fresh.subject, fresh.body)
        say("\n" + show.difference(steps.review_view.compare_texts(before, after)))
        return Move.AGAIN

    def _reason(self, reading: Reading) -> Move:
        """Ask for the reason of this letter's program, in the sentence that it completes."""
        from planner.cli.reasons import ask_in_letter

        if present := reading.decision.program.reason:
            say(show.wrapped(f"The current reason: {present}", hanging="  "))
        text = ask_in_letter(self.ws, reading.letter.program_id)
        if not text:
            return Move.STAY
        steps.reasons.set_for_letter(self.ws, reading.letter, text)
        self.approved.discard(reading.letter.id)
        return Move.AGAIN

    def _switch(self, reading: Reading) -> Move:
        letter = reading.letter
        for number, kind in enumerate(reading.kinds, 1):
            here = " (this one)" if kind is letter.letter else ""
            say(show.wrapped(f"  {number} {kind}{here}: {WHEN[kind]}", hanging="      "))
        key = ask_key(f"Which letter? [1-{len(reading.kinds)}, any other key keeps this one]")
        if not key.isdecimal() or not 1 <= int(key) <= len(reading.kinds):
            return Move.STAY
        kind = LetterKind(reading.kinds[int(key) - 1])
        if kind is letter.letter and not letter.edited:
            say("It already is this one.")
            return Move.STAY
        keep = ""
        if letter.edited:
            keep = ask_key("[k]eep your edited text, [t]hrow it away, any other key: back")
            if keep not in ("k", "t"):
                return Move.STAY
        steps.edit.edit(
            self.ws,
            letter.id,
            kind=kind,
            subject=letter.subject if keep == "k" else None,
            body=letter.body if keep == "k" else None,
            opened=letter,
        )
        self.approved.discard(letter.id)
        return Move.AGAIN

    def _leave_out(self, reading: Reading) -> Move:
        number = reading.letter.id
        (result,) = steps.actions.leave_out(self.ws, [number], opened=reading.letter)
        if not result.done:
            say(f"Letter {number}: {result.reason.rstrip('.,')}.")
            return Move.STAY
        self.left_out.add(number)
        say(f"Letter {number} left out (planner leave-out --undo {number} takes it back).")
        return Move.NEXT

    def _why(self, reading: Reading) -> Move:
        story = steps.plan.explain(self.ws, f"#{reading.letter.program_id}")
        show_in_screens(story_text(story) + "\n")
        return Move.STAY

    def _difference(self, reading: Reading) -> Move:
        lines = steps.review_view.compare_with_today(reading)
        same = "Nothing: today's facts would write the same letter."
        say(show.difference(lines) if lines else same)
        return Move.STAY

    def _help(self, reading: Reading) -> Move:
        say(HELP)
        return Move.STAY

    def _summary(self) -> str:
        waiting = len(steps.review_view.list_to_read(self.ws))
        done = f"{len(self.approved)} approved, {len(self.left_out)} left out"
        rest = show.plural(waiting, "draft") + " to read"
        following = "planner review shows you the rest" if waiting else "planner send delivers"
        return f"{done}; {rest}.\n  -> {following}"


def _keeps_text() -> bool:
    """Whether the reviewer stands by a text under which facts have moved."""
    return ask_key(f"{KEEPS} [y/N]") == "y"
