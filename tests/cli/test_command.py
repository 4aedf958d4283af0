"""The command itself: help, exit codes, errors as sentences, start-up."""

import json
import os
import shutil
import subprocess
import sys

import click
import pytest

from planner.cli import COMMANDS, cli
from planner.cli.app import letter_numbers
from planner.errors import ExitCode, worst


def python(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
    )


def test_the_list_of_commands_is_whole_and_fits(desk):
    said = desk.good("--help").out
    assert all(name in said for name in COMMANDS)
    assert max(map(len, said.splitlines())) <= 80


def test_the_short_texts_are_those_of_the_commands():
    for name, text in COMMANDS.items():
        command = cli.get_command(click.Context(cli), name)
        assert command.help, name
        assert text.endswith("."), name


def test_version_and_no_command_at_all(desk):
    assert desk.good("--version").out.startswith("planner, version")
    bare = desk.type()
    assert bare.code == 2
    assert "Get started:" in bare.out


@pytest.mark.parametrize(
    ("words", "heavy"),
    [
        (["--help"], ["sqlalchemy", "jinja2", "aiosmtplib", "alembic", "planner.rules"]),
        (["--version"], ["sqlalchemy", "jinja2", "aiosmtplib", "alembic", "planner.rules"]),
        (["init", "elsewhere"], ["sqlalchemy", "aiosmtplib", "alembic"]),
        (["wonder"], ["sqlalchemy", "jinja2", "aiosmtplib", "alembic"]),
        (["plan", "--wrong"], ["sqlalchemy", "jinja2", "aiosmtplib", "alembic"]),
        (["plan", "--help"], ["sqlalchemy", "jinja2", "aiosmtplib", "alembic"]),
        (["status"], ["alembic", "jinja2", "aiosmtplib", "email_validator"]),
        (["outbox", "list"], ["alembic", "jinja2", "email_validator"]),
        (["send", "--dry-run"], ["alembic", "jinja2"]),
    ],
)
def test_heavy_imports_come_only_where_they_are_used(desk, words, heavy):
    desk.approved(1)
    code = (
        "import sys; from planner.cli import run\n"
        f"code = run({words!r})\n"
        f"print([m for m in {heavy!r} if m in sys.modules], file=sys.stderr); sys.exit(code)"
    )
    done = python(code)
    # On another day no letter may leave.
    expected = {0, 3} if "send" in words else {2} if {"wonder", "--wrong"} & {*words} else {0}
    assert done.returncode in expected, done.stderr
    assert done.stderr.strip().splitlines()[-1] == "[]"


def test_no_help_and_no_mistake_of_any_command_loads_what_knows_sql(desk):
    code = (
        "import sys; from planner.cli import COMMANDS, run\n"
        "for name in COMMANDS:\n"
        "    for option in ('--help', '--wrong'):\n"
        "        run([name, option])\n"
        "        assert 'sqlalchemy' not in sys.modules, (name, option)\n"
    )
    done = python(code)
    assert done.returncode == 0, done.stderr[-500:]


@pytest.mark.parametrize(
    "words",
    [
        ["plan", "--json", "--wrong"],
        ["plan", "--json", "--date", "soon"],
        ["plan", "--json", "--date", "0001-01-01"],
        ["why", "--json"],
        ["wonder", "--json"],
        ["why", "nobody", "--json"],
        ["assess", "wizardry", "--json"],
    ],
)
def test_what_could_not_begin_is_one_error_document(desk, words):
    desk.a_list(1)
    done = desk.type(*words)
    assert done.code == 2
    error = json.loads(done.out)["error"]
    assert set(error) == {"code", "message", "hint"}
    assert " ".join(error["message"].split()) in done.err
    assert max(map(len, done.lines.splitlines())) <= 80


def test_several_exit_codes_become_the_gravest():
    assert worst([]) is ExitCode.OK
    assert worst([ExitCode.OK, ExitCode.TRY_LATER, ExitCode.FAILED]) is ExitCode.FAILED
    assert worst([ExitCode.FAILED, ExitCode.PERSON_NEEDED]) is ExitCode.PERSON_NEEDED
    assert worst([ExitCode.PERSON_NEEDED, ExitCode.INTERRUPTED]) is ExitCode.INTERRUPTED
    assert worst([ExitCode.FAILED, ExitCode.USAGE]) is ExitCode.USAGE


