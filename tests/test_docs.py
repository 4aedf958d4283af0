"""The documents run: the README's walk is typed, its output compared, its tables are generated."""

import re
import shlex

from planner.cli import COMMANDS
from planner.errors import ExitCode
from planner.rules.choice import WHEN
from planner.rules.facts import LetterKind
from planner.rules.wording import FACTS
from planner.sheets.fields import FIELDS, NAMEABLE, SPECIAL, SPECIAL_BY_NAME, STATUS_TOO

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# The test's server stands in for the practice mailbox, at a port that is free.
VARYING = [(re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:2525")]


def settled(text):
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def walked(desk, readme, port):
    """Type every command of the walk; give each block as it really came out."""
    for name, content in FILE.findall(readme):
        # The walk's own config, but for the port.
        (desk.folder / name).write_text(content.replace("port = 2525", f"port = {port}"))
    blocks = []
    for block in BLOCK.findall(readme):
        out = []
        for line in [x for x in block.splitlines() if x.startswith("$ ")]:
            out.append(line)
            words = shlex.split(line[2:])
            if words[0] == "cd":
                continue
            assert words[0] == "planner"
            done = desk.type(*words[1:])
            out.append(settled(done.lines + done.out))
        blocks.append("\n".join(filter(None, out)))
    return blocks


def test_the_walk_of_the_readme_is_what_really_happens(desk, root):
    from planner.mail.loopback import LoopbackServer

    readme = (root / "README.md").read_text()
    with LoopbackServer(desk.folder / "mailbox") as server:
        real = walked(desk, readme, server.port)
    told = [settled(block) for block in BLOCK.findall(readme)]
    assert told == [settled(block) for block in real]


def table(title, name):
    """A generated part of the README: what stands behind its mark."""
    return re.search(rf"<!-- {name} -->\n\n?(.*?)(?=\n\n[^|]|\Z)", title, re.DOTALL)[1].strip()


def commands():
    return "\n".join(
        ["| command | does |", "|---|---|"]
        + [f"| `planner {name}` | {COMMANDS[name]} |" for name in COMMANDS]
    )


def columns():
    rows = ["| field | also known as |", "|---|---|"]
    rows += [f"| `{field.name}` | {', '.join(field.also)} |" for field in FIELDS]
    rows += [
        f"| `{special.name}`: {', '.join(special.gives)} | {', '.join(special.headers)} |"
        for special in SPECIAL
        if special.name in NAMEABLE
    ]
    further = SPECIAL_BY_NAME[STATUS_TOO]
    rows.append(f"| `status`, in a further column | {', '.join(further.headers)} |")
    return "\n".join(rows)


def letters():
    assert set(WHEN) == set(LetterKind)
    rows = [f"| `{kind}` | {when} |" for kind, when in WHEN.items()]
    return "\n".join(["| letter | when (the first that applies) |", "|---|---|", *rows])


def facts():
    return ", ".join(f"`{name}`" for name in FACTS) + "."


GENERATED = {"commands": commands, "columns": columns, "letters": letters}


def test_the_tables_of_the_readme_are_those_of_the_code(root):
    readme = (root / "README.md").read_text()
    for name, made in GENERATED.items():
        assert table(readme, name) == made(), name
    said = re.search(r"<!-- facts -->\n(.*?)\n\n", readme, re.DOTALL)[1]
    assert " ".join(said.split()) == facts()


def test_the_keys_of_review_in_the_readme_are_those_of_the_code(root):
    from planner.cli.review import KEYS

    assert f"\n{KEYS}\n" in (root / "README.md").read_text()


def test_the_exit_codes_of_the_readme_are_those_of_the_code(root):
    readme = (root / "README.md").read_text()
    said = {int(code) for code in re.findall(r"^\| (\d+) \|", readme, re.MULTILINE)}
    assert said == {int(code) for code in ExitCode}


def test_every_planner_command_that_a_document_names_exists(root):
    for name in ("README.md", "CHANGELOG.md"):
        text = (root / name).read_text()
        named = set(re.findall(r"`planner ([a-z-]+)", text))
        assert named
        assert named <= set(COMMANDS), named


def test_make_has_what_the_readme_says(root):
    readme = (root / "README.md").read_text()
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`?make ([a-z]+)", readme)) <= targets


def test_ci_runs_the_checks_and_the_story(root):
    script = (root / ".ci/run").read_text()
    assert "make check" in script
    assert "make demo" in script


def test_the_states_of_the_readme_are_those_of_the_code(root):
    from planner.rules.states import LetterState

    rows = table((root / "README.md").read_text(), "states").splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == [state.value for state in LetterState]


def test_the_walk_has_letters_as_long_as_the_readme_says(desk, root):
    readme = (root / "README.md").read_text()
    assert "Through January 31, 2027, there are letters" in readme
    for name, content in FILE.findall(readme):
        (desk.folder / name).write_text(content)
    desk.good("import", "list.csv")
    for day, letters in (("2027-01-31", 3), ("2027-02-01", 0)):
        assert f"Write to: {letters}\n" in desk.good("plan", "--date", day).out
