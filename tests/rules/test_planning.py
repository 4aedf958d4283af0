"""The plan: order, addresses, last looks, warnings, mass mailing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import ConfigError, UnknownNameError
from planner.rules.calendar import build
from planner.rules.facts import (
    AddressChoice,
    AtSubmission,
    ContactPolicy,
    LetterKind,
    Match,
    Service,
    Signal,
    Status,
    Step2Policy,
    Verdict,
)
from planner.rules.mass_mailing import mass_mailing, why_so_many
from planner.rules.planning import make_plan, taken_before
from planner.rules.recipients import recipients
from planner.rules.states import LetterState
from planner.rules.what_if import would_change
from tests.builders import (
    EARLY,
    LATE,
    PRESEASON,
    a_letter,
    a_pending_applicant,
    a_program,
    a_situation,
    an_applicant,
)

BOTH = AddressChoice.BOTH


def rules(plan):
    return {d.program.id: d.rule for d in plan.decisions}


def test_plan_order_is_asks_interviewed_on_hold_top_connection_rest_then_name():
    programs = [
        a_program(1, program="Zebra"),
        a_program(2, program="apple"),
        a_program(3, connection="home"),
        a_program(4, signal=Signal.GOLD),
        a_program(5, status=Status.ON_HOLD),
        a_program(6, status=Status.INTERVIEWED),
        a_program(7, step2_policy=Step2Policy.REQUESTED),
    ]
    plan = make_plan(a_situation(), programs)
    assert [d.program.id for d in plan.decisions] == [7, 6, 5, 4, 3, 2, 1]


def test_director_in_to_and_coordinator_in_cc_each_address_once():
    program = a_program(director_email="pd@x.example", coordinator_email="PC@x.example")
    assert recipients(program, BOTH) == (("pd@x.example",), ("PC@x.example",))
    assert recipients(program, AddressChoice.DIRECTOR) == (("pd@x.example",), ())
    assert recipients(program, AddressChoice.COORDINATOR) == (("PC@x.example",), ())
    same = a_program(director_email="pd@x.example", coordinator_email="PD@X.example")
    assert recipients(same, BOTH) == (("pd@x.example",), ())


@pytest.mark.parametrize("choice", list(AddressChoice))
def test_whoever_exists_is_written_to_if_only_one_does(choice):
    only = {"director_email": "", "coordinator_email": "pc@x.example"}
    assert recipients(a_program(**only), choice) == (("pc@x.example",), ())
    assert recipients(a_program(director_email="pd@x.example"), choice)[0] == ("pd@x.example",)


def test_what_is_no_address_is_not_usable():
    odd = a_program(director_email="see website", coordinator_email="pc@x.example")
    assert recipients(odd, BOTH) == (("pc@x.example",), ())


def test_no_address_is_excluded_and_the_rule_stays_in_the_reasons():
    program = a_program(top_choice=True, director_email="")
    found = make_plan(a_situation(), [program]).decisions[0]
    assert (found.verdict, found.rule) == (Verdict.EXCLUDED, "no_address")
    assert found.underlying == "early_top_choice"
    assert "early_top_choice" in found.reasons[0]


def test_who_wants_mail_only_if_asked_gets_it_only_if_asked():
    quiet = {"contact_policy": ContactPolicy.IF_ASKED}
    plan = make_plan(
        a_situation(),
        [a_program(1, **quiet), a_program(2, step2_policy=Step2Policy.REQUESTED, **quiet)],
    )
    assert rules(plan) == {1: "contact_if_asked", 2: "asked"}


def test_an_address_gets_the_letter_of_the_first_in_plan_order_only():
    shared = {"director_email": "pd@x.example"}
    later, first = a_program(1, **shared), a_program(2, status=Status.INTERVIEWED, **shared)
    plan = make_plan(a_situation(), [later, first])
    assert rules(plan) == {1: "same_address", 2: "early_interviewed"}
    other_case = a_program(3, director_email="PD@X.example")
    assert rules(make_plan(a_situation(), [first, other_case]))[3] == "same_address"


@pytest.mark.parametrize(
    ("state", "expected"),
    [("sent", "same_address"), ("left_out", "early_small_list"), ("refused", "same_address")],
)
def test_an_address_is_gone_with_a_letter_and_free_when_it_was_withdrawn(state, expected):
    shared = {"director_email": "pd@x.example"}
    one = a_program(1, status=Status.INTERVIEWED, **shared)
    two = a_program(2, **shared)
    plan = make_plan(a_situation(), [one, two], iter([a_letter(one, LetterState(state))]))
    assert rules(plan)[2] == expected


def test_a_shared_coordinator_is_copied_on_the_first_letter_only():
    shared = {"coordinator_email": "office@x.example"}
    plan = make_plan(a_situation(), [a_program(1, **shared), a_program(2, **shared)])
    assert [d.cc for d in plan.decisions] == [("office@x.example",), ()]


def test_who_was_told_that_the_score_is_pending_is_told_that_it_posted():
    program = a_program()
    promised = a_letter(program, kind="score_pending", occasion="pending")
    plan = make_plan(a_situation(), [program], [promised])
    assert (plan.decisions[0].rule, plan.decisions[0].letter) == ("promised", "score_posted")
    waiting = a_situation(applicant=a_pending_applicant())
    assert rules(make_plan(waiting, [program], [promised])) == {1: "already_told"}


def test_a_letter_of_another_occasion_is_no_letter_of_this_one():
    program = a_program()
    second_attempt = an_applicant(step2={"failed_attempts": 1})
    plan = make_plan(a_situation(applicant=second_attempt), [program], [a_letter(program)])
    assert rules(plan) == {1: "early_small_list"}


def test_a_programs_own_service_wins():
    situation = a_situation()
    assert situation.service_of(a_program(specialty="Urology")) is Service.ERAS
    own = a_program(application_service=Service.OTHER)
    assert situation.service_of(own) is Service.OTHER
    assert make_plan(situation, [own]).decisions[0].case.service is Service.OTHER


def test_an_unknown_specialty_gets_the_defaults():
    found = a_situation().specialty_of(a_program(specialty="Sleep Medicine"))
    assert (found.tier, found.letter_name) == ("standard", "sleep medicine")


def test_a_match_without_dates_is_named():
    situation = a_situation(calendars={Match.NRMP: build(Match.NRMP, 2027)})
    with pytest.raises(ConfigError, match="no dates for the sau match"):
        make_plan(situation, [a_program(specialty="Urology")])


def test_warnings_name_what_a_person_should_know():
    tomorrow = EARLY + timedelta(days=1)
    plan = make_plan(
        a_situation(),
        [
            a_program(1, status=Status.INTERVIEWED, interview_date=tomorrow),
            a_program(2, told_on=tomorrow),
        ],
    )
    text = " ".join(plan.warnings)
    assert "unconfirmed" in text
    assert "counted as invited" in text
    assert f"told_on {tomorrow}" in text
    assert "peak" not in text
    assert plan.of(Verdict.EMAIL) == ()


def test_a_program_that_is_out_of_the_list_has_no_decision_and_says_so():
    with pytest.raises(UnknownNameError, match="#9 is not in your list") as caught:
        make_plan(a_situation(), [a_program()]).by_program()[9]
    assert (caught.value.code, caught.value.facts) == ("retired_program", {"program": 9})


def test_a_release_that_is_still_to_come_is_a_warning():
    ahead = an_applicant(step2={"released_on": date(2026, 12, 1)})
    plan = make_plan(a_situation(applicant=ahead), [a_program()])
    assert any("2026-12-01, which is in the future" in warning for warning in plan.warnings)


@pytest.mark.parametrize(
    ("result", "asked"), [(123, True), (139, True), (192, False), ("fail", False)]
)
def test_a_step_1_score_that_nearly_nobody_has_is_asked_about(result, asked):
    who = an_applicant(s1=result)
    warned = make_plan(a_situation(applicant=who), [a_program()]).warnings
    assert any("Is it a Step 1 score" in warning for warning in warned) == asked


def test_a_season_that_is_over_warns_and_names_the_keys():
    over = make_plan(a_situation(day=date(2027, 6, 1)), [a_program()])
    assert any("[cycle.nrmp]" in w for w in over.warnings)
    assert any("peak" in w for w in over.warnings)
    assert rules(over) == {1: "closed"}
    assert make_plan(a_situation(day=date(2027, 6, 1)), []).warnings == ()


RETOOK = an_applicant(s2=221, step2={"failed_attempts": 1, "at_submission": AtSubmission.REPORTED})


@pytest.mark.parametrize(
    ("facts", "applicant", "reaction"),
    [
        ({"step2_policy": Step2Policy.REQUESTED}, None, "confirms eligibility"),
        ({"step2_policy": Step2Policy.REQUESTED}, a_pending_applicant(), "keeps your file open"),
        ({}, a_pending_applicant(), ""),
        ({}, an_applicant(s1=250, s2=251), ""),
        ({"status": Status.INTERVIEWED}, None, "may move you up"),
        ({"status": Status.ON_HOLD}, None, "may get you off the waitlist"),
        ({"top_choice": True}, None, "interview review"),
        ({}, None, "interview review"),
        ({"top_choice": True}, an_applicant(s1=240, s2=245), "rarely more"),
        ({"status": Status.ON_HOLD}, RETOOK, "can now be ranked"),
        ({"status": Status.INVITED, "top_choice": True}, None, ""),
        ({"status": Status.REJECTED}, None, ""),
    ],
)
def test_the_expected_reaction_is_that_of_such_a_reader(facts, applicant, reaction):
    situation = a_situation(applicant=applicant or an_applicant())
    found = make_plan(situation, [a_program(**facts)]).decisions[0]
    assert reaction in found.expected_reaction
    assert bool(found.expected_reaction) == bool(reaction) == (found.verdict is Verdict.EMAIL)


def test_a_decision_knows_its_category_unless_the_score_is_pending():
    assert make_plan(a_situation(), [a_program()]).decisions[0].category == "strong_asset"
    waiting = a_situation(applicant=a_pending_applicant())
    assert make_plan(waiting, [a_program()]).decisions[0].category is None


def many(count, **facts):
    return [a_program(n, **facts) for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("letters", "programs", "excess"),
    [(21, 41, True), (21, 42, False), (20, 20, False), (30, 40, True)],
)
def test_mass_mailing_is_more_than_the_limit_and_more_than_half(letters, programs, excess):
    everyone = many(programs)
    assert mass_mailing(a_situation(), everyone, range(1, letters + 1)).excess is excess


def test_mass_mailing_does_not_count_who_asks_or_interviewed_nor_who_is_out_of_play():
    asked = many(30, step2_policy=Step2Policy.REQUESTED)
    assert mass_mailing(a_situation(), asked, range(1, 31)).letters == 0
    out = [a_program(n, status=Status.REJECTED) for n in range(100, 200)]
    found = mass_mailing(a_situation(), [*many(30), *out], [*range(1, 26), 999])
    assert (found.letters, found.in_play, found.excess) == (25, 30, True)


def turns(program, *others, day=EARLY, letters=(), **situation):
    at = a_situation(day=day, **situation)
    plan = make_plan(at, [program, *others], letters)
    taken = taken_before(plan, program.id, letters)
    found = would_change(plan.by_program()[program.id], choice=at.address, taken=taken)
    return {t.change: t.rule for t in found}


LONG_LIST = [a_program(n, director_email=f"o{n}@x.example") for n in range(100, 130)]


def test_what_would_bring_a_letter_is_found_by_trying():
    found = turns(a_program(), *LONG_LIST)
    assert found["status = on_hold"] == "early_on_hold"
    assert found["step2_policy = requested"] == "asked"
    assert found["top_choice = yes"] == "early_top_choice"


@pytest.mark.parametrize(
    ("facts", "change"),
    [
        ({"status": Status.REJECTED}, "status = applied"),
        ({"told_on": EARLY}, "told_on = (empty)"),
        ({"rank_list_locked": True}, "rank_list_locked = no"),
        ({"status": Status.INVITED}, "no interview ahead (status = applied, no date)"),
        ({"contact_policy": ContactPolicy.NONE}, "contact_policy = open"),
        ({"director_email": ""}, "an address for them"),
    ],
)
def test_what_stands_in_the_way_is_named_on_a_short_list(facts, change):
    assert change in turns(a_program(**facts))


def test_two_facts_are_named_where_one_is_not_enough():
    found = turns(a_program(director_email=""), *LONG_LIST)
    assert all(" and " in change for change in found)
    assert any("an address for them" in change for change in found)


def test_an_address_of_their_own_would_help_who_shares_one():
    shared = {"director_email": "pd@x.example"}
    first = a_program(2, status=Status.INTERVIEWED, **shared)
    assert turns(a_program(1, **shared), first) == {"their own address": "early_small_list"}
    gone = a_letter(first, LetterState.SENT)
    withdrawn = a_letter(first, LetterState.LEFT_OUT)
    assert "their own address" in turns(a_program(1, **shared), first, letters=[gone])
    assert "their own address" not in turns(a_program(1, **shared), first, letters=[withdrawn])


def test_applicants_facts_are_tried_too():
    hidden = an_applicant(s1="fail", application={"failure_on_application": False})
    assert "failure_on_application = true" in turns(a_program(), applicant=hidden)
    known = an_applicant(step2={"at_submission": AtSubmission.REPORTED})
    assert "step2_ck.at_submission = not_reported" in turns(a_program(), applicant=known)
    drop = {"status": Status.INTERVIEWED}
    major = an_applicant(s1=245, s2=222)
    found = turns(a_program(**drop), day=LATE, applicant=major)
    assert found["a sentence in application.drop_context"] == "liability_explained"


def test_the_nearest_other_score_is_named():
    found = turns(
        a_program(status=Status.ON_HOLD), day=LATE, applicant=an_applicant(s1=240, s2=245)
    )
    assert found["a score of 255"] == "late_on_hold"


def test_what_is_so_already_is_not_offered():
    context = {"drop_context": "I was ill."}
    program = a_program(top_choice=True, connection="home", status=Status.ON_HOLD)
    found = turns(program, applicant=an_applicant(s1=300, s2=300, application=context))
    assert not {"top_choice = yes", "a connection to them", "status = on_hold"} & found.keys()
    assert not [change for change in found if "drop_context" in change]
    in_time = turns(a_program(step2_policy=Step2Policy.REQUESTED), applicant=a_pending_applicant())
    assert not [change for change in in_time if "expected_on" in change]
    assert make_plan(a_situation(), [program]).decisions[0].phase == "early"


def test_a_plain_signal_is_offered_where_there_are_few_of_one_kind():
    family = turns(a_program(specialty="Family Medicine"), *LONG_LIST)
    assert family["signal = yes"] == "early_top_choice"
    assert "signal = yes" not in turns(a_program(), *LONG_LIST)


def test_a_mass_mailing_to_who_has_you_on_hold_has_no_rule_that_only_a_list_makes():
    everyone = many(30, status=Status.ON_HOLD)
    plan = make_plan(a_situation(day=LATE), everyone)
    assert plan.mass == (30, 30, 20, True)
    assert why_so_many([d.rule for d in plan.decisions], plan.mass.letters) == ""
    told = [a_letter(program) for program in everyone[:12]]
    assert make_plan(a_situation(day=LATE), everyone, told).mass.letters == 30


def test_a_pending_score_may_come_in_or_get_a_date():
    asks = {"step2_policy": Step2Policy.REQUESTED}
    undated = a_situation(applicant=a_pending_applicant(expected_on=None)).applicant
    found = turns(a_program(**asks), applicant=undated)
    assert found["step2_ck.expected_on = 2027-01-01"] == "pending_asked"
    assert found["a score of 240 or more"] == "asked"


def test_a_letter_of_today_may_be_lost_by_waiting():
    done = date(2027, 1, 10)
    facts = {"status": Status.INTERVIEWED, "step2_policy": Step2Policy.MENTIONED}
    found = turns(a_program(**facts), day=LATE, interviews_finished_on=done)
    assert found["waiting until 2027-01-10 (phase pre_rank)"] == "pre_rank_not_targeted"
    assert found["waiting until 2027-03-03 21:00 Eastern (phase closed)"] == "closed"
    assert turns(a_program(**facts), day=PRESEASON)["waiting until 2026-09-23 (phase early)"]


@given(
    st.lists(
        st.builds(
            dict,
            status=st.sampled_from(list(Status)),
            director_email=st.sampled_from(["a@x.example", "b@x.example", "A@x.example", ""]),
            coordinator_email=st.sampled_from(["a@x.example", "c@x.example", ""]),
            step2_policy=st.sampled_from(list(Step2Policy)),
            contact_policy=st.sampled_from(list(ContactPolicy)),
        ),
        max_size=12,
    ),
    st.sampled_from([EARLY, LATE, PRESEASON]),
)
def test_never_two_letters_to_one_address_and_every_program_has_one_answer(facts, day):
    programs = [a_program(n, **f) for n, f in enumerate(facts, 1)]
    plan = make_plan(a_situation(day=day), programs)
    assert sorted(d.program.id for d in plan.decisions) == [p.id for p in programs]
    addressed = [d.to[0].casefold() for d in plan.of(Verdict.EMAIL)]
    assert len(addressed) == len(set(addressed))
    copied = [c.casefold() for d in plan.of(Verdict.EMAIL) for c in d.cc]
    assert len(copied) == len(set(copied))
    for d in plan.decisions:
        assert (d.letter is None) == (d.verdict is not Verdict.EMAIL)
        assert d.reasons
        assert d.letter is None or d.letter in LetterKind
