"""Laws of the decision table: what no row may ever do, whatever its condition.

Every combination of what the table looks at is decided, from the enums themselves, so that a
new member takes part by itself.  The words of a law are written out here once more, on
purpose: a law that asked the predicates of the table would follow them into a mistake.
"""

import itertools
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import pytest

from planner.rules.calendar import PhaseOn
from planner.rules.choice import letter_for
from planner.rules.facts import (
    AtSubmission,
    Category,
    ContactPolicy,
    LetterKind,
    Phase,
    Program,
    Signal,
    Status,
    Step2Policy,
    Verdict,
)
from planner.rules.planning import make_plan
from planner.rules.specialties import shipped
from planner.rules.states import LetterState
from planner.rules.targeting import TABLE, deciding_rule
from tests.builders import (
    EARLY,
    a_case,
    a_pending_applicant,
    a_program,
    a_situation,
    an_applicant,
)
from tests.rules.grid import FILE, SCORES, made

ACTIVE = {Phase.EARLY, Phase.LATE, Phase.PRE_RANK}
CONTEXT = {"drop_context": "I was ill in the week of the exam."}


class Who(NamedTuple):
    """An applicant, and what a law has to know of one."""

    applicant: object
    failed_before: bool = False
    img: bool = False
    explains: bool = False
    news: bool = True


class Told(NamedTuple):
    """One case, and what was decided for it."""

    phase: Phase
    program: Program
    who: Who
    category: Category | None
    failing: bool
    promised: bool
    rule: str
    letter: LetterKind | None


def everyone():
    """Applicants of each category; with context, after a failure, with nothing new, waiting."""
    for category, (s1, s2) in SCORES.items():
        yield Who(an_applicant(s1=s1, s2=s2))
        if "liability" in category:
            yield Who(an_applicant(s1=s1, s2=s2, application=CONTEXT), explains=True)
        reported = {"at_submission": AtSubmission.REPORTED}
        yield Who(an_applicant(s1=s1, s2=s2, step2=reported), news=False)
    for s2 in (248, 230, 222, 217):  # an asset, mild or major liability, failed again
        failed = {"failed_attempts": 1}
        yield Who(an_applicant(s2=s2, step2=failed), failed_before=True)
    hidden = {"failure_on_application": False}
    yield Who(an_applicant(step2={"failed_attempts": 1}, application=hidden), failed_before=True)
    yield Who(an_applicant(s1="pass", s2=250))
    for s2 in (236, 222, 217):  # neutral, a liability, failed
        yield Who(an_applicant(s1="pass", s2=s2, img=True), img=True)
    yield Who(a_pending_applicant())


def programs():
    """Every status, interview date, policy, and way to be singled out."""
    days = (None, EARLY - timedelta(9), EARLY, EARLY + timedelta(9))
    marks = [{}, {"top_choice": True}, {"connection": "my aunt"}, *({"signal": s} for s in Signal)]
    number = itertools.count(1)
    for status, day, policy, mark in itertools.product(Status, days, Step2Policy, marks):
        yield a_program(
            next(number), status=status, interview_date=day, step2_policy=policy, **mark
        )


# Rows by which no case here is decided: who wants no mail, was told or has certified their list
# is in tests of their own, in each phase.
ELSEWHERE = {"contact_refused", "other_channel", "already_told", "list_locked"}


@pytest.fixture(scope="module")
def everything():
    """Each case of the table, decided."""
    found = []
    listed = list(programs())
    for phase, who, promised in itertools.product(Phase, everyone(), (False, True)):
        base = a_case(applicant=who.applicant, promised=promised)
        base = base._replace(phase_on=PhaseOn(phase, ""))
        known = base.assessment
        for size in (12, 60) if phase is Phase.EARLY else (60,):
            for program in listed:
                case = base._replace(program=program, list_size=size)
                hit = deciding_rule(case)
                letter = letter_for(case, hit.id) if hit.verdict is Verdict.EMAIL else None
                category, failing = (known.category, known.failing) if known else (None, False)
                found.append(Told(phase, program, who, category, failing, promised, hit.id, letter))
    return found


def interviewed(p: Program):
    if p.status is Status.INTERVIEWED:
        return p.interview_date is None or p.interview_date <= EARLY
    between = (Status.APPLIED, Status.INVITED, Status.WAITLISTED, Status.ON_HOLD)
    return p.interview_date is not None and p.interview_date < EARLY and p.status in between


