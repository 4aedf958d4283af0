"""Parses several people in one cell: "PD: Ana Lee <a@…>; coordinator: Bo Ng <b@…>".

Each address belongs to the name before it, and each name to the role in its label.  Any other
text is refused, because it may say not to use an address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from planner.sheets.parsers import people
from planner.sheets.parsers.addresses import AGAINST, ANY_ADDRESS, COORDINATOR, DIRECTOR, normal
from planner.sheets.parsers.cells import BadCellError, clean_line, fold_word, is_missing
from planner.sheets.parsers.name_parts import Person
from planner.sheets.parsers.name_words import bare
from planner.sheets.parsers.several_people import GONE, begins_person

LONGEST = 500  # characters of a cell
_ENDS = " \t,;:/|<>()[]{}\"'“”–—-="
# People stand apart by these; a comma may also part a last name from the first, or a degree.
_APART = re.compile(r"\s*[;|\n•·]\s*|\s*/\s*(?!(?:a|o)\b)|\s+(?:and|&|\+)\s+", re.IGNORECASE)
_PRONOUNS = re.compile(r"\((?:she|he|they)\b[^()]*\)", re.IGNORECASE)
_ADDRESS_MARK = "\x02"
# A role or a marked address.  A role in brackets is that of the name before it, one with a colon
# that of the name after it.
_TOKEN = re.compile(
    r"(?P<open>[(\[]\s*)?\b(?:(?P<coordinator>(?:program |residency |gme )?"
    r"(?:pc|coord(?:inator)?s?|manager|admin\w*))"
    r"|(?P<director>pd|(?:program |residency )?director|dir))\b[.]*(?P<colon>\s*[:=])?"
    r"|\x02(?P<address>\d+)\x02",
    re.IGNORECASE,
)
# Two roles for one name.
_BOTH = re.compile(
    r"\b(?:pd|director)\s*(?:[/&+]|and)\s*(?:pc|(?:program )?coordinator)\b"
    r"|\b(?:pc|coordinator)\s*(?:[/&+]|and)\s*(?:pd|(?:program )?director)\b",
    re.IGNORECASE,
)
# Who is neither: a second director, or somebody under one.
_OTHER_ROLE = re.compile(r"\b(?:co-?\s?(?:pds?|directors?)|vice|deputy)\b", re.IGNORECASE)
_DOCTOR = re.compile(
    r"^(?:drs?|prof(?:essor)?|doctor)\b|[\s,](?:m\.?d|d\.?o|mbbs|mbch?b)\b", re.IGNORECASE
)
# The head of a mail line is not a name: what is behind it may be meant for another letter.
_MAIL_LINE = re.compile(r"\b(?:to|cc|bcc|from|rcpt|mail|subject|reply-to)\s*$", re.IGNORECASE)
_LABEL = re.compile(r"e-?mail(?: address)?|mail", re.IGNORECASE)
# Texts that name nobody: the address is that of an office.
_NOBODY = re.compile(
    r"(?:c/o |attn:? )?(?:the )?(?:gme|residency|program|main|dept|department)?\s*"
    r"(?:office|email|e-mail|contact|inbox|address|gme|residency|program)"
    r"|no (?:pd|director|name|one|coordinator|contact)(?: \w+){0,4}",
    re.IGNORECASE,
)


class Contact(NamedTuple):
    """One person or office in a cell: role ("" without a label), person, address.

    `doctor`: the name has a doctor's title.
    """

    role: str
    person: Person
    address: str = ""
    doctor: bool = False


@dataclass(slots=True)
class _Draft:
    """A contact of which parts may follow; `segment` is the part of the cell that it is in."""

    segment: int
    role: str = ""
    names: list[str] = field(default_factory=list)
    address: str = ""
    office: bool = False

    @property
    def name(self) -> str:
        return ", ".join(self.names)


class _Group(NamedTuple):
    """What one piece of a cell says of one person; `colon`: its role has a colon behind it."""

    role: str = ""
    name: str = ""
    address: str = ""
    colon: bool = False


def parse_contacts(text: str) -> list[Contact]:
    """Parse the people in a cell, in their order.

    Raises BadCellError if an address is invalid, if there is text that is neither a label nor
    a name, or if it is not certain whose a role or an address is.

    >>> [(c.role, c.person.last, c.address) for c in parse_contacts(
    ...     "Dr. Ana Núñez (PD), Bo Ng (PC) bo@elm.example")]
    [('director', 'Núñez', ''), ('coordinator', 'Ng', 'bo@elm.example')]
    """
    if len(text) > LONGEST or _BOTH.search(text):
        raise _not_sure(text[:60])
    found: list[str] = []

    def marked(match: re.Match[str]) -> str:
        found.append(normal(match[0].strip("'`*.!")))
        return f" {_ADDRESS_MARK}{len(found) - 1}{_ADDRESS_MARK} "

    plain = ANY_ADDRESS.sub(marked, _PRONOUNS.sub(" ", text))
    cell = _Cell(text)
    for number, segment in enumerate(_APART.split(plain)):
        for piece in segment.split(","):
            cell.take(number, piece, found)
    return cell.contacts()


class _Cell:
    """The people of a cell, read piece by piece."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._drafts: list[_Draft] = []
        self._next = ""  # the role of the name that follows
        self._colon = False  # whether that role had a colon, so that there may be no name
        self._alone = False  # whether the last address stood alone
        self._late = False  # whether a name got a role that stood alone behind it

    def take(self, segment: int, piece: str, addresses: Sequence[str]) -> None:
        """Take a piece without a comma."""
        bare = clean_line(_TOKEN.sub(lambda m: " " if m["address"] else m[0], piece)).strip(_ENDS)
        own = [addresses[int(m["address"])] for m in _TOKEN.finditer(piece) if m["address"]]
        if own and _LABEL.fullmatch(bare):
            self._unnamed(segment, _Group(address=own[0]))
            return
        if _NOBODY.fullmatch(bare):
            self._drafts.append(_Draft(segment, address=(own or [""])[0], office=True))
            return
        if _OTHER_ROLE.search(bare):
            raise _not_sure(bare)
        for group in _groups(piece, addresses):
            if group.name:
                self._named(segment, group)
            else:
                self._unnamed(segment, group)

    def _named(self, segment: int, group: _Group) -> None:
        last = self._drafts[-1] if self._drafts else None
        if last is not None and last.segment == segment and _continues(group, last):
            last.names.append(group.name)
            last.role, last.address = last.role or group.role, group.address
            return
        role = group.role or self._next
        if group.role and self._next and not self._colon:
            raise _not_sure(self.text)
        self._next = ""
        self._drafts.append(_Draft(segment, role, [group.name], group.address))

    def _unnamed(self, segment: int, group: _Group) -> None:
        """Take a role or an address that stands alone, or both: the name is before or after."""
        last = self._drafts[-1] if self._drafts else None
        named = last is not None and bool(last.names)
        near = last is not None and last.segment == segment
        if group.role and group.address:
            if (
                last is not None
                and near
                and named
                and not (last.role or last.address or group.colon)
            ):
                last.role, last.address = group.role, group.address
            else:
                self._drafts.append(_Draft(segment, group.role, [], group.address))
        elif group.address:
            held = last is not None and bool(last.address)
            if held and self._alone and any(d.names and not d.address for d in self._drafts):
                raise _not_sure(self.text)  # some names, then some addresses
            if last is not None and not last.address and not self._next:
                last.address, self._alone = group.address, True
            else:
                self._drafts.append(_Draft(segment, self._next, [], group.address))
                self._next = ""
        elif group.role:
            if last is not None and named and not (last.role or group.colon):
                last.role, self._late = group.role, True
            elif self._next and not group.colon:
                raise _not_sure(self.text)
            else:
                self._next, self._colon = group.role, group.colon

    def contacts(self) -> list[Contact]:
        """Return the contacts.  Raises BadCellError for a name that may be anybody's."""
        found = [_contact(draft) for draft in self._drafts]
        if self._late and any(c.person.last and not c.role for c in found):
            raise _not_sure(self.text)  # was the role between two names that of the second?
        has_director = any(contact.role == DIRECTOR for contact in found)
        lone = [c for c in found if c.person.last and not c.role and not c.address]
        doctors = [c for c in lone if c.doctor]
        for contact in lone:
            if has_director or not contact.doctor or len(doctors) > 1:
                raise _whose(contact.person.whole)
        return [
            _by_title(contact) if contact in lone else contact
            for contact in found
            if contact.address or contact.person.last
        ]


