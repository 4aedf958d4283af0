"""Laws of the code: tables that must agree, so that a change of only one is noticed.

Each of these was broken once on trial, with every other test passing.
"""

import ast
import re
import tomllib
from contextlib import closing
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from pathlib import Path

import pytest

from planner.cli import COMMANDS, SECTIONS
from planner.cli.hints.states import NEXT_COMMAND, next_command
from planner.cli.report_words import LOSSES
from planner.cli.show import COLORS, PLAIN
from planner.config import Settings, load_settings
from planner.errors import PRECEDENCE, ExitCode, worst
from planner.letters import Templates
from planner.mail.account import PRESETS, Account, Timeouts
from planner.options.example import example
from planner.options.table import OPTIONS, SPECIALTY_KEYS
from planner.rules.calendar import SHIPPED
from planner.rules.choice import CLAIMS, SAYS
from planner.rules.choice import TABLE as LETTERS
from planner.rules.facts import (
    ContactPolicy,
    LetterKind,
    Match,
    OccasionKind,
    Program,
    Service,
    Signal,
    Status,
    Step2Policy,
    Thresholds,
    Track,
    Verdict,
)
from planner.rules.letter_shapes import SHAPES
from planner.rules.letters import Letter
from planner.rules.lint import Severity
from planner.rules.pace import Pace
from planner.rules.states import (
    BY_THE_JOURNAL,
    DUE,
    FROZEN,
    GONE,
    MOVES,
    UNDER_WAY,
    WITHDRAWN,
    LetterState,
)
from planner.sheets import fields, headings
from planner.steps.status import TO_DO
from planner.store import schema
from planner.store.database import open_store
from planner.store.journal_words import MEANING
from planner.store.send_queue import RECORDED
from planner.store.sqlite import sqlite3
from planner.web.fragments import FILTERS
from tests.readme import README, rewritten

# --- exit codes ---


def test_every_exit_code_has_its_place_in_the_order():
    assert set(PRECEDENCE) == set(ExitCode)
    assert len(PRECEDENCE) == len(ExitCode)
    for code in ExitCode:
        assert worst([ExitCode.OK, code]) is code


# --- columns of a list ---


def headers():
    """Every header that a column may have, with what it means."""
    for field in fields.FIELDS:
        yield from ((header, field.name) for header in (field.name, *field.also))
    for special in fields.SPECIAL:
        yield from ((header, special.name) for header in special.headers)


def test_every_header_means_what_its_table_says():
    found = list(headers())
    assert len(found) > 80
    meant = {h: {m.target for m in headings.meanings_of(h)} for h, _ in found}
    assert [(h, t) for h, t in found if t not in meant[h] and meant[h] != {"status"}] == []
    for target, names in fields.CONTACTS.items():
        assert {headings.CONTACT_HEADERS[headings.fold_header(name)] for name in names} == {target}


def test_a_header_that_means_two_things_stops_the_program():
    with pytest.raises(ValueError, match='"Hos-pital" means institution already, and now city'):
        headings.by_header([("institution", ["Hospital"]), ("city", ["Town", "Hos-pital"])])
    assert headings.by_header([("tie", ["Sub-I", "SubI"])]) == {"subi": "tie"}


def test_no_two_columns_have_one_name():
    names = [*(f.name for f in fields.FIELDS), *(s.name for s in fields.SPECIAL), *fields.CONTACTS]
    assert sorted(names) == sorted(set(names))


# --- the database ---

WORDS = {
    ("programs", "status"): Status,
    ("programs", "track"): Track,
    ("programs", "step2_policy"): Step2Policy,
    ("programs", "signal"): Signal,
    ("programs", "contact_policy"): ContactPolicy,
    ("programs", "application_service"): Service,
    ("letters", "state"): LetterState,
    ("letters", "occasion"): OccasionKind,
    ("letters", "letter"): LetterKind,
}
CHECK = re.compile(r"CONSTRAINT ck_(\w+?)_(\w+) CHECK \((.*)\)[,\n]")
WORD = re.compile(r"\b(\w+) = '(\w*)'")


