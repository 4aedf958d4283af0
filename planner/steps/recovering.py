"""Recovers what a dead sender held, before a person decides about it.

Whoever kills a sender because of a mistake in a letter wants to take that letter back, and
must not have to start another sender for it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from planner.errors import PlannerError
from planner.rules.letters import Letter
from planner.rules.states import UNDER_WAY
from planner.steps.workspace import Workspace
from planner.store.letters import list_letters
from planner.store.recovery import recover


def recover_dead(ws: Workspace) -> Sequence[Letter]:
    """Recover the letters that a dead sender held; return them as they were.

    What cannot be recovered now stays as it is: the command that comes next says why.
    """
    store = ws.store
    with store.read() as tx:
        if not list_letters(tx, states=UNDER_WAY):
            return ()
    with contextlib.suppress(PlannerError), store.sender_lock(), store.begin() as tx:
        return recover(tx, at=ws.now(), alone=store.has_one_sender)
    return ()
