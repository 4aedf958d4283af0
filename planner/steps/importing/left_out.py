"""Holds letters that a left-out row speaks against.

A row with an error is skipped if the user wants that, but it may be the one that says that the
program rejected the applicant.  Such words are kept with the program, under the column's name
and `LEFT_OUT`; its letter waits until a person decides, or the corrected row is imported.
After that, the same uncorrected row of the list holds that program's letter no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from planner.rules.facts import ContactPolicy, Status
from planner.rules.objections import LEFT_OUT, REMARKS, Facts, unheeded
from planner.sheets.listing import BATCH
from planner.sheets.records import Record
from planner.sheets.rejects import mark_of
from planner.steps.importing.lookup import ProgramIndex, make_keys
from planner.steps.importing.merge import Merge, fixed_key
from planner.steps.importing.report import Note, format_value
from planner.store import remembered
from planner.store.program_bulk import EMPTY, StoredProgram

# The fields in which a row can say no, and the stages that have their own column.
DECIDING = frozenset({"status", "contact_policy", "told_on", *Status})
_AGAINST: Mapping[str, frozenset[str]] = {
    "status": frozenset({Status.REJECTED, Status.WITHDRAWN, Status.NOT_APPLIED}),
    "contact_policy": frozenset({ContactPolicy.NONE}),
}


_UNKNOWN: Mapping[str, Any] = {
    **{name: EMPTY[name] for name in ("status", "contact_policy", "told_on", "rank_list_locked")},
    "director_last_name": "not known",
    "director_email": "",
    "interview_date": "not known",
}


def hold_left_out(merge: Merge) -> None:
    """Store with each program what left-out rows say against a letter to it."""
    held: set[str] = set()
    fixed = merge.fixed | remembered.list_fixed(merge.bulk.tx)
    rejects = merge.report.rejects
    for start in range(0, len(rejects), BATCH):
        records = rejects[start : start + BATCH]
        speaking = [(r, said) for r in records if (said := _said_against(r)) or _remarks_of(r)]
        index = ProgramIndex(merge.bulk.matching(make_keys(record for record, _ in speaking)))
        altered: dict[int, StoredProgram] = {}
        for record, said in speaking:
            mark = mark_of(record)
            for entry in index.find(record):
                against = {**_remarks_against(record, entry), **said}
                if not against or fixed_key(mark, entry.id) in fixed:
                    continue
                merge.change(entry, {}, {**entry.extra, **against})
                altered[entry.id] = entry
        merge.bulk.change(altered.values())
        held.update(entry.values["program"] for entry in altered.values())
    if held:
        merge.report.notes.append(_note(sorted(held)))


def _said_against(record: Record) -> dict[str, str]:
    """Return the extras for a left-out row: what says no, and deciding cells with an error."""
    deciding = {c.header for c in record.header.columns if c.target in DECIDING}
    said = {
        issue.column: issue.value
        for issue in record.errors
        if issue.column in deciding and issue.value
    }
    for name in ("status", "contact_policy", "told_on"):
        value = record.values.get(name)
        if value and value in _AGAINST.get(name, {value}):
            said[record.header.of(name)] = format_value(name, value)
    return {column + LEFT_OUT: text for column, text in said.items()}


def _remarks_of(record: Record) -> Mapping[str, str]:
    """Return the free text of a left-out row: its notes, extras, comments, and its look."""
    notes = {name: record.values[name] for name in REMARKS if record.values.get(name)}
    return {**notes, **record.extra}


def _remarks_against(record: Record, entry: StoredProgram) -> Mapping[str, str]:
    """Return the extras for what a left-out row remarks against a letter to a program.

    What the program has itself holds its letter without them.  A field that no file of this
    import has is not loaded; it agrees with no remark.
    """
    values = {**_UNKNOWN, **entry.values}
    written = {c.name for c in record.header.columns if c.name.endswith(LEFT_OUT)}
    texts = {
        name: text
        for name, text in _remarks_of(record).items()
        if text not in (entry.extra.get(name), values.get(name))
    }
    facts = Facts(
        values["status"],
        values["contact_policy"],
        bool(values["told_on"]),
        values["director_last_name"] or values["director_email"],
        locked=bool(values["rank_list_locked"]),
        interview=str(values["interview_date"] or ""),
    )
    return {
        record.header.of(said.where.removesuffix(LEFT_OUT)) + LEFT_OUT: texts[said.where]
        for said in unheeded(texts, facts)
        if said.where not in written
    }


def _note(programs: Sequence[str]) -> Note:
    some = "; ".join(programs[:3]) + ("; ..." if len(programs) > 3 else "")
    text = (
        f"Rows that were left out speak against a letter to {len(programs)} of your programs"
        f" ({some}); those letters are held until you decide."
    )
    return Note(text, "left_out", {"programs": list(programs)})
