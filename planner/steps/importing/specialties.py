"""Finds the specialty of rows that give none, if their programs are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from planner.rules.identity import differ, name_key
from planner.rules.specialties import fold
from planner.rules.tracks import apart
from planner.sheets.records import Record
from planner.store.program_bulk import LookupKeys, ProgramBulk, StoredProgram


def recall_specialties(bulk: ProgramBulk, records: Iterable[Record]) -> None:
    """Give records without a specialty that of their known programs.

    This wins over the default specialty for rows without one: a program that is known by name
    and city in another specialty, with the same director, is not a new program.
    """
    unsaid = [record for record in records if record.assumed and _name(record)]
    if not unsaid or not bulk.specialties:
        return
    keys = {key for record in unsaid for key in _keys(record, bulk.specialties)}
    known: dict[str, list[StoredProgram]] = {}
    for entry in bulk.matching(LookupKeys(names=keys)):
        known.setdefault(entry.name_key, []).append(entry.joined or entry)
    for record in unsaid:
        if record.name_key not in known:
            _recall(record, known, bulk.specialties)


def _recall(
    record: Record, known: Mapping[str, Sequence[StoredProgram]], specialties: Sequence[str]
) -> None:
    near = (entry for key in _keys(record, specialties) for entry in known.get(key, ()))
    found = {entry.id: entry for entry in near if _may_be(entry, record)}
    if len(found) == 1:
        (entry,) = found.values()
        specialty = record.values["specialty"] = entry.values["specialty"]
        record.name_key = _key(record, specialty)
        record.warnings = [w for w in record.warnings if w.facts.get("specialty") != specialty]


def _keys(record: Record, specialties: Sequence[str]) -> list[str]:
    return [_key(record, specialty) for specialty in specialties]


def _key(record: Record, specialty: str) -> str:
    values = record.values
    said = apart(specialty, values.get("track"))
    return name_key(said, _name(record), values.get("city", ""))


def _name(record: Record) -> str:
    """Return the name to look up the program of a row by."""
    return str(record.values.get("program") or record.values.get("institution", ""))


def _may_be(entry: StoredProgram, record: Record) -> bool:
    """Whether the state and the director of a row do not contradict the program's."""
    known, said = entry.values, record.values
    if differ(known["state"], said.get("state", "")):
        return False
    told = [
        (fold(known.get(name, "")), fold(said[name]))
        for name in ("director_last_name", "director_email")
        if known.get(name) and said.get(name)
    ]
    return not told or any(one == other for one, other in told)
