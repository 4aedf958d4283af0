"""The journal's word is taken, for a database that was put back from a copy."""

from __future__ import annotations

from planner.errors import ConfigError
from planner.steps.workspace import Workspace
from planner.store.reconcile import Reconciled, Taken
from planner.store.reconcile import reconcile as take_over

__all__ = ("Reconciled", "Taken", "reconcile")


def reconcile(ws: Workspace) -> Reconciled:
    """Take over what the journal knows and the database does not.

    Raises ConfigError for a database that has no journal, TryLaterError while a sender is
    at work.
    """
    if (path := ws.store.path) is None:
        raise ConfigError(
            "A PostgreSQL database has no journal; there is nothing to reconcile.",
            code="no_journal",
        )
    with ws.store.sender_lock(), ws.store.begin(reconciling=True) as tx:
        return take_over(tx, path, ws.now())
