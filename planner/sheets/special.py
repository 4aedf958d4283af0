"""Columns that fill fields in their own way: whole names, places, ties, roles."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from planner.rules.facts import ContactPolicy, Signal, Step2Policy
from planner.rules.objections import LONGEST_TEXT, noted
from planner.sheets import fields, stages
from planner.sheets.columns import Column
from planner.sheets.headings import words_of
from planner.sheets.parsers import addresses, cells, contacts, dates, people, places, vocabulary
from planner.sheets.parsers.dates import Season
from planner.sheets.parsers.name_parts import Person
from planner.sheets.parsers.several_people import GONE
from planner.sheets.records import Record

# What a special column does with one of its cells.
Place = Callable[[Record, Column, str, Season | None], None]


def join_connection(record: Record, value: str) -> None:
    """Add a tie to those that the row already has."""
    before = record.values.get("connection", "")
    if value not in before.split("; "):
        record.values["connection"] = f"{before}; {value}" if before else value


def _tie(record: Record, column: Column, text: str, _season: Season | None) -> None:
    if cells.is_no(text):
        record.denied = (*record.denied, "connection")
    elif not cells.is_missing(text):
        join_connection(record, column.header if cells.is_yes(text) else cells.clean_line(text))


def _person(record: Record, column: Column, text: str, *, surname: bool = False) -> Person:
    """Parse the person in a cell; text beyond the name is kept, and remarked on."""
    if cells.is_missing(text):
        return Person()
    of_director = column.target not in _COORDINATORS
    role = "director" if of_director else "coordinator"
    found = people.person(text, surname=surname, role=role)
    for code, remark in found.notes:
        record.warn(column.name, text, code, remark)
    if found.remark:
        stages.keep_as_written(record, column, text)
    if found.remark and not found.last:
        why = why_nobody(text, of_director=of_director)
        record.warn(column.name, text, "nobody", f"not taken for a name{why}; kept as an extra")
    return found


_COORDINATORS = frozenset({"coordinator_name", "coordinator_email"})
_NO_DIRECTOR = re.compile(
    r"\b(?:APD|PC|(?:program )?coordinator|(?:associate|assistant|vice|deputy)\b[\w ]*)",
    re.IGNORECASE,
)


def why_nobody(text: str, *, of_director: bool) -> str:
    """Say which word of a cell keeps it from naming the person; "" if none does.

    >>> why_nobody("Dr. Tamara Bell, MD (APD)", of_director=True)
    ': APD is not the director'
    >>> why_nobody("Ana Lee (left in May)", of_director=True), why_nobody("see site", of_director=True)
    (': "left" says that they may have gone', '')
    """
    if of_director and (role := _NO_DIRECTOR.search(text)):
        return f": {role[0].strip()} is not the director"
    gone = GONE.search(text)
    return f': "{gone[0]}" says that they may have gone' if gone else ""


# A name with its address, as mail programs write them, or the address alone.
_NAME_AND_ADDRESS = re.compile(r"[^<>@\"\n:;,]*<?\s*[^\s<>@\",;:]+@[^\s<>@\",;:]+>?")


def _offer_address(record: Record, column: Column, name: str, address: str, text: str) -> None:
    """Handle an address in the cell of a name, which belongs in field `name`.

    It is taken only if no column has that field, and the cell has nothing but both.
    """
    if not address or record.values.get(name, "").casefold() == address.casefold():
        return
    has_column = any(c.target == name for c in record.header.columns)
    if has_column or not _NAME_AND_ADDRESS.fullmatch(text):
        what = f"there is an address here, too; if it is theirs, put it where {name} is"
    else:
        record.values[name] = _remarked(record, column, address)
        what = f"the address beside it is taken as {name}"
    record.warn(column.name, text, "address_in_name", what)


def _remarked(record: Record, column: Column, address: str) -> str:
    """Return a checked address; a remark on its domain goes to the record."""
    found = addresses.checked(address)
    if isinstance(found, cells.Noted):
        record.warn(column.name, address, found.code, found.remark)
        return str(found.value)
    return found


def _director(record: Record, column: Column, text: str, _season: Season | None) -> None:
    """Take a whole name; columns for the first and the last name win over it."""
    found = _person(record, column, text)
    _offer_address(record, column, "director_email", found.address, text)
    if not found.last:
        return
    named = record.values.setdefault("director_last_name", found.last)
    if named.casefold() not in found.whole.casefold():
        record.warn(column.name, text, "two_names", f"another column says {named}; kept that")
    if found.first:
        record.values.setdefault("director_first_name", found.first)


def _director_last(record: Record, column: Column, text: str, _season: Season | None) -> None:
    """Take a last name; a whole name is split, unless the first name has its own column."""
    first = record.values.get("director_first_name", "")
    bare = text.removeprefix(f"{first} ") if first else text
    alone = bool(first) or column.header == column.target
    found = _person(record, column, bare, surname=alone)
    _offer_address(record, column, "director_email", found.address, text)
    if found.last:
        whole = alone and found.first and found.whole == bare
        record.values["director_last_name"] = found.whole if whole else found.last
        if found.first and not whole:
            record.values.setdefault("director_first_name", found.first)


def _coordinator(record: Record, column: Column, text: str, _season: Season | None) -> None:
    found = _person(record, column, text)
    _offer_address(record, column, "coordinator_email", found.address, text)
    if found.whole:
        record.values["coordinator_name"] = found.whole


def _location(record: Record, column: Column, text: str, _season: Season | None) -> None:
    if _give_place(record, column, text):
        return
    record.extra[column.name] = cells.clean_line(text)
    if not cells.is_missing(text):
        record.warn(
            column.name,
            text,
            "not_a_location",
            'expected "City, ST", the same as in other columns; kept as an extra',
        )


_REMARK_AT_END = re.compile(r"\s*(?:\([^()]*\)|\[[^\][]*\]|\s[-–—]\s.*|!+)$")


def _give_place(record: Record, column: Column, text: str) -> bool:
    """Take city and state from a cell; False if it has none, or other columns contradict."""
    found = places.place(text)
    if found is None and (bare := _REMARK_AT_END.sub("", text)) != text:
        found = places.place(bare)
        if found is not None:
            stages.keep_as_written(record, column, text)
    if found is None:
        return False
    given = {name: value for name, value in zip(("city", "state"), found, strict=True) if value}
    values = record.values
    if any(str(values.get(n, v)).casefold() != v.casefold() for n, v in given.items()):
        return False
    record.values.update({**given, **values})
    return True


def _city(record: Record, column: Column, text: str, _season: Season | None) -> None:
    """Take a city; if a state follows after a comma, take both."""
    if cells.is_missing(text):
        return
    if "," not in text or not _give_place(record, column, text):
        record.values["city"] = cells.clean_name(text)


def _contact_policy(record: Record, column: Column, text: str, _season: Season | None) -> None:
    """Take whether they want email, and the other channel if the cell names one."""
    if cells.is_missing(text) and text.casefold() != "none":
        return
    said = vocabulary.contact_policy(text)
    record.values["contact_policy"] = said.value
    if said is ContactPolicy.CHANNEL and (way := vocabulary.contact_channel(text)):
        record.values.setdefault("contact_channel", way)


def _track(record: Record, column: Column, text: str, _season: Season | None) -> None:
    """Take a track; anything else is kept as the applicant's remark."""
    if cells.is_missing(text):
        return
    try:
        record.values["track"] = vocabulary.track(text).value
    except cells.BadCellError:
        record.extra[column.name] = cells.clean_line(text)
        record.warn(column.name, text, "no_track", "not a known track; kept as an extra")


