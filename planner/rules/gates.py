"""The gates before anything leaves: each says in one sentence why it is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from planner.rules.calendar import eastern, shown
from planner.rules.facts import LetterKind, Occasion, Service, Verdict
from planner.rules.planning import Decision
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


def transcript_gap(situation: Situation, service: Service) -> str:
    """Why the new score cannot have reached programs of a service; empty if it can."""
    released = situation.applicant.step2.released_on
    sent = situation.applicant.transcript.get(service)
    name = SERVICE_NAMES[service] or "programs with a service of their own"
    if released is None:
        return "step2_ck.released_on is not set, so no transcript can have the new score"
    if sent is None:
        return f"the new score was not re-sent through {name} (transcript.{service} is not set)"
    if sent < released:
        return f"transcript.{service} {sent} is before the release on {released}"
    if sent > situation.today:
        return f"the transcript reaches {name} only on {sent} (transcript.{service})"
    return ""


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
    ("transcript", _transcript),
    ("approval", _approval),
    ("still_true", _still_true),
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
