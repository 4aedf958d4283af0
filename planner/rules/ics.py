"""Writes dates as an iCalendar file (RFC 5545) whose next version updates the same entries.

Each entry keeps its UID.  A changed entry gets a higher SEQUENCE, a removed one is cancelled,
and an unchanged one stays as it was, so that exporting twice gives the same file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain

from planner.rules.season_dates import SeasonDate

PRODUCT = "PRODID:-//step2-planner//dates//EN"
OCTETS = 75  # the most in a line, by RFC 5545 section 3.1
# SEQUENCE counts minutes from here, so that a later file with another name is newer, too.
COUNTED_FROM = datetime(2026, 1, 1, tzinfo=UTC)
VERSIONED = ("DTSTAMP:", "SEQUENCE:")

Entry = list[str]  # the lines between BEGIN and END, unfolded


def calendar_text(
    dates: Iterable[SeasonDate], *, former: str, now: datetime, owner: str, title: str
) -> str:
    """Return the file's text; `former` is its last version or "", `owner` makes UIDs unique."""
    entries = dict(_entry(found, owner) for found in dates)
    before = read_entries(former)
    kept = [_versioned(lines, before.get(uid), now) for uid, lines in entries.items()]
    gone = [_cancelled(lines, now) for uid, lines in before.items() if uid not in entries]
    events = (["BEGIN:VEVENT", *lines, "END:VEVENT"] for lines in [*kept, *gone])
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        PRODUCT,
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(title)}",
        *chain.from_iterable(events),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def read_entries(text: str) -> dict[str, Entry]:
    """Read the entries of a file that `calendar_text` wrote, by UID."""
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    found: dict[str, Entry] = {}
    for block in re.findall(r"BEGIN:VEVENT\r?\n(.*?)END:VEVENT", unfolded, re.DOTALL):
        lines = re.split(r"\r?\n", block.rstrip("\r\n"))
        uid = next((line for line in lines if line.startswith("UID:")), "")
        found[uid.removeprefix("UID:")] = lines
    return found


def _entry(found: SeasonDate, owner: str) -> tuple[str, Entry]:
    mark = hashlib.sha256(owner.encode()).hexdigest()[:12]
    uid = f"{found.key}-{mark}@step2-planner.example"
    lines = [
        f"UID:{uid}",
        *_times(found),
        f"SUMMARY:{_escaped(found.title)}",
        *([f"DESCRIPTION:{_escaped(found.text)}"] if found.text else []),
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
    ]
    return uid, lines


def _times(found: SeasonDate) -> Iterator[str]:
    """Yield whole days as dates, which are the same in every zone, and moments in UTC."""
    end = found.end or found.start + found.length
    if found.is_whole_day and (end.hour, end.minute) == (0, 0):
        last = max(end.date(), found.start.date() + timedelta(days=1))  # it is not included
        yield f"DTSTART;VALUE=DATE:{found.start:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{last:%Y%m%d}"
    else:
        yield f"DTSTART:{_utc(found.start)}"
        yield f"DTEND:{_utc(end)}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _versioned(lines: Entry, before: Entry | None, now: datetime) -> Entry:
    """Return a new or changed entry with the next version; an unchanged one as it was."""
    if before is not None and _without_version(before) == lines:
        return before
    return [*lines, f"DTSTAMP:{_utc(now)}", f"SEQUENCE:{_next(before, now)}"]


def _cancelled(before: Entry, now: datetime) -> Entry:
    lines = [
        "STATUS:CANCELLED" if line.startswith("STATUS:") else line
        for line in _without_version(before)
    ]
    return _versioned(lines, before, now)


def _without_version(lines: Entry) -> Entry:
    return [line for line in lines if not line.startswith(VERSIONED)]


def _next(before: Entry | None, now: datetime) -> int:
    minutes = max(0, (now - COUNTED_FROM) // timedelta(minutes=1))
    numbers = [
        int(line.partition(":")[2])
        for line in before or ()
        if re.fullmatch(r"SEQUENCE:\d{1,10}", line)
    ]
    return max([minutes, *(number + 1 for number in numbers)])


def _escaped(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", "\\n")


def _folded(line: str) -> str:
    """Fold a line into parts of at most 75 octets, without splitting a character."""
    parts, part, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > OCTETS:
            parts.append(part)
            part, size = "", 1  # the blank before it
        part, size = part + letter, size + octets
    return "\r\n ".join([*parts, part])
