"""Finds how far things have come with a program, from all columns that speak of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from planner.rules.facts import ContactPolicy, Status
from planner.rules.objection_words import NOT_SEEN, Against
from planner.rules.objections import objections
from planner.sheets.columns import AS_WRITTEN, Column
from planner.sheets.headings import words_of
from planner.sheets.parsers import cells, dates
from planner.sheets.parsers.cells import BadCellError, Noted, fold_word, without_accents
from planner.sheets.parsers.dates import ANYWHERE as DATE
from planner.sheets.parsers.dates import Season, is_date
from planner.sheets.parsers.status import OUT, Said, furthest, is_status, read_status
from planner.sheets.parsers.unread import refuse_unread
from planner.sheets.records import Record

_ABOUT_INTERVIEWS = frozenset(
    {"interview", "interviews", "iv", "ivs", "ii", "invite", "invitation"}
)


def keep_as_written(record: Record, column: Column, text: str) -> None:
    """Keep the whole text of a cell that says more than its meaning."""
    record.extra[column.name + AS_WRITTEN] = cells.clean_text(text)


def add_status(record: Record, column: Column, text: str, status: Status) -> None:
    """Combine another status with the row's: out of play wins, else the furthest stage."""
    before = record.values.get("status")
    found = status if before is None else furthest([Status(before), status])
    record.values["status"] = found.value
    said = any(c.target == "status" for c in record.header.columns)
    if said and before and found.value != before and found in OUT:
        record.warn(
            column.name, text, "two_statuses", f"another column says {before}; taken as {found}"
        )


def say_status(
    record: Record, column: Column, text: str, season: Season | None, *, aside: bool = False
) -> None:
    """Read a cell with status words, perhaps followed by a date and a remark.

    `aside`: the column is not for statuses, so that even a plain word is remarked on.
    Raises BadCellError if the status is not certain.
    """
    if cells.is_missing(text):
        return
    if _is_bare_mark(text):
        _mark(record, column, text)
        return
    said = read_status(text, column.header)
    add_status(record, column, text, said.status)
    if said.exact and not aside:
        return
    refuse_unread(text, said.status)
    keep_as_written(record, column, text)
    day = _set_interview(record, column, said.day, season) if said.day else ""
    on = f", with the interview on {day}" if day else ""
    beside = "".join(f", {word}" for word in _said_beside(record, column, text, said, season))
    outcome = f"taken as {said.status}"
    record.warn(column.name, text, "status_read", f"{outcome}{on}{beside}", outcome=outcome)


def _said_beside(
    record: Record, column: Column, text: str, said: Said, season: Season | None
) -> Iterator[str]:
    """Yield what a cell adds to the status: that they were told, that they want no email."""
    if said.told and (told := _told_on(record, column, said.told, season)):
        yield f"told on {told}"
    if any(found.kind is Against.NO_MAIL for found in objections(text)):
        record.values["contact_policy"] = ContactPolicy.NONE.value
        yield "no email wanted"


def _told_on(record: Record, column: Column, text: str, season: Season | None) -> str:
    """Take the day when they were told; a column for such days wins."""
    try:
        found = dates.parse_told_on(text, season)
    except BadCellError:
        return ""
    if isinstance(found, Noted):
        record.warn(column.name, text, found.code, found.remark)
        found = found.value
    return str(record.values.setdefault("told_on", found.isoformat())) if found else ""


def _is_bare_mark(text: str) -> bool:
    return cells.is_yes(text) or cells.is_no(text)


def _mark(record: Record, column: Column, text: str) -> None:
    """Read a mark instead of a word: a cross is a rejection, a tick under Interview an invite."""
    asks_for_interview = not _ABOUT_INTERVIEWS.isdisjoint(words_of(column.header).split())
    if cells.is_cross(text):
        found = Status.REJECTED
    elif asks_for_interview and cells.is_yes(text):
        found = Status.INVITED
    elif asks_for_interview:
        return  # no interview so far
    else:
        raise BadCellError("bad_status", f"expected one of: {', '.join(Status)}; not a mark")
    add_status(record, column, text, found)
    record.warn(column.name, text, "status_read", f"taken as {found}")


def _set_interview(record: Record, column: Column, text: str, season: Season | None) -> str:
    """Take the date of an interview from a status cell; a column for dates wins."""
    try:
        found = dates.parse_date(text, season)
    except BadCellError:
        return ""
    if isinstance(found, Noted):
        record.warn(column.name, text, found.code, found.remark)
        found = found.value
    return str(record.values.setdefault("interview_date", found.isoformat()))


def stage(record: Record, column: Column, text: str, season: Season | None) -> None:
    """Read a cell of a column for one stage: a yes or a date means that stage.

    Raises BadCellError if it is neither yes, no, a date nor a status.
    """
    status = Status(str(column.target))
    remark = cells.remarked(text)
    if cells.is_missing(text) and text not in {"-", "--", "—", "–"}:
        return
    if cells.is_yes(text) or _is_number(text):
        add_status(record, column, text, status)
    elif cells.is_no(text) or cells.is_missing(text) or fold_word(text) in _NOT_YET:
        _deny(record, column, status, text)
    elif is_date(text):
        _dated(record, column, status, text, season)
    elif remark is not None:
        keep_as_written(record, column, text)
        if remark[0]:
            add_status(record, column, text, status)
        else:
            _deny(record, column, status, text)
        _say_more(record, column, text, remark[1], season)
    elif is_status(text):
        say_status(record, column, text, season)
    elif day := DATE.search(text):
        keep_as_written(record, column, text)
        add_status(record, column, text, status)
        if status is Status.INTERVIEWED and _remark_behind(text)[0] == day[0]:
            _set_interview(record, column, day[0], season)
        record.warn(column.name, text, "status_read", f"taken as {status}")
    else:
        raise BadCellError("bad_stage", f"expected yes, no or a date: whether it is {status}")


