"""Remarks in a row that speak against a letter although its other cells do not.

They decide nothing here: each is reported at the import and again at its letter, which is
held until a person decides (`rules.objections`).
"""

from __future__ import annotations

from collections.abc import Collection

from planner.rules.facts import ContactPolicy, Status
from planner.rules.objection_words import Against
from planner.rules.objections import REMARKS, Facts, unheeded
from planner.sheets.columns import AS_WRITTEN
from planner.sheets.records import Record


def contradict(record: Record, asked: Collection[str]) -> None:
    """Warn about remarks that contradict the row, except in columns that we `asked` about."""
    values = record.values
    texts = {name: values[name] for name in REMARKS if values.get(name)}
    texts |= {name: text for name, text in record.extra.items() if name not in asked}
    facts = Facts(
        values.get("status", Status.APPLIED),
        values.get("contact_policy", ContactPolicy.OPEN),
        "told_on" in values,
        values.get("director_last_name") or values.get("director_email", ""),
        locked=bool(values.get("rank_list_locked")),
        interview=values.get("interview_date", ""),
        address=values.get("director_email") or values.get("coordinator_email", ""),
    )
    found: dict[tuple[str, bool], list[str]] = {}
    for said in unheeded(texts, facts):
        of_person = said.kind is Against.LEFT
        found.setdefault((said.where, of_person), []).append(said.contradicts)
    for (where, of_person), contradicted in found.items():
        message = f"but {' and '.join(contradicted)}; the letter is held until you decide"
        record.warn(
            where.removesuffix(AS_WRITTEN),
            texts[where],
            "director_left" if of_person else "note_contradicts",
            message,
        )
