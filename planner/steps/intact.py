"""Whether what is stored of an approved letter is what was approved, the Date and all keys included.

The digest covers the envelope and the frozen bytes.  What leaves or decides beside them is
held against those bytes, and against the events, which nobody can change.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.mail.wire import is_date_of, message_id_of, wire_digest
from planner.rules.letters import Letter
from planner.rules.recipients import fold_address
from planner.rules.states import DUE, UNDER_WAY
from planner.store.send_queue import CurrentLetter


def is_intact(letter: Letter, wire: bytes) -> bool:
    """Whether envelope and bytes have the digest that was approved.

    The digest passes over a leading Date line, and none is ever frozen.
    """
    digest = wire_digest(letter.sender, (*letter.to, *letter.cc), wire)
    return digest == letter.digest and not wire.startswith(b"Date: ")


def find_contradicted(letter: Letter, current: CurrentLetter) -> Iterator[str]:
    """The names of stored values that bytes, recipients or events contradict.

    A Date counts until the letter has left: of one that was learned from a journal, this
    database has no claim.
    """
    if letter.message_id and letter.message_id != message_id_of(current.wire):
        yield "message_id"
    if current.to_key != fold_address(letter.to[0]):
        yield "to_key"
    if not current.is_someones:
        yield "applicant_id"
    if current.state in DUE | UNDER_WAY and current.history not in {"", current.state}:
        yield "state"
    may_leave = letter.state in DUE | UNDER_WAY
    if may_leave and letter.date_header and not is_date_of(letter.date_header, current.claimed_at):
        yield "date_header"
