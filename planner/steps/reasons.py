"""The applicant's own reasons for each program, and how letters say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from planner.rules.facts import LetterKind, Verdict
from planner.rules.own_words import fit_reason, sentence_around
from planner.rules.planning import Decision
from planner.rules.situation import Backdrops, case_for
from planner.steps.actions import Opened
from planner.steps.compose import Composer
from planner.steps.correcting import correct
from planner.steps.plan import find_program
from planner.steps.programs import set_by_hand
from planner.steps.workspace import Workspace
from planner.store.programs import set_by_hand as fields_set_by_hand

ABOUT_REASONS = frozenset({"no_reason", "generic_reason", "similar_reason", "reason_does_not_fit"})
SAYING = (LetterKind.STRONG_SCORE, LetterKind.IMPROVEMENT, LetterKind.AFTER_INTERVIEW)
GAP = "____"


class Wanting(NamedTuple):
    """A program whose letter wants a reason, what the lint says of it, and the letter's sentence.

    `finding` is None for words of a list that only want a yes; `sentence` has them in it.
    """

    id: int
    program: str
    reason: str
    finding: Mapping[str, str] | None
    sentence: str


def list_wanting(ws: Workspace) -> list[Wanting]:
    """The programs that get a letter today whose reason is missing, fits anybody, or does not fit."""
    return [wanting for wanting in _every(ws) if wanting.finding is not None]


def list_unconfirmed(ws: Workspace) -> list[Wanting]:
    """Return the programs whose reason came from a list and was never confirmed."""
    return [wanting for wanting in _every(ws) if wanting.finding is None]


def _every(ws: Workspace) -> list[Wanting]:
    with ws.store.read() as tx:
        composer = ws.composer(tx)
        said = [d for d in composer.plan.of(Verdict.EMAIL) if d.letter in SAYING]
        typed = {
            d.program.id
            for d in said
            if d.program.reason and "reason" in fields_set_by_hand(tx, d.program.id)
        }
    found = (_wanting(composer, d, confirmed=d.program.id in typed) for d in said)
    return [wanting for wanting in found if wanting is not None]


def _wanting(composer: Composer, decision: Decision, *, confirmed: bool) -> Wanting | None:
    program, findings = decision.program, composer.draft(decision).findings
    about = [f for f in findings if f["code"] in ABOUT_REASONS and f["place"] != "impression"]
    if not about and (confirmed or not program.reason):
        return None
    text = program.reason if program.reason else GAP
    sentence = _sentence(composer, decision, "reason", text)
    return Wanting(program.id, program.program, program.reason, next(iter(about), None), sentence)


class InLetter(NamedTuple):
    """The applicant's words as a letter says them, and what does not fit in."""

    sentence: str
    doubt: str


def put_in_letter(ws: Workspace, name: str, text: str, *, field: str = "reason") -> InLetter:
    """How a program's letter would say these words; with none, the sentence with its gap.

    Raises UnknownNameError for a name that fits no program, or several.
    """
    with ws.store.read() as tx:
        composer = ws.composer(tx)
    program = find_program(composer.programs, name)
    decision = composer.plan.by_program()[program.id]
    doubt = fit_reason(text).doubt if text and field != "connection" else ""
    return InLetter(_sentence(composer, decision, field, text or GAP), doubt)


def _sentence(composer: Composer, decision: Decision, field: str, text: str) -> str:
    """The sentence of the letter that a field goes into; empty where no letter says it."""
    kind = LetterKind.AFTER_INTERVIEW if field == "impression" else decision.letter
    kind = kind if kind in SAYING else LetterKind.STRONG_SCORE
    changed: dict[str, Any] = {field: "" if text == GAP else text}
    program = replace(decision.program, **changed)
    backdrops = Backdrops(composer.situation)
    facts = composer.facts(case_for(backdrops, program, list_size=len(composer.programs)))
    if text == GAP:
        facts["tie" if field == "connection" else field] = GAP
    facts["liability"] = ""
    said = {"connection": ("tie",)}.get(field, (field, f"{field}_sentence"))
    words = next((facts[name] for name in said if facts[name]), "")
    return sentence_around(composer.text(decision, kind, facts).body, words)


def set_reason(ws: Workspace, program: int, text: str) -> None:
    """Store the reason for a program.  Raises ConfigError if the text cannot be a reason."""
    set_by_hand(ws, f"#{program}", [f"reason={text}"])


def set_for_letter(ws: Workspace, opened: Opened, text: str, *, was: str | None = None) -> None:
    """Keep the reason of the program that a letter is to, and write an unedited draft again.

    `was` is the reason that the user saw.  Raises ConfigError for a text that is none,
    PersonNeededError if the letter or the reason is not what the user has before them.
    """
    correct(ws, opened, "reason", text, was=was)
