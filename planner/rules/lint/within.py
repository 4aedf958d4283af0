"""Checks that look at one letter by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from planner.rules.calendar import PEAK_FROM, usefulness
from planner.rules.facts import LetterKind, Match, Service, Signal
from planner.rules.lint.page import Campaign, Hit, Page, masked
from planner.rules.wording import flow


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


UNFILLED = re.compile(
    r"\[[^\]\n]*\]|\{\{|\}\}|\{%|%\}|(?<![\w/])(?:TODO|XXX|nan|None|null|N/A)(?![\w/])"
    r"|\bDr\.\s*(?=[,.])|(?<=\w) (?=[,;])|\bDear\s*(?=,)"
)
SERVICES = {
    Service.ERAS: re.compile(r"(?<!\w)ERAS(?!\w)"),
    Service.RESIDENCYCAS: _pattern(r"(?<!\w)Residency\s?CAS(?!\w)"),
    Service.SFMATCH: _pattern(r"(?<!\w)SF\s?Match(?!\w)"),
}
NUMBER = re.compile(r"(?<![\w.,/#$+-])[1-3]\d\d(?![\w/]|[.,-]?\d|-\w)")
PHONE = re.compile(r"\+?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}")
ASKS_RANK = _pattern(
    r"\b(where|how) (do |am |will |would )?(i|you) (\w+ )?(rank|stand)\b"
    r"|\bmy (rank(ing)?( position)?|chances|odds|standing)\b"
    r"|\b(position|place|spot|rank) on your (rank )?list\b"
    r"|\b(status|decision) (of|on|about) my application\b|\bmy application status\b"
    r"|\b(please|kindly|hope (that )?you( will)?|ask you to|consider) rank(ing)? me\b"
)
BARGAIN = _pattern(
    r"\bif you (were to )?(rank|take|interview|offer)\b[^.]*\b(i|we)('ll| will| would)\b"
    r"|\bin (return|exchange)\b[^.]*\brank"
)
PROMISE = _pattern(
    r"\bi( will|'ll| shall| am going to| intend to| plan to| promise to| commit to)( definitely"
    r"| certainly)? rank\b|\bi('ll| will) (definitely |certainly )?(come|attend|match)\b"
    r"|\b(guarantee|commit|promise)\b[^.]{0,40}\b(rank|come|attend|match|join)\b"
)
OUTSIDE = _pattern(
    r"\boutside (of )?(the |nrmp )*match\b|\bpre-?match\b|\bwithout (going through )?the match\b"
)
NUMBER_ONE = _pattern(
    r"\b(number one|number 1|no\. ?1|#1|first|top) (choice|program|pick|preference)\b"
    r"|\brank(ing|ed)? (you|your program|this program) (first|number one|#1|highest)\b"
)
RANKING = _pattern(r"\brank(s|ed|ing|ings)?\b")
ATTACHMENT = _pattern(r"\b(attached|attachment|attachments|attaching|enclosed|enclosure)\b")
UNSAFE_HEADER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|=\?")
FAILURE = _pattern(
    r"\b(fail(ed|ure|ing)?|did not pass|didn't pass|unsuccessful|previous attempt|first attempt"
    r"|disappoint(ing|ed|ment))\b"
)
PRESSURE = _pattern(
    r"\b(deadline|urgent(ly)?|as soon as possible|asap|please (respond|reply|answer|let me know)"
    r"|look(ing)? forward to (your|a) (reply|response)|at your earliest)\b"
)
SIGNALS = _pattern(r"\b(gold|silver)( \w+)? signal\b")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATES = re.compile(rf"\b({MONTHS}) (\d{{1,2}})(?:st|nd|rd|th)?(?:,? (\d{{4}}))?\b")
FREE_MAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "yahoo.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "aol.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "proton.me",
        "protonmail.com",
        "gmx.com",
        "mail.com",
        "zoho.com",
    ]
)


def unfilled(page: Page, _: Campaign) -> Iterator[Hit]:
    """Placeholders and empty fields."""
    return page.hits(UNFILLED)


def wrong_service(page: Page, _: Campaign) -> Iterator[Hit]:
    """An application service that this program does not use, outside the own reason."""
    body = masked(page.body, _reason(page))
    for service, pattern in SERVICES.items():
        if service is page.case.service:
            continue
        yield from (Hit(m[0], "subject") for m in pattern.finditer(page.subject))
        yield from page.body_hits(pattern, body)


def service_in_reason(page: Page, _: Campaign) -> Iterator[Hit]:
    """ERAS inside the applicant's own reason: it has other meanings."""
    reason = _reason(page)
    if page.case.service is not Service.ERAS and reason and reason in flow(page.body):
        yield from (Hit(m[0], "reason") for m in SERVICES[Service.ERAS].finditer(reason))


def _reason(page: Page) -> str:
    return flow(page.program.reason).rstrip(".")


def score_mismatch(page: Page, _: Campaign) -> Iterator[Hit]:
    """A number that looks like a score and is not the recorded one."""
    program, step2 = page.program, page.case.applicant.step2
    known = (
        program.program,
        program.institution,
        program.city,
        program.connection,
        _reason(page),
        page.case.applicant.phone,
    )
    text = PHONE.sub(lambda m: " " * len(m[0]), masked(page.above_closing, *known))
    low, high = step2.expected_range or (0, -1)
    for hit in page.body_hits(NUMBER, text):
        number = int(hit.text)
        if 100 <= number <= 300 and number != step2.score and not low <= number <= high:
            yield hit


