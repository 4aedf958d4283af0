"""Checks that look at a letter beside all the other programs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from rapidfuzz import fuzz, process

from planner.rules.facts import Program
from planner.rules.lint.campaign import Campaign, Person, fold_reason
from planner.rules.lint.names import Form, Squeezed, is_meant, key_of, spelled
from planner.rules.lint.page import MOST_READ, TITLE_BEFORE, Page
from planner.rules.lint.part import Hit, Part
from planner.rules.lint.phrases import phrases
from planner.rules.lint.spelling import as_read
from planner.rules.lint.words import words
from planner.rules.specialties import fold
from planner.rules.wording import flow

SIMILAR_FROM = 90  # percent
_LONG_NAME = re.compile(r"\b[A-Z][a-z]{5,}\b")
_DEGREE_BEHIND = re.compile(r",? (?:MD|M\.D\.|DO|D\.O\.|MBBS|PhD|Ph\.D\.)(?!\w)")
_GREETED = re.compile(r"\b(?:dear|hello|hi) (?:[\w.'-]+ )?$", re.IGNORECASE)
# Where somebody tells of a school: "as a student at Emory" names no program.
_SCHOOL = re.compile(
    r"\b(?:student|degree|graduated?|alumn\w+|studie[sd]|school|college|undergraduate|diploma|phd"
    r"|master'?s|bachelor'?s|professor|visiting)\b[^.!?\n]{0,40}\b(?:at|from|of|in) (?:the )?$",
    re.IGNORECASE,
)


def other_program(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """Another program, institution or director by name, or by what people call them."""
    for part in page.parts:
        for key, said in campaign.names.items():
            if key in part.squeezed.letters and not page.is_ours(key):
                yield from _named(page, part, said)
        yield from _mistyped(page, part, campaign)
        for person in campaign.directors:
            if person.key in part.squeezed.letters:
                yield from _director(page, part, person)


def _named(page: Page, part: Part, said: Sequence[Form]) -> Iterator[Hit]:
    """A name by its longest form; those inside it do not count separately."""
    taken: list[tuple[int, int]] = []
    for form in said:
        for start, end in part.squeezed.spans(form.key):
            inside = any(a <= start and end <= b for a, b in taken)
            if inside or page.names_us(part, start, end) or page.is_ours(form.key):
                continue
            if is_meant(form, part.text, start, end) and not _is_school(part.text, start):
                taken.append((start, end))
                yield part.hit(start, end)


def _is_school(text: str, start: int) -> bool:
    return bool(_SCHOOL.search(text, max(0, start - 90), start))


def _director(page: Page, part: Part, person: Person) -> Iterator[Hit]:
    """ "Dr. Long", "Professor R. Long", "Long, MD", "Dear Long", "Robert Long"; not "Long-Smith"."""
    program = page.program
    mine = key_of(spelled(program.director_last_name))
    spared = {mine, key_of(spelled(page.case.applicant.name.split()[-1]))}
    whole = person.whole if person.first else ""
    for start, end in part.squeezed.spans(whole) if whole else ():
        ours = page.is_ours(whole) or whole == key_of(spelled(program.director_first_name)) + mine
        if part.text[start].isupper() and not ours and not page.names_us(part, start, end):
            yield part.hit(start, end)
            return
    for start, end in part.squeezed.spans(person.key) if person.key not in spared else ():
        title = _title(part, start, end, person)
        if title is not None and not page.names_us(part, start, end):
            yield part.hit(title, end)


def _title(part: Part, start: int, end: int, person: Person) -> int | None:
    """Where a title and the name begin, if there is a title."""
    text = part.text
    if text[end : end + 1] == "-" or text[start - 1 : start] == "-":
        return None
    if not text[start].isupper():
        return None
    if _DEGREE_BEHIND.match(text, end) or _GREETED.search(text, max(0, start - 40), start):
        return start
    before = TITLE_BEFORE.search(text, max(0, start - 40), start)
    if before is None:
        return None
    given = before[0].split()[1:]
    first = person.first
    fits = not given or not first or given == first.split() or given[0].rstrip(".") == first[:1]
    return before.start() if fits or given[-1] in {"and", "&"} else None


def _mistyped(page: Page, part: Part, campaign: Campaign) -> Iterator[Hit]:
    """Another program's name with a slip of the keyboard: "Palmeto Coast"."""
    for where, (start, end) in page.own_words:
        if where is not part:
            continue
        own = part.text[start:end]
        for word in islice(_LONG_NAME.finditer(own), 50):
            meant = campaign.nearly(word[0].lower())
            if not meant or page.is_ours(meant):
                continue
            fixed = Squeezed(own[: word.start()] + meant.title() + own[word.end() :])
            for form in campaign.names_with(meant):
                for first, last in fixed.spans(form.key):
                    if is_meant(form, fixed.text, first, last):
                        slip = len(word[0]) - len(meant)
                        yield part.hit(start + first, start + last + slip)


def _house(program: Program) -> str:
    return fold(program.institution or program.program)


