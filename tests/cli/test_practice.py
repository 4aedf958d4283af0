"""`planner demo --serve`: a practice mailbox in a real terminal, and letters sent to it."""

import re
import socket

import pexpect
import pytest

from planner.cli.practice import SETTINGS, opened


@pytest.fixture
def mailbox(terminal):
    """A practice mailbox on a port that is free."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    child = terminal("--serve", "--port", str(port), command="demo")
    child.port = port
    child.expect("A practice mailbox is open at 127.0.0.1:")
    child.expect("Letters are shown here as they arrive")
    return child


def test_letters_that_are_really_sent_can_be_read_as_they_arrive(desk, mailbox):
    desk.configure(port=mailbox.port)
    desk.approved(1, Program="Łódź Hospital")
    desk.good("send", "--yes")
    mailbox.expect("letter 1 has arrived")
    mailbox.expect(re.escape("To:      pd1@elm1.example"))
    mailbox.expect("Dear Dr. Abarab,")
    mailbox.expect("Łódź")
    mailbox.expect("AAMC ID 10000001")
    assert "\\r" not in mailbox.before
    mailbox.sendintr()
    mailbox.expect("The practice mailbox is closed; 1 letter arrived")
    mailbox.expect(pexpect.EOF)
    mailbox.close()
    assert mailbox.exitstatus == 0


def test_the_settings_that_it_shows_are_those_it_takes(desk, mailbox):
    path = desk.folder / "config.toml"
    head = path.read_text().partition("[smtp]")[0]
    path.write_text(head + SETTINGS.format(host="127.0.0.1", port=mailbox.port) + "\n")
    assert "the server accepts letters from robin@applicant.example" in desk.good("doctor").out


def test_a_port_in_use_is_a_sentence_with_the_way_out(desk, mailbox):
    done = desk.type("demo", "--serve", "--port", mailbox.port)
    assert done.code == 2
    assert f"planner demo --serve --port {mailbox.port + 1}" in done.err


def test_what_it_says_first_fits_a_terminal_of_eighty_columns():
    said = opened(2525)
    assert max(map(len, said.splitlines())) < 80
    assert "leave this computer." in " ".join(said.split())
