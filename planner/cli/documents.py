"""JSON documents that several commands print."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from planner.cli.hints import advice_on
from planner.cli.hints.findings import fix_of
from planner.rules.visible import SUSPECT

if TYPE_CHECKING:
    from pathlib import Path

    from planner.rules.letters import Letter
    from planner.rules.planning import Decision


def json_text(document: object) -> str:
    """A document as one line of JSON, in which nothing is left that a terminal would obey."""
    text = json.dumps(document, ensure_ascii=False, default=str)
    return SUSPECT.sub(lambda m: json.dumps(m[0])[1:-1], text)


def path_text(path: Path | None) -> str | None:
    """A path in a document."""
    return None if path is None else str(path)


def decision_document(d: Decision) -> dict[str, Any]:
    """The JSON object of one decision."""
    return {
        "id": d.program.id,
        "program": d.program.program,
        "acgme_id": d.program.acgme_id,
        "specialty": d.program.specialty,
        "phase": d.phase,
        "category": d.category,
        "decision": d.verdict,
        "rule": d.rule,
        "letter": d.letter,
        "to": list(d.to),
        "cc": list(d.cc),
        "reasons": [*d.reasons, *advice_on(d.case)],
        "held_by": list(d.held_by),
        "expected_reaction": d.expected_reaction or None,
    }


def letter_document(letter: Letter) -> dict[str, Any]:
    """The JSON object of a letter."""
    at = {
        name: moment.isoformat() if moment else None
        for name, moment in (
            ("approved_at", letter.approved_at),
            ("sent_at", letter.sent_at),
            ("next_attempt_at", letter.next_attempt_at),
        )
    }
    return {
        "id": letter.id,
        "program": letter.program,
        "acgme_id": letter.acgme_id,
        "letter": letter.letter,
        "state": letter.state,
        "to": list(letter.to),
        "cc": list(letter.cc),
        "subject": letter.subject,
        "message_id": letter.message_id,
        "findings": [
            {"number": n, **finding, "fix": fix_of(finding)}
            for n, finding in enumerate(letter.findings, 1)
        ],
        "attempts": letter.attempts,
        "last_reply": letter.last_reply,
        "digest": letter.digest,
        "rule": letter.rule,
        "edited": letter.edited,
        "stale": letter.stale,
        "undecided": letter.undecided,
        "held_because": letter.held_because,
        **at,
    }
