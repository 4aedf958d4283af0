"""Checks that look at one letter by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from planner.rules.calendar import PEAK_FROM, usefulness
from planner.rules.facts import LetterKind, Match, Service, Signal
from planner.rules.lint.page import Campaign, Hit, Page, fold_reason, masked, plain
from planner.rules.wording import flow


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


UNFILLED = re.compile(
    r"\[(?:[^\]\n]|\n(?!\s*\n)){0,200}\]|\{\{|\}\}|\{%|%\}|_{3,}"
    r"|(?<![\w/])(?:TODO|XXX|nan|None(?! of\b)|null(?! hypothes)|N/A)(?![\w/])"
    r"|\bDr\.\s*(?=[,.]|and\b)|(?<=\w) (?=[,;])|\bDear\s*(?=,)|\b(?:at|on|in|because of) +\.(?!\d)"
)
SERVICES = {
    Service.ERAS: re.compile(r"(?<!\w)(?:My)?ERAS(?!\w)"),
    Service.RESIDENCYCAS: _pattern(r"(?<!\w)Residency[\s-]?CAS(?!\w)"),
    Service.SFMATCH: re.compile(r"(?<!\w)SF[\s-]?Match(?!\w)"),
}
NUMBER = re.compile(
    r"(?:(?<![\w.,/$+-])|(?<=[1-3]\d\d-))[1-3]\d\d"
    r"(?!\w|[.,]?\d|/(?!300\b)|-(?!level|point|ish|>|[1-3]\d\d(?!\w))|%)"
)
# Words behind which a count of something else begins: "228 two years ago", "255 on day 2".
UNCOUNTED = (
    *("on", "in", "at", "of", "for", "from", "by", "to", "with", "within", "over", "since"),
    *("after", "before", "despite", "during", "through", "and", "or", "but", "as", "a", "an"),
    *("the", "this", "that", "my", "last", "some", "many", "few", "several", r"\d+", "one", "two"),
    *("three", "four", "five", "six", "seven", "eight", "nine", "ten"),
)
# A count of something, or the number of a place: no score.
COUNTED = _pattern(
    r"\b[1-3]\d\d\+?(?:[\s-]+(?!(?:"
    + "|".join(UNCOUNTED)
    + r")\b)\w+)?[\s-]+(?:beds?|patients?|residents?|fellows?|deliveries|cases"
    r"|hours?|days?|years?|miles?|mg|people|students?|clinics?)\b"
    r"|\b(?:room|suite|route|interstate|highway|building|floor|apt\.?|code|AAMC ID)\s+[1-3]\d\d\b"
)
PHONE = re.compile(r"\+?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}")
# Whom a letter is to: in words, or by the program's own name (`Page.addressed`).
YOURS = r"(?:(?:your|this|the) (?:\w+ )?(?:program|residency|institution|hospital)|you|\x01+)"
ASKS_RANK = _pattern(
    r"\b(?:where|how) (?:high )?(?:do|am|will|would|might) (?:i|you) (?:\w+ )?"
    r"(?:rank me|be ranked|ranked|rank|stand)\b"
    r"|\bmy rank(?:ing)? (?:position|on your|with you|at your)\b"
    r"|\bmy (?:chances|odds|standing)(?! (?:of helping|order))\b"
    r"|\b(?:position|place|spot|rank) on your (?:rank )?list\b|\bon your rank(?:ing)? list\b"
    r"|\bstatus (?:of|on) my application\b|\bmy application status\b|\babout my status\b"
    r"|\b(?:please|kindly|hope (?:that )?you(?: will)?|ask you to|consider) rank(?:ing)? me\b"
    r"|\b(?:will|would|do|did|are) you (?:\w+ ){0,3}rank(?:ing)? me\b"
    r"|\b(?:whether(?: or not)?|how(?: high(?:ly)?)?) i(?:'ll| will| would| am| might)"
    r"(?: be| being)? ranked\b"
    r"|\bwhere i (?:stand|fall|rank)\b|\bhow (?:competitive|likely) am i\b"
    r"|\bwhat(?:'s| is| will be) my rank\b|\bupdates? (?:on|about|of) my status\b"
    r"|\b(?:will|would|am) i (?:be )?ranked\b|\b(?:tell me|know|learn) my status\b"
    r"|\b(?:if|whether) (?:i am|i'm|my application is) (?:still )?(?:under consideration"
    r"|being considered)\b|\bis my application (?:still )?(?:under consideration"
    r"|being considered)\b"
    r"|\bhope to be ranked\b|\bmove me up\b|\bunder consideration\s*\?"
)
BARGAIN = _pattern(
    r"\b(?:if|should) (?:you|your program)(?:'d| will| were to| would| can| could| do)?"
    r" (?:rank|take|choose|accept|interview|invite)s? me\b[^.]*\bi(?:'ll|'d| will| would)\b"
    r"|\bif (?:you|your program)(?: \w+)? (?:offer|give|grant)s? me\b[^.]*"
    r"\bi(?:'ll|'d| will| would) (?:\w+ )?(?:rank|come|commit|accept|choose)\b"
    r"|\bif (?:i am |i'm |i were )?(?:ranked|accepted)\b[^.]*\bi(?:'ll|'d| will| would)\b"
    r"|\bi(?:'ll|'d| will| would) (?:rank|come|commit)\b[^.]*\bif you(?:r program)? ranks? me\b"
    r"|\bin (?:return|exchange)\b[^.]*\brank|\brank me\b[^.]*\band i(?:'ll| will)\b"
)
# To come for a day is no promise.
VISIT = (
    r"(?!(?:'s)?(?: for| on| at| to)?(?: the| my| an?| your)?(?: virtual| second)?"
    r" (?:open|interview|event|visit|tour|dinner|look)\b)"
)
PROMISE = _pattern(
    r"\bi(?: will|'ll| would|'d| shall| am going to| intend to| plan to| have| am)"
    rf"(?: \w+)? (?:rank|be ranking|ranking|ranked) {YOURS}(?!\w)"
    rf"|\bi(?: will|'ll| shall) (?:\w+ )?(?:come to|match (?:at|with)|join|attend) {YOURS}(?!\w)"
    + VISIT
    + r"|\bi(?: will|'ll| shall) (?:\w+ )?match (?:here|there)\b"
    r"|\b(?:guarantee|commit(?:ted|ment)?|promise|pledge)\b(?: \w+){0,4}"
    r" (?:to )?(?:rank(?:ing)?|com(?:e|ing) to|match(?:ing)? (?:at|with)|join(?:ing)?)"
    rf" {YOURS}(?!\w|'s)"
    rf"|\bcommit(?:ted)? to {YOURS}(?!\w|'s)"
    r"|\b(?:guarantee|promise|pledge)\b(?: \w+){0,5} (?:come|attend|match)\b" + VISIT
)
OUTSIDE = _pattern(
    r"\boutside (?:of )?(?:the )?(?:nrmp|match)\b|\bpre-?\s?match\b"
    r"|\bwithout (?:going through )?the match\b|\b(?:bypass|withdraw from) the match\b"
    r"|\b(?:sign|contract|offer|position|agreement)\b(?: \w+){0,4} before the match\b"
)
NUMBER_ONE = _pattern(
    r"(?<!\w)(?:my|our|as (?:a|the)|is the|are the|the)?\s?(?:very )?"
    r"(?:number[\s-]?one|number 1|no\. ?1|#\s?1)(?!\w)(?! (?:cause|killer|reason|concern|in (?:the|research))\b)"
    r"|\bmy (?:first|top)[\s-](?:choice|program|pick|preference)\b(?! of\b)"
    r"|\b(?:you|your program|this program|this|it) (?:is|are|remains?|will be) my"
    r" (?:first|top)[\s-](?:choice|pick)\b"
    r"|\b(?:top|first|number one|#1) (?:on|of|in) my (?:rank )?list\b"
    r"|\brank(?:ing|ed)? (?:\w+ ){1,4}(?:first|number one|#1|highest)\b"
)
RANKING = _pattern(r"\b(?:un|out)?rank(?:s|ed|er|ing|ings)?\b")
ATTACHMENT = _pattern(
    r"\b(?:is|are|have|i've|please (?:find|see)|see|find)(?: (?!grown|become|been)\w+){0,4}"
    r" (?:attached|enclosed)\b(?! to\b)"
    r"|\b(?:attached|enclosed)(?: please)?(?: is| are| find| you will find| cv| transcript| score"
    r"| pdf| file| document| report)\b"
    r"|\b(?:i|i am|i'm) (?:also )?(?:attach|attaching|enclose|enclosing)\b"
    r"|\b(?:see|in|as) (?:the |an |my )?(?:attachment|enclosure)s?\b|\battachments?\s*:"
    r"|\bthe attachments? (?:is|are|has|have|shows?|contains?)\b"
)
UNSAFE_HEADER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]|=\?")
FAILURE = _pattern(
    r"\bi (?:\w+ )?fail(?:ed)?\b|\bmy (?:\w+ )?(?:failure|failed attempt)\b|\bafter failing\b"
    r"|\bfail(?:ed|ing|ure)? (?:on |of |in )?(?:the |my )?(?:exam|test|step|usmle|boards?)\b"
    r"|\b(?:did not|didn't) pass (?:on )?(?:the|my|step|usmle|it)\b|\bunsuccessful (?:attempt|exam)\b"
    r"|\b(?:previous|first|second|earlier) (?:attempt|try) (?:at|on) (?:the |my )?"
    r"(?:exam|test|step|usmle)\b|\bafter (?:a|my|one|the) (?:failed|unsuccessful) (?:attempt|try)\b"
    r"|\battempt (?:was|had been) (?:unsuccessful|not successful|a failure)\b|\bdisappoint(?:ing|ed|ment)\b"
)
PRESSURE = _pattern(
    r"\b(?:deadline|urgent(?:ly)?(?![ -](?:care|surg|ces))|as soon as possible|asap|time-sensitive"
    r"|please (?:respond|reply|answer|let me know|get back|write back)|kindly (?:respond|reply)"
    r"|look(?:ing)? forward to (?:your|a|hearing)|await(?:ing)? your|at your earliest"
    r"|need (?:an|your) (?:answer|reply|response|decision)|hope to hear)\b"
)
SIGNALS = _pattern(r"\b(gold|silver)[\s-](?:\w+ )?signal\b")
SIGNALLED = _pattern(
    r"\bi(?:'ve| have)? (?:also )?signall?ed\b|\bmy (?:program |preference )?signal\b"
    r"|\b(?:sent|gave|given) (?:you|your program) (?:a|my) (?:program |preference )?signal\b"
)
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_MONTH = "|".join(f"{name}|{name[:3]}\\.?|{name[:4]}\\.?" for name in MONTHS)
_DAY, _YEAR = r"(\d{1,2})(?:st|nd|rd|th)?", r"(?:,?\s+(\d{4}))?"
# "November 11, 2026", "Nov 11"; "11 November"; "11/11/2026": by the place of month, day, year.
DATES = (
    (re.compile(rf"\b({_MONTH})\s+{_DAY}{_YEAR}\b"), (1, 2, 3)),
    (re.compile(rf"\b{_DAY}(?:\s+of)?\s+({_MONTH}){_YEAR}(?!\w)"), (2, 1, 3)),
    (re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})\b"), (1, 2, 3)),
)
OTHER_DATES = _pattern(r"\b(?:posted|score|exam|test|transcript|updated|released|result)\b")
FREE_MAIL = frozenset(
    {
        "gmail.com",
        "googlemail.com",
        "yahoo.com",
        "ymail.com",
        "rocketmail.com",
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
        "pm.me",
        "gmx.com",
        "gmx.de",
        "mail.com",
        "zoho.com",
        "fastmail.com",
        "comcast.net",
        "verizon.net",
        "att.net",
    }
)


def unfilled(page: Page, _: Campaign) -> Iterator[Hit]:
    """Placeholders and empty fields; a person may be called Dr. None."""
    if not page.subject.strip():
        yield Hit("(empty)", "subject")
    if not page.message.strip():
        yield Hit("(empty)", "body")
    yield from page.foreign_hits(UNFILLED, [*page.own_names, *_people(page)])


def _people(page: Page) -> list[str]:
    last = plain(page.program.director_last_name.strip())
    return [f"Dr. {last}"] if last else []


def wrong_service(page: Page, _: Campaign) -> Iterator[Hit]:
    """An application service that this program does not use; ERAS may be in the own reason."""
    reason = _reason(page)
    spared = [reason] if " " in reason else []
    for service, pattern in SERVICES.items():
        if service is not page.case.service:
            own = [*page.own_names, *(spared if service is Service.ERAS else [])]
            yield from page.foreign_hits(pattern, own)


def service_in_reason(page: Page, _: Campaign) -> Iterator[Hit]:
    """ERAS inside the applicant's own reason: it has other meanings."""
    reason = _reason(page)
    if page.case.service is not Service.ERAS and reason and reason in flow(page.body):
        yield from (Hit(m[0], "reason") for m in SERVICES[Service.ERAS].finditer(reason))


