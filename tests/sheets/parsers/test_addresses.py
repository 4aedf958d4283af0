"""Addresses with what people write around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.sheets.parsers.addresses import (
    Mailbox,
    is_nowhere,
    parse_email,
    parse_mailboxes,
    plain_emails,
)
from planner.sheets.parsers.cells import BadCellError
from tests.sheets.reading import records


@pytest.mark.parametrize(
    "text",
    [
        "(ann@x.example)",
        "Email: ann@x.example",
        "ann@x.example (PD)",
        "ann@x.example.",
        "ann@x.example;",
        "mailto:ann@x.example",
        "MAILTO:ann@x.example?subject=Hi%20there",
        "'ann@x.example'",
        '"ann@x.example"',
        "\u202aann@x.example\u202c",
        "an\u00adn@x.example",
        "\u180eann@x.example\u200b",
        "[write to Ann](mailto:ann@x.example?subject=Hi)",
        "Ann Lee, MD <ann@x.example>",
        '"Lee, Ann" <ann@x.example>',
        "&lt;ann@x.example&gt;",
        "ann@x.example ann@x.example",
        "Residency Office: ann@x.example",
        "Dr. Ann Lee ann@x.example",
    ],
)
def test_what_stands_around_an_address_comes_off(text):
    assert parse_email(text) == "ann@x.example"


@pytest.mark.parametrize(
    "text",
    [
        "a@x.example; b@x.example",
        "a@x.example, b@x.example",
        "a@x.example\nb@x.example",
        "a@x.example / b@x.example",
        "a@x.example|b@x.example",
        "a@x.example ::: b@x.example",
        "a@x.example and b@x.example",
        "Ann Lee <a@x.example>; Bo Berg, DO <b@x.example>",
        "Hye-jin van der Berg <a@x.example>, Dev al-Sayed <b@x.example>",
    ],
)
def test_several_addresses_with_only_separators_and_names_between_are_taken(text):
    assert parse_mailboxes(text) == (Mailbox("a@x.example"), Mailbox("b@x.example"))
    with pytest.raises(BadCellError, match="not 2"):
        parse_email(text)


def test_labels_say_whose_an_address_is():
    labels = [box.label for box in parse_mailboxes("PC: a@x.example / PD: b@x.example")]
    assert labels == ["coordinator", "director"]
    found = parse_mailboxes("a@x.example (Ann Lee, MD), b@x.example (coordinator)")
    assert [box.label for box in found] == ["", "coordinator"]
    assert parse_mailboxes("b@x.example - program coordinator")[0].label == "coordinator"


@pytest.mark.parametrize(
    "text",
    [
        "DO NOT EMAIL a@x.example",
        "ask first: a@x.example",
        "a@x.example (old)",
        "bounced: a@x.example",
        "a@x.example, do not use",
        "Elm\nBcc: all@evil.example",
        "RCPT TO:<all@evil.example>",
        'Elm" <all@evil.example>, "',
        '"a@x.example\nb"@evil.example',
        "Elm\u202emoc.live@dp",
        "=?utf-8?q?x?= <a@x.example>",
        "please write to a@x.example",
        "a@x.example {{ x }} b",
        "a at x.example",
        "a[at]x.example",
        "a@b@x.example",
        "a@hospital",
        "a@x.example " + "x" * 500,
    ],
)
def test_any_other_text_around_an_address_is_refused(text):
    with pytest.raises(BadCellError, match="expected one address") as caught:
        parse_mailboxes(text)
    assert caught.value.code == "bad_email"


@pytest.mark.parametrize(
    "text", ["none listed", "no email", "see website", "N/A", "unknown", "---", "contact form", "?"]
)
def test_a_cell_may_say_that_there_is_no_address(text):
    assert is_nowhere(text)


@pytest.mark.parametrize("text", ["a@x.example", "ann at x.example", "Ann Lee"])
def test_what_may_be_an_address_is_not_nowhere(text):
    assert not is_nowhere(text)


@given(st.text(max_size=80))
def test_whatever_comes_of_a_cell_stood_in_it_letter_by_letter(text):
    try:
        found = parse_mailboxes(text)
    except BadCellError:
        return
    plain = "".join(text.split()).casefold()
    for box in found:
        user, _, domain = box.address.partition("@")
        assert user.casefold() in plain or not user.isascii()
        assert domain.casefold() in plain or not domain.isascii()


@pytest.mark.parametrize(
    "cell", ["a@elm.example → b@elm.example", "a@elm.example -> b@elm.example"]
)
def test_an_address_that_gives_way_to_another_is_asked_about(cell):
    with pytest.raises(BadCellError, match="not to use it"):
        parse_mailboxes(cell)


@pytest.mark.parametrize("cell", ["a@elm.example (APD)", "APD: a@elm.example"])
def test_the_address_of_an_associate_is_not_taken_for_the_directors(cell):
    with pytest.raises(BadCellError):
        parse_mailboxes(cell)


@pytest.mark.parametrize(
    "user", ["noreply", "no-reply", "No_Reply", "donotreply", "do-not-reply", "mailer-daemon"]
)
def test_a_mailbox_that_nobody_reads_is_no_address(user):
    with pytest.raises(BadCellError, match="somebody reads"):
        parse_email(f"{user}@elm.example")
    assert not plain_emails([f"{user}@elm.example"])


@pytest.mark.parametrize("cell", ["coordinator: b@elm.example", "b@elm.example (PC)"])
def test_an_address_that_is_said_to_be_the_coordinators_is_not_the_directors(cell):
    (found,) = records(f"Program,Specialty,PD,PD Email\nElm,IM,Ana Lee,{cell}\n")
    assert found.values["coordinator_email"] == "b@elm.example"
    assert "director_email" not in found.values
    assert [w.code for w in found.warnings] == ["other_role"]
