"""Reads text files as rows: separators, quoted cells, and stray quotation marks.

A stray quotation mark turns the rows after it into one long cell; their programs would be
lost, and their words would end up in a letter.  So a quoted cell with lines that look like
rows of the file is refused, with the line of its opening mark.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from planner.errors import PlannerError
from planner.sheets.table import Row

SEPARATORS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "pipes"}
LONGEST = 2**24  # characters of one cell; an unclosed quotation mark makes huge ones

csv.field_size_limit(LONGEST)


class Dialect(NamedTuple):
    """How a text file is written.

    `width` is how many cells most of its first lines have; `spaced`: a space follows each
    separator; `leading`: there is a space before some quoted cells; `trailing`: there is one
    between a closing mark and the separator; `backslash`: marks inside a quoted cell are
    written \\".
    """

    separator: str
    width: int = 1
    spaced: bool = False
    leading: bool = False
    trailing: bool = False
    backslash: bool = False


def dialect_of(sample: str) -> Dialect:
    """Find out how a file is written, from its beginning.

    >>> dialect_of('Program; City\\nElm; "Troy"\\n')[:3]
    (';', 2, True)
    """
    separator, width = _separator(sample)
    mark = re.escape(separator)
    end = rf"[ ]*(?:{mark}|\r|\n|\Z)"
    leading = re.search(rf'{mark}[ ]+"[^"\n]*"{end}', sample) is not None
    tight = re.search(rf'{mark}"', sample) is not None
    return Dialect(
        separator,
        width,
        spaced=leading and not tight,
        leading=leading,
        trailing=re.search(rf'"[ ]+(?:{mark}|\r|\n|\Z)', sample) is not None,
        backslash=re.search(rf'"[^"\n]*[^\\]\\"(?!{end})', sample) is not None,
    )


def _separator(sample: str) -> tuple[str, int]:
    """Return the separator that splits the most lines into equally many cells, and how many."""
    lines = [line for line in sample.splitlines() if line.strip()][:50]

    def score(separator: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator)]
        split = [width for width in widths if width > 1]
        if not split:
            return 0, 0
        usual = max(set(split), key=split.count)
        return split.count(usual), usual

    best = max(SEPARATORS, key=score)
    return best, max(1, score(best)[1])


class TextRows:
    """The rows of a text file; `taken` of its `size` bytes have been read."""

    def __init__(self, path: Path, encoding: str, dialect: Dialect, name: str) -> None:
        self.path, self.encoding, self.dialect, self.name = path, encoding, dialect, name
        self.size = path.stat().st_size
        self.taken = 0

    def __iter__(self) -> Iterator[Row]:
        """Yield the line and cells of each record.  Raises PlannerError at a stray mark."""
        separator, width, *_ = self.dialect
        line = 1
        with (
            self.path.open("rb") as raw,
            io.TextIOWrapper(raw, encoding=self.encoding, newline="") as file,
        ):
            reader = self._reader(file)
            try:
                for cells in reader:
                    short = len(cells) < width and any(separator in cell for cell in cells)
                    if short or reader.line_num > line:
                        self._refuse_swallowed(cells, line)
                    yield line, cells
                    line = reader.line_num + 1
                    if line % 1000 == 0:
                        self.taken = raw.tell()
            except csv.Error as error:
                self._refuse(str(error), line, reader.line_num)
            except UnicodeError as error:
                raise PlannerError(
                    f"{self.name}, after line {line}: bytes that are not text ({error}).",
                    hint="Save it as CSV UTF-8 and import that.",
                    code="bad_encoding",
                ) from error

    def _reader(self, file: io.TextIOWrapper) -> Any:
        dialect = self.dialect
        lines: Iterator[str] = iter(file)
        if dialect.trailing:
            loose = re.compile(rf'"[ ]+(?={re.escape(dialect.separator)}|\r|\n|\Z)')
            lines = (loose.sub('"', line) for line in lines)
        return csv.reader(
            lines,
            delimiter=dialect.separator,
            strict=True,
            skipinitialspace=dialect.leading,
            escapechar="\\" if dialect.backslash else None,
        )

    def _refuse_swallowed(self, cells: Sequence[str], line: int) -> None:
        """Raise PlannerError if a quoted cell contains what looks like other cells or rows."""
        opened = line
        for place, cell in enumerate(cells):
            if rows := rows_within(cell, self.dialect, cells) or ends_of_rows(
                cell, place, len(cells), self.dialect
            ):
                shown = rows[0] if len(rows[0]) <= 60 else f"{rows[0][:57]}..."
                raise self._astray(
                    opened,
                    f"a quotation mark opens a cell here that contains what looks like"
                    f" {len(rows)} more row{'s' * (len(rows) > 1)} ({shown})",
                )
            if swallows_cells(cell, len(cells), self.dialect):
                raise self._astray(
                    opened, "a quotation mark here makes several cells one; is that intended?"
                )
            opened += max(0, len(cell.splitlines()) - 1)

    def _refuse(self, error: str, first: int, last: int) -> NoReturn:
        """Raise PlannerError with csv's error in words, and the line where the mark opened."""
        with self.path.open(encoding=self.encoding, newline="", errors="replace") as file:
            lines = list(islice(file, first - 1, max(first, last)))
        opened = first + _opening(lines, self.dialect)
        if "limit" in error:
            what = f"a cell has more than {LONGEST:,} characters; is its quotation mark closed?"
        elif "end of data" in error:
            what = "the quotation mark that opens a cell here is never closed"
        else:
            what = "a quotation mark opens a cell here, and text follows the one that closes it"
        raise self._astray(opened, what)

    def _astray(self, line: int, what: str) -> PlannerError:
        return PlannerError(
            f"{self.name}, line {line}: {what}.",
            hint='Look at that line: remove the quotation mark ("), or write it twice ("") if it'
            " belongs to the text, and import again.",
            code="bad_table",
        )