def _reason(page: Page) -> str:
    return plain(flow(page.program.reason).rstrip("."))


def _numbers(page: Page) -> list[Hit]:
    """Free-standing numbers above the closing that are no fact, count, phone number or ID."""
    program = page.program
    known = (
        *page.own_names,
        plain(program.connection),
        plain(program.coordinator_name),
        _reason(page),
        plain(page.case.applicant.application.drop_context),
        page.case.applicant.phone,
    )
    text = masked(page.above_closing, *known)
    for pattern in (PHONE, COUNTED):
        text = pattern.sub(lambda m: "\x00" * len(m[0]), text)
    return list(page.body_hits(NUMBER, text))


def score_mismatch(page: Page, _: Campaign) -> Iterator[Hit]:
    """A number that looks like a score and is not the recorded one."""
    step2 = page.case.applicant.step2
    low, high = step2.expected_range or (0, -1)
    for hit in _numbers(page):
        number = int(hit.text)
        if 100 <= number <= 300 and number != step2.score and not low <= number <= high:
            yield hit


def _stated(page: Page) -> list[Hit]:
    score = page.case.applicant.step2.score
    return [hit for hit in _numbers(page) if hit.text == str(score)]


def score_missing(page: Page, _: Campaign) -> Iterator[Hit]:
    """The score is not in the body, though the letter is about it."""
    if page.kind is not LetterKind.SCORE_PENDING and not _stated(page):
        yield Hit(str(page.case.applicant.step2.score or "no score"), "body")


