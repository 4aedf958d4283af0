"""The decision table: each row, the order, totality and monotonicity."""

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.cli.hints import advice_on
from planner.rules.calendar import PhaseOn
from planner.rules.facts import (
    AtSubmission,
    Category,
    ContactPolicy,
    Phase,
    Signal,
    Status,
    Step2Policy,
    Verdict,
)
from planner.rules.reasons import reasons, trace
from planner.rules.score import VALUE, Assessment
from planner.rules.specialties import shipped
from planner.rules.states import LetterState
from planner.rules.targeting import TABLE, deciding_rule
from tests.builders import (
    CLOSED,
    EARLY,
    LATE,
    PRE_RANK,
    PRESEASON,
    a_case,
    a_pending_applicant,
    a_program,
    an_applicant,
)

LIABILITY = {"s1": 245, "s2": 232}
MAJOR = {"s1": 245, "s2": 222}
MILD = {"s1": 240, "s2": 245}


def rule(case):
    return deciding_rule(case).id


def decided(day=EARLY, score=None, applicant=None, **program):
    who = applicant or an_applicant(**(score or {}))
    return rule(a_case(a_program(**program), day=day, applicant=who))


@pytest.mark.parametrize("status", ["rejected", "withdrawn", "not_applied"])
def test_who_is_out_of_play_is_excluded_in_every_phase(status):
    for day in (PRESEASON, EARLY, LATE, PRE_RANK, CLOSED):
        assert decided(day, status=Status(status)) == "not_in_play"


def test_who_refuses_contact_is_excluded():
    assert decided(contact_policy=ContactPolicy.NONE) == "contact_refused"


def test_a_locked_list_closes_a_program_on_any_date():
    case = a_case(a_program(rank_list_locked=True))
    assert rule(case) == "list_locked"
    assert case.phase is Phase.CLOSED
    assert "Phase closed: their rank list is certified." in reasons(case, deciding_rule(case))


@pytest.mark.parametrize(
    ("told_on", "expected"),
    [(date(2026, 9, 30), "early_not_targeted"), (date(2026, 10, 1), "already_told")],
)
def test_told_counts_from_the_release_on(told_on, expected):
    assert decided(told_on=told_on) == expected


def test_any_telling_counts_without_a_release_date():
    unreleased = an_applicant(step2={"released_on": None})
    assert decided(told_on=date(2026, 9, 1), applicant=unreleased) == "already_told"
    assert decided(told_on=date(2026, 9, 1), applicant=a_pending_applicant()) == "already_told"


@pytest.mark.parametrize("state", list(LetterState))
def test_a_letter_that_has_left_or_may_have_is_never_followed_by_a_second(state):
    gone = {"claimed", "committing", "sent", "exported", "unknown"}
    expected = "already_told" if state in gone else "early_not_targeted"
    case = a_case(own_letter=state)
    assert rule(case) == expected
    if expected == "already_told":
        assert str(state) in reasons(case, deciding_rule(case))[0]


def test_nothing_is_written_before_the_season_and_after_the_lists():
    assert decided(PRESEASON) == "preseason"
    assert decided(CLOSED, status=Status.INTERVIEWED) == "closed"


@pytest.mark.parametrize(
    ("expected_on", "expected"),
    [
        (date(2026, 12, 31), "pending_wait"),
        (date(2027, 1, 1), "pending_asked"),
        (date(2027, 3, 3), "pending_asked"),
        (date(2027, 3, 4), "pending_wait"),
        (None, "pending_wait"),
    ],
)
def test_a_pending_score_is_told_to_who_asks_if_it_comes_in_time(expected_on, expected):
    waiting = a_pending_applicant(expected_on=expected_on)
    assert decided(applicant=waiting, step2_policy=Step2Policy.REQUESTED) == expected


def test_a_pending_score_is_not_told_if_the_expected_day_has_passed():
    waiting = a_pending_applicant(expected_on=date(2027, 1, 13))
    asks = {"step2_policy": Step2Policy.REQUIRED_TO_RANK, "applicant": waiting}
    assert decided(date(2027, 1, 13), **asks) == "pending_asked"
    assert decided(date(2027, 1, 14), **asks) == "pending_wait"