def test_a_bug_is_an_apology_and_a_file_and_no_traceback(desk, monkeypatch, tmp_path):
    from planner.wiring import Workspace

    def broken(self):
        raise RuntimeError("the roof fell in")

    monkeypatch.setattr(Workspace, "now", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = desk.type("plan", "--json")
    assert done.code == 1
    assert json.loads(done.out)["error"]["code"] == "bug"
    assert "Sorry" in done.err
    assert "Traceback" not in done.err
    (log,) = tmp_path.glob("planner-*.log")
    assert "the roof fell in" in log.read_text()
    with pytest.raises(RuntimeError):
        desk.type("--verbose", "plan")


def test_ctrl_c_is_130(desk, monkeypatch):
    from planner.wiring import Workspace

    def interrupted(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(Workspace, "now", interrupted)
    assert desk.type("plan").code == 130


def test_a_reader_that_leaves_is_no_error(desk):
    desk.a_list(1)
    code = f"{sys.executable} -m planner plan | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.strip() == "0"
    assert done.stderr == ""


def test_a_full_disk_under_the_output_is_a_sentence(desk):
    desk.a_list(1)
    code = f"{sys.executable} -m planner plan --json > /dev/full"
    done = subprocess.run(
        ["bash", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 1
    assert "disk is full" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_config_is_a_sentence_with_the_next_command(desk):
    (desk.folder / "config.toml").unlink()
    done = desk.type("plan")
    assert done.code == 2
    assert "planner init" in done.err


def test_a_config_in_a_folder_below_is_found_for_the_user(desk):
    (desk.folder / "residency").mkdir()
    (desk.folder / "config.toml").rename(desk.folder / "residency" / "config.toml")
    done = desk.type("plan")
    assert (done.code, "planner init" in done.err) == (2, False)
    assert "-> One is in residency: cd residency, or planner --config residency" in done.err
    desk.good("--config", "residency", "plan")


def test_all_configs_below_are_named_and_that_of_the_demo_last(desk):
    from planner.cli.demo import lay_out

    path = desk.folder / "config.toml"
    for name in ("residency", "my second one"):
        (desk.folder / name).mkdir()
        (desk.folder / name / "config.toml").write_text(path.read_text())
    path.unlink()
    lay_out(desk.folder / "a play", 1)
    said = desk.type("plan").err
    assert "There is one in 'my second one', residency and 'a play' (the demo)." in said
    assert "To use the first: cd 'my second one', or planner --config" in said
    for number in range(9):
        (desk.folder / f"x{number}").mkdir()
        (desk.folder / f"x{number}/config.toml").touch()
    assert "residency, x0, x1, x2 and 7 more" in desk.type("plan").err


def test_the_demo_is_named_as_such_where_it_is_the_only_one(desk):
    from planner.cli.demo import lay_out

    (desk.folder / "config.toml").unlink()
    lay_out(desk.folder / "play", 1)
    assert "-> One is in play (the demo): cd play, or planner" in desk.type("plan").err


def test_a_command_that_is_nearly_one_is_named(desk):
    done = desk.type("plann")
    assert (done.code, "Did you mean plan?" in done.err) == (2, True)
    assert "Did you mean" not in desk.type("xyzzy").err


@pytest.mark.sqlite_only
def test_a_folder_that_is_read_only_is_said_to_be(desk):
    if os.geteuid() == 0 and shutil.which("mount") is None:
        pytest.skip("root writes everywhere, and there is no mount to stop it")
    place = desk.folder / "locked"
    place.mkdir()
    desk.configure(path=place / "config.toml")
    with locked(place):
        done = desk.type("--config", place / "config.toml", "status")
    assert done.code == 1
    assert "Cannot create the database" in done.err
    assert "->" in done.err


@pytest.mark.sqlite_only
def test_a_database_on_a_read_only_mount_is_read_and_never_written(desk):
    place = desk.folder / "locked"
    place.mkdir()
    desk.configure(path=place / "config.toml")
    desk.sheet({"Program": "Elm", "Specialty": "IM", "Status": "interviewed"})
    desk.good("--config", place / "config.toml", "import", "list.csv")
    with locked(place):
        reading = desk.type("--config", place / "config.toml", "plan", "--json")
        setting = ["programs", "set", "Elm", "reason=x"]
        writing = desk.type("--config", place / "config.toml", *setting)
    assert (reading.code, len(reading.json["programs"])) == (0, 1)
    assert writing.code == 1
    assert "cannot be written" in writing.err


class locked:  # noqa: N801 - reads as a word where it is used
    """A folder that nobody can write to: by its mode, for root by a read-only mount."""

    def __init__(self, folder):
        self.folder, self.root = folder, os.geteuid() == 0

    def __enter__(self):
        if not self.root:
            self.folder.chmod(0o500)
            return
        bind = ["mount", "--bind", self.folder, self.folder]
        if subprocess.run(bind, capture_output=True, check=False).returncode != 0:
            pytest.skip("this machine lets nobody mount")
        subprocess.run(["mount", "-o", "remount,ro,bind", self.folder], check=True)

    def __exit__(self, *_):
        if self.root:
            subprocess.run(["umount", self.folder], check=True)
        else:
            self.folder.chmod(0o700)


def test_programs_can_be_looked_at_and_set(desk):
    desk.a_list(2)
    assert "Elm 1 Hospital" in desk.good("programs", "list").out
    assert desk.good("programs", "list", "--status", "rejected").out.startswith(
        "None of your 2 programs"
    )
    assert desk.good("programs", "list", "--specialty", "EM", "--json").json == {"programs": []}
    desk.good("programs", "set", "2", "interview_date=10/5/2026", "top_choice=yes", "reason=")
    shown = desk.good("programs", "show", "Elm 2", "--json").json
    assert (shown["interview_date"], shown["top_choice"], shown["reason"]) == (
        "2026-10-05",
        True,
        "",
    )
    assert "interview_date" in desk.good("programs", "show", "#2").out
    said = desk.good("programs", "set", "2", "step2_policy=required").out
    assert "required to apply is not required to rank" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Elm", "status=applied"], "fits 2 programs: #1 Elm 1 Hospital"),
        (["Oak", "status=applied"], "No program fits"),
        (["1", "status"], "is not FIELD=VALUE"),
        (["1", "status", "rejected"], "no space around the ="),
        (["Elm", "1", "status=applied"], "in quotes"),
        (["1", "color=red"], 'There is no field "color"'),
        (["1", "status=maybe"], "is not understood"),
        (["1", "program="], "cannot be empty"),
        (["1", "status="], "-> One of: applied, "),
        (["1", "status=n/a"], "status cannot be empty"),
        (["1", "specialty=wizardry"], "not known"),
        (["1", "reason=a\x00b"], "control characters"),
        (["2", "acgme_id=1400521057"], "already"),
    ],
)
def test_a_mistake_in_set_is_a_sentence(desk, words, said):
    desk.a_list(2)
    desk.good("programs", "set", "1", "acgme_id=1400521057")
    done = desk.type("programs", "set", *words)
    assert done.code == 2
    assert said in done.err


@pytest.mark.parametrize(
    "words",
    [
        ["why"],
        ["programs", "show"],
        ["programs", "remove"],
        ["outbox", "record", "--on", "2026-10-12"],
    ],
)
def test_a_name_of_several_words_without_quotes_is_answered_with_quotes(desk, words):
    desk.a_list(2)
    done = desk.type(*words, "Elm", "1", "Hospital")
    assert done.code == 2
    assert "Put a name of several words in quotes" in done.err


def test_only_commands_that_take_a_name_speak_of_quotes(desk):
    desk.a_list(1)
    assert "quotes" not in desk.type("status", "Elm").err


@pytest.mark.parametrize(
    ("words", "named"),
    [(["Elm 1"], "'Elm 1'"), (["Elm", "1"], "'Elm'"), (["3", "to", "5"], "'to'")],
)
def test_a_word_that_is_no_number_of_a_letter_is_told_as_it_was_typed(desk, words, named):
    done = desk.type("preview", *words)
    assert done.code == 2
    assert f"{named} is not the number of a letter" in done.err


def test_numbers_of_letters_may_have_spaces_around_commas_and_dashes():
    for words in (["1-2", "3"], ["1, 2,3"], ["1 - 2", " #3 "]):
        assert letter_numbers(words) == [1, 2, 3]


def test_a_group_without_a_command_lists(desk):
    desk.approved(7)
    assert "Elm 1 Hospital" in desk.good("programs").out
    assert "7 approved" in desk.good("outbox").out
    assert desk.good("unapprove", "1-7").out == "letters 1-7: a draft again\n"


def test_empty_states_say_what_to_do_next(desk):
    assert "planner import FILE" in desk.good("plan").out
    assert "planner import FILE" in desk.good("programs", "list").out
    assert "planner import FILE" in desk.good("status").out
    assert "planner draft" in desk.good("outbox", "list").out
    assert "planner draft" in desk.good("preview").out


def test_status_adds_up_and_names_the_next_command(desk):
    desk.approved(3)
    desk.good("unapprove", 1)
    document = desk.good("status", "--json").json
    assert document["programs"] == 3
    assert document["letters"] == {"draft": 1, "approved": 2}
    assert document["allowance"] == {"per_day": 0, "used": 0, "left": None}
    assert [b["code"] for b in document["blocked_by"]] == ["unapproved", "unsent"]
    assert "-> planner send" in desk.good("status").out


def test_doctor_looks_at_everything_and_names_what_mends_it(desk):
    from tests.fakes import ScriptedServer

    with ScriptedServer() as server:
        desk.configure(port=server.port)
        desk.a_list(1)
        whole = desk.type("doctor", "--json")
        assert whole.code == 0, whole.out
        assert all(c["ok"] for c in whole.json["checks"])
        assert server.verbs()[-4:] == ["MAIL", "RCPT", "RSET", "QUIT"], "and nothing is sent"
    desk.configure(transcript="")
    broken = desk.type("doctor")
    assert broken.code == 3
    assert "FAILED transcript.eras" in broken.out
    assert "FAILED mail server" in broken.out
    assert "Re-send it (" in broken.out


def test_doctor_sees_a_template_that_asks_for_what_is_not_there(desk):
    own = desk.folder / "mine/retake"
    own.mkdir(parents=True)
    (own / "body.txt").write_text("{{ bogus }}")
    desk.configure(more='[letters]\ntemplates = "mine"')
    done = desk.type("doctor", "--offline")
    assert done.code == 2
    assert "uses bogus" in " ".join(done.out.split())


@pytest.mark.parametrize("command", ["login", "logout"])
def test_the_keyring_is_asked_politely(desk, command, monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    done = desk.type(command)
    assert done.code in (2, 3)
    assert "->" in done.err


def test_assess_and_plan_for_people_and_for_scripts(desk):
    everything = desk.good("assess", "--json").json["assessments"]
    assert len(everything) == 49
    desk.a_list(2)
    (im,) = desk.good("assess", "--json").json["assessments"]
    assert (im["specialty"], im["category"], im["value"], im["row"], im["bar"]) == (
        "Internal Medicine",
        "strong_asset",
        5,
        7,
        240,
    )
    assert im["scenarios"] == ["weak_step1_improved", "now_available"]
    assert "Row 7" in desk.good("assess", "IM").out
    plan = desk.good("plan", "--json").json
    assert plan["totals"] == {"email": 2, "update_only": 0, "excluded": 0}
    assert (plan["date"], plan["season"]) == ("2026-10-20", 2027)
    what_if = desk.good("plan", "--date", "2027-02-10", "--json").json
    assert what_if["programs"][0]["rule"] == "pre_rank_not_targeted"
    assert desk.good("plan", "--phase", "closed", "--json").json["totals"]["email"] == 0
    why = desk.good("why", "Elm 1", "--json").json
    assert [row["rule"] for row in why["trace"] if row["decides"]] == ["early_interviewed"]
    assert why["would_change"]
    assert "What would change it:" in desk.good("why", "Elm 1").out


def test_a_pending_score_has_no_category(desk):
    desk.configure(score="expected_on = 2027-01-13")
    desk.a_list(1, Status="applied")
    (row,) = desk.good("plan", "--json").json["programs"]
    assert (row["category"], row["rule"]) == (None, "pending_wait")
    (im,) = desk.good("assess", "--json").json["assessments"]
    assert (im["category"], im["value"], im["row"], im["helps"]) == (None, None, None, False)
    assert "pending" in desk.good("assess").out


def test_color_is_for_terminals_only(desk):
    desk.a_list(1)
    assert "\x1b[" not in desk.good("plan").out


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("outbox", "export", "1", "--eml"), "planner outbox export --help"),
        (("send", "--limit"), "planner send --help"),
        (("send", "--limit", "none"), "planner send --help"),
        (("--config",), "planner --help"),
        (("nothing", "--limit"), "planner --help"),
    ],
)
def test_a_mistake_in_the_words_points_to_the_help_of_its_own_command(desk, words, shown):
    done = desk.type(*words)
    assert done.code == 2
    assert f"-> {shown} shows how." in done.err


