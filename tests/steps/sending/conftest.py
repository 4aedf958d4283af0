"""Approved letters in a real database, and a run that sends them by a clock of the test's own."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from planner.mail.wire import wire_digest
from planner.rules.calendar import noon
from planner.rules.facts import LetterKind, Status
from planner.rules.pace import Pace
from planner.rules.retries import Fate, Outcome, Reply, Step
from planner.rules.states import LetterState
from planner.steps.sending.due import fetch_due
from planner.steps.sending.gate_checker import GateChecker
from planner.steps.sending.run import Pacer, SendOptions, SendRun
from planner.store.database import Store, open_store
from planner.store.letters import add_draft, get_applicant_id, list_letters, move_letter
from tests.builders import EARLY, a_draft, a_program, a_situation, put

ACCOUNT, ME = "mail.example:587:robin", "robin@applicant.example"
NOW = noon(EARLY).astimezone(UTC)
EVERYTHING = SendOptions()
AT_ONCE = Pace(per_minute=0, per_day=0, window=None)
PLACES = ("Sankt-Georgs-Klinik Österöd", "Alder Creek", "Hôpital de l'Île-aux-Coudres")
SENT = Outcome(Fate.SENT, Step.DOT, Reply(250, "2.0.0 queued"))


@dataclass
class Outbox:
    """The database with its letters, the clock, and what a run has said."""

    store: Store
    now: datetime = NOW
    told: list = field(default_factory=list)
    slept: list = field(default_factory=list)

    def run(self, *, pace=AT_ONCE, options=EVERYTHING, chance=lambda: 0.5, **values):
        """A run that sends at once, unless a pace is given."""

        async def sleep(seconds):
            self.slept.append(seconds)

        given = {"tell": self.told.append, "sleep": sleep, "chance": chance, **values}
        return SendRun(
            store=self.store,
            account=ACCOUNT,
            clock=lambda: self.now,
            gates=GateChecker(a_situation(), ACCOUNT),
            pacer=Pacer(ACCOUNT, pace, lambda: self.now, chance),
            options=options,
            **given,
        )

    def due(self, run):
        """What is due for a run."""
        with self.store.begin() as tx:
            return fetch_due(tx, run)

    def letter(self, number=1):
        """A letter as it stands."""
        with self.store.read() as tx:
            return list_letters(tx, ids=[number])[0]

    def states(self):
        """The state of every letter, in order."""
        with self.store.read() as tx:
            return [str(letter.state) for letter in list_letters(tx)]

    def sql(self, statement):
        """Look at, or harm, the database behind the program's back."""
        with self.store.begin() as tx:
            found = tx.exec_driver_sql(statement)
            return [tuple(row) for row in found] if found.returns_rows else []


@pytest.fixture
def outbox(tmp_path):
    """Three approved letters to programs where the applicant has interviewed."""
    store = open_store("sqlite:///list.sqlite3", base=tmp_path)
    programs = [
        a_program(number, program=place, status=Status.INTERVIEWED)
        for number, place in enumerate(PLACES, 1)
    ]
    put(store, *programs)
    with store.begin() as tx:
        who = get_applicant_id(tx, "10000001", ME)
        for program in programs:
            approve(tx, add_draft(tx, who, a_letter_to(program), at=NOW, command="draft"))
    yield Outbox(store)
    store.close()


def a_letter_to(program):
    kind = LetterKind.AFTER_INTERVIEW
    return a_draft(
        program.id,
        letter=kind,
        picked=kind,
        rule="early_interviewed",
        sender=ME,
        to=(f"director{program.id}@klinik{program.id}.example",),
    )


def approve(tx, number):
    (letter,) = list_letters(tx, ids=[number])
    message_id = f"<{number}@applicant.example>"
    wire = f"From: {ME}\r\nSubject: {number}\r\nMessage-ID: {message_id}\r\n\r\nB\r\n".encode()
    values = {
        "wire": wire,
        "digest": wire_digest(ME, letter.to, wire),
        "message_id": message_id,
        "account": ACCOUNT,
        "approved_at": NOW,
    }
    move_letter(tx, letter, LetterState.APPROVED, at=NOW, command="approve", **values)


class Courier:
    """A sender that hands over at once; `answers` are what its server says, one by one."""

    def __init__(self, *answers):
        self.answers, self.delivered, self.closed = list(answers), [], 0

    async def deliver(self, *, sender, recipients, wire, mark):
        await mark()
        await asyncio.sleep(0)
        self.delivered.append((recipients, wire))
        return self.answers.pop(0) if self.answers else SENT

    async def close(self):
        self.closed += 1


@pytest.fixture
def courier():
    """Makes senders that hand over at once."""
    return Courier
