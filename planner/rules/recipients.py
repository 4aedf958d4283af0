"""To and Cc of a letter, from the addresses of its program."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from planner.rules.addresses import ascii_domain
from planner.rules.facts import AddressChoice, ContactPolicy, Program, Status


def fold_address(address: str) -> str:
    """Fold an address to compare it: every spelling of one mailbox becomes the same.

    Example: `PD@Müller.example` and `pd@xn--mller-kva.example` are one mailbox.
    """
    folded = unicodedata.normalize("NFD", address).casefold()  # Unicode, section 3.13, D145
    folded = unicodedata.normalize("NFC", folded).strip()
    user, at, domain = folded.rpartition("@")
    try:
        return f"{user}{at}{ascii_domain(domain)}"
    except ValueError:  # not a domain, which import and approval report
        return folded


def usable(address: str) -> str:
    """Return the stripped address, or "" if it is not an address."""
    bare = address.strip()
    user, at, domain = bare.rpartition("@")
    return bare if user and at and "." in domain and " " not in bare else ""


def addresses(program: Program) -> tuple[str, str]:
    """Return the director's and the coordinator's usable addresses, or "" for either."""
    return usable(program.director_email), usable(program.coordinator_email)


def recipients(
    program: Program, choice: AddressChoice, copied: Iterable[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (To, Cc) of a letter, with at most one address in each, never the same.

    If a program has only one address, it gets the letter.  `copied` are folded addresses
    that already got another letter; they are not copied again.
    """
    director, coordinator = addresses(program)
    first, second = (
        (coordinator, director) if choice is AddressChoice.COORDINATOR else (director, coordinator)
    )
    to = first or second
    if choice is not AddressChoice.BOTH or not to or not coordinator:
        return ((to,) if to else ()), ()
    already = {fold_address(to), *copied}
    return (to,), (() if fold_address(coordinator) in already else (coordinator,))


Refusals = Mapping[tuple[str, str], Sequence[Program]]  # by specialty and folded address
_NO = frozenset({Status.REJECTED, Status.WITHDRAWN})
_NO_MAIL = frozenset({ContactPolicy.NONE, ContactPolicy.CHANNEL})


def refusals(programs: Iterable[Program]) -> Refusals:
    """Return programs that rejected or want no email, by specialty and folded address."""
    found: dict[tuple[str, str], list[Program]] = {}
    for program in programs:
        if program.status in _NO or program.contact_policy in _NO_MAIL:
            for address in {fold_address(a) for a in addresses(program) if a}:
                found.setdefault((program.specialty, address), []).append(program)
    return found


def refused_at(refused: Refusals, program: Program, to: Iterable[str]) -> list[str]:
    """Say which other programs of the specialty want no letter at these addresses, and why."""
    return [
        f"{address} is also the address of #{other.id} {other.program} ({_no(other)})"
        for address in to
        for other in refused.get((program.specialty, fold_address(address)), ())
        if other.id != program.id
    ]


def _no(program: Program) -> str:
    return str(program.status) if program.status in _NO else "wants no email"