@pytest.mark.parametrize(
    ("words", "example"),
    [
        (("hand",), "planner hand 3,7-12"),
        (("dates", "--ics"), "planner dates --ics season.ics"),
        (("outbox", "resolve"), "planner outbox resolve 7 --not-delivered"),
        (("plann",), None),
    ],
)
def test_a_mistake_in_the_words_comes_with_the_example_of_its_command(desk, words, example):
    done = desk.type(*words)
    assert done.code == 2
    if example is None:
        assert "For example" not in done.err
    else:
        assert done.err.endswith(f"For example: {example}")


@pytest.mark.sqlite_only  # two folders have two files; a server's database is one
def test_options_of_the_whole_work_after_the_command_too(desk, tmp_path):
    desk.a_list(1)
    other = tmp_path / "Zoë's other folder"
    other.mkdir()
    desk.configure(path=other / "config.toml")
    assert desk.good("status", "--config", other / "config.toml", "--json").json["programs"] == 0
    assert desk.good("programs", "list", "--config", other, "--json").json["programs"] == []
    assert desk.good("status", "--json").json["programs"] == 1
    assert "database" in desk.good("status", "-v").err
    assert desk.good("-V").out == desk.good("--version").out


def test_help_of_what_is_not_there_says_what_is(desk):
    done = desk.type("help", "programs", "sett")
    assert (done.code, "Did you mean set?" in done.err) == (2, True)
    assert desk.good("help").out == desk.good("--help").out


