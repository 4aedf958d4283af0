"""Which program a record speaks of: the keys, strongest first, and what contradicts them.

NRMP code (with the ACGME ID where both are given), ACGME ID, specialty + name + city
normalised.  Two NRMP codes are two programs: their tracks are ranked apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.sheets.records import Record
from planner.store.intake import Entry, Keys

CODES = ("nrmp_code", "acgme_id")


def keys_of(records: Iterable[Record]) -> Keys:
    """The keys under which the programs of these records may be known."""
    keys = Keys()
    given = 0
    for record in records:
        values = record.values
        nrmp, acgme, name = values.get("nrmp_code"), values.get("acgme_id"), record.name_key
        if nrmp:
            keys.nrmp_codes.add(nrmp)
            given += 1
        if acgme:
            (keys.acgme_ids_uncoded if nrmp else keys.acgme_ids).add(acgme)
            given += 1
        if name:
            (keys.names_uncoded if nrmp else keys.names).add(name)
            given += 1
    keys.all_differ = given == len(
        keys.nrmp_codes | keys.acgme_ids | keys.acgme_ids_uncoded | keys.names | keys.names_uncoded
    )
    return keys


def pairs(
    records: Sequence[Record], known: Sequence[Entry]
) -> list[tuple[Record, Entry | None]] | None:
    """Each record with its program where nothing is in doubt, else None.

    Nothing is where no record shares a key with another (the caller's word), and the
    programs that are known under any key are none at all, or as many as the records
    and each the same in all its keys as one of them.
    """
    if not known:
        return [(record, None) for record in records]
    if len(known) != len(records):
        return None
    by_key = {
        (entry.values["nrmp_code"], entry.values["acgme_id"], entry.name_key): entry
        for entry in known
    }
    found: list[tuple[Record, Entry | None]] = []
    for record in records:
        values = record.values
        key = (values.get("nrmp_code", ""), values.get("acgme_id", ""), record.name_key)
        if key not in by_key:
            return None
        found.append((record, by_key[key]))
    return found


class Index:
    """Finds the programs that a record fits, among those that it was given."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_nrmp_code: dict[str, list[Entry]] = {}
        self._by_acgme_id: dict[str, list[Entry]] = {}
        self._by_name: dict[str, list[Entry]] = {}
        for entry in entries:
            self.learn(entry)

    def learn(self, entry: Entry) -> None:
        """Make a program findable by the keys that it has now."""
        values = entry.values
        for known, key in (
            (self._by_nrmp_code, values["nrmp_code"]),
            (self._by_acgme_id, values["acgme_id"]),
            (self._by_name, entry.name_key),
        ):
            if key:
                entries = known.get(key)
                if entries is None:
                    known[key] = [entry]
                elif entry not in entries:
                    entries.append(entry)

    def forget_name(self, entry: Entry) -> None:
        """Let a program that is about to be renamed no longer be found by its present name."""
        entries = self._by_name.get(entry.name_key, [])
        if entry in entries:
            entries.remove(entry)

    def find(self, record: Record) -> list[Entry]:
        """The programs that the record fits; more than one is an error."""
        values = record.values
        nrmp, acgme = values.get("nrmp_code", ""), values.get("acgme_id", "")
        groups = [
            entries
            for known, key in (
                (self._by_nrmp_code, nrmp),
                (self._by_acgme_id, acgme),
                (self._by_name, record.name_key),
            )
            if key and (entries := known.get(key))
        ]
        if groups and groups.count(groups[0]) == len(groups):
            return [entry for entry in groups[0] if _fits(entry, nrmp, acgme)]
        found: list[Entry] = []
        for group in groups:
            found = _narrowed(found, [e for e in group if _fits(e, nrmp, acgme)])
        return found


def _fits(entry: Entry, nrmp: str, acgme: str) -> bool:
    """Whether no code of the record contradicts one of the program."""
    values = entry.values
    return (not nrmp or values["nrmp_code"] in ("", nrmp)) and (
        not acgme or values["acgme_id"] in ("", acgme)
    )


def _narrowed(found: list[Entry], group: list[Entry]) -> list[Entry]:
    """Let a weaker key decide among several, and add what it finds beyond them."""
    if not found or not group:
        return found or group
    both = [entry for entry in found if entry in group]
    return both or [*found, *group]
