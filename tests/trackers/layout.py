"""Lays out columns as a grid: titles, one or two header lines, sections, totals, legends."""

TITLES = (
    "My residency list 2026-27", "Residency tracker", "ERAS 2027 programs", "✨ MATCH 2027 ✨",
    "Programs (updated 11/23)", "Interview tracker - copy of copy",
)  # fmt: skip
LEGENDS = (
    ["Legend:", "green = interviewed", "red = rejected", "yellow = waiting"],
    ["Key", "✓ done", "x not yet"],
    ["Legend: bold = top choice"],
    ["* = couples match", "** = partner's program"],
    ["Last updated 11/23/2026"],
    ["Color code", "blue: West Coast", "pink: near family"],
)
TOTALS = (
    "Total: {n}",
    "TOTAL: {n} programs",
    "Total programs: {n}",
    "TOTAL",
    "Total",
    "{n} programs",
)
PILES = ("Reach", "Target", "Safety", "Tier 1", "Tier 2 (maybe)", "WEST COAST", "East coast")


class Grid:
    """Lines as they come, and where they were put."""

    def __init__(self, columns, draw, *, workbook):
        self.columns, self._draw, self._workbook = columns, draw, workbook
        self.lines, self.merges, self.junk = [], [], []
        self.wide = len(columns)

    def add(self, cells=()):
        """A line; gives its number, from 0."""
        self.lines.append([*cells, *[""] * (self.wide - len(cells))])
        return len(self.lines) - 1

    def say(self, text):
        """A line with nothing but a text, merged over all columns in some workbooks."""
        number = self.add([text])
        if self._workbook and self.wide > 1 and self._draw.chance(0.5):
            self.merges.append((number, 0, number, self.wide - 1))

    def head(self, *, two):
        """The header, in one line or in two."""
        if not two:
            self.add([column.header for column in self.columns])
            return
        tops, low, last = [], [], None
        top_line = len(self.lines)
        for number, column in enumerate(self.columns):
            grouped = bool(column.group)
            tops.append(column.group if grouped and column.group != last else "")
            low.append(column.short if grouped else column.header)
            last = column.group or None
            if grouped and tops[-1]:
                begin = number
            following = self.columns[number + 1].group if number + 1 < self.wide else ""
            if grouped and following != column.group and number > begin and self._workbook:
                self.merges.append((top_line, begin, top_line, number))
        self.add(tops)
        self.add(low)

    def body(self, rows, title_of):
        """A line for each row, a title above each section; blocks of rows for merged cells."""
        block, said = [], None
        for number, row in enumerate(rows):
            title = title_of(row)
            if title is not None and title != said:
                self._merge(block)
                block, said = [], title
                self.say(title)
            line = self.add([column.cells[number] for column in self.columns])
            row.truth.line = line + 1
            block.append(line)
        self._merge(block)

    def _merge(self, block):
        """Make one cell of equal neighbors in a block of lines."""
        for c, column in enumerate(self.columns):
            if not (column.merged and self._workbook):
                continue
            start = 0
            for i in range(1, len(block) + 1):
                same = i < len(block) and self._cell(block[i], c) == self._cell(block[start], c)
                if not same:
                    if i - start > 1 and self._cell(block[start], c) != "":
                        self.merges.append((block[start], c, block[i - 1], c))
                    start = i

    def _cell(self, line, column):
        return self.lines[line][column]

    def rest(self, count):
        """Below the list: lines of nothing but what was filled down."""
        for number in range(count):
            self.add(
                [
                    len(column.cells) + number + 1 if column.header == "#" else column.filled
                    for column in self.columns
                ]
            )

    def total(self, count):
        """A line that counts."""
        text = self._draw.one(TOTALS).format(n=count)
        cells = [text] + [
            sum(bool(x) and x is not False for x in column.cells) if column.filled is False else ""
            for column in self.columns[1:]
        ]
        if text in ("TOTAL", "Total") and not any(cells[1:]) and len(cells) > 1:
            cells[1] = count
        self.junk.append(text)
        self.add(cells)

    def legend_beside(self, first):
        """A legend to the right of the first rows, behind an empty column."""
        legend = self._draw.one(LEGENDS)
        self.junk += legend
        for offset, text in enumerate(legend):
            self.lines[first + offset] += ["", text]
        widest = max(map(len, self.lines))
        self.lines = [line + [""] * (widest - len(line)) for line in self.lines]

    def legend_below(self):
        """A legend under the list."""
        self.add()
        for text in self._draw.one(LEGENDS):
            self.say(text)
            self.junk.append(text)


def grouped(columns):
    """The columns with those of one group side by side, in the order of first appearance."""
    order = {}
    for column in columns:
        order.setdefault(column.group or id(column), []).append(column)
    return [column for group in order.values() for column in group]


def numbering(columns):
    """Is there a column that counts the rows?"""
    return any(column.header == "#" for column in columns)
