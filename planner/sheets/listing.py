"""A table read as a list of programs: its header, its columns, its records."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planner.rules.case import OUT_OF_PLAY
from planner.rules.facts import Specialty, Status
from planner.rules.specialties import Specialties
from planner.sheets import fields
from planner.sheets.columns import NO_WISHES, Column, Wishes, letter_of
from planner.sheets.header import Header, read_header
from planner.sheets.headings import fold_header
from planner.sheets.legends import is_against, is_unread, legend_of_row, only_sorts
from planner.sheets.looks import Looks
from planner.sheets.parsers import cells
from planner.sheets.parsers.dates import MAC_EPOCH, Season, both_ways, day_first
from planner.sheets.records import Issue, Record
from planner.sheets.rows import RowParser
from planner.sheets.sections import is_out
from planner.sheets.sieve import Sieve, listed_width, usual_width
from planner.sheets.suggestions import by_cells, suggestion_for
from planner.sheets.table import Row, Table
from planner.sheets.whose import probable_directors

LOOK_AHEAD = 60  # rows to search for the header and to judge columns by
HIDDEN = 12  # hidden rows to name
BATCH = 250  # rows to parse, look up and write together; more do not fit the cache
SHOWN_COLORS = 4  # parts of a legend that are quoted
GUESSED = 40  # unknown columns to suggest a field for; no real list has more


@dataclass(slots=True)
class Listing:
    """A file read as a list of programs; `records` reads it again each time.

    `specialty` is for rows without one (`as_before`: it comes from an earlier import);
    `spoken` is what its name and the lines above its header say, `above` the title right
    above it; `usual` is how many meaningful cells most rows have; `suggestions` are fields
    for unknown columns, by place; `parser` and `sieve` are those of the last reading.
    `legend` is what stands around the list about colors (`without_colors`: the user goes on
    without them); `says_out`: some program is out of play by words.
    """

    table: Table
    header: Header
    warnings: tuple[Issue, ...]
    suggestions: Mapping[int, str]
    specialties: Specialties
    specialty: Specialty | None
    season: Season | None
    usual: tuple[int, int]
    parser: RowParser
    sieve: Sieve
    spoken: str = ""
    above: tuple[int, str] | None = None
    as_before: bool = False
    legend: tuple[tuple[int, str], ...] = ()
    without_colors: bool = False
    says_out: bool = False

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.table.name

    @property
    def understood(self) -> str:
        """How the file was read."""
        return self.table.understood

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns, from left to right."""
        return self.header.columns

    @property
    def part_read(self) -> float:
        """How much of the file `records` has read, from 0 to 1."""
        return self.table.part_read()

    @property
    def batches(self) -> Iterator[list[Record]]:
        """The rows below the header as records, `BATCH` at a time.

        Rows that are not programs are skipped.
        """
        rows = iter(self.table.rows)
        for line, _ in rows:
            if line >= self.header.last_line:
                break
        self.parser = RowParser(
            self.name,
            self.header,
            self.specialties,
            self.specialty,
            season=self.season,
            linked=self.table.links,
            looks=Looks(self.table, self.header)
            if self.table.marks or self.table.comments
            else None,
        )
        self.sieve = Sieve(self.header, self.usual, self.specialties, self.above)
        through = self.sieve.through(rows)
        self.says_out = False
        while batch := list(itertools.islice(through, BATCH)):
            found = self.parser.parse([row for row, _ in batch], [section for _, section in batch])
            if not self.says_out:
                self.says_out = any(x.values.get("status") in OUT_OF_PLAY for x in found)
            yield found

    @property
    def records(self) -> Iterator[Record]:
        """All records, one after another."""
        return itertools.chain.from_iterable(self.batches)

    @property
    def remarks(self) -> Iterator[Issue]:
        """Remarks on rows that the last reading skipped, on bare names, and on titles."""
        passed, bare = self.sieve.passed, self.sieve.bare
        if passed.count:
            are = (
                "row is not a program and was"
                if passed.count == 1
                else "rows are not programs and were"
            )
            what = f"{passed.count} {are} skipped: {passed}"
            line, text = passed.examples[0]
            yield Issue(self.name, line, "", text, "passed_over", what)
        if bare.count:
            hold = "row holds" if bare.count == 1 else "rows hold"
            be = "counts as a program" if bare.count == 1 else "count as programs"
            what = f"{bare.count} {hold} only a name, and {be}: {bare}"
            line, text = bare.examples[0]
            yield Issue(self.name, line, "", text, "only_name", what)
        _, lost = self._missing_colors()
        if lost is not None:
            yield lost
        if self.parser.looks is not None and not self.without_colors:
            for line, what in self.parser.looks.unexplained():
                yield Issue(self.name, line, "", "", "colors_unexplained", what)
        for section in self.sieve.sections.found:
            specialty = section.specialty.name if section.specialty else ""
            track = f"{specialty} ({section.track})" if section.track else specialty
            says = " and ".join(filter(None, (section.status, track)))
            if section.against:
                says = "not to be written to until you decide"
            if says == specialty and section.specialty == self.specialty:
                continue  # what its rows count as anyway
            yield Issue(
                self.name,
                section.line,
                "",
                section.title,
                "section",
                f"taken for a title: the rows below it count as {says}, unless they say more",
            )

    def _missing_colors(self) -> tuple[Issue | None, Issue | None]:
        """Return (error, warning) on a legend of colors that the file does not have."""
        colored = any(mark.fill or mark.struck for mark in self.table.marks.values())
        parts = [
            (line, part)
            for line, part in (*self.legend, *self.sieve.legend)
            if not colored or is_unread(part)
        ]
        if not parts or self.without_colors:
            return None, self._unknown_colors() if colored else None
        grave = [(line, part) for line, part in parts if not only_sorts(part)]
        line, part = (grave or parts)[0]
        said = "; ".join(dict.fromkeys(f'"{text}"' for _, text in (grave or parts)[:SHOWN_COLORS]))
        what = "bold and italics are not read" if colored else "this file has none"
        text = f"a legend says what colors mean ({said}), and {what}"
        if grave and not self.says_out:
            way = (
                "give these rows a status in words"
                if colored
                else "import the workbook itself (XLSX or ODS), or give these rows a status in words"
            )
            stop = f"{text}: rows that say it only that way would count as open. Instead, {way}"
            return Issue(self.name, line, "", part, "colors_missing", stop), None
        ask = f"{text}: what rows say only that way is lost; if there are any, give them a status"
        return None, Issue(self.name, line, "", part, "colors_lost", ask)

    def _unknown_colors(self) -> Issue | None:
        """Return a warning on colors whose meaning is not understood."""
        parts = [
            (line, part)
            for line, part in (*self.legend, *self.sieve.legend)
            if not is_against(part) and not only_sorts(part)
        ]
        if not parts:
            return None
        said = "; ".join(dict.fromkeys(f'"{text}"' for _, text in parts[:SHOWN_COLORS]))
        text = (
            f"a legend says {said}, which planner does not understand: such rows count like the"
            " others. A reason not to write? Give these rows a status"
        )
        line, part = parts[0]
        return Issue(self.name, line, "", part, "colors_unknown", text)

    @property
    def doubts(self) -> Iterator[Issue]:
        """What the last reading could not understand about the file as a whole."""
        if (line := self.sieve.second) is not None:
            yield Issue(
                self.name,
                line,
                "",
                "",
                "second_table",
                "a second table with other columns begins here, and nothing below it can be read:"
                " put it into its own file or sheet",
            )
        missing, _ = self._missing_colors()
        if missing is not None:
            yield missing
        titled = any(section.status for section in self.sieve.sections.found)
        for doubt in self.parser.doubts:
            if titled and doubt.is_notes and not doubt.grave:
                continue  # the status stands in titles above the rows
            if (found := doubt.found) is not None:
                line, cell, text = found
                column = doubt.column
                other = " (or another stage)" if doubt.target == Status.REJECTED else ""
                if doubt.is_of_marks and not other:
                    other = ", which decides nothing; or, if a yes means one of them, a stage or a"
                    other += f" policy: {option('map', column, 'FIELD')}"
                what = (
                    f'"{column.name}" holds notes, and {text}. If they are notes, say so:'
                    f" {option('map', column, 'notes')}; what speaks against a letter then"
                    " needs its own column, Status or Do not email. If every cell is a status:"
                    f" {option('map', column, doubt.target)}"
                    if doubt.is_notes
                    else f'"{column.name}" is not known, and {text}. Say what it is:'
                    f" {option('map', column, doubt.target)}{other}, or leave it out:"
                    f" {option('ignore', column)}"
                )
                yield Issue(
                    self.name,
                    line,
                    column.name,
                    cell,
                    "unknown_column_matters",
                    what,
                    facts={
                        "map": f"{called(column)}={'notes' if doubt.is_notes else doubt.target}"
                    },
                )


