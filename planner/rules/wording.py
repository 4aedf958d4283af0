"""The facts that a letter is made from: plain text by name, and nothing else.

Templates see only these.  Approval stores the facts that a letter used; when one of them
changes, the approval is void.  So nothing here may depend on the day when it is computed,
except for what has happened by then (an interview).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from planner.rules.case import Case
from planner.rules.facts import (
    AddressChoice,
    Applicant,
    Program,
    Service,
    Status,
    Step2CK,
    Step2Policy,
)
from planner.rules.naming import (
    SUBJECT_FITS,
    filed_as,
    place,
    position,
    reader,
    residency,
    salutation,
    with_article,
)
from planner.rules.own_words import fit_context, fit_reason, fit_tie
from planner.rules.recipients import recipients
from planner.rules.specialties import Specialties

SERVICE_NAMES = {
    Service.ERAS: "ERAS",
    Service.RESIDENCYCAS: "ResidencyCAS",
    Service.SFMATCH: "SF Match",
    Service.OTHER: "",
}


# Every fact that a template may use, by name.
FACTS = (
    "applicant_name",
    "aamc_id",
    "school",
    "phone",
    "salutation",
    "director_last_name",
    "program",
    "place",
    "institution",
    "city",
    "specialty",
    "residency",
    "filed_as",
    "service",
    "through",
    "transcript",
    "score",
    "test_date",
    "exam_day",
    "expected_on",
    "expected_day",
    "expected_range",
    "reason",
    "reason_sentence",
    "connection",
    "tie",
    "impression",
    "impression_sentence",
    "drop_context",
    "interview_date",
    "interview_day",
    "interview_in_subject",
    "interview_ahead",
    "interview_ahead_on",
    "interviewed",
    "on_hold",
    "waitlisted",
    "liability",
    "requested",
    "required",
    "considered",
    "first_subject",
    "voice",
)

VOICES = ("1", "2", "3", "4")


def voice_of(aamc_id: str) -> str:
    """Which wording of each letter an applicant has: the same for all of theirs, for good."""
    digest = hashlib.sha256(aamc_id.encode()).digest()
    return VOICES[digest[0] % len(VOICES)]


@lru_cache(maxsize=256)  # a list has few dates, each many times over
def written_date(day: date | None) -> str:
    """Write a date for a letter ("October 20, 2026"); "" for None."""
    return f"{day:%B} {day.day}, {day.year}" if day else ""


def written_day(day: date | None) -> str:
    """A date within a season as one says it ("October 20"); empty for None."""
    return f"{day:%B} {day.day}" if day else ""


def flow(text: str) -> str:
    """Put text on one line."""
    return " ".join(text.split())


_BEFORE_MARK = re.compile(r" +(?=[.,;:!?](?: |$))")
_TWO_PERIODS = re.compile(r"(?<!\.)\.\.(?!\.)")


def tidy(text: str) -> str:
    """Text on one line, without what an empty fact leaves: no blank before a mark, no "..".

    >>> tidy("I work at Elm, Inc.. It is  fine .")
    'I work at Elm, Inc. It is fine.'
    """
    return _TWO_PERIODS.sub(".", _BEFORE_MARK.sub("", flow(text)))


def transcript_phrase(service: Service) -> str:
    """Return a letter's words for the transcript at an application service."""
    name = SERVICE_NAMES[service]
    return f"my USMLE transcript in {name}" if name else "my USMLE transcript"


def facts_for(
    case: Case,
    *,
    specialties: Specialties,
    first_subject: str = "",
    beside: Sequence[Program] = (),
    voice: str = "",
) -> Mapping[str, str]:
    """Return every fact that a template may use; "" means "not known" or "no".

    `first_subject` is the subject of the letter that this one answers, `beside` are the other
    tracks at the same desk, `voice` is the wording that was chosen by hand.
    """
    applicant, program, service = case.applicant, case.program, SERVICE_NAMES[case.service]
    house, filed = place(program, specialties), filed_as(case, specialties, beside)
    return {
        "applicant_name": applicant.name,
        "aamc_id": applicant.aamc_id,
        "school": flow(applicant.school),
        "phone": applicant.phone,
        "salutation": salutation(case),
        "director_last_name": reader(program),
        "program": flow(program.program),
        "place": with_article(house) or flow(program.program),
        "institution": flow(program.institution),
        "city": flow(program.city),
        "specialty": position(case, specialties, beside),
        "residency": residency(case, house, specialties, beside),
        "filed_as": filed,
        "service": service,
        "through": f"through {service}" if service else "",
        "transcript": transcript_phrase(case.service),
        **_score_facts(applicant.step2),
        **_own_words(applicant, program),
        **_interview_facts(case, filed),
        "on_hold": _yes(case.on_hold),
        "waitlisted": _yes(program.status is Status.WAITLISTED),
        "liability": _yes(case.liability),
        "requested": _yes(program.step2_policy is Step2Policy.REQUESTED),
        "required": _yes(program.step2_policy is Step2Policy.REQUIRED_TO_RANK),
        "considered": _yes(program.step2_policy is Step2Policy.STRONGLY_CONSIDERED),
        "first_subject": first_subject,
        "voice": voice or voice_of(applicant.aamc_id),
    }


def _yes(holds: bool) -> str:
    return "yes" if holds else ""


def _score_facts(step2: Step2CK) -> dict[str, str]:
    low, high = step2.expected_range or (0, 0)
    around = f"around {low}" if low == high else f"in the {low}-{high} range"
    return {
        "score": "" if step2.score is None else str(step2.score),
        "test_date": written_date(step2.test_date),
        "exam_day": written_day(step2.test_date),
        "expected_on": written_date(step2.expected_on),
        "expected_day": written_day(step2.expected_on),
        "expected_range": around if step2.expected_range else "",
    }


def _own_words(applicant: Applicant, program: Program) -> dict[str, str]:
    reason, impression = fit_reason(program.reason), fit_reason(program.impression)
    return {
        "reason": reason.phrase,
        "reason_sentence": reason.sentence,
        "connection": flow(program.connection),
        "tie": fit_tie(program.connection),
        "impression": impression.phrase,
        "impression_sentence": impression.sentence,
        "drop_context": fit_context(applicant.application.drop_context).sentence,
    }


def _interview_facts(case: Case, filed: str) -> dict[str, str]:
    day = case.program.interview_date
    past, ahead = (day if case.interviewed else None), (day if case.invited else None)
    short = f"{past:%b} {past.day}" if past else ""
    fits = len(f"Step 2 CK: {filed}, interviewed {short}") <= SUBJECT_FITS
    return {
        "interview_date": written_date(past),
        "interview_day": written_day(past),
        "interview_in_subject": short if fits else "",
        "interview_ahead": _yes(case.invited),
        "interview_ahead_on": written_day(ahead) if ahead and ahead >= case.today else "",
        "interviewed": _yes(case.interviewed),
    }


def envelope_facts(program: Program, choice: AddressChoice) -> dict[str, str]:
    """Return To and Cc as facts, from the program's own addresses."""
    to, cc = recipients(program, choice)
    return {"to": ", ".join(to), "cc": ", ".join(cc)}


def changed_facts(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return the facts of `old` that have another value in `new`: name to (old, new)."""
    return {
        name: (value, new.get(name, ""))
        for name, value in old.items()
        if new.get(name, "") != value
    }
