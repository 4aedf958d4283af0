"""Finds the program of a record by its keys, the strongest first.

The keys are the NRMP code (with the ACGME ID, if both are given), the ACGME ID, and the
normalized specialty, name and city.  Two NRMP codes are two programs, because their tracks are
ranked apart.  One name in two states is two programs, too; an unknown state fits any.
"""

from __future__ import annotations

from collections.abc import Iterable

from planner.rules.identity import differ
from planner.sheets.records import Record
from planner.store.program_bulk import LookupKeys, StoredProgram

CODES = ("nrmp_code", "acgme_id")


def make_keys(records: Iterable[Record]) -> LookupKeys:
    """Collect the keys to look up the programs of these records."""
    keys = LookupKeys()
    for record in records:
        values = record.values
        nrmp, acgme, name = values.get("nrmp_code"), values.get("acgme_id"), record.name_key
        if nrmp:
            _add(nrmp, keys.nrmp_codes, keys.shared)
        if acgme:
            _add(acgme, keys.acgme_ids_uncoded if nrmp else keys.acgme_ids, keys.shared)
        if name:
            _add(name, _names(keys, nrmp, acgme), keys.shared)
    keys.shared |= keys.acgme_ids & keys.acgme_ids_uncoded
    keys.shared |= keys.names & keys.names_uncoded
    keys.shared |= keys.names_with_acgme & (keys.names | keys.names_uncoded)
    return keys


def _names(keys: LookupKeys, nrmp: str | None, acgme: str | None) -> set[str]:
    if nrmp:
        return keys.names_uncoded
    return keys.names_with_acgme if acgme else keys.names


def _add(key: str, seen: set[str], shared: set[str]) -> None:
    if key in seen:
        shared.add(key)
    else:
        seen.add(key)


def is_alone(record: Record, shared: set[str]) -> bool:
    """Whether the record has none of the keys that several records of its batch have."""
    values = record.values
    return not shared or (
        record.name_key not in shared
        and values.get("nrmp_code") not in shared
        and values.get("acgme_id") not in shared
    )


class ProgramIndex:
    """Finds the programs that a record fits, among the given ones."""

    def __init__(self, entries: Iterable[StoredProgram]) -> None:
        self._by_nrmp_code: dict[str, list[StoredProgram]] = {}
        self._by_acgme_id: dict[str, list[StoredProgram]] = {}
        self._by_name: dict[str, list[StoredProgram]] = {}
        for entry in entries:
            self.learn(entry)

    def learn(self, entry: StoredProgram) -> None:
        """Add a program under its present keys; a joined one leads to the one that it joined."""
        found = entry.joined or entry
        _learn(self._by_nrmp_code, entry.values["nrmp_code"], found)
        _learn(self._by_acgme_id, entry.values["acgme_id"], found)
        _learn(self._by_name, entry.name_key, found)

    def forget_name(self, entry: StoredProgram) -> None:
        """Remove a program's present name, before it is renamed."""
        entries = self._by_name.get(entry.name_key, [])
        if entry in entries:
            entries.remove(entry)

    def find(self, record: Record) -> list[StoredProgram]:
        """Return the programs that the record fits; more than one is an error."""
        values = record.values
        nrmp, acgme = values.get("nrmp_code", ""), values.get("acgme_id", "")
        coded = [
            group for group in (self._by_nrmp_code.get(nrmp), self._by_acgme_id.get(acgme)) if group
        ]
        named = self._by_name.get(record.name_key, ())
        if coded and coded.count(coded[0]) == len(coded) and coded[0] == named:
            return [entry for entry in coded[0] if _fits(entry, nrmp, acgme)]
        found: list[StoredProgram] = []
        for group in coded:
            found = _narrowed(found, [e for e in group if _fits(e, nrmp, acgme)])
        state = values.get("state", "")
        near = [e for e in named if _fits(e, nrmp, acgme) and not differ(e.values["state"], state)]
        return _narrowed(found, near)


def _learn(known: dict[str, list[StoredProgram]], key: str, entry: StoredProgram) -> None:
    if key:
        entries = known.setdefault(key, [])
        if entry not in entries:
            entries.append(entry)


def _fits(entry: StoredProgram, nrmp: str, acgme: str) -> bool:
    """Whether no code of the record contradicts one of the program."""
    values = entry.values
    return (not nrmp or values["nrmp_code"] in ("", nrmp)) and (
        not acgme or values["acgme_id"] in ("", acgme)
    )


def _narrowed(found: list[StoredProgram], group: list[StoredProgram]) -> list[StoredProgram]:
    """Narrow programs by a weaker key; if it finds only others, return all of them."""
    if not found or not group:
        return found or group
    both = [entry for entry in found if entry in group]
    return both or [*found, *group]
