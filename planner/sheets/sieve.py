"""Skips rows that are not programs: titles, totals, legends, rules, filled-down boxes, headers.

They are counted, with examples.  A title that is a status or a specialty applies to the rows
below it, up to the next title, because some people keep their lists this way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from statistics import median_low

from planner.rules.facts import Status
from planner.rules.specialties import Specialties
from planner.sheets import fields, kinds
from planner.sheets.beside import is_of_legend
from planner.sheets.columns import BESIDE
from planner.sheets.header import Header
from planner.sheets.headings import fold_header, meanings_of, target_of
from planner.sheets.legends import BEGINS, explains_a_look, legend_in
from planner.sheets.parsers import cells
from planner.sheets.sections import Section, Sections, is_against, is_out, status_of
from planner.sheets.table import Row
from planner.sheets.two_rows import is_part

# A row with none of these is not a program: it has only boxes, defaults or filled-down formulas.
KEYS = frozenset(
    {
        *("program", "institution", *fields.CODES, "city", "state", fields.LOCATION),
        *("director_first_name", "director_last_name", "director_email", fields.DIRECTOR),
        fields.PEOPLE,
        *("coordinator_name", "coordinator_email", fields.ROLE, *fields.CONTACTS),
    }
)
FULL = 3  # if most rows have this many filled cells, a row with only one is a title
EXAMPLES = 8
MOST_LEGEND = 100  # parts of a legend to keep

_TITLE = re.compile(
    r"(?:(?:sub|grand )?totals?\b|(?:sum|count|average|avg)\b\s*[:=]?[\s\d.]*$|legend\b|key\s*[:=]"
    r"|(?:last )?(?:updated|edited|modified)\b|as of\b|notes?\s*[:=]|tier\s*\w+\b|page \d"
    r"|(?:reach|target|safety|safetie|dream|backup|likely|maybe)(?:es|s)?"
    r"(?: (?:programs?|schools?|list))?\s*(?:\(.*\))?:?$"
    r"|(?:#|no\.?|number) of\b|\d+ (?:programs?|total)\b|programs?\s*[:=]\s*\d|sources?\s*[:=]"
    r"|(?:light |dark )?(?:green|yellow|red|blue|orange|pink|purple|gr[ae]y|bold|strike\w*)\s*[=:–-])",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[\d.,%$ ()+]+")
# A row with one of these as its name gets a closer look, however many cells it has.
_SUSPECT = frozenset(
    spelling
    for word in (
        *(a for f in fields.FIELDS for a in (f.name, *f.also)),
        *(a for s in fields.SPECIAL for a in s.headers),
        *("total", "totals", "grand total", "subtotal", "sum", "count", "average", "avg"),
        *("legend", "key"),
    )
    for spelling in (word.casefold(), word.casefold().replace(" ", "_"))
)


@dataclass(slots=True)
class Passed:
    """Some rows of a file: how many there are, and the first of them as examples."""

    count: int = 0
    examples: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, texts: Iterable[str]) -> None:
        """Count a row."""
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append((line, ", ".join(texts)))

    def __str__(self) -> str:
        """Return the lines of the examples, with the beginning of each."""
        more = self.count - len(self.examples)
        shown = "; ".join(f'line {line} "{text[:40]}"' for line, text in self.examples)
        return f"{shown} ... and {more} more" if more else shown


class Sieve:
    """Lets through the rows of one file that may be programs.

    `second` is the line of a second header with other columns; nothing below it is read.
    """

    def __init__(
        self,
        header: Header,
        usual: tuple[int, int],
        specialties: Specialties,
        above: tuple[int, str] | None = None,
    ) -> None:
        """`usual` is the result of `usual_width`; `above` is the title above the header."""
        self.header, self.specialties = header, specialties
        self.usual, self.fuller = usual
        self.passed = Passed()
        self.bare = Passed()  # rows that have only a name
        self.sections = Sections(specialties)
        self.second: int | None = None
        self.legend: list[tuple[int, str]] = []  # what rows that are passed over say of colors
        if above is not None and (is_out(above[1]) or len(self.sections.named(above[1])) == 1):
            self.sections.begin(*above)
        columns = header.columns
        self._keys = [c.place for c in columns if c.target in KEYS]
        self._width = len(columns)
        self._end = listed_width(header)
        named = [c.place for c in columns if c.target in {"program", "institution"}]
        self._name = named[0] if named else (self._keys or [0])[0]
        self._targets = {c.place: c.target for c in columns}
        beside = [c.place for c in columns if c.target in {*KEYS, "specialty"}]
        self._beside = [place for place in beside if place != self._name]
        own = header.cells[self._name] if self._name < len(header.cells) else ""
        self._suspect = _SUSPECT | {own.casefold()}

    def through(self, rows: Iterable[Row]) -> Iterator[tuple[Row, Section | None]]:
        """Yield the rows that may be programs, each with the title that applies to it."""
        place, suspect, width = self._name, self._suspect, self._width
        looked_at = itemgetter(*self._beside, place, place)
        for row in rows:
            if self.second is not None:
                return
            texts = row[1]
            if len(texts) < width:
                texts = [*texts, *[""] * (width - len(texts))]
            name, looked = texts[place], looked_at(texts)
            # Most rows have a name and something beside it.  The others get a closer look.
            full = len(looked) - looked.count("") > 2 and name[:1].isalnum()
            odd = name.casefold().strip(" :*") in suspect or "=" in name
            odd = odd or name[:4].casefold() in BEGINS
            if full and not odd or self._is_program(row):
                self.sections.row()
                yield row, self.sections.current

    def _is_program(self, row: Row) -> bool:
        line, raw = row
        of_list = raw[: self._end]  # without the block next to the list
        filled = {place: text for place, cell in enumerate(of_list) if (text := _text(cell))}
        if not filled or self._is_header(line, filled):
            return False
        says = {p: t for p, t in filled.items() if not self._is_filler(p, t)}
        if not any(re.search(r"\w", text) for text in filled.values()):
            if len(filled) == 1 and is_against(title := next(iter(filled.values()))):
                self._begin_section(line, title)
            self.passed.add(line, filled.values())
            return False
        if _is_legend(filled.values()):
            self._pass_legend(line, filled.values())
            return False
        if not any(place in says for place in self._keys):
            if len(filled) == len(says) == 1 and self.usual >= FULL:
                self._begin_section(line, *says.values())
            self._pass_legend(line, filled.values())
            return False
        if self._is_title(says):
            self._begin_section(line, next(iter(says.values())))
            self._pass_legend(line, says.values())
            return False
        if len(filled) == 1 and self.fuller >= FULL and self._name in filled:
            self.bare.add(line, filled.values())
        return True

    def _pass_legend(self, line: int, texts: Collection[str]) -> None:
        """Count a row that is no program, and keep what it says of colors."""
        self.passed.add(line, texts)
        if len(self.legend) < MOST_LEGEND:
            self.legend += [(line, part) for part in legend_in(texts)]

    def _is_header(self, line: int, filled: dict[int, str]) -> bool:
        """Whether a row is a header: a repeated one, or that of another table."""
        columns = self.header.columns
        headed = target_of(filled.get(self._name, "")) is not None
        known = all(
            target_of(text) is not None or (headed and is_part(text)) for text in filled.values()
        )
        if not known:
            return self._repeats(filled)
        if self._repeats(filled):
            return True
        if len(filled) > 1 and len(columns) > 1:
            self.second = line
            return True
        return False

    def _repeats(self, filled: dict[int, str]) -> bool:
        own, several = self.header.cells, len(filled) > 1
        return all(
            place < len(own)
            and (
                fold_header(text) == fold_header(own[place])
                or (several and self._targets.get(place) in {m.target for m in meanings_of(text)})
            )
            for place, text in filled.items()
        )

    def _is_filler(self, place: int, text: str) -> bool:
        """Whether a cell may be filled down: a mark, a number, dashes, or a default."""
        if place in self._keys:
            return kinds.is_mark(text) or not re.search(r"\w", text)
        default = self._targets.get(place) == "status" and status_of(text) is Status.APPLIED
        return default or _is_box(text)

    def _is_title(self, says: dict[int, str]) -> bool:
        first, *others = says.values()
        if len(says) == 1:
            return (
                self.usual >= FULL or _TITLE.match(first) is not None or self._names_section(first)
            ) and not self._is_known_key(next(iter(says)))
        counted = all(_NUMBER.fullmatch(text) for text in others)
        return counted and (_TITLE.match(first) is not None or status_of(first) is not None)

    def _is_known_key(self, place: int) -> bool:
        """Whether a column identifies a program by itself."""
        return self._targets.get(place) in {*fields.CODES, "director_email", "coordinator_email"}

    def _names_section(self, title: str) -> bool:
        if self.sections.named(title) and (title.isupper() or self.fuller >= FULL):
            return True
        telling = status_of(title) is not None or is_against(title) or explains_a_look(title)
        return telling and len(self.header.columns) > 1

    def _begin_section(self, line: int, title: str) -> None:
        """Apply a title to the rows below, unless it is a total or a tier."""
        if not _TITLE.match(title) or self.sections.named(title):
            self.sections.begin(line, title)


def _is_legend(texts: Collection[str]) -> bool:
    """Whether a row has nothing but a legend: its title, and what looks mean."""
    parts = [text for text in texts if not is_of_legend(text)]
    return len(parts) < len(texts) and all(any(legend_in([text])) for text in parts)


def _is_box(text: str) -> bool:
    """Whether a cell is a mark or a number."""
    return kinds.is_mark(text) or _NUMBER.fullmatch(text) is not None


def _text(cell: str) -> str:
    return cells.clean_cell(cells.unshielded(cells.clean_cell(cell)))


def listed_width(header: Header) -> int | None:
    """Return where a block beside the list begins; None if there is no such block."""
    return next((c.place for c in header.columns if c.how == BESIDE), None)


def usual_width(header: Header, sample: Iterable[Sequence[str]]) -> tuple[int, int]:
    """Return the median of meaningful cells per row: of all rows, and of those with over one."""
    keys = [c.place for c in header.columns if c.target in KEYS]
    counts = []
    for row in sample:
        texts = [_text(cell) for cell in row[: listed_width(header)]]
        if any(place < len(texts) and texts[place] for place in keys):
            filled = (
                place in keys or not _is_box(text) for place, text in enumerate(texts) if text
            )
            counts.append(sum(filled))
    more = [count for count in counts if count > 1]
    return (median_low(counts) if counts else 0), (median_low(more) if more else 0)
