"""What is there, and what blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planner.rules.facts import OccasionKind, Service
from planner.rules.gates import transcript_gap
from planner.rules.pace import DAY, Pace, resting
from planner.rules.situation import Situation
from planner.rules.states import DUE, UNDER_WAY, LetterState
from planner.steps.recovering import recover_dead
from planner.steps.workspace import Workspace
from planner.store import account_usage, counts
from planner.store.engine import Transaction


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that keeps letters from leaving; the code says what unblocks it."""

    code: str
    text: str
    letters: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """Counts that add up, blocks, and today's allowance (`per_day` 0: no cap).

    `copies` of the `used` ones were test copies.  `given_back` are numbers of letters that a dead sender held, and that are approved again.
    """

    programs: int
    letters: Mapping[LetterState, int]
    blocked_by: tuple[Block, ...]
    per_day: int
    used: int
    given_back: tuple[int, ...] = ()
    copies: int = 0

    @property
    def left(self) -> int | None:
        """What the allowance still has; None without a cap."""
        return max(0, self.per_day - self.used) if self.per_day else None


def status(ws: Workspace, pace: Pace) -> Status:
    """Look at the database as of now; what a dead sender held is recovered first."""
    store, situation, account = ws.store, ws.situation(), ws.account
    older = store.find_older()
    recovered = () if older else recover_dead(ws)
    with store.read() as tx:
        if older:
            blocks = [Block(older.code, older.message)]
        else:
            blocks = list(_blocks(tx, situation, account, pace, alone=store.has_one_sender))
        return Status(
            counts.count_programs(tx),
            counts.count_letters(tx),
            tuple(blocks),
            pace.per_day,
            counts.count_used(tx, account, situation.now - DAY),
            tuple(letter.id for letter in recovered if letter.state is LetterState.CLAIMED),
            counts.count_copies(tx, account, situation.now - DAY),
        )


# A state that a person has to do something about: the code and the text.
TO_DO = {
    LetterState.UNKNOWN: (
        "unknown",
        "{} may or may not have been delivered; only you can find out.",
    ),
    LetterState.REFUSED: (
        "refused",
        "{} refused for good; the letter's history has the server's answer.",
    ),
    LetterState.EXPORTED: (
        "exported",
        "{} handed to your own mail program; say so once you have sent it.",
    ),
    LetterState.DRAFT: ("unapproved", "{} still to read and approve."),
}


def _blocks(
    tx: Transaction, situation: Situation, account: str, pace: Pace, *, alone: bool
) -> Iterator[Block]:
    in_state = counts.count_letters(tx)
    if counts.count_programs(tx) == 0:
        yield Block("no_programs", "There are no programs yet.")
    elif not in_state:
        yield Block("no_letters", "There are no letters yet.")
    unwanted = counts.list_undecided(tx)
    if unwanted:
        text = f"{len(unwanted)} no longer wanted by the plan, and not to be sent."
        yield Block("unwanted", text, tuple(unwanted))
    for state, (code, text) in TO_DO.items():
        number = in_state.get(state, 0) - (len(unwanted) if state is LetterState.DRAFT else 0)
        if number:
            yield Block(code, text.format(number))
    yield from _other_scores(tx, situation)
    if number := sum(in_state.get(state, 0) for state in UNDER_WAY):
        until = "" if alone else "; if that sender was killed, this ends within two hours"
        yield Block("under_way", f"{number} being sent right now{until}.")
    if number := sum(in_state.get(state, 0) for state in DUE):
        gaps = _gaps(tx, situation)
        yield from (_gate(gap) for gap in gaps if gap)
        if later := in_state.get(LetterState.DEFERRED, 0):
            text = f"{later} deferred by the server; sending tries again when it is due."
            yield Block("deferred", text)
        rest = account_usage.find_rest(tx, account, situation.now)
        if not gaps or not all(gaps):
            yield from _waiting(tx, number - later, rests=rest is not None)
        if rest:
            text = resting(rest.until, rest.why, situation.now, pace.timezone)
            yield Block("account_rests", text)


def _other_scores(tx: Transaction, situation: Situation) -> Iterator[Block]:
    """Letters that have left with a score that the config no longer has."""
    score = situation.applicant.step2.score
    for said, numbers in counts.list_told_scores(tx, situation.occasion).items():
        if score is not None and said != str(score):
            are = "1 sent letter says" if len(numbers) == 1 else f"{len(numbers)} sent letters say"
            text = f"{are} {said}, and the config says {score}; no second letter corrects it."
            yield Block("other_score", text, tuple(numbers))


def _waiting(tx: Transaction, number: int, *, rests: bool) -> Iterator[Block]:
    """Letters that wait: what was held at the last send, and what could be sent now."""
    held, reason = counts.count_held(tx, DUE)
    if held:
        text = f"{held} held back at the last send, for example: {reason.rstrip('.')}."
        yield Block("held", text)
    if held < number and not rests:
        yield Block("unsent", "Approved letters are waiting to be sent.")


def _gaps(tx: Transaction, situation: Situation) -> list[str]:
    """What keeps letters that wait from leaving, by their service; empty if nothing does."""
    if situation.occasion.kind is OccasionKind.PENDING:
        return []
    found = {
        Service(service) if service else situation.specialty_called(specialty).application_service
        for service, specialty in counts.list_services(tx, DUE)
    }
    return [transcript_gap(situation, service) for service in sorted(found)]


def _gate(gap: str) -> Block:
    text = gap.replace("the ", "The ", 1) if gap.startswith("the ") else gap
    return Block("transcript", f"{text}.")
