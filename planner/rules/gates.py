"""The gates before anything leaves, by whatever door: each says in one sentence why it is closed.

Sending, handing over as a file, copies to oneself, and every door to come ask `closed` for
each letter; nothing else decides whether a letter may leave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from planner.rules.calendar import eastern, shown
from planner.rules.choice import false_claim
from planner.rules.facts import Applicant, LetterKind, Occasion, Program, Service, Verdict
from planner.rules.planning import Decision
from planner.rules.recipients import addresses, fold_address
from planner.rules.situation import Situation
from planner.rules.wording import SERVICE_NAMES


class Approval(NamedTuple):
    """What a letter was approved as, and whether it is still that.

    `intact`: envelope and bytes have the digest that was approved.
    """

    occasion: Occasion
    picked: LetterKind
    kind: LetterKind
    intact: bool = True
    same_account: bool = True
    address_taken_by: str = ""
    to: tuple[str, ...] = ()


# The applicant of config.example.toml, which a new config holds for the user to fill in.
EXAMPLE_NAME, EXAMPLE_ID, EXAMPLE_DOMAIN = "Jane Roe", "12345678", "mail.example"


def still_the_example(who: Applicant) -> tuple[str, ...]:
    """The keys of [applicant] that still hold the example; nothing leaves in its name."""
    found = {
        "name": " ".join(who.name.split()).casefold() == EXAMPLE_NAME.casefold(),
        "aamc_id": who.aamc_id == EXAMPLE_ID,
        "email": fold_address(who.email).rpartition("@")[2] == EXAMPLE_DOMAIN,
    }
    return tuple(key for key, is_example in found.items() if is_example)


def example_gap(who: Applicant) -> str:
    """Why nothing may leave in this applicant's name; empty if it may."""
    keys = [f"applicant.{key}" for key in still_the_example(who)]
    return f"still the example of config.toml: {', '.join(keys)}" if keys else ""


def copy_gap(address: str, programs: Iterable[Program]) -> str:
    """Why no copy to oneself may go to an address; empty if it may.

    A copy is marked [TEST] and leaves no trace in the outbox, so a program must not get one.
    """
    wanted = fold_address(address)
    for program in programs:
        if wanted in {fold_address(known) for known in addresses(program) if known}:
            return f"{address} is an address of #{program.id} {program.program}"
    return ""


def transcript_gap(situation: Situation, service: Service) -> str:
    """Why the new score cannot have reached programs of a service; empty if it can."""
    released = situation.applicant.step2.released_on
    sent = situation.applicant.transcript.get(service)
    name = SERVICE_NAMES[service] or "programs with a service of their own"
    if released is None:
        return "step2_ck.released_on is not set, so no transcript can have the new score"
    if sent is None:
        return (
            f"the new score has not been re-sent through {name} (transcript.{service} is not set)"
        )
    if sent < released:
        return f"transcript.{service} {sent} is before the release on {released}"
    if sent > situation.today:
        return f"the transcript reaches {name} only on {sent} (transcript.{service})"
    return ""


def _example(situation: Situation, _: Decision, __: Approval) -> str:
    return example_gap(situation.applicant)


def _claim(_: Situation, decision: Decision, approval: Approval) -> str:
    why = false_claim(approval.kind, decision.case)
    return f"the letter {approval.kind} would not be true: {why}" if why else ""


def _transcript(situation: Situation, decision: Decision, approval: Approval) -> str:
    if approval.kind is LetterKind.SCORE_PENDING:
        return ""
    return transcript_gap(situation, decision.case.service)


def _approval(_: Situation, __: Decision, approval: Approval) -> str:
    if not approval.intact:
        return "its bytes are not those that were approved; unapprove it and read it again"
    if not approval.same_account:
        return "the mail account is another than at approval; unapprove it and read it again"
    return ""


def _still_true(situation: Situation, decision: Decision, approval: Approval) -> str:
    if approval.occasion != situation.occasion:
        return "it was written for another occasion (another season, attempt, or before the score)"
    if decision.verdict is not Verdict.EMAIL:
        return f"the decision is {decision.verdict} now ({decision.rule}): {decision.reasons[0]}"
    if decision.letter is not approval.picked:
        return f"today the letter would be {decision.letter}, not {approval.picked}"
    return ""


def _addressee(_: Situation, decision: Decision, approval: Approval) -> str:
    """An interview may have taken place since the letter was approved."""
    director, _coordinator = addresses(decision.program)
    wanted = {fold_address(address) for address in approval.to}
    if decision.case.coordinator_only and director and fold_address(director) in wanted:
        return (
            f"{decision.case.specialty.name} allows no contact with faculty after the interview,"
            f" and {director} is the director's address"
        )
    return ""


def _results_week(situation: Situation, decision: Decision, _: Approval) -> str:
    calendar = decision.case.calendar
    if calendar.in_results_week(eastern(situation.now)):
        return f"contact is banned until results are out on {shown(calendar.results_until)}"
    return ""


def _once(_: Situation, __: Decision, approval: Approval) -> str:
    if approval.address_taken_by:
        return f"the address already got the letter for {approval.address_taken_by}"
    return ""


GATES: tuple[tuple[str, Callable[[Situation, Decision, Approval], str]], ...] = (
    ("example", _example),
    ("transcript", _transcript),
    ("approval", _approval),
    ("still_true", _still_true),
    ("claim", _claim),
    ("addressee", _addressee),
    ("results_week", _results_week),
    ("once", _once),
)


def closed(situation: Situation, decision: Decision, approval: Approval) -> str:
    """The first closed gate with its reason ("transcript: ..."); empty if all are open.

    `situation.now` is the real clock, and `decision` was made without the letter's own row.
    """
    for name, look in GATES:
        if reason := look(situation, decision, approval):
            return f"{name}: {reason}"
    return ""
