"""What a header means: by its name, by its words, and, where several things, by its cells.

To teach the import a header that may mean several things, add it to `AMBIGUOUS` with the
kind of cells (`kinds`) that decides; any other goes into `fields`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from planner.rules.facts import Status
from planner.rules.visible import without_unseen
from planner.sheets import fields, kinds
from planner.sheets.fields import FIELDS, SPECIAL
from planner.sheets.parsers import cells
from planner.sheets.parsers.status import PHRASES
from planner.sheets.parsers.status_words import OUT_STEMS


class Meaning(NamedTuple):
    """One thing that a header may mean, where its cells are of a kind; "" for any."""

    target: str
    kind: str = ""


def fold_header(text: str) -> str:
    """A header without case, spacing, punctuation and invisible characters.

    >>> fold_header("PD E-mail?")
    'pdemail'
    """
    plain = unicodedata.normalize("NFKC", without_unseen(text)).casefold()
    return re.sub(r"[\W_]+", "", plain)


def by_header(columns: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """What each header means, folded.

    Raises ValueError for one that means two things: the last would win, and a column would
    silently become another.
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

_STATUS = (Meaning("status", "status"),)
_INTERVIEW = (
    Meaning("interview_date", "dates"),
    Meaning(Status.INVITED, "marks"),
    Meaning("status", "status"),
    Meaning("interview_date"),
)
_DIRECTOR = (Meaning("director_email", "addresses"), Meaning(fields.DIRECTOR))
_COORDINATOR = (Meaning("coordinator_email", "addresses"), Meaning("coordinator_name"))
_POLICY = (Meaning("step2_policy", "policy"),)
_CODE = (Meaning("nrmp_code", "nrmp"), Meaning("acgme_id"))
_ID = (Meaning("nrmp_code", "nrmp"), Meaning("acgme_id", "acgme"))

# The first meaning whose kind fits the cells holds; none: the column is unknown.
AMBIGUOUS: Mapping[str, tuple[Meaning, ...]] = {
    fold_header(header): meanings
    for headers, meanings in (
        (next(s.headers for s in SPECIAL if s.name == fields.STATUS_TOO), _STATUS),
        (("Interview", "Interviews", "IV", "Int"), _INTERVIEW),
        (("Scheduled", "Interview scheduled", "IV scheduled"), _INTERVIEW[:3]),
        (("Ranked",), (Meaning(Status.INTERVIEWED, "marks"),)),
        (
            ("Applied",),
            (
                Meaning(Status.APPLIED, "boxes"),
                Meaning("status", "status"),
                Meaning("application_service", "service"),
            ),
        ),
        (("Program Director", "PD", "Director", "PD contact", "Director contact"), _DIRECTOR),
        (("Coordinator", "PC", "Contact", "PC contact", "Program contact"), _COORDINATOR),
        (("Step 2", "Step 2?", "Step 2 CK", "CK", "Needs Step 2", "Step 2 needed"), _POLICY),
        (
            ("Program Code", "Program ID", "Program Number", "Code", "ERAS ID", "ERAS Code"),
            _CODE,
        ),
        (("ID", "ERAS", "ERAS/AAMC ID", "AAMC/ERAS ID", "AAMC ID", "Number"), _ID),
        (("NRMP",), (Meaning("nrmp_code", "nrmp"),)),
    )
    for header in headers
}

