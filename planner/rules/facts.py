"""The values that everything else uses: the applicant, a program, and enums of their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple


class Tier(StrEnum):
    """How competitive a specialty is, which decides its bar."""

    COMPETITIVE = "competitive"
    MODERATE = "moderate"
    STANDARD = "standard"


class Service(StrEnum):
    """The application service from which a program gets the transcript."""

    ERAS = "eras"
    RESIDENCYCAS = "residencycas"
    SFMATCH = "sfmatch"
    OTHER = "other"


class Match(StrEnum):
    """Who runs the match of a specialty, and so its calendar."""

    NRMP = "nrmp"
    SAU = "sau"
    SFMATCH = "sfmatch"


class Phase(StrEnum):
    """Where in the cycle a program is."""

    PRESEASON = "preseason"
    EARLY = "early"
    LATE = "late"
    PRE_RANK = "pre_rank"
    CLOSED = "closed"


class Category(StrEnum):
    """What a score is worth for one specialty."""

    STRONG_ASSET = "strong_asset"
    MILD_ASSET = "mild_asset"
    NEUTRAL = "neutral"
    MILD_LIABILITY = "mild_liability"
    MAJOR_LIABILITY = "major_liability"


class Scenario(StrEnum):
    """Circumstances of a score that letters and decisions depend on."""

    WEAK_STEP1_IMPROVED = "weak_step1_improved"
    PASSED_AFTER_FAILURE = "passed_after_failure"
    NOW_AVAILABLE = "now_available"
    ASKED_BY_PROGRAM = "asked_by_program"
    BORDERLINE = "borderline"


class Status(StrEnum):
    """How far the applicant has come with a program."""

    APPLIED = "applied"
    INVITED = "invited"
    INTERVIEWED = "interviewed"
    WAITLISTED = "waitlisted"
    ON_HOLD = "on_hold"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    NOT_APPLIED = "not_applied"


class Track(StrEnum):
    """The kind of position: a whole residency, its first year, the other years, or both parts."""

    CATEGORICAL = "categorical"
    PRELIMINARY = "preliminary"
    ADVANCED = "advanced"
    JOINT = "joint"


class Step2Policy(StrEnum):
    """What a program says about Step 2 CK."""

    UNKNOWN = "unknown"
    NONE = "none"
    MENTIONED = "mentioned"
    STRONGLY_CONSIDERED = "strongly_considered"
    REQUESTED = "requested"
    REQUIRED_TO_RANK = "required_to_rank"


class Signal(StrEnum):
    """The preference signal that the applicant sent to a program."""

    NONE = "none"
    YES = "yes"
    SILVER = "silver"
    GOLD = "gold"


class ContactPolicy(StrEnum):
    """Whether a program wants email from applicants, from the mildest to the strictest.

    `channel`: they want another channel, such as a portal.
    """

    OPEN = "open"
    IF_ASKED = "if_asked"
    NOT_AFTER_INTERVIEW = "not_after_interview"
    CHANNEL = "channel"
    NONE = "none"


class AfterInterview(StrEnum):
    """Who of a specialty's programs may be written to once the interview is over."""

    OPEN = "open"
    COORDINATOR = "coordinator"
    NONE = "none"


class AtSubmission(StrEnum):
    """What the application said about Step 2 CK when it was submitted."""

    PLANNED = "planned"
    NOT_REPORTED = "not_reported"
    REPORTED = "reported"


class Step1Word(StrEnum):
    """A Step 1 result that is not a number."""

    PASS = "pass"  # noqa: S105 - an exam result, not a password
    FAIL = "fail"
    NOT_TAKEN = "not_taken"


class Verdict(StrEnum):
    """What a plan does with a program."""

    EMAIL = "email"
    UPDATE_ONLY = "update_only"
    EXCLUDED = "excluded"


class LetterKind(StrEnum):
    """The letters; the first three are the main ones."""

    STRONG_SCORE = "strong_score"
    IMPROVEMENT = "improvement"
    AFTER_INTERVIEW = "after_interview"
    SCORE_PENDING = "score_pending"
    SCORE_POSTED = "score_posted"
    CONTEXT = "context"
    RETAKE = "retake"
    SCORE_NOTICE = "score_notice"


class AddressChoice(StrEnum):
    """Who at a program gets the letters (`letters.address`)."""

    DIRECTOR = "director"
    COORDINATOR = "coordinator"
    BOTH = "both"


