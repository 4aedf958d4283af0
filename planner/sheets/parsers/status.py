"""How far things have come with a program, in the words of whoever keeps the list.

A cell may hold more than a word: "Rejected 10/20", "invited 11/3, sched 12/15", "IV offered,
declined".  Every phrase that is known counts; that a program is out of play wins over all,
else the furthest stage counts.  What is doubtful is refused, because a letter may follow.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from planner.rules.facts import Status
from planner.sheets.parsers.cells import BadCellError, fold_word
from planner.sheets.parsers.hours import MONTHS

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


# A program that is out of play is seen by these, whatever else the cell says.
OUT_STEMS = (
    ("reject", Status.REJECTED),
    ("rejec", Status.REJECTED),
    ("regret", Status.REJECTED),
    ("denied", Status.REJECTED),
    ("denial", Status.REJECTED),
    ("declin", Status.REJECTED),
    ("withdr", Status.WITHDRAWN),
    ("cancel", Status.WITHDRAWN),
)
# The words of each status.  Those behind a colon-like "on" take a date as the interview's.
_WORDS: Mapping[Status, str] = {
    Status.NOT_APPLIED: """
        not applied; did not apply; decided not to apply; chose not to apply; opted not to apply;
        decided against applying; didnt apply; not applying; not going to apply; wont apply;
        will not apply; not yet applied; have not applied; havent applied; not submitted;
        not yet submitted; to apply; will apply; plan to apply; planning to apply; considering;
        skip; skipped; not started""",
    Status.APPLIED: """
        applied; apply; submitted; application submitted; app submitted; application sent;
        application received; application complete; application completed; app complete;
        received; sent; pending; pending review; pending decision; decision pending; in review;
        under review; being reviewed; reviewing; reviewed; application under review; awaiting;
        awaiting response; awaiting reply; awaiting decision; awaiting review; awaiting invite;
        awaiting invitation; awaiting interview invite; waiting; waiting to hear; still waiting;
        waiting to hear back; waiting for response; waiting on response; no response; no reply;
        no answer; no news; no word; no update; no updates; no decision; no status; nothing;
        nothing yet; not heard; not heard back; have not heard; havent heard; havent heard back;
        heard nothing; silence; silent; radio silence; crickets; ghosted; active; not invited;
        not yet invited; no invite; no invitation; no ii; no iv; no interview; no interview invite;
        no interview offer; no interview offered; no offer; never heard; never heard back""",
    Status.INVITED: """
        invited; invite; invitation; invites; interview invite; interview invited;
        interview invitation; interview invite received; invited to interview;
        invited for interview; invited for an interview; invite received; received invite;
        got invite; got interview; ii; ii received; iv offered; iv offer; iv invite; iv invited;
        iv received; interview offered; interview offer; interview received; offered interview;
        offered an interview; offered iv; offered; offer; accepted; accepted invite;
        accepted interview; interview accepted; iv accepted; ii accepted; invite accepted;
        awaiting interview; awaiting iv; interview pending; pending interview; iv pending;
        need to schedule; to schedule; to be scheduled; interview to be scheduled;
        interview tbd; iv tbd""",
    Status.INTERVIEWED: """
        interviewed; interview done; interview complete; interview completed; interview finished;
        interview attended; interview over; attended interview; attended; completed interview;
        done interview; done interviewing; finished interview; had interview; iv done;
        iv complete; iv completed; iv attended; iv finished; ii done; int done; post interview;
        ranked; to be ranked""",
    Status.WAITLISTED: """
        waitlisted; waitlist; waitlists; wait list; wait listed; waitlisted for interview;
        waitlisted for an interview; waitlisted for iv; interview waitlist;
        interview waitlisted; iv waitlist; iv waitlisted; ii waitlist; wl; wled; on waitlist;
        on the waitlist; on wait list; placed on waitlist; put on waitlist; alternate;
        alternate list; standby; stand by""",
    Status.ON_HOLD: "on hold; hold; held; holding; application on hold; app on hold; paused",
    Status.REJECTED: """
        rejected; rejection; reject; rej; r; turned down; not selected; not chosen;
        not considered; not being considered; no longer considered;
        no longer under consideration; no longer being considered; not moving forward;
        not offered; not offered interview; not offered an interview; unsuccessful; passed over;
        screened out; filtered out; auto rejected; auto rejection; declined""",
    Status.WITHDRAWN: """
        withdrawn; withdrew; withdraw; withdrawing; w; wd; i declined; declined interview;
        declined iv; declined ii; declined invite; declined invitation; declined offer;
        declined the interview; interview declined; iv declined; ii declined; invite declined;
        offer declined; dropped; pulled; pulled application; cancelled; canceled;
        no longer interested; not interested; turned down interview; turned down invite""",
}
# Words that speak of a day: a date behind them is the interview's.
_ON_A_DAY: Mapping[Status, str] = {
    Status.INVITED: """
        interview; interviews; iv; int; scheduled; sched; interview scheduled; iv scheduled; interview sched;
        iv sched; scheduled interview; scheduled iv; interview set; iv set; interview booked;
        iv booked; booked; interview confirmed; iv confirmed; confirmed; rescheduled;
        interview rescheduled; upcoming interview; interview upcoming; upcoming;
        scheduled for; interview on; interview is; iv on""",
    Status.INTERVIEWED: "interviewed; interviewed on",
}
# What is done may be the application or the interview: the header tells which.
_DONE = frozenset({"done", "complete", "completed", "finished"})
# These say little by themselves; beside any other word they do not count.
_WEAK = frozenset({"interview", "iv", "int", "sent", "received", "waiting", "awaiting", "apply"})


def _table(words: Mapping[Status, str]) -> dict[tuple[str, ...], Status]:
    return {
        tuple(fold_word(phrase).split()): status
        for status, phrases in words.items()
        for phrase in phrases.split(";")
    }


PHRASES: Mapping[tuple[str, ...], Status] = {
    **{tuple(fold_word(status.value).split()): status for status in Status},
    **_table(_ON_A_DAY),
    **_table(_WORDS),
}
_DATED = frozenset(_table(_ON_A_DAY))
_LONGEST = max(map(len, PHRASES))
# May stand before a status without making it doubtful.
_FILLERS = frozenset(
    str.split(
        "a an am and app application as at been by currently early eras finally for from got had"
        " has have i in is it just my now of officially on program residency sadly status still"
        " the then they to unfortunately update updated was we were with yes"
    )
)
_DOUBT = frozenset(
    str.split(
        "maybe might may possibly probably likely hopefully hope hoping if unless should expect"
        " expecting expected think guess unsure unclear perhaps pray fingers"
    )
)
_NEGATIONS = frozenset(
    str.split("not no never without isnt wasnt arent hasnt havent didnt dont cant")
)
DATE = re.compile(
    rf"\b(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}[/-]\d{{1,2}}(?:[/-]\d{{2,4}})?"
    rf"|{MONTHS}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTHS}(?:,?\s+\d{{4}})?)(?!\w)",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b\d{1,2}(?::\d\d)?\s?[ap]\.?m\b\.?|\b\d{1,2}:\d\d\b", re.IGNORECASE)
# Several of them mean the same as one: "Interviews done" stands above a part of a list.
_ONE = {"interviews": "interview", "ivs": "iv", "invites": "invite", "invitations": "invitation"}
_TOKEN = re.compile(r"\x00\d+|[a-z0-9]+|\?")


class Said(NamedTuple):
    """What a cell says of the status.

    `exact`: nothing but words of a status; `day` is the date of an interview as it stands
    there, empty for none.
    """

    status: Status
    exact: bool
    day: str = ""


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
    folded = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    dates = DATE.findall(folded)
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
    return Said(found, exact, _day(words, found_at, dates))


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
    """The text with a mark for each date, so that its digits are no words."""
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
        if length == 1 and phrase[0] in _DONE:
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
    """Raise BadCellError where the cell says that it is not sure, or says no."""
    first = hits[0].start
    before = [w for w in words[:first] if w not in _FILLERS and not w.startswith("\x00")]
    statuses = {hit.status for hit in hits}
    mixed = Status.NOT_APPLIED in statuses and len(statuses) > 1
    negated = any(hit.start and words[hit.start - 1] in _NEGATIONS for hit in hits)
    if before or mixed or negated or "?" in words or _DOUBT.intersection(words):
        raise BadCellError(
            "bad_status", f"expected a status that is sure: one of {', '.join(Status)}"
        )


def _day(words: list[str], hits: list[_Hit], dates: list[str]) -> str:
    """The one date that belongs to an interview; empty for none, or several."""
    found = []
    for at, word in enumerate(words):
        if word.startswith("\x00"):
            before = [hit for hit in hits if hit.end <= at]
            nearest = before[-1] if before else hits[0]
            if nearest.dated:
                found.append(dates[int(word[1:])])
    return found[0] if len(found) == 1 else ""


def _unknown() -> BadCellError:
    return BadCellError("bad_status", f"expected one of: {', '.join(Status)}")