_HARMLESS = frozenset(" _-.,:;?/#&()+*=@[]{}<>|~'’–—")  # between double quotes, in any shell
_QUOTES = re.compile(r"[\"“”„\s]+")


def called(column: Column) -> str:
    """Return the name of a column for the command line, safe between double quotes.

    Quotation marks are left out, because headers match without them; a column without a
    header, or with a character that a shell may obey, goes by its place.
    """
    name = _QUOTES.sub(" ", column.name).strip()
    plain = all(letter.isalnum() or letter in _HARMLESS for letter in name)
    named = plain and fold_header(name) != ""
    return name if named else f"column {column.place + 1}"


def option(name: str, column: Column, target: str = "") -> str:
    """Return a command-line option about a column, safe to paste into a shell."""
    return f'--{name} "{called(column)}{"=" if target else ""}{target}"'


def read_listing(
    table: Table,
    *,
    specialties: Specialties,
    specialty: Specialty | None = None,
    wanted: Wishes = NO_WISHES,
    season: Season | None = None,
    without_colors: bool = False,
) -> Listing:
    """Read a table as a list: find its header, name its columns, prepare to parse its rows.

    `specialty` is for rows without one; `wanted` says what the user wants columns to be;
    dates without a year are in the `season`.  Raises PlannerError if the table has no rows
    or no known column, and ConfigError if a wish fits no column.
    """
    if table.from_1904 and season is not None:
        season = season._replace(epoch=MAC_EPOCH)
    ahead = list(itertools.islice(iter(table.rows), LOOK_AHEAD))
    at, header = read_header(ahead, wanted, table.name)
    sample = [row for _, row in ahead[at + 1 :]]
    suggestions = _suggestions(header, sample, specialties)
    warnings = [
        *_of_the_file(table),
        *_beside(table.name, header),
        *_hidden(table, header),
        *_unknown(table.name, header, suggestions),
        *_directors(table.name, header, sample),
        *_day_first(table.name, header, sample),
    ]
    usual = usual_width(header, sample)
    return Listing(
        table,
        header,
        tuple(warnings),
        suggestions,
        specialties,
        specialty,
        season,
        usual,
        RowParser(table.name, header, specialties, specialty, season=season),
        Sieve(header, usual, specialties),
        above=_title_above(ahead, header.line) or _out_by_sheet(table, header.line),
        legend=(*_legend_around(ahead, at, header), *_legend_on_pages(table)),
        without_colors=without_colors,
        spoken=" | ".join([table.name, table.sheet, *(c for _, row in ahead[:at] for c in row)]),
    )


