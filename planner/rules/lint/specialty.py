"""Another specialty than the program's, where the applicant speaks of their own way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from planner.rules.facts import Specialty
from planner.rules.lint.campaign import Campaign
from planner.rules.lint.names import spelled
from planner.rules.lint.page import Page
from planner.rules.lint.part import Hit
from planner.rules.lint.words import doctors
from planner.rules.specialties import Specialties

_WORD = re.compile(r"[a-z]+")


@lru_cache(maxsize=8)
def _words_of(specialties: Specialties) -> Mapping[str, tuple[str, ...]]:
    """Each specialty's words in a letter, by its name; those of combined ones are their parts'."""
    return {
        s.name: (spelled(s.letter_name).lower(), *doctors().get(s.name, ()))
        for s in specialties.all
        if len(s.letter_name) > 4
    }


def _context(words: str) -> re.Pattern[str]:
    """Where a specialty is somebody's own way, or the program's; it is the one group that matches."""
    field = rf"({words})\b"
    return re.compile(
        # "to become a pediatrician", "as a future surgeon"
        r"\b(?:become|becoming|training as|future|aspiring|budding|life as|career as|be an?|being an?"
        rf"|am an?|as an?|myself as an?) (?:an? |the )?(?!former)(?:\w+ ){{0,2}}{field}"
        # "my passion for psychiatry", "my dermatology application"
        r"|\b(?:my|a|lifelong|deep|real|great) (?:\w+ ){0,2}(?:passion|love|interest|calling|career"
        r"|future|commitment|dedication|application|devotion|enthusiasm|heart|path|journey|dream)"
        rf"(?: \w+)? (?:for|in|to|of|toward|is|was|as)(?: an?| the| your)? {field}"
        rf"|\bmy {field} (?:\w+ )?(?:application|career|training|residency|future|dream)\b"
        rf"|\bmy dream ?[:,-] ?{field}"
        # "your dermatology residency", "an intern in general surgery"
        rf"|\b(?:your|the) (?:\w+ ){{0,2}}{field}(?: \w+)? (?:residency|program|interns?)\b"
        rf"|\b{field} (?:residenc(?:y|ies)|applicants?|application|training (?:that )?i)\b"
        r"|\b(?:intern|internship|resident|residency|applicant|applying|apply|application|position"
        rf"|match|matching|specialize|specializing|spot) (?:in|to|for|into) (?:\w+ )?{field}"
        # "a lifetime in emergency medicine", "anything but pediatrics"
        r"|\b(?:decision|choice|path|road|switch|lifetime|life|future|career|passionate|made|born|meant"
        rf"|destined) (?:for|in|to|of|toward|about) (?:be an? |\w+ )?{field}"
        r"|\b(?:anything but|nothing but|fell for|in love with|pursue|pursuing|i chose|i choose"
        rf"|enter|love of|love for) (?:\w+ )?{field}"
        # "emergency medicine has been my calling"
        rf"|\b{field} (?:is|was|has been|has always been|became|remains) (?:\w+ )?(?:my|the"
        r" (?:only )?(?:specialty|field|career)|right for me|what i|where i|the field i)\b"
    )


def other_specialty(page: Page, campaign: Campaign) -> Iterator[Hit]:
    """The letter speaks of another specialty as the applicant's or the program's."""
    ours = page.case.specialty
    named = spelled(ours.letter_name).lower()
    for part in page.parts:
        # Ours may hold another's name: "my neurological surgery application".
        low = part.low.replace(named, "\x01" * len(named))
        for name, words in _words_of(campaign.specialties).items():
            if not any(word in low for word in words) or _akin(ours, name, words):
                continue
            for match in _pattern(words).finditer(low):
                if not page.names_us(part, *match.span(match.lastindex or 0)):
                    yield part.hit(*match.span())


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return _context("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def _akin(ours: Specialty, name: str, words: tuple[str, ...]) -> bool:
    """Whether a specialty is ours or a part of it: pediatrics of medicine-pediatrics."""
    mine = set(_WORD.findall(spelled(f"{ours.name} {ours.letter_name}").lower()))
    return name == ours.name or mine.issuperset(_WORD.findall(words[0]))
