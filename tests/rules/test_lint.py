"""Lint: for each code what must be found, and near misses that must not."""

from dataclasses import replace
from datetime import date

import pytest

from planner.letters import Templates
from planner.rules.facts import LetterKind, OccasionKind, Service, Signal, Status, Step2Policy
from planner.rules.lint import OVERRIDABLE, TABLE, Severity, lint
from planner.rules.lint.across import calls_first_choice
from planner.rules.lint.page import Campaign, Page
from planner.rules.specialties import shipped
from planner.rules.wording import facts_for
from tests.builders import LATE, a_case, a_pending_applicant, a_program, an_applicant

OWN = a_program(
    1,
    program="Mercy Hospital Springfield",
    city="Springfield",
    director_first_name="Ada",
    director_last_name="Long",
    reason="the street clinic",
    signal=Signal.SILVER,
    status=Status.INTERVIEWED,
    interview_date=date(2026, 10, 12),
)
OTHERS = (
    a_program(
        2, program="Mercy", city="Hope", director_first_name="Bo", director_last_name="Young"
    ),
    a_program(3, program="Boston Medical Center", city="New York", director_last_name="O'Neil"),
    a_program(4, program="Rush", institution="Rush", director_last_name="Long Smith"),
    a_program(5, program="Internal Medicine", institution="LSU", director_last_name="Sample"),
    a_program(6, program="Rural Track", institution="St. John's Elm", city="Springfield"),
    a_program(7, program="UF Health", director_last_name=""),
)
GOOD = "Dear Dr. Long,\n\n{}\n\nMy score is 248.\n\nSincerely,\nRobin Sample\nAAMC ID 10000001\n"
PLAIN = GOOD.format("Hello.")


def found(body=PLAIN, subject="Update", *, kind="after_interview", first=(), **case):
    program = case.pop("program", OWN)
    page = Page(LetterKind(kind), subject, body, (program.director_email,), a_case(program, **case))
    campaign = Campaign((program, *OTHERS), shipped(), frozenset(first))
    return {f.code: f for f in lint(page, campaign)}


def said(text, **case):
    return set(found(GOOD.format(text), **case))


def test_a_plain_letter_has_no_finding():
    assert found() == {}


def test_errors_block_warnings_do_not_and_some_errors_may_be_overridden():
    errors = {row.code for row in TABLE if row.severity is Severity.ERROR}
    assert {
        "unfilled",
        "other_program",
        "wrong_service",
        "score_mismatch",
        "score_repeated",
        "generic_reason",
        "bad_salutation",
        "probable_twin",
    } == OVERRIDABLE
    assert errors > OVERRIDABLE
    assert len(TABLE) == len({row.code for row in TABLE}) == 32


