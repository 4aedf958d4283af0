"""Turns rows into records: most cells mean what they say; the others get a second look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from planner.rules import tracks
from planner.rules.calendar import Days
from planner.rules.facts import Specialty, Status, Track, plain
from planner.rules.garbled import ungarbled
from planner.rules.identity import name_keys
from planner.rules.mentions import Mentions, akin
from planner.rules.near import did_you_mean, nearest
from planner.rules.objections import COMMENT, LEFT_OUT, REMARKS, noted, objections
from planner.rules.specialties import Specialties
from planner.sheets import fields, links, stages
from planner.sheets.columns import AS_WRITTEN, Column
from planner.sheets.contradictions import contradict
from planner.sheets.doubts import Doubts
from planner.sheets.header import Header
from planner.sheets.looks import Looks
from planner.sheets.offers import offer
from planner.sheets.parsers import cells, codes
from planner.sheets.parsers.dates import Season, outside_season
from planner.sheets.parsers.name_remarks import BESIDE_NAME
from planner.sheets.parsers.status import furthest, is_status
from planner.sheets.records import Issue, Record, joined
from planner.sheets.sections import Section
from planner.sheets.special import SPECIAL, join_connection, place_contact
from planner.sheets.table import NO_LINKS, Row

REMEMBERED = 5_000  # different cells of a column whose meaning is cached
LONGEST_SPECIALTY = 60  # characters of a cell that may name a specialty
LONGEST_EXTRA = 1_000  # characters to keep of a cell that is cut
# Fields that may stop a letter: here "#N/A" is a formula's error, not a blank.
DECIDES = frozenset(
    {"status", fields.STATUS_TOO, *fields.STAGES, "contact_policy", fields.NO_CONTACT}
    | {fields.CONTACT_OK, "told_on", fields.TOLD_TOO, fields.TOLD_DAY_FIRST, "rank_list_locked"}
)

# Read after the other columns of a row, which say the same more exactly; higher numbers later.
GIVES_WAY = {
    **dict.fromkeys(("city", "director_last_name", "coordinator_name"), 1),
    **dict.fromkeys(("status", fields.STATUS_TOO, *fields.STAGES), 1),
    **dict.fromkeys(
        (fields.DIRECTOR, fields.PEOPLE, fields.LOCATION, fields.GOLD, fields.SILVER)
        + (fields.NOTES_TOO, fields.TOLD_TOO, fields.CONTACT_OK, fields.WANTED),
        2,
    ),
}


LAST = 3  # what an export or a file of rejects adds to a cell comes after the cell
# Fields whose cells are read together with their row, unless they are plain.
WITH_ITS_ROW = frozenset(
    {"city", "director_last_name", "coordinator_name", "contact_policy", "track"}
)

# Stands for the meaning of a cell that needs a second look, together with its row.
_LOOK = object()


class _Cells:
    """One column as the parser sees it: its place, and what its cells mean."""

    __slots__ = (
        "_alarm",
        "_known",
        "_speaks",
        "column",
        "field",
        "name",
        "parse",
        "place",
        "plain",
    )

    def __init__(
        self,
        column: Column,
        season: Season | None,
        doubts: Doubts,
    ) -> None:
        self.column, self.place, self.name = column, column.place, column.target or ""
        found = fields.BY_NAME.get(self.name)
        self.field = None if found is None or found.name == "connection" else found
        self.plain = self.field.plain if self.field else None
        self.parse = self.field.parser(season) if self.field else None
        self._alarm, self._speaks = doubts.alarm(column), doubts.speaks
        self._known: dict[str, Any] = {}

    def meanings(self, texts: Sequence[str]) -> Sequence[Any]:
        """Return what each cell means: a value, None or "" for nothing, or `_LOOK`."""
        if self.plain is not None and self.plain(texts) and not self._alarm_in(texts):
            return texts
        known = self._known
        if len(known) > REMEMBERED:
            known.clear()
        for raw in set(texts).difference(known):
            known[raw] = self._meaning(raw) if raw else None
        return list(map(known.__getitem__, texts))

    def _alarm_in(self, texts: Sequence[str]) -> bool:
        """Whether any of the texts must not be ignored."""
        if self.name in REMARKS and any(map(noted if self.name == "notes" else objections, texts)):
            return True
        return bool(self._alarm) and self._alarms("\n".join(texts))

    def _alarms(self, text: str) -> bool:
        return any(pattern.search(text) for pattern in self._alarm)

    def _meaning(self, raw: str) -> Any:
        if self.column.is_watched:
            return _LOOK if self._speaks(self.column, _text_of(raw)) else None
        if self.field is None or self.parse is None:
            return _LOOK
        if self._alarm_in((_text_of(raw),)):
            return _LOOK
        if self.plain is not None and self.plain((raw,)):
            return raw
        text = _text_of(raw)
        if self.name in WITH_ITS_ROW or _has_no_value(self.name, text) or ungarbled(text) != text:
            return _LOOK
        if _is_missing(self.field, text):
            return None
        try:
            value = self.parse(text)
        except cells.BadCellError:
            return _LOOK
        return _LOOK if value is None or isinstance(value, cells.Noted) else plain(value)


def _text_of(raw: str) -> str:
    return cells.clean_cell(cells.unshielded(cells.clean_cell(raw)))


def _is_missing(known: fields.Field, text: str) -> bool:
    """Whether a cell says nothing, which words in the field's `own` never do."""
    return not text or (cells.is_missing(text) and text.casefold() not in known.own)