def _stated(page: Page) -> list[Hit]:
    score = page.case.applicant.step2.score
    return [hit for hit in page.body_hits(NUMBER, page.above_closing) if hit.text == str(score)]


def score_missing(page: Page, _: Campaign) -> Iterator[Hit]:
    """The score is not in the body, though the letter is about it."""
    if page.kind is not LetterKind.SCORE_PENDING and not _stated(page):
        yield Hit(str(page.case.applicant.step2.score or "no score"), "body")


def score_repeated(page: Page, _: Campaign) -> Iterator[Hit]:
    """The score stands there more than once."""
    yield from _stated(page)[1:]


def no_reason(page: Page, _: Campaign) -> Iterator[Hit]:
    """The strong letter lives on one specific thing about the program."""
    if page.kind is LetterKind.STRONG_SCORE and not page.program.reason.strip():
        yield Hit("(no reason)", "body")


def asks_rank(page: Page, _: Campaign) -> Iterator[Hit]:
    """Asks for rank position, chances or status."""
    return page.hits(ASKS_RANK)


def bargain(page: Page, _: Campaign) -> Iterator[Hit]:
    """If you ..., I will ..."""
    return page.hits(BARGAIN)


def promise(page: Page, _: Campaign) -> Iterator[Hit]:
    """Guarantees, or commits to rank or to come."""
    return page.hits(PROMISE)


def outside_match(page: Page, _: Campaign) -> Iterator[Hit]:
    """Offers outside the Match."""
    return page.hits(OUTSIDE)


def urology_rank(page: Page, _: Campaign) -> Iterator[Hit]:
    """Any word on ranking to a urology program: its match forbids it."""
    if page.case.specialty.match is Match.SAU:
        yield from page.hits(RANKING)


def attachment(page: Page, _: Campaign) -> Iterator[Hit]:
    """An attachment is announced, and letters carry none."""
    return page.hits(ATTACHMENT)


def bad_header(page: Page, _: Campaign) -> Iterator[Hit]:
    """A control character in a value bound for a header."""
    for place, value in (
        ("subject", page.subject),
        ("your name", page.case.applicant.name),
        *(("address", address) for address in page.to),
    ):
        yield from (Hit(repr(m[0]), place) for m in UNSAFE_HEADER.finditer(value))


def number_one(page: Page, _: Campaign) -> Iterator[Hit]:
    """Calls the program the first choice."""
    return page.hits(NUMBER_ONE)


def too_long(page: Page, _: Campaign) -> Iterator[Hit]:
    """More words, or more paragraphs, than anyone reads."""
    words = len(page.message.split())
    paragraphs = [p for p in page.message.split("\n\n") if p.strip()]
    if words > page.case.thresholds.max_words:
        yield Hit(f"{words} words", "body")
    if len(paragraphs) > 2:
        yield Hit(f"{len(paragraphs)} paragraphs", "body")


def subject_long(page: Page, _: Campaign) -> Iterator[Hit]:
    """A subject that mail programs cut off."""
    if len(page.subject) > 78:
        yield Hit(f"{len(page.subject)} characters", "subject")


def failure_story(page: Page, _: Campaign) -> Iterator[Hit]:
    """Retells a failure."""
    return page.hits(FAILURE)


def pressure(page: Page, _: Campaign) -> Iterator[Hit]:
    """Presses for an answer."""
    return page.hits(PRESSURE)


def question(page: Page, _: Campaign) -> Iterator[Hit]:
    """More than one question."""
    if page.body.count("?") > 1:
        yield Hit(f"{page.body.count('?')} question marks", "body")


def other_signal(page: Page, _: Campaign) -> Iterator[Hit]:
    """Names a signal that this program did not get."""
    for hit in page.hits(SIGNALS):
        if Signal(hit.text.split()[0].casefold()) is not page.program.signal:
            yield hit


def wrong_interview_date(page: Page, _: Campaign) -> Iterator[Hit]:
    """A date beside the word interview that is not the recorded one."""
    day = page.program.interview_date
    for place, text in (("subject", page.subject), ("body", page.message)):
        for match in DATES.finditer(text):
            near = text[max(0, match.start() - 80) : match.end() + 40].casefold()
            if "interview" in near and (day is None or not _same(match, day)):
                yield Hit(match[0], place)


def _same(match: re.Match[str], day: object) -> bool:
    year = match[3] or getattr(day, "year", 1)
    try:
        found = datetime.strptime(f"{match[1]} {match[2]} {year}", "%B %d %Y").date()  # noqa: DTZ007
    except ValueError:
        return False
    return found == day


def off_peak(page: Page, _: Campaign) -> Iterator[Hit]:
    """Outside the months in which letters are read, unless the program asks."""
    worth = usefulness(page.case.today)
    if worth < PEAK_FROM and not page.case.asks:
        yield Hit(f"{page.case.today:%B}: usefulness {worth} of 100", "today")


def free_mail(page: Page, _: Campaign) -> Iterator[Hit]:
    """A director who seems to write from a private mailbox."""
    address = page.program.director_email
    if address.rpartition("@")[2].casefold() in FREE_MAIL:
        yield Hit(address, "To")


def no_director_name(page: Page, _: Campaign) -> Iterator[Hit]:
    """The salutation has no name."""
    if not page.program.director_last_name.strip():
        yield Hit("Dear Program Director", "body, line 1")