def test_a_pending_score_is_told_before_ranking_only_where_interviewed():
    waiting = a_pending_applicant(expected_on=date(2027, 2, 20))
    asks = {"step2_policy": Step2Policy.REQUESTED, "applicant": waiting}
    assert decided(PRE_RANK, **asks) == "pending_wait"
    assert decided(PRE_RANK, status=Status.INTERVIEWED, **asks) == "pending_asked"


def test_waiting_says_what_it_waits_for():
    asks = a_program(step2_policy=Step2Policy.REQUESTED)
    for expected_on, said in (
        (None, "does not say when it is due"),
        (date(2026, 11, 1), "worth it only"),
    ):
        case = a_case(asks, applicant=a_pending_applicant(expected_on=expected_on))
        assert said in reasons(case, deciding_rule(case))[0]


def test_a_pending_score_is_no_news_to_who_did_not_ask():
    assert decided(applicant=a_pending_applicant()) == "pending_wait"


def test_a_failed_result_goes_to_the_deans_office_first():
    assert decided(score={"s2": 210}, step2_policy=Step2Policy.REQUESTED) == "failed_result"


def test_a_promise_is_kept_even_with_a_liability():
    case = a_case(promised=True, applicant=an_applicant(**LIABILITY))
    assert rule(case) == "promised"


def test_nothing_new_is_not_written():
    known = an_applicant(step2={"at_submission": AtSubmission.REPORTED})
    assert decided(applicant=known, status=Status.INTERVIEWED) == "nothing_new"


@pytest.mark.parametrize(
    ("day", "status", "expected"),
    [
        (EARLY, "interviewed", "liability_asked"),
        (LATE, "on_hold", "liability_asked"),
        (EARLY, "applied", "liability_silent"),
        (LATE, "invited", "liability_silent"),
        (PRE_RANK, "interviewed", "liability_asked"),
        (PRE_RANK, "on_hold", "liability_silent"),
    ],
)
def test_a_liability_is_told_to_who_requires_it_and_knows_you(day, status, expected):
    asks = Step2Policy.REQUIRED_TO_RANK
    assert decided(day, LIABILITY, status=Status(status), step2_policy=asks) == expected


@pytest.mark.parametrize("status", ["applied", "invited", "on_hold", "interviewed"])
def test_a_liability_is_told_to_whoever_requested_it_until_ranking(status):
    facts = {"status": Status(status), "step2_policy": Step2Policy.REQUESTED}
    for day in (EARLY, LATE):
        assert decided(day, LIABILITY, **facts) == "liability_asked"
    expected = "liability_asked" if status == "interviewed" else "liability_silent"
    assert decided(PRE_RANK, LIABILITY, **facts) == expected


@pytest.mark.parametrize(
    ("day", "policy", "expected"),
    [
        (EARLY, "unknown", "liability_silent"),
        (LATE, "unknown", "liability_explained"),
        (PRE_RANK, "unknown", "liability_silent"),
        (PRE_RANK, "strongly_considered", "liability_explained"),
    ],
)
def test_a_major_drop_with_context_is_explained_late(day, policy, expected):
    explained = an_applicant(**MAJOR, application={"drop_context": "I was ill."})
    facts = {"status": Status.INTERVIEWED, "step2_policy": Step2Policy(policy)}
    assert decided(day, applicant=explained, **facts) == expected


def test_a_mild_liability_is_not_explained():
    explained = an_applicant(**LIABILITY, application={"drop_context": "I was ill."})
    assert decided(LATE, applicant=explained, status=Status.INTERVIEWED) == "liability_silent"