FOUND = {
    "unfilled": [
        "[the specific\nthing]",
        "[name]",
        "{{ score }}",
        "{% if %}",
        "TODO",
        "at N/A",
        "Dear ,",
        "None",
        "because of .",
    ],
    "other_program": [
        "RUSH is fine.",
        "Thanks to Dr. Bob O'Neil.",
        "I like UF Health.",
        "I love Boston Medical Center.",
        "I love Mercy Hospital and Boston  medical\ncenter.",
        "Thanks to Dr. Young.",
        "Thanks to Dr. Bo Young.",
        "Thanks to Dr. O\u2019Neil.",
        "Thanks to Dr. Long Smith.",
        "Rush is fine.",
        "I met people from LSU.",
        "St. John\u2019s Elm is fine.",
    ],
    "wrong_service": ["It is in ResidencyCAS.", "It is in SF Match.", "It is in Residency CAS."],
    "score_mismatch": [
        "My Step 1 was 228 two years ago.",
        "I scored 228 on day 2.",
        "my 228 in cases",
        "a range of 228-240",
        "from 228->262",
        "228+ on every test",
        "It was 250 before.",
        "Step 1 was 228.",
        "I had 255/300.",
        "a 232-level exam",
    ],
    "score_repeated": ["I have 248.", "A 248!", "The 248 is new."],
    "asks_rank": [
        "I would like to know where I stand on your list.",
        "Can you tell me whether I am being ranked?",
        "How competitive am I for your program?",
        "I would be grateful for any update on my status.",
        "What is my rank?",
        "Will you be ranking me?",
        "Do you plan to rank me?",
        "Could you tell me whether I will be ranked to match?",
        "Is my application still being considered?",
        "I wonder how high I am ranked.",
        "Could you tell me my status?",
        "Let me know if I am still under consideration.",
        "Where do I rank?",
        "How am I ranked?",
        "Please rank me highly.",
        "What are my chances?",
        "May I ask about my status?",
        "a place on your rank list",
    ],
    "bargain": [
        "If you offer me an interview, I will rank you highly.",
        "If you can rank me highly, I will rank you first.",
        "If ranked to match, I will come.",
        "If you rank me, I will come.",
        "If your program ranks me, I\u2019ll come.",
        "If I am ranked, I will come.",
        "In return I would rank you.",
    ],
    "promise": [
        "I commit to your program.",
        "I can guarantee you that I will come.",
        "I will rank Mercy Hospital Springfield first.",
        "I am going to rank Mercy Hospital\nSpringfield highly.",
        "I guarantee that I will come.",
        "I guarantee to attend.",
        "I will match there.",
        "I will rank you first.",
        "I\u2019ll definitely rank your program first.",
        "I guarantee to rank you.",
        "I will come to your program.",
        "I am committed to ranking you.",
    ],
    "outside_match": [
        "outside the Match",
        "a pre-match offer",
        "without going through the Match",
        "I would sign a contract before the Match.",
    ],
    "attachment": [
        "The attachment shows it.",
        "The attached PDF shows it.",
        "Please find attached my CV.",
        "It is attached.",
        "I enclose my CV.",
        "see attachment",
    ],
    "number_one": [
        "Your program is first on my list.",
        "You are number one for me.",
        "You are my number one.",
        "my first choice",
        "my #1 choice",
        "Your program is my top choice.",
        "I would rank Elm first",
    ],
    "failure_story": [
        "I did not pass on my first try.",
        "My first attempt was unsuccessful.",
        "After a failed attempt I studied.",
        "I failed the exam.",
        "my failure",
        "I did not pass Step 1.",
        "a disappointment",
    ],
    "pressure": [
        "I need an answer by Monday.",
        "Please respond.",
        "before the deadline",
        "It is urgent.",
        "I look forward to hearing",
    ],
    "question": ["Is it? Is it really?"],
    "names_other_signal": ["my gold signal", "a gold-signal program"],
    "wrong_interview_date": [
        "my interview on October 13, 2026",
        "interviewed on October 2",
        "my interview on 10/13/2026",
        "my interview on Nov 11",
        "my interview on 11 November",
        "my interview on 10/13/26",
    ],
    "too_long": ["word " * 121, "one\n\ntwo"],
    "other_city": ["I like New York.", "I like Hope."],
}

