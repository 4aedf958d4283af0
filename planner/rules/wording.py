"""The facts that a letter is made from: plain text by name, and nothing else.

Templates see only these.  Approval keeps the ones that a letter used; when one of
them changes, the approval is void.  So nothing here may depend on the day on which
it is computed, beyond what has happened (an interview).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from planner.rules.case import Case
from planner.rules.facts import AddressChoice, Program, Service
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
    "phone",
    "salutation",
    "director_last_name",
    "program",
    "place",
    "institution",
    "city",
    "specialty",
    "service",
    "transcript",
    "score",
    "test_date",
    "expected_on",
    "expected_range",
    "reason",
    "connection",
    "drop_context",
    "interview_date",
    "interview_ahead",
    "interviewed",
    "liability",
    "first_subject",
)


@lru_cache(maxsize=256)  # a list has few dates, each many times over
def written_date(day: date | None) -> str:
    """A date as a letter writes it ("October 20, 2026"); empty for None."""
    return f"{day:%B} {day.day}, {day.year}" if day else ""


def flow(text: str) -> str:
    """Text on one line."""
    return " ".join(text.split())


_CATALOG = re.compile(
    r"(?<=\S)[\s,(–-]+(?:(?:residency|training|residency training)\)?\s+)?program(?:me)?\)?$",
    re.IGNORECASE,
)


def place(program: Program, specialties: Specialties) -> str:
    """What a letter calls a program: its institution where the name is just a specialty.

    Without the "Residency Program" that catalogs put behind each name.
    """
    name = flow(program.program)
    bare = _CATALOG.sub("", name)
    if specialties.named(bare) is not None:
        return flow(program.institution) or name
    return bare


def transcript_phrase(service: Service) -> str:
    """How a letter speaks of the transcript at an application service."""
    name = SERVICE_NAMES[service]
    return f"my USMLE transcript in {name}" if name else "my USMLE transcript"


def salutation(case: Case) -> str:
    """Whom the letter greets; the selection committee too, before an interview."""
    if case.coordinator_only:
        return f"Dear {flow(case.program.coordinator_name) or 'Program Coordinator'},"
    last = flow(case.program.director_last_name)
    if not last:
        return "Dear Program Director,"
    if case.interviewed:
        return f"Dear Dr. {last},"
    return f"Dear Dr. {last} and members of the selection committee,"


def facts_for(
    case: Case, *, specialties: Specialties, first_subject: str = ""
) -> Mapping[str, str]:
    """Every fact that a template may use; an empty text means "not known" or "no".

    `first_subject` is the subject of the letter that this one answers.
    """
    applicant, program = case.applicant, case.program
    step2 = applicant.step2
    low_high = step2.expected_range
    return {
        "applicant_name": applicant.name,
        "aamc_id": applicant.aamc_id,
        "phone": applicant.phone,
        "salutation": salutation(case),
        "director_last_name": flow(program.director_last_name),
        "program": flow(program.program),
        "place": place(program, specialties),
        "institution": flow(program.institution),
        "city": flow(program.city),
        "specialty": case.specialty.letter_name,
        "service": SERVICE_NAMES[case.service],
        "transcript": transcript_phrase(case.service),
        "score": "" if step2.score is None else str(step2.score),
        "test_date": written_date(step2.test_date),
        "expected_on": written_date(step2.expected_on),
        "expected_range": f"{low_high[0]} to {low_high[1]}" if low_high else "",
        "reason": flow(program.reason).rstrip("."),
        "connection": flow(program.connection),
        "drop_context": _sentence(applicant.application.drop_context),
        "interview_date": written_date(program.interview_date) if case.interviewed else "",
        "interview_ahead": "yes" if case.invited else "",
        "interviewed": "yes" if case.interviewed else "",
        "liability": "yes" if case.liability else "",
        "first_subject": first_subject,
    }


def envelope_facts(program: Program, choice: AddressChoice) -> dict[str, str]:
    """Who the letter goes to, as far as the program's own addresses say."""
    to, cc = recipients(program, choice)
    return {"to": ", ".join(to), "cc": ", ".join(cc)}


def changed_facts(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The facts of `old` that `new` gives another value: name to (old, new)."""
    return {
        name: (value, new.get(name, ""))
        for name, value in old.items()
        if new.get(name, "") != value
    }


def _sentence(text: str) -> str:
    flowed = flow(text)
    return flowed if not flowed or flowed[-1] in ".!?" else f"{flowed}."
