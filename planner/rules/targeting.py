"""The decision table: whether a program is written to in this phase, and why.

A DMN decision table with hit policy *first*: the first row whose phase and
condition hold decides.  Predicates of a case stand in `case.py`, rows here in `TABLE`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from planner.rules.case import FEW_SIGNALS, OUT_OF_PLAY, Case
from planner.rules.facts import ContactPolicy, Phase, Signal, Step2Policy, Verdict

ANY = frozenset(Phase)
ACTIVE = frozenset({Phase.EARLY, Phase.LATE, Phase.PRE_RANK})
EARLY = frozenset({Phase.EARLY})
LATE = frozenset({Phase.LATE})
PRE_RANK = frozenset({Phase.PRE_RANK})


class Rule(NamedTuple):
    """One row of the decision table; `condition` None holds for every case."""

    number: int
    id: str
    phases: frozenset[Phase]
    condition: Callable[[Case], bool] | None
    verdict: Verdict
    why: Callable[[Case], str]

    def applies(self, case: Case) -> bool:
        """Whether the condition holds."""
        return self.condition is None or self.condition(case)

    def holds(self, case: Case) -> bool:
        """Whether phase and condition hold."""
        return case.phase in self.phases and self.applies(case)


def _sentence(text: str) -> str:
    """`text` with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def _standing(c: Case) -> str:
    """How far things stand with the program, as words."""
    day = f" on {c.program.interview_date}" if c.program.interview_date else ""
    if c.interviewed:
        hold = f", now {c.program.status}" if c.on_hold else ""
        return f"interviewed{day}{hold}"
    if c.invited:
        return f"invited{day}"
    return str(c.program.status)


def _policy(c: Case) -> str:
    return f"Step 2 policy is {c.program.step2_policy}"


def _worth(c: Case) -> str:
    if c.assessment is None:
        return "the score is pending"
    return f"the score is {c.assessment.category} for {c.assessment.specialty.name}"


def _told(c: Case) -> str:
    told = f"You told them on {c.program.told_on}." if c.told else ""
    gone = f"Their letter for this occasion is {c.own_letter}; there is never a second one."
    return " ".join(filter(None, (told, gone if c.letter_gone else "")))


def _pending_wait(c: Case) -> str:
    step2 = c.applicant.step2
    if not c.asks:
        return f"The score is pending and nobody asked: {_policy(c)}."
    if step2.expected_on is None:
        return "The score is pending and no date is expected (step2_ck.expected_on is not set)."
    if not c.expected_in_window:
        return (
            f"The score is pending, expected on {step2.expected_on}; a letter is worth it only for"
            f" a date from {c.calendar.pending_from.date()} to {c.calendar.last_list_day},"
            f" and not one that has passed."
        )
    return "The score is pending, and so late only interviewed programs are told."


def _top(c: Case) -> str:
    marks = ["top choice"] if c.program.top_choice else []
    marks += [f"signal {c.program.signal}"] if c.program.signal is Signal.GOLD else []
    marks += [f"one of {c.specialty.signals} signals"] if c.rare_signal else []
    return " and ".join(marks)


def _signal(c: Case) -> str:
    """What a signal of a program that is not a favorite says."""
    if c.program.signal is Signal.NONE:
        return "no gold signal"
    return (
        f"signal {c.program.signal} (a plain one counts where all are of one kind, at most"
        f' {FEW_SIGNALS}: signals of [specialty."{c.specialty.name}"])'
    )


def _context(c: Case) -> bool:
    explained = (
        c.major_liability and bool(c.applicant.application.drop_context.strip()) and c.interviewed
    )
    return explained and (c.phase is Phase.LATE or c.considers)


def _asked(c: Case) -> bool:
    if c.program.step2_policy is Step2Policy.REQUESTED:
        return True
    return c.asks and (c.phase is Phase.LATE or c.helps or c.interviewed or c.on_hold)


def _no_clear_help(c: Case) -> bool:
    if not c.helps:
        return True
    welcome = c.clearly_helps or (c.interviewed and c.considers)
    return c.phase is Phase.LATE and not welcome


_EMAIL, _UPDATE, _OUT = Verdict.EMAIL, Verdict.UPDATE_ONLY, Verdict.EXCLUDED

