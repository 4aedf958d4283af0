"""The decision table: whether a program is written to in this phase, and why.

A DMN decision table with hit policy *first*: the first row whose phase and condition hold
decides.  Predicates of a case stand in `case.py`, what is said of one in `case_words.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from planner.rules import case_words as words
from planner.rules.case import OUT_OF_PLAY, Case
from planner.rules.case_words import policy, sentence, standing, worth
from planner.rules.facts import ContactPolicy, Phase, Verdict

ANY = frozenset(Phase)
ACTIVE = frozenset({Phase.EARLY, Phase.LATE, Phase.PRE_RANK})
EARLY = frozenset({Phase.EARLY})
LATE = frozenset({Phase.LATE})
PRE_RANK = frozenset({Phase.PRE_RANK})


class Rule(NamedTuple):
    """One row of the decision table; `condition` None holds for every case.

    `when` says the condition in words, `why` what held for a case.  Rows that stand
    together have one number, which follows from their place.
    """

    id: str
    phases: frozenset[Phase]
    condition: Callable[[Case], bool] | None
    verdict: Verdict
    when: str
    why: Callable[[Case], str]
    number: int = 0

    def applies(self, case: Case) -> bool:
        """Whether the condition holds."""
        return self.condition is None or self.condition(case)

    def holds(self, case: Case) -> bool:
        """Whether phase and condition hold."""
        return case.phase in self.phases and self.applies(case)


def _asked(c: Case) -> bool:
    return c.requested or (c.asks and (c.phase is Phase.LATE or c.helps or c.known))


def _no_clear_help(c: Case) -> bool:
    if not c.helps:
        return True
    welcome = c.clearly_helps or (c.interviewed and c.considers)
    return c.phase is Phase.LATE and not welcome


def _liability_asked(c: Case) -> str:
    return f"{sentence(worth(c))}. {words.asking(c)}, so they hear it: {standing(c)}."


def _known(c: Case) -> str:
    return f"They know you: {standing(c)}."


def _undecided(c: Case) -> str:
    return f"They are undecided about you: status is {c.program.status}."


_EMAIL, _UPDATE, _OUT = Verdict.EMAIL, Verdict.UPDATE_ONLY, Verdict.EXCLUDED

# One group is one row; within it the first that holds decides as well.
_GROUPS: tuple[tuple[Rule, ...], ...] = (
    (
        Rule(
            "not_in_play",
            ANY,
            lambda c: c.program.status in OUT_OF_PLAY,
            _OUT,
            "status is rejected, withdrawn or not_applied",
            lambda c: f"Not in play: status is {c.program.status}.",
        ),
    ),
    (
        Rule(
            "contact_refused",
            ANY,
            lambda c: c.refuses_now,
            _OUT,
            "they do not want email, or none after the interview, and you have interviewed",
            words.refusal,
        ),
        Rule(
            "other_channel",
            ANY,
            lambda c: c.program.contact_policy is ContactPolicy.CHANNEL,
            _OUT,
            "they want updates through a channel other than email (contact_policy = channel)",
            words.channel,
        ),
    ),
    (
        Rule(
            "list_locked",
            ANY,
            lambda c: c.program.rank_list_locked,
            _OUT,
            "their rank list is certified (rank_list_locked)",
            lambda _: "Their rank list is certified (rank_list_locked); nothing changes it now.",
        ),
    ),
    (
        Rule(
            "already_told",
            ANY,
            lambda c: c.told or c.letter_gone,
            _OUT,
            "you told them since the score came out (told_on), or their letter is on its way or sent",
            words.told,
        ),
    ),
    (
        Rule(
            "preseason",
            frozenset({Phase.PRESEASON}),
            None,
            _UPDATE,
            "applications are not open yet",
            lambda _: "Applications are not open yet; keep the application service current.",
        ),
        Rule(
            "closed",
            frozenset({Phase.CLOSED}),
            None,
            _UPDATE,
            "lists are final",
            words.closing,
        ),
    ),
    (
        Rule(
            "pending_asked",
            ACTIVE,
            lambda c: (
                c.pending
                and c.asks
                and c.expected_in_window
                and (c.phase is not Phase.PRE_RANK or c.interviewed)
            ),
            _EMAIL,
            "the score is pending, they ask for it, and it is due between pending_from and the final lists; in pre_rank, they also interviewed you",
            lambda c: (
                f"{words.asking(c)}; it is pending, and expected on {c.applicant.step2.expected_on}."
            ),
        ),
    ),
    (
        Rule(
            "pending_wait",
            ACTIVE,
            lambda c: c.pending,
            _UPDATE,
            "the score is pending, in any other case",
            words.waiting,
        ),
    ),
    (
        Rule(
            "failed_result",
            ACTIVE,
            lambda c: c.assessment is not None and c.assessment.failing,
            _UPDATE,
            "the score is below the passing standard",
            lambda _: (
                "The score is below the passing standard. Talk to your dean's office before you"
                " write to anyone."
            ),
        ),
    ),
    (
        Rule(
            "promised",
            ACTIVE,
            lambda c: c.promised,
            _EMAIL,
            "you told them that the score was pending",
            lambda _: "You told them that the score was pending, and promised to send it.",
        ),
    ),
    (
        Rule(
            "nothing_new",
            ACTIVE,
            lambda c: c.assessment is not None and not c.assessment.new_information,
            _UPDATE,
            "the application already had this score",
            lambda _: (
                "Nothing new: the application already had this score"
                " (step2_ck.at_submission is reported)."
            ),
        ),
    ),
    (
        Rule(
            "liability_asked",
            EARLY | LATE,
            lambda c: c.liability and (c.requested or (c.asks and c.known)),
            _EMAIL,
            "a liability, and they requested the score; or they require it and interviewed you or have you on hold",
            _liability_asked,
        ),
    ),
    (
        Rule(
            "liability_asked",
            PRE_RANK,
            lambda c: c.liability and c.asks and c.interviewed,
            _EMAIL,
            "a liability, they ask, and you have interviewed",
            _liability_asked,
        ),
    ),
    (
        Rule(
            "liability_explained",
            LATE | PRE_RANK,
            lambda c: c.explains_drop and (c.phase is Phase.LATE or c.considers),
            _EMAIL,
            "a major liability with your sentence about it (drop_context), interviewed; in pre_rank they also strongly consider Step 2",
            lambda c: (
                f"{sentence(worth(c))}, and you have a sentence of context"
                f" (application.drop_context): {standing(c)}, {policy(c)}."
            ),
        ),
    ),
    (
        Rule(
            "eligible_now",
            ACTIVE,
            lambda c: (
                c.eligible_now and (c.interviewed or (c.on_hold and c.phase is not Phase.PRE_RANK))
            ),
            _EMAIL,
            "passed after a failed Step 2 CK, or a first pass that ECFMG needs; interviewed or on hold (in pre_rank: interviewed)",
            words.eligibility,
        ),
    ),
    (
        Rule(
            "liability_silent",
            ACTIVE,
            lambda c: c.liability,
            _UPDATE,
            "a liability, in any other case",
            lambda c: (
                f"{sentence(worth(c))}; do not draw attention to it ({standing(c)}, {policy(c)})."
            ),
        ),
    ),
    (
        Rule(
            "asked",
            EARLY | LATE,
            _asked,
            _EMAIL,
            "they requested the score; or they require it and it is late, or it helps, or they interviewed you or have you on hold",
            lambda c: f"{words.asking(c)}: {standing(c)}.",
        ),
    ),
    (
        Rule(
            "asked",
            PRE_RANK,
            lambda c: c.asks and c.interviewed,
            _EMAIL,
            "they ask, and you have interviewed",
            lambda c: f"{words.asking(c)}: {standing(c)}.",
        ),
    ),
    (
        Rule(
            "no_clear_help",
            ACTIVE,
            _no_clear_help,
            _UPDATE,
            "the score does not help; late: does not clearly help, unless they interviewed you and strongly consider Step 2",
            lambda c: (
                f"{sentence(worth(c))}, which does not clearly help"
                f" in phase {c.phase} ({standing(c)}, {policy(c)})."
            ),
        ),
    ),
    (
        Rule(
            "failure_unknown",
            ACTIVE,
            lambda c: c.failure_hidden and not c.known,
            _UPDATE,
            "the application hides an earlier failure, and they neither interviewed you nor have you on hold",
            lambda c: (
                "The application does not show the earlier failure, and a letter would draw"
                f" attention to it ({standing(c)})."
            ),
        ),
    ),
    (
        Rule(
            "wait_for_interview",
            ACTIVE,
            lambda c: c.invited,
            _UPDATE,
            "an interview is still to come",
            lambda c: f"They already want to see you ({standing(c)}); tell them there.",
        ),
    ),
    (
        Rule(
            "early_interviewed",
            EARLY,
            lambda c: c.interviewed,
            _EMAIL,
            "interviewed",
            _known,
        ),
        Rule(
            "early_on_hold",
            EARLY,
            lambda c: c.on_hold,
            _EMAIL,
            "on hold or waitlisted",
            _undecided,
        ),
        Rule(
            "early_step2_policy",
            EARLY,
            lambda c: c.cares,
            _EMAIL,
            "they mention Step 2",
            lambda c: f"They look at Step 2 CK: {policy(c)}.",
        ),
        Rule(
            "early_top_choice",
            EARLY,
            lambda c: c.top,
            _EMAIL,
            "top choice, a gold signal, or a plain one of few",
            lambda c: f"One of your favorites: {words.favorite(c)}.",
        ),
        Rule(
            "early_connection",
            EARLY,
            lambda c: c.connected,
            _EMAIL,
            "a tie to them (connection)",
            lambda c: f"You have a tie to them: {c.program.connection}.",
        ),
    ),
    (
        Rule(
            "early_small_list",
            EARLY,
            lambda c: c.list_size <= c.thresholds.small_list,
            _EMAIL,
            "a list of at most small_list programs",
            lambda c: (
                f"Your list is short: {c.list_size} program{'' if c.list_size == 1 else 's'}"
                f" ({c.thresholds.small_list} or fewer)."
            ),
        ),
    ),
    (
        Rule(
            "early_not_targeted",
            EARLY,
            None,
            _UPDATE,
            "otherwise",
            lambda c: (
                f"Nothing singles them out: {standing(c)}, {policy(c)}, no top choice,"
                f" {words.signal(c)}, no connection; and your list is too long to write to"
                f" everyone ({c.list_size} programs)."
            ),
        ),
    ),
    (
        Rule(
            "late_interviewed",
            LATE,
            lambda c: c.interviewed,
            _EMAIL,
            "interviewed",
            _known,
        ),
        Rule(
            "late_on_hold",
            LATE,
            lambda c: c.on_hold,
            _EMAIL,
            "on hold or waitlisted",
            _undecided,
        ),
    ),
    (
        Rule(
            "late_not_targeted",
            LATE,
            None,
            _UPDATE,
            "otherwise",
            lambda c: (
                "This late, only programs that interviewed you or have you on hold are worth"
                f" telling: {standing(c)}."
            ),
        ),
    ),
    (
        Rule(
            "pre_rank_considered",
            PRE_RANK,
            lambda c: c.interviewed and c.considers,
            _EMAIL,
            "interviewed, and they strongly consider Step 2",
            lambda c: f"{sentence(standing(c))}, and their {policy(c)}.",
        ),
    ),
    (
        Rule(
            "pre_rank_not_targeted",
            PRE_RANK,
            None,
            _UPDATE,
            "otherwise",
            lambda c: (
                "Before ranking, only programs that interviewed you and strongly consider Step 2"
                f" CK are worth telling: {standing(c)}, {policy(c)}."
            ),
        ),
    ),
)

TABLE: tuple[Rule, ...] = tuple(
    rule._replace(number=number) for number, group in enumerate(_GROUPS, 1) for rule in group
)
ROWS_IN = {phase: tuple(rule for rule in TABLE if phase in rule.phases) for phase in Phase}


def deciding_rule(case: Case) -> Rule:
    """The first row that holds; the table is total, so there is always one."""
    return next(rule for rule in ROWS_IN[case.phase] if rule.applies(case))
