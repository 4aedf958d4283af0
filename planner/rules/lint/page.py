"""What the checks look at: a letter with its program, and everything around it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from planner.rules.case import Case
from planner.rules.facts import LetterKind, Program
from planner.rules.identity import Kin
from planner.rules.specialties import Specialties, fold

CLOSING = re.compile(
    r"^\s*(?:(?:yours|warm|warmest|kind|kindest|best|many|with|in|very|sincere|deep)\s+)*"
    r"(?:sincerely|regards|respectfully|thanks|thank\s+you|best|wishes|yours|warmly|gratefully"
    r"|gratitude|appreciation|cordially|cheers|faithfully|truly)(?:\s+yours)?\s*,?\s*$",
    re.IGNORECASE | re.MULTILINE,
)
SALUTATION = re.compile(r"\A(?:dear|hello|hi)\b[^\n]*\n", re.IGNORECASE)

# Words that make no name distinctive.
COMMON = re.compile(
    r"\b(?:the|of|at|in|and|for|program|programme|residency|resident|university|college|school"
    r"|medicine|medical|center|centre|hospital|hospitals|health|healthcare|system|clinic|regional"
    r"|memorial|general|community|department|categorical|preliminary|prelim|track|training"
    r"|surgery|internal|family|emergency|north|south|east|west|state|city|county|national|care"
    r"|rural|urban|research|primary|global|pathway|advanced|frontier|combined|first)\b",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """Text in one spelling: composed letters, straight apostrophes, ordinary spaces."""
    composed = unicodedata.normalize("NFC", text)
    return composed.translate({0x2019: "'", 0x2018: "'", 0xA0: " ", 0x202F: " "})


@dataclass(frozen=True, slots=True)
class Hit:
    """The offending words and where they stand."""

    text: str
    place: str


@dataclass(frozen=True)
class Page:
    """One letter as its reader will see it; `subject` and `body` in one spelling."""

    kind: LetterKind
    subject: str
    body: str
    to: tuple[str, ...]
    case: Case
    cc: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Bring the text into one spelling, so that patterns need know only one."""
        object.__setattr__(self, "subject", plain(self.subject))
        object.__setattr__(self, "body", plain(self.body))

    @property
    def program(self) -> Program:
        """The program that the letter goes to."""
        return self.case.program

    @cached_property
    def above_closing(self) -> str:
        """The body up to the closing ("Sincerely" and the like): the last such line."""
        found = list(CLOSING.finditer(self.body))
        return self.body[: found[-1].start()] if found else self.body

    @cached_property
    def message(self) -> str:
        """The paragraphs between salutation and closing."""
        return SALUTATION.sub("", self.above_closing)

    @cached_property
    def folded(self) -> str:
        """Subject and body in small letters with single spaces, to look names up in."""
        return " ".join(f"{self.subject}\n{self.body}".casefold().split())

    @cached_property
    def own_names(self) -> tuple[str, ...]:
        """Names that belong into this letter."""
        program = self.program
        names = (
            program.program,
            program.institution,
            program.city,
            program.state,
            self.case.applicant.name,
            self.case.specialty.letter_name,
        )
        return tuple(plain(name) for name in names if name)

    def hits(self, pattern: re.Pattern[str]) -> Iterator[Hit]:
        """Every match in subject and body."""
        yield from (Hit(m[0], "subject") for m in pattern.finditer(self.subject))
        yield from self.body_hits(pattern)

    def body_hits(self, pattern: re.Pattern[str], text: str | None = None) -> Iterator[Hit]:
        """Every match in the body, or in `text`, which must begin as the body does."""
        for match in pattern.finditer(self.body if text is None else text):
            yield Hit(match[0], self.place(match.start()))

    def addressed_hits(self, pattern: re.Pattern[str]) -> Iterator[Hit]:
        """Every match in subject and body; a \\x01+ of the pattern stands for our own name."""
        names = [plain(n) for n in (self.program.program, self.program.institution) if n]
        for place, text in (("subject", self.subject), ("", self.body)):
            named = masked(text, *names, mark="\x01")
            for match in pattern.finditer(named):
                yield Hit(text[slice(*match.span())], place or self.place(match.start()))

    def foreign_hits(self, pattern: re.Pattern[str], own: Sequence[str]) -> Iterator[Hit]:
        """Matches in subject and body that do not lie wholly inside a name of our own."""
        for place, text in (("subject", self.subject), ("", self.body)):
            spans = [m.span() for name in own for m in whole_words(name).finditer(text)]
            for match in pattern.finditer(text):
                start, end = match.span()
                if not any(first <= start and end <= last for first, last in spans):
                    yield Hit(match[0], place or self.place(start))

    def place(self, offset: int) -> str:
        """Where an offset of the body is, as a person counts."""
        return f"body, line {self.body.count(chr(10), 0, offset) + 1}"


@dataclass(frozen=True)
class Campaign:
    """All programs of the list, and the letters that call one a first choice."""

    programs: Sequence[Program]
    specialties: Specialties
    first_choices: frozenset[int] = frozenset()

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Distinctive names of programs and institutions: folded spelling to the name."""
        found: dict[str, str] = {}
        for program in self.programs:
            for name in (program.program, program.institution):
                written = " ".join(plain(name).split())
                if _distinctive(written) and self.specialties.named(written) is None:
                    found[written.casefold()] = written
        return found

    @cached_property
    def by_id(self) -> Mapping[int, Program]:
        """The programs by their numbers."""
        return {program.id: program for program in self.programs}

    @cached_property
    def kin(self) -> Kin:
        """The programs by what twins share."""
        return Kin(self.programs)

    @cached_property
    def directors(self) -> Mapping[tuple[str, str], str]:
        """Directors as (first, last) to the folded last name."""
        return {
            (plain(p.director_first_name.strip()), plain(p.director_last_name.strip())): " ".join(
                plain(p.director_last_name).casefold().split()
            )
            for p in self.programs
            if p.director_last_name.strip()
        }

    @cached_property
    def cities(self) -> Sequence[str]:
        """The cities of all programs, as written."""
        return sorted({plain(p.city) for p in self.programs if len(p.city) >= 4})

    @cached_property
    def reasons(self) -> Mapping[str, Sequence[Program]]:
        """The programs that share a reason, by its folded words."""
        found: dict[str, list[Program]] = {}
        for program in self.programs:
            if folded := fold_reason(program.reason):
                found.setdefault(folded, []).append(program)
        return found


def fold_reason(reason: str) -> str:
    """A reason without case and punctuation, in any script."""
    return fold(reason) or re.sub(r"[\W_]+", "", reason.casefold())


def _distinctive(name: str) -> bool:
    """Whether a name points at one place: something is left beyond the common words."""
    left = re.sub(r"[\W_]+", "", COMMON.sub(" ", name))
    # "UF Health" is a place; "VA Hospital" may be any.
    return len(left) >= 4 or (len(left) >= 2 and left.isupper() and left not in {"VA", "US"})


@lru_cache(maxsize=10_000)
def whole_words(text: str, *, as_written: bool = False) -> re.Pattern[str]:
    """A pattern for `text` as whole words, whatever the spaces between, and the case."""
    inner = r"\s+".join(re.escape(word) for word in text.split())
    return re.compile(rf"(?<!\w){inner}(?!\w)", 0 if as_written else re.IGNORECASE)


def masked(text: str, *parts: str, mark: str = "\x00") -> str:
    """`text` with every occurrence of the parts blanked out, at the same length."""
    for part in sorted(filter(None, parts), key=len, reverse=True):
        text = whole_words(part).sub(lambda m: mark * len(m[0]), text)
    return text
