"""Words of closed lists: yes and no, a status, a policy, a signal, a service."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from planner.rules.facts import ContactPolicy, Service, Signal, Status, Step2Policy
from planner.sheets.parsers.cells import NO, YES, ZERO_WIDTH, BadCellError, Noted, line

T = TypeVar("T")


def yes_no(text: str) -> bool:
    """yes/no in its usual spellings.  Raises BadCellError."""
    word = text.casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise BadCellError("bad_yes_no", "expected yes or no")


def connection(text: str) -> str | None:
    """What ties the applicant to the program; None for no.  Raises BadCellError."""
    return None if text.casefold() in NO else line(text)


def fold_word(text: str) -> str:
    """A word of a vocabulary without case, spacing and punctuation."""
    return re.sub(r"[^a-z0-9]+", " ", ZERO_WIDTH.sub("", text).casefold()).strip()


STATUS_WORDS: Mapping[str, Status] = {
    **{fold_word(s.value): s for s in Status},
    "pending": Status.APPLIED,
    "submitted": Status.APPLIED,
    "no response": Status.APPLIED,
    "silence": Status.APPLIED,
    "invite": Status.INVITED,
    "invitation": Status.INVITED,
    "ii": Status.INVITED,
    "iv": Status.INVITED,
    "iv offered": Status.INVITED,
    "iv offer": Status.INVITED,
    "iv invite": Status.INVITED,
    "iv scheduled": Status.INVITED,
    "interview offered": Status.INVITED,
    "interview scheduled": Status.INVITED,
    "interview invite": Status.INVITED,
    "interview done": Status.INTERVIEWED,
    "interview completed": Status.INTERVIEWED,
    "iv done": Status.INTERVIEWED,
    "iv complete": Status.INTERVIEWED,
    "iv completed": Status.INTERVIEWED,
    "waitlist": Status.WAITLISTED,
    "wait list": Status.WAITLISTED,
    "wait listed": Status.WAITLISTED,
    "wl": Status.WAITLISTED,
    "hold": Status.ON_HOLD,
    "declined": Status.REJECTED,
    "rejection": Status.REJECTED,
    "reject": Status.REJECTED,
    "r": Status.REJECTED,
    "withdrew": Status.WITHDRAWN,
    "withdraw": Status.WITHDRAWN,
    "w": Status.WITHDRAWN,
    "did not apply": Status.NOT_APPLIED,
}

POLICY_WORDS: Mapping[str, Step2Policy] = {
    **{fold_word(p.value): p for p in Step2Policy},
    "no": Step2Policy.NONE,
    "n": Step2Policy.NONE,
    "f": Step2Policy.NONE,
    "0": Step2Policy.NONE,
    "false": Step2Policy.NONE,
    "not required": Step2Policy.NONE,
    "preferred": Step2Policy.MENTIONED,
    "recommended": Step2Policy.MENTIONED,
    "strongly considered": Step2Policy.STRONGLY_CONSIDERED,
    "strongly preferred": Step2Policy.STRONGLY_CONSIDERED,
    "requested by program": Step2Policy.REQUESTED,
    "required for ranking": Step2Policy.REQUIRED_TO_RANK,
    "required for rank": Step2Policy.REQUIRED_TO_RANK,
}
NEEDED_TO_APPLY = frozenset({"required", "yes", "y", "true", "x", "1"})

SIGNAL_WORDS: Mapping[str, Signal] = {
    **{s.value: s for s in Signal},
    "signal": Signal.YES,
    "signaled": Signal.YES,
    "gold signal": Signal.GOLD,
    "silver signal": Signal.SILVER,
}

CONTACT_WORDS: Mapping[str, ContactPolicy] = {
    **{fold_word(p.value): p for p in ContactPolicy},
    "only if asked": ContactPolicy.IF_ASKED,
    "no contact": ContactPolicy.NONE,
    "do not contact": ContactPolicy.NONE,
    "do not email": ContactPolicy.NONE,
    "ok": ContactPolicy.OPEN,
}

SERVICE_WORDS: Mapping[str, Service] = {
    **{s.value: s for s in Service},
    "sf match": Service.SFMATCH,
    "residency cas": Service.RESIDENCYCAS,
    "rcas": Service.RESIDENCYCAS,
}


def _word(text: str, words: Mapping[str, T], code: str) -> T:
    found = words.get(fold_word(text))
    if found is None:
        values = ", ".join(dict.fromkeys(str(v) for v in words.values()))
        raise BadCellError(code, f"expected one of: {values}")
    return found


def status(text: str) -> Status:
    """How far things have come.  Raises BadCellError."""
    return _word(text, STATUS_WORDS, "bad_status")


def step2_policy(text: str) -> Step2Policy | Noted:
    """What the program says about Step 2 CK.  Raises BadCellError.

    "required" means needed to apply, which is not needed to rank: `mentioned`.
    """
    if text == "-":
        return Step2Policy.NONE
    if fold_word(text) in NEEDED_TO_APPLY or text in YES:
        return Noted(
            Step2Policy.MENTIONED,
            "required_to_apply",
            "needed to apply is not needed to rank: taken as mentioned"
            " (write required_to_rank if they said so)",
        )
    return _word(text, POLICY_WORDS, "bad_step2_policy")


def signal(text: str) -> Signal:
    """The preference signal.  Raises BadCellError."""
    if text.casefold() in NO:
        return Signal.NONE
    if text.casefold() in YES:
        return Signal.YES
    return _word(text, SIGNAL_WORDS, "bad_signal")


def contact_policy(text: str) -> ContactPolicy:
    """Whether they want mail.  Raises BadCellError."""
    return _word(text, CONTACT_WORDS, "bad_contact_policy")


def no_contact(text: str) -> ContactPolicy:
    """The same, from a "Do not email" column: yes means none.  Raises BadCellError."""
    if text.casefold() in YES | NO:
        return ContactPolicy.NONE if yes_no(text) else ContactPolicy.OPEN
    return contact_policy(text)


def service(text: str) -> Service:
    """The application service.  Raises BadCellError."""
    return _word(text, SERVICE_WORDS, "bad_application_service")
