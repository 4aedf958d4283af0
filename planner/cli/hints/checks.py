"""What to type about what `status` and `db check` find."""

from __future__ import annotations

from collections.abc import Mapping

_RESOLVE = "planner outbox resolve ID --delivered (or --not-delivered)"

# What keeps letters from leaving, by the code of its block.
BLOCKS: Mapping[str, str] = {
    "unwanted": "planner leave-out ID",
    "other_score": "planner outbox list --state sent",
    "older_copy": "planner db reconcile",
    "no_programs": "planner import FILE",
    "no_letters": "planner draft",
    "unknown": _RESOLVE,
    "refused": "planner outbox list --state refused, then planner outbox show ID",
    "exported": _RESOLVE,
    "unapproved": "planner review",
    "under_way": "to take one back, stop the sender (Ctrl-C), then: planner cancel ID",
    "transcript": "set [transcript] or step2_ck.released_on in config.toml; planner plan says how",
    "deferred": "planner send --watch, or planner outbox retry ID",
    "account_rests": "planner send after that, or planner send --watch",
    "held": "planner send --dry-run",
    "unsent": "planner send",
    # What the report alone knows, because the status makes no plan.
    "unwritten": "planner draft",
    "no_address": "planner programs set PROGRAM director_email=ADDRESS",
}

_RESTORE = "Put back a copy of the database, then: planner db reconcile"

# An invariant that does not hold, by its name.
INVARIANTS: Mapping[str, str] = {
    "file": _RESTORE,
    "settings": "Close other programs that have it open, or move it to a local disk.",
    "modes": "chmod 600 FILE, or chmod 700 FOLDER",
    "counts": _RESTORE,
    "digests": (
        "planner unapprove ID, then read and approve it again; one that was sent cannot be fixed."
    ),
    "events": (
        "planner db reconcile; if that does not help, restore a copy of the database and run it again"
    ),
    "clock": (
        "If the clock of this machine is wrong, set it right: pace and waits are counted by it."
        " If it was wrong before and is right now, nothing waits for it any longer."
    ),
    "journal": "planner db reconcile",
}