@pytest.mark.parametrize(
    ("day", "policy", "score", "status", "expected"),
    [
        (EARLY, "requested", {"s1": 250, "s2": 252}, "applied", "asked"),
        (EARLY, "required_to_rank", {"s1": 250, "s2": 252}, "applied", "no_clear_help"),
        (LATE, "required_to_rank", {"s1": 250, "s2": 252}, "applied", "asked"),
        (EARLY, "required_to_rank", {"s1": 250, "s2": 252}, "on_hold", "asked"),
        (EARLY, "required_to_rank", {}, "applied", "asked"),
        (PRE_RANK, "requested", {}, "applied", "pre_rank_not_targeted"),
        (PRE_RANK, "requested", {}, "interviewed", "asked"),
    ],
)
def test_who_asked_is_told(day, policy, score, status, expected):
    facts = {"step2_policy": Step2Policy(policy), "status": Status(status)}
    assert decided(day, score, **facts) == expected


@pytest.mark.parametrize(
    ("day", "policy", "status", "expected"),
    [
        (EARLY, "unknown", "interviewed", "early_interviewed"),
        (LATE, "unknown", "interviewed", "no_clear_help"),
        (LATE, "strongly_considered", "interviewed", "late_interviewed"),
        (LATE, "strongly_considered", "on_hold", "no_clear_help"),
        (PRE_RANK, "strongly_considered", "interviewed", "pre_rank_considered"),
    ],
)
def test_late_a_score_must_clearly_help(day, policy, status, expected):
    facts = {"step2_policy": Step2Policy(policy), "status": Status(status)}
    assert decided(day, MILD, **facts) == expected


def test_a_failure_that_the_application_hides_is_not_pointed_at():
    hidden = an_applicant(s1="fail", application={"failure_on_application": False})
    assert decided(applicant=hidden, top_choice=True) == "failure_unknown"
    assert decided(applicant=hidden, status=Status.ON_HOLD) == "early_on_hold"


def test_who_invited_is_told_at_the_interview():
    assert decided(status=Status.INVITED) == "wait_for_interview"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"status": Status.INTERVIEWED}, "early_interviewed"),
        ({"status": Status.WAITLISTED}, "early_on_hold"),
        ({"step2_policy": Step2Policy.MENTIONED}, "early_step2_policy"),
        ({"top_choice": True}, "early_top_choice"),
        ({"signal": Signal.GOLD}, "early_top_choice"),
        ({"signal": Signal.SILVER}, "early_not_targeted"),
        ({"connection": "home"}, "early_connection"),
        ({"connection": "  "}, "early_not_targeted"),
        ({"step2_policy": Step2Policy.NONE}, "early_not_targeted"),
    ],
)
def test_early_there_must_be_something_between_you(facts, expected):
    assert decided(**facts) == expected


@pytest.mark.parametrize(
    ("size", "expected"), [(20, "early_small_list"), (21, "early_not_targeted")]
)
def test_a_short_list_may_be_told_as_a_whole(size, expected):
    assert rule(a_case(list_size=size)) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("interviewed", "late_interviewed"),
        ("on_hold", "late_on_hold"),
        ("applied", "late_not_targeted"),
    ],
)
def test_late_only_who_knows_you(status, expected):
    assert decided(LATE, status=Status(status)) == expected


def test_before_ranking_only_who_considers_it():
    interviewed = {"status": Status.INTERVIEWED}
    considered = {"step2_policy": Step2Policy.STRONGLY_CONSIDERED}
    assert decided(PRE_RANK, **interviewed, **considered) == "pre_rank_considered"
    assert decided(PRE_RANK, **interviewed) == "pre_rank_not_targeted"


DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}


@pytest.mark.parametrize(
    ("status", "day", "standing"),
    [
        ("interviewed", None, "interviewed"),
        ("interviewed", "yesterday", "interviewed"),
        ("interviewed", "today", "interviewed"),
        ("interviewed", "tomorrow", "invited"),
        ("invited", None, "invited"),
        ("invited", "yesterday", "interviewed"),
        ("invited", "today", "invited"),
        ("applied", "yesterday", "interviewed"),
        ("applied", "today", "invited"),
        ("waitlisted", "tomorrow", "invited"),
        ("on_hold", "yesterday", "interviewed"),
        ("applied", None, ""),
        ("rejected", "yesterday", ""),
    ],
)
def test_standing_follows_from_status_and_date(status, day, standing):
    on = None if day is None else EARLY + timedelta(days=DAYS[day])
    case = a_case(a_program(status=Status(status), interview_date=on))
    assert (case.interviewed, case.invited) == (standing == "interviewed", standing == "invited")


