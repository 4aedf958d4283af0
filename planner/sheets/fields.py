"""The columns that an import knows: one table of fields, their other names and parsers.

To teach the import another header, add it to `also` of its field; matching goes
without regard to case, spacing, punctuation and zero-width characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from planner.sheets.parsers import addresses, cells, codes, dates, vocabulary


class Field(NamedTuple):
    """One field of a program as a column: canonical name, other headers, parser.

    `plain` is the fast lane of `parse`, for many cells at once; `own` holds words that are values of this
    field, though elsewhere they say that nothing is known.
    """

    name: str
    also: tuple[str, ...]
    parse: Callable[[str], Any]
    shape: str
    plain: Callable[[Sequence[str]], bool] | None = None
    own: frozenset[str] = frozenset()


def _text(name: str, *also: str, parse: Callable[[str], Any] = cells.line) -> Field:
    return Field(name, also, parse, "text", cells.plain_lines)


def _address(name: str, *also: str) -> Field:
    return Field(name, also, addresses.email, "an address", addresses.plain_emails)


def _yes_no(name: str, *also: str) -> Field:
    return Field(name, also, vocabulary.yes_no, "yes or no", own=frozenset({"-"}))


FIELDS: tuple[Field, ...] = (
    _text("program", "Program Name", "Residency Program", "Name", "Hospital Program"),
    Field(
        "specialty",
        ("Speciality", "Specialty Name"),
        cells.line,
        "a name, IM or 140",
        cells.plain_lines,
    ),
    Field(
        "acgme_id",
        (
            "ACGME",
            "ACGME Code",
            "Accreditation ID",
            "Program Code",
            "Program ID",
            "ERAS ID",
            "Program Number",
            "Code",
        ),
        codes.acgme_id,
        "10 digits",
        codes.plain_acgme_ids,
    ),
    Field(
        "nrmp_code",
        ("NRMP", "NRMP Program Code", "NRMP ID"),
        codes.nrmp_code,
        "such as 1601140C0",
        codes.plain_nrmp_codes,
    ),
    _text(
        "institution",
        "Hospital",
        "Sponsoring Institution",
        "Institution / Hospital System",
        "Hospital System",
    ),
    _text("city", "Town"),
    _text("state", "Province"),
    _text("director_first_name", "PD First Name", "Director First"),
    _text("director_last_name", "PD Last Name", "Director Last"),
    _address(
        "director_email", "PD Email", "Program Director Email", "Director E-mail", "PD E-mail"
    ),
    _text(
        "coordinator_name",
        "Coordinator",
        "PC",
        "Program Coordinator",
        "Contact",
        "PC Name",
        "Contact Name",
    ),
    _address(
        "coordinator_email",
        "PC Email",
        "Contact Email",
        "Email",
        "E-mail",
        "Program Coordinator Email",
    ),
    Field("status", ("Application Status", "Stage"), vocabulary.status, "applied, invited, ..."),
    Field(
        "interview_date",
        ("IV Date", "Interviewed On", "Interview", "Date of Interview"),
        dates.day,
        "a date",
    ),
    Field(
        "step2_policy",
        (
            "Step 2 Policy",
            "Step 2 Required",
            "Step 2 CK Required",
            "Requires Step 2",
            "Step 2 CK Policy",
        ),
        vocabulary.step2_policy,
        "none, mentioned, ...",
        own=frozenset({"none", "-"}),
    ),
    _yes_no("top_choice", "Favorite", "Favourite", "Top"),
    Field(
        "signal",
        ("Sig", "Signaled?", "Signaled", "Signalled"),
        vocabulary.signal,
        "none, yes, silver, gold",
        own=frozenset({"none", "-"}),
    ),
    Field("connection", ("Ties",), vocabulary.connection, "text, or no"),
    _text("reason", "Why", "Why this program", "Specific reason", parse=cells.long_text),
    Field(
        "contact_policy",
        (),
        vocabulary.contact_policy,
        "open, if_asked, none",
        own=frozenset({"none"}),
    ),
    Field("application_service", ("Applied via",), vocabulary.service, "eras, residencycas, ..."),
    _yes_no("rank_list_locked", "ROL Locked", "Locked", "List certified"),
    Field("told_on", ("Emailed", "Update sent", "Contacted"), dates.told_on, "a date"),
    _text("notes", "Comments", "Note", "Comment", parse=cells.long_text),
)

BY_NAME = {field.name: field for field in FIELDS}


class Special(NamedTuple):
    """A column that speaks of fields in a way of its own: its headers, and of what it speaks."""

    name: str
    headers: tuple[str, ...]
    gives: tuple[str, ...]
    shape: str


NO_CONTACT = "no_contact"
DIRECTOR = "director"
LOCATION = "location"
GOLD, SILVER = "gold_signal", "silver_signal"
TIE = "tie"
ROLE = "role"
CONTACT_NAME, CONTACT_FIRST, CONTACT_LAST = "contact_name", "contact_first", "contact_last"
CONTACT_EMAIL = "contact_email"
# What --rejects adds; it is not taken back in.
REJECTED = "error"

SPECIAL: tuple[Special, ...] = (
    Special(
        DIRECTOR,
        ("Program Director", "PD", "Director", "PD Name", "Director Name"),
        ("director_first_name", "director_last_name"),
        "a whole name",
    ),
    Special(LOCATION, ("Location", "City State", "City/State"), ("city", "state"), '"Dayton, OH"'),
    Special(
        NO_CONTACT,
        ("Do not email", "No contact", "Do not contact"),
        ("contact_policy",),
        "yes: none",
    ),
    Special(GOLD, ("Gold Signal", "Gold"), ("signal",), "yes: gold"),
    Special(SILVER, ("Silver Signal", "Silver"), ("signal",), "yes: silver"),
    Special(
        TIE,
        ("Geo", "Home", "Away", "SubI", "Sub-I", "Away Rotation"),
        ("connection",),
        "yes: the header",
    ),
    Special(
        ROLE,
        ("Role", "Contact Role", "Contact Type", "Position"),
        ("whose contact the row is",),
        "PD, PC, ...",
    ),
    Special(REJECTED, ("error",), ("nothing: --rejects writes it",), "text"),
)
SPECIAL_BY_NAME = {special.name: special for special in SPECIAL}

# Beside a Role column these speak of whoever the row is about.
CONTACTS: dict[str, tuple[str, ...]] = {
    CONTACT_NAME: ("Contact", "Contact Name", "Full Name", "Name"),
    CONTACT_FIRST: ("First Name", "First"),
    CONTACT_LAST: ("Last Name", "Last"),
    CONTACT_EMAIL: ("Contact Email", "Email", "E-mail"),
}


def fold_header(text: str) -> str:
    """A header without case, spacing, punctuation and invisible characters."""
    plain = unicodedata.normalize("NFKC", cells.ZERO_WIDTH.sub("", text)).casefold()
    return re.sub(r"[\W_]+", "", plain)


HEADERS = {fold_header(a): f.name for f in FIELDS for a in (f.name, *f.also)} | {
    fold_header(a): special.name for special in SPECIAL for a in special.headers
}
CONTACT_HEADERS = {fold_header(a): target for target, names in CONTACTS.items() for a in names}


def target_of(header: str) -> str | None:
    """The field, or special column, that a header means; None for an unknown one."""
    return HEADERS.get(fold_header(header))


def gives(target: str) -> tuple[str, ...]:
    """The field or fields that a target fills."""
    if target in SPECIAL_BY_NAME:
        return SPECIAL_BY_NAME[target].gives
    return ("the contact, by its role",) if target in CONTACTS else (target,)


def suggestion_for(header: str) -> str | None:
    """The known field nearest to an unknown header; to be shown, never to be applied."""
    import difflib

    near = difflib.get_close_matches(fold_header(header), HEADERS, n=1, cutoff=0.8)
    return HEADERS[near[0]] if near else None
