"""Import: records meet the programs that are known, and one transaction writes the result.

The flow, told once: every record of every file is resolved to a program by its keys
(`_Index`); records that meet the same program fold into one `_Gathered`; what was
gathered is compared with what is stored, field by field; and only if no row is bad,
or bad rows are to be skipped, all of it is written, or nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from planner.rules.facts import Program
from planner.sheets.records import Issue, Listing, Record
from planner.store import programs
from planner.store.database import Transaction

KEYS = ("nrmp_code", "acgme_id")
# A second value for one of these in the same import cannot be settled by us.
CONFLICTING = frozenset(
    {
        "status",
        "interview_date",
        "director_email",
        "coordinator_email",
        "step2_policy",
        "contact_policy",
        "application_service",
        "told_on",
        "acgme_id",
    }
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a known program that the import changes."""

    program: str
    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, or with a dry run would do.

    `read` records are new, changed, unchanged, merged or rejected; the five add up.
    """

    written: bool
    read: int
    new: int
    changed: int
    unchanged: int
    merged: int
    rejected: int
    errors: tuple[Issue, ...]
    warnings: tuple[Issue, ...]
    changes: tuple[FieldChange, ...]
    rejects: tuple[Record, ...]
    changed_programs: tuple[int, ...] = ()


@dataclass(slots=True)
class _Gathered:
    """What an import says of one program: values with the record that gave each."""

    stored: Program | None
    first: Record
    values: dict[str, Any] = field(default_factory=dict)
    given_by: dict[str, Record] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)

    def value(self, name: str) -> Any:
        """The value that counts for identity: gathered, else stored."""
        if name in self.values:
            return self.values[name]
        return getattr(self.stored, name) if self.stored else ""

    @property
    def label(self) -> str:
        """How messages name it: the program, with the line where it came from a file."""
        if self.stored is None:
            return f"line {self.first.line} ({self.value('program') or 'no name'})"
        codes = ", ".join(filter(None, (self.value("nrmp_code"), self.value("acgme_id"))))
        return f"#{self.stored.id} {self.stored.program}" + (f" ({codes})" if codes else "")


class _Index:
    """Finds the program that a record speaks of, by its keys, strongest first."""

    def __init__(self, stored: Iterable[Program]) -> None:
        self.everything: list[_Gathered] = []
        self._by: dict[tuple[str, str], list[_Gathered]] = {}
        for program in stored:
            placeholder = Record(file="", line=0)
            self.add(_Gathered(stored=program, first=placeholder))

    def add(self, gathered: _Gathered) -> None:
        """Make a program findable."""
        self.everything.append(gathered)
        self.learn(gathered)

    def learn(self, gathered: _Gathered) -> None:
        """Make a program findable by the keys that it has now."""
        for key in (*((name, gathered.value(name)) for name in KEYS), _name_of(gathered)):
            known = self._by.setdefault(key, [])
            if key[1] and gathered not in known:
                known.append(gathered)

    def find(self, record: Record) -> list[_Gathered]:
        """The programs that the record fits; more than one is an error."""
        values = record.values
        candidates = [
            self._compatible(("nrmp_code", values.get("nrmp_code", "")), record),
            self._compatible(("acgme_id", values.get("acgme_id", "")), record),
            self._compatible(_name_key(values), record),
        ]
        found: list[_Gathered] = []
        for group in candidates:
            found = _narrowed(found, group)
        return found

    def _compatible(self, key: tuple[str, str], record: Record) -> list[_Gathered]:
        if not key[1]:
            return []
        return [g for g in self._by.get(key, []) if _no_other_code(g, record)]


def _narrowed(found: list[_Gathered], group: list[_Gathered]) -> list[_Gathered]:
    """Let a weaker key decide among several, and add what it finds beyond them."""
    if not found or not group:
        return found or group
    both = [g for g in found if any(g is other for other in group)]
    if both:
        return both
    return [*found, *group]


def _no_other_code(gathered: _Gathered, record: Record) -> bool:
    """Whether no code of the record contradicts one of the program."""
    return all(
        not (there := gathered.value(name))
        or not (here := record.values.get(name, ""))
        or there == here
        for name in KEYS
    )


def _name_key(values: Mapping[str, Any]) -> tuple[str, str]:
    if not values.get("program"):
        return "name", ""
    key = programs.name_key(values.get("specialty", ""), values["program"], values.get("city", ""))
    return "name", key


def _name_of(gathered: _Gathered) -> tuple[str, str]:
    return _name_key({n: gathered.value(n) for n in ("specialty", "program", "city")})


def load(
    tx: Transaction,
    listings: Sequence[Listing],
    *,
    skip_errors: bool = False,
    clear_empty: bool = False,
    force: bool = False,
    dry_run: bool = False,
) -> Report:
    """Bring the listings into the database within `tx`.

    With an error and not `skip_errors` nothing is written.  `clear_empty` lets an
    empty cell of a known column wipe a value, `force` lets a file change fields that
    the user set by hand.  The caller decides whether to commit; with `dry_run`
    nothing is written, and the report is the same.
    """
    index = _Index(programs.every(tx))
    tally: Counter[str] = Counter()
    errors: list[Issue] = []
    warnings = [w for listing in listings for w in listing.warnings]
    rejects: list[Record] = []
    for listing in listings:
        for record in listing.records:
            tally["read"] += 1
            if clear_empty:
                _clear(record, listing)
            if not record.errors:
                _gather(index, record, tally)
            warnings.extend(record.warnings)
            if record.errors:
                errors.extend(record.errors)
                rejects.append(record)
    mine = programs.fields_set_by_user(tx)
    outcome = _compare(index.everything, mine, force=force)
    warnings.extend(outcome.notices)
    stopped = bool(errors) and not skip_errors
    if not stopped and not dry_run:
        programs.add(tx, outcome.new)
        programs.change(tx, outcome.changed)
    new, changed = (0, 0) if stopped else (len(outcome.new), len(outcome.changed))
    settled = new + changed + tally["merged"] + len(rejects)
    return Report(
        written=not stopped and not dry_run,
        read=tally["read"],
        new=new,
        changed=changed,
        unchanged=tally["read"] - settled,
        merged=tally["merged"],
        rejected=len(rejects),
        errors=tuple(errors),
        warnings=tuple(_gathered_warnings(warnings)),
        changes=() if stopped else tuple(outcome.changes),
        rejects=tuple(rejects),
        changed_programs=() if stopped else tuple(p.id for p in outcome.changed),
    )


def _clear(record: Record, listing: Listing) -> None:
    """Let the empty cells of known columns say "empty"."""
    blank = Program(id=0, program="", specialty="")
    for column in listing.columns:
        name = column.target or ""
        clearable = hasattr(blank, name) and name not in {"program", "specialty", *KEYS}
        if clearable and name not in record.values:
            record.values[name] = getattr(blank, name)


def _gather(index: _Index, record: Record, tally: Counter[str]) -> None:
    """Fold one good record into the program it speaks of; errors go to the record."""
    found = index.find(record)
    if len(found) > 1:
        names = " and ".join(g.label for g in found[:3])
        column = next((n for n in (*KEYS, "program") if n in record.values), "program")
        record.errors.append(
            record.issue(
                record.columns.get(column, column),
                str(record.values.get(column, "")),
                "fits_two",
                f"fits two programs: {names}; give it the NRMP code or ACGME ID of one",
            )
        )
        return
    if not found and _is_incomplete(record):
        return
    if not found:
        gathered = _Gathered(stored=None, first=record)
        _take(gathered, record)
        index.add(gathered)
        return
    gathered = found[0]
    repeated = gathered.first.line > 0
    if repeated and _conflicts(gathered, record):
        return
    if repeated:
        tally["merged"] += 1
    else:
        gathered.first = record
    _take(gathered, record)
    index.learn(gathered)


def _is_incomplete(record: Record) -> bool:
    """Whether a new program lacks what it cannot be without; says so on the record."""
    values = record.values
    if not values.get("program") and values.get("institution"):
        values["program"] = values["institution"]
    if not values.get("program"):
        record.errors.append(
            record.issue("program", "", "no_program", "expected the name of the program")
        )
    if not values.get("specialty"):
        record.errors.append(
            record.issue(
                "specialty",
                "",
                "no_specialty",
                "expected a specialty, or an ACGME ID or NRMP code; or use --specialty",
            )
        )
    return bool(record.errors)


def _conflicts(gathered: _Gathered, record: Record) -> bool:
    """Whether two records of this import contradict each other; says so on the record."""
    for name in sorted(CONFLICTING & record.values.keys() & gathered.given_by.keys()):
        before, now = gathered.values[name], record.values[name]
        if _differ(before, now):
            first = gathered.given_by[name]
            record.errors.append(
                record.issue(
                    record.columns.get(name, name),
                    _shown(now),
                    "conflict",
                    f"line {first.line} says {_shown(before)} for the same program;"
                    " only one of the two can be right",
                )
            )
    return bool(record.errors)


def _take(gathered: _Gathered, record: Record) -> None:
    """Add what a record gives; the first value of a field stays."""
    for name, value in record.values.items():
        if name not in gathered.given_by:
            gathered.values[name] = value
            gathered.given_by[name] = record
        elif _differ(gathered.values[name], value):
            _kept_first(gathered, record, name, gathered.values[name], value)
    for header, text in record.extra.items():
        kept = gathered.extra.setdefault(header, text)
        if kept != text:
            _kept_first(gathered, record, header, kept, text)


def _kept_first(gathered: _Gathered, record: Record, name: str, before: Any, now: Any) -> None:
    record.warnings.append(
        record.issue(
            record.columns.get(name, name),
            _shown(now),
            "kept_first",
            f"line {gathered.first.line} says {_shown(before)} for the same program; kept that",
        )
    )


def _differ(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() != other.casefold()
    return bool(one != other)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value not in (None, "") else "(empty)"


@dataclass(slots=True)
class _Outcome:
    new: list[Program] = field(default_factory=list)
    changed: list[Program] = field(default_factory=list)
    changes: list[FieldChange] = field(default_factory=list)
    notices: list[Issue] = field(default_factory=list)


def _compare(
    everything: Iterable[_Gathered], mine: Mapping[int, frozenset[str]], *, force: bool
) -> _Outcome:
    """What is new, and what differs from what is stored."""
    outcome = _Outcome()
    for gathered in everything:
        if gathered.first.line == 0:
            continue
        if gathered.stored is None:
            outcome.new.append(Program(id=0, extra=gathered.extra, **gathered.values))
            continue
        protected = frozenset() if force else mine.get(gathered.stored.id, frozenset())
        _update(gathered, gathered.stored, protected, outcome)
    return outcome


def _update(
    gathered: _Gathered, stored: Program, protected: frozenset[str], outcome: _Outcome
) -> None:
    fresh = {n: v for n, v in gathered.values.items() if v != getattr(stored, n)}
    for name in sorted(fresh.keys() & protected):
        value = fresh.pop(name)
        outcome.notices.append(
            gathered.given_by[name].issue(
                name,
                _shown(value),
                "kept_yours",
                f"you set {name} to {_shown(getattr(stored, name))} for {stored.program};"
                " kept that (--force takes the file's)",
            )
        )
    extra = {**stored.extra, **gathered.extra}
    if extra != dict(stored.extra):
        fresh["extra"] = extra
    if not fresh:
        return
    outcome.changed.append(replace(stored, **fresh))
    outcome.changes.extend(
        FieldChange(stored.program, name, getattr(stored, name), value)
        for name, value in fresh.items()
    )


def _gathered_warnings(warnings: Sequence[Issue]) -> Iterator[Issue]:
    """The warnings, with those that need to be said only once said once a file."""
    once = {"required_to_apply"}
    seen: set[tuple[str, str]] = set()
    for warning in warnings:
        key = (warning.file, warning.code)
        if warning.code in once and key in seen:
            continue
        seen.add(key)
        yield warning
