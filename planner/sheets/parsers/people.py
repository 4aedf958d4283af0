"""Parses the name of one person in a cell.

Titles, degrees, brackets, marks and addresses are removed.  If the cell says that nobody is
known, or that the person has left, it is not a name, and the letter greets the Program
Director.  Anything else is refused, because it would end up in a salutation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from planner.rules.garbled import is_damaged
from planner.rules.names import (
    DEGREES,
    NO_NAMES,
    PARTICLES,
    PLACEHOLDERS,
    ROLES,
    TITLES,
    fold_name,
    is_name,
    is_placeholder,
    is_remark,
)
from planner.sheets.parsers import cells
from planner.sheets.parsers.cells import BadCellError, Noted, clean_line, clean_text
from planner.sheets.parsers.name_parts import Person, named, no_name
from planner.sheets.parsers.name_text import ADDRESS, TEMPLATE, plain_text, without_links
from planner.sheets.parsers.name_words import bare, words_of
from planner.sheets.parsers.several_people import (
    APART,
    BRACKET,
    GONE,
    by_commas,
    kept_bracket,
    names_someone,
)

LONGEST = 300  # characters of a cell with a name


_LABEL = re.compile(
    r"^(?:interim |acting |new |current |co-? ?)?(?:interim|acting|pds?|apd|pc|program directors?"
    r"|residency directors?|directors?|coordinator|program coordinator|contact|name|attn)"
    r"\s*(?:[:=]|\s[-–—](?=\s))\s*",
    re.IGNORECASE,
)
_DASH = re.compile(r"\s+[-–—>]+\s*|\s*[–—]\s+|\s*->\s*|\s*:\s+")
# One name replaced by another; which one is valid is not certain.
_ARROW = re.compile(r"[-=]+>|[→⇒➔➜]")
# How a remark begins: "not posted", "see below", "ask the coordinator".
_REMARK = re.compile(
    r"(?:not?|none|see|ask|check|look|same as|to be|to follow|on|currently|still)\s+(?-i:[a-z])"
    r"|new (?:pd|director|program director)\b(?!\s*[:=-])",
    re.IGNORECASE,
)
TITLE_ALONE = frozenset(
    {"pd", "program director", "director", "residency director", "the program director"}
)


@lru_cache(maxsize=8192)
def person(text: str, *, surname: bool = False) -> Person:
    """Parse the person in a cell, the first one of several; nobody for a vacant position.

    `surname`: the cell should hold only the last name, which may have two words.  Raises
    BadCellError if it is neither a name nor a remark.

    >>> person("Maria de la Cruz, MD, MBA")[:2]
    ('Maria', 'de la Cruz')
    >>> person("Vacant (Ana Lee left)")[:2]
    ('', '')
    """
    if len(text) > LONGEST:
        raise no_name()
    plain = plain_text(clean_text(text))
    if "\ufffd" in plain:
        raise BadCellError("bad_name", "expected a name; a letter was lost when it was saved")
    if " ".join(plain.casefold().split()) in TITLE_ALONE:
        raise BadCellError("bad_name", "expected the name of a person, not a title")
    if TEMPLATE.search(ADDRESS.sub("", text)):
        raise BadCellError("bad_name", "expected the name of a person, not a template placeholder")
    if is_placeholder(plain) or _is_answer(plain):
        return Person(remark=_is_worth_keeping(plain))
    if _REMARK.match(plain) or _ARROW.search(plain):
        return Person(remark=True)
    if is_damaged(without_links(plain)):
        raise BadCellError("bad_name", cells.lost_letters("?"))
    address = ADDRESS.search(plain)
    found = _of_several(without_links(plain), surname)
    return found._replace(
        address=address[1] if address else "", remark=found.remark or not found.last
    )


def _is_answer(text: str) -> bool:
    """Whether a text is a yes or a no, and not a last name that is spelled like one."""
    named = text.istitle() and text.casefold() in cells.NAMES_TOO
    return not named and (cells.is_yes(text) or cells.is_no(text))


def _is_worth_keeping(text: str) -> bool:
    """Whether a placeholder says more than an empty cell."""
    return fold_name(text) not in _EMPTY


_EMPTY = frozenset({"", "0", "nan", "null", "none", "na", "nil", "false", "true", "nd"})


def _of_several(text: str, surname: bool) -> Person:
    """Return the first of several people, or the one who is called the director."""
    outside = BRACKET.sub(lambda m: f" {kept_bracket(m)} ", text)
    parts = [part for part in APART.split(outside) if part and re.search(r"\w", part)]
    parts = [piece for part in parts for piece in by_commas(part)]
    if not parts:
        return Person(remark=True)
    chosen = next((part for part in parts if re.search(r"\x01PD\b", part)), parts[0])
    found = _one(chosen, surname)
    people = [part for part in parts if names_someone(part)]
    if found.last and len(people) > 1:
        note = _of_several_named(found, people)
        found = found._replace(notes=(*found.notes, note), remark=True)
    return found


def _of_several_named(found: Person, people: Sequence[str]) -> tuple[str, str]:
    """Return the remark on one person taken of several; "Bríd & Tom Hayes" may share a name."""
    first, second = (bare(people[n].replace(",", " ").split()) for n in (0, 1))
    titled = any(_TITLED.match(part.strip()) for part in people[:2])
    if [found.whole] == first and len(second) == 2 and not titled:
        message = f'{found.last} may be a first name; the letter will say "Dear Dr. {found.last}"'
        return "ambiguous_name", message
    return "two_people", f"names more than one person; took {found.whole}"


def _one(text: str, surname: bool) -> Person:
    """Parse one person: the name before a dash, unless the text after it takes it back."""
    remark = "\x01GONE" in text or "\x01REMARK" in text
    if "\x01GONE" in text and "\x01PD" not in text:
        return Person(remark=True)
    text = re.sub(r"\x01\w+", " ", text)
    text = _LABEL.sub("", text.strip())
    name, *behind = _DASH.split(text, maxsplit=1)
    if any(map(GONE.search, behind)) or re.search(r"\bleft\b", name):
        return Person(remark=True)
    head, *others = name.split(",")
    kept = [piece for piece in others if not is_remark(piece)]
    remark = remark or bool(behind) or len(kept) < len(others)
    if any(GONE.search(piece) for piece in others if piece not in kept):
        return Person(remark=True)
    pieces = [words for piece in (head, *kept) if (words := words_of(piece))]
    titled = bool(_TITLED.match(name.strip()))
    found = named(pieces, remark=remark, last_alone=surname or titled)
    if found.last and any(map(_is_all_name, behind)):
        note = ("two_people", f"names two people, or one by two names; took {found.whole}")
        return found._replace(notes=(*found.notes, note))
    return found


def _is_all_name(text: str) -> bool:
    words = bare(text.split())
    return bool(words) and all(map(is_name, words))


_TITLED = re.compile(r"(?:dr|prof|mr|mrs|ms)\b", re.IGNORECASE)


def full_name(text: str) -> str | Noted:
    """Parse a person's whole name, for a field that keeps first and last together.

    Returns "" for nobody.  Raises BadCellError if it is not a name.

    >>> full_name("Dr. Cat B. Dee, MSN").value
    'Cat B. Dee'
    """
    return _noted(person(text), text)


def last_name(text: str) -> str | Noted:
    """Parse a person's last name, from a whole name or the last name alone.

    Several words that all belong to a name stay, because the column is for last names.
    Raises BadCellError if it is not a name.

    >>> last_name("Garcia Lopez"), last_name("Dr. Smith, MD").value
    ('Garcia Lopez', 'Smith')
    """
    found = person(text, surname=True)
    whole = found.whole if found.whole == text else found.last
    return _noted(found._replace(whole=whole), text)


def first_name(text: str) -> str | Noted:
    """Parse a first name; "" for a placeholder.  Raises BadCellError as `clean_line` does.

    >>> first_name("Ana"), first_name("Dr. Ana").value
    ('Ana', 'Ana')
    """
    plain = plain_text(clean_line(text))
    if is_damaged(plain):
        raise BadCellError("bad_name", cells.lost_letters("?"))
    words = [] if is_placeholder(plain) else bare(ADDRESS.sub(" ", plain).split())
    name = " ".join(word for word in words if is_name(word))
    return name if name == text else Noted(name, "name_read", f"taken as {name or 'nothing'}")


def _noted(found: Person, text: str) -> str | Noted:
    if found.whole == text and not found.notes and not found.remark:
        return text
    code, remark = found.notes[0] if found.notes else ("name_read", f"taken as {found.whole}")
    return Noted(found.whole, code, remark if found.whole else "names no one")


# What most names look like: a capital, then lowercase letters, with hyphens, in Latin script.
_WORD = "[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+(?:-[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+)?"
_PLAIN_LAST = re.compile(rf"(?:(?:{_WORD})?\n)*")
_PLAIN_WHOLE = re.compile(rf"(?:(?:{_WORD} {_WORD})?\n)*")
_SECOND_LOOK = frozenset().union(
    NO_NAMES,
    TITLES,
    ROLES,
    DEGREES,
    PARTICLES,
    cells.YES,
    cells.NO,
    *(words.split() for words in PLACEHOLDERS),
)


def plain_last_names(texts: Sequence[str]) -> bool:
    """Whether `last_name` and `first_name` would return all of these texts unchanged."""
    return _all_plain(texts, _PLAIN_LAST)


def plain_whole_names(texts: Sequence[str]) -> bool:
    """Whether `full_name` would return all of these texts unchanged."""
    return _all_plain(texts, _PLAIN_WHOLE)


def _all_plain(texts: Sequence[str], pattern: re.Pattern[str]) -> bool:
    joined = "\n".join(texts) + "\n"
    return (
        joined.count("\n") == len(texts)
        and pattern.fullmatch(joined) is not None
        and _SECOND_LOOK.isdisjoint(joined.casefold().split())
        and max(map(len, texts)) <= LONGEST
    )
