"""Shows a letter with another text, another kind or another reason.

Nothing is stored; it is shown while the user still types or chooses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from planner.errors import PersonNeededError
from planner.rules.choice import false_claim
from planner.rules.facts import LetterKind
from planner.rules.letters import Letter
from planner.rules.planning import Decision
from planner.steps.compose import Composer
from planner.steps.edit import refuse_hidden, refuse_unwanted
from planner.steps.letter_facts import own_wording
from planner.steps.review_view import compare_texts
from planner.steps.workspace import Workspace
from planner.store.letters import get_letters


class Trial(NamedTuple):
    """A letter as it would be, its findings, and what sets it apart from the one that is kept."""

    program_id: int
    subject: str
    body: str
    findings: Sequence[Mapping[str, str]]
    difference: Sequence[str]


def try_text(ws: Workspace, number: int, subject: str, body: str) -> Trial:
    """What would be found in a text.

    Raises UnknownNameError, and ConfigError for a character that no letter can hold.
    """
    refuse_hidden(number, subject, body)
    letter, decision, composer = _looked_up(ws, number)
    changed = letter._replace(subject=subject, body=body, edited=True)
    return _trial(letter, subject, body, composer.findings_for(changed, decision))


def try_kind(ws: Workspace, number: int, kind: LetterKind, voice: str = "") -> Trial:
    """The letter of another kind, in the wording `voice` or that of the config.

    Raises PersonNeededError for one that would not be true.
    """
    letter, decision, composer = _looked_up(ws, number)
    if why_not := false_claim(kind, decision.case):
        raise PersonNeededError(
            f"The letter {kind} would not be true: {why_not}.", code="wrong_letter"
        )
    return _rendered(composer, letter, decision, kind, voice)


def try_reason(ws: Workspace, number: int, reason: str) -> Trial:
    """The letter with another reason, as the templates would write it."""
    refuse_hidden(number, reason, "")
    letter, decision, composer = _looked_up(ws, number)
    program = replace(decision.program, reason=" ".join(reason.split()))
    case = decision.case._replace(program=program)
    changed = decision._replace(program=program, case=case)
    voice = own_wording(letter).get("voice", "")
    return _rendered(composer, letter, changed, letter.letter, voice)


def _looked_up(ws: Workspace, number: int) -> tuple[Letter, Decision, Composer]:
    with ws.store.read() as tx:
        letter, composer = get_letters(tx, [number])[0], ws.composer(tx)
    return letter, composer.plan.by_program()[letter.program_id], composer


def _rendered(
    composer: Composer, letter: Letter, decision: Decision, kind: LetterKind, voice: str
) -> Trial:
    refuse_unwanted(letter, decision)
    fresh = composer.draft(decision, kind, voice=voice)
    return _trial(letter, fresh.subject, fresh.body, fresh.findings)


def _trial(letter: Letter, subject: str, body: str, findings: Sequence[Mapping[str, str]]) -> Trial:
    before = (letter.subject, letter.body)
    return Trial(letter.program_id, subject, body, findings, compare_texts(before, (subject, body)))
