"""Finds what a row contradicts, and says it in a sentence.

Two rows of one import may contradict, or a row and what the user set by hand, or a new person
and the old one's address.  We cannot settle that here.  A contradiction about a field that
decides about letters makes the row bad; for any other, the first value stays, with a warning.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from planner.rules.facts import ContactPolicy, Signal
from planner.sheets.parsers.status import STAGES
from planner.sheets.records import Record
from planner.steps.importing.field_sources import FieldSources
from planner.steps.importing.lookup import CODES
from planner.steps.importing.report import format_value
from planner.store.program_bulk import StoredProgram

# A second value for one of these in the same import is an error.
CONFLICTING = frozenset(
    {
        "status",
        "interview_date",
        "director_email",
        "step2_policy",
        "contact_policy",
        "application_service",
        "told_on",
        "acgme_id",
    }
)
# Fields of a person, and fields that belong to them, which no row with another person may set.
PEOPLE = (
    ("director_last_name", ("director_first_name", "director_email")),
    ("coordinator_name", ("coordinator_email",)),
)


class Conflicts:
    """Reports contradictions on the rows of one import.

    `files` are the names of the files, in the order of their numbers; programs with ids up to
    `known_until` existed before.
    """

    def __init__(self, files: Sequence[str], sources: FieldSources, known_until: int) -> None:
        self._files = files
        self._sources = sources
        self._known_until = known_until

    def refuse_two(self, record: Record, found: Sequence[StoredProgram]) -> None:
        """Fail a row that fits several programs."""
        names = " and ".join(map(self._label, found[:3]))
        name = next((n for n in (*CODES, "program") if n in record.values), "program")
        record.fail(
            name,
            record.values.get(name, ""),
            "fits_two",
            f"fits two programs: {names}; give it a code that only one of them has",
        )

    def refuse_second_values(self, entry: StoredProgram, record: Record, given: int) -> None:
        """Fail a row that contradicts another row of this import.

        The rows of joined twins may differ; the first value stays.
        """
        if entry.twins:
            return
        for name in sorted(CONFLICTING & record.values.keys()):
            before, now = entry.values[name], record.values[name]
            if self._sources.has(given, name) and name not in entry.mine and differ(before, now):
                record.fail(
                    name,
                    format_value(name, now),
                    "conflict",
                    f"{self._said(entry, name, before)}; only one of the two can be right: correct one,"
                    " or give each its state, an ID or its own specialty if they are two programs",
                )

    def keep_people_together(self, entry: StoredProgram, record: Record, given: int) -> None:
        """Leave out the address of a person who is not the program's."""
        for person, belongings in PEOPLE:
            name = record.values.get(person)
            if not (
                name and self._sources.has(given, person) and differ(entry.values[person], name)
            ):
                continue
            for address in belongings:
                if address not in record.values or self._sources.has(given, address):
                    continue
                value = record.values.pop(address)
                record.warn(
                    address,
                    value,
                    "kept_first",
                    f"belongs to {name}, not to {entry.values[person]}, who came first; left out",
                )

    def keep_first(
        self, entry: StoredProgram, record: Record, given: int, *, but_for: Collection[str]
    ) -> None:
        """Take from another row only what no earlier row gave, except for fields in `but_for`."""
        for said, known in ((record.values, entry.values), (record.extra, entry.extra)):
            for name in [*said]:
                if self._sources.has(given, name) and name in known and name not in but_for:
                    self._keep(entry, record, name, known=known, said=said)

    def _keep(
        self,
        entry: StoredProgram,
        record: Record,
        name: str,
        *,
        known: Mapping[str, Any],
        said: dict[str, Any],
    ) -> None:
        now = said.pop(name)
        if differ(known[name], now):
            before = self._said(entry, name, known[name])
            record.warn(name, format_value(name, now), "kept_first", f"{before}; kept that")

    def _said(self, entry: StoredProgram, name: str, value: Any) -> str:
        place = self._sources.place(entry.id, name) or self._sources.first_place(entry.id)
        return f"{self._where(place)} says {format_value(name, value)} for the same program"

    def _label(self, entry: StoredProgram) -> str:
        """Name a program for a message, with its number, or the line that it came from."""
        values = entry.values
        if entry.id > self._known_until:
            return f"{self._where(self._sources.first_place(entry.id))} ({values['program']})"
        codes = ", ".join(filter(None, (values[code] for code in CODES)))
        return f"#{entry.id} {values['program']}" + (f" ({codes})" if codes else "")

    def _where(self, place: tuple[int, int]) -> str:
        file, line = place
        return f"line {line}" if len(self._files) == 1 else f"{self._files[file]} line {line}"


# Fields for which the rows of joined twins are combined, with values from mildest to strictest.
_COMBINED: Mapping[str, Sequence[str]] = {
    "status": STAGES,
    "contact_policy": [*ContactPolicy],
    "signal": [*Signal],
}


def combine_twins(entry: StoredProgram, record: Record) -> frozenset[str]:
    """Combine the rows of joined twins: the furthest status and the strictest policy count.

    It was the same when the twins were joined.  Returns the fields that were combined.
    """
    combined = record.values.keys() & _COMBINED.keys()
    for name in combined:
        both = entry.values[name], record.values[name]
        record.values[name] = max(both, key=_COMBINED[name].index)
    return frozenset(combined)


def keep_yours(entry: StoredProgram, record: Record, fresh: dict[str, Any]) -> None:
    """Keep what the user set by hand, even if a row contradicts it."""
    for name in sorted(fresh.keys() & entry.mine):
        theirs = fresh.pop(name)
        if name not in record.values:
            continue  # a box that is not ticked says nothing against it
        yours = format_value(name, entry.values[name])
        record.warn(
            name,
            format_value(name, theirs),
            "kept_yours",
            f"you set {name} to {yours} for {entry.values['program']}; kept that",
        )


def pass_over(entry: StoredProgram, record: Record) -> None:
    """Skip the row of a program that the user took out of the list."""
    record.warn(
        "program",
        entry.values["program"],
        "taken_out",
        f"you took #{entry.id} {entry.values['program']} off your list; left out",
        program=entry.id,
    )


def warn_of_old_address(entry: StoredProgram, record: Record, fresh: Mapping[str, Any]) -> None:
    """Warn of a new name beside an old address, which would greet the wrong person."""
    for person, (*_, address) in PEOPLE:
        old = entry.values[address]
        if entry.values[person] and old and fresh.get(person) and address not in record.values:
            record.warn(
                person,
                fresh[person],
                "old_address",
                f"a new name, but the address is still {old}; is it right?",
            )


def differ(one: Any, other: Any) -> bool:
    """Whether two values are different, ignoring case."""
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() != other.casefold()
    return bool(one != other)