def score_repeated(page: Page, _: Campaign) -> Iterator[Hit]:
    """The score stands there more than once."""
    yield from _stated(page)[1:]


def no_reason(page: Page, _: Campaign) -> Iterator[Hit]:
    """The strong letter lives on one specific thing about the program."""
    if page.kind is LetterKind.STRONG_SCORE and not fold_reason(page.program.reason):
        yield Hit("(no reason)", "body")


def asks_rank(page: Page, _: Campaign) -> Iterator[Hit]:
    """Asks for rank position, chances or status."""
    return page.hits(ASKS_RANK)


def bargain(page: Page, _: Campaign) -> Iterator[Hit]:
    """If you ..., I will ..."""
    return page.hits(BARGAIN)


def promise(page: Page, _: Campaign) -> Iterator[Hit]:
    """Guarantees, or commits to rank or to come."""
    return page.addressed_hits(PROMISE)


def outside_match(page: Page, _: Campaign) -> Iterator[Hit]:
    """Offers outside the Match."""
    return page.hits(OUTSIDE)


def urology_rank(page: Page, _: Campaign) -> Iterator[Hit]:
    """Any word on ranking to a urology program: its match forbids it."""
    if page.case.specialty.match is Match.SAU:
        yield from page.foreign_hits(RANKING, [*page.own_names, *_people(page)])