class OccasionKind(StrEnum):
    """Before the score (`pending`) or with it (`result`)."""

    PENDING = "pending"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a letter is about: one kind of news in one season, about one attempt.

    A program gets at most one letter for each occasion.
    """

    kind: OccasionKind
    season: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Specialty:
    """A specialty as the rules and the letters need it.

    `signals` is how many an applicant has if all are of one kind, else 0.  `opens` and
    `late_from` replace the dates of its match.  `preliminary_name` is what a letter calls its
    preliminary year; if empty, "preliminary" and the letter name.
    """

    name: str
    letter_name: str
    code: str = ""
    tier: Tier = Tier.STANDARD
    application_service: Service = Service.ERAS
    match: Match = Match.NRMP
    aliases: tuple[str, ...] = ()
    signals: int = 0
    after_interview: AfterInterview = AfterInterview.OPEN
    opens: date | None = None
    late_from: date | None = None
    preliminary_name: str = ""


@dataclass(frozen=True, slots=True)
class Step1:
    """The Step 1 result: a three-digit score or a word, and the number of failed attempts."""

    result: int | Step1Word = Step1Word.PASS
    failed_attempts: int = 0

    @property
    def score(self) -> int | None:
        """The three-digit score, or None if there is only a word."""
        return None if isinstance(self.result, Step1Word) else self.result

    @property
    def failed(self) -> bool:
        """Whether any attempt at Step 1 failed."""
        return self.failed_attempts > 0 or self.result is Step1Word.FAIL


@dataclass(frozen=True, slots=True)
class Step2CK:
    """The Step 2 CK result; `score` None means that it is still pending."""

    score: int | None = None
    test_date: date | None = None
    released_on: date | None = None
    expected_on: date | None = None
    expected_range: tuple[int, int] | None = None
    failed_attempts: int = 0
    at_submission: AtSubmission = AtSubmission.NOT_REPORTED

    @property
    def pending(self) -> bool:
        """True as long as no score is recorded, whatever the dates say."""
        return self.score is None

    @property
    def attempt(self) -> int:
        """Number of this attempt, from 1."""
        return self.failed_attempts + 1


@dataclass(frozen=True, slots=True)
class Application:
    """What the applicant says about the rest of the application."""

    otherwise_strong: bool = False
    borderline: bool = False
    failure_on_application: bool = True
    failure_explained: bool = False
    drop_context: str = ""


@dataclass(frozen=True, slots=True)
class Applicant:
    """The one who writes; `img`: who needs ECFMG certification before a program may rank them."""

    name: str
    aamc_id: str
    email: str
    phone: str = ""
    school: str = ""
    img: bool = False
    step1: Step1 = field(default_factory=Step1)
    step2: Step2CK = field(default_factory=Step2CK)
    application: Application = field(default_factory=Application)
    transcript: Mapping[Service, date] = field(default_factory=dict)

    def occasion(self, season: int) -> Occasion:
        """Return the occasion that a letter written today would belong to."""
        kind = OccasionKind.PENDING if self.step2.pending else OccasionKind.RESULT
        return Occasion(kind, season, self.step2.attempt)

    @property
    def failed_before(self) -> bool:
        """Whether an attempt at either exam failed before the present result."""
        return self.step1.failed or self.step2.failed_attempts > 0


@dataclass(frozen=True, slots=True)
class Program:
    """One row of the applicant's list.  Empty text and None mean "not known".

    `track` is what the list says of it; `rules.tracks` also knows the NRMP code's letter.
    `impression` is one thing from the interview day.
    """

    id: int
    program: str
    specialty: str
    track: Track | None = None
    acgme_id: str = ""
    nrmp_code: str = ""
    institution: str = ""
    city: str = ""
    state: str = ""
    director_first_name: str = ""
    director_last_name: str = ""
    director_email: str = ""
    coordinator_name: str = ""
    coordinator_email: str = ""
    status: Status = Status.APPLIED
    interview_date: date | None = None
    step2_policy: Step2Policy = Step2Policy.UNKNOWN
    top_choice: bool = False
    signal: Signal = Signal.NONE
    connection: str = ""
    reason: str = ""
    impression: str = ""
    contact_policy: ContactPolicy = ContactPolicy.OPEN
    contact_channel: str = ""
    application_service: Service | None = None
    rank_list_locked: bool = False
    told_on: date | None = None
    notes: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


class PassingStandard(NamedTuple):
    """The lowest passing Step 2 CK score for tests taken from a date on."""

    from_date: date
    score: int


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers of the rules; each is a key of `[rules]` in the config.

    Scores are three-digit Step 2 CK scores, and differences are points; `small_list` counts
    programs, `mass_limit` letters, and `max_words` words.  The passing standards are those
    of the USMLE program, by test date.
    """

    bar_competitive: int = 250
    bar_moderate: int = 245
    bar_standard: int = 240
    weak_step1_below_bar: int = 10
    usual_floor_below_bar: int = 15
    far_below_floor: int = 10
    major_drop: int = 20
    drop: int = 10
    same: int = 5
    gain: int = 15
    small_list: int = 20
    mass_limit: int = 20
    max_words: int = 120
    passing_standard: tuple[PassingStandard, ...] = (
        PassingStandard(date(2014, 7, 1), 209),
        PassingStandard(date(2022, 7, 1), 214),
        PassingStandard(date(2025, 7, 1), 218),
    )

    def bar(self, tier: Tier) -> int:
        """Return the lowest Step 2 CK score that counts as strong in `tier`."""
        bars = {
            Tier.COMPETITIVE: self.bar_competitive,
            Tier.MODERATE: self.bar_moderate,
            Tier.STANDARD: self.bar_standard,
        }
        return bars[tier]

    def passing_score(self, test_date: date | None) -> int:
        """Return the passing standard on `test_date`.

        For an unknown date, it is the newest one; before the first one, it is the first.
        """
        standards = sorted(self.passing_standard, key=lambda s: s.from_date)
        if test_date is None:
            return standards[-1].score
        in_force = [s for s in standards if s.from_date <= test_date] or standards[:1]
        return in_force[-1].score


def plain(value: Any) -> Any:
    """Return a value in plain form: enums as text, True as 1, dates as YYYY-MM-DD."""
    match value:
        case StrEnum():
            return value.value
        case bool():
            return int(value)
        case date():
            return value.isoformat()
        case _:
            return value
