"""The finished bytes on their way: what the digest covers, the Date line, the dots."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from planner.mail.message import Outline, freeze
from planner.mail.wire import date_header, dated, dot_stuffed, wire_digest, without_date

LETTER = Outline(
    "Robin Sample", "robin@applicant.example", ("pd@x.example",), ("pc@x.example",), "Hello", "Hi\n"
)


def test_date_is_written_once_in_front_and_is_no_part_of_the_digest():
    frozen = freeze(LETTER)
    moment = datetime(2026, 10, 20, 16, 0, tzinfo=UTC)
    sent = dated(frozen.wire, date_header(moment))
    assert sent.startswith(b"Date: Tue, 20 Oct 2026 16:00:00 +0000\r\n")
    assert without_date(sent) == frozen.wire
    assert wire_digest(LETTER.sender, LETTER.recipients, sent) == frozen.digest


def test_the_digest_covers_the_envelope_too():
    frozen = freeze(LETTER)
    assert wire_digest(LETTER.sender, ("other@x.example",), frozen.wire) != frozen.digest


def test_dots_are_stuffed_and_the_message_ends_its_line():
    assert dot_stuffed(b"a\r\n.b\r\n..c") == b"a\r\n..b\r\n...c\r\n"


@given(st.lists(st.text("ab.", max_size=4)))
def test_who_takes_the_stuffed_dots_off_again_has_the_message(lines):
    wire = b"".join(line.encode() + b"\r\n" for line in lines)
    stuffed = dot_stuffed(wire).split(b"\r\n")
    assert b"." not in stuffed, "that would end the message"
    assert b"\r\n".join(line.removeprefix(b".") for line in stuffed) == (wire or b"\r\n")
