"""The table of checks: what a letter may not contain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from planner.rules.lint import cross, dates, edited, listed, numbers, single, specialty, unseen
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
    Row("unfilled", _E, True, single.unfilled, "Fill it in, or take it out."),
    Row(
        "salutation_changed",
        _E,
        True,
        edited.salutation_changed,
        "Greet the director of this program; another name belongs into the list first:"
        " planner programs set PROGRAM director_last_name=...",
    ),
    Row("place_missing", _E, True, edited.place_missing, "Name the place that you write to."),
    Row("specialty_missing", _E, True, edited.specialty_missing, "Name their specialty."),
    Row(
        "other_specialty",
        _E,
        True,
        specialty.other_specialty,
        "Speak of the specialty of this program only.",
    ),
    Row("other_program", _E, True, cross.other_program, "Name only this program and its people."),
    Row(
        "interview_outside_season",
        _E,
        True,
        dates.interview_outside_season,
        "Correct the date: planner programs set NUMBER interview_date=YYYY-MM-DD, or leave it empty"
        " (interview_date=).",
    ),
    Row("wrong_service", _E, True, single.wrong_service, "Name the service this program uses."),
    Row("score_mismatch", _E, True, numbers.score_mismatch, "State the recorded score only."),
    Row("score_missing", _E, False, numbers.score_missing, "State the score once in the body."),
    Row("score_repeated", _E, True, numbers.score_repeated, "State the score only once."),
    Row(
        "no_reason",
        _E,
        False,
        single.no_reason,
        "Say what draws you there: planner programs set PROGRAM reason=...",
    ),
    Row("generic_reason", _E, True, cross.generic_reason, "Give each program its own reason."),
    Row(
        "told_before",
        _E,
        True,
        cross.told_before,
        "They know this score; leave the letter out, unless something else is new.",
    ),
    Row("asks_rank", _E, False, says("asks_rank"), "Never ask about rank, chances or status."),
    Row("bargain", _E, False, says("bargain"), "Never offer anything for being ranked."),
    Row("promise", _E, False, says("promise"), "Never promise to rank or to come."),
    Row("outside_match", _E, False, says("outside_match"), "No offers outside the Match."),
    Row("gift", _E, False, says("gift"), "No gift, no money, no favor, no influential friend."),
    Row(
        "number_one_twice",
        _E,
        False,
        cross.number_one_twice,
        "Only one program can be the first choice of a season.",
    ),
    Row("urology_rank", _E, False, single.urology_rank, "No word on ranking to urology programs."),
    Row("attachment", _E, False, says("attachment"), "Letters carry no attachments: leave it out."),
    Row("no_letter", _E, False, single.no_letter, "Shorten it: this is no letter any more."),
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
    Row("bad_header", _E, False, unseen.bad_header, "Take out line breaks and control characters."),
    Row(
        "hidden_character",
        _E,
        False,
        unseen.hidden_character,
        "Take it out: planner edit, or planner programs set PROGRAM for a name from the list.",
    ),
    Row(
        "garbled",
        _E,
        False,
        unseen.garbled,
        "Type it as it should read: planner edit, or planner programs set PROGRAM for a name or a"
        " reason from the list.",
    ),
    Row("number_one", _W, False, says("number_one"), "Be sure that it is true; it binds you."),
    Row(
        "note_to_self",
        _W,
        False,
        says("note_to_self"),
        "This reads like a note to yourself; keep those in the notes column.",
    ),
    Row(
        "nothing_specific",
        _W,
        False,
        single.nothing_specific,
        "Name one thing of theirs: a clinic, patients, a part of the training, a tie.",
    ),
    Row(
        "off_topic",
        _W,
        False,
        says("off_topic"),
        "Say what draws you there; nothing of your plans, your odds or what they should do.",
    ),
    Row("begging", _W, False, says("begging"), "State the news; do not plead."),
    Row("flattery", _W, False, says("flattery"), "Praise one real thing, in plain words."),
    Row("belittling", _W, False, says("belittling"), "Speak of this program, and of no other."),
    Row("too_personal", _W, False, says("too_personal"), "Leave it out of a letter to a stranger."),
    Row("score_talk", _W, False, says("score_talk"), "Let the one number speak for itself."),
    Row("informal", _W, False, says("informal"), "Write as to someone you have not met."),
    Row("shouting", _W, False, says("shouting"), "Write it in small letters, without !!."),
    Row("odd_spelling", _W, False, single.odd_spelling, "Write the word as a dictionary does."),
    Row("similar_reason", _W, False, cross.similar_reason, "Make the reasons differ in substance."),
    Row("other_city", _W, False, cross.other_city, "Check that this city belongs here."),
    Row("too_long", _W, False, single.too_long, "Shorten it: one paragraph and two sentences."),
    Row("subject_long", _W, False, single.subject_long, "Keep the subject within 78 characters."),
    Row("failure_story", _W, False, says("failure_story"), "Do not retell a failure."),
    Row("pressure", _W, False, says("pressure"), "Do not press for an answer."),
    Row("question", _W, False, single.question, "Ask one question at most, and not in passing."),
    Row("names_other_signal", _W, False, single.other_signal, "Name the signal that you sent."),
    Row("wrong_interview_date", _W, False, dates.wrong_interview_date, "Check the date."),
    Row("off_peak", _W, False, single.off_peak, "Few letters are read now; be sure it is needed."),
    Row("free_mail", _W, False, single.free_mail, "Check that this address is really theirs."),
    Row("no_director_name", _W, False, single.no_director_name, "Find the director's name."),
    Row(
        "service_in_reason",
        _W,
        False,
        single.service_in_reason,
        "Check that ERAS means what you want here.",
    ),
)

MOST = 20  # findings of a code in one letter; more tell no one more

OVERRIDABLE = frozenset(row.code for row in TABLE if row.overridable)


def lint(page: Page, campaign: Campaign) -> tuple[Finding, ...]:
    """All findings in one letter, errors first; `campaign` is everything around it."""
    return tuple(
        Finding(row.code, row.severity, hit.text, hit.place, row.fix)
        for row in TABLE
        for hit in dict.fromkeys(islice(row.find(page, campaign), MOST))
    )