@pytest.fixture
def ddl(tmp_path):
    """The statements that made a database."""
    open_store("sqlite:///list.sqlite3", base=tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "list.sqlite3")) as db:
        found = db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return dict(found)


def checks(ddl):
    """(table, constraint) to its condition."""
    return {
        (table, name): condition
        for text in ddl.values()
        for table, name, condition in CHECK.findall(text.replace("\n\t", "\n"))
    }


def test_each_enum_is_what_its_check_in_the_database_allows(ddl):
    found = checks(ddl)
    allowed = {
        key: {word for column, word in WORD.findall(condition) if column == key[1]}
        for key, condition in found.items()
        if key in WORDS
    }
    assert allowed == {key: set(words) for key, words in WORDS.items()}


def test_each_check_of_a_column_is_that_of_an_enum_that_we_know(ddl):
    of_words = {
        key
        for key, condition in checks(ddl).items()
        if {column for column, _ in WORD.findall(condition)} == {key[1]}
    }
    assert of_words == set(WORDS)
    assert {key for key in checks(ddl) if key[1] in schema.metadata.tables[key[0]].columns} == (
        of_words
    )


def test_conditions_on_states_name_the_states_of_the_rules(ddl):
    frozen = {word for _, word in WORD.findall(checks(ddl)["letters", "frozen"])}
    assert frozen == set(LetterState) - FROZEN
    once = {word for _, word in WORD.findall(ddl["uq_letters_address_once"])}
    assert once == GONE
    leased = set(re.findall(r"state <> '(\w+)'", checks(ddl)["letters", "leased"]))
    assert leased == UNDER_WAY


def test_every_word_of_an_enum_can_be_stored_and_no_other(tmp_path):
    open_store("sqlite:///list.sqlite3", base=tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "list.sqlite3")) as db:
        db.execute("INSERT INTO programs (program, specialty, name_key) VALUES ('Elm', 'IM', 'x')")
        for (table, column), words in WORDS.items():
            if table == "programs":
                for word in words:
                    db.execute(f"UPDATE programs SET {column} = ?", (word.value,))
                with pytest.raises(sqlite3.IntegrityError, match=f"ck_programs_{column}"):
                    db.execute(f"UPDATE programs SET {column} = 'something else'")


# --- letters and their states ---


def test_every_kind_of_letter_is_picked_by_the_table_and_has_its_templates():
    assert [kind for kind, *_ in LETTERS] == list(dict.fromkeys(kind for kind, *_ in LETTERS))
    assert {kind for kind, *_ in LETTERS} == set(LetterKind)
    Templates().check()


def test_every_kind_of_letter_says_what_it_claims_of_the_applicant():
    by_the_score = {LetterKind.SCORE_PENDING, LetterKind.STRONG_SCORE}  # true of every score
    assert {kind for kind, *_ in CLAIMS} == set(LetterKind) - by_the_score
    assert set(SAYS) == set(LetterKind)


def test_every_stored_value_of_a_letter_has_a_shape_that_is_checked():
    made_by_us = {"id", "program_id", "damage"}
    assert set(SHAPES) - {"season", "attempt"} == set(Letter._fields) - made_by_us


# What of a letter a journal does not keep: how far it has come, what a person did before they
# approved it, and what follows from the program.
NOT_KEPT = {
    *("id", "applicant_id", "program_id", "state", "token", "owner", "lease_until"),
    *("attempts", "first_attempt_at", "next_attempt_at", "sent_at", "last_reply"),
    *("chosen", "edited", "stale", "undecided", "shown_digest", "held_because"),
    *("facts", "findings", "overrides"),
}


def test_every_column_of_a_letter_is_in_the_journal_or_left_out_on_purpose():
    assert set(RECORDED["letters"]) == {column.name for column in schema.letters.c} - NOT_KEPT