TABLE: tuple[Rule, ...] = (
    Rule(
        1,
        "not_in_play",
        ANY,
        lambda c: c.program.status in OUT_OF_PLAY,
        _OUT,
        lambda c: f"Not in play: status is {c.program.status}.",
    ),
    Rule(
        2,
        "contact_refused",
        ANY,
        lambda c: c.program.contact_policy is ContactPolicy.NONE,
        _OUT,
        lambda _: "They want no mail from applicants: contact policy is none.",
    ),
    Rule(
        3,
        "list_locked",
        ANY,
        lambda c: c.program.rank_list_locked,
        _OUT,
        lambda _: "Their rank list is certified (rank_list_locked); nothing changes it now.",
    ),
    Rule(4, "already_told", ANY, lambda c: c.told or c.letter_gone, _OUT, _told),
    Rule(
        5,
        "preseason",
        frozenset({Phase.PRESEASON}),
        None,
        _UPDATE,
        lambda _: "Applications are not open yet; keep the application service current.",
    ),
    Rule(
        5,
        "closed",
        frozenset({Phase.CLOSED}),
        None,
        _UPDATE,
        lambda _: "Lists are final; a letter can no longer change anything.",
    ),
    Rule(
        6,
        "pending_asked",
        ACTIVE,
        lambda c: (
            c.pending
            and c.asks
            and c.expected_in_window
            and (c.phase is not Phase.PRE_RANK or c.interviewed)
        ),
        _EMAIL,
        lambda c: (
            f"They asked ({_policy(c)}) and the score is pending,"
            f" expected on {c.applicant.step2.expected_on}."
        ),
    ),
    Rule(7, "pending_wait", ACTIVE, lambda c: c.pending, _UPDATE, _pending_wait),
    Rule(
        8,
        "failed_result",
        ACTIVE,
        lambda c: c.assessment is not None and c.assessment.failing,
        _UPDATE,
        lambda _: (
            "The score is below the passing standard: talk to your dean's office first,"
            " before anything is written."
        ),
    ),
    Rule(
        9,
        "promised",
        ACTIVE,
        lambda c: c.promised,
        _EMAIL,
        lambda _: "You wrote to them that the score is pending and promised to tell.",
    ),
    Rule(
        10,
        "nothing_new",
        ACTIVE,
        lambda c: c.assessment is not None and not c.assessment.new_information,
        _UPDATE,
        lambda c: (
            f"Nothing new: the application already said {c.applicant.step2.at_submission}"
            " for Step 2 CK."
        ),
    ),
    Rule(
        11,
        "liability_asked",
        EARLY | LATE,
        lambda c: c.liability and c.asks and (c.interviewed or c.on_hold),
        _EMAIL,
        lambda c: f"{_sentence(_worth(c))}, but they asked ({_policy(c)}): {_standing(c)}.",
    ),
    Rule(
        12,
        "liability_asked",
        PRE_RANK,
        lambda c: c.liability and c.asks and c.interviewed,
        _EMAIL,
        lambda c: f"{_sentence(_worth(c))}, but they asked ({_policy(c)}): {_standing(c)}.",
    ),
    Rule(
        13,
        "liability_explained",
        LATE | PRE_RANK,
        _context,
        _EMAIL,
        lambda c: (
            f"{_sentence(_worth(c))}, and you have a sentence of context"
            f" (application.drop_context): {_standing(c)}, {_policy(c)}."
        ),
    ),
    Rule(
        14,
        "liability_silent",
        ACTIVE,
        lambda c: c.liability,
        _UPDATE,
        lambda c: f"{_sentence(_worth(c))}; do not point at it ({_standing(c)}, {_policy(c)}).",
    ),
    Rule(
        15,
        "asked",
        EARLY | LATE,
        _asked,
        _EMAIL,
        lambda c: f"They asked: {_policy(c)} ({_standing(c)}).",
    ),
    Rule(
        16,
        "asked",
        PRE_RANK,
        lambda c: c.asks and c.interviewed,
        _EMAIL,
        lambda c: f"They asked: {_policy(c)} ({_standing(c)}).",
    ),
    Rule(
        17,
        "no_clear_help",
        ACTIVE,
        _no_clear_help,
        _UPDATE,
        lambda c: (
            f"{_sentence(_worth(c))}, which does not clearly help"
            f" in phase {c.phase} ({_standing(c)}, {_policy(c)})."
        ),
    ),
    Rule(
        18,
        "failure_unknown",
        ACTIVE,
        lambda c: c.failure_hidden and not (c.interviewed or c.on_hold),
        _UPDATE,
        lambda c: (
            "The application does not show the earlier failure, and a letter would"
            f" point at it ({_standing(c)})."
        ),
    ),
    Rule(
        19,
        "wait_for_interview",
        ACTIVE,
        lambda c: c.invited,
        _UPDATE,
        lambda c: f"They already want to see you ({_standing(c)}); tell them there.",
    ),
    Rule(
        20,
        "early_interviewed",
        EARLY,
        lambda c: c.interviewed,
        _EMAIL,
        lambda c: f"You are known to them: {_standing(c)}.",
    ),
    Rule(
        20,
        "early_on_hold",
        EARLY,
        lambda c: c.on_hold,
        _EMAIL,
        lambda c: f"They are undecided about you: status is {c.program.status}.",
    ),
    Rule(
        20,
        "early_step2_policy",
        EARLY,
        lambda c: c.cares,
        _EMAIL,
        lambda c: f"They look at Step 2 CK: {_policy(c)}.",
    ),
    Rule(
        20,
        "early_top_choice",
        EARLY,
        lambda c: c.top,
        _EMAIL,
        lambda c: f"One of your favorites: {_top(c)}.",
    ),
    Rule(
        20,
        "early_connection",
        EARLY,
        lambda c: c.connected,
        _EMAIL,
        lambda c: f"You have a tie to them: {c.program.connection}.",
    ),
    Rule(
        21,
        "early_small_list",
        EARLY,
        lambda c: c.list_size <= c.thresholds.small_list,
        _EMAIL,
        lambda c: f"Your list is short: {c.list_size} programs, at most {c.thresholds.small_list}.",
    ),
    Rule(
        22,
        "early_not_targeted",
        EARLY,
        None,
        _UPDATE,
        lambda c: (
            f"Nothing singles them out: {_standing(c)}, {_policy(c)}, no top choice,"
            f" {_signal(c)}, no connection; and {c.list_size} programs are too many for all."
        ),
    ),
    Rule(
        23,
        "late_interviewed",
        LATE,
        lambda c: c.interviewed,
        _EMAIL,
        lambda c: f"You are known to them: {_standing(c)}.",
    ),
    Rule(
        23,
        "late_on_hold",
        LATE,
        lambda c: c.on_hold,
        _EMAIL,
        lambda c: f"They are undecided about you: status is {c.program.status}.",
    ),
    Rule(
        24,
        "late_not_targeted",
        LATE,
        None,
        _UPDATE,
        lambda c: f"So late only interviewed and on-hold programs are told: {_standing(c)}.",
    ),
    Rule(
        25,
        "pre_rank_considered",
        PRE_RANK,
        lambda c: c.interviewed and c.considers,
        _EMAIL,
        lambda c: f"{_sentence(_standing(c))}, and their {_policy(c)}.",
    ),
    Rule(
        26,
        "pre_rank_not_targeted",
        PRE_RANK,
        None,
        _UPDATE,
        lambda c: (
            "Before ranking only interviewed programs that strongly consider Step 2 CK"
            f" are told: {_standing(c)}, {_policy(c)}."
        ),
    ),
)