# Words of headers and what they stand for, the longer before the shorter.
_SYNONYMS: Mapping[str, Sequence[str]] = {
    "M": ("e ?mail address(?:es)?", "e ?mails?", "mails?"),
    "D": ("(?:residency )?(?:program |prog )?(?:directors?|dir)", "pds?"),
    "C": (
        "(?:residency )?(?:program |prog )?(?:coordinators?|coord|managers?|administrators?)",
        "pcs?",
        "contact person",
        "contact",
    ),
    "F": ("first names?", "given names?", "first", "fname"),
    "L": ("last names?", "surname", "family name", "last", "lname"),
    "N": ("full names?", "names?"),
    "I": (
        "sponsoring institutions?",
        "institutions?",
        "(?:hospital|health) systems?",
        "hospitals?",
        "sponsors?",
    ),
    "W": ("interview invit(?:e|ation)s?", "invit(?:e|ation)s?", "ii"),
    "V": ("interviews?", "ivs?"),
    "P": ("residency programs?", "programs?", "residency", "residencies"),
    "T": ("date times?", "datetimes?", "dates?"),
    "S": (
        "stat(?:us|uses)",
        "stages?",
        "outcomes?",
        "decisions?",
        "results?",
        "responses?",
        "progress",
    ),
    "A": ("applications?", "apps?"),
    "Y": ("city",),
    "Z": ("state",),
    "O": ("locations?",),
}
_PATTERNS = [
    (re.compile(rf"\b(?:{'|'.join(words)})\b"), symbol) for symbol, words in _SYNONYMS.items()
]
# Words that change nothing.
_NOISE = re.compile(
    r"\b(?:the|my|our|their|of|for|to|is|a|an|s|info|information|current|latest|final|overall"
    r"|if|known|col|column|primary|main|if known)\b"
)
_COMBINED: Mapping[str, tuple[Meaning, ...]] = {
    "".join(sorted(symbols)): meanings
    for symbols, meanings in {
        "D": _DIRECTOR,
        "DN": (Meaning(fields.DIRECTOR),),
        "DP": _DIRECTOR,
        "DF": (Meaning("director_first_name"),),
        "DL": (Meaning("director_last_name"),),
        "DM": (Meaning("director_email"),),
        "CDM": (Meaning("director_email"),),
        "DMP": (Meaning("director_email"),),
        "C": _COORDINATOR,
        "CN": (Meaning("coordinator_name"),),
        "CP": _COORDINATOR,
        "CF": (Meaning(fields.CONTACT_FIRST),),
        "CL": (Meaning(fields.CONTACT_LAST),),
        "CM": (Meaning("coordinator_email"),),
        "CMP": (Meaning("coordinator_email"),),
        "M": (Meaning("coordinator_email"),),
        "MP": (Meaning("coordinator_email"),),
        "IM": (Meaning("coordinator_email"),),
        "P": (Meaning("program"),),
        "NP": (Meaning("program"),),
        "IP": (Meaning("program"),),
        "INP": (Meaning("program"),),
        "I": (Meaning("institution"),),
        "IN": (Meaning("institution"),),
        "TV": (Meaning("interview_date"),),
        "TW": (Meaning(Status.INVITED, "boxes"),),
        "S": _STATUS,
        "AS": _STATUS,
        "PS": _STATUS,
        "APS": _STATUS,
        "SV": _STATUS,
        "SW": _STATUS,
        "ASV": _STATUS,
        "PY": (Meaning("city"),),
        "PZ": (Meaning("state"),),
        "IY": (Meaning("city"),),
        "IZ": (Meaning("state"),),
        "YZ": (Meaning(fields.LOCATION),),
        "O": (Meaning(fields.LOCATION),),
        "OP": (Meaning(fields.LOCATION),),
        "OYZ": (Meaning(fields.LOCATION),),
    }.items()
}
_TO_THEM = r"(?: (?:them|programs?|(?:program )?director|(?:program )?coordinator|pd|pc|to|on|date|yet|y n))*"
# What a header says as a sentence does: that they want no mail, that they were told.
_SAID: Mapping[Meaning, re.Pattern[str]] = {
    Meaning(fields.NO_CONTACT): re.compile(
        r"(?:please )?(?:do not|dont|never|no) (?:e ?mails?|contact|messages?|write|call)(?: please)?"
    ),
    Meaning("told_on", "boxes"): re.compile(
        r"(?:date |when |i )*(?:"
        r"(?:(?:score|step ?2|ck|score update|update) )?e ?mail(?:ed| sent)"
        r"|(?:(?:score|step ?2|ck) )+(?:update )?(?:sent|told|e ?mailed|shared)|update (?:sent|e ?mailed)"
        r"|contacted|reached out|told|notified|messaged)" + _TO_THEM
    ),
}
# A remark in a header, such as "(as of 11/24)": apart from the words, or behind them all.
_ASIDE = re.compile(r"(?:\([^()]*\)|\[[^\][]*\])$|(?<!\S)(?:\([^()]*\)|\[[^\][]*\])(?!\S)")
# Words of a status that say nothing of a stage where they head a column.
_NO_STAGE = frozenset(
    str.split(
        "r w sent received open pending active offer offered accepted accept alternate reviewed"
        " review reviewing considering passed removed silence silent nothing skip apply confirmed"
        " booked upcoming waiting awaiting held holding ghosted crickets"
    )
)
_BESIDE_OUT = frozenset(
    str.split(
        "pre post interview iv ii by program me i they received email letter invite app application"
        " of from the they did have has was been sent notice notified reply y n"
    )
)
_ABOUT_A_BOX = re.compile(r"\b(?:y n|yn|yes no|check|checked|checkbox|box|x|true false)\b")
_DAY_OF = re.compile(r"\b(?:dates?|on|day)\b")