NOT_FOUND = {
    "unfilled": [
        "None of it changed.",
        "a (small) list",
        "an annulled null hypothesis",
        "Banana",
        "a [\n\nb ] of two paragraphs",
    ],
    "other_program": [
        "Health is fine.",
        "Dr. Ada Long was kind.",
        "I love Mercy Hospital Springfield.",
        "I love Mercy.",
        "My father, Dr. Sample.",
        "Dr. Long was kind.",
        "Dr. Long-Smith was kind.",
        "I will not rush.",
        "the rural track here",
        "Internal Medicine",
        "We are young.",
    ],
    "wrong_service": ["It is in ERAS.", "the best eras", "SF match play", "a camera"],
    "score_mismatch": [
        "over 200 new patients",
        "250+ beds",
        "150 miles",
        "their 350 beds",
        "a 250-bed hospital",
        "over 200 patients",
        "Call 555-010-0199 or +1 555 010 0199.",
        "in Room 210",
        "in 2024",
        "it costs $200",
        "12.250",
        "100%",
    ],
    "score_repeated": ["the 248 beds", "a 248-bed hospital", "in Room 248", "2480"],
    "asks_rank": [
        "my standing order clinic",
        "how you stand by residents",
        "my rank in the Navy",
        "I am grateful to be considered.",
        "Will you be there?",
    ],
    "bargain": [
        "If you have questions, I will answer.",
        "If you take the train, I will wait.",
        "in return they smiled",
        "If you offer virtual visits",
    ],
    "promise": [
        "I am committed to serving your patients.",
        "I would love to come to your program.",
        "I will attend the interview day.",
        "I will join you for the interview on December 3.",
        "I will attend your program's open house.",
        "I am committed to joining the program's research.",
        "As I promised to tell you.",
        "I will come back to you with news.",
        "I will write.",
    ],
    "outside_match": ["outside the city", "a perfect match", "without the maths"],
    "attachment": [
        "I feel attached to Springfield.",
        "attached to the community",
        "attachment theory",
        "an enclosed courtyard",
        "I have grown attached, over the years, to the city.",
    ],
    "number_one": [
        "number one in research",
        "my first choice of clinic",
        "the first program in Ohio",
        "a top program in research",
    ],
    "failure_story": [
        "an attempt at humor",
        "heart failure",
        "my first attempt at research",
        "I did not pass up the chance",
    ],
    "pressure": ["the urgent care clinic", "they respond to it", "a deadening line"],
    "question": ["Is it? No.", "I wonder why.", "May I send it?"],
    "names_other_signal": ["my silver signal", "the gold standard", "a signal"],
    "wrong_interview_date": [
        "my interview on 10/12/2026",
        "my interview on Oct. 12",
        "my interview on 12 October 2026",
        "an interview of 3/4 of an hour on 10/12",
        "my interview on October 12, 2026",
        "After the interview. My score posted on October 1, 2026",
        "my exam on May 3",
    ],
    "too_long": ["word " * 100, "word " * 105, "a line\nand another"],
    "other_city": ["I hope to see you.", "I like Springfield.", "a new yorker"],
}


@pytest.mark.parametrize(("code", "text"), [(c, t) for c, ts in FOUND.items() for t in ts])
def test_what_must_be_found(code, text):
    assert code in said(text)


@pytest.mark.parametrize(("code", "text"), [(c, t) for c, ts in NOT_FOUND.items() for t in ts])
def test_what_is_only_near_to_it(code, text):
    assert code not in said(text)


def test_a_finding_has_its_words_its_place_and_a_way_out():
    hit = found(GOOD.format("one\ntwo TODO"))["unfilled"]
    assert (hit.text, hit.place) == ("TODO", "body, line 4")
    assert hit.fix
    assert found(subject="TODO")["unfilled"].place == "subject"


@pytest.mark.parametrize("body", ["Dear Dr. Long,\n\n\n\nSincerely,\nRobin\n", "Dear Dr. Long,\n"])
def test_an_empty_letter_is_unfilled(body):
    assert found(body)["unfilled"].place == "body"
    assert found(subject=" ")["unfilled"].place == "subject"


@pytest.mark.parametrize(
    "closing",
    [
        *("Sincerely", "Yours sincerely,", "Best regards,", "Thank you,", "With many thanks,"),
        *("Warmly,", "With gratitude,", "Gratefully,", "Cheers,", "Very truly yours,"),
    ],
)
def test_numbers_below_the_closing_are_no_scores(closing):
    body = f"Dear Dr. Long,\n\nBest of all, it is 248.\n\n{closing}\nRobin\nRoom 101, box 222\n"
    assert found(body) == {}


