"""Two equal refusals in a row are about the sender, not about either letter.

No table knows every wording.  But if a server turns away two letters to different domains in
the same words, with nothing sent between them, it must be about what they have in common.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from planner.rules.recipients import fold_address
from planner.rules.retries import Cause, Fate, Outcome
from planner.rules.smtp_replies import ADDRESS, LINK

# The beginning of a stored reply: perhaps the step, then the code and the enhanced code.
CODES = re.compile(r"(?:\w+: )?(\d{3}) ?([245]\.\d{1,3}\.\d{1,3}\b)?")
WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


class Earlier(NamedTuple):
    """A letter that was turned away before: its number, the reply, and the recipient's domain."""

    number: int
    said: str
    domain: str


def domain_of(address: str) -> str:
    """Return the folded domain of an address."""
    return fold_address(address).rpartition("@")[2]


def wording(said: str) -> tuple[str, ...]:
    """Return the codes and words of a refusal, without names, numbers and ids.

    >>> wording("550 5.7.1 <a@x.example>: no, id 4Wy9rQ2 at mx1.x.example (about a@x.example)")
    ('550', '5.7.1', 'no', 'id', 'at', 'about')
    """
    codes = CODES.match(said)
    head = tuple(part for part in codes.groups() if part) if codes else ()
    text = LINK.sub("", ADDRESS.sub("", said[codes.end() :] if codes else said))
    return head + tuple(plain.casefold() for word in text.split() if (plain := _plain(word)))


def _plain(word: str) -> str:
    """Return a word of a language; "" for a number, a host name, or an id."""
    bare = word.strip(".,:;!?()[]<>{}\"'*=-")
    common = bare.islower() or bare.isupper() or bare.istitle()
    return bare if common and WORD.fullmatch(bare) else ""


def alike(said: str, domain: str, earlier: Iterable[Earlier]) -> list[Earlier]:
    """Return the letters that were turned away in the same words just before, latest first.

    Empty if all are for the same domain, because a domain may refuse all of its letters.
    """
    words, found = wording(said), list[Earlier]()
    for one in earlier:
        if wording(one.said) != words:
            break
        found.append(one)
    return found if any(one.domain != domain for one in found) else []


def common_cause(outcome: Outcome) -> Outcome | None:
    """Return what an outcome means if the letter before was turned away alike; None: the same.

    A refusal that is surely about a recipient stays one: two recipients may be gone, or full.
    """
    if outcome.reply is None:
        return None
    if outcome.fate is Fate.REFUSED and outcome.cause is None:
        return outcome._replace(fate=Fate.SENDER, cause=Cause.SAME_TWICE, detail="")
    if outcome.fate is Fate.DEFERRED:
        return outcome._replace(fate=Fate.BACK_OFF, cause=Cause.PUT_OFF_TWICE, detail="")
    return None