def words_of(header: str) -> str:
    """A header in small words: "PD_EmailAddress" is "pd email address"."""
    spread = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", header)
    return cells.fold_word(unicodedata.normalize("NFKC", spread))


@lru_cache(maxsize=4096)
def meanings_of(header: str) -> tuple[Meaning, ...]:
    """What a header may mean, the likeliest first; nothing for one that is not known.

    >>> meanings_of("Residency Coordinator's E-Mail")
    (Meaning(target='coordinator_email', kind=''),)
    >>> [str(meaning.target) for meaning in meanings_of("Interview received?")]
    ['invited', 'status']
    """
    folded = fold_header(header)
    if folded in AMBIGUOUS:
        return AMBIGUOUS[folded]
    if folded in HEADERS:
        return _named(HEADERS[folded])
    words = words_of(header)
    stage = _stage_of(words)
    if stage is not None:
        return _named(stage)
    for said, pattern in _SAID.items():
        if pattern.fullmatch(words):
            return (said,)
    found = _COMBINED.get(_symbols(words), ())
    bare = _ASIDE.sub(" ", header).strip()
    return found if found or bare in {"", header} else meanings_of(bare)


def _named(target: str) -> tuple[Meaning, ...]:
    """A column of a stage may hold words of a status just as well."""
    if target not in {*fields.STAGES}:
        return (Meaning(target),)
    known = (Meaning(target, "boxes"), Meaning("status", "status"))
    # What is not understood under "Rejected" has to be told, cell by cell.
    return (*known, Meaning(target)) if target in {Status.REJECTED, Status.WITHDRAWN} else known


def _symbols(words: str) -> str:
    """The words of a header as sorted symbols; "?" for one that is not known."""
    for pattern, symbol in _PATTERNS:
        words = pattern.sub(symbol, words)
    left = _NOISE.sub(" ", words).split()
    return "".join(sorted(left)) if all(len(word) == 1 for word in left) else "?"


def _stage_of(words: str) -> str | None:
    """The stage that heads a column of marks; None for any other header."""
    bare = " ".join(_DAY_OF.sub(" ", _ABOUT_A_BOX.sub(" ", words)).split())
    if not bare or bare in _NO_STAGE:
        return None
    status = PHRASES.get(tuple(bare.split())) or _out_of_play(bare.split())
    return None if status is None else status.value


def _out_of_play(words: Sequence[str]) -> Status | None:
    """What "Pre-interview rejection" and its like say, whatever the order of their words."""
    left = [word for word in words if word not in _BESIDE_OUT]
    found = [status for word in left for stem, status in OUT_STEMS if word.startswith(stem)]
    return found[0] if found and len(left) == 1 else None


def target_of(header: str) -> str | None:
    """The field, or special column, that a header means first; None for an unknown one."""
    found = meanings_of(header)
    return found[0].target if found else None


def choose(header: str, texts: Sequence[str], claimed: Collection[str] = ()) -> Meaning | None:
    """The meaning of a header that fits its cells; None where none does.

    `claimed` are targets that other columns have by their name alone.

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
            return meaning
        if meaning.target not in claimed and _suits(meaning, header, texts):
            return meaning
    return None


def _suits(meaning: Meaning, header: str, texts: Sequence[str]) -> bool:
    if meaning.target == "status":
        return kinds.are_statuses(texts, header)
    return kinds.are(texts, meaning.kind)


def claimed_by(headers: Iterable[str]) -> set[str]:
    """The targets that columns have by their name alone, whatever their cells hold.

    Several columns may speak of the status.
    """
    found = (meanings_of(header) for header in headers if header)
    return {m[0].target for m in found if len(m) == 1 and not m[0].kind} - {"status"}