def test_a_score_must_be_stated_and_stands_in_the_body():
    body = "Dear Dr. Long,\n\nIt has posted.\n\nSincerely,\nRobin\n"
    assert "score_missing" in found(body, subject="My 248")
    waiting = a_pending_applicant(expected_range=(245, 255))
    plain = a_program()
    assert "score_missing" not in found(
        body, kind="score_pending", applicant=waiting, program=plain
    )
    ranged = body.replace("posted", "a range of 245 to 255")
    pending = found(ranged, kind="score_pending", applicant=waiting, program=plain)
    assert "score_mismatch" not in pending
    assert found(body, applicant=waiting, program=plain)["score_missing"].text == "no score"


@pytest.mark.parametrize(
    ("text", "signal", "named"),
    [
        ("I signaled your program.", Signal.NONE, True),
        ("You have my signal.", Signal.NONE, True),
        ("I signaled your program.", Signal.YES, False),
        ("a signal of change", Signal.NONE, False),
        ("my gold signal", Signal.YES, True),
    ],
)
def test_a_signal_that_was_not_sent_is_not_named(text, signal, named):
    program = replace(OWN, signal=signal)
    assert ("names_other_signal" in said(text, program=program)) is named


def test_service_words_inside_the_own_reason_only_warn():
    reason = "the history of modern ERAS protocols"
    program = replace(OWN, reason=reason, application_service=Service.OTHER)
    codes = said(f"I like {reason}.", program=program)
    assert "service_in_reason" in codes
    assert "wrong_service" not in codes
    assert "wrong_service" in said("It is in ERAS.", program=program)
    assert "service_in_reason" not in said("Hello.", program=program)
    filmed = replace(OWN, reason="your ResidencyCAS video about the ward")
    assert "wrong_service" in said("I like your ResidencyCAS video about the ward.", program=filmed)


@pytest.mark.parametrize("words", ["two days ago", "after years of work", "despite hours on call"])
def test_a_score_is_stated_whatever_is_counted_behind_it(words):
    body = f"Dear Dr. Long,\n\nMy score is 248 {words}.\n\nSincerely,\nRobin\n"
    assert found(body) == {}


@pytest.mark.parametrize(
    ("reason", "missing"), [("", True), ("...", True), ("their clinic", False)]
)
def test_the_strong_letter_needs_a_reason(reason, missing):
    program = replace(OWN, reason=reason)
    assert ("no_reason" in found(kind="strong_score", program=program)) is missing
    assert "no_reason" not in found(kind="improvement", program=program)


def reasons(*others, own="the street clinic"):
    program = replace(OWN, reason=own, institution="Elm Health")
    page = Page(LetterKind.STRONG_SCORE, "S", GOOD.format("x"), ("a@x.example",), a_case(program))
    programs = [
        a_program(n, program=f"P{n}", institution=house, reason=text)
        for n, (house, text) in enumerate(others, 2)
    ]
    codes = {f.code: f.text for f in lint(page, Campaign((program, *programs), shipped()))}
    return {code: text for code, text in codes.items() if "reason" in code}


def test_a_reason_for_two_institutions_is_generic():
    assert reasons(("Oak", "The street clinic!")) == {"generic_reason": "same reason as P2"}
    assert reasons(("Oak", "the street clinic"), ("Ash", "the street clinic")) == {
        "generic_reason": "same reason as P2 and 1 more"
    }


def test_within_an_institution_or_nearly_the_same_it_is_similar():
    assert reasons(("Elm Health", "the street clinic")) == {"similar_reason": "same reason as P2"}
    assert reasons(("Oak", "the street clinics")) == {"similar_reason": "nearly the reason for P2"}
    assert reasons(("Oak", "their ultrasound course")) == {}
    assert reasons(("Oak", "街の診療所"), own="街の診療所") == {
        "generic_reason": "same reason as P2"
    }
    assert reasons(("Oak", ""), own="") == {"no_reason": "(no reason)"}


