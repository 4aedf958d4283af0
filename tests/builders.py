"""Builds values for tests: the plainest applicant, program and situation, with fields by name."""

from datetime import date

from planner.rules import calendar
from planner.rules.facts import (
    Applicant,
    Application,
    AtSubmission,
    LetterKind,
    Match,
    Occasion,
    OccasionKind,
    Program,
    Service,
    Step1,
    Step1Word,
    Step2CK,
    Thresholds,
    plain,
)
from planner.rules.identity import key_of
from planner.rules.letters import Draft, Letter
from planner.rules.planning import LetterFact
from planner.rules.situation import Backdrops, Situation, case_for
from planner.rules.specialties import shipped
from planner.rules.states import LetterState
from planner.steps.compose import make_composer
from planner.store.program_bulk import EMPTY, ProgramBulk, StoredProgram

EARLY, LATE, PRE_RANK = date(2026, 10, 20), date(2026, 12, 15), date(2027, 2, 10)
PRESEASON, CLOSED = date(2026, 9, 1), date(2027, 3, 10)


def surname(number):
    """A last name for each number: "Abarab" for 1; a name has no digits."""
    return "Abara" + "".join("abcdefghij"[int(digit)] for digit in str(number))


def an_applicant(*, s1=228, s2=248, step1=None, step2=None, application=None, **other):
    """228 on Step 1, then 248 on Step 2 CK: a strong asset in Internal Medicine."""
    word = Step1Word(s1) if isinstance(s1, str) else s1
    first = Step1(**{"result": word, **(step1 or {})})
    second = Step2CK(
        **{
            "score": s2,
            "test_date": date(2026, 9, 1),
            "released_on": date(2026, 10, 1),
            "at_submission": AtSubmission.NOT_REPORTED,
            **(step2 or {}),
        }
    )
    return Applicant(
        **{
            "name": "Robin Sample",
            "aamc_id": "10000001",
            "email": "robin@applicant.example",
            "step1": first,
            "step2": second,
            "application": Application(**(application or {})),
            "transcript": dict.fromkeys(Service, date(2026, 10, 2)),
            **other,
        }
    )


def a_pending_applicant(**step2):
    """The score is awaited on 13 January."""
    expected = {"score": None, "released_on": None, "expected_on": date(2027, 1, 13)}
    return an_applicant(step2={**expected, **step2})


def a_program(number=1, **fields):
    """An Internal Medicine program that nothing singles out, with an address."""
    return Program(
        **{
            "id": number,
            "program": f"Alder Creek {number}",
            "specialty": "Internal Medicine",
            "director_email": f"director{number}@alder.example",
            "director_last_name": "Abara",
            **fields,
        }
    )


def a_situation(*, day=EARLY, applicant=None, season=2027, **fields):
    """Noon of a day in the early phase."""
    return Situation(
        **{
            "applicant": applicant or an_applicant(),
            "specialties": shipped(),
            "calendars": {match: calendar.build(match, season) for match in Match},
            "thresholds": Thresholds(),
            "season": season,
            "now": calendar.noon(day),
            **fields,
        }
    )


class Worktop:
    """A workspace without a config: this store, and everything else as it is given."""

    def __init__(self, store, *, templates=None, account="robin", **situation):
        self.store, self.templates, self.account = store, templates, account
        self._situation = situation

    def now(self):
        """The moment of the situation."""
        return self.situation().now

    def situation(self, *, day=None, phase=None):
        """What plans are made from."""
        asked = {"day": day, "phase": phase}
        return a_situation(**{**self._situation, **{k: v for k, v in asked.items() if v}})

    def composer(self, tx, *, unwritten=False):
        """Turns decisions into letters."""
        return make_composer(tx, self.situation(), self.templates, self.account)


def a_case(program=None, *, list_size=60, own_letter=None, promised=False, **situation):
    """A case on a list that is too long to tell everybody."""
    return case_for(
        Backdrops(a_situation(**situation)),
        program or a_program(),
        list_size=list_size,
        own_letter=own_letter,
        promised=promised,
    )


def a_letter(program, state=LetterState.SENT, *, kind="strong_score", occasion="result", **fields):
    """A letter that exists."""
    fact = LetterFact(
        id=program.id,
        program_id=program.id,
        program=program.program,
        occasion=Occasion(OccasionKind(occasion), 2027, 1),
        kind=LetterKind(kind),
        state=state,
        to=(program.director_email,),
        cc=(),
    )
    return fact._replace(**fields)


def a_draft(program=1, **fields):
    """A rendered letter to a program, the plainest there is."""
    return Draft(
        **{
            "program_id": program,
            "occasion": Occasion(OccasionKind.RESULT, 2027, 1),
            "letter": LetterKind.STRONG_SCORE,
            "picked": LetterKind.STRONG_SCORE,
            "rule": "asked",
            "subject": "S",
            "body": "B\n",
            "sender": "robin@applicant.example",
            "to": ("pd@x.example",),
            "cc": (),
            "facts": {},
            "content_digest": "c",
            "findings": [],
            "in_reply_to": None,
            **fields,
        }
    )


def a_kept_letter(**values):
    """A letter as the database gives it; what a test does not name is None."""
    given = {"id": 1, "state": LetterState.APPROVED, "attempts": 0, **values}
    return Letter(**{name: given.get(name) for name in Letter._fields})


def put(store, *programs):
    """Write programs into a store, under their ids."""
    with store.begin() as connection:
        ProgramBulk(connection).add(
            [
                StoredProgram(
                    program.id,
                    {name: plain(getattr(program, name)) for name in EMPTY},
                    key_of(program),
                    dict(program.extra),
                )
                for program in programs
            ]
        )
