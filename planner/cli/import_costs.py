"""What each kind of issue of an import could cost, and what it is called.

To add a kind, give its code a row in `KINDS`; a test knows every code that an import can
give.  The report of an import has its kinds in the order of their costs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import IntEnum
from typing import NamedTuple


class Cost(IntEnum):
    """What a misunderstanding could cost, worst first."""

    WRONG_LETTER = 1  # a letter to somebody who said no, or was told already
    WRONG_PROGRAM = 2  # two letters to one program, or none, or one about another
    WRONG_READER = 3  # the wrong name in the salutation, or the wrong mailbox
    WRONG_DATE = 4
    LOOKS = 5  # nothing that shows in a letter


class Kind(NamedTuple):
    """One kind of issue: its cost, its title, and what can be done about all of its cells.

    A kind without a cost costs what its field does.  `asks`: it was read, but a person should
    decide; `of_file`: it is about a file rather than a cell; `by_outcome`: its cells are grouped
    by what they were read as.
    """

    title: str
    cost: Cost | None = None
    asks: bool = False
    of_file: bool = False
    by_outcome: bool = False
    advice: str = ""


# What a misread cell of a field could cost; the other fields affect only looks.
OF_FIELD: Mapping[str, Cost] = {
    **dict.fromkeys(
        ("status", "contact_policy", "told_on", "rank_list_locked", "step2_policy"),
        Cost.WRONG_LETTER,
    ),
    **dict.fromkeys(
        ("program", "specialty", "acgme_id", "nrmp_code", "institution", "city", "state"),
        Cost.WRONG_PROGRAM,
    ),
    **dict.fromkeys(
        (
            *("director_first_name", "director_last_name", "director_email"),
            *("coordinator_name", "coordinator_email"),
        ),
        Cost.WRONG_READER,
    ),
    "interview_date": Cost.WRONG_DATE,
}

_SET_NAME = (
    "Is one wrong? Change the cell, or: planner programs set PROGRAM director_last_name=NAME"
)
_SET_COORDINATOR = _SET_NAME.replace("director_last_name", "coordinator_name")
_SET_NOTED = "Are the notes right? planner programs set PROGRAM status=STATUS"
_SET_STATUS = "Is one wrong? Change the cell, or: planner programs set PROGRAM status=STATUS"

KINDS: Mapping[str, Kind] = {
    # What may lead to a letter that must not leave.
    "unknown_column_matters": Kind("Unknown columns that matter", Cost.WRONG_LETTER),
    "colors_missing": Kind("Colors that the file does not have", Cost.WRONG_LETTER, of_file=True),
    "colors_lost": Kind(
        "Colors of a legend that were lost", Cost.WRONG_LETTER, asks=True, of_file=True
    ),
    "colors_unknown": Kind(
        "Colors that planner does not understand", Cost.WRONG_LETTER, asks=True, of_file=True
    ),
    "colors_unexplained": Kind(
        "Colors that nothing explains", Cost.WRONG_LETTER, asks=True, of_file=True
    ),
    "second_table": Kind("A second table", Cost.WRONG_LETTER, of_file=True),
    "bad_status": Kind("Not a status", Cost.WRONG_LETTER),
    "bad_stage": Kind("Neither a check mark nor a blank", Cost.WRONG_LETTER),
    "bad_contact_policy": Kind("Not clear whether they want email", Cost.WRONG_LETTER),
    "date_needed": Kind("Told, but not when", Cost.WRONG_LETTER),
    "told_read": Kind(
        "Told, but in words instead of a date",
        Cost.WRONG_LETTER,
        advice="Is one wrong? Change the cell, or: planner programs set PROGRAM told_on=YYYY-MM-DD",
    ),
    "told_in_future": Kind("Told on a day in the future", Cost.WRONG_LETTER, asks=True),
    "two_statuses": Kind("Columns that disagree about the status", Cost.WRONG_LETTER, asks=True),
    "note_contradicts": Kind(
        "Notes that speak against a letter",
        Cost.WRONG_LETTER,
        asks=True,
        advice=(
            "Is that right? Change the status, or: planner programs set PROGRAM status=rejected (or"
            " withdrawn), contact_policy=none, told_on=YYYY-MM-DD, rank_list_locked=yes,"
            " or director_email=ADDRESS"
        ),
    ),
    "doctors_as_contacts": Kind(
        "Contacts who are probably the directors", Cost.WRONG_LETTER, asks=True, of_file=True
    ),
    "director_left": Kind(
        "Notes that say the director has left",
        Cost.WRONG_READER,
        asks=True,
        advice=(
            "Who is it now? planner programs set PROGRAM director_last_name=NAME"
            " director_email=ADDRESS (an empty one means nobody)"
        ),
    ),
    "no_status": Kind("No status", Cost.WRONG_LETTER, asks=True, of_file=True),
    "beside_name": Kind(
        "Remarks in the names of programs",
        Cost.WRONG_LETTER,
        asks=True,
        advice="Give these rows a status, and take the remark out of the name",
    ),
    "decorated": Kind("Pictures next to a name", Cost.WRONG_LETTER, asks=True),
    "section": Kind(
        "Titles that apply to the rows below them",
        Cost.WRONG_LETTER,
        asks=True,
        by_outcome=True,
    ),
    "not_ticked": Kind("Not checked, so not applied", Cost.WRONG_LETTER, advice=_SET_STATUS),
    "outside_season": Kind("Dates outside the season", Cost.WRONG_LETTER, asks=True),
    "status_read": Kind(
        "A status read from a remark", Cost.WRONG_LETTER, by_outcome=True, advice=_SET_STATUS
    ),
    "bad_step2_policy": Kind("Not a policy on Step 2", Cost.WRONG_LETTER),
    "policy_read": Kind("A policy read from a remark", Cost.WRONG_LETTER, by_outcome=True),
    "required_to_apply": Kind("Required, but only to apply", Cost.WRONG_LETTER),
    # Which program is meant.
    "bad_track": Kind("Not a track", Cost.WRONG_PROGRAM),
    "no_track": Kind("Not a track; kept as an extra", Cost.WRONG_PROGRAM),
    "probable_twin": Kind("Probably twins", Cost.WRONG_PROGRAM, asks=True),
    "unknown_state": Kind("Not a known state", Cost.WRONG_PROGRAM, asks=True),
    "fits_two": Kind("Rows that fit two programs", Cost.WRONG_PROGRAM),
    "no_program": Kind("No program name", Cost.WRONG_PROGRAM),
    "no_specialty": Kind("No specialty", Cost.WRONG_PROGRAM),
    "bad_specialty": Kind("Not a specialty", Cost.WRONG_PROGRAM),
    "bad_acgme_id": Kind("Not an ACGME ID", Cost.WRONG_PROGRAM),
    "bad_nrmp_code": Kind("Not an NRMP code", Cost.WRONG_PROGRAM),
    "digits_lost": Kind("Codes that a spreadsheet has rounded", Cost.WRONG_PROGRAM),
    "specialty_disagrees": Kind("Specialty and code disagree", Cost.WRONG_PROGRAM, asks=True),
    "other_specialty": Kind(
        "A cell names another specialty",
        Cost.WRONG_PROGRAM,
        asks=True,
        advice='Is it the specialty? Then, without --specialty: --map "THAT COLUMN=specialty"',
    ),
    "name_says": Kind("Another specialty in the name", Cost.WRONG_PROGRAM, asks=True),
    "taken_out": Kind("Programs that you took out", Cost.WRONG_PROGRAM, asks=True),
    "unknown_specialty": Kind("A specialty taken from the code", Cost.WRONG_PROGRAM),
    "lost_zero": Kind("Codes that lost their first zero", Cost.WRONG_PROGRAM),
    "only_name": Kind("Rows with a name and nothing else", Cost.WRONG_PROGRAM, of_file=True),
    "passed_over": Kind("Rows that are not programs", Cost.WRONG_PROGRAM, of_file=True),
    "hidden_rows": Kind("Hidden rows", Cost.WRONG_PROGRAM, asks=True, of_file=True),
    "beside_the_list": Kind("Text next to the list", Cost.WRONG_PROGRAM, of_file=True),
    # Who reads it.
    "bad_email": Kind("Not an address", Cost.WRONG_READER),
    "bad_contact": Kind("Not only names and addresses", Cost.WRONG_READER),
    "bad_name": Kind("Not the name of a person", Cost.WRONG_READER),
    "old_address": Kind("A new name next to an old address", Cost.WRONG_READER, asks=True),
    "two_names": Kind("Columns that disagree about the name", Cost.WRONG_READER, asks=True),
    "unusual_domain": Kind("Addresses that may be mistyped", Cost.WRONG_READER, asks=True),
    "address_in_name": Kind("An address next to a name", Cost.WRONG_READER, asks=True),
    "address_in_link": Kind("Addresses read from a link", Cost.WRONG_READER),
    "two_people": Kind("Several people in one cell", Cost.WRONG_READER, advice=_SET_NAME),
    "title_decides": Kind(
        "Taken as the director, because of a doctor's title",
        Cost.WRONG_READER,
        asks=True,
        advice="Is that wrong? Write the role into the cell: Ana Lee (PC)",
    ),
    "surname_first": Kind("Names with the last name first", Cost.WRONG_READER, advice=_SET_NAME),
    "ambiguous_name": Kind(
        "Names that can be read in two ways", Cost.WRONG_READER, asks=True, advice=_SET_NAME
    ),
    "name_read": Kind("Names that were cleaned", Cost.WRONG_READER, advice=_SET_NAME),
    "one_case": Kind("Names in all capitals, or in none", Cost.WRONG_READER, advice=_SET_NAME),
    "nobody": Kind(
        'Not a person\'s name: the letter says "Dear Program Director"',
        Cost.WRONG_READER,
        advice=_SET_NAME,
    ),
    "two_addresses": Kind("Two addresses: one is written to, one copied", Cost.WRONG_READER),
    "more_addresses": Kind("More addresses than can be used", Cost.WRONG_READER),
    "no_address": Kind("No address", Cost.WRONG_READER),
    "other_role": Kind("Contacts who get no letter", Cost.WRONG_READER),
    # Days.
    "bad_date": Kind("Not a date"),
    "day_first": Kind("Dates with the day first", Cost.WRONG_DATE, asks=True, of_file=True),
    "several_days": Kind("Several days"),
    "day_in_notes": Kind(
        "A day in the notes",
        Cost.WRONG_DATE,
        asks=True,
        advice="Is it the interview? planner programs set PROGRAM interview_date=YYYY-MM-DD",
    ),
    "before_season": Kind("Dates before this season", asks=True),
    "wrong_weekday": Kind("A weekday that does not match the date", asks=True),
    "status_in_notes": Kind(
        "A status in the notes",
        Cost.WRONG_LETTER,
        asks=True,
        advice=_SET_NOTED,
    ),
    "asked_in_notes": Kind(
        "Notes that say they asked",
        Cost.WRONG_LETTER,
        asks=True,
        advice="Did they? planner programs set PROGRAM step2_policy=requested",
    ),
    # These cost what their field does.
    "conflict": Kind("Rows of one program that contradict each other"),
    "kept_yours": Kind("You set another value by hand; yours stays", asks=True),
    "kept_first": Kind("Rows of one program that differ; the first one counts"),
    "formula_error": Kind("Formulas without a value"),
    "lost_letter": Kind("Letters were lost when this was saved"),
    "garbled": Kind(
        "Garbled letters that were corrected",
        advice="Is one wrong? Type it again, or: planner programs set PROGRAM FIELD=TEXT",
    ),
    "control_character": Kind("Invisible characters"),
    "too_long": Kind("Cells that are far too long"),
    "too_many_cells": Kind(
        "More cells than the header has",
        Cost.WRONG_PROGRAM,
        advice="A comma inside a cell? Put the cell in quotation marks, or save as XLSX",
    ),
    "bad_yes_no": Kind("Neither yes nor no"),
    "bad_signal": Kind("Not a signal"),
    "bad_application_service": Kind("Not an application service"),
    # The rest.
    "encoding_assumed": Kind("How the file was read", Cost.LOOKS, asks=True, of_file=True),
    "not_read": Kind("What was not read", Cost.LOOKS, of_file=True),
    "city_with_state": Kind("A state in the city column", Cost.LOOKS),
    "not_a_location": Kind("Not a place", Cost.LOOKS),
    "cut": Kind("Cells that were cut", Cost.LOOKS),
    "unknown_column": Kind("Columns that planner does not know", Cost.LOOKS, of_file=True),
}


# What is different for a coordinator's cell: the letter greets the director.
OF_COORDINATOR: Mapping[str, Kind] = {
    code: kind._replace(advice=_SET_COORDINATOR)
    for code, kind in KINDS.items()
    if kind.advice == _SET_NAME
} | {
    "nobody": Kind(
        "Not a coordinator's name; the greeting is not affected",
        Cost.WRONG_READER,
        advice=_SET_COORDINATOR,
    ),
}
_DIRECTOR, _COORDINATOR = {"director_first_name", "director_last_name"}, {"coordinator_name"}


def is_coordinators(code: str, fields: Collection[str]) -> bool:
    """Whether an issue concerns only a coordinator's name, and not a director's."""
    names = _COORDINATOR & {*fields} and not _DIRECTOR & {*fields}
    return bool(names) and code in OF_COORDINATOR


def kind_of(code: str, *, coordinators: bool = False) -> Kind:
    """What an issue of this code is."""
    own = OF_COORDINATOR.get(code) if coordinators else None
    return own or KINDS.get(code) or Kind(code.replace("_", " ").capitalize())


def cost_of(code: str, fields: Collection[str]) -> Cost:
    """What an issue could cost, in a cell that speaks of these fields."""
    own = kind_of(code).cost
    return own or min((OF_FIELD.get(name, Cost.LOOKS) for name in fields), default=Cost.LOOKS)