def _has_no_value(target: str | None, text: str) -> bool:
    """Whether a cell shows that its formula has no value."""
    return cells.is_formula_error(text) or (target in DECIDES and text.upper() == "#N/A")


class _Settled(NamedTuple):
    """The specialty of a row: its official name, an issue's code and message, and the track."""

    name: str | None
    code: str = ""
    message: str = ""
    track: Track | None = None


class RowParser:
    """Parses the rows of one file."""

    def __init__(
        self,
        file: str,
        header: Header,
        specialties: Specialties,
        specialty: Specialty | None,
        *,
        season: Season | None = None,
        linked: Mapping[tuple[int, int], str] = NO_LINKS,
        looks: Looks | None = None,
    ) -> None:
        self.links, self.looks = linked, looks
        self.file, self.header, self.season = file, header, season
        taken = [c for c in header.columns if c.is_taken]
        taken += [c for c in header.columns if c.is_watched]
        taken.sort(key=lambda c: LAST if c.is_remark else GIVES_WAY.get(str(c.target), 0))
        self.doubts = Doubts([c for c in taken if c.is_taken])
        self.columns = [_Cells(c, season, self.doubts) for c in taken]
        self.names = [cell.name for cell in self.columns]
        self.width = len(header.columns)
        self.specialties, self.specialty = specialties, specialty
        self.ticked = [c for c in taken if c.ticked]
        self.has_contacts = any(c.target in {fields.ROLE, *fields.CONTACTS} for c in header.columns)
        self._mentions = Mentions(specialties)
        self.defaulted = 0  # rows without a specialty that got the default one
        self._settled: dict[tuple[str, str], _Settled] = {}
        self._interviews: dict[str, Days | None] = {}

    def parse(self, rows: Sequence[Row], sections: Sequence[Section | None] = ()) -> list[Record]:
        """Parse rows into records; never raises because of a cell.

        `sections` are the titles above the rows.  It first goes column by column, because
        most cells mean what they say and many are the same.  Cells that need a second look
        are then read with their row.
        """
        texts = [self._widened(row) for _, row in rows]
        looks: dict[int, list[_Cells]] = {}
        meant: list[Sequence[Any]] = []
        lines = [line for line, _ in rows]
        for cell, column in zip(self.columns, self._by_column(texts), strict=True):
            meanings = cell.meanings(column)
            if cell.name in fields.NOTES:
                self.doubts.skim(cell.column, lines, column)
            if self.links and cell.name in links.NAMES:
                meanings = self._followed(rows, cell, meanings)
            if _LOOK in meanings:
                for at, meaning in enumerate(meanings):
                    if meaning is _LOOK:
                        looks.setdefault(at, []).append(cell)
                meanings = [None if meaning is _LOOK else meaning for meaning in meanings]
            meant.append(meanings)
        names, file, header = self.names, self.file, self.header
        found = []
        for at, ((line, row), meanings) in enumerate(
            zip(rows, zip(*meant, strict=True), strict=True)
        ):
            values = {n: v for n, v in zip(names, meanings, strict=True) if v or v == 0}
            record = Record(file, header, line, row, values)
            if at in looks:
                for cell in looks[at]:
                    self._look(record, cell, texts[at][cell.place])
                if len(record.errors) > 1:
                    record.errors = self._from_left(record.errors)
            if len(row) > self.width:
                self._beyond(record, row[self.width :])
            section = sections[at] if sections else None
            if self._is_record(record, section):
                found.append(record)
                seen = self.looks is not None and self.looks.remark(record)
                if seen or at in looks or record.aside:
                    contradict(record, self.doubts.asked)
        _name(found)
        return found

    def _followed(
        self, rows: Sequence[Row], cell: _Cells, meanings: Sequence[Any]
    ) -> Sequence[Any]:
        """Return the meanings of a column, with a second look at each cell with a link."""
        return [
            _LOOK if (line, cell.place) in self.links else meaning
            for (line, _), meaning in zip(rows, meanings, strict=True)
        ]

    def _from_left(self, issues: Sequence[Issue]) -> list[Issue]:
        """Sort issues by their columns, from left to right."""
        places = {cell.column.name: cell.place for cell in self.columns}
        return sorted(issues, key=lambda issue: places.get(issue.column, self.width))

    def _widened(self, row: list[str]) -> list[str]:
        missing = self.width - len(row)
        return row + [""] * missing if missing > 0 else row

    def _by_column(self, texts: Sequence[list[str]]) -> list[tuple[str, ...]]:
        columns = list(zip(*(row[: self.width] for row in texts), strict=True))
        return [columns[cell.place] for cell in self.columns]

    def _is_record(self, record: Record, section: Section | None) -> bool:
        """Settle what a row as a whole says; returns False if it says nothing."""
        values, row = record.values, record.cells
        if (
            not values
            and not record.extra
            and not record.errors
            and not any(map(cells.clean_cell, row))
        ):
            return False
        if self.has_contacts:
            place_contact(record)
        if section is not None:
            _apply(record, section)
        for column in self.ticked:
            if not self.has_contacts and not _at(row, column.place):
                stages.leave_blank(record, column)
        self._settle_specialty(record)
        self._doubt_name(record)
        if "interview_date" in values and self.season is not None:
            self._doubt_interview(record, self.season)
            stages.doubt_interview(record, self.season.today)
        if "notes" in values and self.season is not None:
            offer(record, self.season)
        director = values.get("director_email")
        if director and values.get("coordinator_email", "").casefold() == director.casefold():
            del values["coordinator_email"]  # the same address, so keep it once
        return True

    def _beyond(self, record: Record, texts: Sequence[str]) -> None:
        for raw in texts:
            if cells.clean_cell(raw):
                record.fail("", raw, "too_many_cells", "expected no cell beyond the header")

    def _look(self, record: Record, cell: _Cells, raw: str) -> None:
        """Take a second look at a cell: find its meaning, or say what was expected."""
        column = cell.column
        text = _text_of(raw)
        if not text:
            return
        if not text.isascii():
            text = self._ungarbled(record, column, text)
        if self.links and (address := self.links.get((record.line, cell.place))):
            text = links.followed(record, column, said := text, address)
            if text != said:
                record.linked = [*record.linked, (cell.place, text)]
        try:
            if _has_no_value(column.target, text):
                raise cells.no_value(text)  # whatever the field expects
            if column.target is None:
                if not column.is_remark:
                    self.doubts.look(column, record.line, text)
                before = record.extra.get(column.name, "") if column.is_remark else ""
                record.extra[column.name] = joined(before, self._kept(record, column, text))
            elif column.is_watched:
                record.extra[column.name + LEFT_OUT] = self._kept(record, column, text)
            elif column.target in SPECIAL:
                if self.doubts.alarm(column):
                    self.doubts.look(column, record.line, text)
                SPECIAL[column.target](record, column, text, self.season)
            else:
                if self.doubts.alarm(column):
                    self.doubts.look(column, record.line, text)
                self._field(record, column, column.target, text)
        except cells.BadCellError as bad:
            record.fail(column.name, text, bad.code, bad.expected)

    def _ungarbled(self, record: Record, column: Column, text: str) -> str:
        """Correct letters that were read in a wrong encoding, and remark on it."""
        meant = ungarbled(text)
        if meant != text:
            remark = f'some letters are garbled; taken as "{meant[:60]}"'
            record.warn(column.name, text, "garbled", remark)
        return meant

    def _kept(self, record: Record, column: Column, text: str) -> str:
        """Return the cell of an unknown column; one that is too long is cut."""
        if len(text) > cells.LONGEST:
            remark = f"{len(text):,} characters in an unknown column; cut to {LONGEST_EXTRA:,}"
            record.warn(column.name, text[:60], "cut", remark)
            text = f"{text[:LONGEST_EXTRA]}…"
        return cells.clean_text(text)

    def _field(self, record: Record, column: Column, name: str, text: str) -> None:
        if name == "acgme_id" and codes.NRMP_SHAPE.fullmatch(codes.clean_code(text)):
            name = "nrmp_code"
        known = fields.BY_NAME[name]
        if _is_missing(known, text):
            return
        value = known.parser(self.season)(text)
        if isinstance(value, cells.Noted):
            if value.code == cells.CROSSED_OUT:
                _keep_beside(record, column, value.remark)
            elif value.code == BESIDE_NAME:
                self._read_beside(record, column, text, value.remark)
            else:
                record.warn(column.header, text, value.code, value.remark)
            value = value.value
        if value is None:
            record.denied = (*record.denied, name)
        elif name == "connection":
            join_connection(record, value)
        else:
            record.values[name] = plain(value)

    def _read_beside(self, record: Record, column: Column, text: str, remark: str) -> None:
        """Read a remark in a name: as a status, or as words that speak against a letter."""
        if is_status(remark) and not remark.endswith("?)"):
            stages.say_status(record, column, remark, self.season, aside=True)
            return
        record.warn(column.name, text, "beside_name", f'"{remark}" may be no part of the name')
        # By the field, so that an export that comes back under its name adds no second one.
        record.extra[f"{column.target}{COMMENT}"] = remark

    def _settle_specialty(self, record: Record) -> None:
        """Find the specialty: the column's, else the ID's, the NRMP code's, or `--specialty`."""
        values = record.values
        said = values.pop("specialty", "")
        digits = values.get("acgme_id", "")[:3] or values.get("nrmp_code", "")[4:7]
        found = self._settled.get((said, digits))
        if found is None:
            found = self._specialty_of(said, digits)
            if len(self._settled) < REMEMBERED:
                self._settled[said, digits] = found
        name, code, message, track = found
        if name is not None:
            values["specialty"] = name
        if track is not None and tracks.of_code(values.get("nrmp_code", "")) is None:
            values.setdefault("track", track.value)
        record.assumed = not said and (name is None or self.specialties.with_code(digits) is None)
        self.defaulted += record.assumed and name is not None
        if record.assumed and name is not None and record.extra:
            self._doubt_default(record, name)
        if code and name is None:
            record.fail("specialty", said, code, message)
        elif code:
            record.warn("specialty", said, code, message)

    def _doubt_default(self, record: Record, name: str) -> None:
        """Remark on a cell of an unknown column that is another specialty than all rows get."""
        for column, text in record.extra.items():
            other = self.specialties.meant(text) if len(text) < LONGEST_SPECIALTY else None
            if other is not None and other.name != name:
                message = f"says {other.name}, and the row counts as {name}"
                record.warn(column, text, "other_specialty", message)

    def _doubt_name(self, record: Record) -> None:
        """Remark on a program whose name has another specialty than its row."""
        name = record.values.get("program", "")
        said = self._mentions.of(name) if name else ()
        ours = self.specialties.named(record.values.get("specialty", "")) if said else None
        if ours is not None and not any(akin(ours, specialty) for specialty in said):
            message = f"its name says {said[0].name}, and its row counts as {ours.name}"
            record.warn("program", name, "name_says", message, specialty=said[0].name)

    def _doubt_interview(self, record: Record, season: Season) -> None:
        """Remark on an interview that cannot be in this season."""
        name = record.values.get("specialty", "")
        if name not in self._interviews:
            specialty = self.specialties.named(name)
            self._interviews[name] = season.interview_days(specialty.match if specialty else None)
        said = record.values["interview_date"]
        text = outside_season(date.fromisoformat(said), self._interviews[name])
        if text:
            record.warn("interview_date", said, "outside_season", text)

    def _specialty_of(self, said: str, digits: str) -> _Settled:
        """Settle on what a column says and what the digits of an ID mean."""
        by_code = self.specialties.with_code(digits) if digits else None
        named, track = self.specialties.position(said) if said else (None, None)
        found = named or by_code or (None if said else self.specialty)
        if said and found is None:
            return _Settled(None, "bad_specialty", self._expected_specialty(said))
        if said and named is None and by_code is not None and not track:
            taken = f"taken as {by_code.name}, from the code"
            return _Settled(by_code.name, "unknown_specialty", taken)
        if named and by_code and named != by_code:
            message = f"the code says {by_code.name}; kept what the column says, {named.name}"
            return _Settled(named.name, "specialty_disagrees", message, track)
        return _Settled(found.name if found else None, track=track)

    def _expected_specialty(self, said: str) -> str:
        hint = did_you_mean(nearest(said, self.specialties.names(), most=2))
        return f"expected a specialty such as Internal Medicine, IM or 140.{hint}"