def rows_within(cell: str, dialect: Dialect, row: Sequence[str] = ()) -> list[str]:
    """Return the lines of a quoted cell, except the first, that look like rows of the file.

    `row` are the cells of its row; a line with an equal cell in the same column is a row.

    >>> rows_within("the ferry clinic\\nOak,IM,pd@oak.example,x", Dialect(",", 4))
    ['Oak,IM,pd@oak.example,x']
    >>> rows_within("call on Monday,\\nthen write, ask, and wait", Dialect(",", 4))
    []
    """
    if "\n" not in cell and "\r" not in cell:
        return []
    lines = [line.strip() for line in cell.splitlines()[1:] if line.strip()]
    found = [line for line in lines if _is_row(line, dialect) or _repeats(line, dialect, row)]
    sure = any("@" in line for line in found)
    return found if sure or 2 * len(found) >= len(lines) else []


def _is_row(line: str, dialect: Dialect) -> bool:
    """Whether a line splits at the separator like a row of the file, and unlike prose."""
    separator, width, spaced, *_ = dialect
    parts = next(csv.reader([line], delimiter=separator))
    least = width - 1 if "@" not in line else 0.6 * width
    if len(parts) < max(2, least):
        return False
    if separator != "," or spaced:
        return True
    with_space = sum(part.startswith(" ") for part in parts[1:])
    return 2 * with_space < len(parts)


def _repeats(line: str, dialect: Dialect, row: Sequence[str]) -> bool:
    """Whether a short line repeats a later cell of the row around it, in the same column."""
    parts = line.split(dialect.separator)
    pairs = zip(parts[1:], row[1:], strict=False)
    return len(parts) > 2 and any(len(one) > 1 and one == other for one, other in pairs)


def ends_of_rows(cell: str, place: int, count: int, dialect: Dialect) -> list[str]:
    """Return the later lines of a cell that holds the end of one row and the start of another.

    The cell is at `place` among `count` cells; its last line has what the row lacks.

    >>> ends_of_rows("Elm,IM\\nOak", 0, 2, Dialect(",", 2))
    ['Oak']
    >>> ends_of_rows("Dayton, OH\\nOak Street", 0, 2, Dialect(",", 2))
    []
    """
    separator, width, *_ = dialect
    first, *lines = [line for line in cell.splitlines() if line.strip()] or [""]
    prose = separator == "," and 2 * cell.count(", ") >= cell.count(",")
    if not lines or (prose and not dialect.spaced):
        return []
    *middle, last = [line.count(separator) + 1 for line in lines]
    begins = first.count(separator) + 1 == width - place > 1
    return lines if begins and last == place + width - count + 1 and {*middle} <= {width} else []


def swallows_cells(cell: str, count: int, dialect: Dialect) -> bool:
    """Whether a cell contains the separators that its row of `count` cells lacks.

    >>> swallows_cells("Elm,IM,Dayton", 1, Dialect(",", 3))
    True
    >>> swallows_cells("Dayton, OH", 2, Dialect(",", 3))
    False
    """
    separator, width, *_ = dialect
    inside = cell.count(separator)
    if not inside or count + inside < width or count >= width:
        return False
    if separator == "," and not dialect.spaced and 2 * cell.count(", ") >= inside:
        return False
    first, *others = cell.split(separator)
    return inside >= max(2, width - 1) or ("@" not in first and any("@" in x for x in others))


def _opening(lines: Sequence[str], dialect: Dialect) -> int:
    """Return the index of the line with the mark that opens a broken record's last cell."""
    opened, state = 0, "start"
    for number, line in enumerate(lines):
        skip = False
        for letter in line:
            if skip:
                skip = False
            elif state == "quoted":
                skip = dialect.backslash and letter == "\\"
                state = "closed" if letter == '"' else state
            elif letter == '"' and state in {"start", "closed"}:
                opened = number if state == "start" else opened
                state = "quoted"
            elif letter == dialect.separator or letter in "\r\n":
                state = "start"
            elif state == "closed" and letter != " ":
                return opened
            elif letter != " " or not dialect.leading:
                state = "text" if state == "start" else state
    return opened
