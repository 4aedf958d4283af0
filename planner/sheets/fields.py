"""The columns that an import knows: one table of fields, their other names and parsers.

To teach the import another header, add it to `also` of its field, or to the headers of its
special column; `headings` matches them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from planner.rules.facts import Status
from planner.sheets.parsers import (
    addresses,
    cells,
    codes,
    dates,
    name_remarks,
    people,
    places,
    vocabulary,
)
from planner.sheets.parsers.dates import Season


class Field(NamedTuple):
    """One field of a program as a column: canonical name, other headers, parser.

    `shape` describes its cells; `plain` tells whether many cells at once need no parsing;
    `own` holds words that are values of this field, although elsewhere they mean that nothing
    is known; `dated`: its parser also takes the season.
    """

    name: str
    also: tuple[str, ...]
    parse: Callable[..., Any]
    shape: str
    plain: Callable[[Sequence[str]], bool] | None = None
    own: frozenset[str] = frozenset()
    dated: bool = False

    def parser(self, season: Season | None) -> Callable[[str], Any]:
        """Return the parser for a list of this season."""
        return partial(self.parse, season=season) if self.dated else self.parse


def _text(name: str, *also: str, parse: Callable[[str], Any] = cells.clean_line) -> Field:
    return Field(name, also, parse, "text", cells.plain_lines)


def _name(name: str, *also: str) -> Field:
    return Field(name, also, cells.clean_name, "text", cells.plain_names)


def _program(name: str, *also: str) -> Field:
    return Field(name, also, name_remarks.program_name, "text", name_remarks.plain_program_names)


def _address(name: str, *also: str) -> Field:
    return Field(name, also, addresses.parse_email, "an address", addresses.plain_emails)


def _yes_no(name: str, *also: str) -> Field:
    return Field(name, also, vocabulary.yes_no, "yes or no", own=frozenset({"-"}))


FIELDS: tuple[Field, ...] = (
    _program("program", "Program Name", "Residency Program", "Name", "Hospital Program"),
    Field(
        "specialty",
        ("Speciality", "Spec", "Specialty Name", "Speciality Name", "Specialty Title"),
        cells.clean_line,
        "a name, IM or 140",
        cells.plain_lines,
    ),
    Field(
        "track",
        ("Program Track", "Track Type", "Position Type", "Track Name"),
        vocabulary.track,
        "categorical, preliminary, ...",
    ),
    Field(
        "acgme_id",
        (
            "ACGME",
            "ACGME Code",
            "ACGME Program ID",
            "ACGME Number",
            "ACGME Program Number",
            "ACGME Program Code",
            "FREIDA ID",
            "Accreditation ID",
            "Program Code",
            "Program ID",
            "ERAS ID",
            "ERAS Code",
            "Program Number",
            "Code",
        ),
        codes.parse_acgme_id,
        "10 digits",
        codes.plain_acgme_ids,
    ),
    Field(
        "nrmp_code",
        ("NRMP", "NRMP Program Code", "NRMP ID"),
        codes.parse_nrmp_code,
        "such as 1601140C0",
        codes.plain_nrmp_codes,
    ),
    _program(
        "institution",
        "Hospital",
        "Hospital Name",
        "Institution Name",
        "Sponsor",
        "Sponsor Name",
        "Sponsoring Institution",
        "Institution / Hospital System",
        "Hospital System",
    ),
    Field("city", ("Town",), places.city, "text", places.plain_cities),
    Field("state", ("Province", "ST"), places.state, "OH or Ohio", places.plain_states),
    Field(
        "director_first_name",
        ("PD First Name", "Director First"),
        people.first_name,
        "a name",
        people.plain_last_names,
    ),
    Field(
        "director_last_name",
        ("PD Last Name", "Director Last"),
        people.last_name,
        "a name",
        people.plain_last_names,
    ),
    _address(
        "director_email",
        "PD Email",
        "Program Director Email",
        "Director E-mail",
        "PD E-mail",
    ),
    Field(
        "coordinator_name",
        (
            "Coordinator",
            "PC",
            "Program Coordinator",
            "Contact",
            "PC Name",
            "Contact Name",
        ),
        people.full_name,
        "a name",
        people.plain_whole_names,
    ),
    _address(
        "coordinator_email",
        "PC Email",
        "Contact Email",
        "Email",
        "E-mail",
        "Email Address",
        "Program Email",
        "Residency Email",
        "Program Coordinator Email",
    ),
    Field("status", ("Application Status", "Stage"), vocabulary.status, "applied, invited, ..."),
    Field(
        "interview_date",
        ("IV Date", "Interviewed On", "Date of Interview", "Interview Day"),
        dates.parse_date,
        "a date",
        dated=True,
    ),
    Field(
        "step2_policy",
        (
            "Step 2 Policy",
            "Step 2 Required",
            "Step 2 CK Required",
            "Requires Step 2",
            "Requires Step 2 CK?",
            "Step 2 CK Policy",
        ),
        vocabulary.step2_policy,
        "none, mentioned, ...",
        own=frozenset({"none", "-"}),
    ),
    _yes_no("top_choice", "Favorite", "Favourite", "Top"),
    Field(
        "signal",
        (
            "Sig",
            "Signals",
            "Signaled?",
            "Signalled",
            "Signal #",
            "Signal tier",
            "Signal type",
            "Signal level",
            "Signal sent",
            "Program signal",
            "Preference signal",
            "Gold/Silver",
        ),
        vocabulary.signal,
        "none, yes, silver, gold",
        own=frozenset({"none", "-"}),
    ),
    Field("connection", ("Ties",), vocabulary.connection, "text, or no"),
    _text(
        "reason",
        "Why",
        "Why here",
        "Why this program",
        "Why this place",
        "Why them",
        "Reasons",
        "Reason for applying",
        "Specific reason",
        parse=cells.clean_text,
    ),
    _text(
        "impression",
        "Impressions",
        "Interview impression",
        "From the interview",
        "From the interview day",
        "Interview takeaway",
        parse=cells.clean_text,
    ),
    Field(
        "contact_policy",
        (
            "Contact rules",
            "Contact preference",
            "Contact preferences",
            "Contact pref",
            "Preferred contact",
            "Communication policy",
            "Communication preference",
            "Comm policy",
            "Email policy",
            "How to reach",
        ),
        vocabulary.contact_policy,
        "open, if_asked, none, ...",
        own=frozenset({"none"}),
    ),
    _text("contact_channel", "Contact channel", "How to contact", "Contact via", "Contact through"),
    Field("application_service", ("Applied via",), vocabulary.service, "eras, residencycas, ..."),
    Field(
        "rank_list_locked",
        (
            "ROL Locked",
            "Locked",
            "List certified",
            "ROL certified",
            "Rank list certified",
            "Rank list locked",
        ),
        vocabulary.locked,
        "yes or no",
        own=frozenset({"-"}),
    ),
    Field(
        "told_on",
        (
            "Emailed?",
            "Email sent?",
            "Date emailed",
            "Emailed on",
            "Update sent",
            "Date told",
            "Contacted",
            "Reached out",
        ),
        dates.parse_told_on,
        "a date",
        dated=True,
    ),
    _text("notes", "Comments", "Note", "Comment", "Remarks", "Other notes", parse=cells.clean_text),
)

BY_NAME = {field.name: field for field in FIELDS}


class Special(NamedTuple):
    """A column that needs its own parser: its name, its headers, and the fields that it sets."""

    name: str
    headers: tuple[str, ...]
    gives: tuple[str, ...]
    shape: str


CODES = ("nrmp_code", "acgme_id")
NO_CONTACT = "no_contact"
DIRECTOR = "director"
PEOPLE = "people"
LOCATION = "location"
TO_RANK = "needed_to_rank"
CONTACT_OK = "contact_ok"
# Days that are written with the day in front of the month, by the field that they give.
INTERVIEW_DAY_FIRST, TOLD_DAY_FIRST = "interview_day_first", "told_day_first"
DAY_FIRST = {"interview_date": INTERVIEW_DAY_FIRST, "told_on": TOLD_DAY_FIRST}
WANTED = "step2_wanted"
# A second or later column about the status, of notes, or about when they were told.
STATUS_TOO, NOTES_TOO, TOLD_TOO = "status_too", "notes_too", "told_too"
NOTES = frozenset({"notes", NOTES_TOO})
GOLD, SILVER = "gold_signal", "silver_signal"
TIE = "tie"
ROLE = "role"
CONTACT_NAME, CONTACT_FIRST, CONTACT_LAST = "contact_name", "contact_first", "contact_last"
CONTACT_EMAIL = "contact_email"
# The column that a file of rejects adds; an import ignores it.
REJECTED = "error"
SENT_ON = "letter sent on"
WRITTEN = (REJECTED, SENT_ON)  # headers of what planner adds for people

# Columns of check marks, one for each stage; a date counts as a mark, too.
STAGES: dict[Status, tuple[str, ...]] = {
    Status.APPLIED: ("Applied", "Applied?", "Date applied"),
    Status.INVITED: ("Invited", "Interview invite", "II", "II date", "Interview offered"),
    Status.INTERVIEWED: ("Interviewed", "Interviewed?", "Interview completed", "IV done"),
    Status.WAITLISTED: ("Waitlisted", "Waitlist", "WL"),
    Status.ON_HOLD: ("On hold",),
    Status.REJECTED: ("Rejected", "Rejected?", "Rejection", "Date rejected"),
    Status.WITHDRAWN: ("Withdrawn", "Withdrew", "Withdrew?"),
    Status.NOT_APPLIED: ("Not applied", "Did not apply"),
}


def _stage(status: Status) -> Special:
    return Special(status.value, STAGES[status], ("status",), f"a mark: {status}")


SPECIAL: tuple[Special, ...] = (
    Special(
        DIRECTOR,
        (
            "Program Director",
            "PD",
            "Director",
            "PD Name",
            "Director Name",
            "Program Director Name",
        ),
        ("director_first_name", "director_last_name"),
        "a whole name",
    ),
    Special(
        PEOPLE,
        ("PD / PC contact", "PD and PC", "PD/PC", "PD and PC contact", "PD & PC contacts"),
        ("director_last_name", "director_email", "coordinator_name", "coordinator_email"),
        "names and addresses",
    ),
    Special(
        LOCATION,
        (
            *(
                "Location",
                "City State",
                "City/State",
                "Location (city, state)",
                "City, ST",
                "Where",
            ),
            *("City and State", "City/State/ZIP", "City/ST/ZIP", "City/State/ZIP code"),
        ),
        ("city", "state"),
        '"Dayton, OH"',
    ),
    Special(
        NO_CONTACT,
        ("Do not email", "No contact", "Do not contact", "DNC"),
        ("contact_policy",),
        "yes: none",
    ),
    Special(
        CONTACT_OK,
        ("Contact OK?", "OK to contact", "OK to email", "Can email", "Can contact", "Email OK"),
        ("contact_policy",),
        "yes: open, no: none",
    ),
    Special(
        WANTED,
        ("Step 2 score wanted?", "Step 2 wanted", "Step 2 CK wanted", "Wants Step 2 score"),
        ("step2_policy",),
        "yes: requested",
    ),
    Special(
        TO_RANK,
        ("Step 2 needed to rank", "Step 2 required to rank", "Step 2 CK needed to rank"),
        ("step2_policy",),
        "yes: required to rank",
    ),
    Special(
        INTERVIEW_DAY_FIRST,
        ("Interview (dd/mm)", "Interview (dd/mm/yyyy)", "Interview date (dd/mm/yyyy)"),
        ("interview_date",),
        "a date such as 20/10/2026",
    ),
    Special(
        TOLD_DAY_FIRST,
        ("Told on (dd/mm/yyyy)", "Emailed on (dd/mm/yyyy)"),
        ("told_on",),
        "a date such as 20/10/2026",
    ),
    Special(GOLD, ("Gold Signal", "Gold"), ("signal",), "yes: gold"),
    Special(SILVER, ("Silver Signal", "Silver"), ("signal",), "yes: silver"),
    Special(
        TIE,
        (
            "Geo",
            "Home",
            "Home Program",
            "Away",
            "Aways",
            "SubI",
            "Sub-I",
            "Sub-Internship",
            "Away Rotation",
            "Audition Rotation",
            "Rotated there",
        ),
        ("connection",),
        "yes: the header",
    ),
    Special(
        ROLE,
        ("Role", "Contact Role", "Contact Type", "Position"),
        ("whose contact the row is",),
        "PD, PC, ...",
    ),
    *(_stage(status) for status in STAGES),
    Special(
        STATUS_TOO,
        (
            "Interview Status",
            "IV Status",
            "Current Status",
            "App Status",
            "Program Status",
            "Invite Status",
            "Decision",
            "Outcome",
            "Result",
            "Response",
        ),
        ("status",),
        "words of a status",
    ),
    Special(NOTES_TOO, (), ("notes",), "text"),
    Special(TOLD_TOO, (), ("told_on",), "a date"),
    Special(REJECTED, WRITTEN, ("nothing: planner writes it",), "text"),
)
SPECIAL_BY_NAME = {special.name: special for special in SPECIAL}
# The names that a user may give to a column.
_UNNAMED = frozenset({REJECTED, STATUS_TOO, NOTES_TOO, TOLD_TOO})
NAMEABLE = (*BY_NAME, *(name for name in SPECIAL_BY_NAME if name not in _UNNAMED))
# The name that a user gives to a further column of a field.
NAMED_AS: dict[str | None, str] = {STATUS_TOO: "status", NOTES_TOO: "notes", TOLD_TOO: "told_on"}

# Beside a Role column, these are about the person in the row.
CONTACTS: dict[str, tuple[str, ...]] = {
    CONTACT_NAME: ("Contact", "Contact Name", "Full Name", "Name"),
    CONTACT_FIRST: ("First Name", "First"),
    CONTACT_LAST: ("Last Name", "Last"),
    CONTACT_EMAIL: ("Contact Email", "Email", "E-mail"),
}


def gives(target: str) -> tuple[str, ...]:
    """Return the field or fields that a target fills."""
    if target in SPECIAL_BY_NAME:
        return SPECIAL_BY_NAME[target].gives
    return ("the contact, by its role",) if target in CONTACTS else (target,)