def _say_more(
    record: Record, column: Column, text: str, remark: str, season: Season | None
) -> None:
    """Read the remark behind a mark, which may be a status of its own: "yes (R)", "✓ - WL"."""
    if column.target == Status.INTERVIEWED and is_date(remark, season):
        _set_interview(record, column, remark, season)
    if not is_status(remark, column.header) or fold_word(remark).startswith(("no ", "not ")):
        return
    said = read_status(remark, column.header)
    add_status(record, column, text, said.status)
    record.warn(column.name, text, "status_read", f"says {said.status}, too")


_NOT_YET = frozenset({"not yet", "not", "never", "not so far", "not done", "nothing yet"})


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= 2 and int(text) > 0


def _deny(record: Record, column: Column, status: Status, text: str) -> None:
    """Read a box that is not ticked; an unticked Applied means that there is no application."""
    if status is Status.APPLIED:
        add_status(record, column, text, Status.NOT_APPLIED)
    elif column.crossed and cells.is_cross(text):
        add_status(record, column, text, status)
        record.warn(column.name, text, "status_read", f"a cross here: taken as {status}")
    else:
        record.denied = (*record.denied, "status")
        if status is Status.INTERVIEWED:
            record.not_seen = column.name, text


def doubt_interview(record: Record, today: date) -> None:
    """Keep a no to an interview whose day has passed: no letter may give thanks for it."""
    day = record.values.get("interview_date")
    if record.not_seen is not None and day and day < today.isoformat():
        name, text = record.not_seen
        record.extra[name + AS_WRITTEN] = f"{text} ({NOT_SEEN})"


def leave_blank(record: Record, column: Column) -> None:
    """Read a blank cell under Applied where others are ticked: it means not applied.

    A status from any other cell of the row wins.
    """
    if record.values.get("status") is None:
        add_status(record, column, "", Status.NOT_APPLIED)
        record.warn(
            column.name,
            "",
            "not_ticked",
            "not checked, though others are: taken as not_applied; check it if you did apply",
        )


def _dated(
    record: Record, column: Column, status: Status, text: str, season: Season | None
) -> None:
    add_status(record, column, text, status)
    if status is Status.INTERVIEWED:
        _set_interview(record, column, text, season)
    else:
        keep_as_written(record, column, text)


def interview_date(record: Record, column: Column, text: str, season: Season | None) -> None:
    """Read a cell of interview dates; a status there instead counts as a status.

    A remark behind a date stays as written.  Raises BadCellError if it is neither, or if the
    remark may say that the day is of something else.
    """
    if cells.is_missing(text) or cells.is_no(text):
        return
    try:
        found = dates.parse_date(text, season)
    except BadCellError:
        if is_status(text):
            say_status(record, column, text, season, aside=True)
            return
        date_alone, remark = _remark_behind(text)
        if not remark or _IS_ANOTHER.search(without_accents(remark)) or cells.is_no(remark):
            raise
        if is_status(remark):
            say_status(record, column, remark, season, aside=True)
            return
        refuse_unread(remark, Status.INTERVIEWED)
        found = dates.parse_date(date_alone, season)
        keep_as_written(record, column, text)
    if isinstance(found, Noted):
        record.warn(column.name, text, found.code, found.remark)
        found = found.value
    record.values["interview_date"] = found.isoformat()


_BEHIND = re.compile(
    r"([^()\[\]]+?)\s*(?:[(\[]([^()\[\]]+)[)\]]|(?:\s[-–—]|[,;:])\s*([^\d()\[\]]+))"
)
# Remarks that name another day than the interview's, or say that it is not certain or did not happen.
_IS_ANOTHER = re.compile(
    r"\b(?:open house|oh|info\w*|session|social|dinner|lunch|meet|greet|second look|2nd look|tour|visit|webinar"
    r"|fair|deadline|due|respond|reply|by|invite\w*|offer\w*|async\w*|hirevue|kira|recorded|screen\w*|x|skip\w*"
    r"|pass(?:ed)?|conflict|missed|not?|didnt|couldnt|cant|moved?|backup|left|full|tbd|tba|tentative|maybe|was"
    r"|verschoben|evtl|aplazad[oa]|reporte|adiad[oa])\b|[?❌✗✘🚫]|n['’]t\b",
    re.IGNORECASE,
)


def _remark_behind(text: str) -> tuple[str, str]:
    """Split a date from the remark in brackets or behind a dash; ("", "") without one.

    >>> _remark_behind("11/3 (loved it)"), _remark_behind("11/3 - great day"), _remark_behind("11/3")
    (('11/3', 'loved it'), ('11/3', 'great day'), ('', ''))
    """
    found = _BEHIND.fullmatch(text)
    return (found[1], found[2] or found[3]) if found else ("", "")
