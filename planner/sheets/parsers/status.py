"""How far things have come with a program, in the words of the person who keeps the list.

A cell may hold more than a word: "Rejected 10/20", "invited 11/3, sched 12/15", "IV offered,
declined".  Every phrase that is known counts; that a program is out of play wins over all,
else the furthest stage counts.  What is doubtful is refused, because a letter may follow.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from planner.rules.case import ON_HOLD
from planner.rules.facts import Status
from planner.rules.objections import THOUGHTS
from planner.rules.telling import telling
from planner.sheets.parsers.cells import BadCellError, fold_word
from planner.sheets.parsers.dates import ANYWHERE as DATE
from planner.sheets.parsers.status_words import (
    DONE,
    DOUBT,
    FILLERS,
    NEGATIONS,
    ON_A_DAY,
    OUT_STEMS,
    WEAK,
    WORDS,
)

# From the first to the furthest; of those that hold, the last one counts.
STAGES = (
    Status.NOT_APPLIED,
    Status.APPLIED,
    Status.ON_HOLD,
    Status.WAITLISTED,
    Status.INVITED,
    Status.INTERVIEWED,
    Status.WITHDRAWN,
    Status.REJECTED,
)
OUT = frozenset({Status.REJECTED, Status.WITHDRAWN})


def furthest(said: Iterable[Status]) -> Status:
    """The status that several words make together.

    >>> str(furthest([Status.INVITED, Status.APPLIED]))
    'invited'
    """
    return max(said, key=STAGES.index)


def _table(words: Mapping[Status, str]) -> dict[tuple[str, ...], Status]:
    return {
        tuple(fold_word(phrase).split()): status
        for status, phrases in words.items()
        for phrase in phrases.split(";")
    }


PHRASES: Mapping[tuple[str, ...], Status] = {
    **{tuple(fold_word(status.value).split()): status for status in Status},
    **_table(ON_A_DAY),
    **_table(WORDS),
}
_DATED = frozenset(_table(ON_A_DAY))
_LONGEST = max(map(len, PHRASES))
_TIME = re.compile(r"\b\d{1,2}(?::\d\d)?\s?[ap]\.?m\b\.?|\b\d{1,2}:\d\d\b", re.IGNORECASE)
# Several of them mean the same as one: "Interviews done" stands above a part of a list.
_ONE = {"interviews": "interview", "ivs": "iv", "invites": "invite", "invitations": "invitation"}
_TOKEN = re.compile(r"\x00\d+|[a-z0-9]+|\?")


class Said(NamedTuple):
    """What a cell says of the status.

    `exact`: nothing but words of a status; `day` is the date of an interview as it stands
    there, and `told` that on which the applicant told them; empty for none.
    """

    status: Status
    exact: bool
    day: str = ""
    told: str = ""


class _Hit(NamedTuple):
    """A phrase that is known: where it stands among the words, and what it says."""

    start: int
    end: int
    status: Status
    dated: bool = False
    weak: bool = False
    declined: bool = False


LONGEST = 300  # characters of a cell that is read for a status


@lru_cache(maxsize=20_000)
def read_status(text: str, about: str = "") -> Said:
    """What a cell says of the status; `about` is the header of its column.

    Raises BadCellError for a cell that has no word of a status, or leaves it open.

    >>> said = read_status("invited 11/3, sched 12/15")
    >>> str(said.status), said.exact, said.day
    ('invited', False, '12/15')
    """
    if len(text) > LONGEST:
        raise _unknown()
    if _is_unsure(text):
        raise BadCellError("bad_status", UNSURE)
    folded = _folded(text)
    told = _told(folded)
    dates = ["" if d.start() in told else d[0] for d in DATE.finditer(folded)]
    words = [_ONE.get(word, word) for word in _TOKEN.findall(_TIME.sub(" ", _numbered(folded)))]
    found_at = list(_hits(words, fold_word(about)))
    hits = _without_weak(found_at)
    if not hits:
        raise _unknown()
    found = _together(hits)
    if found not in OUT:
        _refuse_doubt(words, found_at)
    inside = {at for hit in hits for at in range(hit.start, hit.end)}
    exact = len(inside) == len(words) and len({hit.status for hit in hits}) == 1
    return Said(found, exact, _day(words, _dated(found_at, found), dates), _only(told.values()))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    return re.sub(r"[^\S\n]+", " ", plain)


def _told(folded: str) -> dict[int, str]:
    """The dates behind words of the applicant's that say that they told the program."""
    begins = [0, *(cut.end() for cut in THOUGHTS.finditer(folded))]
    ends = [*(cut.start() for cut in THOUGHTS.finditer(folded)), len(folded)]
    found = {}
    for begin, end in zip(begins, ends, strict=True):
        at = telling(folded[begin:end])
        for date in DATE.finditer(folded) if at is not None else ():
            if begin + (at or 0) <= date.start() < end:
                found[date.start()] = date[0]
    return found