def test_only_one_program_of_a_season_is_the_first_choice():
    text = GOOD.format("You are my first choice.")
    assert "number_one_twice" not in found(text, first=[1])
    assert "number_one_twice" in found(text, first=[1, 2])
    assert "number_one_twice" not in found(first=[1, 2])
    assert calls_first_choice("my number one", "")
    assert not calls_first_choice("a", "b")


def test_urology_hears_nothing_of_ranking():
    urology = replace(OWN, specialty="Urology", director_last_name="Rank")
    assert "urology_rank" in said("ranked", program=urology)
    assert "urology_rank" in said("unranked", program=urology)
    assert "urology_rank" not in said("Dr. Rank was kind; a frank talk.", program=urology)
    assert "urology_rank" not in said("ranked")


def test_a_line_break_in_a_header_value_is_an_error():
    assert "bad_header" in found(subject="a\nBcc: x")
    named = an_applicant(name="Robin\x00")
    assert found(applicant=named)["bad_header"].place == "your name"


def test_subjects_addresses_names_and_months_are_looked_at():
    assert "subject_long" in found(subject="x" * 79)
    assert "subject_long" not in found(subject="x" * 78)
    assert "free_mail" in found(program=replace(OWN, director_email="pd@GMail.com "))
    nameless = replace(OWN, director_last_name="")
    assert found(program=nameless)["no_director_name"].text == "Dear Dr. Long,"
    january = date(2027, 1, 12)
    assert "off_peak" in found(day=january)
    assert "off_peak" not in found(day=LATE)
    asks = replace(OWN, step2_policy=Step2Policy.REQUESTED)
    assert "off_peak" not in found(day=january, program=asks)


def test_a_date_that_cannot_be_is_wrong_too():
    assert "wrong_interview_date" in said("my interview on February 30, 2026")
    undated = replace(OWN, interview_date=None)
    assert "wrong_interview_date" in said("my interview on October 12", program=undated)


def test_the_shipped_letters_have_no_finding_in_any_specialty():
    templates = Templates()
    for specialty in shipped().all:
        for kind in LetterKind:
            pending = kind is LetterKind.SCORE_PENDING
            who = a_pending_applicant() if pending else an_applicant()
            program = replace(OWN, specialty=specialty.name)
            case = a_case(program, applicant=who)
            facts = facts_for(case, specialties=shipped(), first_subject="Step 2 CK")
            text = templates.render(kind, facts)
            page = Page(kind, text.subject, text.body, (program.director_email,), case)
            codes = {f.code for f in lint(page, Campaign((program, *OTHERS), shipped()))}
            assert codes <= {"subject_long"}, (kind, specialty.name, codes, text.body)
            assert fits(kind, case)


def fits(kind, case):
    pending = case.applicant.occasion(2027).kind is OccasionKind.PENDING
    return (kind is LetterKind.SCORE_PENDING) == pending


STRONG = {"kind": "strong_score"}
UROLOGY = replace(OWN, specialty="Urology", director_last_name="Rank")


def own(**fields):
    return {"program": replace(OWN, **fields)}


