"""Letters as the bytes that would leave, with their reasons, and one of each branch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from planner.mail.message import Outline, UnsafeMessageError, freeze
from planner.mail.wire import dated
from planner.rules.choice import false_claim
from planner.rules.facts import LetterKind, Verdict
from planner.rules.letters import Letter
from planner.rules.states import DUE, LetterState
from planner.steps.letter_facts import AGAINST
from planner.steps.workspace import Workspace
from planner.store.engine import Transaction
from planner.store.letters import get_letters, list_letters, read_frozen

WAITING = DUE | {LetterState.DRAFT}


class Message(NamedTuple):
    """A letter as the bytes that would leave, or the reason why there are none."""

    letter: Letter
    wire: bytes
    refusal: UnsafeMessageError | None = None


def waiting(ws: Workspace, ids: Sequence[int] | None = None) -> list[Letter]:
    """The letters with these numbers; without ids those that wait.

    Raises UnknownNameError for a number that is not a letter.
    """
    with ws.store.read() as tx:
        return _waiting(tx, ids)


def _waiting(tx: Transaction, ids: Sequence[int] | None) -> list[Letter]:
    return list_letters(tx, states=WAITING) if ids is None else get_letters(tx, ids)


def messages(ws: Workspace, ids: Sequence[int] | None = None) -> list[Message]:
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


def with_reasons(
    ws: Workspace, ids: Sequence[int] | None = None
) -> list[tuple[Letter, Sequence[str]]]:
    """Those letters with the reasons of today's decision."""
    with ws.store.read() as tx:
        letters, composer = _waiting(tx, ids), ws.composer(tx)
    plan = composer.plan.by_program()
    return [(letter, plan[letter.program_id].reasons) for letter in letters]


class Sample(NamedTuple):
    """A letter for a real program; `branch` says which facts its templates had."""

    kind: LetterKind
    branch: str
    program: str
    subject: str
    body: str


def samples(ws: Workspace) -> list[Sample]:
    """One real program for each letter and each branch of its templates.

    A branch is the set of facts that the templates ask for and that the program gives:
    what they may have conditions on.
    """
    with ws.store.read() as tx:
        composer = ws.composer(tx)
    found: dict[tuple[LetterKind, str], Sample] = {}
    for kind in LetterKind:
        for decision in composer.plan.of(Verdict.EMAIL):
            if false_claim(kind, decision.case):
                continue
            draft = composer.draft(decision, kind)
            facts = {name: value for name, value in draft.facts.items() if name not in AGAINST}
            lacking = [name for name, value in facts.items() if not value]
            branch = f"without {', '.join(lacking)}" if lacking else "with every fact"
            sample = Sample(kind, branch, decision.program.program, draft.subject, draft.body)
            found.setdefault((kind, branch), sample)
    return list(found.values())
