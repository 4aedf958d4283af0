"""What to do next, for each cause that rules and steps report: the one table of hints.

Rules and steps say what happened, as a code with its facts.  What a person types about it
stands here, because another face of the same steps has other ways to say it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from planner.mail.account import Account
from planner.rules.retries import Cause

# A text, or a function of the account where the hint depends on it.
Hint = str | Callable[[Account], str]

HINTS: Mapping[Cause, Hint] = {}


def hint_for(cause: Cause | None, account: Account) -> str:
    """What to do about a cause; empty where there is nothing to say."""
    hint = HINTS.get(cause, "") if cause is not None else ""
    return hint if isinstance(hint, str) else hint(account)