def test_every_field_of_a_program_can_be_imported_and_set():
    known = {field.name for field in dataclass_fields(Program)}
    assert {field.name for field in fields.FIELDS} == known - {"id", "extra"}


def test_every_command_has_its_place_in_the_help():
    placed = [name for names in SECTIONS.values() for name in names]
    assert len(placed) == len(set(placed))
    assert set(COMMANDS) - set(placed) == {"help", "completion"}
    assert set(placed) <= set(COMMANDS)


def test_doctor_counts_the_kinds_of_letters(desk):
    assert f"{len(LetterKind)} letters from" in desk.type("doctor", "--offline").out


def test_every_state_has_its_moves_a_way_out_and_a_color():
    assert set(MOVES) == set(NEXT_COMMAND) == set(LetterState)
    for state in LetterState:
        assert "7" in next_command(state, 7) or state in UNDER_WAY
    shown = {*LetterState, *Verdict, *Severity}
    assert {word for word in shown if (word in COLORS) == (word in PLAIN)} == set()


def test_status_tells_of_every_state_that_waits_for_something():
    told = {*TO_DO, *UNDER_WAY, *DUE}
    assert told | WITHDRAWN | {LetterState.SENT} == set(LetterState)
    assert not told & WITHDRAWN


def test_the_journal_has_a_meaning_for_every_state_that_it_may_lead_to():
    assert set(MEANING.values()) == BY_THE_JOURNAL
    assert set(MEANING) == {LetterState.COMMITTING, *BY_THE_JOURNAL}


def test_every_state_of_a_letter_leads_somewhere_and_can_be_reached():
    reached = {new for news in MOVES.values() for new in news} | {LetterState.DRAFT}
    assert reached == set(LetterState)
    assert all(MOVES.values())


# --- the config ---

BASE = {
    "applicant": {"name": '"R"', "aamc_id": '"10000001"', "email": '"r@a.example"'},
    "smtp": {"host": '"127.0.0.1"'},
}
# The dates of a match, each moved by a day, still in their order.
SHIFTED = {"applications_open": -1, "late_from": 1, "pre_rank_from": 1, "pending_from": 1}
SHIFTED |= {"lists_final": -1, "results_from": -1, "results_until": 1}
# For each key a value that is not what it is without it.
OTHER = {
    "applicant": {
        "name": '"Robin Sample"',
        "aamc_id": '"20000002"',
        "email": '"robin@b.example"',
        "phone": '"+1 555 010 0199"',
        "school": '"Example College of Medicine"',
        "img": "true",
    },
    "step1": {"result": "228", "failed_attempts": "1"},
    "step2_ck": {
        "score": "248",
        "test_date": "2026-09-08",
        "released_on": "2026-10-01",
        "expected_on": "2027-01-13",
        "expected_range": "[245, 255]",
        "failed_attempts": "1",
        "at_submission": '"reported"',
    },
    "application": {
        "otherwise_strong": "true",
        "borderline": "true",
        "failure_on_application": "false",
        "failure_explained": "true",
        "drop_context": '"I was ill."',
    },
    "transcript": dict.fromkeys(Service, "2026-10-02"),
    "cycle": {"season": "2028", "interviews_finished_on": "2027-01-20"},
    **{
        f"cycle.{match}": {
            key: (SHIPPED[2027, match][key] + timedelta(days)).isoformat()[:10]
            for key, days in SHIFTED.items()
        }
        for match in Match
    },
    "rules": {
        "bar_competitive": "251",
        "bar_moderate": "246",
        "bar_standard": "241",
        "weak_step1_below_bar": "11",
        "usual_floor_below_bar": "16",
        "far_below_floor": "11",
        "major_drop": "21",
        "drop": "11",
        "same": "6",
        "gain": "16",
        "small_list": "21",
        "mass_limit": "21",
        "max_words": "121",
        "passing_standard": "219",
    },
    "import": {"map": '{ "IV status" = "status" }', "ignore": '["My notes"]'},
    "letters": {"templates": '"mine"', "address": '"director"', "voice": "3"},
    "database": {"url": '"sqlite:///other.sqlite3"'},
    "smtp": {
        "provider": '"yahoo"',
        "host": '"localhost"',
        "port": "2525",
        "security": '"tls"',
        "username": '"me"',
        "auth": '"xoauth2"',
        "password_command": '"pass show mail"',
        "ca_file": '"ca.pem"',
        "client_name": '"laptop.example"',
        "connections": "2",
        "per_minute": "2",
        "per_day": "21",
        "window": '"08:30-17:00"',
        "window_days": '["mon"]',
        "timezone": '"America/Chicago"',
    },
    "smtp.timeouts": dict.fromkeys(("connect", "command", "data", "block", "dot"), "7"),
}
OTHER_SPECIALTY = {
    "tier": '"competitive"',
    "application_service": '"other"',
    "match": '"sau"',
    "letter_name": '"medicine"',
    "aliases": '["Inward"]',
    "signals": "5",
    "after_interview": '"coordinator"',
    "opens": "2026-09-30",
    "late_from": "2026-11-15",
    "preliminary_name": '"a year of medicine"',
}
KEYS = [(section, key) for section, keys in OPTIONS.items() for key in keys]


