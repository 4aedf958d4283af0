"""Sending: approved letters leave, one by one, each outcome recorded as it happens.

The flow, told once: hold the sender's lock; recover what a dead sender left; take
back approvals whose facts changed; look at the gates of every due letter and hold
those that are closed; then for each that may go: wait for the pace, look at the gates
again, claim it, deliver it with the mark before the dot, record what the server said.
A fate that concerns the account or the run stops the run; the rest stays approved.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from planner.errors import ExitCode, TryLaterError
from planner.mail.message import Outline, date_header, dated, freeze, reflected, wire_digest
from planner.rules import gates
from planner.rules.pace import Pace, left_today, next_departure
from planner.rules.planning import Decision, Situation, make_plan
from planner.rules.retries import BEFORE_MAIL, STOPS, Fate, Outcome, next_attempt
from planner.rules.states import DUE, GONE, LetterState
from planner.steps.departures import Departure, Gated, SendOptions, SendReport
from planner.steps.draft import book_for, raise_if_mass, void_changed
from planner.steps.review import letters_with
from planner.store import outbox, programs
from planner.store.database import Store
from planner.store.engine import Transaction
from planner.store.outbox import Letter

# Longer than every timeout of a delivery together, the wait after the dot included.
LEASE = timedelta(minutes=30)
DAY = timedelta(hours=24)
# What a run waits for; a longer pause ends it (exit 75), unless it is told to watch.
PATIENCE = timedelta(minutes=2)
POLICY_REFUSALS = 3
# Seconds between tries to record an outcome while another program holds the database.
RECORD_WAITS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)


class Sender(Protocol):
    """What delivers a message: SMTP, or something that stands in for it."""

    async def deliver(
        self, *, sender: str, recipients: Sequence[str], wire: bytes, mark: Callable[[], None]
    ) -> Outcome:
        """Deliver one message; opens a session where there is none."""

    async def close(self) -> None:
        """End the session."""


Clock = Callable[[], datetime]
Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class Postman:
    """One run of sending: what it needs, and what it has seen."""

    store: Store
    situation: Situation
    account: str
    pace: Pace
    clock: Clock
    options: SendOptions = field(default_factory=SendOptions)
    sleep: Sleep = asyncio.sleep
    chance: Callable[[], float] = lambda: secrets.randbelow(1000) / 999
    stop: Callable[[], bool] = lambda: False
    tell: Callable[[str], None] = lambda _text: None
    owner: str = field(default_factory=lambda: secrets.token_hex(8))
    noted: list[Departure] = field(default_factory=list)

    def prepare(self, *, rehearsal: bool = False) -> list[Gated]:
        """Recover, void, and look at the gates of every letter that is due.

        A rehearsal writes nothing of that down.  What cannot leave in this run for
        another reason than a gate goes to `noted`.  Raises PersonNeededError for a mass
        mailing that was not allowed, UnknownNameError for a number that is no letter.
        """
        now = self.clock()
        with self.store.rehearsing() if rehearsal else self.store.writing() as tx:
            wanted = None if self.options.ids is None else letters_with(tx, self.options.ids)
            recovered = outbox.release_expired(tx, at=now, alone=True)
            book = book_for(tx, replace(self.situation, now=now), self.account)
            voided = void_changed(tx, book, at=now, command="send")
            due = self._due(tx, now)
            if not self.options.allow_mass:
                self._refuse_mass(tx, due)
            plan = self._plan(tx, now)
            found = [Gated(letter, self._closed_gate(tx, letter, plan, now)) for letter in due]
            for gated in found:
                outbox.mark(tx, gated.letter.id, held_because=gated.closed or None)
            self.noted = self._note(tx, now, [x.id for x in recovered], voided, wanted)
        return self._limited(found)

    def _due(self, tx: Transaction, now: datetime) -> list[Letter]:
        return [
            letter
            for letter in outbox.find(tx, ids=self.options.ids, states=DUE)
            if letter.next_attempt_at is None or letter.next_attempt_at <= now
        ]

    def _limited(self, found: list[Gated]) -> list[Gated]:
        """At most so many letters as the run may send; what is held does not count."""
        if self.options.limit is None:
            return found
        going = [g for g in found if not g.closed][: self.options.limit]
        return [g for g in found if g.closed or g in going]

    def _note(
        self,
        tx: Transaction,
        now: datetime,
        recovered: Sequence[int],
        voided: Sequence[int],
        wanted: Sequence[Letter] | None,
    ) -> list[Departure]:
        """What a person should hear of besides the letters that are due."""
        noted: dict[int, Departure] = {}
        for letter in outbox.find(tx, ids=self.options.ids):
            if letter.id in recovered and letter.state is LetterState.UNKNOWN:
                noted[letter.id] = Departure(letter, letter.state, reply="the sender was killed")
            elif letter.id in voided:
                reason = letter.held_because or "its facts changed"
                noted[letter.id] = Departure(letter, letter.state, reason=reason)
            elif letter.state is LetterState.DEFERRED and (letter.next_attempt_at or now) > now:
                noted[letter.id] = Departure(letter, letter.state, reply=letter.last_reply or "")
            elif wanted is not None and letter.state not in DUE:
                noted[letter.id] = Departure(letter, letter.state, reason=f"it is {letter.state}")
        return list(noted.values())

    def _refuse_mass(self, tx: Transaction, due: Sequence[Letter]) -> None:
        gone = outbox.find(tx, states=GONE)
        written_to = {x.program_id for x in (*gone, *due) if x.occasion == self.situation.occasion}
        raise_if_mass(self.situation, programs.every(tx), written_to)

    def _plan(self, tx: Transaction, now: datetime) -> dict[int, Decision]:
        """Today's decisions by the real clock.

        A letter that is still due is in no state that counts as "already told", so its
        own row does not stand in its way, and one plan serves for all.
        """
        situation = replace(self.situation, now=now)
        return make_plan(situation, programs.every(tx), outbox.facts(tx)).by_program()

    def _closed_gate(
        self, tx: Transaction, letter: Letter, plan: dict[int, Decision], now: datetime
    ) -> str:
        """Why a letter may not leave now; empty if every gate is open."""
        wire = outbox.wire(tx, letter.id)
        approved = gates.Approval(
            occasion=letter.occasion,
            picked=letter.picked,
            kind=letter.letter,
            intact=wire_digest(letter.sender, (*letter.to, *letter.cc), wire) == letter.digest,
            same_account=letter.account == self.account,
            address_taken_by=outbox.address_is_taken(tx, letter) or "",
        )
        situation = replace(self.situation, now=now)
        return gates.closed(situation, plan[letter.program_id], approved)

    async def run(self, sender: Sender, ready: Sequence[Gated]) -> SendReport:
        """Send what may go.  The sender's lock must be held."""
        report = SendReport()
        report.departures = [
            *self.noted,
            *(Departure(g.letter, g.letter.state, reason=g.closed) for g in ready if g.closed),
        ]
        waiting = [g.letter for g in ready if not g.closed]
        refusals, letter = 0, None
        try:
            while waiting and not report.stopped:
                if not await self.wait(report, waiting):
                    break
                letter = waiting.pop(0)
                departure, outcome = await self._send_one(sender, letter)
                report.departures.append(departure)
                if outcome is None:
                    continue
                self.tell(_line(departure))
                refusals = refusals + 1 if outcome.policy_refusal else 0
                _note_stop(report, outcome, refusals)
        except (asyncio.CancelledError, TryLaterError) as error:
            self._broke_off(report, letter, error)
        finally:
            await sender.close()
        report.departures.extend(Departure(x, x.state) for x in waiting)
        report.departures.sort(key=lambda d: d.letter.id)
        return report

    def _broke_off(self, report: SendReport, letter: Letter | None, error: BaseException) -> None:
        """The run ends in the middle of a letter: say what became of it, as far as is known."""
        report.interrupted = isinstance(error, asyncio.CancelledError)
        report.stopped = "Interrupted." if report.interrupted else str(error)
        report.hint = "planner outbox list shows where each letter is."
        known = {d.letter.id for d in report.departures}
        if letter is None or letter.id in known:
            return
        with self.store.reading() as tx:
            present = outbox.find(tx, ids=[letter.id])[0]
        marked = present.state in {LetterState.COMMITTING, LetterState.UNKNOWN}
        state = LetterState.UNKNOWN if marked else present.state
        report.departures.append(Departure(present, state, reply="the run broke off"))

    async def wait(self, report: SendReport, waiting: Sequence[Letter]) -> bool:
        """Wait until the pace lets the next letter go; False where the run ends here."""
        while True:
            if self.stop():
                report.interrupted = True
                report.stopped = "Interrupted: nothing more was sent."
                report.hint = "planner send goes on with the rest."
                return False
            now = self.clock()
            with self.store.reading() as tx:
                recent = outbox.attempts_since(tx, self.account, now - DAY)
            at = next_departure(self.pace, recent, now, chance=self.chance())
            if at <= now:
                return True
            if at - now > PATIENCE and not self.options.watch:
                report.code = ExitCode.TRY_LATER
                report.stopped = _later(self.pace, recent, now, at, len(waiting))
                report.hint = "Run planner send again then; planner send --watch waits for it."
                return False
            self.tell(f"waiting until {at.astimezone():%H:%M:%S}; {len(waiting)} left")
            await self._nap((at - now).total_seconds())

    async def _nap(self, seconds: float) -> None:
        """Sleep in short pieces, so that an interruption is noticed."""
        while seconds > 0 and not self.stop():
            piece = min(seconds, 0.5)
            await self.sleep(piece)
            seconds -= piece

    async def _send_one(self, sender: Sender, letter: Letter) -> tuple[Departure, Outcome | None]:
        """Claim, deliver, record.  No transaction is open while the network is waited for."""
        now = self.clock()
        with self.store.writing() as tx:
            present = outbox.find(tx, ids=[letter.id])[0]
            if (present.state, present.digest) != (letter.state, letter.digest):
                reason = f"it changed while sending went on; it is {present.state} now"
                return Departure(present, present.state, reason=reason), None
            if closed := self._closed_gate(tx, letter, self._plan(tx, now), now):
                outbox.mark(tx, letter.id, held_because=closed)
                return Departure(letter, letter.state, reason=closed), None
            claimed = outbox.claim(
                tx, letter, owner=self.owner, at=now, lease=LEASE, date=date_header(now)
            )
            outbox.note_attempt(tx, letter.id, self.account, now)
            wire = dated(outbox.wire(tx, letter.id), claimed.date_header or "")
        held = claimed

        def mark() -> None:
            nonlocal held
            with self.store.writing() as tx:
                outbox.move(tx, held, LetterState.COMMITTING, at=self.clock(), command="send")
            held = replace(held, state=LetterState.COMMITTING)

        try:
            outcome = await sender.deliver(
                sender=claimed.sender, recipients=(*claimed.to, *claimed.cc), wire=wire, mark=mark
            )
        except BaseException as error:
            self._abandon(held, letter, type(error).__name__)
            raise
        return await self._record(held, letter, outcome, began=now), outcome

    def _abandon(self, letter: Letter, before: Letter, why: str) -> None:
        """Let go of a letter where the run breaks off: unknown only if the mark was made."""
        marked = letter.state is LetterState.COMMITTING
        state = LetterState.UNKNOWN if marked else LetterState.APPROVED
        with self.store.writing() as tx:
            outbox.move(
                tx,
                letter,
                state,
                at=self.clock(),
                command="send",
                why=f"the run broke off ({why})",
                owner=None,
                lease_until=None,
                **({} if marked else _as_before(before)),
            )

    async def _record(
        self, letter: Letter, before: Letter, outcome: Outcome, *, began: datetime
    ) -> Departure:
        """Write down how a delivery ended; a busy database is waited for, up to a minute.

        Raises TryLaterError where it stays busy: the next start finds the mark.
        """
        for wait in RECORD_WAITS:
            try:
                return self._write_down(letter, before, outcome, began)
            except TryLaterError:
                await self.sleep(wait)
        return self._write_down(letter, before, outcome, began)

    def _write_down(
        self, letter: Letter, before: Letter, outcome: Outcome, began: datetime
    ) -> Departure:
        """One transaction: state, reply, when to try again, and what was not spent."""
        now = self.clock()
        spent = not _nothing_spent(outcome)
        with self.store.writing() as tx:
            state, more = self._consequence(tx, letter, outcome, now)
            gave_up = outcome.fate is Fate.DEFERRED and state is LetterState.REFUSED
            said = f"{outcome} (given up: 72 hours, or the lists)" if gave_up else str(outcome)
            if not spent:
                outbox.forget_attempt(tx, letter.id, began)
            outbox.move(
                tx,
                letter,
                state,
                at=now,
                command="send",
                why=f"{outcome.step}: {said}",
                owner=None,
                lease_until=None,
                last_reply=said,
                **more,
                **({} if spent else _as_before(before)),
            )
        return Departure(letter, state, reply=said)

    def _consequence(
        self, tx: Transaction, letter: Letter, outcome: Outcome, now: datetime
    ) -> tuple[LetterState, dict[str, object]]:
        """The state that an outcome leads to, and the columns that go with it."""
        match outcome.fate:
            case Fate.SENT:
                attempts = letter.attempts + 1
                return LetterState.SENT, {"sent_at": now, "attempts": attempts}
            case Fate.REFUSED:
                return LetterState.REFUSED, {"attempts": letter.attempts + 1}
            case Fate.UNKNOWN:
                return LetterState.UNKNOWN, {"attempts": letter.attempts + 1}
            case Fate.DEFERRED:
                return self._deferred(tx, letter, now)
            case Fate.BACK_OFF | Fate.QUOTA | Fate.UNREACHABLE | Fate.LOGIN:
                return LetterState.APPROVED, {}

    def _deferred(
        self, tx: Transaction, letter: Letter, now: datetime
    ) -> tuple[LetterState, dict[str, object]]:
        program = programs.with_ids(tx, [letter.program_id])[0]
        attempts = letter.attempts + 1
        due = next_attempt(
            now,
            attempts=attempts,
            first_attempt_at=letter.first_attempt_at or now,
            lists_final=self.situation.calendar_of(program).lists_final,
            chance=self.chance(),
        )
        if due is None:
            return LetterState.REFUSED, {"attempts": attempts}
        return LetterState.DEFERRED, {"attempts": attempts, "next_attempt_at": due}


