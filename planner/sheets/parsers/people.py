"""The name of one person from a cell, as lists have them.

Titles, degrees, brackets, marks and addresses come off.  What says that nobody is known, or
that the person has left, is no name: the letter will greet the Program Director.  What is
neither is refused, because it would stand in a salutation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

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
from planner.sheets.parsers.cells import BadCellError, Noted, line, long_text
from planner.sheets.parsers.name_text import ADDRESS, TEMPLATE, plain_text, without_links
from planner.sheets.parsers.name_words import bare, in_mixed_case, is_shouted, words_of

LONGEST = 300  # characters of a cell with a name


class Person(NamedTuple):
    """What a cell says of a person; without a last name it is nobody.

    `whole` has all parts of the name, middle ones too; `notes` are remarks (code, text);
    `address` a mail address that stood beside the name; `remark`: the cell said more than a
    name, and is worth keeping.
    """

    first: str = ""
    last: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    address: str = ""
    remark: bool = False
    whole: str = ""


_BRACKET = re.compile(r"\(([^()]*)\)|\[([^\][]*)\]|\(([^()]*)$")
# The person is, or may be, there no longer, or is not the director.
_GONE = re.compile(
    r"\b(?:left|leaving|leaves|retired|retiring|resigned|former|formerly|previous(?:ly)?|ex"
    r"|departed|departing|stepped down|stepping down|no longer|replaced|vacant|vacated|until"
    r"|deceased|search|apd|associate|assistant|outgoing|incoming|on leave|sabbatical)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:interim |acting |new |current |co-? ?)?(?:interim|acting|pds?|apd|pc|program directors?"
    r"|residency directors?|directors?|coordinator|program coordinator|contact|name|attn)"
    r"\s*(?:[:=]|\s[-–—](?=\s))\s*",
    re.IGNORECASE,
)
_APART = re.compile(r"\s+(?:/|&|and|\+|\||or|·|•)\s+|\s*[;/|\n]\s*|\s*&\s*(?=[A-Z])", re.IGNORECASE)
_DASH = re.compile(r"\s+[-–—>]+\s*|\s*[–—]\s+|\s*->\s*|\s*:\s+")
# One name in place of another: which of them holds is not said for sure.
_ARROW = re.compile(r"[-=]+>|[→⇒➔➜]")
# "Not posted", "see below", "ask the coordinator": how a remark begins.
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
    """The person of a cell, of two the first; nobody for a post that is not held.

    `surname`: the cell should hold the last name alone, which may have two words.  Raises
    BadCellError for what is no name and no remark.

    >>> person("Maria de la Cruz, MD, MBA")[:2]
    ('Maria', 'de la Cruz')
    >>> person("Vacant (Ana Lee left)")[:2]
    ('', '')
    """
    if len(text) > LONGEST:
        raise _no_name()
    plain = plain_text(long_text(text))
    if "\ufffd" in plain:
        raise BadCellError("bad_name", "expected a name; a letter of it was lost when it was saved")
    if " ".join(plain.casefold().split()) in TITLE_ALONE:
        raise BadCellError("bad_name", "expected the name of a person, not a title")
    if TEMPLATE.search(ADDRESS.sub("", text)):
        raise BadCellError("bad_name", "expected the name of a person, not the mark of a template")
    if is_placeholder(plain) or cells.is_yes(plain) or cells.is_no(plain):
        return Person(remark=_is_worth_keeping(plain))
    if _REMARK.match(plain) or _ARROW.search(plain):
        return Person(remark=True)
    address = ADDRESS.search(plain)
    found = _of_several(without_links(plain), surname)
    return found._replace(
        address=address[1] if address else "", remark=found.remark or not found.last
    )


def _no_name() -> BadCellError:
    return BadCellError(
        "bad_name", "expected the name of a person: letters, spaces, hyphens, apostrophes"
    )


def _is_worth_keeping(text: str) -> bool:
    """Whether a placeholder says more than that a cell is empty."""
    return fold_name(text) not in _EMPTY


_EMPTY = frozenset({"", "0", "nan", "null", "none", "na", "nil", "false", "true", "nd"})


def _of_several(text: str, surname: bool) -> Person:
    """The first of several people, or the one who is called the director."""
    outside = _BRACKET.sub(lambda m: f" {_kept_bracket(m)} ", text)
    parts = [part for part in _APART.split(outside) if part and re.search(r"\w", part)]
    parts = [piece for part in parts for piece in _by_commas(part)]
    if not parts:
        return Person(remark=True)
    chosen = next((part for part in parts if re.search(r"\x01PD\b", part)), parts[0])
    found = _one(chosen, surname)
    people = [part for part in parts if _names(part)]
    if found.last and len(people) > 1:
        note = ("two_people", f"names more than one person; took {found.whole}")
        found = found._replace(notes=(*found.notes, note), remark=True)
    return found


def _kept_bracket(match: re.Match[str]) -> str:
    """What a bracket says that matters, as a mark of its own: who is director, who has left."""
    inside = next(filter(None, match.groups()), "")
    if re.fullmatch(r"\s*(?:pd|program director|director)\s*", inside, re.IGNORECASE):
        return "\x01PD"
    if _GONE.search(inside):
        return "\x01GONE"
    return "\x01REMARK" if len(inside.split()) > 1 or fold_name(inside) in NO_NAMES else ""


def _by_commas(text: str) -> list[str]:
    """A text with commas as people: "Lee, Ana, MD" is one, "Ana Lee, MD, Bo Berg" are two."""
    pieces = [piece.strip() for piece in text.split(",")]
    held: list[list[str]] = []
    for piece in filter(None, pieces):
        if held and not _begins_person(piece, held[-1]):
            held[-1].append(piece)
        else:
            held.append([piece])
    return [", ".join(group) for group in held]


def _begins_person(piece: str, before: Sequence[str]) -> bool:
    """Whether a piece behind a comma is another person, and no degree or first name."""
    words = bare(piece.split())
    if not words:
        return False
    if piece.split()[0].strip(".").casefold() in {"dr", "drs", "prof"}:
        return True
    first = bare(before[0].split())
    behind = [word for part in before[1:] for word in bare(part.split())]
    if len(words) >= 2 and len(first) >= 2 and first[0].casefold() not in PARTICLES:
        return True
    # A second name behind "Lee, Ana" or "Ana Lee, MD" belongs to somebody else.
    return len(words) >= 2 and bool(behind)


def _names(text: str) -> bool:
    return any(is_name(word) for word in bare(text.replace(",", " ").split()))


def _one(text: str, surname: bool) -> Person:
    """One person: the name before a dash, unless what stands behind says that it is not so."""
    remark = "\x01GONE" in text or "\x01REMARK" in text
    if "\x01GONE" in text and "\x01PD" not in text:
        return Person(remark=True)
    text = re.sub(r"\x01\w+", " ", text)
    text = _LABEL.sub("", text.strip())
    name, *behind = _DASH.split(text, maxsplit=1)
    if any(map(_GONE.search, behind)) or re.search(r"\bleft\b", name):
        return Person(remark=True)
    head, *others = name.split(",")
    kept = [piece for piece in others if not is_remark(piece)]
    remark = remark or bool(behind) or len(kept) < len(others)
    if any(_GONE.search(piece) for piece in others if piece not in kept):
        return Person(remark=True)
    pieces = [words for piece in (head, *kept) if (words := words_of(piece))]
    titled = bool(_TITLED.match(name.strip()))
    found = _named(pieces, remark=remark, last_alone=surname or titled)
    if found.last and any(map(_is_all_name, behind)):
        note = ("two_people", f"names two people, or one by two names; took {found.whole}")
        return found._replace(notes=(*found.notes, note))
    return found


def _is_all_name(text: str) -> bool:
    words = bare(text.split())
    return bool(words) and all(map(is_name, words))


_TITLED = re.compile(r"(?:dr|prof|mr|mrs|ms)\b", re.IGNORECASE)


def _named(pieces: Sequence[list[str]], *, remark: bool, last_alone: bool) -> Person:
    """A person from the words before and behind the first comma.

    `last_alone`: a name of two words may be a last name with its particle.
    """
    words = [word for piece in pieces for word in piece]
    if not words:
        return Person(remark=True)
    if any(fold_name(word) in NO_NAMES for word in words):
        return Person(remark=True)
    if len(words) == 1 and is_placeholder(words[0]):
        return Person(remark=True)
    if not all(map(is_name, words)):
        raise _no_name()
    _refuse_unknown_degree(words)
    pieces, notes = in_mixed_case(pieces)
    first, last, odd = _parted(pieces, last_alone)
    if odd:
        notes = (*notes, ("surname_first", f"taken as {last}, with the initial behind"))
    if len(last.strip(".")) == 1 and last.isascii() and last not in _OF_ONE_LETTER:
        raise BadCellError("bad_name", f"expected the whole last name; {last} is an initial")
    whole = " ".join(word for piece in reversed(pieces) for word in piece)
    return Person(first, last, notes, remark=remark, whole=whole)


def _refuse_unknown_degree(words: Sequence[str]) -> None:
    """Raise BadCellError for capitals behind a name that may be a degree or the last name."""
    *before, last = words
    in_capitals = any(map(is_shouted, before)) or all(map(str.isupper, before))
    unknown = (
        is_shouted(last)
        if len(before) > 1
        else len(last) == 2 and last.isalpha() and last.isupper()
    )
    if before and unknown and not in_capitals:
        raise BadCellError("bad_name", f"expected a name; is {last} one, or a degree?")


_OF_ONE_LETTER = frozenset("OEU")
# Hardly ever a first name, though written with a capital.
_LAST_NAMES_BEGIN = frozenset(str.split("St. St Saint De Del Della Dos Du El Von Mac San Santa"))


def _parted(pieces: Sequence[list[str]], last_alone: bool) -> tuple[str, str, bool]:
    """(first, last, whether the surname came first with an initial behind)."""
    if len(pieces) > 1:
        return " ".join(pieces[1]), " ".join(pieces[0]), False
    (words,) = pieces
    if len(words) == 1 or words[0] in PARTICLES or words[0] in _LAST_NAMES_BEGIN:
        return "", " ".join(words), False
    if last_alone and words[0].casefold() in PARTICLES:
        return "", " ".join(words), False
    if len(words) == 2:
        first, last = words
        if len(last.strip(".")) == 1 and len(first.strip(".")) > 1:
            return "", first, True
        return first, last, False
    return (*_split(words), False)


def _split(words: Sequence[str]) -> tuple[str, str]:
    """First and last of three words or more, particles with the last name."""
    from nameparser import HumanName

    name = HumanName(" ".join(words))
    first, last = str(name.first), str(name.last)
    return (first, last) if last else ("", first or " ".join(words))


def full_name(text: str) -> str | Noted:
    """The whole name of a person, for a field that keeps first and last together.

    Empty for nobody.  Raises BadCellError.

    >>> full_name("Dr. Cat B. Dee, MSN").value
    'Cat B. Dee'
    """
    return _noted(person(text), text)


def last_name(text: str) -> str | Noted:
    """The last name of a person, whole or last name alike.

    Several words that are all of a name stay, as they were given as a last name.  Raises
    BadCellError.

    >>> last_name("Garcia Lopez"), last_name("Dr. Smith, MD").value
    ('Garcia Lopez', 'Smith')
    """
    found = person(text, surname=True)
    whole = found.whole if found.whole == text else found.last
    return _noted(found._replace(whole=whole), text)


def first_name(text: str) -> str | Noted:
    """A first name; nothing for a placeholder.  Raises BadCellError for no text.

    >>> first_name("Ana"), first_name("Dr. Ana").value
    ('Ana', 'Ana')
    """
    plain = plain_text(line(text))
    words = [] if is_placeholder(plain) else bare(ADDRESS.sub(" ", plain).split())
    name = " ".join(word for word in words if is_name(word))
    return name if name == text else Noted(name, "name_read", f"taken as {name or 'nothing'}")


def _noted(found: Person, text: str) -> str | Noted:
    if found.whole == text and not found.notes and not found.remark:
        return text
    code, remark = found.notes[0] if found.notes else ("name_read", f"taken as {found.whole}")
    return Noted(found.whole, code, remark if found.whole else "names no one")


# Capitals, small letters and hyphens of Latin scripts: what most names look like.
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
    """The fast lane of `last_name` and `first_name`."""
    return _all_plain(texts, _PLAIN_LAST)


def plain_whole_names(texts: Sequence[str]) -> bool:
    """The fast lane of `full_name`."""
    return _all_plain(texts, _PLAIN_WHOLE)


def _all_plain(texts: Sequence[str], pattern: re.Pattern[str]) -> bool:
    joined = "\n".join(texts) + "\n"
    return (
        joined.count("\n") == len(texts)
        and pattern.fullmatch(joined) is not None
        and _SECOND_LOOK.isdisjoint(joined.casefold().split())
        and max(map(len, texts)) <= LONGEST
    )