def _legend_around(ahead: list[Row], at: int, header: Header) -> Iterator[tuple[int, str]]:
    """Yield what stands above a list, in its header, and beside it about colors."""
    first = listed_width(header)
    for number, (line, row) in enumerate(ahead):
        texts = row if number < at or line in {header.line, header.last_line} else row[first:]
        if first is not None or texts is row:
            for part in legend_of_row(texts):
                yield line, part


def _legend_on_pages(table: Table) -> Iterator[tuple[int, str]]:
    """Yield what the other sheets of a workbook say about colors; such a line has no number here."""
    for page in table.pages:
        for _, row in page.rows:
            for part in legend_of_row(row):
                yield 1, part


def _title_above(ahead: list[Row], line: int) -> tuple[int, str] | None:
    """Return the title right above the header: a filled row with a single cell."""
    filled = [
        (number, texts)
        for number, row in ahead
        if number < line and (texts := [text for cell in row if (text := cells.clean_cell(cell))])
    ]
    if not filled or len(filled[-1][1]) != 1:
        return None
    return filled[-1][0], filled[-1][1][0]


def _out_by_sheet(table: Table, line: int) -> tuple[int, str] | None:
    """Return the name of the sheet if it says that all of its rows are out of play.

    A file may be called "rejected" because an import wrote it.
    """
    return (line, table.title) if table.title and is_out(table.title) else None


def _of_the_file(table: Table) -> Iterator[Issue]:
    """Yield remarks on how a file was read."""
    if table.assumed:
        text = f"{table.name}: {table.assumed}."
        yield Issue(table.name, 1, "", "", "encoding_assumed", text)
    if table.unread:
        text = f"{table.unread} are not read; put what they say in a cell"
        yield Issue(table.name, 1, "", "", "not_read", f"{table.name}: {text}")


