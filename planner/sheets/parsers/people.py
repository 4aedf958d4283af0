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
from planner.sheets.parsers.given_names import is_given
from planner.sheets.parsers.name_parts import Person, named, no_name
from planner.sheets.parsers.name_text import ADDRESS, TEMPLATE, plain_text, without_links
from planner.sheets.parsers.name_words import bare, is_of_service, words_of
from planner.sheets.parsers.several_people import (
    AND_OTHERS,
    APART,
    BRACKET,
    GONE,
    by_commas,
    kept_bracket,
    names_someone,
    role_of,
)

LONGEST = 300  # characters of a cell with a name


_LABEL = re.compile(
    r"^(?:interim |acting |new |current |co-? ?)?(?:interim|acting|pds?|apd|pc|program directors?"
    r"|residency directors?|directors?|coordinator|program coordinator|contact|name|attn)"
    r"\s*(?:[:=]|\s[-–—](?=\s))\s*",
    re.IGNORECASE,
)
_DASH = re.compile(r"\s+[-–—>]+\s*|\s*[–—]\s+|\s*->\s*|\s*:\s+")
_TAKEN_BACK = re.compile(r"\bleft\b|(?i:\bex-?(?:pd|director)\b)")
_COLON = re.compile(r"\s*:")
# One name replaced by another; which one is valid is not certain.
_ARROW = re.compile(r"[-=]+>|[→⇒➔➜]")
# How a remark begins: "not posted", "see below", "ask the coordinator".
_REMARK = re.compile(
    r"(?:not?|none|see|ask|check|look|same as|to be|to follow|on|currently|still)\s+(?-i:[a-z])"
    r"|new (?:pd|director|program director)\b(?!\s*[:=-])"
    r"|(?:new|old|prior|prev(?:ious)?|outgoing|incoming)\s*:|ex-\s*(?=(?-i:[A-Z]))",
    re.IGNORECASE,
)
# The same in other languages, as `cells.fold_word` folds it.
_NOBODY_ABROAD = re.compile(
    r"(?:noch )?(?:unbekannt|nicht (?:bekannt|angegeben|besetzt|gefunden)|vakant|unbesetzt)"
    r"|(?:stelle|position) (?:ist )?(?:offen|vakant|frei|unbesetzt)|keine?r?|keine (?:angaben?|infos?)|niemand"
    r"|(?:siehe|s) (?:die )?(?:web\w*|homepage|internet\w*)|wird (?:noch )?\w+"
    r"|desconocid[oa]|por (?:confirmar|definir|determinar|anunciar)|(?:puesto |plaza )?vacante"
    r"|sin (?:director\w*|nombre|datos|informacion)|ningun[oa]|nadie"
    r"|no (?:disponible|hay|se sabe|encontrad[oa]|aparece|consta)|ver (?:la )?(?:web|pagina)\w*"
    r"|inconnue?|a (?:determiner|confirmer|definir|confirmar|determinar|anunciar)"
    r"|poste (?:vacant|a pourvoir)|aucune?|non (?:disponible|communique|renseigne|indique)"
    r"|pas (?:de |encore )?(?:nom|directeur|directrice|connue?|indique|nommee?)|voir (?:le )?(?:site|web)\w*"
    r"|desconhecid[oa]|sem (?:diretora?|nome|informacao)|ninguem|ver (?:o )?site"
    r"|nao (?:disponivel|informad[oa]|encontrad[oa]|ha|sei)"
)
_NAMES_TOO = frozenset({"offen", "vago", "vaga", "personne"})  # only in lowercase
TITLE_ALONE = frozenset(
    {"pd", "program director", "director", "residency director", "the program director"}
)


