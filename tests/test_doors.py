"""Every way by which a letter can leave goes through the same gates."""

from datetime import date

import pytest

from tests.fakes import ScriptedServer

DOORS = {
    "send": ("send", "--yes"),
    "copy to oneself": ("send", "--yes", "--reflect", "robin@applicant.example"),
    "file": ("outbox", "export", "1", "--eml", "out"),
}


@pytest.fixture
def server():
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def approved(desk, server):
    """One approved letter of one program that has interviewed the applicant."""
    desk.configure(port=server.port)
    desk.approved(1)
    return desk


def no_transcript(desk, server):
    desk.configure(port=server.port, transcript="")


def another_account(desk, server):
    desk.configure(port=server.port, more='username = "another"')


def other_bytes(desk, _):
    desk.other_bytes(b"248", b"284")


def closed_to_mail(desk, _):
    desk.good("programs", "set", "1", "contact_policy=none")


def results_week(desk, _):
    desk.day = date(2027, 3, 16)


def a_claim_that_is_false(desk, _):
    desk.sql("UPDATE letters SET letter = 'retake'")


def another_occasion(desk, server):
    desk.configure(port=server.port, score="score = 248\nfailed_attempts = 1")


def in_the_name_of_the_example(desk, _):
    path = desk.folder / "config.toml"
    path.write_text(path.read_text().replace("Robin Sample", "Jane Roe"))


CLOSED = {
    no_transcript: "transcript",
    another_account: "no longer approved",
    other_bytes: "approval:",
    closed_to_mail: "still_true",
    results_week: "",
    a_claim_that_is_false: "claim: the letter retake would not be true",
    another_occasion: "another season",
    in_the_name_of_the_example: "Jane Roe",
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("close", CLOSED, ids=lambda close: close.__name__)
def test_a_letter_whose_gate_is_closed_leaves_by_no_door(approved, server, door, close):
    close(approved, server)
    done = approved.type(*DOORS[door])
    assert done.code == 3, done.out + done.err
    assert CLOSED[close] in " ".join(f"{done.out} {done.err}".split())
    assert server.accepted == []
    assert not (approved.folder / "out").exists()
    assert {"sent", "exported", "unknown"}.isdisjoint(approved.states())


@pytest.mark.parametrize("door", DOORS)
def test_with_every_gate_open_it_leaves(approved, server, door):
    approved.good(*DOORS[door])
    assert server.accepted or list((approved.folder / "out").iterdir())


def test_nothing_is_approved_in_the_name_of_the_example(desk):
    path = desk.folder / "config.toml"
    for old, new in (("Robin Sample", "Jane Roe"), ("10000001", "12345678")):
        text = path.read_text()
        path.write_text(text.replace(old, new))
        desk.a_list(1)
        desk.good("draft")
        done = desk.type("approve", "1", "--unseen")
        assert done.code == 3
        assert "still from the example config: applicant." in " ".join(done.out.split())
        path.write_text(text)


def test_a_dry_run_connects_to_no_server_whatever_else_is_asked(approved, server):
    me = ("--reflect", "robin@applicant.example")
    for words in ((), ("--yes",), me, (*me, "--yes"), (*me, "--yes", "--watch", "--limit", "1")):
        done = approved.good("send", "--dry-run", *words)
        assert "nothing was sent" in done.out
    assert (server.sessions, server.log) == (0, [])
    assert approved.states() == ["approved"]
    assert approved.good("status", "--json").json["allowance"]["used"] == 0


@pytest.mark.parametrize("address", ["pd1@elm1.example", "PC1@ELM1.example"])
def test_no_copy_goes_to_an_address_of_the_list(approved, server, address):
    done = approved.type("send", "--yes", "--reflect", address)
    assert done.code == 3
    assert "is an address of #1 Elm 1 Hospital; copies are for yourself" in done.err
    assert "planner send --reflect robin@applicant.example" in done.err
    assert server.log == []


def test_two_spellings_of_one_mailbox_get_one_letter(desk, server):
    desk.configure(port=server.port)
    desk.a_list(2, **{"PC Email": ""})
    desk.good("programs", "set", "1", "director_email=pd@müller.example")
    desk.good("programs", "set", "2", "director_email=PD@xn--mller-kva.example")
    desk.good("draft")
    (letter,) = desk.letters()
    assert letter["program"] == "Elm 1 Hospital"
    rules = [p["rule"] for p in desk.good("plan", "--json").json["programs"]]
    assert sorted(rules) == ["early_interviewed", "same_address"]


def test_what_was_told_before_the_release_holds_the_letter_until_a_person_decides(approved, server):
    done = approved.good("outbox", "record", "1", "--on", "2026-09-15")
    said = " ".join(done.out.split())
    assert "The plan still writes to them" in said
    assert "and holds the letter until you decide" in said
    assert "Letter 1 is a draft and is held" in said
    approved.type("send", "--yes")
    assert server.log == []
    assert approved.type("approve", "1", "--unseen").code == 3
    approved.good("draft")
    approved.good(
        *("approve", "1", "--unseen", "--override", "told_early"),
        *("--because", "I told them of my research then"),
    )
    approved.good("send", "--yes")
    assert approved.states() == ["sent"]


FALSE = {
    "retake": "no failed attempt at Step 2 CK",
    "score_pending": "the score is in",
    "score_posted": "never told that the score is pending",
    "context": "your sentence about the score",
    "score_notice": "have not asked for the score",
}


@pytest.mark.parametrize("kind", FALSE)
def test_a_letter_whose_claim_is_false_cannot_be_chosen(approved, kind):
    done = approved.type("edit", "1", "--letter", kind)
    assert done.code == 3
    assert FALSE[kind] in done.err
    assert approved.states() == ["approved"]


def test_no_one_is_thanked_for_an_interview_that_has_not_been(desk):
    desk.a_list(1, Status="waitlisted")
    desk.good("draft")
    done = desk.type("edit", "1", "--letter", "after_interview")
    assert (done.code, "no interview there" in done.err) == (3, True)


def test_what_a_program_knows_already_is_not_told_again_without_a_word(approved, server):
    approved.good("send", "--yes")
    approved.configure(port=server.port, score="score = 248\nfailed_attempts = 1")
    approved.good("draft")
    letter = approved.letters()[1]
    (found,) = [f for f in letter["findings"] if f["code"] == "told_before"]
    assert found["text"] == "letter 1 told them 248 on 2026-10-20"
    assert approved.type("approve", "2", "--unseen").code == 3
    why = "they asked for a letter about the retake"
    approved.good("approve", "2", "--unseen", "--override", "told_before", "--because", why)


def test_another_score_may_be_told(approved, server):
    approved.good("send", "--yes")
    approved.configure(port=server.port, score="score = 255\nfailed_attempts = 1")
    approved.good("draft")
    assert [f["code"] for f in approved.letters()[1]["findings"]] == []