def _groups(piece: str, addresses: Sequence[str]) -> list[_Group]:
    """Split a piece into people: a name with the role and the address beside it."""
    parts: list[tuple[str, str, bool]] = []  # kind, text, whether a role has a colon
    begin = 0
    for match in _TOKEN.finditer(piece):
        if name := clean_line(piece[begin : match.start()]).strip(_ENDS):
            parts.append(("name", name, False))
        if match["address"]:
            parts.append(("address", addresses[int(match["address"])], False))
        else:
            role = COORDINATOR if match["coordinator"] else DIRECTOR
            parts.append(("role", role, bool(match["colon"])))
            if match["open"] and len(parts) > 1:
                parts[-1] = ("behind", role, False)
        begin = match.end()
    if name := clean_line(piece[begin:]).strip(_ENDS):
        parts.append(("name", name, False))
    return [_group(group, piece) for group in _cut(parts, piece)]


def _cut(parts: Sequence[tuple[str, str, bool]], piece: str) -> list[list[tuple[str, str, bool]]]:
    """Cut the parts of a piece where another person begins."""
    names = sum(kind == "name" for kind, *_ in parts)
    roles = sum(kind in {"role", "behind"} for kind, *_ in parts)
    first = parts[0][0] if parts else ""
    before = first == "role"  # roles stand before their names
    if not before and names > 1 and roles:
        loose = [
            kind == "role" and not colon and parts[at + 1][0] == "name"
            for at, (kind, _, colon) in enumerate(parts[:-1])
        ]
        if any(loose) and roles not in {names, names - 1}:
            raise _not_sure(_plain(piece))
        before = any(loose) and roles < names
    groups: list[list[tuple[str, str, bool]]] = []
    for at, part in enumerate(parts):
        kind, _, colon = part
        held = {k for k, *_ in groups[-1]} if groups else set()
        after_role = at > 0 and parts[at - 1][0] == "role" and (before or parts[at - 1][2])
        begins = (
            (kind == "role" and (before or colon) and bool(held))
            or (kind == "name" and bool(held) and not after_role and held != {"address"})
            or (kind == "address" and "address" in held)
        )
        if not groups or begins:
            groups.append([])
        groups[-1].append(part)
    return groups


