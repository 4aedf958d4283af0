"""Migrations: up, clean against the schema, down, and an old database comes up whole."""

import sqlite3
import stat
from contextlib import closing

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from planner.errors import ConfigError, PlannerError, TryLaterError
from planner.resources import resource
from planner.rules.identity import name_key
from planner.store import database, engine, programs
from planner.store.database import open_store
from planner.store.engine import driver
from planner.store.file import REVISION
from planner.store.letters import list_letters
from tests.builders import a_program, put

URL = "sqlite:///list.sqlite3"
A_LETTER_OF_0003 = """
INSERT INTO applicants (aamc_id, email) VALUES ('10000001', 'robin@applicant.example');
INSERT INTO programs (program, specialty, name_key) VALUES ('Elm', 'IM', 'x');
INSERT INTO letters (id, applicant_id, program_id, occasion, season, attempt, letter, picked,
    rule, state, subject, body, sender, to_addresses, cc_addresses, to_key, facts,
    content_digest, token)
VALUES (5, 1, 1, 'result', 2027, 1, 'strong_score', 'strong_score', 'early_top', 'left_out',
    'Score', 'Dear', 'robin@applicant.example', '["pd@elm.example"]', '[]', 'pd@elm.example',
    '{}', 'd', 7);
INSERT INTO events (letter_id, at, to_state, command)
VALUES (5, '2026-10-20 16:00:00.000000', 'left_out', 'leave-out');
"""


@pytest.fixture
def store(tmp_path):
    opened = open_store(URL, base=tmp_path)
    yield opened
    opened.close()


def unreferenced(store):
    """A transaction in which a table may be made anew though others point to it."""
    options = {engine.WRITING: True, engine.UNREFERENCED: True}
    return engine.make_engine(store.path).execution_options(**options).begin()


def tables(store):
    with store.reading() as tx:
        return set(sa.inspect(tx).get_table_names())


def test_a_new_database_has_the_newest_revision_and_matches_the_schema(store):
    with store.writing() as tx:
        assert tx.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == REVISION
        command.check(engine.alembic_config(tx))


def test_the_last_file_in_migrations_is_the_revision_that_the_code_names():
    script = ScriptDirectory.from_config(engine.alembic_config())
    assert script.get_heads() == [REVISION]
    for revision in script.walk_revisions():
        assert revision.path.endswith(f"/{revision.revision}.py")


def test_the_script_for_a_fresh_database_is_what_the_migrations_make():
    script = resource("migrations") / "schema.sql"
    assert script.read_text("utf-8") == engine.migrated_script(), "run: make schema"


def test_a_database_of_the_first_revision_comes_up_whole(tmp_path):
    path = tmp_path / "list.sqlite3"
    engine.migrate(path, "0001_programs_and_letters")
    with closing(sqlite3.connect(path)) as old, old:
        old.execute("INSERT INTO programs (program, specialty, name_key) VALUES ('Elm', 'IM', 'x')")
    opened = open_store(URL, base=tmp_path)
    with opened.writing() as tx:
        assert [p.program for p in programs.every(driver(tx))] == ["Elm"]
        command.check(engine.alembic_config(tx))
    assert [c.name for c in tmp_path.glob("*.bak")] == [
        "list.sqlite3.from-0001_programs_and_letters.bak"
    ]


def test_letters_and_their_story_come_up_and_go_down_whole(tmp_path):
    path = tmp_path / "list.sqlite3"
    engine.migrate(path, "0003_journal_and_pauses")
    with closing(sqlite3.connect(path)) as old, old:
        old.executescript(A_LETTER_OF_0003)
    opened = open_store(URL, base=tmp_path)
    with opened.writing() as tx:
        (letter,) = list_letters(driver(tx))
        assert (letter.subject, letter.state, letter.token) == ("Score", "left_out", 7)
        assert tx.exec_driver_sql("SELECT letter_id, to_state FROM events").all() == [
            (letter.id, "left_out")
        ]
        with pytest.raises(sa.exc.IntegrityError, match="ck_letters_state"):
            tx.exec_driver_sql("UPDATE letters SET state = 'lost'")
        command.check(engine.alembic_config(tx))
    with unreferenced(opened) as tx:
        command.downgrade(engine.alembic_config(tx), "0003_journal_and_pauses")
        assert [x.subject for x in list_letters(driver(tx))] == ["Score"]
    opened.close()


