"""One letter as a reviewer sees it: its text, its reasons, its findings, and what has changed."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from planner.rules.choice import false_claim
from planner.rules.facts import LetterKind, Verdict
from planner.rules.letters import Event, Letter
from planner.rules.planning import Decision
from planner.rules.states import GONE, LetterState
from planner.rules.wording import changed_facts
from planner.steps.compose import Composer
from planner.steps.workspace import Workspace
from planner.store.letters import get_letters, list_events, list_letters, update_letter


@dataclass(frozen=True, slots=True)
class Reading:
    """A letter, today's decision for its program, and its findings as things are now.

    `rendered` is what the templates would write today (None if they write nothing),
    `moved` the facts that the letter used and that have changed: name to (old, new).
    """

    letter: Letter
    decision: Decision
    findings: Sequence[Mapping[str, str]]
    rendered: tuple[str, str] | None
    moved: Mapping[str, tuple[str, str]]
    kinds: tuple[LetterKind, ...]


def list_to_read(ws: Workspace, ids: Sequence[int] | None = None) -> list[int]:
    """The letters to go through: those with these numbers, else every draft that may leave.

    One that the plan no longer wants cannot be approved, so it need not be read.
    """
    with ws.store.read() as tx:
        if ids is not None:
            return [letter.id for letter in get_letters(tx, ids)]
        drafts = list_letters(tx, states=[LetterState.DRAFT])
        return [letter.id for letter in drafts if not letter.undecided]


def read(ws: Workspace, number: int) -> Reading:
    """Look at one letter; the findings of a draft are stored as they are now.

    Raises UnknownNameError for a number that is not a letter.
    """
    with ws.store.read() as tx:
        reading = _read(ws.composer(tx), get_letters(tx, [number])[0])
    if reading.findings != reading.letter.findings:
        with ws.store.begin() as tx:
            if get_letters(tx, [number])[0].content_digest == reading.letter.content_digest:
                update_letter(tx, number, findings=reading.findings)
    return reading


def _read(composer: Composer, letter: Letter) -> Reading:
    decision = composer.plan.by_program()[letter.program_id]
    findings = letter.findings
    if letter.state is LetterState.DRAFT:
        findings = composer.findings_for(letter, decision)
    present = composer.present_facts(letter, decision.program)
    return Reading(
        letter=letter,
        decision=decision,
        findings=findings,
        rendered=_rendered(composer, letter, decision),
        moved=changed_facts(letter.facts, present),
        kinds=tuple(kind for kind in LetterKind if not false_claim(kind, decision.case)),
    )


def _rendered(composer: Composer, letter: Letter, decision: Decision) -> tuple[str, str] | None:
    if decision.verdict is not Verdict.EMAIL:
        return None
    fresh = composer.write_again(letter, decision)
    return fresh.subject, fresh.body


def compare_texts(old: tuple[str, str], new: tuple[str, str]) -> list[str]:
    """Lines that went (-) and came (+) between two letters, each a subject and a body."""
    before, after = (f"Subject: {subject}\n\n{body}".splitlines() for subject, body in (old, new))
    changed = difflib.unified_diff(before, after, "before", "after", lineterm="", n=1)
    return [line for line in changed if not line.startswith(("---", "+++"))]


def compare_with_today(reading: Reading) -> list[str]:
    """Return how a letter differs from what today's facts and templates would write."""
    return _difference(reading.letter, reading.moved, reading.rendered)


def _apart(composer: Composer, letter: Letter) -> list[str]:
    """The same for a letter that has not left; nothing for one that has, or may have.

    Nor for one whose program is no longer in the list.
    """
    if letter.state in GONE or letter.occasion != composer.situation.occasion:
        return []
    plan = composer.plan.by_program()
    if letter.program_id not in plan:
        return []
    decision = plan[letter.program_id]
    moved = changed_facts(letter.facts, composer.present_facts(letter, decision.program))
    return _difference(letter, moved, _rendered(composer, letter, decision)) if moved else []


def _difference(
    letter: Letter, moved: Mapping[str, tuple[str, str]], rendered: tuple[str, str] | None
) -> list[str]:
    lines = [
        f"{name.replace('_', ' ')}: {old or '(empty)'} -> {new or '(empty)'}"
        for name, (old, new) in moved.items()
    ]
    if rendered is not None:
        lines += compare_texts((letter.subject, letter.body), rendered)
    return lines


class Story(NamedTuple):
    """A letter, what happened to it, and what today's facts would change in it."""

    letter: Letter
    events: Sequence[Event]
    changes: Sequence[str]


def list_histories(ws: Workspace, ids: Sequence[int]) -> list[Story]:
    """Everything about some letters.  Raises UnknownNameError for a number that is not one."""
    with ws.store.read() as tx:
        found, composer = get_letters(tx, ids), ws.composer(tx)
        return [Story(x, list_events(tx, x.id), _apart(composer, x)) for x in found]
