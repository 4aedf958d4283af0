"""What a header means, by its name, by its words and, if it is ambiguous, by its cells.

To teach the import a header that may mean several things, add it to `AMBIGUOUS` with the
kind of cells (`kinds`) that decides; any other header goes into `fields`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from planner.rules.facts import Status
from planner.rules.visible import without_unseen
from planner.sheets import fields, kinds
from planner.sheets.fields import FIELDS, SPECIAL
from planner.sheets.header_words import (
    ABOUT_A_BOX,
    ASIDE,
    BESIDE_OUT,
    CODE,
    COMBINED,
    COORDINATOR,
    DAY_OF,
    DIRECTOR,
    ID,
    INTERVIEW,
    NO_STAGE,
    NOISE,
    PEOPLE,
    POLICY,
    SENTENCES,
    SERVICE,
    STATUS,
    SYNONYMS,
    Meaning,
)
from planner.sheets.headers_abroad import ABROAD
from planner.sheets.parsers import cells
from planner.sheets.parsers.dates import all_day_first
from planner.sheets.parsers.status import OUT_STEMS, PHRASES


def fold_header(text: str) -> str:
    """Fold a header: remove case, spaces, punctuation and invisible characters.

    >>> fold_header("PD E-mail?")
    'pdemail'
    """
    plain = unicodedata.normalize("NFKC", without_unseen(text)).casefold()
    return re.sub(r"[\W_]+", "", plain)


def by_header(columns: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Return the target of each header, by its folded text.

    Raises ValueError if a header means two things: the last one would win, and a column
    would silently become another.
    """
    found: dict[str, str] = {}
    for target, headers in columns:
        for header in headers:
            if found.setdefault(fold_header(header), target) != target:
                twin = found[fold_header(header)]
                raise ValueError(f'the header "{header}" means {twin} already, and now {target}')
    return found


HEADERS = by_header(
    [
        *((field.name, (field.name, *field.also)) for field in FIELDS),
        *((special.name, special.headers) for special in SPECIAL),
    ]
)
CONTACT_HEADERS = by_header(fields.CONTACTS.items())


# The first meaning whose kind fits the cells counts; if none fits, the column is unknown.
AMBIGUOUS: Mapping[str, tuple[Meaning, ...]] = {
    fold_header(header): meanings
    for headers, meanings in (
        (next(s.headers for s in SPECIAL if s.name == fields.STATUS_TOO), STATUS),
        (("Interview", "Interviews", "IV", "Int"), INTERVIEW),
        (("Scheduled", "Interview scheduled", "IV scheduled"), INTERVIEW[:3]),
        (("Ranked",), (Meaning(Status.INTERVIEWED, "marks"),)),
        (
            ("Applied",),
            (
                Meaning(Status.APPLIED, "boxes"),
                Meaning("status", "status"),
                Meaning("application_service", "service"),
            ),
        ),
        (("Program Director", "PD", "Director", "PD contact", "Director contact"), DIRECTOR),
        (
            (
                *next(s.headers for s in SPECIAL if s.name == fields.PEOPLE),
                *("Contacts", "Contact(s)", "Contact info", "PD contact info", "Contact people"),
                *("PD name & email", "PD name and email", "Who"),
            ),
            PEOPLE,
        ),
        (("Coordinator", "PC", "Contact", "PC contact", "Program contact"), COORDINATOR),
        (("Step 2", "Step 2?", "Step 2 CK", "CK", "Needs Step 2", "Step 2 needed"), POLICY),
        (
            ("Program Code", "Program ID", "Program Number", "Code", "ERAS ID", "ERAS Code"),
            CODE,
        ),
        (("Applied through", "App service", "Application system", "Application portal"), SERVICE),
        (("ID", "ERAS", "ERAS/AAMC ID", "AAMC/ERAS ID", "AAMC ID", "Number"), ID),
        (("NRMP",), (Meaning("nrmp_code", "nrmp"),)),
        (("ST", "St."), (Meaning("state", "states"), *STATUS, Meaning("state"))),
    )
    for header in headers
}

_ABROAD: Mapping[str, tuple[Meaning, ...]] = {
    fold_header(cells.without_accents(header)): meanings
    for meanings, headers in ABROAD.items()
    for header in headers.split(";")
}

_PATTERNS = [
    (re.compile(rf"\b(?:{'|'.join(words)})\b"), symbol) for symbol, words in SYNONYMS.items()
]


# A day in a header, as in "Status (as of 11/24)" or "Status 11/24".
_AS_OF = re.compile(
    r"[\s,:(–-]+(?:as of (?:today|now|\d[\d/.-]*)|(?:on |stand |vom )?\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?\.?)\)?$",
    re.IGNORECASE,
)
_BRITISH = re.compile("(program)me", re.IGNORECASE)


_GARBLED_MARK = "\xef\xbb\xbf"  # the mark before UTF-8, read as Windows-1252


def words_of(header: str) -> str:
    """Split a header into folded words: "PD_EmailAddress" into "pd email address"."""
    spread = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", header)
    spread = spread.removeprefix(_GARBLED_MARK)
    return cells.fold_word(unicodedata.normalize("NFKC", spread))