def attachment(page: Page, _: Campaign) -> Iterator[Hit]:
    """An attachment is announced, and letters carry none."""
    return page.hits(ATTACHMENT)


def bad_header(page: Page, _: Campaign) -> Iterator[Hit]:
    """A control character in a value bound for a header."""
    for place, value in (
        ("subject", page.subject),
        ("your name", page.case.applicant.name),
        ("your address", page.case.applicant.email),
        *(("address", address) for address in (*page.to, *page.cc)),
    ):
        yield from (Hit(repr(m[0]), place) for m in UNSAFE_HEADER.finditer(value))


def number_one(page: Page, _: Campaign) -> Iterator[Hit]:
    """Calls the program the first choice."""
    return page.hits(NUMBER_ONE)


def too_long(page: Page, _: Campaign) -> Iterator[Hit]:
    """More words, or more paragraphs, than anyone reads."""
    words = len(page.message.split())
    paragraphs = [p for p in re.split(r"\n\s*\n", page.message) if p.strip()]
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
        if Signal(re.split(r"[\s-]", hit.text)[0].casefold()) is not page.program.signal:
            yield hit
    if page.program.signal is Signal.NONE:
        yield from page.hits(SIGNALLED)


def wrong_interview_date(page: Page, _: Campaign) -> Iterator[Hit]:
    """A date beside the word interview that is not the recorded one."""
    day = page.program.interview_date
    for place, text in (("subject", page.subject), ("body", page.message)):
        for match, said in _dates(text):
            before = re.split(r"[.!?]\s", text[: match.start()])[-1]
            after = re.split(r"[.!?]\s", text[match.end() :])[0]
            near = f"{before} {after}".casefold()
            about_it = "interview" in near and not OTHER_DATES.search(before[-40:])
            if about_it and (day is None or not _same(said, day)):
                yield Hit(match[0], place)


