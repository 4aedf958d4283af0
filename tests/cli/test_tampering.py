"""Stored letters that somebody changed: nothing altered leaves, and nothing else stops.

Every column of approved letters is overwritten with values of wrong types, shapes and
contents, a letter for each.  What was approved is remembered from before, and what the
server took is held against it.
"""

import random
import re
from contextlib import closing

import pytest

from planner.store.schema import letters as table
from planner.store.sqlite import sqlite3
from tests.fakes import DROP, ScriptedServer

pytestmark = pytest.mark.long

# Literals of SQL; a browser of databases stores a blob as text, and text as a blob.
HEADERS = "Mon, 01 Jan 2024 00:00:00 +0000'||char(13)||char(10)||'Bcc: spy@evil.example"
VALUES = [
    "NULL",
    "''",
    "'garbage'",
    "'pd@evil.example'",
    f"'{HEADERS}'",
    "'Mon, 01 Jan 2024 00:00:00 +0000'",
    "'<other@evil.example>'",
    "'a'||char(10)||'b'",
    "x'00ff41'",
    "x'446174653a20780a4263633a2073707940780d0a'||{column}",
    "CAST({column} AS TEXT)",
    "CAST({column} AS BLOB)",
    "{column}||' '",
    "0",
    "7",
    "-1",
    "3.5",
    "9223372036854775807",
    "'[]'",
    "'{{}}'",
    "'[{{]'",
    "'[\"spy@evil.example\"]'",
    "'\"text\"'",
    "'{{\"to\": 5}}'",
    "'2026-13-45 99:00'",
    "'2031-01-01 00:00:00.000000'",
]
EACH = 3  # values for a column
# The row itself, and where it belongs: SQLite's own check of the file tells of these.
OWN = {"id", "applicant_id", "program_id"}
COLUMNS = [column.name for column in table.columns if column.name not in OWN]


def tampered(desk):
    """Overwrite one value in each letter but some; gives {letter: (column, value)}."""
    chance, done = random.Random(18), {}  # noqa: S311 - no secret
    with closing(sqlite3.connect(desk.folder / "planner.sqlite3")) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute("PRAGMA foreign_keys = OFF")
        for place, column in enumerate(COLUMNS * EACH):
            number, value = 1 + place + place // 10, chance.choice(VALUES)  # each tenth is spared
            try:
                new = value.format(column=column)
                db.execute(f"UPDATE letters SET {column} = {new} WHERE id = {number}")
                done[number] = (column, value)
            except sqlite3.IntegrityError:
                continue  # the database refuses it by itself
        db.commit()
    return done


def kept(desk):
    """{letter: (bytes, envelope)} as it is stored now."""
    query = "SELECT id, wire, sender, to_addresses, cc_addresses FROM letters ORDER BY id"
    with closing(sqlite3.connect(desk.folder / "planner.sqlite3")) as db:
        return {
            number: (wire, [sender, *re.findall(r'"(.*?)"', f"{to}{cc}")])
            for number, wire, sender, to, cc in db.execute(query)
        }


def taken(server):
    """(envelope, message) of everything that the server took."""
    envelopes, now = [], []
    for line in server.log:
        if line.startswith("MAIL"):
            now = []
        if line.startswith(("MAIL", "RCPT")):
            now.append(re.search("<(.*)>", line)[1])
        if line == ".":
            envelopes.append(now)
    return list(zip(envelopes, server.accepted, strict=True))


@pytest.mark.sqlite_only  # a server keeps types and checks by itself
def test_nothing_altered_leaves_and_nothing_else_stops(desk):
    count = len(COLUMNS) * EACH * 11 // 10 + 1
    with ScriptedServer() as server:
        desk.configure(port=server.port)
        desk.approved(count)
        approved = kept(desk)
        harmed = tampered(desk)
        done = desk.type("send", "--yes")
    assert "bug" not in done.err + done.out, done.err
    left = {}
    for envelope, message in taken(server):
        date, _, wire = message.partition(b"\r\n")
        (number,) = [n for n, (bytes_, _) in approved.items() if bytes_ == wire]
        assert number not in left, "it left twice"
        assert envelope == approved[number][1], harmed.get(number)
        assert date == b"Date: Tue, 20 Oct 2026 12:00:00 -0400", harmed.get(number)
        left[number] = envelope
    spared = set(approved) - set(harmed)
    assert spared <= set(left), sorted(spared - set(left))
    held = {n for n in harmed if n not in left}
    assert len(held) > len(harmed) / 4, "most of it would be seen"
    for words in (["outbox", "list"], ["status"], ["db", "check"], ["plan"], ["draft"]):
        said = desk.type(*words)
        assert "bug" not in said.err + said.out, (words, said.err)


