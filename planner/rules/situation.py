"""What a plan is made from, apart from the programs, and how a program becomes a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from planner.errors import ConfigError
from planner.rules.calendar import MatchCalendar, PhaseOn, eastern, phase_on
from planner.rules.case import Case
from planner.rules.facts import (
    AddressChoice,
    Applicant,
    Match,
    Occasion,
    Phase,
    Program,
    Service,
    Specialty,
    Thresholds,
)
from planner.rules.score import Assessment, assess
from planner.rules.specialties import Specialties
from planner.rules.states import LetterState
from planner.rules.tracks import named_for, track_of


class Situation(NamedTuple):
    """What a plan is made from, apart from the programs and their letters.

    `now` is any aware moment; `phase` overrides the calendar (what-if only); `voice` is the
    wording of letters that was chosen by hand.
    """

    applicant: Applicant
    specialties: Specialties
    calendars: Mapping[Match, MatchCalendar]
    thresholds: Thresholds
    season: int
    now: datetime
    address: AddressChoice = AddressChoice.BOTH
    interviews_finished_on: date | None = None
    phase: Phase | None = None
    voice: str = ""

    @property
    def today(self) -> date:
        """The Eastern date."""
        return eastern(self.now).date()

    @property
    def occasion(self) -> Occasion:
        """What a letter written today would be about."""
        return self.applicant.occasion(self.season)

    def specialty_called(self, name: str) -> Specialty:
        """Return the specialty of this name; an unknown one gets the defaults."""
        return self.specialties.named(name) or Specialty(name, name.lower())

    def specialty_of(self, program: Program) -> Specialty:
        """Return the specialty of a program."""
        return self.specialty_called(program.specialty)

    def service_of(self, program: Program) -> Service:
        """Return the application service of a program; its own column wins."""
        return program.application_service or self.specialty_of(program).application_service

    def calendar_of(self, program: Program) -> MatchCalendar:
        """Return the calendar of the program's match, with the dates of its specialty.

        Raises ConfigError if the match has no calendar in this season.
        """
        specialty = self.specialty_of(program)
        match = specialty.match
        try:
            return self.calendars[match].with_dates(specialty.opens, specialty.late_from)
        except KeyError:
            raise ConfigError(
                f"Season {self.season} has no dates for the {match} match"
                f" ({program.program} needs them).",
                hint=f"Fill in [cycle.{match}] in the config; all seven keys.",
            ) from None

    def phase_of(self, calendar: MatchCalendar) -> PhaseOn:
        """Return the phase of a match now, or the phase that the user asked for."""
        if self.phase is not None:
            return PhaseOn(self.phase, f"Phase {self.phase}, as you asked.")
        finished = self.interviews_finished_on
        return phase_on(calendar, self.now, interviews_finished_on=finished)


class Backdrop(NamedTuple):
    """What all programs of one specialty share; `assessment` is None while the score is pending."""

    specialty: Specialty
    assessment: Assessment | None
    calendar: MatchCalendar
    phase_on: PhaseOn
    today: date


class Backdrops(dict[str, Backdrop]):
    """Backdrops by the specialty's name in the programs, each made at its first use."""

    def __init__(self, situation: Situation) -> None:
        super().__init__()
        self.situation = situation

    def behind(self, program: Program) -> Backdrop:
        """Return the backdrop of a program.  Raises ConfigError if its match has no calendar."""
        found = self.get(program.specialty)
        if found is None:
            found = self[program.specialty] = _backdrop(self.situation, program)
        return found


def _backdrop(situation: Situation, program: Program) -> Backdrop:
    specialty, applicant = situation.specialty_of(program), situation.applicant
    calendar = situation.calendar_of(program)
    pending = applicant.step2.pending
    return Backdrop(
        specialty=specialty,
        assessment=None if pending else assess(applicant, specialty, situation.thresholds),
        calendar=calendar,
        phase_on=situation.phase_of(calendar),
        today=situation.today,
    )


def case_for(
    backdrops: Backdrops,
    program: Program,
    *,
    list_size: int,
    own_letter: LetterState | None = None,
    sent_on: date | None = None,
    promised: bool = False,
) -> Case:
    """Collect what the decision about one program depends on.

    Raises ConfigError if its match has no calendar.
    """
    situation, shared = backdrops.situation, backdrops.behind(program)
    return Case(
        program=program,
        applicant=situation.applicant,
        specialty=named_for(shared.specialty, track_of(program)),
        assessment=shared.assessment,
        phase_on=shared.phase_on,
        calendar=shared.calendar,
        today=shared.today,
        thresholds=situation.thresholds,
        list_size=list_size,
        own_letter=own_letter,
        sent_on=sent_on,
        promised=promised,
        interviews_finished_on=situation.interviews_finished_on,
    )