def _no_contact(record: Record, column: Column, text: str, _season: Season | None) -> None:
    if column.crossed and cells.is_cross(text):
        record.values["contact_policy"] = ContactPolicy.NONE.value
        record.warn(column.name, text, "status_read", "a cross here: taken as yes, no email")
    elif not cells.is_missing(text) or text.casefold() in {"none", "-"}:
        record.values["contact_policy"] = vocabulary.no_contact(text).value


# From the mildest to the strictest.
_STRICTNESS = (
    ContactPolicy.OPEN,
    ContactPolicy.IF_ASKED,
    ContactPolicy.NOT_AFTER_INTERVIEW,
    ContactPolicy.CHANNEL,
    ContactPolicy.NONE,
)
_WEIGHT = (
    Step2Policy.UNKNOWN,
    Step2Policy.NONE,
    Step2Policy.MENTIONED,
    Step2Policy.STRONGLY_CONSIDERED,
    Step2Policy.REQUESTED,
    Step2Policy.REQUIRED_TO_RANK,
)


def _contact_ok(record: Record, column: Column, text: str, _season: Season | None) -> None:
    """Take a yes or a no below a header such as "OK to email?"; the strictest column counts."""
    if not cells.is_missing(text) or text.casefold() in {"none", "-"}:
        said, before = (
            vocabulary.contact_ok(text).value,
            record.values.get("contact_policy", "open"),
        )
        record.values["contact_policy"] = max(before, said, key=_STRICTNESS.index)