def settings(*more):
    """The settings of the base config with some (section, key, value) over it."""
    tables = {section: dict(keys) for section, keys in BASE.items()}
    for section, key, value in more:
        tables.setdefault(section, {})[key] = value
    lines = []
    for section, keys in tables.items():
        lines += [f"[{section}]", *(f"{key} = {value}" for key, value in keys.items())]
    path = Path("config.toml")
    path.write_text("\n".join(lines))
    found = load_settings(path.absolute())
    # That a calendar is one's own is no difference of its own.
    calendars = {match: found.calendars[match]._replace(source="") for match in found.calendars}
    return replace(found, path=path, calendars=calendars)


def test_every_key_of_the_config_is_tried():
    assert {s: set(keys) for s, keys in OPTIONS.items() if s != "specialty"} == {
        section: {str(key) for key in keys} for section, keys in OTHER.items()
    }
    assert set(SPECIALTY_KEYS) == set(OTHER_SPECIALTY)


@pytest.mark.parametrize(("section", "key"), KEYS, ids=str)
def test_every_key_of_the_config_changes_the_settings(section, key):
    assert settings((section, key, OTHER[section][key])) != settings()


@pytest.mark.parametrize("key", SPECIALTY_KEYS)
def test_every_key_of_a_specialty_changes_the_settings(key):
    section = 'specialty."Internal Medicine"'
    assert settings((section, key, OTHER_SPECIALTY[key])) != settings()


def test_every_setting_is_read_by_what_it_is_about(root):
    """A key that only the options know would be read, checked, explained, and do nothing."""
    files = [p for p in (root / "planner").rglob("*.py") if "options" not in p.parts]
    read = {n.attr for p in files for n in ast.walk(ast.parse(p.read_text())) if is_read(n)}
    for made in (Settings, Pace, Account, Timeouts, Thresholds):
        assert {*names_of(made)} <= read, made


def is_read(node):
    return isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)


def names_of(made):
    fields = getattr(made, "_fields", None)
    return fields or [f.name for f in dataclass_fields(made)]


# --- letters in words ---


def test_every_state_of_a_letter_has_its_place_on_the_page_and_in_the_report():
    assert {*chain.from_iterable(FILTERS.values())} == {*LetterState, "none"}
    assert sum(map(len, FILTERS.values())) == len(LetterState) + 1  # and one only
    # What is sent is no loss.
    assert set(LetterState) - LOSSES.keys() == {LetterState.SENT}


# --- words of the command line ---

# Rules, steps, store and mail say what happened; what to type stands in planner/cli/hints.
BELOW = ("rules", "steps", "store", "mail")
TYPED = re.compile(rf"(?<!from )\bplanner ({'|'.join(COMMANDS)})\b|(?<![\w-])--[a-z]")


