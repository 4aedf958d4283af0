"""What a server says is shown as text, and without our secret, however it repeats it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.mail.account import Account
from planner.mail.login import responses
from planner.mail.redaction import SHORTEST, Redactor, shown

ACCOUNT = Account("mail.x.example", 587, username="robin@x.example")
SECRET = "pässwörd-€-9137"


def redactor(secret=SECRET):
    return Redactor(secret, responses(ACCOUNT, secret).values())


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (b"no\xc3\xa9", "noé"),
        (b"\xcd\xfc\xc1\xcb", r"\xcd\xfc\xc1\xcb"),
        (b"\xed\xa0\x80", r"\xed\xa0\x80"),
        (b"\xff", r"\xff"),
    ],
)
def test_what_is_not_utf8_is_escaped(said, text):
    assert shown(said) == Redactor().text(said) == text
    assert text.encode(), "no surrogate is left, which no terminal could show"


@given(st.binary(max_size=40))
def test_any_bytes_become_text_that_can_be_written(said):
    text = redactor().text(said)
    assert text.encode("utf-8").decode("utf-8") == text


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("method", ["plain", "xoauth2", "oauthbearer"])
@pytest.mark.parametrize("cut", [0, 8, 20])
def test_the_secret_is_taken_out_in_every_form(encoding, method, cut):
    login = base64.b64encode(responses(ACCOUNT, SECRET)[method].encode())
    for form in (
        SECRET.encode(encoding),
        base64.b64encode(SECRET.encode()),
        login,
        login.rstrip(b"="),
        login[: len(login) - cut] + b"...",
    ):
        said = redactor().text(b"500 what? " + form + b" and more")
        assert said.startswith("500 what? [secret]")
        assert said.endswith("and more")


def test_a_token_that_is_cut_off_is_taken_out_as_well():
    token = "ya29.a0Af_" + "x" * 80
    assert redactor(token).text(b"no such token: " + token[:20].encode()) == (
        "no such token: [secret]"
    )


def test_what_only_looks_like_it_stays():
    said = b"535 5.7.8 Username and Password not accepted, see support.x.example/mail/answer"
    assert redactor().text(said) == said.decode()


@pytest.mark.parametrize("secret", ["", "a", "5.7"])
def test_a_secret_that_is_too_short_would_be_found_everywhere(secret):
    assert len(secret) < SHORTEST
    assert redactor(secret).text(b"535 5.7.8 a no") == "535 5.7.8 a no"
