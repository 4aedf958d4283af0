"""The bytes of a message: exactly what was meant, whatever the values hold."""

import email
import re
from dataclasses import replace
from email import policy
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.mail.headers import read_text, unfold
from planner.mail.message import (
    Outline,
    UnsafeMessageError,
    content_digest,
    freeze,
    reflected,
)
from planner.rules import controls

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


CONTROLS = ("Cc", "Cs", "Zl", "Zp")
plain_text = st.text(st.characters(exclude_categories=CONTROLS), min_size=1, max_size=200).map(
    lambda text: text.replace("=?", "= ?").strip() or "x"
)
whatever = st.text(st.characters(codec="utf-8"), max_size=200)
# As people write: ASCII words with every kind of punctuation, of every length.
ascii_text = st.text(st.sampled_from("aZ09 .,;:'()<>@\\\"-_/&"), min_size=1, max_size=200).map(
    lambda text: text.strip() or "x"
)


def shown(wire, name):
    """A header as a mail reader shows it."""
    return read_text(email.message_from_bytes(wire, policy=policy.compat32)[name])


def judged(outline):
    """Freeze it and hold the bytes against what was meant."""
    frozen = freeze(outline)
    found = read(frozen.wire)
    assert sorted(found.keys()) == sorted(
        [*("From", "To", "Cc", "Subject", "Message-ID", "MIME-Version", "Content-Type")]
        + ["Content-Transfer-Encoding"]
    )
    for name, address in (("From", outline.sender), ("To", *outline.to), ("Cc", *outline.cc)):
        assert [a.addr_spec for a in found[name].addresses] == [address]
    assert shown(frozen.wire, "Subject") == outline.subject.strip()
    assert shown(frozen.wire, "Message-ID") == frozen.message_id
    name, address = parseaddr(unfold(email.message_from_bytes(frozen.wire)["From"]))
    assert (read_text(name), address) == (outline.sender_name.strip(), outline.sender)
    if outline.subject.strip():
        assert not any(re.match(rb"[A-Za-z-]+: *\r\n", x) for x in head_lines(frozen.wire))
    return frozen


def head_lines(wire):
    return wire.partition(b"\r\n\r\n")[0].splitlines(keepends=True)


@given(subject=plain_text | ascii_text, name=plain_text | ascii_text, body=plain_text)
def test_plain_text_is_never_refused(subject, name, body):
    judged(replace(PLAIN, subject=subject, sender_name=name, body=f"{body}\n"))


@given(subject=whatever, name=whatever, body=whatever)
def test_never_another_header_or_recipient_whatever_the_text(subject, name, body):
    outline = replace(PLAIN, subject=subject, sender_name=name, body=f"{body}\n")
    refused = any(
        controls.IN_HEADER.search(text) for text in (subject, name)
    ) or controls.IN_BODY.search(body)
    if refused:
        with pytest.raises(UnsafeMessageError):
            freeze(outline)
    else:
        judged(outline)


LENGTHS = (*range(1, 101), *range(101, 201, 3))  # all around the length of a line
# One word, short words, words of a name, and letters beyond ASCII.
FILLINGS = ("x", "word ", "Rivera Castellanos-Whitfield ", "José Nguyễn-Müller, ", "王小明")


def text_of(length, filling):
    return (filling * length)[:length].strip().ljust(length, "x")


@pytest.mark.parametrize("filling", FILLINGS)
def test_a_subject_of_every_length_is_frozen_and_reads_back(filling):
    for length in LENGTHS:
        judged(replace(PLAIN, subject=text_of(length, filling)))


@pytest.mark.parametrize("filling", FILLINGS)
def test_a_name_of_every_length_is_frozen_and_reads_back(filling):
    for length in LENGTHS:
        judged(replace(PLAIN, sender_name=text_of(length, filling)))


@pytest.mark.parametrize("length", range(3, 61))
def test_a_mail_domain_of_every_length_is_frozen_and_reads_back(length):
    domain = f"{'a' * (length - 2)}.b" if length < 10 else f"{'a' * (length - 8)}.example"
    frozen = judged(replace(PLAIN, sender=f"robin@{domain}"))
    (line,) = [x for x in head_lines(frozen.wire) if x.startswith(b"Message-ID")]
    assert line == f"Message-ID: {frozen.message_id}\r\n".encode(), "it is never folded"


def test_the_copy_to_oneself_of_a_subject_of_every_length_is_frozen():
    for length in LENGTHS:
        copy = reflected(replace(PLAIN, subject=text_of(length, "word ")), "robin@a.example")
        assert shown(freeze(copy).wire, "Subject") == copy.subject


def test_a_word_that_no_line_can_hold_is_refused_with_its_length():
    with pytest.raises(UnsafeMessageError, match="1009 characters; servers accept at most 998"):
        freeze(replace(PLAIN, subject="x" * 1000))


def test_an_answer_names_its_thread_in_lines_that_are_not_folded():
    thread = f"<{'f' * 32}@{'long.' * 9}example>"
    found = email.message_from_bytes(freeze(replace(PLAIN, in_reply_to=thread)).wire)
    assert found["In-Reply-To"] == found["References"] == thread