def on_hold(p: Program):
    return p.status in (Status.WAITLISTED, Status.ON_HOLD)


def asks(p: Program):
    return p.step2_policy in (Step2Policy.REQUESTED, Step2Policy.REQUIRED_TO_RANK)


def may_be_ranked_now(t):
    """A pass after a failed Step 2 CK, or one that ECFMG waits for."""
    return (t.who.failed_before or t.who.img) and not t.failing


def written(everything, *phases):
    """The cases in which a letter is written."""
    found = [t for t in everything if t.letter is not None and t.phase in (phases or set(Phase))]
    assert found
    return found


def broken(cases, law):
    """A few of the cases that break a law, short enough to be read."""
    wrong = [t for t in cases if not law(t)]
    kinds = Counter((t.phase.value, t.rule, t.program.status.value) for t in wrong)
    return kinds.most_common(5)


def test_the_cases_are_all_there_are(everything):
    assert len(everything) > 200_000
    for words, seen in (
        (Phase, {t.phase for t in everything}),
        (Category, {t.category for t in everything} - {None}),
        (Status, {t.program.status for t in everything}),
        (Step2Policy, {t.program.step2_policy for t in everything}),
        (Signal, {t.program.signal for t in everything}),
        (LetterKind, {t.letter for t in everything} - {None}),
    ):
        assert seen == set(words)


def test_every_row_of_the_table_decides_some_case_but_those_with_a_law_of_their_own(everything):
    """A row that another one always forestalls would be a sentence that nobody ever reads."""
    decided = {t.rule for t in everything}
    assert {rule.id for rule in TABLE} - decided == ELSEWHERE


def test_no_program_out_of_play_is_written_to(everything):
    out = (Status.REJECTED, Status.WITHDRAWN, Status.NOT_APPLIED)
    assert broken(written(everything), lambda t: t.program.status not in out) == []


def test_nothing_is_written_before_the_season_or_after_the_lists(everything):
    assert broken(written(everything), lambda t: t.phase in ACTIVE) == []


def test_late_letters_go_only_to_who_interviewed_is_on_hold_or_asks(everything):
    def may(t):
        return t.promised or interviewed(t.program) or on_hold(t.program) or asks(t.program)

    assert broken(written(everything, Phase.LATE), may) == []


def test_before_ranking_letters_go_only_to_who_interviewed(everything):
    cases = written(everything, Phase.PRE_RANK)
    assert broken(cases, lambda t: t.promised or interviewed(t.program)) == []


def test_a_liability_is_told_only_where_it_was_asked_for_or_explained(everything):
    """A promise is kept, and a pass without which they could rank nobody is told to who knows you.

    Who requires the score hears a low one only once they know the applicant.
    """

    def may(t):
        explained = t.who.explains and interviewed(t.program)
        known = interviewed(t.program) or on_hold(t.program)
        requested = t.program.step2_policy is Step2Policy.REQUESTED
        asked = requested or (asks(t.program) and known)
        return t.promised or asked or explained or (may_be_ranked_now(t) and known)

    liabilities = (Category.MILD_LIABILITY, Category.MAJOR_LIABILITY)
    cases = [t for t in written(everything) if t.category in liabilities]
    assert broken(cases, may) == []


def test_a_failed_result_is_told_to_no_one(everything):
    assert broken(written(everything), lambda t: not t.failing) == []


def test_what_is_not_news_is_told_to_no_one(everything):
    assert broken(written(everything), lambda t: t.who.news or t.promised) == []


def test_a_pending_score_is_told_only_to_who_asks(everything):
    pending = [t for t in written(everything) if t.category is None]
    assert broken(pending, lambda t: asks(t.program)) == []


def test_who_has_an_interview_ahead_is_told_there_unless_they_ask(everything):
    def ahead(p):
        if interviewed(p):
            return False
        known = (Status.APPLIED, Status.WAITLISTED, Status.ON_HOLD, Status.INTERVIEWED)
        dated = p.interview_date is not None and p.interview_date >= EARLY
        return p.status is Status.INVITED or (dated and p.status in known)

    cases = [t for t in written(everything) if ahead(t.program)]

    def may(t):
        eligible = may_be_ranked_now(t) and on_hold(t.program)
        return t.promised or asks(t.program) or eligible

    assert broken(cases, may) == []


