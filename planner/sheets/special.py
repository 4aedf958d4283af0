"""Columns that speak of fields in a way of their own: whole names, places, ties, roles."""

from __future__ import annotations

from collections.abc import Callable

from planner.rules.facts import ContactPolicy, Signal
from planner.sheets import fields, stages
from planner.sheets.columns import Column
from planner.sheets.parsers import addresses, cells, people, places, vocabulary
from planner.sheets.parsers.dates import Season
from planner.sheets.records import Record

# What a column of its own way does with one of its cells.
Place = Callable[[Record, Column, str, Season | None], None]


def join_connection(record: Record, value: str) -> None:
    """Add a tie to those that the row has named before."""
    before = record.values.get("connection", "")
    if value not in before.split("; "):
        record.values["connection"] = f"{before}; {value}" if before else value


def _tie(record: Record, column: Column, text: str, _season: Season | None) -> None:
    if cells.is_no(text):
        record.denied = (*record.denied, "connection")
    elif not cells.is_missing(text):
        join_connection(record, column.header if cells.is_yes(text) else cells.line(text))


def _director(record: Record, column: Column, text: str, _season: Season | None) -> None:
    if cells.is_missing(text):
        return
    name = _person(record, column, text)
    if not name:
        return
    first, last = people.person(name)
    named = record.values.setdefault("director_last_name", last)
    if named.casefold() not in name.casefold():
        record.warn(column.header, text, "two_names", f"another column says {named}; kept that")
    if first:
        record.values.setdefault("director_first_name", first)


def _person(record: Record, column: Column, text: str) -> str:
    """The name of one person from a cell that should hold one; a remark goes to the record."""
    found = people.one_person(cells.long_text(text))
    if isinstance(found, cells.Noted):
        record.warn(column.header, text, found.code, found.remark)
        return str(found.value)
    return found


def _location(record: Record, column: Column, text: str, _season: Season | None) -> None:
    if _give_place(record, text):
        return
    record.extra[column.name] = cells.line(text)
    if not cells.is_missing(text):
        record.warn(
            column.name,
            text,
            "not_a_location",
            'expected "City, ST", the same as in other columns; kept as an extra',
        )


def _give_place(record: Record, text: str) -> bool:
    """Take city and state from a cell; False where it is none, or other columns say otherwise."""
    found = places.place(text)
    if found is None:
        return False
    given = {name: value for name, value in zip(("city", "state"), found, strict=True) if value}
    values = record.values
    if any(str(values.get(n, v)).casefold() != v.casefold() for n, v in given.items()):
        return False
    record.values.update({**given, **values})
    return True


def _city(record: Record, column: Column, text: str, _season: Season | None) -> None:
    """A city; with its state behind a comma it gives both."""
    if cells.is_missing(text):
        return
    if "," not in text or not _give_place(record, text):
        record.values["city"] = cells.line(text)


def _no_contact(record: Record, column: Column, text: str, _season: Season | None) -> None:
    if column.crossed and cells.is_cross(text):
        record.values["contact_policy"] = ContactPolicy.NONE.value
        record.warn(column.name, text, "status_read", "a cross here: taken as a yes, no mail")
    elif not cells.is_missing(text) or text.casefold() in {"none", "-"}:
        record.values["contact_policy"] = vocabulary.no_contact(text).value


SIGNALS = tuple(signal.value for signal in (Signal.NONE, Signal.YES, Signal.SILVER, Signal.GOLD))


def _signal(record: Record, given: Signal, text: str) -> None:
    """A yes in a column of its own; the highest of what the row says counts."""
    if cells.is_missing(text) and text.casefold() not in {"none", "-"}:
        return
    said = vocabulary.signal(text)
    if said is Signal.NONE:
        record.denied = (*record.denied, "signal")
        return
    said = given if said is Signal.YES else said
    before = record.values.get("signal", "none")
    record.values["signal"] = max(before, said.value, key=SIGNALS.index)


DIRECTOR_ROLES = frozenset({"pd", "director", "program director", "residency director"})
COORDINATOR_ROLES = frozenset(
    {
        "pc",
        "coordinator",
        "program coordinator",
        "residency coordinator",
        "program manager",
        "program administrator",
        "residency program coordinator",
        "administrator",
        "contact",
    }
)


def _contact(target: str) -> Place:
    def kept(record: Record, column: Column, text: str, _season: Season | None) -> None:
        if not cells.is_missing(text):
            if target == fields.CONTACT_NAME:
                text = _person(record, column, text)
            parse = addresses.email if target == fields.CONTACT_EMAIL else cells.line
            value = parse(text)
            if isinstance(value, cells.Noted):
                record.warn(column.header, text, value.code, value.remark)
                value = value.value
            record.values[target] = value

    return kept


def place_contact(record: Record) -> None:
    """Put the row's contact where its role says: with the director or the coordinator."""
    values = record.values
    role = values.pop(fields.ROLE, "")
    whole = values.pop(fields.CONTACT_NAME, "")
    first, last = values.pop(fields.CONTACT_FIRST, ""), values.pop(fields.CONTACT_LAST, "")
    address = values.pop(fields.CONTACT_EMAIL, "")
    whole = whole or f"{first} {last}".strip()
    if not whole and not address:
        return
    word = cells.fold_word(role)
    if word in DIRECTOR_ROLES:
        if whole and not last:
            first, last = people.person(whole)
        found = {
            "director_first_name": first,
            "director_last_name": last,
            "director_email": address,
        }
    elif not word or word in COORDINATOR_ROLES:
        found = {"coordinator_name": whole, "coordinator_email": address}
    else:
        found = {}
        record.extra[f"Other contact: {role}"] = " ".join(
            filter(None, (whole, address and f"<{address}>"))
        )
        record.warn(
            fields.ROLE, role, "other_role", "neither director nor coordinator; kept as an extra"
        )
    for name, value in found.items():
        if value:
            values.setdefault(name, value)


def _signals(given: Signal) -> Place:
    return lambda record, _column, text, _season: _signal(record, given, text)


def _role(record: Record, _column: Column, text: str, _season: Season | None) -> None:
    record.values[fields.ROLE] = cells.line(text)


SPECIAL: dict[str, Place] = {
    "status": stages.say_status,
    fields.STATUS_TOO: stages.say_status,
    "interview_date": stages.interview_date,
    **{status.value: stages.stage for status in fields.STAGES},
    fields.TIE: _tie,
    fields.DIRECTOR: _director,
    fields.LOCATION: _location,
    "city": _city,
    fields.NO_CONTACT: _no_contact,
    fields.GOLD: _signals(Signal.GOLD),
    fields.SILVER: _signals(Signal.SILVER),
    fields.ROLE: _role,
    **{target: _contact(target) for target in fields.CONTACTS},
}
