"""The name of one person from a cell, as lists have them.

Titles, degrees, brackets, marks and addresses come off.  What says that nobody is known, or
that the person has left, is no name: the letter will greet the Program Director.  What is
neither is refused, because it would stand in a salutation.
"""

from __future__ import annotations

import html
import re
import unicodedata
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
    is_degree,
    is_name,
    is_placeholder,
)
from planner.sheets.parsers.cells import BadCellError, Noted, line, long_text

LONGEST = 300  # characters of a cell with a name


class Person(NamedTuple):
    """What a cell says of a person; without a last name it is nobody.

    `whole` has all parts of the name, middle ones too; `notes` are remarks (code, text); `address` a mail address that stood beside the name;
    `remark`: the cell said more than a name, and is worth keeping.
    """

    first: str = ""
    last: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    address: str = ""
    remark: bool = False
    whole: str = ""


_ADDRESS = re.compile(r"<?(?:mailto:)?([\w.+'-]+@[\w-]+(?:\.[\w-]+)+)>?", re.IGNORECASE)
_LINK = re.compile(r"\S*(?:://|www\.|\.(?:com|org|edu|net|gov)\b)\S*", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][a-z0-9]*\s*/?>", re.IGNORECASE)
_TEMPLATE = re.compile(r"[{}«»%$\\]|<<|>>|\[[^\]]*name[^\]]*\]", re.IGNORECASE)
_BRACKET = re.compile(r"\(([^()]*)\)|\[([^\][]*)\]|\(([^()]*)$")
# The person is, or may be, there no longer, or is not the director.
_GONE = re.compile(
    r"\b(?:left|leaving|leaves|retired|retiring|resigned|former|formerly|previous(?:ly)?|ex"
    r"|departed|departing|stepped down|stepping down|no longer|replaced|vacant|vacated|until"
    r"|deceased|search|apd|associate|assistant)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:interim |acting |co-?)?(?:interim|acting|pd|apd|pc|program director|residency director|director"
    r"|coordinator|program coordinator|contact|name|attn)\s*:\s*",
    re.IGNORECASE,
)
_APART = re.compile(r"\s+(?:/|&|and|\+|\||or)\s+|\s*[;/|\n]\s*|\s*&\s*(?=[A-Z])", re.IGNORECASE)
_DASH = re.compile(r"\s+[-–—>]+\s*|\s*[–—]\s+|\s*->\s*|\s*:\s+")
_GLUED = re.compile(r"^(?:dr|prof|mr|mrs|ms)\.(?=\w)", re.IGNORECASE)
_MARKS = re.compile(r"[*†‡§¶#^~_\"“”°ªº¹²³⁰-₉,]+")
TITLE_ALONE = frozenset(
    {"pd", "program director", "director", "residency director", "the program director"}
)


@lru_cache(maxsize=8192)
def person(text: str, *, surname: bool = False) -> Person:
    """The person of a cell, of two the first; nobody for a post that is not held.

    `surname`: the cell should hold the last name alone, which may have two words.  Raises BadCellError for what is no name and no remark.

    >>> person("Maria de la Cruz, MD, MBA")[:2]
    ('Maria', 'de la Cruz')
    >>> person("Vacant (Ana Lee left)")[:2]
    ('', '')
    """
    if len(text) > LONGEST:
        raise _no_name()
    plain = _plain(long_text(text))
    if "\ufffd" in plain:
        raise BadCellError("bad_name", "expected a name; a letter of it was lost when it was saved")
    if " ".join(plain.casefold().split()) in TITLE_ALONE:
        raise BadCellError("bad_name", "expected the name of a person, not a title")
    if _TEMPLATE.search(_ADDRESS.sub("", text)):
        raise BadCellError("bad_name", "expected the name of a person, not the mark of a template")
    if is_placeholder(plain):
        return Person(remark=_is_worth_keeping(plain))
    address = _ADDRESS.search(plain)
    found = _of_several(_without_links(plain), surname)
    return found._replace(
        address=address[1] if address else "", remark=found.remark or not found.last
    )


def _no_name() -> BadCellError:
    return BadCellError(
        "bad_name", "expected the name of a person: letters, spaces, hyphens, apostrophes"
    )


def _plain(text: str) -> str:
    """Text without entities, tags, pictures and the marks of footnotes."""
    text = unicodedata.normalize("NFC", html.unescape(text) if "&" in text else text)
    text = _TAG.sub(" ", text)
    seen = (
        c for c in text if c in "\n\ufffd" or unicodedata.category(c) not in _PICTURES or _joins(c)
    )
    plain = _SPREAD.sub(lambda m: m[0].replace(" ", ""), "".join(seen))
    return re.sub(r"\bn/a\b", "NA", plain, flags=re.IGNORECASE).strip()


_PICTURES = frozenset({"So", "Cf", "Cs", "Cn", "Mn"})
# "M. D." and "Ph. D.", in one word.
_SPREAD = re.compile(r"\b(?:M\. D|D\. O|Ph\. ?D|M\. P\. H|M\. B\. A)\b\.?", re.IGNORECASE)


def _joins(mark: str) -> bool:
    """Whether a mark is part of a letter: an accent, not the style of a picture."""
    return "\u0300" <= mark <= "\u036f"


def _is_worth_keeping(text: str) -> bool:
    """Whether a placeholder says more than that a cell is empty."""
    return fold_name(text) not in {
        "",
        "0",
        "nan",
        "null",
        "none",
        "na",
        "nil",
        "false",
        "true",
        "nd",
    }


