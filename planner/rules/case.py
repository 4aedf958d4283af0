"""A case, which the rules decide: one program, the applicant, the day, and predicates."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from planner.rules.calendar import MatchCalendar, PhaseOn
from planner.rules.facts import (
    AfterInterview,
    Applicant,
    Category,
    ContactPolicy,
    Phase,
    Program,
    Scenario,
    Service,
    Signal,
    Specialty,
    Status,
    Step2Policy,
    Thresholds,
)
from planner.rules.score import Assessment
from planner.rules.states import GONE, LetterState

OUT_OF_PLAY = frozenset({Status.REJECTED, Status.WITHDRAWN, Status.NOT_APPLIED})
ASKING = frozenset({Step2Policy.REQUESTED, Step2Policy.REQUIRED_TO_RANK})
ON_HOLD = frozenset({Status.WAITLISTED, Status.ON_HOLD})
FEW_SIGNALS = 12  # of one kind: so few that a signal makes a program stand out
UNDATED_INTERVIEW = frozenset({Status.APPLIED, *ON_HOLD})


# What the decision table means by its words on a program.
PREDICATES = (
    ("they ask", "step2_policy is requested or required_to_rank"),
    ("they mention Step 2", "step2_policy is neither none nor unknown"),
    (
        "interviewed",
        (
            "status interviewed, unless the date is in the future; or the date has passed while"
            " applied, invited, waitlisted or on_hold"
        ),
    ),
    ("an interview is to come", "status invited, or a date today or later; not interviewed"),
    ("on hold", "status waitlisted or on_hold"),
    (
        "a favorite",
        (
            f"top_choice, signal gold, or signal yes in a specialty with at most {FEW_SIGNALS} of one"
            " kind"
        ),
    ),
    ("active", "phase early, late or pre_rank"),
)


class Case(NamedTuple):
    """Everything that a decision about one program depends on.

    `assessment` is None while the score is pending.  `own_letter` is the state of this
    program's letter for the present occasion and `sent_on` its day, `promised` says whether the
    program was told that the score is pending, and `list_size` counts the programs with any status except
    not_applied.
    """

    program: Program
    applicant: Applicant
    specialty: Specialty
    assessment: Assessment | None
    phase_on: PhaseOn
    calendar: MatchCalendar
    today: date
    thresholds: Thresholds
    list_size: int
    own_letter: LetterState | None = None
    sent_on: date | None = None
    promised: bool = False
    interviews_finished_on: date | None = None

    @property
    def phase(self) -> Phase:
        """The phase; a certified rank list closes a program on any date."""
        return Phase.CLOSED if self.program.rank_list_locked else self.phase_on.phase

    @property
    def service(self) -> Service:
        """The application service of this program; its own column wins."""
        return self.program.application_service or self.specialty.application_service

    @property
    def requested(self) -> bool:
        """The program asked this applicant for the score."""
        return self.program.step2_policy is Step2Policy.REQUESTED

    @property
    def asks(self) -> bool:
        """The program asked for the score."""
        return self.program.step2_policy in ASKING

    @property
    def cares(self) -> bool:
        """The program says anything at all about Step 2 CK."""
        return self.program.step2_policy not in {Step2Policy.NONE, Step2Policy.UNKNOWN}

    @property
    def considers(self) -> bool:
        """The program strongly considers Step 2 CK."""
        return self.program.step2_policy is Step2Policy.STRONGLY_CONSIDERED

    @property
    def interviewed(self) -> bool:
        """The interview has taken place."""
        status, day = self.program.status, self.program.interview_date
        if status is Status.INTERVIEWED:
            return day is None or day <= self.today
        passed = day is not None and day < self.today
        return passed and (status in UNDATED_INTERVIEW or status is Status.INVITED)

    @property
    def presumed_interviewed(self) -> bool:
        """Counted as interviewed only because the day has passed; it may have been moved."""
        return self.interviewed and self.program.status is not Status.INTERVIEWED

    @property
    def misdated(self) -> bool:
        """Marked as interviewed on a day in the future."""
        day = self.program.interview_date
        return self.program.status is Status.INTERVIEWED and day is not None and day > self.today

    @property
    def invited(self) -> bool:
        """An interview is still to come."""
        status, day = self.program.status, self.program.interview_date
        if self.interviewed:
            return False
        ahead = day is not None and day >= self.today and status in UNDATED_INTERVIEW
        return status is Status.INVITED or ahead or self.misdated

    @property
    def on_hold(self) -> bool:
        """On a wait list or on hold."""
        return self.program.status in ON_HOLD

    @property
    def top(self) -> bool:
        """One of the few favorites."""
        return self.program.top_choice or self.program.signal is Signal.GOLD or self.rare_signal

    @property
    def rare_signal(self) -> bool:
        """A signal in a specialty with few signals, all of one kind."""
        few = 0 < self.specialty.signals <= FEW_SIGNALS
        return self.program.signal is Signal.YES and few

    @property
    def known(self) -> bool:
        """They have met the applicant, or keep the file open: interviewed or on hold."""
        return self.interviewed or self.on_hold

    @property
    def refuses_now(self) -> bool:
        """They want no email, or none after the interview, which has taken place."""
        policy = self.program.contact_policy
        not_after = (
            policy is ContactPolicy.NOT_AFTER_INTERVIEW
            or self.specialty.after_interview is AfterInterview.NONE
        )
        return policy is ContactPolicy.NONE or (not_after and self.interviewed)

    @property
    def coordinator_only(self) -> bool:
        """After an interview, this specialty's faculty may not be written to."""
        closed = self.specialty.after_interview is AfterInterview.COORDINATOR
        return closed and self.interviewed

    @property
    def eligible_now(self) -> bool:
        """Only with this pass can they rank the applicant: after a failure, or with ECFMG."""
        if self.assessment is None or self.assessment.failing:
            return False
        news = Scenario.NOW_AVAILABLE in self.assessment.scenarios
        return self.applicant.step2.failed_attempts > 0 or (self.applicant.img and news)

    @property
    def explains_drop(self) -> bool:
        """A major liability after an interview, with the applicant's own sentence about it."""
        context = bool(self.applicant.application.drop_context.strip())
        return self.major_liability and context and self.interviewed

    @property
    def had_it_that_day(self) -> bool:
        """The new score was re-sent before the interview: they may have had it there."""
        sent, day = self.applicant.transcript.get(self.service), self.program.interview_date
        if not self.interviewed or self.presumed_interviewed:
            return False
        return sent is not None and day is not None and sent < day

    @property
    def pending(self) -> bool:
        """The score has not come yet."""
        return self.assessment is None

    @property
    def weak_step1(self) -> bool:
        """Step 1 has a number below the weak line of this specialty."""
        step1 = self.applicant.step1.score
        line = self.thresholds.bar(self.specialty.tier) - self.thresholds.weak_step1_below_bar
        return step1 is not None and step1 < line

    @property
    def liability(self) -> bool:
        """The score speaks against the applicant."""
        return self.assessment is not None and self.assessment.liability

    @property
    def major_liability(self) -> bool:
        """The score speaks strongly against the applicant."""
        return self.assessment is not None and self.assessment.category is Category.MAJOR_LIABILITY

    @property
    def helps(self) -> bool:
        """The score is new information and an asset."""
        return self.assessment is not None and self.assessment.helps

    @property
    def clearly_helps(self) -> bool:
        """The score is new, and it is strong or overcomes a weakness."""
        return self.assessment is not None and self.assessment.clearly_helps

    @property
    def told(self) -> bool:
        """The applicant told them this news by other means."""
        told, released = self.program.told_on, self.applicant.step2.released_on
        if told is None or self.pending or released is None:
            return told is not None
        return told >= released

    @property
    def told_early(self) -> bool:
        """Noted as told on a day before the score came out, and no letter announced the score."""
        told, released = self.program.told_on, self.applicant.step2.released_on
        if told is None or released is None or self.pending or self.promised:
            return False
        return told < released

    @property
    def letter_gone(self) -> bool:
        """A letter for this occasion has left, or may have left."""
        return self.own_letter in GONE

    @property
    def connected(self) -> bool:
        """A geographic or personal tie."""
        return bool(self.program.connection.strip())

    @property
    def expected_in_window(self) -> bool:
        """The result is due between pending_from and the closing of the lists."""
        day = self.applicant.step2.expected_on
        if day is None or day < self.today:
            return False
        return self.calendar.pending_from.date() <= day <= self.calendar.last_list_day

    @property
    def failure_hidden(self) -> bool:
        """A letter would reveal a failure that the application does not show."""
        return (
            self.assessment is not None
            and Scenario.PASSED_AFTER_FAILURE in self.assessment.scenarios
            and not self.applicant.application.failure_on_application
        )