def generic_reason(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """The same reason for programs of two institutions."""
    house = _house(page.program)
    others = [p for p in _sharing(page, campaign) if _house(p) != house]
    if others:
        yield Hit(f"same reason as {_listed(others)}", "reason")


def similar_reason(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """Nearly the same reason, or the same one within an institution."""
    house = _house(page.program)
    within = [p for p in _sharing(page, campaign) if _house(p) == house]
    if within:
        yield Hit(f"same reason as {_listed(within)}", "reason")
    reason = fold_reason(page.program.reason)
    near = [r for r in _near(reason, tuple(campaign.reasons)) if r != reason] if reason else []
    if near:
        others = [program for r in near for program in campaign.reasons[r]]
        yield Hit(f"nearly the reason for {_listed(others)}", "reason")


def _sharing(page: Page, campaign: Campaign) -> list[Program]:
    found = campaign.reasons.get(fold_reason(page.program.reason), ())
    return [program for program in found if program.id != page.program.id]


def _near(reason: str, reasons: tuple[str, ...]) -> list[str]:
    found = process.extract(
        reason, reasons, scorer=fuzz.ratio, score_cutoff=SIMILAR_FROM, limit=None
    )
    return [other for other, _, _ in found]


def _listed(programs: Sequence[Program]) -> str:
    more = f" and {len(programs) - 1} more" if len(programs) > 1 else ""
    return f"{programs[0].program}{more}"


# Somebody tells of their own life: "I grew up in Denver", "my sister lives in Denver".
_TIE = re.compile(
    r"\b(?:grew|raised|born|hometown|native|childhood|home|come from|i'm from|am from|parents?|mother"
    r"|father|sisters?|brothers?|cousins?|grand\w+|aunt|uncle|husband|wife|partner|fianc\w+|in-laws"
    r"|famil(?:y|ies)|relatives|friends|college|school|undergraduate|university|student|studied"
    r"|rotated|rotation|sub-?internship|elective|volunteer\w*|worked|served|taught|trained|nurse"
    r"|medic|paramedic|emt|scribe|moved from|came from|arrived|spent|years in|lived|commuted|drove"
    r"|driven)\b",
    re.IGNORECASE,
)
_TIE_BEHIND = re.compile(r",? (?:where|when|while|native)\b")
# Somebody tells of a place that belongs to the program: "your satellite clinic in Aurora".
_SITE = re.compile(
    r"\b(?:clinics?|campus(?:es)?|sites?|hospitals?|rotations?|branch(?:es)?|satellites?|weeks|months"
    r"|blocks?|units?|centers?|offices?|shelters?|jails?|schools?|transfers?|referrals?|patients)"
    r"(?: \w+)? (?:in|at|near|from|around|outside|to|as far as)(?: \w+,?| and){0,3} $",
    re.IGNORECASE,
)


_CLAUSE = re.compile(r"[.!?]\s|\n")


def other_city(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """The city of another program, with its capital: "Hope" is a city, "hope" is none.

    Spared is where the applicant comes from, and where a program has a site.
    """
    connection = Squeezed(spelled(page.program.connection))
    for part in page.parts:
        for key in sorted(campaign.cities):
            if key not in part.squeezed.letters or page.is_ours(key):
                continue
            if list(connection.spans(key)):
                continue
            for start, end in part.squeezed.spans(key):
                meant = _names_city(part.text, start, end) and not page.names_us(part, start, end)
                if meant and not _is_told(part.text, start, end):
                    yield part.hit(start, end)


# "western New York" is a part of a state.
_REGION = re.compile(
    r"\b(?:north|south|east|west)(?:ern)? $|\b(?:central|upstate) $", re.IGNORECASE
)
_LONGER_NAME = re.compile(r" (?!I\b)[A-Z][a-z]+|-[A-Za-z]")


def _names_city(text: str, start: int, end: int) -> bool:
    """Whether a city is meant, and no longer name that begins with it ("Denver Health")."""
    if _REGION.search(text, max(0, start - 12), start):
        return False
    behind = _LONGER_NAME.match(text, end)
    return text[start].isupper() and (not behind or key_of(behind[0]) in words("places"))


def _is_told(text: str, start: int, end: int) -> bool:
    clause = _CLAUSE.split(text[max(0, start - 90) : start])[-1]
    return bool(
        _TIE.search(clause)
        or _TIE_BEHIND.match(text, end)
        or _SITE.search(text, max(0, start - 60), start)
    )


def told_before(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """A letter told this program the very score before, on what counted as another occasion.

    A failed attempt that is entered late opens a new occasion, and its letters would tell
    everyone again what they know.
    """
    told = campaign.told.get(page.program.id)
    if told is not None and told.score == str(page.case.applicant.step2.score):
        when = f" on {told.on}" if told.on else ""
        yield Hit(f"letter {told.letter} told them {told.score}{when}", "body")


def number_one_twice(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """More than one program is called the first choice, over the whole season."""
    if campaign.first_choices - {page.program.id}:
        yield from page.hits("number_one")


@lru_cache(maxsize=5_000)
def calls_first_choice(subject: str, body: str) -> bool:
    """Whether a letter calls its program the first choice.

    Asked of every letter of a season, so most are put aside by a glance at their words, and a
    page that stays open asks of each text once.
    """
    ways = [way for phrase in phrases("number_one") for way in phrase.ways]
    read = subject[:MOST_READ], body[:MOST_READ]
    glance = flow("\n".join(read)).lower()
    near = [way for way in ways if any(clue in glance for clue in way.clues)]
    texts = [as_read(text).low for text in read] if near else []
    return any(way.pattern.search(text) for text in texts for way in near)
