"""Parses email addresses in cells: one or several, with what people write around them.

Brackets, labels, names and marks around an address are removed; any other text beside one is
refused, because it may say not to use the address.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from planner.rules.addresses import LONGEST_PLAIN, normalized
from planner.rules.names import PARTICLES, TITLES, is_degree, is_name, is_placeholder
from planner.sheets.parsers.cells import BadCellError, Noted, clean_line, fold_word
from planner.sheets.parsers.domains import meant_by

DIRECTOR, COORDINATOR = "director", "coordinator"
LONGEST = 500  # characters of a cell with addresses


class Mailbox(NamedTuple):
    """An address, and whose it is according to the label beside it; "" without a label."""

    address: str
    label: str = ""


# Invisible marks that programs paste with an address, except for overrides of the direction.
_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202c\u2060\u2066-\u2069\ufeff]")
_MARKDOWN = re.compile(r"\[[^\][]*\]\(\s*(?:mailto:)?([^()\s?]+)(?:\?[^()]*)?\s*\)", re.IGNORECASE)
ANY_ADDRESS = re.compile(r"[^\s<>()\[\]{},;:|/\"“”‘’]+@[^\s<>()\[\]{},;:|/\"“”‘’]+")
_WRAPPED = re.compile(r"[\"“”‘’]([^\s\"“”‘’]+@[^\s\"“”‘’]+)[\"“”‘’]")
_LABELS = {
    **dict.fromkeys(
        ("pd", "director", "program director", "residency director", "dir", "to"), DIRECTOR
    ),
    **dict.fromkeys(
        ("pc", "coordinator", "coord", "program coordinator", "residency coordinator", "cc"),
        COORDINATOR,
    ),
    **dict.fromkeys(
        ("email", "e mail", "mail", "email address", "contact", "office", "main", "primary")
        + ("secondary", "alternate", "alt", "address", "residency", "program", "gme", "work")
        + ("residency office", "program office", "gme office", "program email", "pd email")
        + ("pc email",),
        "",
    ),
    "pd email": DIRECTOR,
    "pc email": COORDINATOR,
    "director email": DIRECTOR,
    "coordinator email": COORDINATOR,
}
# Words that may say not to use an address, or that it is not the program's.
AGAINST = re.compile(
    r"\b(?:not|no|never|don['’]?t|bounce[sd]?|old|wrong|invalid|former|left|retired|only|ask|before"
    r"|after|until|instead|unless|if|bcc|from|subject|reply)\b|[-=]+>|[→⇒➔➜]",
    re.IGNORECASE,
)
# The cell says that there is no address, or where to look for one.
_NOWHERE = re.compile(
    r"\b(?:website|web site|http|www|portal|contact form|web form|form only|via eras|thalamus"
    r"|phone|call|none|unknown|tbd|n/a|missing|blank|unlisted"
    r"|not (?:listed|found|given|available|provided|published|posted)|no (?:e-?mail|address)s?)\b"
    r"|^[\W_]*$",
    re.IGNORECASE,
)


# Mailboxes that only send.
NOBODYS = re.compile(
    r"(?:no|do-?_?not|dont)[-_.]?reply\b|mailer-?daemon\b|bounces?\b", re.IGNORECASE
)


def parse_email(text: str) -> str | Noted:
    """Parse one email address, by its syntax alone.  Raises BadCellError if there is not one.

    >>> parse_email("Ann Lee <ann@elm.example>")
    'ann@elm.example'
    """
    found = parse_mailboxes(text)
    if len(found) != 1:
        raise BadCellError("bad_email", f"expected one address, not {len(found)}")
    address = checked(found[0].address)
    if found[0].label == COORDINATOR and not isinstance(address, Noted):
        return Noted(address, "other_role", "said to be the coordinator's")
    return address


def checked(address: str) -> str | Noted:
    """Return an address, with a remark if its domain looks like a typo."""
    user, _, domain = address.rpartition("@")
    if NOBODYS.match(user):
        raise BadCellError("bad_email", "expected an address that somebody reads; nobody does here")
    if meant := meant_by(domain):
        remark = f"is {domain} right? {user}@{meant} looks more likely"
        return Noted(address, "unusual_domain", remark)
    return address


def is_nowhere(text: str) -> bool:
    """Whether a cell says that there is no address.

    >>> is_nowhere("see website"), is_nowhere("ann at elm")
    (True, False)
    """
    return "@" not in text and bool(is_placeholder(text) or _NOWHERE.search(text))


@lru_cache(maxsize=4096)
def parse_mailboxes(text: str) -> tuple[Mailbox, ...]:
    """Parse the addresses in a cell, each with its label, in their order.

    Raises BadCellError if there is no address, if one is invalid, or if the text around them
    is neither a label nor a name.

    >>> [box.label for box in parse_mailboxes("pd: a@elm.example / pc: b@elm.example")]
    ['director', 'coordinator']
    """
    if len(text) > LONGEST:
        raise _no_address(f"it has {len(text):,} characters")
    plain = html.unescape(_UNSEEN.sub("", text)) if "&" in text else _UNSEEN.sub("", text)
    plain = _MARKDOWN.sub(lambda m: f" {m[1]} ", plain)
    plain = re.sub(r"(?i)mailto:\s*([^\s?<>]+)(?:\?[^\s<>]*)?", r" \1 ", plain)
    plain = _WRAPPED.sub(r"\1", plain)
    found = [match[0].strip("'`*.!") for match in ANY_ADDRESS.finditer(plain)]
    if not found:
        raise _no_address("no part of it looks like name@domain")
    around = ANY_ADDRESS.split(plain)
    _refuse_text(around)
    labels = _labels(around)
    return tuple(
        dict.fromkeys(
            Mailbox(normal(address), label) for address, label in zip(found, labels, strict=True)
        )
    )


def _no_address(why: str) -> BadCellError:
    return BadCellError("bad_email", f"expected one address such as pd@hospital.example ({why})")


def normal(address: str) -> str:
    """Return an address in its usual form; raises BadCellError for one that is none."""
    try:
        return normalized(address)
    except ValueError as error:
        raise _no_address(str(error)) from None


def _refuse_text(around: Sequence[str]) -> None:
    """Raise BadCellError if the text between addresses is more than labels and names."""
    whole = " ".join(around)
    if AGAINST.search(whole):
        raise _no_address("the words next to it may say not to use it")
    if any(part.count('"') % 2 for part in around) or "\\" in whole or "=?" in whole:
        raise _no_address("an unclosed quotation mark next to it")
    for part in around:
        for row in part.split("\n"):
            *labelled, name = re.split(r"[:=]", row)
            if not all(map(_is_label, labelled)) or not _is_label_or_name(name):
                raise _no_address(f"what is {clean_line(row)!r} next to it?")


# Marks between words; a hyphen inside a word belongs to a name.
_MARKS = re.compile(r"(?:[\s,;/|&+<>()\[\]{}\"'“”‘’`*–—]|(?<!\w)-|-(?!\w))+|\.(?=\s|$)")


def _is_label(text: str) -> bool:
    bare = fold_word(text)
    return not bare or bare in _LABELS


def _is_label_or_name(text: str) -> bool:
    """Whether a text is a label, or names with titles and degrees."""
    if _is_label(text):
        return True
    words = [word for word in _MARKS.split(text) if word]
    rest = [
        word
        for word in words
        if word.casefold() not in {*TITLES, "and", "or", "pd", "pc"} and not is_degree(word)
    ]
    return len(rest) <= 8 and all(map(_is_of_name, rest))


def _is_of_name(word: str) -> bool:
    """Whether a word may be part of a name: it has a capital, or is a particle such as "van"."""
    return is_name(word) and (word in PARTICLES or any(map(str.isupper, word)))


def _labels(around: Sequence[str]) -> list[str]:
    """Return whose each address is, by the label before it, or the bracket after it."""
    found = []
    for before, behind in pairwise(around):
        bracket = re.match(r"[\s>]*(?:[(\[]|[-–—]\s)([^)\];/|,\n]*)", behind)
        own = re.split(r"[;/|,\n)\]]", before)[-1]
        label = _LABELS.get(fold_word(own), "")
        found.append(label or (_LABELS.get(fold_word(bracket[1]), "") if bracket else ""))
    return found


# Only single characters are possessive: before Python 3.11.5, a possessive group may match
# wrongly (https://github.com/python/cpython/issues/106052).
_PLAIN_ADDRESSES = re.compile(
    r"(?:(?:[A-Za-z0-9_+-]++(?:\.[A-Za-z0-9_+-]++)*"
    r"@(?:[a-z0-9]++(?:-[a-z0-9]++)*\.)+[a-z]{2,24}+)?\n)*"
)
_OF_NOBODY = tuple(w for word in ("reply", "daemon", "bounce") for w in (word, word.title()))
_DOMAINS = re.compile(r"@(.*)")


def plain_emails(texts: Sequence[str]) -> bool:
    """Whether `parse_email` would return all of these texts unchanged; see `cells`."""
    joined = "\n".join(texts) + "\n"
    return (
        joined.count("\n") == len(texts)
        and max(map(len, texts)) <= LONGEST_PLAIN
        and _PLAIN_ADDRESSES.fullmatch(joined) is not None
        and not any(map(meant_by, set(_DOMAINS.findall(joined))))
        and not any(word in joined for word in _OF_NOBODY)
    )
