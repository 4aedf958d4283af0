"""The campaign in figures: where the cycle stands, what the score is worth, who got a letter.

Everything that `report` draws is counted here, so that the page and the terminal show the
same numbers.  Nothing is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from planner.rules.calendar import (
    CLOSING_KEYS,
    MatchCalendar,
    eastern,
    opening,
    phase_on,
    usefulness,
)
from planner.rules.facts import Match, Phase, Status, Verdict
from planner.rules.letters import Letter
from planner.rules.pace import Pace
from planner.rules.planning import Decision, Plan, make_plan
from planner.rules.situation import Situation
from planner.rules.states import DELIVERED, GONE, WITHDRAWN, LetterState
from planner.steps import plan as planning
from planner.steps import status as standing
from planner.steps.plan import Assessed
from planner.steps.status import Block
from planner.steps.status import Status as Standing
from planner.steps.workspace import Workspace
from planner.store import programs
from planner.store.letters import list_letters

FIRST_MONTH, MONTHS = 9, 7  # September to March: a season as the guide's table has it


class Month(NamedTuple):
    """A month of the season, and how useful a letter in it is, 0 to 100."""

    first: date
    end: date
    usefulness: int


class Stretch(NamedTuple):
    """A phase of a match, from a moment to another."""

    phase: Phase
    first: datetime
    end: datetime


class MatchLine(NamedTuple):
    """Dates in use, the phase that they are in, and all of its phases in their order.

    `only` are the specialties that have these dates, where they are not those of the match.
    """

    calendar: MatchCalendar
    only: tuple[str, ...]
    phase: Phase
    stretches: tuple[Stretch, ...]


class Deadline(NamedTuple):
    """A moment that counts; `of` is the match that it belongs to, empty for the score.

    `only` are the specialties that it is about, where it is not the date of the match.
    """

    name: str
    of: str
    only: tuple[str, ...]
    at: datetime
    is_over: bool


class Loss(NamedTuple):
    """Programs that left the funnel at one place: the rule or the state, who, and one reason."""

    code: str
    names: tuple[str, ...]
    example: str = ""

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.names)


class Stage(NamedTuple):
    """How many programs came so far, and who of the stage before did not."""

    name: str
    number: int
    lost: tuple[Loss, ...] = ()


class Week(NamedTuple):
    """The letters that left in a week, which is called by its Monday."""

    monday: date
    sent: int


@dataclass(frozen=True, slots=True)
class Figures:
    """A campaign as of now."""

    situation: Situation
    months: tuple[Month, ...]
    lines: tuple[MatchLine, ...]
    deadlines: tuple[Deadline, ...]
    scores: tuple[Assessed, ...]
    stages: tuple[Stage, ...]
    weeks: tuple[Week, ...]
    answers: Mapping[Status, int]
    standing: Standing
    warnings: tuple[str, ...]

    @property
    def attention(self) -> tuple[Block, ...]:
        """What a person has to do: what the status says, and what the plan alone knows."""
        lost = {loss.code: loss for stage in self.stages for loss in stage.lost}
        return (*self.standing.blocked_by, *_from_plan(lost, self.standing))

    def place(self, moment: date | datetime) -> float:
        """Where a moment is on the line of the season: 0 is its begin, 1 its end."""
        first, end = opening(self.months[0].first), opening(self.months[-1].end)
        part = (opening(moment) - first) / (end - first)
        return min(1.0, max(0.0, part))


def figures(ws: Workspace, pace: Pace) -> Figures:
    """Count the campaign as of now.  Raises ConfigError where a match has no calendar."""
    situation = ws.situation()
    with ws.store.read() as tx:
        everything, letters = programs.list_programs(tx), list_letters(tx)
    plan = make_plan(situation, everything, [letter.fact() for letter in letters])
    season = [letter for letter in letters if letter.occasion.season == situation.season]
    lines = tuple(_lines(situation, plan))
    return Figures(
        situation=situation,
        months=tuple(_months(situation.season)),
        lines=lines,
        deadlines=tuple(sorted(_deadlines(situation, lines), key=lambda d: d.at)),
        scores=planning.assess_specialties(ws),
        stages=funnel(plan, [x for x in season if x.occasion == situation.occasion]),
        weeks=weeks(season),
        answers=_answers(plan, season),
        standing=standing.status(ws, pace),
        warnings=plan.warnings,
    )


def _months(season: int) -> Iterator[Month]:
    first = date(season - 1, FIRST_MONTH, 1)
    for _ in range(MONTHS):
        following = (first + timedelta(days=31)).replace(day=1)
        yield Month(first, following, usefulness(first))
        first = following


def _lines(situation: Situation, plan: Plan) -> Iterator[MatchLine]:
    """The matches of the programs, the one with most of them first, each with its own dates first."""
    of_match = Counter(decision.case.calendar.match for decision in plan.decisions)
    specialties: dict[MatchCalendar, set[str]] = {}
    for decision in plan.decisions:
        specialties.setdefault(decision.case.calendar, set()).add(decision.program.specialty)
    finished = situation.interviews_finished_on

    def place(calendar: MatchCalendar) -> tuple[int, Match, bool, datetime]:
        match = calendar.match
        return -of_match[match], match, calendar != situation.calendars[match], calendar.late_from

    for calendar in sorted(specialties, key=place):
        own = calendar == situation.calendars[calendar.match]
        only = () if own else tuple(sorted(specialties[calendar]))
        phase = phase_on(calendar, situation.now, interviews_finished_on=finished).phase
        yield MatchLine(calendar, only, phase, tuple(_stretches(calendar, finished)))


def _stretches(calendar: MatchCalendar, finished: date | None) -> Iterator[Stretch]:
    """The phases between the moments at which one may change; none has no length."""
    ranks = calendar.pre_rank_from
    if finished is not None:
        ranks = max(calendar.late_from, min(ranks, opening(finished)))
    bounds = (
        (Phase.EARLY, calendar.applications_open, calendar.late_from),
        (Phase.LATE, calendar.late_from, ranks),
        (Phase.PRE_RANK, ranks, calendar.lists_final),
        (Phase.CLOSED, calendar.lists_final, calendar.results_until),
    )
    yield from (Stretch(*bound) for bound in bounds if bound[1] < bound[2])


def _deadlines(situation: Situation, lines: Iterable[MatchLine]) -> Iterator[Deadline]:
    now = eastern(situation.now)
    told: set[tuple[str, Match, datetime]] = set()
    for calendar, only, *_ in lines:
        for name in ("applications_open", "lists_final", "results_from"):
            at: datetime = getattr(calendar, name)
            if (name, calendar.match, at) not in told:
                told.add((name, calendar.match, at))
                usual = at == getattr(situation.calendars[calendar.match], name)
                whose = () if usual else only
                yield Deadline(name, str(calendar.match), whose, _told(at, name), at <= now)
    step2 = situation.applicant.step2
    day = step2.expected_on if step2.pending else step2.released_on
    if day is not None:
        name = "score_expected" if step2.pending else "score_released"
        yield Deadline(name, "", (), opening(day), opening(day) <= now)


def _told(at: datetime, name: str) -> datetime:
    """What people call a moment: a day that closes at its end is that day, not the next."""
    closes = name in CLOSING_KEYS and (at.hour, at.minute) == (0, 0)
    return at - timedelta(days=1) if closes else at


def funnel(plan: Plan, letters: Iterable[Letter]) -> tuple[Stage, ...]:
    """From all programs to letters sent; each stage and its losses add up to the one before.

    `letters` are those of the present occasion.  Who was written to stays in, though the
    plan says by now that they know.
    """
    own = {letter.program_id: letter.state for letter in letters}
    stays = [d for d in plan.decisions if _is_worth(d, own.get(d.program.id))]
    worth = [_Standing(d.program.program, own.get(d.program.id)) for d in stays]
    written = [one for one in worth if one.state is not None and one.state not in WITHDRAWN]
    approved = [one for one in written if one.state is not LetterState.DRAFT]
    sent = [one for one in approved if one.state is LetterState.SENT]
    return (
        Stage("programs", len(plan.decisions)),
        Stage("worth_a_letter", len(stays), tuple(_by_rule(plan, stays))),
        Stage("written", len(written), _by_state(worth, written)),
        Stage("approved", len(approved), _by_state(written, approved)),
        Stage("sent", len(sent), _by_state(approved, sent)),
    )


def _is_worth(decision: Decision, state: LetterState | None) -> bool:
    return decision.verdict is Verdict.EMAIL or state in GONE


def _by_rule(plan: Plan, stays: Sequence[Decision]) -> Iterator[Loss]:
    """The rules that took programs out, the one that took most first."""
    inside = {d.program.id for d in stays}
    out = [d for d in plan.decisions if d.program.id not in inside]
    example = {d.rule: d.reasons[0] for d in reversed(out)}
    for rule, names in _most_first((d.rule, d.program.program) for d in out):
        yield Loss(rule, names, example[rule])


class _Standing(NamedTuple):
    """A program that is worth a letter, and the state of its letter, if there is one."""

    program: str
    state: LetterState | None


def _by_state(before: Sequence[_Standing], after: Sequence[_Standing]) -> tuple[Loss, ...]:
    stays = {one.state for one in after}
    gone = (one for one in before if one.state not in stays)
    named = ((one.state or "not_written", one.program) for one in gone)
    return tuple(Loss(state, names) for state, names in _most_first(named))


def _most_first(named: Iterable[tuple[str, str]]) -> list[tuple[str, tuple[str, ...]]]:
    """Names by what they stand under, the one with most of them first."""
    found: dict[str, list[str]] = {}
    for code, name in named:
        found.setdefault(code, []).append(name)
    every = [(code, tuple(names)) for code, names in found.items()]
    return sorted(every, key=lambda one: -len(one[1]))


def _from_plan(lost: Mapping[str, Loss], standing: Standing) -> Iterator[Block]:
    if "not_written" in lost and any(standing.letters.values()):
        number = lost["not_written"].number
        text = "1 more program is" if number == 1 else f"{number} more programs are"
        yield Block("unwritten", f"{text} worth a letter now.")
    if "no_address" in lost:
        loss = lost["no_address"]
        have = "1 program has" if loss.number == 1 else f"{loss.number} programs have"
        yield Block("no_address", f"{have} no usable address: {some(loss.names)}.")


NAMED = 3  # programs of a loss that are named


def some(names: Sequence[str]) -> str:
    """A few names, and how many there are besides."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f", and {more} more" if more > 0 else "")


def weeks(letters: Iterable[Letter]) -> tuple[Week, ...]:
    """The letters that left, week by week from the first to the last, idle weeks too."""
    days = [eastern(letter.sent_at).date() for letter in letters if letter.sent_at is not None]
    count = Counter(day - timedelta(days=day.weekday()) for day in days)
    if not count:
        return ()
    first, last = min(count), max(count)
    every = range(0, (last - first).days + 1, 7)
    return tuple(Week(monday, count[monday]) for monday in (first + timedelta(n) for n in every))


def _answers(plan: Plan, letters: Iterable[Letter]) -> Mapping[Status, int]:
    """Where the programs stand today that have had a letter this season."""
    told = {letter.program_id for letter in letters if letter.state in DELIVERED}
    count = Counter(d.program.status for d in plan.decisions if d.program.id in told)
    return {status: count[status] for status in Status if count[status]}