def test_the_manual_page_has_every_command_and_nothing_that_man_would_obey(desk):
    page = desk.good("help", "--man").out
    for name in COMMANDS:
        assert f'.SH "PLANNER {name.upper()}' in page
    commands = {line.split()[0] for line in page.splitlines() if line[:1] in (".", "'")}
    assert commands == {".TH", ".SH", ".B", ".nf", ".fi"}
    if man := shutil.which("man"):
        shown = subprocess.run(
            [man, "--warnings", "-l", "-"], input=page, capture_output=True, text=True, check=True
        )
        assert shown.stderr == ""
        assert "planner programs set" in shown.stdout


LONG = "Saint Søren's Hospital of the Most Holy Trinity, and of Zürich, École de médecine " * 2


def test_what_is_piped_is_never_cut(desk):
    desk.a_list(1, Program=LONG.strip())
    assert LONG.strip() in desk.good("programs", "list").out
    assert "…" not in desk.good("programs", "list").out


def test_doctor_shows_paths_from_home_and_its_document_shows_them_whole(desk):
    said = desk.type("doctor", "--offline")
    assert "\n         ~/config.toml" in said.out
    checks = desk.type("doctor", "--offline", "--json").json["checks"]
    assert checks[0]["text"].startswith(str(desk.folder / "config.toml"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{home}/a.toml", "~/a.toml"),
        ("see {home}/a, ({home}/b)", "see ~/a, (~/b)"),
        ("{home}er/a.toml", "{home}er/a.toml"),
        ("/mnt{home}/a.toml", "/mnt{home}/a.toml"),
    ],
)
def test_only_a_path_that_begins_at_home_is_shown_from_there(desk, text, shown):
    from planner.cli.show import from_home

    assert from_home(text.format(home=desk.folder)) == shown.format(home=desk.folder)
