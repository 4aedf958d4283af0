"""A letter as the bytes that would leave."""

from __future__ import annotations

from planner.mail.message import Outline, dated, freeze
from planner.store import outbox
from planner.store.engine import Transaction
from planner.store.outbox import Letter


def as_it_leaves(tx: Transaction, sender_name: str, letter: Letter) -> bytes:
    """The message as it would follow DATA, before dot-stuffing.

    A frozen letter gives its own bytes, with Date once it had its first attempt; a
    draft is built for the occasion, so its Message-ID is provisional.  Raises
    PlannerError for a draft that no message can be made from.
    """
    if letter.digest is not None:
        wire = outbox.wire(tx, letter.id)
        return dated(wire, letter.date_header) if letter.date_header else wire
    outline = Outline(
        sender_name,
        letter.sender,
        letter.to,
        letter.cc,
        letter.subject,
        letter.body,
        letter.in_reply_to or "",
    )
    return freeze(outline).wire