def _notes_too(record: Record, column: Column, text: str, _season: Season | None) -> None:
    """Add a cell of a further column of notes on a line of its own; a bare yes with its header.

    What speaks against a letter comes first where the notes are too long to be read whole.
    """
    said, before = cells.clean_text(text), record.values.get("notes", "")
    said = f"{column.name}: {said}" if cells.is_yes(text) or cells.is_no(text) else said
    if cells.is_missing(text) or said in before.split("\n"):
        return
    first = len(before) + len(said) >= LONGEST_TEXT and noted(said)
    parts = (said, before) if first else (before, said)
    record.values["notes"] = "\n".join(filter(None, parts))


def _told_too(record: Record, column: Column, text: str, season: Season | None) -> None:
    """Take a day from a further column that says when they were told; the last one counts."""
    if cells.is_missing(text):
        return
    said = dates.parse_told_on(text, season)
    if isinstance(said, cells.Noted):
        record.warn(column.name, text, said.code, said.remark)
        said = said.value
    if said is not None:
        record.values["told_on"] = max(record.values.get("told_on", ""), said.isoformat())
        record.denied = tuple(name for name in record.denied if name != "told_on")


def _step2_wanted(record: Record, column: Column, text: str, _season: Season | None) -> None:
    """Take a yes below a header that says that they want the score; the weightiest column counts."""
    before = record.values.get("step2_policy")
    _policy_below(record, column, text, Step2Policy.REQUESTED)
    if before is not None:
        said = record.values["step2_policy"]
        record.values["step2_policy"] = max(before, said, key=_WEIGHT.index)


def _needed_to_rank(record: Record, column: Column, text: str, _season: Season | None) -> None:
    _policy_below(record, column, text, Step2Policy.REQUIRED_TO_RANK)


def _policy_below(record: Record, column: Column, text: str, yes: Step2Policy) -> None:
    """Take a policy below a header that tells what a yes means."""
    if cells.is_missing(text) and text.casefold() not in {"none", "-"}:
        return
    if cells.is_yes(text):
        record.values["step2_policy"] = yes.value
        return
    found = vocabulary.step2_policy(text)
    if isinstance(found, cells.Noted):
        record.warn(column.name, text, found.code, found.remark)
        found = found.value
    record.values["step2_policy"] = found.value


SIGNALS = tuple(signal.value for signal in (Signal.NONE, Signal.YES, Signal.SILVER, Signal.GOLD))


def _signal(record: Record, given: Signal, text: str) -> None:
    """Take a yes in a column for one kind of signal; the row's highest signal counts."""
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


def _contact_name(record: Record, column: Column, text: str, _season: Season | None) -> None:
    found = _person(record, column, text)
    _offer_address(record, column, fields.CONTACT_EMAIL, found.address, text)
    if found.last:
        record.values[fields.CONTACT_NAME] = found.whole


def _contact_part(record: Record, column: Column, text: str, _season: Season | None) -> None:
    if not cells.is_missing(text):
        record.values[str(column.target)] = cells.clean_line(text)


