"""Parses several people in one cell: "PD: Ana Lee <a@…>; coordinator: Bo Ng <b@…>".

Each address belongs to the name before it, and each name to the role in its label.  Any other
text is refused, because it may say not to use an address.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from planner.sheets.parsers import people
from planner.sheets.parsers.addresses import AGAINST, ANY_ADDRESS, COORDINATOR, DIRECTOR, normal
from planner.sheets.parsers.cells import BadCellError, clean_line, fold_word, is_missing
from planner.sheets.parsers.name_parts import Person
from planner.sheets.parsers.several_people import GONE

LONGEST = 500  # characters of a cell
_ENDS = " \t,;:/|<>()[]{}\"'“”–—-"
_APART = re.compile(r"\s*[;|\n]\s*|\s+/\s+")
_ROLES = (
    (
        COORDINATOR,
        re.compile(
            r"\b(?:pc|(?:program )?coord(?:inator)?s?|manager|admin\w*)\b[.:]*", re.IGNORECASE
        ),
    ),
    (DIRECTOR, re.compile(r"\b(?:pd|(?:program |residency )?director|dir)\b[.:]*", re.IGNORECASE)),
)
# The head of a mail line is not a name: what is behind it may be meant for another letter.
_MAIL_LINE = re.compile(r"\b(?:to|cc|bcc|from|rcpt|mail|subject|reply-to)\s*$", re.IGNORECASE)
# Texts that name nobody: the address is that of an office.
_NOBODY = re.compile(
    r"(?:c/o |attn:? )?(?:the )?(?:gme|residency|program|main|dept|department)?\s*"
    r"(?:office|email|e-mail|contact|inbox|address|gme|residency|program)"
    r"|no (?:pd|director|name|one|coordinator|contact)(?: \w+){0,4}",
    re.IGNORECASE,
)


class Contact(NamedTuple):
    """One person or office in a cell: role ("" without a label), person, address."""

    role: str
    person: Person
    address: str = ""


def parse_contacts(text: str) -> list[Contact]:
    """Parse the people in a cell, in their order.

    Raises BadCellError if an address is invalid, or if there is text that is neither a label
    nor a name.

    >>> [(c.role, c.person.last, c.address) for c in parse_contacts(
    ...     "Dr. Ana Núñez <an@elm.example>; coordinator: Bo Ng <bo@elm.example>")]
    [('', 'Núñez', 'an@elm.example'), ('coordinator', 'Ng', 'bo@elm.example')]
    """
    if len(text) > LONGEST:
        raise _not_sure(text[:60])
    found, begin = [], 0
    for match in ANY_ADDRESS.finditer(text):
        *alone, own = _parts(text[begin : match.start()]) or [""]
        found += [_contact(part) for part in alone]
        found.append(_contact(own, normal(match[0].strip("'`*.!"))))
        begin = match.end()
    found += [_contact(part) for part in _parts(text[begin:])]
    return [contact for contact in found if contact.address or contact.person.last]


def _parts(text: str) -> list[str]:
    """Split the text beside addresses into parts for one person each."""
    return [bare for part in _APART.split(text) if (bare := part.strip(_ENDS))]


def _contact(text: str, address: str = "") -> Contact:
    """Read a label and a name; raises BadCellError if the text may be anything else."""
    role, rest = "", text
    for name, pattern in _ROLES:
        if pattern.search(rest):
            role, rest = role or name, pattern.sub(" ", rest)
    name = clean_line(re.sub(r"\(\s*\)", " ", rest)).strip(_ENDS)
    if _NOBODY.fullmatch(clean_line(text)):
        return Contact("", Person(), address)
    if not name or is_missing(name):
        return Contact(role, Person(), address)
    if GONE.search(text) or AGAINST.search(text) or ":" in name or _MAIL_LINE.search(name):
        raise _not_sure(text)
    person = people.person(name)
    if not person.last:
        raise _not_sure(text)
    if not address and not role:
        raise _not_sure(text)
    return Contact(role, person, address)


def _not_sure(text: str) -> BadCellError:
    return BadCellError(
        "bad_contact",
        f"expected names and addresses, such as Ana Lee <pd@hospital.example>; what is"
        f" {clean_line(text)!r}?",
    )


def is_contact(text: str) -> bool:
    """Whether a cell holds an address with a name or a label beside it.

    >>> is_contact("Ana Lee, MD, a@elm.example"), is_contact("a@elm.example")
    (True, False)
    """
    if "@" not in text or len(text) > LONGEST:  # the pattern takes long over a text without end
        return False
    beside = fold_word(ANY_ADDRESS.sub(" ", text))
    return ANY_ADDRESS.search(text) is not None and bool(beside)


def placed(contacts: list[Contact]) -> tuple[Contact | None, Contact | None, list[Contact]]:
    """Return (director, coordinator, others): by label, else the first name is the director's."""
    rest = list(contacts)
    director = _taken(rest, DIRECTOR) or _named(rest)
    coordinator = _taken(rest, COORDINATOR) or _taken(rest, "")
    return director, coordinator, rest


def _taken(rest: list[Contact], role: str) -> Contact | None:
    found = next((c for c in rest if c.role == role), None)
    if found is not None:
        rest.remove(found)
    return found


def _named(rest: list[Contact]) -> Contact | None:
    """Take the first person without a label; an address alone is that of an office."""
    found = next((c for c in rest if not c.role and c.person.last), None)
    if found is not None:
        rest.remove(found)
    return found
