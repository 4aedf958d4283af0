"""The columns that an import knows: one table of fields, their other names and parsers.

To teach the import another header, add it to `also` of its field; matching goes
without regard to case, spacing, punctuation and zero-width characters.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from planner.sheets import cells

Parser = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a program as a column: canonical name, other headers, parser."""

    name: str
    also: tuple[str, ...]
    parse: Parser
    shape: str


FIELDS: tuple[Field, ...] = (
    Field(
        "program",
        ("Program Name", "Residency Program", "Name", "Hospital Program"),
        cells.line,
        "text",
    ),
    Field("specialty", ("Speciality", "Specialty Name"), cells.line, "a specialty"),
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
        cells.acgme_id,
        "10 digits",
    ),
    Field(
        "nrmp_code", ("NRMP", "NRMP Program Code", "NRMP ID"), cells.nrmp_code, "such as 1601140C0"
    ),
    Field(
        "institution",
        ("Hospital", "Sponsoring Institution", "Institution / Hospital System", "Hospital System"),
        cells.line,
        "text",
    ),
    Field("city", ("Town",), cells.line, "text"),
    Field("state", ("Province",), cells.line, "text"),
    Field("director_first_name", ("PD First Name", "Director First"), cells.line, "text"),
    Field("director_last_name", ("PD Last Name", "Director Last"), cells.line, "text"),
    Field(
        "director_email",
        ("PD Email", "Program Director Email", "Director E-mail", "PD E-mail"),
        cells.email,
        "an address",
    ),
    Field(
        "coordinator_name",
        ("Coordinator", "PC", "Program Coordinator", "Contact", "PC Name", "Contact Name"),
        cells.line,
        "text",
    ),
    Field(
        "coordinator_email",
        ("PC Email", "Contact Email", "Email", "E-mail", "Program Coordinator Email"),
        cells.email,
        "an address",
    ),
    Field("status", ("Application Status", "Stage"), cells.status, "applied, invited, ..."),
    Field(
        "interview_date",
        ("IV Date", "Interviewed On", "Interview", "Date of Interview"),
        cells.day,
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
        cells.step2_policy,
        "none, mentioned, ...",
    ),
    Field("top_choice", ("Favorite", "Favourite", "Top"), cells.yes_no, "yes or no"),
    Field(
        "signal",
        ("Sig", "Signaled?", "Signaled", "Signalled"),
        cells.signal,
        "none, yes, silver, gold",
    ),
    Field(
        "connection",
        ("Ties",),
        cells.line,
        "text",
    ),
    Field("reason", ("Why", "Why this program", "Specific reason"), cells.long_text, "text"),
    Field("contact_policy", (), cells.contact_policy, "open, if_asked, none"),
    Field("application_service", ("Applied via",), cells.service, "eras, residencycas, ..."),
    Field(
        "rank_list_locked", ("ROL Locked", "Locked", "List certified"), cells.yes_no, "yes or no"
    ),
    Field("told_on", ("Emailed", "Update sent", "Contacted"), cells.told_on, "a date"),
    Field("notes", ("Comments", "Note", "Comment"), cells.long_text, "text"),
)

BY_NAME = {field.name: field for field in FIELDS}

# Columns that speak of a field in a way of their own.
NO_CONTACT = "contact_policy:no"
DIRECTOR = "director:whole"
LOCATION = "location"
GOLD, SILVER = "signal:gold", "signal:silver"
TIE = "connection:tie"
# What --rejects adds; it is not taken back in.
REJECTED = "error"

SPECIAL: dict[str, tuple[str, ...]] = {
    REJECTED: ("error",),
    DIRECTOR: ("Program Director", "PD", "Director", "PD Name", "Director Name"),
    LOCATION: ("Location", "City State", "City/State"),
    NO_CONTACT: ("Do not email", "No contact", "Do not contact"),
    GOLD: ("Gold Signal", "Gold"),
    SILVER: ("Silver Signal", "Silver"),
    TIE: ("Geo", "Home", "Away", "SubI", "Sub-I", "Away Rotation"),
}


def fold_header(text: str) -> str:
    """A header without case, spacing, punctuation and invisible characters."""
    plain = unicodedata.normalize("NFKC", cells.ZERO_WIDTH.sub("", text)).casefold()
    return re.sub(r"[\W_]+", "", plain)


def _headers() -> dict[str, str]:
    found = {fold_header(a): f.name for f in FIELDS for a in (f.name, *f.also)}
    found.update({fold_header(a): target for target, names in SPECIAL.items() for a in names})
    return found


HEADERS = _headers()


def target_of(header: str) -> str | None:
    """The field, or special column, that a header means; None for an unknown one."""
    return HEADERS.get(fold_header(header))


def suggestion_for(header: str) -> str | None:
    """The known field nearest to an unknown header; to be shown, never to be applied."""
    near = difflib.get_close_matches(fold_header(header), HEADERS, n=1, cutoff=0.8)
    return HEADERS[near[0]].partition(":")[0] if near else None
