"""Numbers in a letter: the one score, stated once, and no other that looks like a score."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from planner.rules.facts import LetterKind
from planner.rules.lint.campaign import Campaign
from planner.rules.lint.page import Page
from planner.rules.lint.part import Hit, Part, Span
from planner.rules.lint.words import one_of


class _Number(NamedTuple):
    """A free-standing number, with its place."""

    part: Part
    start: int
    end: int
    value: int
    own: bool

    @property
    def hit(self) -> Hit:
        return self.part.hit(self.start, self.end)


# "248", "228-262", "255/300", "232-level"; not "12.250", "$200", "100%", "p248".
_DIGITS = re.compile(
    r"(?:(?<![\w.,/$+-])|(?<=[1-3]\d\d-))[1-3](?:\d\d| \d \d)"
    r"(?!\w|[.,]?\d|/(?!300\b)|-(?!level|point|ish|some|plus|>|[1-3]\d\d(?!\w))| ?%| percent)"
)
# "two forty-eight", "two hundred and forty-eight", "two-four-eight".
_SMALL = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUE = {
    **{word: number for number, word in enumerate(_SMALL, 1)},
    **{word: 10 * number for number, word in enumerate(_TENS, 2)},
}
_WORDS = re.compile(
    rf"\b(two|three)([ -]hundred(?: and)?)?((?:[ -](?:{'|'.join(_VALUE)})\b){{1,2}})(?!-)",
    re.IGNORECASE,
)
_PLURAL_BEHIND = re.compile(r"(?: [a-z-]+)? [a-z-]{3,}s\b", re.IGNORECASE)
# A count of something, or the number of a place: no score.
_COUNTED = re.compile(
    rf"\b[1-3]\d\d\+?(?:[ -]+(?!(?:{one_of('uncounted')}|\d+)\b)[\w'-]+){{0,3}}"
    rf"[ -]+(?:{one_of('countable')})\b"
    # "some 260 Somali tailors": a plural behind a number that is not somebody's own.
    r"|\b(?:about|over|some|nearly|almost|than|roughly|around|the|its|their|of|serves|with|for|to)"
    rf" [1-3]\d\d\+?(?: [a-z-]+)? (?!(?:{one_of('uncounted')})\b)[a-z]{{3,}}s\b"
    # "a 250-bed hospital", "Room 210", "I-285".
    r"|\b[1-3]\d\d-(?:year|bed|mile|acre|hour|day|page|foot|person|seat|patient|member|case|unit)\b"
    r"|\b(?:room|suite|route|interstate|highway|hwy|building|bldg|floor|apt\.?|code|aamc id|box|unit"
    r"|ward|exit|loop|road|us|sr|i|state route|no\.|number|pavilion|area code|extension|ext\.?|line"
    r"|bus|flight|district|local|precinct|page|chapter|protocol|grant|section)[ -]#?[1-3]\d\d\b",
    re.IGNORECASE,
)
_PHONE = re.compile(r"\+?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}")


def _numbers(page: Page) -> Iterator[_Number]:
    """What may be a score in the subject, the message and a postscript."""
    body = page.text
    spans = [(page.head, Span(0, len(page.head.text))), (body, page.message_span)]
    spans.append((body, page.postscript))
    for part, span in spans:
        yield from _in(page, part, span)


def _in(page: Page, part: Part, span: Span) -> Iterator[_Number]:
    text = part.text
    own = [s for where, s in page.own_words if where is part]
    own += page.cells(page.case.applicant.application.drop_context)
    for match, value in islice(_values(text, span), 100):  # no letter has so many
        start, end = match.span()
        if not _counts(text, start, end) and not page.names_us(part, start, end):
            yield _Number(part, start, end, value, any(a <= start < b for a, b in own))


def _counts(text: str, start: int, end: int) -> bool:
    """Whether a number counts something, or belongs to a place or a phone."""
    window = max(0, start - 40), end + 80
    spans = (m.span() for p in (_COUNTED, _PHONE) for m in p.finditer(text, *window))
    return any(a <= start and end <= b for a, b in spans)


def _values(text: str, span: Span) -> Iterator[tuple[re.Match[str], int]]:
    for match in _DIGITS.finditer(text, *span):
        yield match, int(match[0].replace(" ", ""))
    for match in _WORDS.finditer(text, *span):
        hundred, *rest = (_VALUE[w.lower()] for w in re.findall(r"[A-Za-z]+", match[1] + match[3]))
        digits = len(rest) == 2 and rest[0] < 10
        below = 10 * rest[0] + rest[1] if digits else sum(rest)
        if (match[2] or digits or below > 19) and not _PLURAL_BEHIND.match(text, match.end()):
            yield match, 100 * hundred + below


def score_mismatch(page: Page, _: Campaign) -> Iterator[Hit]:
    """A number that looks like a score and is not the recorded one.

    Among the applicant's own words from 180 on: "110 residents" is about the program.
    """
    step2 = page.case.applicant.step2
    low, high = step2.expected_range or (0, -1)
    for number in _numbers(page):
        least = 180 if number.own else 100
        known = number.value == step2.score or low <= number.value <= high
        if least <= number.value <= 300 and not known:
            yield number.hit


def _stated(page: Page) -> list[Hit]:
    score = page.case.applicant.step2.score
    return [n.hit for n in _numbers(page) if n.value == score and n.part is page.text]


def score_missing(page: Page, _: Campaign) -> Iterator[Hit]:
    """The score is not in the body, though the letter is about it."""
    if page.kind is not LetterKind.SCORE_PENDING and not _stated(page):
        yield Hit(str(page.case.applicant.step2.score or "no score"), "body")


def score_repeated(page: Page, _: Campaign) -> Iterator[Hit]:
    """The score stands in the body more than once."""
    yield from _stated(page)[1:]
