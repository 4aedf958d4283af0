"""Remarks on what a row says in the wrong place, where it does not count; it is never taken."""

from __future__ import annotations

import re
from collections.abc import Mapping

from planner.rules.case import OUT_OF_PLAY
from planner.rules.facts import Status, Step2Policy
from planner.rules.objection_words import NEWS, TAKEN_BACK
from planner.rules.objections import THOUGHTS
from planner.sheets.parsers import dates
from planner.sheets.parsers.cells import BadCellError, Noted
from planner.sheets.parsers.dates import ANYWHERE as DATE
from planner.sheets.parsers.dates import Season
from planner.sheets.records import Record

_SEEN = frozenset({Status.INVITED, Status.INTERVIEWED})
_BEFORE = re.compile(
    r"\W*(?:(?:ivs?|int|interview(?:ed)?|zoom|virtual|on|date|was|is|set|for)\b\W*)*", re.IGNORECASE
)


# What notes say about the status.  "invited" counts only with a day after it; else it is talk.
_SAYS: Mapping[Status, re.Pattern[str]] = {
    Status.WAITLISTED: re.compile(
        r"\b(?:wait ?-?listed|(?:on|to) (?:the |a |their )?wait ?-?list)\b|^wl\b"
    ),
    Status.ON_HOLD: re.compile(r"\b(?:put |placed |am |app |application )?on hold\b"),
    Status.INTERVIEWED: re.compile(
        rf"\b(?:interviewed|(?:iv|interview) done)\b(?= (?:on )?{DATE.pattern})"
    ),
    Status.INVITED: re.compile(
        rf"\b(?:invited|(?:got|received) (?:an? |the )?(?:ii|iv|invite|interview))\b(?= (?:on )?{DATE.pattern})"
    ),
}
_BEYOND: Mapping[Status, frozenset[str]] = {
    Status.WAITLISTED: frozenset({Status.APPLIED, Status.INVITED}),
    Status.ON_HOLD: frozenset({Status.APPLIED, Status.INVITED}),
    Status.INTERVIEWED: frozenset({Status.APPLIED, Status.INVITED}),
    Status.INVITED: frozenset({Status.APPLIED}),
}
_TAKEN_BACK = re.compile(TAKEN_BACK)
_NEWS = rf"(?:{NEWS}|1[89]\d|2\d\d)"
_NEW = r"(?: (?:my|your|the|a|an|new|updated|any|of|about|abt|on|with|w/|w))*"
_SEND = r"(?:re-?send|send|submit|update|e-?mail|forward|share|report|notify|inform|tell|let|reach out|get back)"
_THEY = r"(?:they|he|she|pc|pd|apd|coordinator|director|program|dr\.? ?[a-z-]+)"
_ASKED = re.compile(
    r"\b(?:wants?|wanted|wanting|requests?|requested|requesting|would like|(?:they|he|she)d (?:like|love)"
    r"|would love|looking for|(?:asked|asks|asking)(?: me)? for|wollen|m(?:ö|oe)chten|bitten um)"
    rf"(?: to (?:see|know|get|have|hear|be told))?{_NEW} {_NEWS}\b"
    rf"|\b(?:needs?|waiting (?:for|on)) your {_NEWS}\b|\b{_THEY}(?:re| are| is)? (?:needs?|waiting (?:for|on)) (?:my|the) {_NEWS}\b"
    r"|\b(?:asked|asks|wants?|wanted|like|love)(?: me)? to (?:hear|know|be (?:told|updated|informed|notified))\b"
    rf"[\w ]{{0,25}}\b{_NEWS}\b"
    # They speak: "PC said to resend with CK", "PC: send score once out".
    rf"|\b{_THEY} ?(?:said|says|wrote|asked|asks|told me|:)[\w ]{{0,20}}\b{_SEND}\b[\w /]{{0,25}}\b{_NEWS}\b"
    rf"|\b(?:asked|asks|wants?|told|requested|requests|said)(?: me)? to {_SEND}\b[\w /]{{0,25}}\b{_NEWS}\b"
    # "update me w/ CK", "let us know your score": somebody said it to the applicant, or of them.
    rf"|\b{_SEND} (?:me|us|them|him|her)(?: know)?{_NEW} {_NEWS}\b"
    # "resend when CK is in", at the head of a thought.
    rf"|^(?:please |pls |bitte )*{_SEND}\b(?:[\w /]{{0,25}}\b{_NEWS}\b)?[\w /]{{0,15}}"
    rf" (?:when|once|as soon as|after)\b[\w ]{{0,15}}\b(?:{_NEWS}|out|in|back|available|released|posted)\b"
    rf"|\b(?:please|pls|bitte) {_SEND}\b[\w /]{{0,25}}\b{_NEWS}\b|\bbitte(?: den| die| das)?{_NEW} {_NEWS} "
    r"(?:nachreichen|schicken|senden|melden)\b"
    r"|\bkeep (?:us|them|him|her) (?:updated|posted|in the loop|informed)\b"
)
_NOT_THEM = re.compile(
    r"\b(?:i(?! (?:was|got|am) $)|ill|we|friends?|mom|advisor|dean|school|would|if|not|never|dont|doesnt|didnt|wont|will|to ?do|need"
    r"|must|should|gotta|remember|reminder|plan|wait|until|no need)\b[\w :]*$"
)
_OF_NEWS = re.compile(rf"\b{_NEWS}\b|\bkeep |\bonce\b|\bwhen\b")
_HINTS = ("wait", "wl", "hold", "invite", "got", "received", "interview", "iv ")


