"""Holds letters that a left-out row speaks against.

A row with an error is skipped if the user wants that, but it may be the one that says that the
program rejected the applicant.  Such words are kept with the program, under the column's name
and `LEFT_OUT`; its letter waits until a person decides, or the corrected row is imported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.rules.facts import ContactPolicy, Status
from planner.rules.objections import LEFT_OUT
from planner.sheets.listing import BATCH
from planner.sheets.records import Record
from planner.steps.importing.lookup import ProgramIndex, make_keys
from planner.steps.importing.merge import Merge
from planner.steps.importing.report import Note, format_value
from planner.store.program_bulk import StoredProgram

# The fields in which a row can say no, and the stages that have their own column.
DECIDING = frozenset({"status", "contact_policy", "told_on", *Status})
_AGAINST: Mapping[str, frozenset[str]] = {
    "status": frozenset({Status.REJECTED, Status.WITHDRAWN, Status.NOT_APPLIED}),
    "contact_policy": frozenset({ContactPolicy.NONE}),
}


def hold_left_out(merge: Merge) -> None:
    """Store with each program what left-out rows say against a letter to it."""
    held: set[str] = set()
    rejects = merge.report.rejects
    for start in range(0, len(rejects), BATCH):
        records = rejects[start : start + BATCH]
        speaking = [(record, said) for record in records if (said := _said_against(record))]
        index = ProgramIndex(merge.bulk.matching(make_keys(record for record, _ in speaking)))
        altered: dict[int, StoredProgram] = {}
        for record, said in speaking:
            for entry in index.find(record):
                merge.change(entry, {}, {**entry.extra, **said})
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


def _note(programs: Sequence[str]) -> Note:
    some = "; ".join(programs[:3]) + ("; ..." if len(programs) > 3 else "")
    text = (
        f"Left-out rows speak against a letter to {len(programs)} of your programs"
        f" ({some}); those letters are held until you decide."
    )
    return Note(text, "left_out", {"programs": list(programs)})