def _directors(name: str, header: Header, sample: list[list[str]]) -> Iterator[Issue]:
    """Yield a remark on contacts who are probably the directors."""
    found = probable_directors(header.columns, sample)
    if not found:
        return
    column = next(c for c, target in found.values() if target == fields.DIRECTOR)
    maps = [f"{called(c)}={target}" for c, target in found.values()]
    options = " ".join(option("map", c, target) for c, target in found.values())
    text = (
        f'nearly all under "{column.name}" are doctors, so they are probably the directors; now'
        ' they count as coordinators, and letters say "Dear Program Director". Are they the'
        f" directors? Then: {options}"
    )
    yield Issue(
        name,
        header.line,
        column.name,
        column.example,
        "doctors_as_contacts",
        text,
        facts={"maps": maps},
    )


_OF_DAYS = frozenset({"interview_date", "told_on", fields.TOLD_TOO, *fields.STAGES})


def _day_first(name: str, header: Header, sample: list[list[str]]) -> Iterator[Issue]:
    """Yield a remark on each column of dates that has the day in front of the month.

    Beside such a column, others may be so, too, if their dates can be read either way.
    """
    columns = [column for column in header.columns if column.target in _OF_DAYS]
    texts = {c: [row[c.place] for row in sample if c.place < len(row)] for c in columns}
    clear = {c: example for c in columns if (example := day_first(texts[c]))}
    for column in columns if clear else ():
        example = clear.get(column) or both_ways(texts[column])
        if not example:
            continue
        looks = f'looks day-first ("{example[:20]}")'
        if column not in clear:
            looks = f'may be day-first ("{example[:20]}") like "{next(iter(clear)).name}"'
        target = fields.DAY_FIRST.get(str(column.target))
        way = (
            f"Does the day come first there? Then: {option('map', column, target)}"
            if target
            else "In your spreadsheet, give the column the date format 2026-10-20"
        )
        text = f'"{column.name}" {looks}, and is read month-first: each of its dates may be wrong. {way}'
        facts = {"map": f"{called(column)}={target}"} if target else {}
        yield Issue(name, header.line, column.name, example, "day_first", text, facts=facts)


def _hidden(table: Table, header: Header) -> Iterator[Issue]:
    """Report rows that the sheet hides; they count."""
    lines = [line for line in table.hidden if line > header.last_line]
    if lines:
        shown = ", ".join(map(str, lines[:HIDDEN])) + (" ..." if len(lines) > HIDDEN else "")
        are = "row is" if len(lines) == 1 else "rows are"
        it = "it counts" if len(lines) == 1 else "they count"
        text = f"{len(lines)} {are} hidden in the sheet, and {it} like the others: line {shown}"
        yield Issue(table.name, lines[0], "", "", "hidden_rows", text)


def _beside(name: str, header: Header) -> Iterator[Issue]:
    """Yield a remark on cells to the right of the list that are not part of it."""
    if (first := listed_width(header)) is None:
        return
    letters = letter_of(first), letter_of(len(header.columns) - 1)
    where = f"column {letters[0]}" if letters[0] == letters[1] else f"columns {'-'.join(letters)}"
    text = (
        f"{where}, after an empty column: a legend or a tally, left out. Part of the list?"
        f" {option('map', header.columns[first]._replace(header=''), 'FIELD')}"
    )
    yield Issue(name, header.line, "", header.columns[first].header, "beside_the_list", text)


def _suggestions(
    header: Header, sample: list[list[str]], specialties: Specialties
) -> dict[int, str]:
    """Return the fields that unknown columns may be meant for, by place."""

    def is_specialty(text: str) -> bool:
        return specialties.meant(text) is not None

    found: dict[int, str] = {}
    given = set(header.fields)
    for column in header.unknown[:GUESSED]:
        texts = [cells.clean_cell(row[column.place]) for row in sample if column.place < len(row)]
        filled = [text for text in texts if text]
        near = suggestion_for(column.header, texts, is_specialty) if column.header else None
        if near is None and filled:
            near = by_cells(column.header, filled, is_specialty)
        if near is not None and given.isdisjoint(fields.gives(near)):
            found[column.place] = near
            given.update(fields.gives(near))  # both are typed together
    return found


def _unknown(name: str, header: Header, suggestions: Mapping[int, str]) -> Iterator[Issue]:
    """Yield a remark on each unknown column, with the field that it may be meant for."""
    for column in header.unknown:
        near = suggestions.get(column.place)
        hint = f" Did you mean {near}? Then: {option('map', column, near)}" if near else ""
        called = f'"{column.name}"' if column.header else f"column {column.place + 1}"
        yield Issue(
            name,
            header.line,
            column.name,
            column.example,
            "unknown_column",
            f"no field is called {called}; its cells are kept as extras.{hint}",
        )