def offer(record: Record, season: Season) -> None:
    """Remark on notes that say more than the columns of the row."""
    text = record.values.get("notes", "")
    if not text or record.values.get("status", Status.APPLIED) in OUT_OF_PLAY:
        return
    offer_day(record, season)
    low = text.lower().replace("'", "").replace("’", "")
    if any(hint in low for hint in _HINTS):
        _offer_status(record, text, low)
    if not record.values.get("step2_policy") and _OF_NEWS.search(low):
        _offer_policy(record, text, low)


def _offer_status(record: Record, text: str, low: str) -> None:
    """Remark on a status that only the notes mention."""
    counts_as = record.values.get("status", Status.APPLIED)
    for thought in THOUGHTS.split(low):
        for status, pattern in _SAYS.items():
            found = pattern.search(thought.strip())
            if (
                found
                and counts_as in _BEYOND[status]
                and not _TAKEN_BACK.search(thought.strip(), 0, found.start())
            ):
                message = f"the notes say {status}, and the row counts as {counts_as}"
                record.warn("notes", text, "status_in_notes", message)
                return


def _offer_policy(record: Record, text: str, low: str) -> None:
    """That they asked for the score, which opens the way for a letter."""
    for thought in THOUGHTS.split(low):
        thought = thought.strip()
        found = _ASKED.search(thought)
        if found and not _NOT_THEM.search(thought, 0, found.start()):
            message = f"did they ask for your score? No column says it (step2_policy={Step2Policy.REQUESTED})"
            record.warn("notes", text, "asked_in_notes", message)
            return


def offer_day(record: Record, season: Season) -> None:
    """Remark on notes that begin with a date, if the date of an interview is missing."""
    values = record.values
    notes = values.get("notes", "")
    if not notes or values.get("interview_date") or values.get("status") not in _SEEN:
        return
    begins = _BEFORE.match(notes)
    found = DATE.match(notes, begins.end() if begins else 0)
    if found is None or len(set(DATE.findall(notes))) > 1:
        return
    try:
        day = dates.parse_date(found[0], season)
    except BadCellError:
        return
    said = day.value if isinstance(day, Noted) else day
    message = f"is this the day of the interview? No column gives it (interview_date={said})"
    record.warn("notes", notes, "day_in_notes", message)
