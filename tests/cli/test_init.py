"""`planner init`: what it asks, what it writes, and what it says is still missing."""

import re
import tomllib

import click
import pexpect
import pytest

from planner.cli.init import EMAIL, QUESTIONS
from planner.cli.init import _parsed as parsed
from planner.config import load_settings
from tests.cli.conftest import interrupt


def written(desk, folder="fresh"):
    return tomllib.loads((desk.folder / folder / "config.toml").read_text())


def test_the_answers_are_in_the_file_and_the_example_is_named_no_more(desk, terminal):
    child = terminal("fresh", command="init")
    for question, answer in (
        ("mail address", "zoe.o'hara@gmail.com"),
        ("Your name", 'Zoë "Zo" Łukasz-O’Hara'),
        ("AAMC ID", "10000002"),
        ("Step 1", "Pass"),
        ("Step 2 CK score", "251"),
        ("first see it", "2026-10-14"),
    ):
        child.expect(question)
        child.sendline(answer)
    child.expect("Wrote fresh/config.toml")
    assert "Still the example" not in child.before
    child.expect("Still missing: transcript")
    child.expect("cd fresh, fill in config.toml, then: planner import")
    child.expect(pexpect.EOF)
    found = written(desk)
    assert found["applicant"]["name"] == 'Zoë "Zo" Łukasz-O’Hara'
    assert found["applicant"]["email"] == "zoe.o'hara@gmail.com"
    assert found["step1"]["result"] == "pass"
    assert found["step2_ck"]["score"] == 251
    assert str(found["step2_ck"]["released_on"]) == "2026-10-14"
    assert found["smtp"]["provider"] == "gmail"
    assert load_settings(desk.folder / "fresh/config.toml").account.host == "smtp.gmail.com"


def test_a_wrong_answer_is_asked_again_and_enter_leaves_it(desk, terminal):
    child = terminal("fresh", command="init")
    child.expect("mail address")
    child.sendline("zoe at gmail")
    child.expect("not an email address.*Enter leaves it for")
    child.sendline("")
    child.expect("Your name")
    child.sendline("")
    child.expect("AAMC ID")
    child.sendline('"1234"')
    child.expect("An AAMC ID has 8 digits")
    child.sendline("")
    child.expect("Step 1")
    child.sendline("25")
    child.expect("three-digit score")
    child.sendline("")
    child.expect("Step 2 CK score")
    child.sendline("")
    child.expect(
        "Still from the example: applicant.name, applicant.aamc_id, applicant.email, step1.re"
    )
    child.expect(pexpect.EOF)
    load_settings(desk.folder / "fresh/config.toml")


@pytest.mark.parametrize(
    ("address", "said", "provider"),
    [
        ("zoe@gmail.com", "app password", "gmail"),
        ("zoe@hotmail.com", "not accept passwords from programs", "outlook"),
        ("zoe@proton.me", "Proton Mail Bridge", None),
        ("zoe@icloud.com", "app-specific password", "icloud"),
        ("zoe@yahoo.com", "app password", "yahoo"),
    ],
)
def test_without_a_terminal_the_address_alone_finds_the_provider(desk, address, said, provider):
    done = desk.good("init", "fresh", "--email", address)
    assert said in " ".join(done.out.split())
    assert written(desk)["smtp"].get("provider") == provider
    assert "Still from the example: applicant.name, applicant.aamc_id, step1" in done.out


def test_an_address_that_is_none_writes_nothing(desk):
    assert desk.type("init", "fresh", "--email", "zoe").code == 2
    assert not (desk.folder / "fresh").exists()


def test_doctor_says_at_once_that_a_provider_takes_no_password(desk):
    path = desk.folder / "config.toml"
    head = path.read_text().partition("[smtp]")[0]
    path.write_text(f'{head}[smtp]\nprovider = "Outlook"\n')
    done = desk.type("doctor", "--offline")
    assert done.code == 3
    assert 'Outlook.com does not accept passwords, and smtp.auth is "password"' in done.out
    assert "planner hand ID" in " ".join(done.out.split())


def test_the_first_question_says_that_enter_skips_it_and_ctrl_c_ends_its_line(desk, terminal):
    child = terminal("fresh", command="init")
    child.expect(r"letters come from \(Enter skips any question\): ")
    child.sendline("")
    child.expect("Your name, as you sign: ")
    interrupt(child, r"\r\nplanner: Interrupted\.")
    assert not (desk.folder / "fresh").exists()


def test_quotes_around_an_answer_are_no_part_of_it(desk, terminal):
    child = terminal("fresh", command="init")
    for question, answer in (
        ("mail address", "'zoe@school.example'"),
        ("Your name", '“Zoë "Zo" Łukasz-O’Hara”'),
        ("AAMC ID", '"10000002"'),
        ("Step 1", "'228'"),
        ("Step 2 CK score", '" 251 "'),
        ("first see it", '"2026-10-14"'),
    ):
        child.expect(question)
        child.sendline(answer)
    child.expect("Wrote")
    child.expect(pexpect.EOF)
    found = written(desk)
    assert found["applicant"]["name"] == 'Zoë "Zo" Łukasz-O’Hara'
    assert found["applicant"]["aamc_id"] == "10000002"
    assert (found["step1"]["result"], found["step2_ck"]["score"]) == (228, 251)


@pytest.mark.parametrize("question", [EMAIL, *QUESTIONS], ids=lambda q: q.name)
@pytest.mark.parametrize("answer", ["\x01", "Zoë\nŁukasz"])
def test_no_answer_is_met_with_the_language_of_the_config(question, answer):
    with pytest.raises(click.BadParameter) as caught:
        parsed(question, answer)
    assert caught.value.message == question.wanted
    assert not re.search(r"quotes|xpected|TOML|step\d|_ck", caught.value.message)


def test_scores_and_days_that_can_hardly_be_meant_are_asked_about(desk, terminal):
    child = terminal("fresh", command="init")
    for question, answer in (("mail address", ""), ("Your name", ""), ("AAMC ID", "")):
        child.expect(question)
        child.sendline(answer)
    child.expect("Step 1")
    child.sendline("123")
    child.expect("from 140 to 290. Is it a Step 1 score")
    child.sendline("n")
    child.expect("Step 1")
    child.sendline("223")
    child.expect("Step 2 CK score")
    child.sendline("112")
    child.expect("from 180 to 290. Is it a Step 2 CK score")
    child.sendline("y")
    child.expect("first see it")
    child.sendline("2099-10-14")
    child.expect("2099-10-14 is in the future")
    child.sendline("")
    child.expect("first see it")
    child.sendline("")
    child.expect(pexpect.EOF)
    found = written(desk)
    assert (found["step1"]["result"], found["step2_ck"]) == (
        223,
        {"score": 112, "at_submission": "not_reported"},
    )