def test_no_letter_claims_what_is_not_so(everything):
    needs = {
        LetterKind.AFTER_INTERVIEW: lambda t: interviewed(t.program),
        LetterKind.RETAKE: lambda t: t.who.failed_before,
        LetterKind.CONTEXT: lambda t: t.who.explains,
        LetterKind.SCORE_PENDING: lambda t: t.category is None,
        LetterKind.SCORE_POSTED: lambda t: t.promised and t.category is not None,
    }
    for kind, law in needs.items():
        assert broken([t for t in written(everything) if t.letter is kind], law) == [], kind


def test_a_pass_without_which_nobody_could_rank_them_is_told_to_all_who_interviewed(everything):
    due = [
        t
        for t in everything
        if t.phase in ACTIVE
        and t.category is not None
        and may_be_ranked_now(t)
        and interviewed(t.program)
        and t.program.status not in (Status.REJECTED, Status.WITHDRAWN, Status.NOT_APPLIED)
    ]
    assert due
    assert broken(due, lambda t: t.letter is not None) == []


def test_who_requested_the_score_hears_it_whatever_it_is_until_ranking(everything):
    """Only news, and only a pass: a failed result goes to the dean's office first."""
    due = [
        t
        for t in everything
        if t.phase in (Phase.EARLY, Phase.LATE)
        and t.category is not None
        and not t.failing
        and t.who.news
        and t.program.step2_policy is Step2Policy.REQUESTED
        and t.program.status not in (Status.REJECTED, Status.WITHDRAWN, Status.NOT_APPLIED)
    ]
    assert due
    assert broken(due, lambda t: t.letter is not None) == []


def closed_specialty(rule):
    """Situations of a specialty in which contact after the interview is closed."""
    table = {"Urology": {"after_interview": rule, "match": "nrmp"}}
    return {"specialties": shipped().overridden(table)}


@pytest.mark.parametrize("phase", sorted(ACTIVE))
def test_no_director_of_a_specialty_that_forbids_it_is_written_to_after_an_interview(phase):
    situation = a_situation(phase=phase, **closed_specialty("coordinator"))
    everyone = [
        replace(
            program,
            specialty="Urology",
            director_email=f"director{program.id}@elm.example",
            coordinator_email=f"office{program.id}@elm.example" if program.id % 3 else "",
        )
        for program in programs()
    ]
    letters = [d for d in make_plan(situation, everyone).decisions if d.letter]
    met = [d for d in letters if interviewed(d.program)]
    assert met
    assert all(a.startswith("office") for d in met for a in (*d.to, *d.cc))
    assert any(d.to[0].startswith("director") for d in letters) or phase is Phase.PRE_RANK


@pytest.mark.parametrize("phase", sorted(ACTIVE))
@pytest.mark.parametrize("how", ["program", "specialty"])
def test_nobody_who_forbids_it_is_written_to_after_an_interview_and_others_are(phase, how):
    by_program = how == "program"
    situation = a_situation(phase=phase, **closed_specialty("open" if by_program else "none"))
    policy = ContactPolicy.NOT_AFTER_INTERVIEW if by_program else ContactPolicy.OPEN
    everyone = [
        replace(
            p, specialty="Urology", contact_policy=policy, director_email=f"d{p.id}@elm.example"
        )
        for p in programs()
    ]
    found = make_plan(situation, everyone).decisions
    assert not [d for d in found if d.letter and interviewed(d.program)]
    assert [d for d in found if d.letter] or phase is Phase.PRE_RANK


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize(
    ("program", "situation"),
    [
        ({"contact_policy": ContactPolicy.NONE}, {}),
        ({"contact_policy": ContactPolicy.NOT_AFTER_INTERVIEW}, {}),
        ({"contact_policy": ContactPolicy.CHANNEL}, {}),
        ({"rank_list_locked": True}, {}),
        ({"told_on": date(2026, 10, 1)}, {}),
        *(
            ({}, {"own_letter": LetterState(state)})
            for state in ("claimed", "committing", "sent", "exported", "unknown")
        ),
    ],
    ids=str,
)
def test_who_wants_no_mail_or_was_told_is_never_written_to(phase, program, situation):
    for policy, promised in itertools.product(Step2Policy, (False, True)):
        asked = a_program(
            status=Status.INTERVIEWED, step2_policy=policy, top_choice=True, **program
        )
        case = a_case(asked, promised=promised, phase=phase, **situation)
        assert deciding_rule(case).verdict is not Verdict.EMAIL


def test_what_is_decided_is_what_the_golden_grid_says():
    """If this is what you meant: python -m tests.rules.grid, and read the difference."""
    assert made().splitlines() == FILE.read_text("utf-8").splitlines()
