"""Names of people: one of them, split into first and last."""

from __future__ import annotations

import re
from functools import lru_cache

from planner.sheets.parsers.cells import Noted, fold_word, line

# Words beside a name that the library has to tell from its parts.
_NO_NAME = frozenset(
    str.split(
        "dr doctor prof professor mr mrs ms miss sir dame rev saint st md phd do mba mph jr sr de"
        " del della di da dos das du el al la le van von der den ter ten bin ibn ben abu mac"
    )
)


@lru_cache(maxsize=4096)
def person(text: str) -> tuple[str, str]:
    """(first name, last name) of a whole name, titles and degrees left out."""
    words = text.split()
    if len(words) == 2 and all(map(_is_name, words)):
        return words[0], words[1]
    name, *behind = line(text).split(",")
    if len(name.split()) > 1 and all(map(_is_degree, " ".join(behind).split())):
        return _parted(name)
    return _parted(line(text))


_DEGREES = frozenset(
    str.split(
        "md do phd mph mba ms msc mhs mha ma med msed edd ed jd mbbs mbchb mbbch dds dmd rn np pa"
        " pharmd facp facep faafp facs faap facog fapa faan fccp fhm sfhm faha facc jr sr ii iii"
        " iv"
    )
)


def _is_degree(word: str) -> bool:
    return word.replace(".", "").casefold() in _DEGREES


TWO_PEOPLE = re.compile(r"\s+(?:/|&|and)\s+|\s*[;/\n]\s*")
NOBODY = frozenset({"vacant", "unknown", "tba", "interim", "open", "to be announced"})


def one_person(text: str) -> str | Noted:
    """The name of one person; of two, the first.  Empty for a post that nobody holds."""
    if fold_word(text) in NOBODY:
        return ""
    first, *others = filter(None, TWO_PEOPLE.split(text))
    if not others:
        return text
    return Noted(first, "two_people", f"names more than one person; took {first}")


def _is_name(word: str) -> bool:
    return word.isalpha() and word.istitle() and len(word) > 2 and word.casefold() not in _NO_NAME


def _parted(text: str) -> tuple[str, str]:
    from nameparser import HumanName

    name = HumanName(text)
    first, last = str(name.first), str(name.last)
    words = last.split()
    if not first and len(words) == 2 and words[0][:1].isupper() and not name.title:
        first, last = words
    if not last:
        first, last = "", first or text
    return first, last
