"""Migrations: up, equal to the schema, down; and an old database is upgraded completely."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from planner.errors import ConfigError, PlannerError, TryLaterError
from planner.rules.facts import ContactPolicy
from planner.rules.states import LetterState
from planner.store import database, programs, upgrade
from planner.store.database import open_store
from planner.store.engine import UNREFERENCED, WRITING
from planner.store.letters import list_letters
from planner.store.lineage import OlderCopyError, read_standing
from planner.store.schema import letters, metadata
from planner.store.upgrade import REVISION
from tests.builders import a_program, put

URL = "sqlite:///list.sqlite3"
WAYS_OF_MIGRATION = {WRITING: True, UNREFERENCED: True}
# A database of the revision before the migrations became one, with a letter in every state.
OLD = (Path(__file__).parent / "former.sql").read_text("utf-8")


@pytest.fixture
def store(tmp_path):
    opened = open_store(URL, base=tmp_path)
    yield opened
    opened.close()


def tables(store):
    with store.read() as tx:
        return set(sa.inspect(tx).get_table_names())


def test_a_new_database_has_the_newest_revision_and_matches_the_schema(store):
    with store.begin() as tx:
        assert tx.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == REVISION
        command.check(upgrade.alembic_config(tx))


def test_the_last_file_in_migrations_is_the_revision_that_the_code_names():
    script = ScriptDirectory.from_config(upgrade.alembic_config())
    assert script.get_heads() == [REVISION]
    for revision in script.walk_revisions():
        assert revision.path.endswith(f"/{revision.revision}.py")


def shape(tx):
    """All that the database says of its tables, but for how it is written."""
    inspector = sa.inspect(tx)
    triggers = tx.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    return {
        "triggers": set(triggers.scalars()),
        **{
            table: {
                "columns": [
                    (c["name"], str(c["type"]), c["nullable"], c["primary_key"])
                    for c in inspector.get_columns(table)
                ],
                "checks": {
                    c["name"]: sorted(c["sqltext"].split(" OR "))
                    for c in inspector.get_check_constraints(table)
                },
                "unique": {c["name"] for c in inspector.get_unique_constraints(table)},
                "points to": {c["name"] for c in inspector.get_foreign_keys(table)},
                "indexes": {
                    x["name"]: (
                        x["column_names"],
                        x["unique"],
                        str(x["dialect_options"].get("sqlite_where")),
                    )
                    for x in inspector.get_indexes(table)
                },
            }
            for table in inspector.get_table_names()
        },
    }


@pytest.fixture
def old(tmp_path):
    """The path of a database of the former revision."""
    path = tmp_path / "list.sqlite3"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(OLD)
    return path


def test_a_database_of_before_comes_up_whole_with_a_letter_in_every_state(old, tmp_path):
    with closing(sqlite3.connect(old)) as db:
        before = {
            table: db.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
            for table in ("programs", "letters", "events", "attempts", "pauses", "retired")
        }
    opened = open_store(URL, base=tmp_path)
    with pytest.raises(OlderCopyError, match="journal"), opened.begin():
        pass  # it knows of lines, and the journal is gone
    with opened.begin(reconciling=True) as tx:
        found = list_letters(tx)
        assert {letter.state for letter in found} == set(LetterState)
        assert [letter.overrides for letter in found if letter.overrides] == [
            [{"code": "long", "text": "a", "because": "asked"}]
        ]
        assert programs.list_programs(tx)[0].extra == {"Größe": "12"}
        assert programs.list_programs(tx)[0].notes == "Señor Ñandú"
        assert len(programs.list_removed(tx)) == 1
        command.check(upgrade.alembic_config(tx))
        column = [c.name for c in letters.c].index("overrides")
        for table, rows in before.items():
            after = [tuple(x) for x in tx.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1")]
            if table == "letters":  # an override of a whole code covers nothing any more
                rows = [
                    (*x[:column], x[column].replace('{"too_long": "x"}', "[]"), *x[column + 1 :])
                    for x in rows
                ]
            # Columns that came later stand at the end.
            assert [x[: len(y)] for x, y in zip(after, rows, strict=True)] == rows
    assert [c.name for c in tmp_path.glob("*.bak")] == [f"list.sqlite3.from-{upgrade.FORMER}.bak"]


def test_an_older_copy_of_a_database_of_before_is_told_from_what_it_became(old, tmp_path):
    copy = old.read_bytes()
    (tmp_path / "list.sqlite3.sent").write_bytes(b'{"n": 58}\n')
    came_up = open_store(URL, base=tmp_path)
    with came_up.begin() as tx:
        uid = read_standing(tx).uid
    came_up.close()
    old.write_bytes(copy)
    again = open_store(URL, base=tmp_path)
    with again.read() as tx:
        assert read_standing(tx).uid == uid
    with pytest.raises(OlderCopyError, match="older than before"), again.begin():
        pass


def test_a_database_of_before_has_the_shape_of_a_new_one(old, tmp_path):
    new = open_store("sqlite:///new.sqlite3", base=tmp_path)
    with open_store(URL, base=tmp_path).read() as tx, new.read() as other:
        assert shape(tx) == shape(other)


def test_each_check_of_the_database_is_the_one_of_the_schema(store):
    with store.read() as tx:
        inspector = sa.inspect(tx)
        for table in metadata.sorted_tables:
            made = {c["name"]: c["sqltext"] for c in inspector.get_check_constraints(table.name)}
            meant = {
                str(c.name): str(c.sqltext)
                for c in table.constraints
                if isinstance(c, sa.CheckConstraint)
            }
            assert made == meant


def test_the_database_refuses_a_word_that_is_no_state_and_a_story_that_is_rewritten(old, tmp_path):
    with open_store(URL, base=tmp_path).begin(reconciling=True) as tx:
        for statement, said in (
            ("UPDATE letters SET state = 'lost'", "ck_letters_state"),
            ("UPDATE events SET why = 'x'", "append-only"),
            ("DELETE FROM events", "append-only"),
        ):
            with pytest.raises(sa.exc.IntegrityError, match=said):
                tx.exec_driver_sql(statement)


def test_down_takes_everything_away_and_up_brings_it_back(store):
    with store.begin() as tx:
        command.downgrade(upgrade.alembic_config(tx), "base")
    assert tables(store) == {"alembic_version"}
    upgrade.migrate(store.engine)
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
    with store.begin() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = '0099_future'")
    with pytest.raises(ConfigError, match="newer planner"):
        open_store(URL, base=tmp_path)
    assert "programs" in tables(store)


def test_the_file_is_its_owners_alone_and_so_is_a_folder_that_was_made_for_it(tmp_path):
    open_store("sqlite:///deep/down/list.sqlite3", base=tmp_path).close()
    file = tmp_path / "deep/down/list.sqlite3"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "url", ["postgresql://x/y", "mysql://x/y", "", "sqlite://", "sqlite:///", "list.db"]
)
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


@pytest.mark.parametrize("policy", ["channel", "not_after_interview"])
def test_what_the_revision_of_before_cannot_say_becomes_the_strictest_it_can(store, policy):
    put(store, a_program(contact_policy=ContactPolicy(policy), impression="sunrise rounds"))
    with store.engine.execution_options(**WAYS_OF_MIGRATION).begin() as tx:
        command.downgrade(upgrade.alembic_config(tx), "0002_lineage")
        found = tx.exec_driver_sql("SELECT contact_policy, program FROM programs").one()
    assert tuple(found) == ("none", "Alder Creek 1")
    upgrade.migrate(store.engine)
    with store.read() as tx:
        (program,) = programs.list_programs(tx)
    assert (program.contact_policy, program.track, program.impression) == ("none", None, "")
