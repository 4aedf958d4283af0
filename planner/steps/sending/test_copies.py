"""Copies to oneself: the letters as they would arrive, sent to the applicant's own address."""

from __future__ import annotations

from collections.abc import Sequence

from planner.errors import ExitCode, PersonNeededError, PlannerError, TryLaterError
from planner.mail.message import Outline, freeze, reflected
from planner.mail.wire import date_header, dated
from planner.rules.gates import copy_gap
from planner.rules.letters import Letter
from planner.rules.repeated import wording
from planner.rules.retries import Cause, Fate, Outcome
from planner.rules.states import LetterState
from planner.rules.stops import Stop, StopKind, stop_by, stop_for, stopped_by_user
from planner.rules.transition import is_spent
from planner.steps.sending.due import Due
from planner.steps.sending.report import LetterResult, SendReport
from planner.steps.sending.run import Sender, SenderFactory, SendRun
from planner.steps.workspace import Workspace
from planner.store import account_usage, programs


def refuse_address(ws: Workspace, address: str, *, own: str) -> None:
    """Raise PersonNeededError if copies would go to a program; `own` is the applicant's."""
    with ws.store.read() as tx:
        gap = copy_gap(address, programs.list_programs(tx))
    if gap:
        raise PersonNeededError(f"{gap}; copies are for yourself.", code="not_yourself", own=own)


async def send_copies(
    run: SendRun, make_senders: SenderFactory, due: Due, *, address: str, name: str
) -> SendReport:
    """Send a copy of each letter that may go to `address`; `name` is the applicant's.

    No state is touched; the allowance is counted, and the pace kept.
    """
    known = {result.letter.id: result for result in (*due.noted, *due.held)}
    known |= {letter.id: LetterResult(letter, letter.state) for letter in due.going}
    stopped = None
    if due.going:
        (sender,) = make_senders(1)
        try:
            stopped = await _send_each(run, sender, due.going, known, address=address, name=name)
        finally:
            await sender.close()
    return SendReport([result for _, result in sorted(known.items())], stopped, copies=True)


async def _send_each(
    run: SendRun,
    sender: Sender,
    letters: Sequence[Letter],
    known: dict[int, LetterResult],
    *,
    address: str,
    name: str,
) -> Stop | None:
    """Send one copy after another, and note how each ended; gives what stopped it."""
    before = ""
    for at, letter in enumerate(letters):
        if stopped := await _keep_pace(run, len(letters) - at) or await _find_change(run):
            return stopped
        outcome = await _send_copy(run, sender, letter, address, name)
        if stopped := stop_for(outcome):
            return stopped
        state = LetterState(outcome.fate.value)
        known[letter.id] = LetterResult(letter, state, reply=str(outcome))
        run.tell(f"copy of letter {letter.id}, {letter.program}: {state}")
        if stopped := _refused_again(outcome, before):
            return stopped
        before = str(outcome) if outcome.fate is Fate.REFUSED else ""
    return None


async def _find_change(run: SendRun) -> Stop | None:
    """By another config the letters may be others, and so may the account."""
    try:
        if await run.reread() is None:
            return None
    except PlannerError as error:
        return stop_by(error)
    text = "The config was changed while copies were sent; the others may look different now."
    hint = "Run the same command again."
    return stop_by(TryLaterError(text, hint=hint, code="config_changed"))


def _refused_again(outcome: Outcome, before: str) -> Stop | None:
    """All copies go to one address, so the next one would be refused as these two were."""
    if outcome.fate is not Fate.REFUSED or wording(before) != wording(str(outcome)):
        return None
    text = f"Two copies in a row were refused in the same words: {outcome}."
    return Stop(StopKind.SENDER, ExitCode.PERSON_NEEDED, text, cause=Cause.SAME_TWICE)


async def _keep_pace(run: SendRun, left: int) -> Stop | None:
    """Wait until a copy may leave; a wait that takes longer than a run has patience for ends it."""
    while not run.stop():
        with run.store.begin() as tx:
            wait = run.pacer.find_wait_anew(tx, run.clock())
        if wait is None:
            return None
        if found := wait.stop(run.clock(), left):
            return found
        await run.nap(wait.until)
    return stopped_by_user()


async def _send_copy(
    run: SendRun, sender: Sender, letter: Letter, address: str, name: str
) -> Outcome:
    now = run.clock()
    original = Outline(name, letter.sender, letter.to, letter.cc, letter.subject, letter.body)
    copy = reflected(original, address)

    async def no_mark() -> None:
        return

    run.pacer.note_departure()
    outcome = await sender.deliver(
        sender=letter.sender,
        recipients=copy.recipients,
        wire=dated(freeze(copy).wire, date_header(now)),
        mark=no_mark,
    )
    if is_spent(outcome):
        with run.store.begin() as tx:
            account_usage.count(tx, run.account, now)
    return outcome