# Near misses of the codes that follow from more than the words of one letter.
NEAR = {
    "score_missing": [
        {},
        {"body": GOOD.format("In short:")},
        {"body": "Dear Dr. Long,\n\nIt is 248!\n\nSincerely,\nRobin\n"},
    ],
    "no_reason": [
        STRONG,
        {"kind": "improvement", **own(reason="")},
        {**STRONG, **own(reason="their clinic")},
    ],
    "generic_reason": [STRONG, {**STRONG, **own(reason="")}, own(reason="the street clinic, too")],
    "similar_reason": [STRONG, {**STRONG, **own(reason="a lab")}, {**STRONG, **own(reason="")}],
    "number_one_twice": [
        {"first": [1]},
        {"first": [2, 3]},
        {"body": GOOD.format("my first choice of clinic"), "first": [1, 2]},
    ],
    "urology_rank": [
        {"body": GOOD.format("ranked")},
        {"body": GOOD.format("a frank talk"), "program": UROLOGY},
        {"body": GOOD.format("Dr. Rank was kind."), "program": UROLOGY},
    ],
    "bad_header": [
        {"subject": "a: b; c"},
        {"subject": "Ünï = ?"},
        {"applicant": an_applicant(name="Robin O'Neil-Sample, Jr.")},
    ],
    "subject_long": [{"subject": "x" * 78}, {"subject": "x"}, {"subject": "x " * 39}],
    "off_peak": [
        {"day": LATE},
        {},
        {"day": date(2027, 1, 12), **own(step2_policy=Step2Policy.REQUESTED)},
    ],
    "free_mail": [
        own(director_email="pd@gmail.hospital.example"),
        own(director_email="gmail.com@hospital.example"),
        own(director_email="pd@notgmail.example"),
    ],
    "bad_salutation": [
        {"body": PLAIN.replace("Dr. Long", "Dr. de la Cruz")},
        {"body": PLAIN.replace("Dr. Long", "Program Director")},
        {"body": PLAIN.replace("Dr. Long", "Prof. Dr. O\u2019Neil-Smith")},
        {"body": PLAIN.replace("Dr. Long,", "Dr. Ng and members of the selection committee,")},
        {"body": PLAIN.replace("Dr. Long", "members of the committee")},
        {"body": PLAIN.replace("Dr. Long", "Dr. St. John")},
        {"body": PLAIN.replace("Dr. Long,", "Dr. Müller:")},
        own(director_last_name="website"),
    ],
    "probable_twin": [
        own(program="Boston Medical Center", city="Boston"),
        own(program="Rural Track", institution="Oak Health"),
        own(program="UF Health", specialty="Family Medicine"),
        own(program="Mercy", city="Troy"),
    ],
    "no_director_name": [
        {},
        own(director_first_name=""),
        {"body": PLAIN.replace("Dr. Long", "Dr. Ada Long")},
    ],
    "service_in_reason": [
        {**STRONG, **own(reason="the eras of modern surgery")},
        {**STRONG, **own(reason="the street clinic")},
        {"body": GOOD.format("It is in ERAS.")},
    ],
}


@pytest.mark.parametrize(
    ("code", "case"), [(c, case) for c, cases in NEAR.items() for case in cases]
)
def test_what_is_only_near_to_it_as_things_are(code, case):
    assert code not in found(**case)


ODD = ["nan", "website", "Vacant", "{{last}}", "Dr. Smith", "Smith, MD", "Smith1", "Smith*", "???"]
ODD += ["ana@elm.example", "as of July!", "APD", "Patel?", "Smith / Jones", "(interim)", "Mu?oz"]
ODD += ["", "N/A", "None", "Program Director", "\ufe0f", "Jane Doe -> left"]


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("tail", [",", " and members of the selection committee,"])
def test_a_salutation_of_what_is_no_name_is_held(name, tail):
    body = PLAIN.replace("Dr. Long,", f"Dr. {name}{tail}")
    finding = found(body, program=replace(OWN, director_last_name=name))["bad_salutation"]
    assert (finding.severity, finding.place) == (Severity.ERROR, "body, line 1")


def test_a_name_of_the_list_is_looked_at_without_a_title_too():
    body = PLAIN.replace("Dr. Long", "website")
    assert "bad_salutation" in found(body, **own(director_last_name="website"))


@pytest.mark.parametrize(
    ("program", "text"),
    [
        (own(program="Rural Track", institution="Saint John Elm", city="Springfield"), "#6"),
        (own(program="Mercy Medical Center", city="Hope", director_last_name=""), "#2 Mercy"),
    ],
)
def test_a_program_that_is_probably_another_one_is_held_until_a_person_decides(program, text):
    finding = found(**program)["probable_twin"]
    assert (finding.severity, text in finding.text) == (Severity.ERROR, True)


def test_each_code_has_three_near_misses():
    for row in TABLE:
        assert len(NOT_FOUND.get(row.code, ())) + len(NEAR.get(row.code, ())) >= 3, row.code
