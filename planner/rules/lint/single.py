"""Checks that look at one letter by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from planner.rules.calendar import PEAK_FROM, usefulness
from planner.rules.facts import LetterKind, Match, Service, Signal
from planner.rules.lint.campaign import Campaign, fold_reason
from planner.rules.lint.page import MOST_READ, Page
from planner.rules.lint.part import Hit
from planner.rules.lint.words import one_of, words

_SERVICES = {
    Service.ERAS: re.compile(r"(?<!\w)(?:My)?ERAS(?!\w)"),
    Service.RESIDENCYCAS: re.compile(r"(?<!\w)Residency[ -]?CAS(?!\w)", re.IGNORECASE),
    Service.SFMATCH: re.compile(r"(?<!\w)SF[ -]?Match(?!\w)"),
}
_LATIN = re.compile(r"[a-z]")
# "plasmapheresis", "replantation", "hematopathologists": medicine by the ends of its words.
_MEDICINE = (
    r"\w{3,}(?:olog(?:y|ic|ical|ists?)|ectom(?:y|ies)|itis|plast(?:y|ies)|scop(?:y|ies)|pheresis"
    r"|therap(?:y|ies|ists?)|iatr(?:y|ic|ics|ists?)|emia|osis|path(?:y|ies|ists?)|inhibitors?"
    r"|transfusions?|plantations?|plasma)"
)
_TOPIC = re.compile(rf"\b(?:{one_of('topics')})|\b(?:{one_of('short_topics')})\b|\b{_MEDICINE}\b")
# "my sister and her boys live there", "I come from Fargo".
_TIE = re.compile(
    r"\b(?:sisters?|brothers?|parents|husband|wife|partner|son|daughter|mother|father|grand\w+|aunt"
    r"|uncle|cousins?|in-laws)\b[^.]{0,30} (?:lives?|lived|works?|worked|teach(?:es)?|taught|was|were"
    r"|settled|farms?|came|grew|arrived|repairs|serves?|runs?)\b"
    r"|\bi (?:come from|am from|have lived|lived|grew up|was (?:born|raised))\b|\bhouse calls?\b"
)
_QUESTION = re.compile(r"[^?]{0,80}\?")
_SIGNAL = re.compile(r"\b(gold|silver)[ -](?:\w+ )?signal\b", re.IGNORECASE)


_TO_A_MEETING = re.compile(r"look(?:ing)? forward to (?:meeting|an?|your)", re.IGNORECASE)


def says(code: str) -> Callable[[Page, Campaign], Iterator[Hit]]:
    """A check that seeks the phrases of a code."""

    def find(page: Page, _: Campaign) -> Iterator[Hit]:
        return page.hits(code)

    return find


def pressure(page: Page, _: Campaign) -> Iterator[Hit]:
    """Words that press for an answer; who is invited may look forward to the meeting."""
    for hit in page.hits("pressure"):
        if not (page.case.invited and _TO_A_MEETING.fullmatch(hit.text)):
            yield hit


def unfilled(page: Page, _: Campaign) -> Iterator[Hit]:
    """Placeholders and empty fields; a person may be called Dr. None."""
    if not page.subject.strip():
        yield Hit("(empty)", "subject")
    if not page.message.strip():
        yield Hit("(empty)", "body")
    yield from page.hits("unfilled")


def wrong_service(page: Page, _: Campaign) -> Iterator[Hit]:
    """An application service that this program does not use; ERAS may be in the own words."""
    for service, pattern in _SERVICES.items():
        if service is not page.case.service:
            for part, start, end in page.foreign(pattern):
                if service is not Service.ERAS or not page.is_own(part, start, end):
                    yield part.hit(start, end)


def service_in_reason(page: Page, _: Campaign) -> Iterator[Hit]:
    """ERAS inside the applicant's own words: it has other meanings."""
    if page.case.service is not Service.ERAS:
        for part, start, end in page.foreign(_SERVICES[Service.ERAS]):
            if page.is_own(part, start, end):
                yield Hit(part.text[start:end], "reason")


