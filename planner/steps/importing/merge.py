"""Merges rows into their programs, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from planner.rules.identity import name_key
from planner.rules.tracks import apart
from planner.sheets.columns import REMARKS
from planner.sheets.records import Issue, Record
from planner.sheets.rejects import is_of_rejects, marks_of_fixed
from planner.steps.importing.conflicts import (
    Conflicts,
    combine_twins,
    keep_yours,
    pass_over,
    warn_of_old_address,
)
from planner.steps.importing.field_sources import FieldSources
from planner.steps.importing.lookup import ProgramIndex, is_alone, make_keys
from planner.steps.importing.report import Choices, FieldChange, Report
from planner.steps.importing.specialties import recall_specialties
from planner.store.program_bulk import EMPTY, IDENTITY, ProgramBulk, StoredProgram


class Merge:
    """One import under way."""

    def __init__(self, bulk: ProgramBulk, files: Sequence[str], choices: Choices) -> None:
        self.bulk = bulk
        self.choices = choices
        self.report = Report()
        self.sources = FieldSources()
        self.known_until = self._next_id = bulk.last_id
        self._conflicts = Conflicts(files, self.sources, self.known_until)
        self.fixed: set[str] = set()  # left-out rows that were fixed, each with its program
        self._changed = bytearray(bulk.last_id + 1)  # by id: whether it was counted as changed
        self._joined: dict[int, dict[str, Any]] = {}  # by id: former values of joined programs
        self._of_rejects = False
        self._begin_batch(())

    def _begin_batch(self, known: Iterable[StoredProgram]) -> None:
        self._index = ProgramIndex(known)
        self._fresh: list[StoredProgram] = []
        self._altered: dict[int, StoredProgram] = {}
        self._written_until = self._next_id

    def take(self, file: int, batch: Sequence[Record]) -> None:
        """Merge a batch of rows of one file into their programs, and write the programs."""
        good = [record for record in batch if not record.errors]
        self._of_rejects = bool(batch) and is_of_rejects(batch[0].header)
        recall_specialties(self.bulk, good)
        keys = make_keys(good)
        known = self.bulk.matching(keys)
        self._begin_batch(known)
        for record in good:
            if not known and is_alone(record, keys.shared):
                self._add(file, record)  # nothing to find, and no other record will look for it
            else:
                self._find_and_merge(file, record)
        self._report(batch)
        self.bulk.add(self._fresh)
        self.bulk.change(self._altered.values())

    def _report(self, batch: Sequence[Record]) -> None:
        self.report.read += len(batch)
        for record in batch:
            if record.warnings:
                self.report.warnings.extend(_about(record, record.warnings))
            if record.errors:
                self.report.errors.extend(_about(record, record.errors))
                self.report.rejects.append(record)

    def _find_and_merge(self, file: int, record: Record) -> None:
        """Merge one good row into its program; errors go to the record."""
        found = self._index.find(record)
        if len(found) > 1:
            found = [entry for entry in found if not entry.is_out] or found
        if len(found) > 1:
            self._conflicts.refuse_two(record, found)
        elif found:
            self._merge_into(file, found[0], record)
        elif entry := self._add(file, record):
            self._index.learn(entry)

    def _merge_into(self, file: int, entry: StoredProgram, record: Record) -> None:
        if entry.is_out and not self.choices.force:
            pass_over(entry, record)
            return
        if entry.twins:
            _keep_name(entry, record)
        if self.sources.knows(entry.id):
            self._merge_again(file, entry, record)
        else:
            self._update(file, entry, record, given=0)

    def _add(self, file: int, record: Record) -> StoredProgram | None:
        """Add a new program; returns None if the record does not say enough for one."""
        if _is_incomplete(record):
            return None
        self._next_id += 1
        entry = StoredProgram(
            self._next_id, {**EMPTY, **record.values}, record.name_key, record.extra
        )
        self._note(file, entry, record)
        self._fresh.append(entry)
        self.report.new += 1
        return entry

    def _note(self, file: int, entry: StoredProgram, record: Record) -> None:
        names = (*record.values, *record.extra) if record.extra else tuple(record.values)
        self.sources.note(entry.id, names, file, record.line)
        if self._of_rejects:
            self.fixed.update(fixed_key(mark, entry.id) for mark in marks_of_fixed(record))

    def _merge_again(self, file: int, entry: StoredProgram, record: Record) -> None:
        """Merge another row of a program that this import has already seen; first values stay."""
        given = self.sources.given(entry.id)
        self._conflicts.refuse_second_values(entry, record, given)
        if record.errors:
            return
        self.report.merged += 1
        self._conflicts.keep_people_together(entry, record, given)
        combined = combine_twins(entry, record) if entry.twins else frozenset()
        self._conflicts.keep_first(entry, record, given, but_for=combined)
        self._update(file, entry, record, given=given)

    def _update(self, file: int, entry: StoredProgram, record: Record, *, given: int) -> None:
        """Update a program from a row; what the user set by hand stays, unless forced."""
        if entry.is_out:
            self.bulk.bring_back(entry)
        self._note(file, entry, record)
        extra = self._extra(entry, record, given)
        denied = any(entry.values[name] != EMPTY[name] for name in record.denied)
        if record.values.items() <= entry.values.items() and extra == entry.extra and not denied:
            return
        fresh = {n: v for n, v in record.values.items() if v != entry.values[n]}
        self._take_back(entry, record, given, fresh)
        _tell_people_apart(entry, record, fresh)
        if not self.choices.force:
            keep_yours(entry, record, fresh)
        if not fresh and extra == entry.extra:
            return
        if entry.id <= self.known_until:
            warn_of_old_address(entry, record, fresh)
        self.change(entry, fresh, extra)
        if entry.id <= self._written_until:
            self._altered[entry.id] = entry

    def _extra(self, entry: StoredProgram, record: Record, given: int) -> dict[str, str]:
        """Return a program's extras after a row: the old and new ones, without outdated ones."""
        extra = {**entry.extra, **record.extra} if record.extra else entry.extra
        gone = {
            header
            for header in (_outdated(entry, record) if entry.extra else ())
            if not self.sources.has(given, header)
        }
        return {h: text for h, text in extra.items() if h not in gone} if gone else extra

    def change(self, entry: StoredProgram, fresh: Mapping[str, Any], extra: dict[str, str]) -> None:
        """Set fields and extras of a program; the caller writes it."""
        if entry.id <= self.known_until:
            before = {**entry.values, "extra": entry.extra}
            if entry.twins:
                self._joined.setdefault(entry.id, before)
            else:
                self._count_change(entry, before, {**fresh, "extra": extra})
        renamed = not fresh.keys().isdisjoint(IDENTITY)
        if renamed:
            self._index.forget_name(entry)
        entry.values.update(fresh)
        entry.extra = extra
        if renamed:
            specialty = apart(entry.values["specialty"], entry.values["track"])
            entry.name_key = name_key(specialty, entry.values["program"], entry.values["city"])
            self._index.learn(entry)

    def _take_back(
        self, entry: StoredProgram, record: Record, given: int, fresh: dict[str, Any]
    ) -> None:
        """Clear fields that a cell says no to, unless a row of this import gave them."""
        for name in record.denied:
            unsaid = name not in record.values and not self.sources.has(given, name)
            if unsaid and entry.values[name] != EMPTY[name]:
                fresh[name] = EMPTY[name]

    def count_joined(self) -> None:
        """Count the changes of joined programs last, because one row may undo another's."""
        for entry in self.bulk.with_ids(sorted(self._joined)):
            before = self._joined[entry.id]
            after = {**entry.values, "extra": entry.extra}
            if before != after:
                self._count_change(entry, before, after)

    def _count_change(
        self, entry: StoredProgram, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        if not self._changed[entry.id]:
            self._changed[entry.id] = 1
            self.report.changed += 1
        for name, new in after.items():
            if before[name] != new:
                change = FieldChange(before["program"], name, before[name], new)
                self.report.changes.append(change)


def fixed_key(mark: str, program: int) -> str:
    """Return what tells that a left-out row was fixed, and came into a program."""
    return f"{mark}:{program}"


def _about(record: Record, issues: Iterable[Issue]) -> Iterator[Issue]:
    """Yield the issues of a row, with the program that it names."""
    said = (record.values.get(name) for name in ("program", "acgme_id", "nrmp_code"))
    program = next((str(text) for text in said if text), "")
    return (issue._replace(program=program) for issue in issues)


def _tell_people_apart(entry: StoredProgram, record: Record, fresh: dict[str, Any]) -> None:
    """Drop the old director's first name, and the coordinator's address if both share one."""
    first = "director_first_name"
    if fresh.get("director_last_name") and first not in record.values and entry.values[first]:
        fresh[first] = ""
    director, coordinator = (
        fresh.get(name, entry.values[name]).casefold()
        for name in ("director_email", "coordinator_email")
    )
    if director and director == coordinator:
        fresh.pop("coordinator_email", None)
        if entry.values["coordinator_email"]:
            fresh["coordinator_email"] = ""


def _is_incomplete(record: Record) -> bool:
    """Whether a new program lacks a required field; adds the errors to the record."""
    values = record.values
    if not values.get("program") and values.get("institution"):
        values["program"] = values["institution"]
    if not values.get("program"):
        record.fail("program", "", "no_program", "expected the name of the program")
    if not values.get("specialty"):
        record.fail(
            "specialty",
            "",
            "no_specialty",
            "expected a specialty, or an ACGME ID or NRMP code",
        )
    return bool(record.errors)


def _keep_name(entry: StoredProgram, record: Record) -> None:
    """Keep a row with the name of a joined twin from renaming the program that it joined."""
    if record.name_key in entry.twins:
        for name in ("program", "city", "state", "specialty"):
            if entry.values[name]:
                record.values.pop(name, None)


def _outdated(entry: StoredProgram, record: Record) -> list[str]:
    """Return remarks from an earlier import that their cell no longer makes."""
    kept = [h for h in entry.extra if h.endswith(REMARKS) and h not in record.extra]
    if not kept:
        return []
    said = {
        column.name + remark
        for column in record.header.columns
        for remark in REMARKS
        if column.place < len(record.cells) and record.cells[column.place].strip()
    }
    return [header for header in kept if header in said]
