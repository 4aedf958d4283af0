"""Copies to oneself: the letters as they would arrive, sent to the applicant's own address."""

from __future__ import annotations

from collections.abc import Sequence

from planner.errors import ExitCode
from planner.mail.message import Outline, freeze, reflected
from planner.mail.wire import date_header, dated
from planner.rules.letters import Letter
from planner.rules.repeated import wording
from planner.rules.retries import Cause, Fate, Outcome
from planner.rules.states import LetterState
from planner.steps.consequence import is_spent, stop
from planner.steps.departures import Departure, Gated, SendReport, Stop, by_user
from planner.steps.postman import Crew, Postman, Sender
from planner.store import usage


async def reflect(
    postman: Postman, crew: Crew, ready: Sequence[Gated], address: str, name: str
) -> SendReport:
    """Send a copy of each letter that may go to `address`; `name` is the applicant's.

    No state is touched; the allowance is counted, and the pace kept.
    """
    known = {d.letter.id: d for d in postman.noted}
    waiting, before = [], ""
    for gated in ready:
        letter = gated.letter
        known[letter.id] = Departure(letter, letter.state, reason=gated.closed)
        waiting += [] if gated.closed else [letter]
    stopped = None
    if not waiting:
        return SendReport(list(known.values()), copies=True)
    (sender,) = crew(1)
    try:
        while waiting and not (stopped := await _held_up(postman, len(waiting))):
            outcome = await _copy(postman, sender, waiting[0], address, name)
            if stopped := stop(outcome, 0):
                break
            letter, state = waiting.pop(0), LetterState(outcome.fate.value)
            known[letter.id] = Departure(letter, state, reply=str(outcome))
            postman.tell(f"copy of letter {letter.id}, {letter.program}: {state}")
            if stopped := _refused_again(outcome, before):
                break
            before = str(outcome) if outcome.fate is Fate.REFUSED else ""
    finally:
        await sender.close()
    report = sorted(known.values(), key=lambda d: d.letter.id)
    return SendReport(report, stopped, copies=True)


def _refused_again(outcome: Outcome, before: str) -> Stop | None:
    """All copies go to one address, so the next one would be refused as these two were."""
    if outcome.fate is not Fate.REFUSED or wording(before) != wording(str(outcome)):
        return None
    text = f"Two copies in a row were refused in the same words: {outcome}."
    return Stop(ExitCode.PERSON_NEEDED, text, "", cause=Cause.SAME_TWICE)


async def _held_up(postman: Postman, left: int) -> Stop | None:
    """Keep the pace; a wait that takes longer than a run has patience for ends it."""
    while not postman.stop():
        with postman.store.read() as tx:
            wait = postman.wait(tx, postman.clock())
        if wait is None:
            return None
        if found := wait.stop(postman.clock(), left):
            return found
        await postman.nap(wait.until)
    return by_user()


async def _copy(
    postman: Postman, sender: Sender, letter: Letter, address: str, name: str
) -> Outcome:
    now = postman.clock()
    original = Outline(name, letter.sender, letter.to, letter.cc, letter.subject, letter.body)
    copy = reflected(original, address)

    async def no_mark() -> None:
        return

    postman.departed()
    outcome = await sender.deliver(
        sender=letter.sender,
        recipients=copy.recipients,
        wire=dated(freeze(copy).wire, date_header(now)),
        mark=no_mark,
    )
    if is_spent(outcome):
        with postman.store.begin() as tx:
            usage.count(tx, postman.account, now)
    return outcome
