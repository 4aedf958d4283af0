"""What lies around the database: links, modes of folders, servers that repeat a password."""

import os

import pytest

from tests.fakes import ScriptedServer

SECRET = "korrekt-pferd-batterie"


def checked(desk):
    return " ".join(desk.type("doctor", "--offline").out.split())


@pytest.mark.sqlite_only
def test_a_config_that_is_reached_by_a_link_has_the_database_beside_the_file_itself(desk):
    desk.approved(2)
    link = desk.folder / "elsewhere"
    link.mkdir()
    (link / "config.toml").symlink_to("../config.toml")
    assert len(desk.good("--config", link, "outbox", "list", "--json").json["letters"]) == 2
    os.chdir(link)
    assert len(desk.letters()) == 2
    assert not list(link.glob("planner.sqlite3*"))


@pytest.mark.sqlite_only
def test_a_folder_in_which_anybody_may_write_is_named(desk):
    desk.a_list(1)
    desk.folder.chmod(0o777)
    said = desk.type("db", "check")
    desk.folder.chmod(0o700)
    assert said.code == 1
    assert "anyone on this machine may replace the files in" in " ".join(said.out.split())
    assert "chmod 700 FOLDER" in said.out
    assert desk.good("db", "check")


def test_doctor_says_that_others_may_read_the_config(desk):
    path = desk.folder / "config.toml"
    path.chmod(0o644)
    assert "other users of this computer can read it" in checked(desk)
    path.chmod(0o600)
    assert "others on this machine" not in checked(desk)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", ["planner.sqlite3.lock", "planner.sqlite3.sent"])
def test_nothing_is_written_through_a_link_in_the_place_of_our_own_files(desk, name):
    with ScriptedServer() as server:
        desk.configure(port=server.port)
        desk.approved(1)
        other = desk.folder / "letter-to-grandmother.txt"
        other.write_text("Dear Grandmother")
        (desk.folder / name).unlink(missing_ok=True)
        (desk.folder / name).symlink_to(other)
        done = desk.type("send", "--yes")
    assert (done.code, other.read_text(), server.accepted) == (1, "Dear Grandmother", [])
    assert "bug" not in done.err


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "DOT"])
def test_a_password_that_a_server_repeats_is_neither_shown_nor_stored(desk, monkeypatch, verb):
    monkeypatch.setenv("PLANNER_SMTP_PASSWORD", SECRET)
    with ScriptedServer({verb: f"550 5.6.0 no, robin with {SECRET}"}) as server:
        desk.with_login(port=server.port, more='username = "robin"')
        desk.approved(1)
        done = desk.type("send", "--yes", "--json")
    assert SECRET not in done.out + done.lines
    assert "[secret]" in done.out
    for table in ("letters", "events"):
        assert SECRET not in repr(desk.sql(f"SELECT * FROM {table}"))
