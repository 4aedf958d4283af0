"""Last looks over a letter that the decision table wants: contact policy, address, same address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from planner.rules.case import Case
from planner.rules.facts import ContactPolicy, Verdict
from planner.rules.recipients import fold_address
from planner.rules.targeting import Rule

Taken = Mapping[str, str]  # folded address -> name of the program whose letter has it


class Look(NamedTuple):
    """A last check of a letter that the table wants; `why` returns "" if it may be written."""

    rule: str
    verdict: Verdict
    when: str
    why: Callable[[Case, Rule, tuple[str, ...], Taken], str]


def _only_if_asked(case: Case, hit: Rule, _to: tuple[str, ...], _taken: Taken) -> str:
    if case.program.contact_policy is not ContactPolicy.IF_ASKED or case.asks:
        return ""
    return f"They want email only if they asked (contact policy if_asked); otherwise: {hit.id}."


def _unreachable(case: Case, hit: Rule, to: tuple[str, ...], _taken: Taken) -> str:
    if to:
        return ""
    whose = " of the coordinator" if case.coordinator_only else ""
    return (
        f"No usable address{whose}, though rule {hit.id} wants a letter: worth finding an address."
    )


def _shared(_case: Case, _hit: Rule, to: tuple[str, ...], taken: Taken) -> str:
    owner = taken.get(fold_address(to[0]))
    return f"The address {to[0]} already gets the letter for {owner}." if owner else ""


LAST_LOOKS: tuple[Look, ...] = (
    Look(
        "contact_if_asked",
        Verdict.UPDATE_ONLY,
        "they want email only if they asked, and they did not ask",
        _only_if_asked,
    ),
    Look("no_address", Verdict.EXCLUDED, "no usable address", _unreachable),
    Look(
        "same_address",
        Verdict.EXCLUDED,
        "the address already belongs to the letter of an earlier program",
        _shared,
    ),
)
