"""Reads how far things have come with a program, in the words of the list's owner.

A cell may hold more than a word: "Rejected 10/20", "invited 11/3, sched 12/15", "IV offered,
declined".  Every known phrase counts; one that means out of play wins, else the furthest
stage.  A doubtful cell is refused, because a letter may depend on it.
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
from planner.sheets.parsers import status_words as english
from planner.sheets.parsers import status_words_abroad as abroad
from planner.sheets.parsers.cells import BadCellError, fold_word, without_accents
from planner.sheets.parsers.dates import ANYWHERE as DATE
from planner.sheets.parsers.status_words import DONE, EVENTS

# From the first to the furthest; if several apply, the last one counts.
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
    """Return the status that several words make together.

    >>> str(furthest([Status.INVITED, Status.APPLIED]))
    'invited'
    """
    return max(said, key=STAGES.index)


OUT_STEMS = (*english.OUT_STEMS, *abroad.STEMS_ABROAD)
_WEAK = english.WEAK | abroad.WEAK_ABROAD
_FILLERS = english.FILLERS | abroad.FILLERS_ABROAD
_DOUBT = english.DOUBT | abroad.DOUBT_ABROAD
_NEGATIONS = english.NEGATIONS | abroad.NEGATIONS_ABROAD


def _table(words: Mapping[Status, str]) -> dict[tuple[str, ...], Status]:
    return {
        tuple(fold_word(phrase).split()): status
        for status, phrases in words.items()
        for phrase in phrases.split(";")
    }


PHRASES: Mapping[tuple[str, ...], Status] = {
    **{tuple(fold_word(status.value).split()): status for status in Status},
    **_table(english.ON_A_DAY),
    **_table(english.WORDS),
    **_table(abroad.ON_A_DAY_ABROAD),
    **_table(abroad.WORDS_ABROAD),
}
_DATED = frozenset({**_table(english.ON_A_DAY), **_table(abroad.ON_A_DAY_ABROAD)})
_LONGEST = max(map(len, PHRASES))
_TIME = re.compile(r"\b\d{1,2}(?::\d\d)?\s?[ap]\.?m\b\.?|\b\d{1,2}:\d\d\b", re.IGNORECASE)
# Plurals count as singulars: "Interviews done" may be the title of a part of a list.
_ONE = {"interviews": "interview", "ivs": "iv", "invites": "invite", "invitations": "invitation"}
_TOKEN = re.compile(r"\x00\d+|[a-z0-9]+|\?")


# "IV w/ Dr. Lee" and "met w PD" have no "w" for withdrawn; "w/d", "w/drew" and "IV, w after it" do.
_WITH = re.compile(
    r"\bw/(?= ?[a-z])(?! ?(?:d\b|l\b|dr(?:e|a)w))"
    r"|(?<=[^\W_] )w (?=[^\W\d_])(?!(?:after|at|before|by|d|dr[ae]w|from|in|l|on|since)\b)"
)


class Said(NamedTuple):
    """What a cell says about the status.

    `exact`: it has only status words; `day` is the date of an interview, and `told` the date
    when the applicant told them, both as written; "" for none.
    """

    status: Status
    exact: bool
    day: str = ""
    told: str = ""


class _Hit(NamedTuple):
    """A known phrase: its place among the words, and what it says."""

    start: int
    end: int
    status: Status
    dated: bool = False
    weak: bool = False
    declined: bool = False


LONGEST = 300  # characters of a cell that may be a status


@lru_cache(maxsize=20_000)
def read_status(text: str, about: str = "") -> Said:
    """Read what a cell says about the status; `about` is the header of its column.

    Raises BadCellError if the cell has no status word, or leaves the status open.

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
    words = _words(folded)
    found_at = list(_hits(words, fold_word(about)))
    hits = _without_weak(found_at)
    if not hits:
        raise _unknown()
    if all(words[hit.start] == "apply" for hit in hits) and _is_left(words, hits):
        raise _unknown()  # "apply if they reopen"
    found = _last_stage(folded, fold_word(about)) or _together(hits)
    if found not in OUT:
        _refuse_doubt(words, found_at)
    if found is Status.INTERVIEWED and _is_an_event(words):
        raise BadCellError("bad_status", "expected an interview; this may be another event")
    inside = {at for hit in hits for at in range(hit.start, hit.end)}
    exact = len(inside) == len(words) and len({hit.status for hit in hits}) == 1
    day = _day(words, _dated(found_at, found), dates)
    return Said(found, exact, day, _only(told.values()))


def _is_an_event(words: list[str]) -> bool:
    """Whether what was attended may be no interview: "attended OH 10/3"."""
    interview = any(word.startswith(("interview", "iv", "int", "ii")) for word in words)
    return "attended" in words and not interview and not EVENTS.isdisjoint(words)