def _dates(text: str) -> Iterator[tuple[re.Match[str], tuple[str, str, str | None]]]:
    """Every date with its month, day and year, as written."""
    for pattern, (month, day, year) in DATES:
        for match in pattern.finditer(text):
            yield match, (match[month], match[day], match[year])


def _same(said: tuple[str, str, str | None], day: date) -> bool:
    month, number, year = said
    if month.isdecimal():
        right_month = int(month) == day.month
    else:
        right_month = MONTHS[day.month - 1].startswith(month.rstrip("."))
    return right_month and int(number) == day.day and year in {None, f"{day:%Y}", f"{day:%y}"}


def off_peak(page: Page, _: Campaign) -> Iterator[Hit]:
    """Outside the months in which letters are read, unless the program asks."""
    worth = usefulness(page.case.today)
    if worth < PEAK_FROM and not page.case.asks:
        yield Hit(f"{page.case.today:%B}: usefulness {worth} of 100", "today")


def free_mail(page: Page, _: Campaign) -> Iterator[Hit]:
    """A director who seems to write from a private mailbox."""
    address = page.program.director_email
    if address.strip().rpartition("@")[2].casefold() in FREE_MAIL:
        yield Hit(address, "To")


def no_director_name(page: Page, _: Campaign) -> Iterator[Hit]:
    """The salutation has no name."""
    if not page.program.director_last_name.strip():
        yield Hit(page.body.partition("\n")[0], "body, line 1")
