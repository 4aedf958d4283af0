"""What a tracker is made of: rows with their truth, columns, and the finished grid."""

from dataclasses import dataclass, field
from datetime import date

TODAY = date(2026, 11, 24)
RELEASED = date(2026, 10, 1)

EDIT = "an edit of the file"  # what no answer about a column could say
OUT = frozenset({"rejected", "withdrawn", "not_applied"})


@dataclass
class Row:
    """A program as it is, and `truth` of it as far as the sheet says so.

    What happened is drawn first (`standing` and the dates); each column that is written
    then adds what a reader may know.
    """

    name: str
    tree: str
    specialty: str
    city: str
    state: str
    first: str
    last: str
    address: str
    coordinator: str
    second: str
    standing: str
    invited_on: date | None = None
    interview_on: date | None = None
    ended_on: date | None = None
    told_on: date | None = None
    closed: bool = False
    signal: str = "none"
    acgme_id: str = ""
    truth: "Truth" = None


@dataclass
class Truth:
    """What a careful reader says of one row.

    `statuses` are all that would be right; `stop` says why nobody could tell, so that the row
    must be asked about; `held` is a note that speaks against a letter, which must not leave
    before a person has decided; `private` are words that belong in no letter; the other fields are the
    values.  `line` is where the row stands in the file.
    """

    name: str
    specialty: str
    line: int = 0
    city: str = ""
    state: str = ""
    statuses: frozenset = frozenset({"applied"})
    interview_date: date | None = None
    told: date | None = None
    closed: bool = False
    last: str = ""
    to: str = ""
    cc: str = ""
    signal: str = "none"
    reason: str = ""
    acgme_id: str = ""
    stop: str = ""
    held: str = ""
    private: list = field(default_factory=list)

    @property
    def barred(self):
        """Why no letter may go there, or nothing."""
        if self.statuses <= OUT:
            return "/".join(sorted(self.statuses))
        return "told" if self.told else "closed to mail" if self.closed else ""


@dataclass
class Column:
    """A column: its header, a cell for each row, and how it is laid out.

    `group` and `short` are the two lines of its header where there are two; `filled` is what
    stands in the rows below the list where the column was filled down; `merged` means that
    equal neighbors were made one cell; `field` is what its owner would answer where the
    import asks what the column means, nothing where it may be left out.
    """

    header: str
    cells: list
    group: str = ""
    short: str = ""
    filled: object = ""
    merged: bool = False
    field: str = ""


@dataclass
class Tracker:
    """A finished tracker.

    `answers` are fields for the columns about which the import may ask; any other column
    about which it asks holds nothing and is left out.  `junk` are words of lines that are
    no programs.
    """

    seed: int
    grid: list
    truths: list
    merges: list = field(default_factory=list)
    answers: dict = field(default_factory=dict)
    junk: list = field(default_factory=list)
    specialty: str | None = None
    file: str = "csv"
    encoding: str = "utf-8"
    separator: str = ","
    newline: str = "\r\n"
    habits: list = field(default_factory=list)