# What separates the steps of a history: "WL -> IV 12/2", "invited, then rejected".  A comma does
# so between plain words alone: in "on hold, IV 11/3", the day may be an older one.
_STEP = re.compile(
    r"[-=–—]*[>→⇒➔➜»]+|[;\n]|\s[-–—]\s|\b(?:and )?(?:then|now|later|afterwards?|subsequently)\b"
)
# A former step that stands behind: "waitlisted (was invited)".
_FORMER = re.compile(
    r"(.*?)\s*[(,;]\s*(?:was|were|previously|formerly|originally|initially)\b:?\s*([^(),;]+)\)?"
)
_IN_PLAY = frozenset({Status.ON_HOLD, Status.WAITLISTED, Status.INVITED, Status.INTERVIEWED})
_INTERVIEWS = frozenset({"interview", "iv", "int"})


def _last_stage(folded: str, about: str) -> Status | None:
    """Return the last stage of a history; None for no history, or one that ends it.

    Waiting for an answer is no step.  Raises BadCellError if something better comes after a
    rejection or a withdrawal, or if a step has words that may change which stage counts.
    """
    folded = _FORMER.sub(r"\2; \1", folded, count=1)
    in_order = bool(_STEP.search(folded))
    parts = [part for step in _STEP.split(folded) for part in step.split(",") if part.strip()]
    steps = [_step(part, about, weakly=in_order) for part in parts]
    stages = [status for status, _ in steps if status and (status in _IN_PLAY or status in OUT)]
    if not stages or len(steps) < 2 or Status.NOT_APPLIED in {status for status, _ in steps}:
        return None
    *before, last = stages
    # Who has met them has met them: a waitlist after an interview is no wait for one.
    was_there = Status.INTERVIEWED in before and last in _IN_PLAY
    if (no := next((s for s in before if s in OUT), None)) and last not in OUT:
        raise _doubtful_history(no, last)
    if last in OUT or was_there:
        return None
    if all(whole for _, whole in steps):
        return last
    if in_order and any(s is not last for s in before):
        raise _doubtful_history(before[-1], last)
    return None


def _doubtful_history(before: Status, last: Status) -> BadCellError:
    message = f"it says {before}, then {last}. Write only the one that counts"
    return BadCellError("bad_status", f"expected where it stands now; {message}")


def _step(part: str, about: str, *, weakly: bool) -> tuple[Status | None, bool]:
    """Return what one step of a history says, and whether it says nothing else.

    `weakly`: a bare "IV" is a step, too.
    """
    words = _words(part)
    found = list(_hits(words, about))
    hits = [
        hit
        for hit in _without_weak(found)
        if not hit.weak or (weakly and _INTERVIEWS.intersection(words[hit.start : hit.end]))
    ]
    if not hits:
        return None, not _is_left(words, found)
    return _together(hits), not _is_left(words, found)


def _is_left(words: list[str], hits: Collection[_Hit]) -> bool:
    """Whether there are words beside the known phrases that say something."""
    inside = {at for hit in hits for at in range(hit.start, hit.end)}
    rest = [word for at, word in enumerate(words) if at not in inside]
    return any(word not in _FILLERS and not word.startswith("\x00") for word in rest)


def _words(folded: str) -> list[str]:
    return [_ONE.get(word, word) for word in _TOKEN.findall(_TIME.sub(" ", _numbered(folded)))]


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", _without_initials(text)).casefold()
    plain = without_accents(plain).replace("'", "").replace("’", "")
    return re.sub(r"[^\S\n]+", " ", _WITH.sub("with ", plain))


# Letters in boxes and circles, such as 🅆 and Ⓡ; and a bare letter before the word it stands for.
_BOXED = re.compile("[\u249c-\u24e9\U0001f110-\U0001f189]")
_WAIT = re.compile(r"\bw\b(?=[\s=:(–-]+wait)", re.IGNORECASE)


def _without_initials(text: str) -> str:
    """Write letters in boxes as letters, or leave them out before the word that they stand for.

    >>> _without_initials("🅆 waitlist"), _without_initials("🆁"), _without_initials("🅁 invited")
    ('  waitlist', 'R', 'R invited')
    """
    if not _BOXED.search(text):
        return _WAIT.sub(" ", text)
    initials = {word[0] for word in re.findall(r"[^\W\d_]{2,}", text.casefold())}

    def letter(found: re.Match[str]) -> str:
        named = unicodedata.name(found[0], "").rpartition(" LETTER ")[2]
        return " " if named.casefold() in initials else named

    return _BOXED.sub(letter, text)


def _told(folded: str) -> dict[int, str]:
    """Return the dates after words that say that the applicant told the program, by place."""
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
    """Return the date if there is exactly one; else ""."""
    return next(iter(dates)) if len(set(dates)) == 1 else ""