@lru_cache(maxsize=4096)
def meanings_of(header: str) -> tuple[Meaning, ...]:
    """Return what a header may mean, the likeliest first; empty if it is not known.

    >>> meanings_of("Residency Coordinator's E-Mail")
    (Meaning(target='coordinator_email', kind=''),)
    >>> [str(meaning.target) for meaning in meanings_of("Interview received?")]
    ['invited', 'status']
    """
    if "#" in header and (numbered := meanings_of(header.replace("#", " number "))):
        return numbered
    if "programme" in header.casefold():
        return meanings_of(_BRITISH.sub(r"\1", header))
    folded = fold_header(header)
    if folded in AMBIGUOUS:
        return AMBIGUOUS[folded]
    if folded in HEADERS:
        return _named(HEADERS[folded])
    if (abroad := cells.without_accents(folded)) in _ABROAD:
        return _ABROAD[abroad]
    words = words_of(header)
    for said, pattern in SENTENCES.items():
        if pattern.fullmatch(words):
            return said
    stage = _stage_of(words)
    if stage is not None:
        return _named(stage)
    found = COMBINED.get(_symbols(words), ())
    bare = _AS_OF.sub("", ASIDE.sub(" ", header).strip())
    return found if found or bare in {"", header} else meanings_of(bare)


def _named(target: str) -> tuple[Meaning, ...]:
    """Return the meanings of a target's name; a stage column may also hold status words."""
    if target not in {*fields.STAGES}:
        return (Meaning(target),)
    known = (Meaning(target, "boxes"), Meaning("status", "status"))
    # Under "Rejected", every cell that is not understood must be reported.
    matters = target in {Status.REJECTED, Status.WITHDRAWN, Status.NOT_APPLIED}
    return (*known, Meaning(target)) if matters else known


def _symbols(words: str) -> str:
    """Turn the words of a header into sorted symbols; "?" if one of them is not known."""
    for pattern, symbol in _PATTERNS:
        words = pattern.sub(symbol, words)
    left = NOISE.sub(" ", words).split()
    return "".join(sorted(left)) if all(len(word) == 1 for word in left) else "?"


def _stage_of(words: str) -> str | None:
    """Return the stage that a header names, such as "Rejected?"; None for any other header."""
    bare = " ".join(DAY_OF.sub(" ", ABOUT_A_BOX.sub(" ", words)).split())
    dated = bare in {"r", "w"} and bare != words  # "R date", but not a bare "R"
    if not bare or (bare in NO_STAGE and not dated):
        return None
    status = PHRASES.get(tuple(bare.split())) or _out_of_play(bare.split())
    if status is None or (status is Status.APPLIED and not _OF_APPLYING.search(bare)):
        return None  # a no below "No response" does not mean that there is no application
    return status.value


_OF_APPLYING = re.compile(r"appl|\bapp\b|submi|bewerb|beworb|solicit|aplic|postul|candidat|inscri")


def _out_of_play(words: Sequence[str]) -> Status | None:
    """Return the status of "Pre-interview rejection" and its like, in any order of words."""
    left = [word for word in words if word not in BESIDE_OUT]
    found = [status for word in left for stem, status in OUT_STEMS if word.startswith(stem)]
    return found[0] if found and len(left) == 1 else None


def target_of(header: str) -> str | None:
    """Return the likeliest field or special column of a header; None if it is not known."""
    found = meanings_of(header)
    return found[0].target if found else None


def choose(header: str, texts: Sequence[str], claimed: Collection[str] = ()) -> Meaning | None:
    """Choose the meaning of a header that fits its cells; None if no meaning does.

    `claimed` are the targets that other columns have by their name alone.

    >>> choose("Interview Status", ["Rejected", "II 10/5"]).target
    'status'
    >>> choose("Decision", ["to be discussed", "ask my wife"]) is None
    True
    """
    meanings = meanings_of(header)
    if all(map(cells.is_missing, texts)):
        return next((m for m in meanings if not m.kind), meanings[0] if meanings else None)
    for meaning in meanings:
        if not meaning.kind:
            asks = meaning.target in _NAMES or (meaning.target in _ADDRESSES and "?" in header)
            return None if asks and _are_marks(texts) else meaning
        if meaning.target not in claimed and _suits(meaning, header, texts):
            return meaning
    return None


_NAMES = frozenset({fields.DIRECTOR, "coordinator_name"})
_ADDRESSES = frozenset({"director_email", "coordinator_email"})


def _are_marks(texts: Sequence[str]) -> bool:
    """Whether all filled cells are check marks: "Contact?" may ask whether one may write."""
    return all(kinds.is_mark(text) for text in texts if not cells.is_missing(text))


def _suits(meaning: Meaning, header: str, texts: Sequence[str]) -> bool:
    if meaning.kind == "days first":
        return all_day_first(texts)
    if meaning.target == "status":
        return kinds.are_statuses(texts, header)
    if meaning.target in fields.STAGES and any(map(kinds.is_mark, texts)):
        return True  # words of a status beside ticks are understood there, too
    return kinds.are(texts, meaning.kind)


def claimed_by(headers: Iterable[str]) -> set[str]:
    """Return the targets that columns have by their name alone, whatever their cells hold.

    The status is left out, because several columns may give it.
    """
    found = (meanings_of(header) for header in headers if header)
    return {m[0].target for m in found if len(m) == 1 and not m[0].kind} - {"status"}
