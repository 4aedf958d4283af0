"""Which fields of a program the page can correct, by the finding that asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from planner.rules.facts import ContactPolicy, Status


class Correction(NamedTuple):
    """A field with its label; `value` None is typed, in an input of this `kind`."""

    label: str
    field: str
    value: str | None = None
    kind: str = "text"


LAST_NAME = Correction("Last name of the director", "director_last_name")
ADDRESS = Correction("Address of the director", "director_email", kind="email")
INTERVIEW = Correction("Day of the interview", "interview_date", kind="date")

TABLE: Mapping[str, tuple[Correction, ...]] = {
    "no_place": (Correction("Hospital or university", "institution"),),
    "salutation_changed": (LAST_NAME,),
    "bad_salutation": (LAST_NAME,),
    "odd_salutation": (LAST_NAME,),
    "no_director_name": (LAST_NAME,),
    "interview_outside_season": (INTERVIEW,),
    "told_early": (Correction("You told them on", "told_on", kind="date"),),
    "address_refused": (ADDRESS,),
    "note_contradicts": (
        Correction("They said no", "status", Status.REJECTED),
        Correction("I withdrew", "status", Status.WITHDRAWN),
        Correction("They want no email", "contact_policy", ContactPolicy.NONE),
        Correction(
            "They want none after the interview",
            "contact_policy",
            ContactPolicy.NOT_AFTER_INTERVIEW,
        ),
        Correction("They know the score; I told them on", "told_on", kind="date"),
        Correction("Their rank list is certified", "rank_list_locked", "yes"),
        Correction("The interview did not take place", "interview_date", ""),
        Correction("The director is someone else; last name", "director_last_name"),
        Correction("The address is a different one", "director_email", kind="email"),
    ),
}
FIELDS = frozenset(correction.field for row in TABLE.values() for correction in row)