def _only(dates: Collection[str]) -> str:
    """The one date of some; empty for none, or several."""
    return next(iter(dates)) if len(set(dates)) == 1 else ""


def _dated(hits: list[_Hit], found: Status) -> list[_Hit]:
    """The phrases, those alone with a day of an interview behind them that may say one.

    An applicant on a wait list has not been seen, unless the cell says so: "waitlist (IV) 11/3".
    """
    if found not in ON_HOLD:
        return hits
    return [hit._replace(dated=hit.status is Status.INTERVIEWED) for hit in hits]


def is_status(text: str, about: str = "") -> bool:
    """Whether a cell says how far things have come, in a column that is called `about`.

    >>> is_status("Rejected 10/20"), is_status("Dayton")
    (True, False)
    """
    try:
        read_status(text, about)
    except BadCellError:
        return False
    return True


def _numbered(text: str) -> str:
    """The text with a mark for each date, so that its digits are not words."""
    count = iter(range(1000))
    return DATE.sub(lambda _: f" \x00{next(count)} ", text)


def _hits(words: list[str], about: str) -> Iterator[_Hit]:
    """The phrases that are known, the longest at each place."""
    at = 0
    while at < len(words):
        hit = _hit(words, at, about)
        if hit is not None:
            yield hit
        at = hit.end if hit else at + 1


def _hit(words: list[str], at: int, about: str) -> _Hit | None:
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        phrase = tuple(words[at : at + length])
        status = PHRASES.get(phrase)
        if length == 1 and phrase[0] in DONE:
            status = _done(about)
        if status is not None:
            return _Hit(
                at,
                at + length,
                status,
                dated=status is Status.INTERVIEWED or phrase in _DATED,
                weak=length == 1 and phrase[0] in WEAK,
                declined=phrase == ("declined",),
            )
    for stem, status in OUT_STEMS:
        if words[at].startswith(stem):
            return _Hit(at, at + 1, status, declined=stem == "declin")
    return None


def _done(about: str) -> Status | None:
    """What "completed" means in a column: of applications, of interviews, or unknown."""
    words = set(about.split())
    if words & {"interview", "interviews", "iv", "ii"}:
        return Status.INTERVIEWED
    return Status.APPLIED if words & {"application", "app", "eras"} else None


def _without_weak(hits: list[_Hit]) -> list[_Hit]:
    """Leave out words that say little, where others say more."""
    strong = [hit for hit in hits if not hit.weak]
    return strong or hits


def _together(hits: list[_Hit]) -> Status:
    said = {hit.status for hit in hits}
    found = furthest(said)
    # An invitation that was declined, was declined by the applicant.
    declined = all(hit.declined for hit in hits if hit.status is Status.REJECTED)
    if found is Status.REJECTED and declined and said & {Status.INVITED, Status.WITHDRAWN}:
        return Status.WITHDRAWN
    return found


def _refuse_doubt(words: list[str], hits: list[_Hit]) -> None:
    """Raise BadCellError if the cell says that it is not sure, or says no."""
    first = hits[0].start
    before = [w for w in words[:first] if w not in FILLERS and not w.startswith("\x00")]
    statuses = {hit.status for hit in hits}
    mixed = Status.NOT_APPLIED in statuses and len(statuses) > 1
    negated = any(hit.start and words[hit.start - 1] in NEGATIONS for hit in hits)
    if before or mixed or negated or "?" in words or DOUBT.intersection(words):
        raise BadCellError(
            "bad_status", f"expected a status that is sure: one of {', '.join(Status)}"
        )


def _day(words: list[str], hits: list[_Hit], dates: list[str]) -> str:
    """The one date that belongs to an interview; empty for none, or several."""
    found = []
    for at, word in enumerate(words):
        if word.startswith("\x00") and (date := dates[int(word[1:])]):
            before = [hit for hit in hits if hit.end <= at]
            nearest = before[-1] if before else hits[0]
            if nearest.dated:
                found.append(date)
    return found[0] if len(found) == 1 else ""


UNSURE = (
    "expected what you know: applied if nothing has come from them, which an empty cell means, too."
    ' To keep any letter from leaving until you know, put yes under "Do not email"'
)
_UNSURE = frozenset(
    {"", "unknown", "unsure", "not sure", "unclear", "idk", "dont know", "do not know", "no idea"}
    | {"not known", "to check", "check", "need to check", "tbc", "status unknown"}
)


def _is_unsure(text: str) -> bool:
    """Whether a cell says only that its writer does not know."""
    word = fold_word(text)
    return word in _UNSURE and (bool(word) or "?" in text)


def _unknown() -> BadCellError:
    return BadCellError("bad_status", f"expected one of: {', '.join(Status)}")
