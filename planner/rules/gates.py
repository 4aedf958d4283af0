"""The gates that every letter must pass before it leaves; a closed gate says why in a sentence.

Sending, exporting to a file, test copies, and any way to be added later ask `closed` for each
letter; nothing else decides whether a letter may leave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from planner.rules.calendar import eastern, shown
from planner.rules.choice import false_claim
from planner.rules.facts import Applicant, LetterKind, Occasion, Program, Service, Verdict
from planner.rules.planning import Decision
from planner.rules.recipients import addresses, fold_address
from planner.rules.score import release_doubt
from planner.rules.situation import Situation
from planner.rules.wording import SERVICE_NAMES

# What is said where the stored state contradicts the events; the way out is another than for
# the other damage.
OTHER_STATE = "stored: damaged in the database: state; it is not what its history says"


class Approval(NamedTuple):
    """What was approved about a letter, and whether that is unchanged.

    `intact`: the envelope and the bytes still have the approved digest.  `address_taken_by`
    is the program whose letter of this occasion already went to the same address, or "".
    `damage` names the stored values that are not as planner writes them.
    """

    occasion: Occasion
    picked: LetterKind
    kind: LetterKind
    intact: bool = True
    same_account: bool = True
    address_taken_by: str = ""
    to: tuple[str, ...] = ()
    damage: Sequence[str] = ()


# The applicant in config.example.toml; a new config begins with it, for the user to change.
EXAMPLE_NAME, EXAMPLE_ID, EXAMPLE_DOMAIN = "Jane Roe", "12345678", "mail.example"


def still_the_example(who: Applicant) -> tuple[str, ...]:
    """Return the keys of [applicant] that still hold the example, in whose name nothing leaves."""
    found = {
        "name": " ".join(who.name.split()).casefold() == EXAMPLE_NAME.casefold(),
        "aamc_id": who.aamc_id == EXAMPLE_ID,
        "email": fold_address(who.email).rpartition("@")[2] == EXAMPLE_DOMAIN,
    }
    return tuple(key for key, is_example in found.items() if is_example)


def example_gap(who: Applicant) -> str:
    """Say why nothing may leave in this applicant's name; "" if it may."""
    keys = [f"applicant.{key}" for key in still_the_example(who)]
    return f"still from the example config: {', '.join(keys)}" if keys else ""


def copy_gap(address: str, programs: Iterable[Program]) -> str:
    """Say why no test copy may go to an address; "" if it may.

    A test copy is marked [TEST] and leaves no trace in the outbox, so programs must not get one.
    """
    wanted = fold_address(address)
    for program in programs:
        if wanted in {fold_address(known) for known in addresses(program) if known}:
            return f"{address} is an address of #{program.id} {program.program}"
    return ""


def transcript_gap(situation: Situation, service: Service) -> str:
    """Say why the new score cannot have reached the programs of a service; "" if it can."""
    released = situation.applicant.step2.released_on
    sent = situation.applicant.transcript.get(service)
    name = SERVICE_NAMES[service] or "programs with their own service"
    if released is None:
        return "step2_ck.released_on is not set, so no transcript can have the new score"
    if doubt := release_doubt(released, situation.today):
        return doubt
    if sent is None:
        return (
            f"the new score has not been re-sent through {name} (transcript.{service} is not set)"
        )
    if sent < released:
        return f"transcript.{service} {sent} is before the release on {released}"
    if sent > situation.today:
        return f"the transcript reaches {name} only on {sent} (transcript.{service})"
    return ""


def _stored(_: Situation, __: Decision, approval: Approval) -> str:
    if not approval.damage:
        return ""
    names = ", ".join(approval.damage)
    return f"damaged in the database: {names}; unapprove it and read it again"


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
        return "the mail account has changed since approval; unapprove it and read it again"
    return ""


def _still_true(situation: Situation, decision: Decision, approval: Approval) -> str:
    if approval.occasion != situation.occasion:
        return "it was written for another season or attempt, or before the score came out"
    if decision.verdict is not Verdict.EMAIL:
        return f"the decision is now {decision.verdict} ({decision.rule}): {decision.reasons[0]}"
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


# (gate, what must hold, why it does not)
GATES: tuple[tuple[str, str, Callable[[Situation, Decision, Approval], str]], ...] = (
    ("stored", "the stored letter is undamaged", _stored),
    ("example", "name, ID and address are yours, not the example's", _example),
    (
        "transcript",
        "re-sent through the program's service between release and today (not for score_pending)",
        _transcript,
    ),
    ("approval", "approved, and unchanged since", _approval),
    ("still_true", "the table, asked again today, still wants this kind of letter", _still_true),
    ("claim", "what this kind of letter says is true today", _claim),
    ("addressee", "the director may still be written to after an interview", _addressee),
    ("results_week", "it is not results week", _results_week),
    ("once", "no other letter for this occasion went to the program or the address", _once),
)


def closed(situation: Situation, decision: Decision, approval: Approval) -> str:
    """Return the first closed gate with its reason ("transcript: ..."); "" if all are open.

    `situation.now` must be the real time, and `decision` made without the letter's own row.
    """
    for name, _, look in GATES:
        if reason := look(situation, decision, approval):
            return f"{name}: {reason}"
    return ""
