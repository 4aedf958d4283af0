"""The applicant of the example that `planner init` writes is nobody."""

from __future__ import annotations

from planner.rules.facts import Applicant

AAMC_ID, DOMAIN = "12345678", "@mail.example"


def is_example(who: Applicant) -> bool:
    """Whether the config still has the example's applicant, in whose name nothing may leave."""
    return who.aamc_id == AAMC_ID or who.email.endswith(DOMAIN)