def _nothing_spent(outcome: Outcome) -> bool:
    """Whether the delivery never came as far as the letter: it counts as no attempt."""
    early = outcome.fate is Fate.BACK_OFF and outcome.step in BEFORE_MAIL
    return early or outcome.fate in {Fate.UNREACHABLE, Fate.LOGIN}


def _as_before(letter: Letter) -> dict[str, object]:
    """The columns of a first attempt as they were before the claim."""
    return {"date_header": letter.date_header, "first_attempt_at": letter.first_attempt_at}


def _line(departure: Departure) -> str:
    word = "not sent" if departure.state is LetterState.APPROVED else departure.state
    return f"{word}: letter {departure.letter.id}, {departure.letter.program}"


def _later(
    pace: Pace, recent: Sequence[datetime], now: datetime, at: datetime, waiting: int
) -> str:
    when = f"{at.astimezone():%a %Y-%m-%d %H:%M}"
    if left_today(pace, recent, now) == 0:
        return f"Today's allowance of {pace.per_day} is used up; {waiting} wait until {when}."
    return f"The send window is closed; {waiting} wait until {when}."


_STOP_WORDS = {
    Fate.BACK_OFF: (ExitCode.TRY_LATER, "The server asks to slow down"),
    Fate.QUOTA: (ExitCode.TRY_LATER, "The account has used up its daily quota"),
    Fate.UNREACHABLE: (ExitCode.TRY_LATER, "The server cannot be reached"),
    Fate.LOGIN: (ExitCode.PERSON_NEEDED, "The server did not let us in"),
}


