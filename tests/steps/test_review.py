"""A reviewer's yes: which findings may be overridden, and what is kept of it."""

import json

import pytest

NOT_MINE = "Dear Dr. Abarab,\n\nI like Elm 2 Hospital and Elm 3 Hospital. 248 at Elm 1 Hospital.\n\nYours,\nRobin\n"


def edited(desk, body, number=1):
    (desk.folder / "mine.txt").write_text(body, "utf-8", newline="")
    return desk.type("edit", number, "--body-file", "mine.txt")


@pytest.fixture
def torn(desk):
    """Letter 1 names two other programs, its findings 1 and 2; letter 2 is plain."""
    desk.a_list(4)
    desk.good("draft")
    assert edited(desk, NOT_MINE).code == 0
    desk.good("preview", "1-4")
    return desk


def findings(desk, number=1):
    return desk.good("outbox", "show", number, "--json").json["letters"][0]["findings"]


def test_findings_are_listed_with_their_numbers_wherever_they_are_shown(torn):
    listed = findings(torn)
    assert [(f["number"], f["code"], f["text"]) for f in listed] == [
        (1, "other_program", "Elm 2 Hospital"),
        (2, "other_program", "Elm 3 Hospital"),
    ]
    assert torn.good("preview", 1, "--json").json["letters"][0]["findings"] == listed
    assert torn.letters()[0]["findings"] == listed
    shown = torn.good("preview", 1).out
    assert "! 1. error other_program: “Elm 2 Hospital”" in shown
    assert "! 2. error other_program: “Elm 3 Hospital”" in shown
    torn.good("preview", 1, "--format", "html", "-o", "out")
    page = (torn.folder / "out/index.html").read_text()
    assert "2. error other_program: “Elm 3 Hospital”" in page


def test_a_refusal_shows_the_numbers_and_the_command(torn):
    done = torn.type("approve", 1)
    assert done.code == 3
    flat = " ".join(done.out.split())
    assert (
        "other_program (finding 1): Elm 2 Hospital; other_program (finding 2): Elm 3 Hospital."
    ) in flat
    assert 'planner approve 1 --override 1 --because "..." --override 2 --because "..."' in flat


def test_a_finding_is_overridden_by_its_number_and_the_others_stay_open(torn):
    done = torn.type("approve", 1, "--override", 2, "--because", "their partner")
    assert done.code == 3
    assert "other_program (finding 1): Elm 2 Hospital." in " ".join(done.out.split())
    assert "Elm 3 Hospital" not in done.out
    pairs = ["--override", 1, "--because", "their twin", "--override", 2, "--because", "a friend"]
    torn.good("approve", 1, *pairs)
    why = torn.good("outbox", "show", 1, "--json").json["letters"][0]["events"][-1]["why"]
    assert "override other_program: their twin (“Elm 2 Hospital”, body, line 3)" in why
    assert "override other_program: a friend (“Elm 3 Hospital”, body, line 3)" in why


def test_what_is_kept_says_which_finding_it_was(torn):
    pairs = ["--override", 1, "--because", "their twin", "--override", 2, "--because", "a friend"]
    torn.good("approve", 1, *pairs)
    ((kept,),) = torn.sql("SELECT overrides FROM letters WHERE id = 1")
    assert (json.loads(kept) if isinstance(kept, str) else kept)[0] == {
        "code": "other_program",
        "text": "Elm 2 Hospital",
        "place": "body, line 3",
        "because": "their twin",
    }


def test_another_finding_of_the_same_code_is_open_again(torn):
    """Kept with a draft, one override covers its own words and place, and no others."""
    kept = [
        {"code": "other_program", "text": f"Elm {n} Hospital", "place": "body, line 3"}
        for n in (2, 3)
    ]
    kept[0]["place"] = "body, line 9"
    torn.sql(f"UPDATE letters SET overrides = '{json.dumps(kept)}' WHERE id = 1")
    done = torn.type("approve", 1)
    assert done.code == 3
    assert "other_program (finding 1): Elm 2 Hospital." in " ".join(done.out.split())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--override", 1], 2, "its own --because"),
        (["--because", "x"], 2, "its own --because"),
        (["--override", 1, "--because", " "], 2, "its own --because"),
        (["--override", 1, "--override", 2, "--because", "x"], 2, "its own --because"),
        (["--override", 0, "--because", "x"], 2, "has no finding 0"),
        (["--override", 3, "--because", "x"], 2, "has no finding 3"),
        (["--override", "1", "--because", "x", "--override", "#1", "--because", "y"], 2, "twice"),
        (["--override", "other_program", "--because", "x"], 2, "has 2 findings other_program: 1"),
        (["--override", "score_mismatch", "--because", "x"], 2, "no open finding score_mismatch"),
        (["--override", "promise", "--because", "x"], 3, "promise cannot be overridden"),
    ],
)
def test_an_override_that_fits_nothing_has_a_sentence(torn, words, code, said):
    done = torn.type("approve", 1, *words)
    assert (done.code, said in done.err) == (code, True), done.err
    assert torn.states()[0] == "draft"


@pytest.mark.parametrize("ids", [["1-2"], ["1", "2"], ["--all-shown"]])
def test_an_override_is_for_one_letter_at_a_time(torn, ids):
    done = torn.type("approve", *ids, "--override", 1, "--because", "x")
    assert (done.code, "one letter at a time" in done.err) == (2, True)
    assert torn.states() == ["draft"] * 4


def test_a_code_is_enough_where_one_error_of_it_is_open(torn):
    edited(torn, NOT_MINE.replace(" and Elm 3 Hospital", ""))
    torn.good("preview", 1)
    torn.good("approve", 1, "--override", "other_program", "--because", "their partner")
    assert torn.states()[0] == "approved"


def test_a_warning_needs_no_override_and_a_firm_error_takes_none(desk):
    desk.a_list(1, **{"PD Email": "pd@gmail.com"})
    desk.good("draft")
    edited(desk, "Dear Dr. Abarab,\n\n248. I will rank you first.\n\nYours,\nRobin\n")
    desk.good("preview", 1)
    codes = [f["code"] for f in findings(desk)]
    firm, warning = codes.index("promise") + 1, codes.index("free_mail") + 1
    done = desk.type("approve", 1, "--override", warning, "--because", "x")
    assert (done.code, "is a warning" in done.err) == (2, True)
    done = desk.type("approve", 1, "--override", firm, "--because", "x")
    assert (done.code, "promise cannot be overridden" in done.err) == (3, True)
    assert "--override" not in desk.type("approve", 1).out


def test_findings_that_came_up_since_are_listed_by_the_refusal_and_by_preview(torn):
    torn.sql("UPDATE letters SET findings = '[]' WHERE id = 1")
    assert torn.type("approve", 1).code == 3
    assert [f["number"] for f in findings(torn)] == [1, 2]