def _keep_beside(record: Record, column: Column, words: str) -> None:
    """Keep what a mark beside a name says, which may speak against a letter."""
    name = column.name + AS_WRITTEN
    record.extra[name] = joined(record.extra.get(name, ""), words)
    record.aside = [*record.aside, (name, words)]


def _at(row: Sequence[str], place: int) -> str:
    return _text_of(row[place]) if place < len(row) else ""


def _apply(record: Record, section: Section) -> None:
    """Add what the title above a row says and its cells do not."""
    values = record.values
    named = section.specialty.name if section.specialty is not None else ""
    told = (("specialty", named), ("track", section.track), ("status", section.status))
    record.above = [(name, str(value)) for name, value in told if value]
    if section.specialty is not None:
        if section.track is not None and not values.get("specialty"):
            values.setdefault("track", section.track.value)
        values.setdefault("specialty", section.specialty.name)
    if section.against:
        name = f"title above{COMMENT}"
        record.extra[name] = joined(record.extra.get(name, ""), section.against)
        record.aside = [*record.aside, (name, section.against)]
    if section.status is not None:
        before = values.get("status")
        said = [section.status] if before is None else [Status(before), section.status]
        values["status"] = furthest(said).value


def _name(records: Sequence[Record]) -> None:
    """Set the name key of records; if a name is missing, the institution counts as the name."""
    keys = name_keys(
        (
            tracks.apart(values.get("specialty", ""), values.get("track")),
            values.get("program") or values.get("institution", ""),
            values.get("city", ""),
        )
        for values in (record.values for record in records)
    )
    for record, key in zip(records, keys, strict=True):
        record.name_key = key