class TraceRow(NamedTuple):
    """One row of the table as it looked for a case."""

    number: int
    rule: str
    in_phase: bool
    holds: bool
    decides: bool
    verdict: Verdict
    text: str


ROWS_IN = {phase: tuple(rule for rule in TABLE if phase in rule.phases) for phase in Phase}


def deciding_rule(case: Case) -> Rule:
    """The first row that holds; the table is total, so there is always one."""
    return next(rule for rule in ROWS_IN[case.phase] if rule.applies(case))


def trace(case: Case) -> tuple[TraceRow, ...]:
    """Every row of the table, with whether it held and which one decided.

    A row without a condition holds where none before it does.
    """
    hit = deciding_rule(case)
    rows = [(r, r.holds(case) and (r.condition is not None or r is hit)) for r in TABLE]
    return tuple(
        TraceRow(
            number=rule.number,
            rule=rule.id,
            in_phase=case.phase in rule.phases,
            holds=holds,
            decides=rule is hit,
            verdict=rule.verdict,
            text=rule.why(case) if holds else "",
        )
        for rule, holds in rows
    )


def _last_row(case: Case) -> int:
    """The number of the last row that such a case can reach; later ones were not made for it."""
    if case.phase not in ACTIVE:
        return 5
    if case.pending:
        return 7
    return 14 if case.liability else TABLE[-1].number


def reasons(case: Case, hit: Rule) -> list[str]:
    """Every sentence that held: the deciding one, those on its side, those against it.

    Rows without a condition hold always; they are reasons only where they decide.
    """
    last, writes = _last_row(case), hit.verdict is Verdict.EMAIL
    others = [
        rule
        for rule in TABLE
        if rule is not hit
        and rule.condition is not None
        and rule.number <= last
        and rule.holds(case)
    ]
    same = [r.why(case) for r in others if (r.verdict is Verdict.EMAIL) == writes]
    against = [r.why(case) for r in others if (r.verdict is Verdict.EMAIL) != writes]
    word = "Despite" if writes else "In favor of a letter"
    found = [
        hit.why(case),
        *(f"Also: {text}" for text in dict.fromkeys(same)),
        *(f"{word}: {text}" for text in dict.fromkeys(against)),
    ]
    if case.phase is not case.phase_on.phase:
        found.append("Phase closed: their rank list is certified.")
    else:
        found.append(case.phase_on.reason)
    if case.misdated:
        found.append(
            f"Warning: marked as interviewed, but the date {case.program.interview_date} is"
            " still to come; counted as invited."
        )
    if case.presumed_interviewed:
        found.append(
            f"Warning: status is {case.program.status}, and the interview of"
            f" {case.program.interview_date} has gone by; counted as interviewed."
        )
    if case.program.step2_policy is Step2Policy.UNKNOWN:
        found.append("Step 2 policy is unknown: look at their site and their mails.")
    if case.assessment is not None:
        found.extend(case.assessment.reasons)
    return found