def _contact_email(record: Record, column: Column, text: str, _season: Season | None) -> None:
    boxes = _mailboxes(record, column, text)
    if boxes:
        record.values[fields.CONTACT_EMAIL] = _remarked(record, column, boxes[0].address)
        _keep_others(record, column, text, boxes[1:])


def _mailboxes(record: Record, column: Column, text: str) -> Sequence[addresses.Mailbox]:
    """Parse the addresses in a cell; if it says that there is none, remark on that."""
    if cells.is_missing(text):
        return ()
    if addresses.is_nowhere(text):
        stages.keep_as_written(record, column, text)
        record.warn(column.name, text, "no_address", "no address here; kept as an extra")
        return ()
    return addresses.parse_mailboxes(text)


def _keep_others(
    record: Record, column: Column, text: str, others: Sequence[addresses.Mailbox]
) -> None:
    """Keep further addresses of a cell, which no field can take, and remark on them."""
    if others:
        stages.keep_as_written(record, column, text)
        listed = ", ".join(box.address for box in others)
        record.warn(column.name, text, "more_addresses", f"took the first; left out {listed}")


def _director_email(record: Record, column: Column, text: str, _season: Season | None) -> None:
    """Take the director's address; a second one in the cell counts as the coordinator's."""
    boxes = list(_mailboxes(record, column, text))
    if not boxes:
        return
    first = next((b for b in boxes if b.label == addresses.DIRECTOR), None)
    first = first or next((b for b in boxes if not b.label), boxes[0])
    if first.label == addresses.COORDINATOR:
        record.values["coordinator_email"] = _remarked(record, column, first.address)
        what = "said to be the coordinator's: taken as coordinator_email"
        record.warn(column.name, text, "other_role", what)
        return
    boxes.remove(first)
    record.values["director_email"] = _remarked(record, column, first.address)
    if boxes and not record.values.get("coordinator_email"):
        second = next((b for b in boxes if b.label == addresses.COORDINATOR), boxes[0])
        boxes.remove(second)
        record.values["coordinator_email"] = _remarked(record, column, second.address)
        record.warn(
            column.name,
            text,
            "two_addresses",
            f"two addresses: the letter goes to {first.address}, with a copy to {second.address}",
        )
    _keep_others(record, column, text, boxes)


def _coordinator_email(record: Record, column: Column, text: str, _season: Season | None) -> None:
    """Take the coordinator's address; if only this column has any, two become To and Cc."""
    boxes = _mailboxes(record, column, text)
    has_director = any(c.target == "director_email" for c in record.header.columns)
    labelled = any(box.label == addresses.DIRECTOR for box in boxes)
    if len(boxes) > 1 and not has_director and (labelled or not _names_coordinator(column)):
        _director_email(record, column, text, _season)
    elif boxes:
        first = next((b for b in boxes if b.label == addresses.COORDINATOR), boxes[0])
        record.values["coordinator_email"] = _remarked(record, column, first.address)
        _keep_others(record, column, text, [box for box in boxes if box is not first])


def _people(record: Record, column: Column, text: str, _season: Season | None) -> None:
    """Take the director and the coordinator from a cell; columns for one of them win over it."""
    if cells.is_missing(text):
        return
    if addresses.is_nowhere(text) and not people.person(text).last:
        _mailboxes(record, column, text)
        return
    director, coordinator, others = contacts.placed(contacts.parse_contacts(cells.clean_text(text)))
    values = record.values
    if director is not None:
        _take(record, column, director, "director_email")
        if "director_last_name" not in values and director.person.last:
            values["director_last_name"] = director.person.last
            values.setdefault("director_first_name", director.person.first)
    if coordinator is not None:
        _take(record, column, coordinator, "coordinator_email")
        if coordinator.person.whole:
            values.setdefault("coordinator_name", coordinator.person.whole)
    if others:
        stages.keep_as_written(record, column, text)
        left = ", ".join(c.address or c.person.whole for c in others)
        record.warn(column.name, text, "more_addresses", f"left out {left}")