def test_a_date_to_come_under_interviewed_is_said_to_be_odd():
    case = a_case(a_program(status=Status.INTERVIEWED, interview_date=EARLY + timedelta(days=3)))
    assert any("still to come" in r for r in reasons(case, deciding_rule(case)))


@pytest.mark.parametrize("status", ["invited", "waitlisted", "applied"])
def test_an_interview_that_is_only_presumed_is_said_to_be(status):
    day = EARLY - timedelta(days=3)
    case = a_case(a_program(7, status=Status(status), interview_date=day))
    (said,) = [r for r in reasons(case, deciding_rule(case)) if "has passed; counted" in r]
    assert said.endswith("counted as interviewed.")
    assert advice_on(case) == [
        "If the interview was moved: planner programs set 7 interview_date=..."
    ]
    sure = a_case(a_program(status=Status.INTERVIEWED, interview_date=day))
    assert not any("has passed; counted" in r for r in reasons(sure, deciding_rule(sure)))
    assert not any("moved" in advice for advice in advice_on(sure))


def test_all_reasons_that_held_are_given_on_both_sides():
    program = a_program(status=Status.INVITED, top_choice=True, connection="home")
    case = a_case(program)
    found = reasons(case, deciding_rule(case))
    assert found[0].startswith("They already want to see you")
    assert any(r.startswith("In favor of a letter: One of your favorites") for r in found)
    asked = a_case(replace(program, step2_policy=Step2Policy.REQUESTED))
    assert any(r.startswith("Despite: ") for r in reasons(asked, deciding_rule(asked)))


def test_reasons_of_rows_that_were_not_made_for_a_case_stay_out():
    asks = a_program(step2_policy=Step2Policy.REQUESTED, status=Status.INVITED)
    pending = a_case(asks, applicant=a_pending_applicant())
    assert not any("tell them there" in r for r in reasons(pending, deciding_rule(pending)))
    silent = a_case(applicant=an_applicant(**LIABILITY), list_size=5)
    assert not any("short" in r for r in reasons(silent, deciding_rule(silent)))


def test_both_marks_of_a_favorite_are_named():
    both = a_case(a_program(top_choice=True, signal=Signal.GOLD))
    assert "top choice and signal gold" in reasons(both, deciding_rule(both))[0]


@pytest.mark.parametrize(
    ("signals", "signal", "top"),
    [(5, "yes", True), (12, "yes", True), (13, "yes", False), (0, "yes", False), (5, "none", False)]
    + [(0, "gold", True), (0, "silver", False)],
)
def test_a_plain_signal_makes_a_favorite_where_there_are_few_of_one_kind(signals, signal, top):
    case = a_case(a_program(signal=Signal(signal)))
    case = case._replace(specialty=replace(case.specialty, signals=signals))
    assert case.top is top
    said = reasons(case, deciding_rule(case))[0]
    assert ("favorites: " in said) is top
    if signal == "yes":
        assert ("one of" in said and "signals" in said) if top else "a plain one counts" in said


def test_told_and_written_are_both_said():
    case = a_case(a_program(told_on=EARLY), own_letter=LetterState.SENT)
    said = reasons(case, deciding_rule(case))[0]
    assert "You told them" in said
    assert "never writes a second one" in said


def test_the_trace_shows_every_row_and_one_that_decides():
    rows = trace(a_case())
    assert [row.rule for row in rows] == [r.id for r in TABLE]
    assert sum(row.decides for row in rows) == 1


ASSESSMENTS = [None, *Category]


def cases():
    """Every combination of what the table looks at, phase by phase."""
    base = {day: a_case(day=day) for day in (PRESEASON, EARLY, LATE, PRE_RANK, CLOSED)}
    for (_, case), status, policy, category, flags in itertools.product(
        base.items(),
        Status,
        Step2Policy,
        ASSESSMENTS,
        itertools.product([False, True], repeat=3),
    ):
        new, top, told = flags
        program = replace(
            case.program,
            status=status,
            step2_policy=policy,
            top_choice=top,
            told_on=EARLY if told else None,
        )
        found = None if category is None else judged_as(category, new=new)
        yield case._replace(program=program, assessment=found)


