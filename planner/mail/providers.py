"""What well-known providers let a program do with a mailbox, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from planner.mail.account import Account, Auth, provider_of
from planner.rules.season_dates import Deadline

# Microsoft's message MC786329 to administrators, January 2026.
MICROSOFT_PASSWORDS_UNTIL = date(2026, 12, 31)


def find_deadlines(account: Account) -> Iterator[Deadline]:
    """What changes for this account, and when."""
    by_password = account.auth is not Auth.NONE and not account.auth.takes_token
    if by_password and provider_of(account) == "microsoft365":
        yield Deadline(
            "microsoft365-passwords",
            MICROSOFT_PASSWORDS_UNTIL,
            "Microsoft 365 stops taking passwords from mail programs, by default",
            "An administrator of your school may allow them again; else sign in with a token,"
            " or send letters by hand.",
        )
