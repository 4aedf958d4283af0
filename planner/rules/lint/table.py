"""The table of checks: what a letter may not contain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from planner.rules.lint import (
    cross,
    dates,
    edited,
    fitting,
    listed,
    numbers,
    single,
    specialty,
    unseen,
)
from planner.rules.lint.campaign import Campaign
from planner.rules.lint.page import Page
from planner.rules.lint.part import Hit
from planner.rules.lint.single import says


class Severity(StrEnum):
    """How grave a finding is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a letter: where, and the words themselves.

    `fix` is advice of its own; mostly the code says enough.
    """

    code: str
    severity: Severity
    text: str
    place: str
    fix: str = ""


Check = Callable[[Page, Campaign], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Row:
    """One check.  `overridable`: a person may let it pass, with a sentence."""

    code: str
    severity: Severity
    overridable: bool
    find: Check


_E, _W = Severity.ERROR, Severity.WARNING

TABLE: tuple[Row, ...] = (
    Row("unfilled", _E, True, single.unfilled),
    Row("salutation_changed", _E, True, edited.salutation_changed),
    Row("place_missing", _E, True, edited.place_missing),
    Row("no_place", _E, True, fitting.no_place),
    Row("context_not_a_sentence", _E, True, fitting.context_not_a_sentence),
    Row("specialty_missing", _E, True, edited.specialty_missing),
    Row("other_specialty", _E, True, specialty.other_specialty),
    Row("other_program", _E, True, cross.other_program),
    Row("interview_outside_season", _E, True, dates.interview_outside_season),
    Row("wrong_service", _E, True, single.wrong_service),
    Row("score_mismatch", _E, True, numbers.score_mismatch),
    Row("score_missing", _E, False, numbers.score_missing),
    Row("score_repeated", _E, True, numbers.score_repeated),
    Row("no_reason", _E, False, single.no_reason),
    Row("generic_reason", _E, True, cross.generic_reason),
    Row("told_before", _E, True, cross.told_before),
    Row("asks_rank", _E, False, says("asks_rank")),
    Row("bargain", _E, False, says("bargain")),
    Row("promise", _E, False, says("promise")),
    Row("outside_match", _E, False, says("outside_match")),
    Row("gift", _E, False, says("gift")),
    Row("number_one_twice", _E, False, cross.number_one_twice),
    Row("urology_rank", _E, False, single.urology_rank),
    Row("attachment", _E, False, says("attachment")),
    Row("no_letter", _E, False, single.no_letter),
    Row("bad_salutation", _E, True, listed.bad_salutation),
    Row("probable_twin", _E, True, listed.probable_twin),
    Row("note_contradicts", _E, True, listed.note_contradicts),
    Row("told_early", _E, True, listed.told_early),
    Row("address_refused", _E, True, listed.address_refused),
    Row("bad_header", _E, False, unseen.bad_header),
    Row("hidden_character", _E, False, unseen.hidden_character),
    Row("garbled", _E, False, unseen.garbled),
    Row("number_one", _W, False, says("number_one")),
    Row("note_to_self", _W, False, says("note_to_self")),
    Row("nothing_specific", _W, False, single.nothing_specific),
    Row("off_topic", _W, False, says("off_topic")),
    Row("begging", _W, False, says("begging")),
    Row("flattery", _W, False, says("flattery")),
    Row("belittling", _W, False, says("belittling")),
    Row("too_personal", _W, False, says("too_personal")),
    Row("score_talk", _W, False, says("score_talk")),
    Row("informal", _W, False, says("informal")),
    Row("shouting", _W, False, says("shouting")),
    Row("odd_spelling", _W, False, single.odd_spelling),
    Row("reason_does_not_fit", _W, False, fitting.reason_does_not_fit),
    Row("odd_salutation", _W, False, fitting.odd_salutation),
    Row("odd_case", _W, False, fitting.odd_case),
    Row("similar_reason", _W, False, cross.similar_reason),
    Row("other_city", _W, False, cross.other_city),
    Row("too_long", _W, False, single.too_long),
    Row("subject_long", _W, False, single.subject_long),
    Row("failure_story", _W, False, says("failure_story")),
    Row("pressure", _W, False, single.pressure),
    Row("question", _W, False, single.question),
    Row("names_other_signal", _W, False, single.other_signal),
    Row("wrong_interview_date", _W, False, dates.wrong_interview_date),
    Row("off_peak", _W, False, single.off_peak),
    Row("free_mail", _W, False, single.free_mail),
    Row("no_director_name", _W, False, single.no_director_name),
    Row("service_in_reason", _W, False, single.service_in_reason),
)

MOST = 20  # findings of a code in one letter; more tell no one more

OVERRIDABLE = frozenset(row.code for row in TABLE if row.overridable)


def lint(page: Page, campaign: Campaign) -> tuple[Finding, ...]:
    """All findings in one letter, errors first; `campaign` is everything around it."""
    return tuple(
        Finding(row.code, row.severity, hit.text, hit.place)
        for row in TABLE
        for hit in dict.fromkeys(islice(row.find(page, campaign), MOST))
    )
