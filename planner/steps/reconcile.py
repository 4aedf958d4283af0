"""Brings a restored database up to date from whichever record knows most."""

from __future__ import annotations

from planner.steps.workspace import Workspace
from planner.store.reconcile import Reconciled
from planner.store.reconcile import reconcile as take_over
from planner.store.taken import Taken

__all__ = ("Reconciled", "Taken", "reconcile")


def reconcile(ws: Workspace) -> Reconciled:
    """Take over what the journal or the witness knows and the database does not.

    Raises TryLaterError while a sender is at work.
    """
    return take_over(ws.store, ws.now())
