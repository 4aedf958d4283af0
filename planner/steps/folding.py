"""Records folded into the programs that they speak of, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from planner.rules.identity import name_key
from planner.rules.tracks import apart
from planner.sheets.columns import AS_WRITTEN
from planner.sheets.listing import BATCH, Listing
from planner.sheets.records import Issue, Record
from planner.steps.identity import CODES, Index, keys_of, stands_alone
from planner.steps.ledger import Ledger
from planner.steps.recalling import recall_specialties
from planner.steps.report import Choices, FieldChange, Report, shown
from planner.store.program_bulk import EMPTY, IDENTITY, ProgramBulk, StoredProgram

# A second value for one of these in the same import cannot be settled by us.
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
# A person, and what belongs to them: it is not taken from a row that names another.
PEOPLE = (
    ("director_last_name", ("director_first_name", "director_email")),
    ("coordinator_name", ("coordinator_email",)),
)
NEVER_CLEARED = frozenset({"program", "specialty", *CODES})


class Folding:
    """One import under way."""

    def __init__(self, bulk: ProgramBulk, files: Sequence[str], choices: Choices) -> None:
        self.bulk = bulk
        self.files = files
        self.choices = choices
        self.report = Report()
        self.ledger = Ledger()
        self.known_until = self.next_id = bulk.last_id
        self.changed = bytearray(bulk.last_id + 1)  # by id: whether it is counted as changed

    def take(self, file: int, batch: Sequence[Record]) -> None:
        """Fold a batch of records of one file into their programs, and write these."""
        good = [record for record in batch if not record.errors]
        recall_specialties(self.bulk, good)
        keys = keys_of(good)
        self.index = Index(known := self.bulk.matching(keys))
        self.fresh: list[StoredProgram] = []
        self.altered: dict[int, StoredProgram] = {}
        self.written_until = self.next_id
        for record in good:
            if not known and stands_alone(record, keys.shared):
                self._add(file, record)  # nobody to be found, and nobody else will look for it
            else:
                self._fold(file, record)
        self.report.read += len(batch)
        for record in batch:
            if record.warnings:
                self.report.warnings.extend(_about(record, record.warnings))
            if record.errors:
                self.report.errors.extend(_about(record, record.errors))
                self.report.rejects.append(record)
        self.bulk.add(self.fresh)
        self.bulk.change(self.altered.values())

    def _fold(self, file: int, record: Record) -> None:
        """Fold one good record into the program it speaks of; errors go to the record."""
        found = self.index.find(record)
        if len(found) > 1:
            found = [entry for entry in found if not entry.is_out] or found
        if len(found) > 1:
            self._refuse_two(record, found)
        elif found:
            self._fold_into(file, found[0], record)
        elif entry := self._add(file, record):
            self.index.learn(entry)

    def _fold_into(self, file: int, entry: StoredProgram, record: Record) -> None:
        if entry.is_out and not self.choices.force:
            self._pass_over(entry, record)
            return
        if entry.twins:
            _keep_name(entry, record)
        if self.ledger.knows(entry.id):
            self._merge(file, entry, record)
        else:
            self._update(file, entry, record, given=0)

    def _pass_over(self, entry: StoredProgram, record: Record) -> None:
        """Leave out a row of a program that the user took out of the list."""
        record.warn(
            "program",
            entry.values["program"],
            "taken_out",
            f"you took #{entry.id} {entry.values['program']} out of your list; kept out",
            program=entry.id,
        )

    def _add(self, file: int, record: Record) -> StoredProgram | None:
        """A new program; None if the record does not say enough for one."""
        if _is_incomplete(record):
            return None
        self.next_id += 1
        entry = StoredProgram(
            self.next_id, {**EMPTY, **record.values}, record.name_key, record.extra
        )
        self._note(file, entry, record)
        self.fresh.append(entry)
        self.report.new += 1
        return entry

    def _note(self, file: int, entry: StoredProgram, record: Record) -> None:
        names = (*record.values, *record.extra) if record.extra else tuple(record.values)
        self.ledger.note(entry.id, names, file, record.line)

    def _merge(self, file: int, entry: StoredProgram, record: Record) -> None:
        """A further row of a program that this import has met: the first values stay."""
        given = self.ledger.given(entry.id)
        self._refuse_conflicts(entry, record, given)
        if record.errors:
            return
        self.report.merged += 1
        self._keep_people_together(entry, record, given)
        for name, value in [*record.values.items()]:
            if self.ledger.has(given, name):
                if _differ(entry.values[name], value):
                    self._kept_first(entry, record, name, entry.values[name], value)
                del record.values[name]
        for header, text in [*record.extra.items()]:
            if self.ledger.has(given, header) and header in entry.extra:
                if entry.extra[header] != text:
                    self._kept_first(entry, record, header, entry.extra[header], text)
                del record.extra[header]
        self._update(file, entry, record, given=given)

    def _update(self, file: int, entry: StoredProgram, record: Record, *, given: int) -> None:
        """Let a program take what a record gives; what the user set stays, unless forced."""
        if entry.is_out:
            self.bulk.bring_back(entry)
        self._note(file, entry, record)
        outdated = [
            header
            for header in (_outdated(entry, record) if entry.extra else ())
            if not self.ledger.has(given, header)
        ]
        new_extra = record.extra and not record.extra.items() <= entry.extra.items()
        says_nothing_new = (
            record.values.items() <= entry.values.items() and not new_extra and not outdated
        )
        denied = any(entry.values[name] != EMPTY[name] for name in record.denied)
        if says_nothing_new and not denied:
            return
        fresh = {n: v for n, v in record.values.items() if v != entry.values[n]}
        self._take_back(entry, record, given, fresh)
        _tell_people_apart(entry, record, fresh)
        for name in sorted(fresh.keys() & entry.mine) if not self.choices.force else ():
            self._kept_yours(entry, record, name, fresh.pop(name))
        extra = {**entry.extra, **record.extra} if record.extra else entry.extra
        if outdated:
            extra = {header: text for header, text in extra.items() if header not in outdated}
        if not fresh and extra == entry.extra:
            return
        if entry.id <= self.known_until:
            self._count_change(entry, {**fresh, "extra": extra})
            self._warn_of_old_address(entry, record, fresh)
        renamed = not fresh.keys().isdisjoint(IDENTITY)
        if renamed:
            self.index.forget_name(entry)
        entry.values.update(fresh)
        entry.extra = extra
        if entry.id <= self.written_until:
            self.altered[entry.id] = entry
        if renamed:
            entry.name_key = _key(entry.values)
            self.index.learn(entry)

    def _take_back(
        self, entry: StoredProgram, record: Record, given: int, fresh: dict[str, Any]
    ) -> None:
        """Let a no take back what an earlier import, or another row, did not say again."""
        for name in record.denied:
            unsaid = name not in record.values and not self.ledger.has(given, name)
            if unsaid and entry.values[name] != EMPTY[name]:
                fresh[name] = EMPTY[name]

    def clear_empty(self, listings: Sequence[Listing]) -> None:
        """Let the empty cells of known columns wipe what no row gave."""
        columns = [_clearable(listing) for listing in listings]
        known = (number for number in self.ledger.programs() if number <= self.known_until)
        while ids := list(islice(known, BATCH)):
            altered = []
            for entry in self.bulk.with_ids(ids):
                given = self.ledger.given(entry.id)
                fields, extras = map(
                    set().union, *(columns[n] for n in self.ledger.files(entry.id))
                )
                fresh: dict[str, Any] = {
                    name: EMPTY[name]
                    for name in sorted(fields)
                    if entry.values[name] != EMPTY[name] and not self.ledger.has(given, name)
                }
                kept = {
                    header: text
                    for header, text in entry.extra.items()
                    if header not in extras or self.ledger.has(given, header)
                }
                if not self.choices.force:
                    fresh = {name: value for name, value in fresh.items() if name not in entry.mine}
                if fresh or kept != entry.extra:
                    gone = {"extra": kept} if kept != entry.extra else {}
                    self._count_change(entry, {**fresh, **gone})
                    entry.values.update(fresh)
                    entry.extra = kept
                    entry.name_key = _key(entry.values)
                    altered.append(entry)
            self.bulk.change(altered)

    def _count_change(self, entry: StoredProgram, fresh: dict[str, Any]) -> None:
        if not self.changed[entry.id]:
            self.changed[entry.id] = 1
            self.report.changed += 1
        program = entry.values["program"]
        for name, new in fresh.items():
            old = dict(entry.extra) if name == "extra" else entry.values[name]
            if old != new:
                self.report.changes.append(FieldChange(program, name, old, new))

    def _refuse_two(self, record: Record, found: Sequence[StoredProgram]) -> None:
        names = " and ".join(map(self._label, found[:3]))
        name = next((n for n in (*CODES, "program") if n in record.values), "program")
        record.fail(
            name,
            record.values.get(name, ""),
            "fits_two",
            f"fits two programs: {names}; give it a code that only one of them has",
        )

    def _label(self, entry: StoredProgram) -> str:
        """How messages name a program: with its number, or the line where it came from."""
        values = entry.values
        if entry.id > self.known_until:
            return f"{self._where(self.ledger.first_place(entry.id))} ({values['program']})"
        codes = ", ".join(filter(None, (values[code] for code in CODES)))
        return f"#{entry.id} {values['program']}" + (f" ({codes})" if codes else "")

    def _where(self, place: tuple[int, int]) -> str:
        file, line = place
        return f"line {line}" if len(self.files) == 1 else f"{self.files[file]} line {line}"

    def _refuse_conflicts(self, entry: StoredProgram, record: Record, given: int) -> None:
        """Say on the record where it contradicts another row of this import.

        Rows of twins that were joined may differ: the first stays.
        """
        if entry.twins:
            return
        for name in sorted(CONFLICTING & record.values.keys()):
            before, now = entry.values[name], record.values[name]
            if self.ledger.has(given, name) and name not in entry.mine and _differ(before, now):
                record.fail(
                    name,
                    shown(name, now),
                    "conflict",
                    f"{self._said(entry, name, before)}; only one of the two can be right: correct one,"
                    " or give each its state, an ID or its own specialty if they are two programs",
                )

    def _keep_people_together(self, entry: StoredProgram, record: Record, given: int) -> None:
        """Leave out the address of somebody else than the one whom the program has."""
        for person, belongings in PEOPLE:
            name = record.values.get(person)
            if not (
                name and self.ledger.has(given, person) and _differ(entry.values[person], name)
            ):
                continue
            for address in belongings:
                if address not in record.values or self.ledger.has(given, address):
                    continue
                value = record.values.pop(address)
                record.warn(
                    address,
                    value,
                    "kept_first",
                    f"belongs to {name}, not to {entry.values[person]}, who comes first; left out",
                )

    def _kept_first(
        self, entry: StoredProgram, record: Record, name: str, before: Any, now: Any
    ) -> None:
        said = self._said(entry, name, before)
        record.warn(name, shown(name, now), "kept_first", f"{said}; kept that")

    def _said(self, entry: StoredProgram, name: str, value: Any) -> str:
        place = self.ledger.place(entry.id, name) or self.ledger.first_place(entry.id)
        return f"{self._where(place)} says {shown(name, value)} for the same program"

    def _kept_yours(self, entry: StoredProgram, record: Record, name: str, value: Any) -> None:
        yours = shown(name, entry.values[name])
        record.warn(
            name,
            shown(name, value),
            "kept_yours",
            f"you set {name} to {yours} for {entry.values['program']}; kept that",
        )

    def _warn_of_old_address(
        self, entry: StoredProgram, record: Record, fresh: dict[str, Any]
    ) -> None:
        """A new name beside an old address is the classic way to greet the wrong person."""
        for person, (*_, address) in PEOPLE:
            old = entry.values[address]
            if entry.values[person] and old and fresh.get(person) and address not in record.values:
                record.warn(
                    person,
                    fresh[person],
                    "old_address",
                    f"a new name, but the address is still {old}; is it right?",
                )


def _about(record: Record, issues: Iterable[Issue]) -> Iterator[Issue]:
    """The issues of a row, with the program that the row is about, as far as it says."""
    said = (record.values.get(name) for name in ("program", "acgme_id", "nrmp_code"))
    program = next((str(text) for text in said if text), "")
    return (issue._replace(program=program) for issue in issues)


def _tell_people_apart(entry: StoredProgram, record: Record, fresh: dict[str, Any]) -> None:
    """Drop a first name that is another person's, and an address that two people share."""
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
    """Whether a new program lacks what it cannot be without; says so on the record."""
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
    """Let a row that has the name of a twin not rename the program that the twin is part of."""
    if record.name_key in entry.twins:
        for name in ("program", "city", "state", "specialty"):
            if entry.values[name]:
                record.values.pop(name, None)


def _outdated(entry: StoredProgram, record: Record) -> list[str]:
    """Remarks that a cell left at an earlier import, and that the same cell makes no longer."""
    kept = [h for h in entry.extra if h.endswith(AS_WRITTEN) and h not in record.extra]
    if not kept:
        return []
    said = {
        column.name + AS_WRITTEN
        for column in record.header.columns
        if column.place < len(record.cells) and record.cells[column.place].strip()
    }
    return [header for header in kept if header in said]


def _key(values: Mapping[str, Any]) -> str:
    specialty = apart(values["specialty"], values["track"])
    return name_key(specialty, values["program"], values["city"])


def _differ(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() != other.casefold()
    return bool(one != other)


def _clearable(listing: Listing) -> tuple[set[str], set[str]]:
    """The fields and the extras of which the columns of a file speak."""
    return listing.header.fields & EMPTY.keys() - NEVER_CLEARED, {
        c.header for c in listing.header.unknown
    }