def test_no_word_of_the_command_line_stands_below_it(root):
    files = [path for floor in BELOW for path in (root / "planner" / floor).rglob("*.py")]
    assert len(files) > 100
    found = [
        f"{path.relative_to(root)}:{number}: {line.strip()}"
        for path in sorted(files)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if TYPED.search(line)
    ]
    assert found == []


# --- the documents ---


@pytest.mark.parametrize(("section", "key"), [k for k in KEYS if OPTIONS[k[0]][k[1]].default])
def test_a_default_is_what_holds_without_the_key(section, key):
    assert settings((section, key, OPTIONS[section][key].default)) == settings()


def test_every_key_has_words_and_an_example_that_its_parser_takes():
    for section, key in [*KEYS, *(("specialty", key) for key in SPECIALTY_KEYS)]:
        option = SPECIALTY_KEYS[key] if section == "specialty" else OPTIONS[section][key]
        assert option.text, (section, key)
        option.parse(tomllib.loads(f"x = {option.example or option.default}")["x"])


def test_the_example_config_is_made_from_the_table(root):
    assert (root / "config.example.toml").read_text("utf-8") == example()
    assert max(map(len, example().splitlines())) <= 100


def test_the_tables_of_the_readme_are_made_from_the_code():
    """If this is what you meant: python -m tests.readme."""
    text = README.read_text("utf-8")
    assert rewritten(text) == text


def test_the_example_config_names_every_provider(root):
    text = (root / "config.example.toml").read_text("utf-8")
    line = next(x for x in text.splitlines() if x.startswith("# provider = "))
    assert re.findall(r'"(\w+)"', line) == list(PRESETS)


@pytest.mark.parametrize("name", PRESETS)
def test_a_provider_fills_in_what_its_row_says(name):
    preset = PRESETS[name]
    found = settings(("smtp", "provider", f'"{name}"'), ("smtp", "host", '""'))
    account = found.account
    assert (account.host, account.port, account.security) == (
        preset.host,
        preset.port,
        preset.security,
    )
    assert found.pace.per_day == preset.per_day


# Where a statement is said in SQL's own words, and why Core cannot say it: how a transaction
# begins and ends, what SQLite's file is asked for, and an import's rows by the driver.
IN_SQLS_WORDS = {
    "sheets/disguise.py": {"BEGIN"},  # as vCards and calendars begin
    "rules/ics.py": {"BEGIN"},  # of a calendar
    "store/audit.py": {"PRAGMA"},
    "store/engine.py": {"PRAGMA", "BEGIN", "SET TRANSACTION"},
    "store/file.py": {"PRAGMA"},
    "store/lineage.py": {"PRAGMA"},
    "store/program_bulk.py": {"PRAGMA"},
    "store/upgrade.py": {"PRAGMA"},
    "store/commits.py": {"PRAGMA", "BEGIN", "COMMIT", "ROLLBACK"},
}
STATEMENT = re.compile(
    r"^\s*(SELECT|INSERT|UPDATE|DELETE FROM|CREATE|ALTER|DROP|WITH|PRAGMA|BEGIN|COMMIT|ROLLBACK"
    r"|SAVEPOINT|SET TRANSACTION)\b"
)


def texts(path):
    """Every text of a module that is not a docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


@pytest.mark.long
def test_sql_is_said_in_its_own_words_only_where_core_cannot_say_it(root):
    found = {}
    for path in (root / "planner").rglob("*.py"):
        if words := {m[1] for text in texts(path) if (m := STATEMENT.match(text))}:
            found[path.relative_to(root / "planner").as_posix()] = words
    assert found == IN_SQLS_WORDS


def test_no_other_package_knows_a_driver_or_sqlalchemy(root):
    for path in (root / "planner").rglob("*.py"):
        if "store" in path.parts:
            continue
        text = path.read_text("utf-8")
        assert not re.search(
            r"^\s*(import|from) (sqlite3|pysqlite3|psycopg|sqlalchemy|alembic)", text, re.MULTILINE
        ), path
