"""TAB in a real bash, and what the other shells are given."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from planner.cli.completion import SHELLS
from planner.rules.facts import Status

# Shows the words of the line that was completed, as the command would get them.
SHOWN = """
planner() {
    if [ -n "$_PLANNER_COMPLETE" ]; then command planner "$@"; else printf '<%s>' "$@"; echo; fi
}
"""
LONG = "Søren Ångström's Hospital — North"


@pytest.fixture
def filled(desk):
    """A desk with three programs, one of them with a long name, and two drafts."""
    rows = [
        {"Program": name, "Specialty": "IM", "Director": f"Ada {last}", "PD Email": address}
        for name, last, address in (
            ("Elm Valley Hospital", "Abara", "abara@elm.example"),
            (LONG, "Berg", "berg@north.example"),
            ("Oak Ridge", "Cole", "cole@oak.example"),
        )
    ]
    for row, status in zip(rows, ("interviewed", "interviewed", "rejected"), strict=True):
        row["Status"] = status
    desk.good("import", desk.sheet(*rows))
    desk.good("draft")
    return desk


@pytest.fixture
def shell(filled):
    """A bash that has been given the script."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "TERM": "dumb",
        "LC_ALL": "C.UTF-8",
        "PS1": "$ ",
    }
    child = pexpect.spawn(
        "bash",
        ["--norc", "--noprofile"],
        cwd=filled.folder,
        env=environment,
        encoding="utf-8",
        timeout=30,
        dimensions=(24, 200),
    )
    (filled.folder / "shown.sh").write_text(SHOWN)
    child.sendline('bind "set bell-style none"; eval "$(planner completion bash)"; . ./shown.sh')
    child.sendline("echo rea''dy")
    child.expect("ready\r\n")
    yield child
    child.close(force=True)


def typed(shell, text):
    """The words that come of a line with TABs in it, once it is entered."""
    shell.send(f"planner {text}")
    shell.sendline(" @@")
    shell.expect(r"<([^\r\n]*)><@@>\r\n")
    return shell.match[1].split("><")


@pytest.mark.long
def test_a_tab_completes_commands_options_names_fields_states_and_letters(shell):
    for text, words in [
        ("stat\t", ["status"]),
        ("prog\t se\t", ["programs", "set"]),
        ("import --forg\t", ["import", "--forget-map"]),
        ("why Elm\t", ["why", "Elm Valley Hospital"]),
        ('why "elm v\t', ["why", "Elm Valley Hospital"]),
        ("why Sør\t", ["why", LONG]),
        ("programs set 3 step2_p\trequested", ["programs", "set", "3", "step2_policy=requested"]),
        ("programs set 3 status=wai\t", ["programs", "set", "3", "status=waitlisted"]),
        ("outbox list --state appr\t", ["outbox", "list", "--state", "approved"]),
        ("approve 1,2\t", ["approve", "1,2"]),
        ("draft --program Oak\t", ["draft", "--program", "Oak Ridge"]),
        ("import li\t", ["import", "list.csv"]),
        ("assess Emerg\t", ["assess", "Emergency Medicine"]),
        ("completion pow\t", ["completion", "powershell"]),
        ("help outb\t", ["help", "outbox"]),
    ]:
        assert typed(shell, text) == words, text


def offered(desk, shell, line, word, **more):
    """The words that a shell's script would get, each with its help."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "_PLANNER_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": word,
        **more,
    }
    command = [sys.executable, "-m", "planner"]
    done = subprocess.run(
        command, env=environment, cwd=desk.folder, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.long
def test_the_other_shells_are_offered_the_same_with_its_meaning(filled):
    for shell in ("zsh", "powershell"):
        said = offered(filled, shell, "planner approve ", "2").splitlines()
        assert said[1::3] == ["1", "2"]
        assert said[2] == "Elm Valley Hospital (draft)"
        states = offered(filled, shell, "planner programs set 3 status=", "4").splitlines()
        assert states[1::3] == [f"status={status}" for status in Status]
    assert "plain,status\t" in offered(filled, "fish", "planner stat", "stat")


def test_without_a_config_or_a_database_a_tab_offers_nothing_and_makes_nothing(desk):
    before = sorted(desk.folder.iterdir())
    assert offered(desk, "bash", "planner why E", "") == "\n"
    assert offered(desk, "bash", "planner --config none.toml approve ", "") == "\n"
    assert sorted(desk.folder.iterdir()) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_of_each_shell_is_one_that_it_can_read(desk, shell):
    script = desk.good("completion", shell).out
    assert "_PLANNER_COMPLETE" in script
    assert desk.good("completion", shell, "--json").json == {
        "shell": shell,
        "script": script.removesuffix("\n"),
    }
    if shell == "powershell" or shutil.which(shell) is None:
        return  # there is none here to ask
    subprocess.run([shell, "-n"], input=script, text=True, check=True)