HARM = [
    ("wire", "CAST(wire AS TEXT)", "bytes"),
    ("approved_at", "'garbage'", "approved_at"),
    ("findings", "'[{]'", "findings"),
    ("facts", "'[1]'", "facts"),
    ("subject", "x'ff00'", "subject"),
    ("token", "'seven'", "token"),
    ("date_header", f"'{HEADERS}'", "date_header"),
    ("date_header", "'Mon, 01 Jan 2024 00:00:00 +0000'", "date_header"),
    ("message_id", "'<other@evil.example>'", "message_id"),
    ("to_key", "'other@evil.example'", "to_key"),
    ("to_addresses", "'nonsense'", "to"),
    ("wire", "x'446174653a20780a4263633a2073707940780d0a'||wire", "bytes"),
    ("applicant_id", "'nobody'", "applicant_id"),
]


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("column", "value", "named"), HARM)
def test_a_damaged_value_is_named_and_there_is_a_way_out(desk, column, value, named):
    with ScriptedServer() as server:
        desk.configure(port=server.port)
        desk.approved(2)
        with closing(sqlite3.connect(desk.folder / "planner.sqlite3")) as db:
            db.execute(f"UPDATE letters SET {column} = {value} WHERE id = 1")
            db.commit()
        done = desk.type("send", "--yes")
        assert (done.code, len(server.accepted)) == (3, 1), done.err
        assert named in done.out.partition("Held back: 1")[2].partition("2 letters")[0]
        checked = desk.type("db", "check")
        assert named in checked.out.partition("FAILED digests")[2]
        assert "planner unapprove ID" in " ".join(checked.out.split())
        desk.good("unapprove", 1)
        desk.good("draft")
        if desk.letters()[0]["stale"]:
            desk.good("edit", 1, "--letter", "after_interview")
        desk.good("approve", 1, "--unseen")
        desk.good("send", "--yes")
        assert desk.states() == ["sent", "sent"]
        assert desk.good("db", "check")


FATES = {
    "cancelled": ({}, ["cancel", 1]),
    "unknown": ({"DOT": [DROP]}, ["send", 1, "--yes"]),
    "refused": ({"DOT": ["554 5.6.0 no"]}, ["send", 1, "--yes"]),
    "deferred": ({"RCPT": ["450 4.2.1 later"]}, ["send", 1, "--yes"]),
}


@pytest.mark.parametrize(("became", "how"), FATES.items(), ids=FATES)
def test_a_state_that_its_history_contradicts_holds_its_letter_until_it_is_put_right(
    desk, became, how
):
    script, words = how
    with ScriptedServer(script) as server:
        desk.configure(port=server.port)
        desk.approved(2)
        desk.type(*words)
        desk.sql("UPDATE letters SET state = 'approved' WHERE id = 1")
        done = desk.type("send", "--yes")
        assert (done.code, len(server.accepted)) == (3, 1), done.err + done.out
        assert "letter 1, Elm 1 Hospital: stored: damaged in the database: state" in done.out
        assert "-> planner db reconcile puts it right" in done.out
        desk.type("db", "reconcile")
    assert desk.states() == [became, "sent"]
    assert desk.good("db", "check")


@pytest.mark.sqlite_only
def test_an_edit_of_which_the_facts_were_damaged_is_never_overwritten_but_looked_at_again(desk):
    desk.drafted(1)
    desk.edit(1)
    desk.good("approve", 1, "--unseen")
    with closing(sqlite3.connect(desk.folder / "planner.sqlite3")) as db:
        db.execute("UPDATE letters SET facts = '[1]' WHERE id = 1")
        db.commit()
    desk.good("unapprove", 1)
    assert "what your edit rests on was damaged" in desk.good("outbox", "show", 1).out
    refused = desk.type("approve", 1, "--unseen")
    assert (refused.code, desk.states()) == (3, ["draft"])
    desk.edit(1, "Yours", "Sincerely yours")
    assert "Sincerely yours" in desk.good("preview", 1).out
    desk.good("approve", 1, "--unseen")
    assert desk.good("db", "check")