def test_keys_of_names_are_made_again_for_a_database_of_before(tmp_path):
    path = tmp_path / "list.sqlite3"
    engine.migrate(path, "0004_letters_that_move_quickly")
    names = ["St. Mary's Hospital Program", "Clínica São João", "病院", "Mount Elm & Oak Residency"]
    with closing(sqlite3.connect(path)) as old, old:
        old.executemany(
            "INSERT INTO programs (program, specialty, city, name_key)"
            " VALUES (?, 'Internal Medicine', 'Saint Louis', 'x')",
            [(name,) for name in names],
        )
    opened = open_store(URL, base=tmp_path)
    with opened.reading() as tx:
        keys = tx.exec_driver_sql("SELECT name_key FROM programs ORDER BY id").scalars().all()
    assert keys == [name_key("Internal Medicine", name, "Saint Louis") for name in names]
    opened.close()


def test_down_takes_everything_away_and_up_brings_it_back(store):
    with store.writing() as tx:
        command.downgrade(engine.alembic_config(tx), "base")
    assert tables(store) == {"alembic_version"}
    with engine.make_engine(store.path).begin() as tx:
        command.upgrade(engine.alembic_config(tx), "head")
    assert {"programs", "letters", "events", "attempts"} <= tables(store)


def test_an_old_database_is_set_aside_before_it_is_migrated(tmp_path, store, monkeypatch):
    put(store, a_program())
    store.close()
    # The code is newer than the database: pretend one revision more, made by nothing.
    monkeypatch.setattr(database, "REVISION", "0002_next")
    for _ in range(2):
        open_store(URL, base=tmp_path).close()
    copies = sorted(tmp_path.glob("*.bak"))
    assert [c.name for c in copies] == [
        f"list.sqlite3.from-{REVISION}.2.bak",
        f"list.sqlite3.from-{REVISION}.bak",
    ]
    assert all(stat.S_IMODE(c.stat().st_mode) == 0o600 for c in copies)
    copy = sa.create_engine(f"sqlite:///{copies[0]}", poolclass=sa.pool.NullPool)
    with copy.connect() as tx:
        assert tx.exec_driver_sql("SELECT program FROM programs").scalar() == "Alder Creek 1"


def test_nothing_is_migrated_while_a_sender_is_at_work(tmp_path, store, monkeypatch):
    monkeypatch.setattr(database, "REVISION", "0002_next")
    with store.sender_lock(), pytest.raises(TryLaterError, match="at work"):
        open_store(URL, base=tmp_path)


def test_a_newer_database_is_refused_and_left_as_it_is(tmp_path, store):
    with store.writing() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = '0099_future'")
    with pytest.raises(ConfigError, match="newer planner"):
        open_store(URL, base=tmp_path)
    assert "programs" in tables(store)


def test_the_file_is_its_owners_alone_and_so_is_a_folder_that_was_made_for_it(tmp_path):
    open_store("sqlite:///deep/down/list.sqlite3", base=tmp_path).close()
    file = tmp_path / "deep/down/list.sqlite3"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("url", ["postgresql+psycopg://x/y", "sqlite://", "sqlite:///", "list.db"])
def test_a_url_that_is_no_file_is_refused(tmp_path, url):
    with pytest.raises(ConfigError, match=r"database\.url"):
        open_store(url, base=tmp_path)


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path):
    file = tmp_path / "list.sqlite3"
    file.write_bytes(b"my diary, not a database" * 100)
    with pytest.raises(PlannerError, match="not a usable SQLite database"):
        open_store(URL, base=tmp_path)
    assert file.read_bytes().startswith(b"my diary")


def test_a_database_of_another_program_is_refused(tmp_path):
    engine = sa.create_engine(f"sqlite:///{tmp_path}/list.sqlite3", poolclass=sa.pool.NullPool)
    with engine.begin() as tx:
        tx.exec_driver_sql("CREATE TABLE songs (id INTEGER)")
    with pytest.raises(ConfigError, match="belongs to another program"):
        open_store(URL, base=tmp_path)
