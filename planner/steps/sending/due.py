"""What is due: what a dead sender left is recovered, void approvals go back, gates are checked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from planner.rules.facts import Program
from planner.rules.letters import Letter
from planner.rules.situation import Situation
from planner.rules.states import DUE, GONE, LetterState, in_words
from planner.steps.approvals import void_changed
from planner.steps.mass import raise_if_mass
from planner.steps.sending.report import LetterResult
from planner.steps.sending.run import SendRun
from planner.store import account_usage, programs
from planner.store.commits import Commits
from planner.store.engine import Transaction
from planner.store.letters import list_letters, refuse_missing
from planner.store.lineage import data_version
from planner.store.recovery import recover
from planner.store.send_queue import fetch_current, hold
from planner.store.wrong_clock import begin_again


class DueLetter(NamedTuple):
    """A due letter, and why it may not leave now (empty: it may)."""

    letter: Letter
    closed: str


class Due(NamedTuple):
    """What is due, and what else one should hear of.

    `given_back` are numbers of letters that a sender held when it was ended.
    """

    letters: Sequence[DueLetter]
    noted: Sequence[LetterResult]
    given_back: Sequence[int]

    @property
    def going(self) -> list[Letter]:
        """The letters that may leave."""
        return [due.letter for due in self.letters if not due.closed]

    @property
    def held(self) -> list[LetterResult]:
        """The letters that a closed gate keeps back."""
        return [
            LetterResult(due.letter, due.letter.state, reason=due.closed)
            for due in self.letters
            if due.closed
        ]

    @property
    def considered(self) -> list[LetterResult]:
        """Every letter that was looked at, as it stands."""
        going = [LetterResult(letter, letter.state) for letter in self.going]
        return sorted([*self.noted, *self.held, *going], key=lambda result: result.letter.id)


def preview_due(run: SendRun) -> Due:
    """What would be due now; nothing is written."""
    with run.store.begin(keep=False) as tx:
        return fetch_due(tx, run)


@contextmanager
def open_due(run: SendRun) -> Iterator[tuple[Commits, Due]]:
    """The sender's own connection, and what is due there.  The sender's lock must be held."""
    with run.store.commits(run.sessions) as commits:
        yield commits, commits.run_blocking(lambda unit: fetch_due(unit.tx, run))


def fetch_due(tx: Transaction, run: SendRun) -> Due:
    """Recover, void, and check the gates of every letter that is due.

    Within a transaction of the sender's own connection, with its lock held, so that the
    plan behind the gates is valid until another process writes.  Raises
    PersonNeededError for a mass mailing that was not allowed, UnknownNameError for a number
    that is not a letter.
    """
    gates, options, now = run.gates, run.options, run.clock()
    left = recover(tx, at=now, alone=run.store.has_one_sender)
    account_usage.count_as_now(tx, run.account, now)
    everything, everyone = list_letters(tx), programs.list_programs(tx)
    if begin_again(tx, everything, now):
        everything = list_letters(tx)
    version = data_version(tx)
    situation = gates.renew(everyone, everything, now, version).situation
    if voided := set(void_changed(tx, situation, everything, gates.find_void, command="send")):
        everything = list_letters(tx)
        gates.renew(everyone, everything, now, version)
    letters = _select(everything, options.ids)
    due = _in_order(x for x in letters if x.state in DUE and x.due(now))
    if not options.allow_mass:
        _refuse_mass(situation, everyone, everything, due)
    checked = _check_gates(tx, run, due)
    recovered = {letter.id for letter in left}
    noted = [
        result
        for letter in letters
        if (result := _note(letter, now, recovered, voided, asked=options.ids is not None))
    ]
    given_back = [letter.id for letter in left if letter.state is LetterState.CLAIMED]
    return Due(_limit(checked, options.limit), noted, given_back)


def _check_gates(tx: Transaction, run: SendRun, letters: Iterable[Letter]) -> list[DueLetter]:
    """What holds back each letter; it is also noted in the database."""
    found = [DueLetter(x, run.gates.find_closed(x, fetch_current(tx, x.id))) for x in letters]
    for letter, closed in found:
        if (letter.held_because or "") != closed:
            hold(tx, letter.id, closed)
    return found


def _select(letters: Sequence[Letter], ids: Collection[int] | None) -> Sequence[Letter]:
    if ids is None:
        return letters
    found = [letter for letter in letters if letter.id in set(ids)]
    refuse_missing(ids, found)
    return found


def _in_order(letters: Iterable[Letter]) -> list[Letter]:
    """By number, that is in plan order; what made the account back off goes last.

    Else one recipient whose server asks everybody to come back later (greylisting) would
    stop each run before its other letters.
    """

    def made_it_back_off(letter: Letter) -> bool:
        return letter.state is LetterState.APPROVED and letter.next_attempt_at is not None

    return sorted(letters, key=lambda letter: (made_it_back_off(letter), letter.id))


def _refuse_mass(
    situation: Situation,
    everyone: Sequence[Program],
    everything: Iterable[Letter],
    due: Iterable[Letter],
) -> None:
    gone = (letter for letter in everything if letter.state in GONE)
    occasion = situation.occasion
    written_to = {x.program_id for x in (*gone, *due) if x.occasion == occasion}
    raise_if_mass(situation, everyone, written_to)


def _limit(found: list[DueLetter], limit: int | None) -> list[DueLetter]:
    """At most so many letters as the run may send; what is held does not count."""
    if limit is None:
        return found
    going = [due for due in found if not due.closed][:limit]
    return [due for due in found if due.closed or due in going]


def _note(
    letter: Letter,
    now: datetime,
    recovered: Collection[int],
    voided: Collection[int],
    *,
    asked: bool,
) -> LetterResult | None:
    """What a person should hear of a letter that is not due; `asked`: it was named."""
    if letter.id in recovered and letter.state is LetterState.UNKNOWN:
        return LetterResult(letter, letter.state, reply="the sender was killed")
    if letter.id in voided:
        reason = letter.held_because or "its facts changed"
        return LetterResult(letter, letter.state, reason=reason)
    if letter.state is LetterState.DEFERRED and not letter.due(now):
        reply, due = letter.last_reply or "", letter.next_attempt_at
        return LetterResult(letter, letter.state, reply=reply, next_attempt_at=due)
    if asked and letter.state not in DUE:
        return LetterResult(letter, letter.state, reason=f"it is {in_words(letter.state)}")
    return None
