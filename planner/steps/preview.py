"""Letters as the bytes that would leave, with their reasons, and one of each branch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from planner.errors import PlannerError
from planner.mail.message import Outline, UnsafeMessageError, freeze
from planner.mail.wire import dated
from planner.rules.choice import false_claim
from planner.rules.compose_links import Note
from planner.rules.facts import LetterKind, Verdict
from planner.rules.letters import Letter
from planner.rules.states import DUE, LetterState
from planner.rules.wording import VOICES, flow
from planner.steps.sending.handing import read_note
from planner.steps.workspace import Workspace
from planner.store.engine import Transaction
from planner.store.letters import get_letters, list_letters, read_frozen
from planner.store.programs import list_programs

WAITING = DUE | {LetterState.DRAFT}


class Message(NamedTuple):
    """A letter as the bytes that would leave, or the reason why there are none."""

    letter: Letter
    wire: bytes
    refusal: UnsafeMessageError | None = None


def list_waiting(ws: Workspace, ids: Sequence[int] | None = None) -> list[Letter]:
    """The letters with these numbers; without ids those that wait.

    Raises UnknownNameError for a number that is not a letter.
    """
    with ws.store.read() as tx:
        return _waiting(tx, ids)


def known_numbers(ws: Workspace, ids: Sequence[int]) -> list[int]:
    """Those of these numbers that are letters."""
    with ws.store.read() as tx:
        found = {letter.id for letter in list_letters(tx, ids=ids)}
    return [number for number in ids if number in found]


def list_notes(ws: Workspace, letters: Sequence[Letter]) -> Mapping[int, str]:
    """The user's own notes on the programs of these letters, by program, where there are some."""
    wanted = {letter.program_id for letter in letters}
    with ws.store.read() as tx:
        found = list_programs(tx)
    return {x.id: flow(x.notes) for x in found if x.id in wanted and x.notes.strip()}


def _waiting(tx: Transaction, ids: Sequence[int] | None) -> list[Letter]:
    return list_letters(tx, states=WAITING) if ids is None else get_letters(tx, ids)


def build_messages(ws: Workspace, ids: Sequence[int] | None = None) -> list[Message]:
    """Each of those letters as it would follow DATA, before dot-stuffing.

    A frozen letter gives its own bytes, with Date once it had its first attempt; a draft is
    built for the occasion, so its Message-ID is provisional.
    """
    made, name = [], ws.situation().applicant.name
    with ws.store.read() as tx:
        for letter in _waiting(tx, ids):
            try:
                made.append(Message(letter, _as_it_leaves(tx, name, letter)))
            except UnsafeMessageError as error:
                made.append(Message(letter, b"", error))
    return made


def _as_it_leaves(tx: Transaction, sender_name: str, letter: Letter) -> bytes:
    if letter.digest is not None:
        wire = read_frozen(tx, letter.id)
        return dated(wire, letter.date_header) if letter.date_header else wire
    outline = Outline(
        sender_name,
        letter.sender,
        letter.to,
        letter.cc,
        letter.subject,
        letter.body,
        letter.in_reply_to or "",
    )
    return freeze(outline).wire


class Judged(NamedTuple):
    """A letter with the reasons of today's decision; `note` once it was handed over."""

    letter: Letter
    reasons: Sequence[str]
    note: Note | None


def add_reasons(ws: Workspace, ids: Sequence[int] | None = None) -> list[Judged]:
    """Those letters with the reasons of today's decision; without ids also what was handed over."""
    with ws.store.read() as tx:
        states = WAITING | {LetterState.EXPORTED}
        letters = list_letters(tx, states=states) if ids is None else get_letters(tx, ids)
        composer = ws.composer(tx)
    plan = composer.plan.by_program()
    return [
        Judged(letter, plan[letter.program_id].reasons, _note(ws, letter)) for letter in letters
    ]


def _note(ws: Workspace, letter: Letter) -> Note | None:
    """Return what the letter's links hold; None if its bytes are damaged."""
    with suppress(PlannerError):
        if letter.state is LetterState.EXPORTED:
            return read_note(ws.store, letter)
    return None


# Facts that letters have conditions on.
BRANCHING = (
    *("interviewed", "interview_day", "interview_ahead", "on_hold", "waitlisted", "liability"),
    *("requested", "required", "considered", "reason", "reason_sentence", "tie", "impression"),
    *("impression_sentence", "expected_day", "exam_day", "expected_range"),
)


class Sample(NamedTuple):
    """A letter for a real program in one wording; `branch` says what it had to know."""

    kind: LetterKind
    voice: str
    branch: str
    program: str
    subject: str
    body: str


def make_samples(ws: Workspace) -> list[Sample]:
    """One real program for each letter, each of its wordings and each branch.

    A branch is what the templates have conditions on and the program gives.
    """
    with ws.store.read() as tx:
        composer = ws.composer(tx)
    found: dict[tuple[LetterKind, str, str], Sample] = {}
    for kind in LetterKind:
        for decision in composer.plan.of(Verdict.EMAIL):
            if false_claim(kind, decision.case):
                continue
            for voice in VOICES:
                text = composer.text(decision, kind, voice=voice)
                given = [name for name in BRANCHING if text.facts.get(name)]
                branch = ", ".join(given).replace("_", " ") or "plain"
                key = kind, text.facts.get("voice", ""), branch
                program = decision.program.program
                found.setdefault(key, Sample(*key, program, text.subject, text.body))
    return list(found.values())