def _dated(hits: list[_Hit], found: Status) -> list[_Hit]:
    """Limit which phrases may be followed by the date of an interview.

    An applicant on a wait list had no interview, unless the cell says: "waitlist (IV) 11/3".
    """
    if found not in ON_HOLD:
        return hits
    return [hit._replace(dated=hit.status is Status.INTERVIEWED) for hit in hits]


def is_status(text: str, about: str = "") -> bool:
    """Whether a cell says how far things have come, in a column with the header `about`.

    >>> is_status("Rejected 10/20"), is_status("Dayton")
    (True, False)
    """
    try:
        read_status(text, about)
    except BadCellError:
        return False
    return True


def _numbered(text: str) -> str:
    """Replace each date by a numbered mark, so that its digits do not count as words."""
    count = iter(range(1000))
    return DATE.sub(lambda _: f" \x00{next(count)} ", text)


def _hits(words: list[str], about: str) -> Iterator[_Hit]:
    """Yield the known phrases, the longest at each place."""
    at = 0
    while at < len(words):
        hit = _hit(words, at, about)
        if hit is not None:
            yield hit
        at = hit.end if hit else at + 1


def _hit(words: list[str], at: int, about: str) -> _Hit | None:
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        phrase = tuple(words[at : at + length])
        status = None if _is_of_medicine(words[at : at + 2]) else PHRASES.get(phrase)
        if length == 1 and phrase[0] in DONE:
            status = _done(about)
        if status is not None:
            return _Hit(
                at,
                at + length,
                status,
                dated=status is Status.INTERVIEWED or phrase in _DATED,
                weak=length == 1 and phrase[0] in _WEAK,
                declined=phrase == ("declined",),
            )
    for stem, status in OUT_STEMS:
        if words[at].startswith(stem):
            return _Hit(at, at + 1, status, declined=stem == "declin")
    return None


def _is_of_medicine(words: list[str]) -> bool:
    """Whether words are short for internal medicine, and not for an interview."""
    return words[:1] == ["int"] and words[1:] in (["med"], ["medicine"])


def _done(about: str) -> Status | None:
    """Return what "completed" means below a header: an interview, an application, or None."""
    words = set(about.split())
    if words & {"interview", "interviews", "iv", "ii"}:
        return Status.INTERVIEWED
    return Status.APPLIED if words & {"application", "app", "eras"} else None


def _without_weak(hits: list[_Hit]) -> list[_Hit]:
    """Leave out words that say little, if other words say more."""
    strong = [hit for hit in hits if not hit.weak]
    return strong or hits


def _together(hits: list[_Hit]) -> Status:
    said = {hit.status for hit in hits}
    found = furthest(said)
    # If an invitation was declined, the applicant declined it.
    declined = all(hit.declined for hit in hits if hit.status is Status.REJECTED)
    if found is Status.REJECTED and declined and said & {Status.INVITED, Status.WITHDRAWN}:
        return Status.WITHDRAWN
    return found


def _refuse_doubt(words: list[str], hits: list[_Hit]) -> None:
    """Raise BadCellError if the cell expresses doubt, or negates the status."""
    first = hits[0].start
    before = [w for w in words[:first] if w not in _FILLERS and not w.startswith("\x00")]
    statuses = {hit.status for hit in hits}
    mixed = Status.NOT_APPLIED in statuses and len(statuses) > 1
    negated = any(hit.start and words[hit.start - 1] in _NEGATIONS for hit in hits)
    if before or mixed or negated or "?" in words or _DOUBT.intersection(words):
        raise BadCellError("bad_status", f"expected a definite status: one of {', '.join(Status)}")


def _day(words: list[str], hits: list[_Hit], dates: list[str]) -> str:
    """Return the date of an interview if there is exactly one; else ""."""
    found = []
    for at, word in enumerate(words):
        if word.startswith("\x00") and (date := dates[int(word[1:])]):
            before = [hit for hit in hits if hit.end <= at]
            nearest = before[-1] if before else hits[0]
            if nearest.dated:
                found.append(date)
    return found[0] if len(found) == 1 else ""


UNSURE = (
    "expected what you know: applied, like an empty cell, if you have not heard from them."
    ' To hold any letter to them until you know, put yes under "Do not email"'
)
_UNSURE = frozenset(
    {"", "unknown", "unsure", "not sure", "unclear", "idk", "dont know", "do not know", "no idea"}
    | {"not known", "to check", "check", "need to check", "tbc", "status unknown"}
)


def _is_unsure(text: str) -> bool:
    """Whether a cell only says that its writer does not know."""
    word = fold_word(text)
    return word in _UNSURE and (bool(word) or "?" in text)


def _unknown() -> BadCellError:
    return BadCellError("bad_status", f"expected one of: {', '.join(Status)}")