def judged_as(category, *, new=True, scenarios=frozenset()):
    specialty = shipped().named("Internal Medicine")
    return Assessment(specialty, 240, category, 12, scenarios, new, ())


def test_what_is_left_over_holds_only_where_nothing_else_did():
    told = a_program(status=Status.INTERVIEWED, top_choice=True)
    rows = {row.rule: row for row in trace(a_case(told))}
    assert (rows["early_interviewed"].decides, rows["early_top_choice"].holds) == (True, True)
    assert (rows["early_not_targeted"].holds, rows["early_not_targeted"].text) == (False, "")
    left = {row.rule: row for row in trace(a_case(list_size=60))}
    assert left["early_not_targeted"].holds == left["early_not_targeted"].decides is True


def test_totality_every_combination_has_exactly_one_answer_and_a_sentence_for_it():
    answers = set()
    for case in cases():
        hit = deciding_rule(case)
        assert hit.why(case)
        assert sum(row.decides for row in trace(case)) == 1
        answers.add(hit.id)
    assert answers >= {"not_in_play", "already_told", "pending_wait", "asked", "no_clear_help"}


@given(
    day=st.sampled_from([EARLY, LATE, PRE_RANK]),
    status=st.sampled_from(list(Status)),
    policy=st.sampled_from(list(Step2Policy)),
    when=st.sampled_from([None, -3, 0, 3]),
    top=st.booleans(),
    connection=st.sampled_from(["", "home"]),
    size=st.sampled_from([5, 60]),
    hidden=st.booleans(),
    scenarios=st.sets(st.sampled_from(["weak_step1_improved", "passed_after_failure"])),
)
def test_monotonicity_a_better_category_never_loses_a_letter(
    day, status, policy, when, top, connection, size, hidden, scenarios
):
    on = None if when is None else day + timedelta(days=when)
    program = a_program(
        status=status, step2_policy=policy, interview_date=on, top_choice=top, connection=connection
    )
    who = an_applicant(application={"failure_on_application": not hidden})
    case = a_case(program, day=day, applicant=who, list_size=size)
    better = [Category.NEUTRAL, Category.MILD_ASSET, Category.STRONG_ASSET]
    letters = [
        deciding_rule(
            case._replace(assessment=judged_as(c, scenarios=frozenset(scenarios)))
        ).verdict
        is Verdict.EMAIL
        for c in sorted(better, key=VALUE.__getitem__)
    ]
    assert letters == sorted(letters)


def test_a_phase_that_was_asked_for_is_said():
    case = a_case(phase=Phase.LATE)
    assert case.phase_on == PhaseOn(Phase.LATE, "Phase late, as you asked.")


IDS = """
not_in_play; contact_refused, other_channel; list_locked; already_told; preseason, closed;
pending_asked; pending_wait; failed_result; promised; nothing_new; liability_asked;
liability_asked; liability_explained; eligible_now; liability_silent; asked; asked;
no_clear_help; failure_unknown; wait_for_interview; early_interviewed, early_on_hold,
early_step2_policy, early_top_choice, early_connection; early_small_list; early_not_targeted;
late_interviewed, late_on_hold; late_not_targeted; pre_rank_considered; pre_rank_not_targeted
"""


def test_the_rows_keep_their_ids_and_are_numbered_by_their_place():
    """Scripts look at the ids; what stands on one row has one number."""
    rows = [row.split(", ") for row in " ".join(IDS.split()).split("; ")]
    meant = [(number, name) for number, row in enumerate(rows, 1) for name in row]
    assert [(rule.number, rule.id) for rule in TABLE] == meant


def test_every_row_says_its_condition_in_words():
    assert all(rule.when and rule.when[0].islower() for rule in TABLE)
    assert {rule.when for rule in TABLE if rule.condition is None} == {
        "applications are not open yet",
        "lists are final",
        "otherwise",
    }