def _without_links(text: str) -> str:
    without = _ADDRESS.sub(" ", text)
    return _LINK.sub(" ", without).replace("<", " ").replace(">", " > ")


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
    words = _bare(piece.split())
    if not words:
        return False
    if piece.split()[0].strip(".").casefold() in {"dr", "drs", "prof"}:
        return True
    first = _bare(before[0].split())
    behind = [word for part in before[1:] for word in _bare(part.split())]
    if len(words) >= 2 and len(first) >= 2 and first[0].casefold() not in PARTICLES:
        return True
    # A second name behind "Lee, Ana" or "Ana Lee, MD" belongs to somebody else.
    return len(words) >= 2 and bool(behind)


def _bare(words: Sequence[str]) -> list[str]:
    """Words without marks, titles, degrees and roles."""
    found = [word for word in (w.strip(".,'’*†‡") for w in words) if word]
    return [
        word
        for word in found
        if not word.startswith("\x01")
        and word.casefold() not in TITLES
        and not is_degree(word)
        and not _is_dotted_degree(word)
        and word.casefold() not in ROLES
    ]


def _is_dotted_degree(word: str) -> bool:
    return "." in word and fold_name(word) in DEGREES


def _names(text: str) -> bool:
    return any(is_name(word) for word in _bare(text.replace(",", " ").split()))


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
    titled = bool(_TITLED.match(name.strip()))
    pieces = [_words(piece) for piece in name.split(",")]
    pieces = [piece for piece in pieces if piece]
    return _named(pieces, remark=remark or bool(behind), last_alone=surname or titled)


_TITLED = re.compile(r"(?:dr|prof|mr|mrs|ms)\b", re.IGNORECASE)


def _words(piece: str) -> list[str]:
    """The words of a name in a piece: titles, degrees and roles are off its ends."""
    spread = re.sub(r"\b([A-Z])\.\s*(?=[A-Z]\.)", r"\1.", piece)
    words = [_MARKS.sub("", word) for word in _GLUED.sub("", spread.strip()).split()]
    words = [re.sub(r"(?<=[^\W\d_])\d+$", "", word) for word in words]
    words = [word for word in words if word and not re.fullmatch(r"[\d.'’-]+", word)]
    if len(words) > 2 and [w.strip(".").casefold() for w in words[-2:]] in (["m", "d"], ["d", "o"]):
        words = words[:-2]
    while words and (words[0].strip(".").casefold() in TITLES or _is_role(words[0])):
        if len(words) == 1 and not _must_go(words[0]):
            break
        words = words[1:]
    while words and _is_behind(words):
        words = words[:-1]
    return words


def _must_go(word: str) -> bool:
    return not is_name(word)


def _is_role(word: str) -> bool:
    return word.strip(".:").casefold() in ROLES


def _is_behind(words: Sequence[str]) -> bool:
    """Whether the last word stands behind a name: a degree, a role."""
    word = words[-1]
    small = len(words) > 2 and word in {"do", "ms", "ma"}
    if is_degree(word) or _is_dotted_degree(word) or small:
        return len(words) > 1 or _must_go(word)
    return _is_role(word)


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
    pieces, notes = _in_mixed_case(pieces)
    first, last, odd = _parted(pieces, last_alone)
    if odd:
        notes = (*notes, ("surname_first", f"taken as {last}, with the initial behind"))
    whole = " ".join(word for piece in reversed(pieces) for word in piece)
    return Person(first, last, notes, remark=remark, whole=whole)


def _refuse_unknown_degree(words: Sequence[str]) -> None:
    """Raise BadCellError for capitals behind a name that may be a degree or the last name."""
    *before, last = words
    in_capitals = any(map(_is_shouted, before)) or all(map(str.isupper, before))
    if len(before) > 1 and _is_shouted(last) and not in_capitals:
        raise BadCellError("bad_name", f"expected a name; is {last} one, or a degree?")


def _is_shouted(word: str) -> bool:
    return word.isupper() and sum(map(str.isalpha, word)) > 2


def _in_mixed_case(
    pieces: Sequence[list[str]],
) -> tuple[Sequence[list[str]], tuple[tuple[str, str], ...]]:
    """Names that are all capitals or all small, as one writes them."""
    whole = " ".join(word for piece in pieces for word in piece)
    letters = [c for c in whole if c.isalpha()]
    one_case = whole.isupper() or whole.islower()
    shouted = [word for piece in pieces for word in piece if _is_shouted(word)]
    if len(letters) < 2 or not (one_case or shouted) or whole in PARTICLES:
        return pieces, ()
    mixed = [
        [
            _mixed(word, inside=at > 0) if one_case or word in shouted else word
            for at, word in enumerate(piece)
        ]
        for piece in pieces
    ]
    said = " ".join(word for piece in mixed for word in piece)
    return mixed, (("one_case", f"written in one case; taken as {said}"),)


def _mixed(word: str, *, inside: bool = False) -> str:
    """A word of a name in mixed case; `inside`: another word stands before it.

    >>> _mixed("MCDONALD"), _mixed("o'brien-smith"), _mixed("DE"), _mixed("LA", inside=True)
    ('McDonald', "O'Brien-Smith", 'de', 'la')
    """
    small = word.lower()
    if small in PARTICLES and (inside or small in {"de", "van", "von", "der", "del", "di", "da"}):
        return small
    capital = re.sub(r"(?:^|(?<=[-'’.]))[^\W\d_]", lambda m: m[0].upper(), small)
    return re.sub(r"^Mc([a-z])", lambda m: f"Mc{m[1].upper()}", capital)


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
    plain = _plain(line(text))
    words = [] if is_placeholder(plain) else _bare(_ADDRESS.sub(" ", plain).split())
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
    NO_NAMES, TITLES, ROLES, DEGREES, PARTICLES, *(words.split() for words in PLACEHOLDERS)
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
