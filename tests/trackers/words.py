"""A status kept in words, with remarks, days and pictures, and what a reader takes from it."""

import re

from tests.trackers.days import short

# {i} the day of the invitation, {v} of the interview, {e} the day on which it ended.  Where a
# text names {v}, that is the day of the interview; no other day is.
WORDS = {
    "applied": {
        "Applied": 20, "applied": 6, "": 14, "Submitted": 2, "No response": 2, "No news": 1,
        "Pending": 2, "Awaiting": 1, "Under review": 2, "Applied 9/23": 2, "Not invited": 1,
        "Applied - no word yet": 1, "📤 Applied": 1, "waiting": 1, "Silent": 1, "nothing yet": 1,
        "APPLIED": 1, "Applied ✅": 1, "No invite yet": 1, "Haven't heard": 1, "Radio silence": 1,
    },
    "invited": {
        "Invited": 16, "II": 5, "II {i}": 3, "invited {i}": 3, "Invited {i}": 3,
        "Interview scheduled": 3, "Scheduled": 2, "Interview scheduled {v}": 2, "IV {v}": 2,
        "invited {i}, sched {v}": 2, "Interview invite {i} - scheduled {v}": 2,
        "IV offered": 2, "Interview offered": 1, "🎉 Invited": 1, "Invited!!": 1, "II 🎉": 1,
        "IV {v} (virtual)": 1, "Interview {v}": 1, "Interview offer": 1, "invite received {i}": 1,
        "Scheduled for {v}": 1, "Interview on {v}": 1, "📅 Scheduled {v}": 1,
    },
    "interviewed": {
        "Interviewed": 18, "interviewed": 4, "Interviewed {v}": 5, "IV done": 2, "Completed": 2,
        "Interview done": 2, "Interview completed": 2, "✅ Interviewed": 1, "Attended": 1,
        "Interviewed {v} - loved it": 1, "interviewed {v} 😍": 1, "IV done {v}": 1,
        "Interview complete": 1, "Interviewed ✅": 1, "Interviewed (virtual)": 1, "INTERVIEWED": 1,
        "Interviewed, TY sent": 1,
    },
    "waitlisted": {
        "Waitlisted": 8, "Waitlist": 5, "waitlisted 🤞": 1, "WL": 1, "Interview waitlist": 1,
        "Waitlisted {e}": 2, "on waitlist": 1, "Wait-listed": 1, "wait list": 1,
        "Waitlisted for interview": 1,
    },
    "on_hold": {"On hold": 5, "Hold": 2, "on hold {e}": 1, "Hold - email {e}": 1, "ON HOLD": 1},
    "rejected": {
        "Rejected": 16, "rejected": 4, "R": 3, "Rejected {e}": 5, "Rejected {e} 😭": 2,
        "❌ Rejected": 2, "Rejection": 2, "Rejection {e}": 1, "Reject": 1, "REJECTED": 1,
        "rejected :(": 1, "Rejected - {e}": 1, "Rejected (form email)": 1, "Denied": 1,
        "Pre-interview rejection": 1, "Rejected after interview": 1, "Rejected 💔": 1,
        "rejection email {e}": 1, "Got rejected {e}": 1, "rej": 1,
        "They said no": 1, "No from them, {e}": 1, "said no {e}": 1,
    },
    "withdrawn": {
        "Withdrew": 6, "Withdrawn": 6, "W": 1, "withdrew {e}": 2, "Withdrew (couples match)": 1,
        "I withdrew": 1, "WITHDREW": 1, "Withdrew 🚪": 1, "Cancelled": 1,
        "IV offered, declined": 1, "Interview declined": 1, "Withdrew my app": 1,
        "Declined interview {e}": 1, "Declined them {e}": 1, "I said no {e}": 1,
    },
    "not_applied": {
        "Not applied": 6, "Did not apply": 2, "Didn't apply": 2, "not applying": 1,
        "Not applied (needs visa)": 1, "NOT APPLIED": 1, "Decided not to apply": 1,
        "Not yet applied": 1,
    },
}  # fmt: skip
NOBODY_KNOWS = (
    "???", "see thread from 10/14", "ask dean", "complicated", "lol", "emailed, unclear",
    "call back!", "maybe",
)  # fmt: skip

HEADERS = {
    "Status": 20, "Application Status": 6, "Interview Status": 6, "Current Status": 3,
    "App Status": 3, "App status": 2, "Decision": 3, "Outcome": 3, "Result": 3, "Stage": 2,
    "Invite Status": 2, "STATUS": 2, "status": 2, "Program Status": 1, "IV status": 2,
    "Status (as of 11/24)": 1, "Application status ": 1, "Status?": 1,
}  # fmt: skip
STRANGE_HEADERS = ("Where it stands", "What's up", "Latest", "News", "Progress", "Update")

DECLINED = ("declined", "Declined")
ENDED = frozenset({"rejected", "withdrawn"})


def written(row, header, draw):
    """A status as it stands in a cell; what a reader learns goes into the row's truth."""
    if draw.chance(0.006):
        row.truth.stop = "a status that nobody knows"
        return draw.one(NOBODY_KNOWS)
    text = draw.among(WORDS[row.standing])
    if text == "Completed" and not about_interviews(header):
        text = "Interview completed"  # else it may be the application that is complete
    if "{i}" in text and not row.invited_on or "{v}" in text and not row.interview_on:
        text = next(iter(WORDS[row.standing]))
    row.truth.statuses = meaning(row.standing, text)
    if "{v}" in text:
        row.truth.interview_date = row.interview_on
    days = {"i": row.invited_on, "v": row.interview_on, "e": row.ended_on}
    return text.format(**{name: short(day) if day else "" for name, day in days.items()})


def about_interviews(header):
    """Does the header of the column speak of interviews?"""
    return re.search(r"interview|\bIV\b", header, re.IGNORECASE) is not None


def meaning(standing, text):
    """All statuses that a reader could rightly call this."""
    if any(word in text for word in DECLINED):
        return ENDED  # who declined is beside the point: it is over
    if text == "Cancelled":
        return ENDED
    if standing in ("waitlisted", "on_hold"):
        return frozenset({"waitlisted", "on_hold"})
    if text == "Not yet applied":
        return frozenset({"not_applied"})
    return frozenset({standing})