def _note_stop(report: SendReport, outcome: Outcome, refusals: int) -> None:
    """Stop the run where an outcome concerns more than its letter."""
    if outcome.fate in STOPS:
        report.code, words = _STOP_WORDS[outcome.fate]
        report.stopped = f"{words}: {outcome}. What is left stays approved."
        report.hint = (
            "planner doctor looks at the account."
            if outcome.fate is Fate.LOGIN
            else "Run planner send again later."
        )
    elif refusals >= POLICY_REFUSALS:
        report.code = ExitCode.PERSON_NEEDED
        report.stopped = f"{refusals} refusals for policy in a row: {outcome}."
        report.hint = "A person should look before more is sent: planner outbox list"


async def reflect(
    postman: Postman, sender: Sender, letters: Sequence[Letter], address: str, name: str
) -> SendReport:
    """Send a copy of each letter to oneself: no state is touched, the allowance is counted."""
    report, waiting = SendReport(departures=list(postman.noted)), list(letters)
    try:
        while waiting and not report.stopped:
            if not await postman.wait(report, waiting):
                break
            letter, now = waiting.pop(0), postman.clock()
            original = Outline(
                name, letter.sender, letter.to, letter.cc, letter.subject, letter.body
            )
            copy = reflected(original, address)
            wire = dated(freeze(copy).wire, date_header(now))
            outcome = await sender.deliver(
                sender=letter.sender, recipients=copy.recipients, wire=wire, mark=lambda: None
            )
            if not _nothing_spent(outcome):
                with postman.store.writing() as tx:
                    outbox.note_attempt(tx, None, postman.account, now)
            if outcome.fate in STOPS:
                waiting.insert(0, letter)
            else:
                state = LetterState(outcome.fate.value)
                report.departures.append(Departure(letter, state, reply=str(outcome)))
            _note_stop(report, outcome, 0)
    finally:
        await sender.close()
    report.departures.extend(Departure(x, LetterState.APPROVED) for x in waiting)
    return report