def _group(parts: Sequence[tuple[str, str, bool]], piece: str) -> _Group:
    """Make one person of parts.  Raises BadCellError if there are two of a kind."""
    names = [text for kind, text, _ in parts if kind == "name"]
    roles = [text for kind, text, _ in parts if kind in {"role", "behind"}]
    addresses = [text for kind, text, _ in parts if kind == "address"]
    if len(names) > 1 or len(addresses) > 1 or len(set(roles)) > 1:
        raise _not_sure(_plain(piece))
    colon = any(colon for *_, colon in parts)
    role, name, address = ((found or [""])[0] for found in (roles, names, addresses))
    return _Group(role, name, address, colon)


def _continues(group: _Group, last: _Draft) -> bool:
    """Whether a name after a comma belongs to the one before: a degree, or the first name."""
    if not last.names or last.address or group.colon:
        return False
    if not bare(group.name.split()):
        return True  # a degree
    if last.role or _DOCTOR.match(last.names[0]):
        return False
    return not begins_person(group.name, last.names)


def _contact(draft: _Draft) -> Contact:
    """Read the name of a contact; raises BadCellError if it may be anything else."""
    name = draft.name
    if draft.office:
        return Contact("", Person(), draft.address)
    if not name or is_missing(name):
        return Contact(draft.role, Person(), draft.address)
    against = GONE.search(name) or AGAINST.search(name)
    if against or ":" in name or "=" in name or _MAIL_LINE.search(name):
        raise _not_sure(name)
    person = people.person(name)
    if not person.last or any(code == "two_people" for code, _ in person.notes):
        raise _not_sure(name)
    if len(draft.names) > 1 and len(bare(draft.names[0].split())) == 1:
        given = bare(draft.names[1].split())
        if len(given) > 1 and all(len(word.strip(".")) > 1 for word in given):
            note = ("ambiguous_name", f"taken as one person, {person.whole}")
            person = person._replace(notes=(*person.notes, note))
    return Contact(draft.role, person, draft.address, is_doctor(name))


def _by_title(contact: Contact) -> Contact:
    """Take a doctor without a role or an address for the director."""
    note = ("title_decides", f"{contact.person.whole} is taken as the director, by the title")
    person = contact.person._replace(notes=(*contact.person.notes, note))
    return contact._replace(role=DIRECTOR, person=person)


def _plain(piece: str) -> str:
    return re.sub(r"\s*\x02\d+\x02\s*", " … ", piece)


def _not_sure(text: str) -> BadCellError:
    return BadCellError(
        "bad_contact",
        "expected names and addresses, each name with its role, such as Ana Lee (PD)"
        f" <pd@hospital.example>, Bo Ng (PC); what is {clean_line(text)!r}?",
    )


def _whose(name: str) -> BadCellError:
    return BadCellError(
        "bad_contact",
        f"whose name is {name!r}? Write PD {name} or {name} (PC), or put the address behind it",
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


def is_doctor(name: str) -> bool:
    """Whether a name has a doctor's title.

    >>> is_doctor("Dr. Ana Lee"), is_doctor("Bo Berg, MD"), is_doctor("Cat Dole, MBA")
    (True, True, False)
    """
    return _DOCTOR.search(name) is not None


def is_labeled(text: str) -> bool:
    """Whether a cell without addresses holds names with their roles.

    >>> is_labeled("Dr Nguyen (PD), Carla Simms (PC)"), is_labeled("Program Coordinator")
    (True, False)
    """
    if "@" in text or len(text) > LONGEST or not _TOKEN.search(text):
        return False
    try:
        return bool(parse_contacts(text))
    except BadCellError:
        return False


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
    """Take the first person without a label, or the only doctor; an address alone is an office's."""
    named = [c for c in rest if not c.role and c.person.last]
    doctors = [c for c in named if c.doctor]
    found = next(iter(doctors if len(doctors) == 1 else named), None)
    if found is not None:
        rest.remove(found)
    return found