@lru_cache(maxsize=8192)
def person(text: str, *, surname: bool = False, role: str = "director") -> Person:
    """Parse the person in a cell, the first one of several; nobody for a vacant position.

    `surname`: the cell should hold only the last name, which may have two words;
    of several people, the one with this `role` is meant.  Raises BadCellError if it is neither
    a name nor a remark.

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
    if is_placeholder(plain) or _is_answer(plain) or _is_nobody_abroad(plain):
        return Person(remark=_is_worth_keeping(plain))
    if _REMARK.match(plain) or _ARROW.search(plain):
        return Person(remark=True)
    if is_damaged(without_links(plain)):
        raise BadCellError("bad_name", cells.lost_letters("?"))
    address = ADDRESS.search(plain)
    found = _of_several(without_links(plain), surname, role)
    return found._replace(
        address=address[1] if address else "", remark=found.remark or not found.last
    )


def _is_nobody_abroad(text: str) -> bool:
    """Whether a text in another language says that nobody is known.

    >>> _is_nobody_abroad("unbekannt"), _is_nobody_abroad("À déterminer"), _is_nobody_abroad("Offen")
    (True, True, False)
    """
    bare = cells.fold_word(text)
    return bool(_NOBODY_ABROAD.fullmatch(bare)) or (bare in _NAMES_TOO and text.islower())


def _is_answer(text: str) -> bool:
    """Whether a text is a yes or a no, and not a last name that is spelled like one."""
    named = text.istitle() and text.casefold() in cells.NAMES_TOO
    return not named and (cells.is_yes(text) or cells.is_no(text))


def _is_worth_keeping(text: str) -> bool:
    """Whether a placeholder says more than an empty cell."""
    return fold_name(text) not in _EMPTY


_EMPTY = frozenset({"", "0", "nan", "null", "none", "na", "nil", "false", "true", "nd"})


def _of_several(text: str, surname: bool, wanted: str) -> Person:
    """Return the first of several people, or the one who has the role that is wanted."""
    alone = AND_OTHERS.sub("", text)
    outside = BRACKET.sub(lambda m: f" {kept_bracket(m)} ", alone)
    split = APART.split(outside)
    parts = [part for part in split if part and re.search(r"\w", part)]
    parts = [piece for part in parts for piece in by_commas(part)]
    if not parts:
        return Person(remark=True)
    chosen = _chosen(parts, wanted)
    if wanted == "director" and role_of(chosen) == "coordinator":
        return Person(remark=True)
    found = _one(chosen, surname)
    people = [part for part in parts if names_someone(part)]
    if "?" in map(str.strip, split) or any(_takes_back(x, wanted) for x in parts if x != chosen):
        return Person(remark=True)  # "Ana Lee / left"
    if not found.last or (len(people) < 2 and alone == text):
        return found
    if chosen == people[0] and len(people) > 1 and _may_share(people):
        note = ("ambiguous_name", f'is "{found.last}" a first name? Left out of the letter')
        return Person(notes=(note,), remark=True)
    note = ("two_people", f"names more than one person; took {found.whole}")
    return found._replace(notes=(*found.notes, note), remark=True)


def _takes_back(part: str, wanted: str) -> bool:
    """Whether another part takes the name back, or says that it is the coordinator's."""
    if not names_someone(part) and wanted == "director" and role_of(part) == "coordinator":
        return True
    sentence = part.strip()[:1].islower() and not role_of(part)
    return bool(GONE.search(part)) and (sentence or not names_someone(GONE.sub(" ", part)))


def _chosen(parts: Sequence[str], wanted: str) -> str:
    """Return the person who has the role that is wanted, or else the first without another."""
    roles = [role_of(part) for part in parts]
    if wanted in roles:
        return parts[roles.index(wanted)]
    return parts[roles.index("")] if "" in roles else parts[0]


def _may_share(people: Sequence[str]) -> bool:
    """Whether the first of two people may share the last name of the second: "Bríd & Tom Hayes"."""
    first, second = (bare(people[n].replace(",", " ").split()) for n in (0, 1))
    clear = any(_TITLED.match(part.strip()) or role_of(part) for part in people[:2])
    given = len(first) == 2 and all(map(is_given, first))  # "Ana, Bob & Cy Lee"
    return (len(first) == 1 or given) and len(second) == 2 and not clear


def _one(text: str, surname: bool) -> Person:
    """Parse one person: the name before a dash, unless the text after it takes it back."""
    remark = "\x01GONE" in text or "\x01REMARK" in text
    if "\x01GONE" in text and "\x01PD" not in text:
        return Person(remark=True)
    text = re.sub(r"\x01\w+", " ", text)
    text = _LABEL.sub("", text.strip())
    name, *behind = _DASH.split(text, maxsplit=1)
    if behind and _COLON.match(text, len(name)) and _is_all_name(behind[0]):
        return Person(remark=True)  # the label of another role
    if any(map(GONE.search, behind)) or _TAKEN_BACK.search(name):
        return Person(remark=True)
    head, *others = name.split(",")
    others = [piece for piece in others if not is_of_service(piece)]
    kept = [piece for piece in others if not is_remark(piece)]
    remark = remark or bool(behind) or len(kept) < len(others)
    if any(GONE.search(piece) for piece in others if piece not in kept):
        return Person(remark=True)
    pieces = [words for piece in (head, *kept) if (words := words_of(piece))]
    titled = bool(_TITLED.match(name.strip()))
    found = named(pieces, remark=remark, last_alone=surname or titled, last_column=surname)
    if found.last and any(map(_is_all_name, behind)):
        note = ("two_people", f"names two people, or one by two names; took {found.whole}")
        return found._replace(notes=(*found.notes, note))
    return found


def _is_all_name(text: str) -> bool:
    words = bare(text.split())
    return bool(words) and all(map(is_name, words))


_TITLED = re.compile(r"(?:dra?|profa?|mr|mrs|ms|herr|frau|mme|sra?)\b", re.IGNORECASE)


def full_name(text: str) -> str | Noted:
    """Parse a person's whole name, for a field that keeps first and last together.

    Returns "" for nobody.  Raises BadCellError if it is not a name.

    >>> full_name("Dr. Cat B. Dee, MSN").value
    'Cat B. Dee'
    """
    return _noted(person(text, role="coordinator"), text)


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
