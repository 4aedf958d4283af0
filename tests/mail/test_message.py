"""The bytes of a message: exactly what was meant, whatever the values hold."""

import email
from dataclasses import replace
from email import policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.mail.message import (
    Outline,
    UnsafeMessageError,
    content_digest,
    freeze,
    reflected,
)

PLAIN = Outline(
    "Robin Sample", "robin@applicant.example", ("pd@x.example",), ("pc@x.example",), "Hello", "Hi\n"
)


def read(wire):
    return email.message_from_bytes(wire, policy=policy.SMTP)


def test_a_message_has_these_headers_and_no_others():
    frozen = freeze(replace(PLAIN, in_reply_to="<1@applicant.example>"))
    assert sorted(read(frozen.wire).keys()) == sorted(
        ["From", "To", "Cc", "Subject", "Message-ID", "In-Reply-To", "References"]
        + ["MIME-Version", "Content-Type", "Content-Transfer-Encoding"]
    )
    assert frozen.message_id.endswith("@applicant.example>")


@pytest.mark.parametrize(
    "change",
    [{"subject": "x"}, {"body": "x\n"}, {"to": ("a@x.example",)}, {"cc": ()}, {"sender_name": "R"}],
)
def test_what_a_reader_sees_is_in_the_content_digest(change):
    assert content_digest("k", PLAIN) != content_digest("k", replace(PLAIN, **change))
    assert content_digest("k", PLAIN) != content_digest("other", PLAIN)


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "x\r\nBcc: evil@x.example"},
        {"subject": "x\n"},
        {"subject": "=?utf-8?q?=0ABcc:_evil=40x.example?="},
        {"sender_name": "Robin\x00"},
        {"sender_name": "Robin\u2028Bcc: a"},
        {"to": ("pd@x.example\r\nBcc: evil@x.example",)},
        {"to": ()},
        {"to": ("nobody",)},
        {"to": ("a b@x.example",)},
        {"to": ("dürr@x.example",)},
        {"in_reply_to": "<1@x>\nX: y"},
        {"body": "a\ud800b\n"},
    ],
)
def test_what_could_become_another_header_is_refused(change):
    with pytest.raises((UnsafeMessageError, UnicodeEncodeError)):
        freeze(replace(PLAIN, **change))


def test_a_domain_beyond_ascii_is_written_as_idna():
    frozen = freeze(replace(PLAIN, to=("pd@klinik-münchen.example",)))
    assert b"pd@xn--klinik-mnchen-3ob.example" in frozen.wire


def test_long_lines_and_accents_travel_as_quoted_printable_and_read_back():
    body = "Dear Dr. Müller,\n\n" + "word " * 80 + "\n\n.\n..dots\n"
    frozen = freeze(replace(PLAIN, body=body))
    assert read(frozen.wire).get_content().replace("\r\n", "\n") == body
    assert frozen.wire.isascii()
    assert max(map(len, frozen.wire.split(b"\r\n"))) <= 78


def test_a_copy_to_oneself_has_no_other_recipient():
    copy = reflected(PLAIN, "robin@applicant.example")
    assert set(copy.recipients) == {"robin@applicant.example"}
    assert copy.subject == "[TEST] Hello"


words = st.text(st.characters(codec="utf-8"), max_size=200)


@given(subject=words, name=words, body=words)
def test_never_another_header_or_recipient_whatever_the_text(subject, name, body):
    outline = replace(PLAIN, subject=subject, sender_name=name, body=f"{body}\n")
    try:
        frozen = freeze(outline)
    except UnsafeMessageError:
        return
    found = read(frozen.wire)
    assert [a.addr_spec for a in found["To"].addresses] == ["pd@x.example"]
    assert [a.addr_spec for a in found["Cc"].addresses] == ["pc@x.example"]
    assert [a.addr_spec for a in found["From"].addresses] == ["robin@applicant.example"]
    assert len(found.keys()) == 8 + (len(found.keys()) == 9)
    assert "Bcc" not in found
    assert "Date" not in found
    assert found["Subject"] == subject