def no_reason(page: Page, _: Campaign) -> Iterator[Hit]:
    """The strong letter lives on one specific thing; who asked wants the number alone."""
    strong = page.kind is LetterKind.STRONG_SCORE and not page.case.asks
    if strong and not fold_reason(page.program.reason):
        yield Hit("(no reason)", "body")


def nothing_specific(page: Page, _: Campaign) -> Iterator[Hit]:
    """A reason without a word on medicine, training, patients, or where one comes from."""
    for start, end in page.cells(page.program.reason):
        reason = page.text.low[start:end]
        if _LATIN.search(reason) and not (_TOPIC.search(reason) or _TIE.search(reason)):
            yield page.text.hit(start, end)


def urology_rank(page: Page, _: Campaign) -> Iterator[Hit]:
    """Any word on ranking to a urology program: its match forbids it."""
    if page.case.specialty.match is Match.SAU:
        yield from page.hits("urology_rank")


def odd_spelling(page: Page, _: Campaign) -> Iterator[Hit]:
    """Words that no keyboard gives, or that are written as on a phone."""
    for part in page.parts:
        for start, end in part.flowed.disguised:
            yield part.hit_as_written(start, end)


def too_long(page: Page, _: Campaign) -> Iterator[Hit]:
    """More words, or more paragraphs, than anyone reads."""
    words = len(page.message.split())
    text = page.text.text[slice(*page.message_span)]
    paragraphs = [p for p in text.split("\n") if p.strip()]
    if words > page.case.thresholds.max_words:
        yield Hit(f"{words} words", "body")
    if len(paragraphs) > 2:
        yield Hit(f"{len(paragraphs)} paragraphs", "body")


def no_letter(page: Page, _: Campaign) -> Iterator[Hit]:
    """More than is read here, and so more than may be approved."""
    for place, text in (("subject", page.subject), ("body", page.body)):
        if len(text) > MOST_READ:
            yield Hit(f"{len(text)} characters", place)


def subject_long(page: Page, _: Campaign) -> Iterator[Hit]:
    """A subject that mail programs cut off."""
    if len(page.subject) > 78:
        yield Hit(f"{len(page.subject)} characters", "subject")


def question(page: Page, _: Campaign) -> Iterator[Hit]:
    """More than one question, or any in the subject, the reason or a postscript."""
    for match in _QUESTION.finditer(page.head.text):
        yield page.head.hit(*match.span())
    marks = page.text.text.count("?")
    if marks > 1:
        yield Hit(f"{marks} question marks", "body")
    else:
        yield from (hit for hit in page.hits("question") if hit.place != "subject")


def other_signal(page: Page, _: Campaign) -> Iterator[Hit]:
    """Names a signal that this program did not get."""
    for part, start, end in page.foreign(_SIGNAL):
        named = re.split(r"[ -]", part.text[start:end])[0].lower()
        if Signal(named) is not page.program.signal:
            yield part.hit(start, end)
    if page.program.signal is Signal.NONE:
        yield from page.hits("names_other_signal")


def off_peak(page: Page, _: Campaign) -> Iterator[Hit]:
    """Outside the months in which letters are read, unless the program asks."""
    worth = usefulness(page.case.today)
    if worth < PEAK_FROM and not page.case.asks:
        yield Hit(f"{page.case.today:%B}: usefulness {worth} of 100", "today")


def free_mail(page: Page, _: Campaign) -> Iterator[Hit]:
    """A director who seems to write from a private mailbox."""
    address = page.program.director_email
    if address.strip().rpartition("@")[2].casefold() in words("free_mail"):
        yield Hit(address, "To")


def no_director_name(page: Page, _: Campaign) -> Iterator[Hit]:
    """The salutation has no name."""
    if not page.program.director_last_name.strip():
        yield Hit(page.body.partition("\n")[0], "body, line 1")