def _take(record: Record, column: Column, found: contacts.Contact, name: str) -> None:
    """Take the address of a person, and add the remarks on the name to the record."""
    if found.address:
        record.values.setdefault(name, _remarked(record, column, found.address))
    for code, remark in found.person.notes:
        record.warn(column.name, found.person.whole, code, remark)


def _names_coordinator(column: Column) -> bool:
    """Whether a header says that the addresses are the coordinator's."""
    return bool(re.search(r"coord|\bpc\b|manager|admin", words_of(column.header)))


def _is_director(word: str) -> bool:
    """Whether a role is the director's, with more words than usual."""
    word = re.sub(r"^(?:interim|acting|new|current) (?=.)", "", word)
    return (
        word in DIRECTOR_ROLES
        or word.startswith(("program director", "residency director", "pd "))
        and not re.search(r"\b(?:associate|assistant|apd|deputy|vice|former)\b", word)
    )


def _is_contact(word: str) -> bool:
    """Whether a role is that of the program's contact or coordinator."""
    return bool(re.search(r"\b(?:contact|coordinator|administrator|manager)\b", word))


def place_contact(record: Record) -> None:
    """Move the row's contact to the director or the coordinator, according to its role."""
    values = record.values
    role = values.pop(fields.ROLE, "")
    whole = values.pop(fields.CONTACT_NAME, "")
    first, last = values.pop(fields.CONTACT_FIRST, ""), values.pop(fields.CONTACT_LAST, "")
    address = values.pop(fields.CONTACT_EMAIL, "")
    whole = whole or f"{first} {last}".strip()
    if not whole and not address:
        return
    word = cells.fold_word(role)
    if word in DIRECTOR_ROLES or _is_director(word):
        if whole and not last:
            first, last = people.person(whole)[:2]
        found = {
            "director_first_name": first,
            "director_last_name": last,
            "director_email": address,
        }
    elif not word or word in COORDINATOR_ROLES or _is_contact(word):
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


def _interview_day_first(record: Record, column: Column, text: str, season: Season | None) -> None:
    with dates.day_in_front():
        stages.interview_date(record, column, dates.month_first(text), season)


def _told_day_first(record: Record, column: Column, text: str, season: Season | None) -> None:
    with dates.day_in_front():
        _told_too(record, column, dates.month_first(text), season)


def _signals(given: Signal) -> Place:
    return lambda record, _column, text, _season: _signal(record, given, text)


def _role(record: Record, _column: Column, text: str, _season: Season | None) -> None:
    record.values[fields.ROLE] = cells.clean_line(text)


SPECIAL: dict[str, Place] = {
    "status": stages.say_status,
    fields.STATUS_TOO: stages.say_status,
    "interview_date": stages.interview_date,
    **{status.value: stages.stage for status in fields.STAGES},
    fields.TIE: _tie,
    fields.DIRECTOR: _director,
    fields.LOCATION: _location,
    "city": _city,
    "contact_policy": _contact_policy,
    "track": _track,
    fields.NO_CONTACT: _no_contact,
    fields.CONTACT_OK: _contact_ok,
    fields.TO_RANK: _needed_to_rank,
    fields.WANTED: _step2_wanted,
    fields.NOTES_TOO: _notes_too,
    fields.TOLD_TOO: _told_too,
    fields.INTERVIEW_DAY_FIRST: _interview_day_first,
    fields.TOLD_DAY_FIRST: _told_day_first,
    fields.GOLD: _signals(Signal.GOLD),
    fields.SILVER: _signals(Signal.SILVER),
    fields.ROLE: _role,
    "director_last_name": _director_last,
    "coordinator_name": _coordinator,
    fields.CONTACT_NAME: _contact_name,
    fields.CONTACT_FIRST: _contact_part,
    fields.CONTACT_LAST: _contact_part,
    fields.CONTACT_EMAIL: _contact_email,
    fields.PEOPLE: _people,
    "director_email": _director_email,
    "coordinator_email": _coordinator_email,
}
