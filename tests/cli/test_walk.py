"""Every command, walked as a season goes: its example as it stands in its help, then with --json."""

import json
import re
import shlex

import click
import openpyxl
import pytest

from planner.cli import cli
from planner.errors import ExitCode
from tests.builders import surname

PROMISED = {int(code) for code in ExitCode}
HEADER = ("Program", "Where", "ACGME ID", "PD", "PD Email", "Status")
# What happens between the commands, before the one that is named.
BEFORE = {
    ("programs", "export"): [
        ["import", "list.xlsx", "--specialty", "IM", "--map", "Where=city"],
    ],
    ("preview",): [["draft"]],
    ("unapprove",): [["approve", "1-12", "--unseen"]],
    ("leave-out",): [["unapprove", "1-12"]],
    ("cancel",): [["approve", "1-12", "--unseen"]],
}
# A browser is left alone, and the shell's part of an example is not ours.
LEFT_OUT = {"--open", ">>", "~/.bashrc"}
# What stays until it is ended has tests of its own.
STAYING = {("tour",)}
# The examples that cannot end with 0 here, and why.
OTHERWISE = {
    ("programs", "merge"): 2,  # 6 and 8 are not alike
    ("review",): 2,  # no terminal
    ("approve",): 2,  # the letter has no second finding
    ("hand",): 2,  # no terminal
    ("outbox", "export"): 3,  # letter 8 is cancelled
    ("outbox", "retry"): 3,  # nothing was deferred
    ("login",): 2,
    ("logout",): 3,  # no keyring
}


def leaves(command, path=()):
    """Every command with its words."""
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            yield from leaves(command.get_command(click.Context(command), name), (*path, name))
    else:
        yield path, command


LEAVES = dict(leaves(cli))


def example(command):
    """The words of the first example in the help of a command."""
    said = re.search(r"Example: planner (.*)", command.epilog)[1]
    words = shlex.split(said.partition(", then")[0].partition(", or")[0])
    kept = [word for word in words if word not in LEFT_OUT]
    return [*kept, "-o", "page"] if "--format" in kept else kept


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_the_help_of_every_command_fits_and_has_an_example_in_one_piece(desk, path):
    said = desk.good(*path, "--help").out
    assert max(map(len, said.splitlines())) <= 80
    assert re.search(rf"Example:\n? +planner {' '.join(path)}", said)
    assert not re.search(r" (INTEGER|TEXT|DIRECTORY|PATH)\b", said)
    assert "--json" in said
    assert desk.good("help", *path).out == said


def season(desk, *more):
    """Type the example of each command in order; gives path and outcome of each."""
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for n in range(1, 14):
        name = "Mercy General" if n == 1 else f"Elm {n} Hospital"
        code = str(1400521056 + n)
        address = f"pd{n}@elm{n}.example"
        row = (name, f"Elm{n}", code, f"Ada {surname(n)}", address, "interviewed")
        book.active.append(row)
    book.save(desk.folder / "list.xlsx")
    book.close()
    for path, command in LEAVES.items():
        if path in STAYING:
            continue
        for words in BEFORE.get(path, ()):
            desk.type(*words)
        yield path, desk.type(*example(command), *[x for x in more if x not in example(command)])


@pytest.mark.sqlite_only
def test_the_example_of_every_command_runs_and_ends_as_promised(desk):
    for path, done in season(desk):
        assert "this is a bug" not in done.err, done.err
        said = (path, done.err, done.out)
        assert done.code == OTHERWISE.get(path, 0), said


# Objects whose keys are data: states, fields, reasons, names of tables.
OPEN = {
    "answers",
    "rows",
    "totals",
    "set",
    "taken",
    "extra",
    "rules",
    "phases",
    "lost",
    "links",
    "trouble",
}


def names_in(value, parent=""):
    """Every key of a document and of what is in it, but for those that are data."""
    if isinstance(value, list):
        for one in value:
            yield from names_in(one, parent)
    elif isinstance(value, dict):
        for name, one in value.items():
            if parent not in OPEN and not (parent == "letters" and isinstance(one, int)):
                yield name
            yield from names_in(one, name)


def documented(root):
    """The keys of each command's document, as docs/json.md has them."""
    page = (root / "docs/json.md").read_text("utf-8")
    rows = re.findall(r"^\| `planner ([a-z -]+)` \| (.*) \|$", page, re.MULTILINE)
    return {tuple(words.split()): set(re.findall(r"`(\w+)`", keys)) for words, keys in rows}


@pytest.mark.long
@pytest.mark.sqlite_only
def test_with_json_every_command_prints_one_document_whose_keys_are_on_the_page(desk, root):
    told = documented(root)
    words = set(re.findall(r"`(?:error\.)?(\w+)`", (root / "docs/json.md").read_text("utf-8")))
    assert told.keys() == LEAVES.keys()
    for path, done in season(desk, "--json"):
        assert done.code in PROMISED, path
        assert done.out.count("\n") == 1, (path, done.out)
        document = json.loads(done.out)
        assert document.pop("schema") == 1, path
        assert document.keys() in (told[path], {"error"}), path
        unknown = {*names_in(document)} - words
        assert not unknown, (path, unknown)
