"""Lint: what a letter may not contain, as one table of checks.

An `error` blocks approval, a `warning` needs a look.  To change a check, change its
row in `TABLE`; how it finds what it finds stands in `within` (one letter by itself)
and `across` (a letter beside all others).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from planner.rules.lint import across, listed, within
from planner.rules.lint.page import Campaign, Hit, Page


class Severity(StrEnum):
    """How grave a finding is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a letter: where, the words themselves, and the way out."""

    code: str
    severity: Severity
    text: str
    place: str
    fix: str


Check = Callable[[Page, Campaign], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Row:
    """One check.  `overridable`: a person may let it pass, with a sentence."""

    code: str
    severity: Severity
    overridable: bool
    find: Check
    fix: str


_E, _W = Severity.ERROR, Severity.WARNING

TABLE: tuple[Row, ...] = (
    Row("unfilled", _E, True, within.unfilled, "Fill it in, or take it out."),
    Row("other_program", _E, True, across.other_program, "Name only this program and its people."),
    Row("wrong_service", _E, True, within.wrong_service, "Name the service this program uses."),
    Row("score_mismatch", _E, True, within.score_mismatch, "State the recorded score only."),
    Row("score_missing", _E, False, within.score_missing, "State the score once in the body."),
    Row("score_repeated", _E, True, within.score_repeated, "State the score only once."),
    Row(
        "no_reason",
        _E,
        False,
        within.no_reason,
        "Say what draws you there: planner programs set PROGRAM reason=...",
    ),
    Row("generic_reason", _E, True, across.generic_reason, "Give each program its own reason."),
    Row("asks_rank", _E, False, within.asks_rank, "Never ask about rank, chances or status."),
    Row("bargain", _E, False, within.bargain, "Never offer anything for being ranked."),
    Row("promise", _E, False, within.promise, "Never promise to rank or to come."),
    Row("outside_match", _E, False, within.outside_match, "No offers outside the Match."),
    Row(
        "number_one_twice",
        _E,
        False,
        across.number_one_twice,
        "Only one program can be the first choice of a season.",
    ),
    Row("urology_rank", _E, False, within.urology_rank, "No word on ranking to urology programs."),
    Row("attachment", _E, False, within.attachment, "Letters carry no attachments; say so not."),
    Row(
        "bad_salutation",
        _E,
        True,
        listed.bad_salutation,
        "Set the name: planner programs set NUMBER director_last_name=..., or leave it empty.",
    ),
    Row(
        "probable_twin",
        _E,
        True,
        listed.probable_twin,
        "If they are one: planner programs merge NUMBER NUMBER, the one that stays first.",
    ),
    Row("bad_header", _E, False, within.bad_header, "Take out line breaks and control characters."),
    Row("number_one", _W, False, within.number_one, "Be sure that it is true; it binds you."),
    Row(
        "similar_reason", _W, False, across.similar_reason, "Make the reasons differ in substance."
    ),
    Row("other_city", _W, False, across.other_city, "Check that this city belongs here."),
    Row("too_long", _W, False, within.too_long, "Shorten it: one paragraph and two sentences."),
    Row("subject_long", _W, False, within.subject_long, "Keep the subject within 78 characters."),
    Row("failure_story", _W, False, within.failure_story, "Do not retell a failure."),
    Row("pressure", _W, False, within.pressure, "Do not press for an answer."),
    Row("question", _W, False, within.question, "Ask one question at most."),
    Row("names_other_signal", _W, False, within.other_signal, "Name the signal that you sent."),
    Row("wrong_interview_date", _W, False, within.wrong_interview_date, "Check the date."),
    Row("off_peak", _W, False, within.off_peak, "Few letters are read now; be sure it is needed."),
    Row("free_mail", _W, False, within.free_mail, "Check that this address is really theirs."),
    Row("no_director_name", _W, False, within.no_director_name, "Find the director's name."),
    Row(
        "service_in_reason",
        _W,
        False,
        within.service_in_reason,
        "Check that ERAS means what you want here.",
    ),
)

OVERRIDABLE = frozenset(row.code for row in TABLE if row.overridable)


def lint(page: Page, campaign: Campaign) -> tuple[Finding, ...]:
    """All findings in one letter, errors first; `campaign` is everything around it."""
    return tuple(
        Finding(row.code, row.severity, hit.text, hit.place, row.fix)
        for row in TABLE
        for hit in dict.fromkeys(row.find(page, campaign))
    )
