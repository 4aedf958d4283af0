"""CONTRIBUTING.md and SECURITY.md: every path, name and command in them is there."""

import importlib.util
import re

import pytest

PAGES = ("CONTRIBUTING.md", "SECURITY.md")
PATH = re.compile(r"\b(?:planner|tests|templates|migrations)/[\w./]*|\b[A-Z]+\.md\b")
NAMED = re.compile(r"`(\w+)` in `([\w/.]+)`")


def rows(text, title):
    """The cells of the table below a heading."""
    table = re.search(rf"## {title}\n\n((?:\|.*\n)+)", text)[1].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table]


@pytest.fixture
def page(root):
    return (root / "CONTRIBUTING.md").read_text("utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_every_path_is_there(root, name):
    paths = {found.rstrip(".") for found in PATH.findall((root / name).read_text("utf-8"))}
    assert len(paths) > 5
    assert [path for path in sorted(paths) if not (root / path).exists()] == []


def test_every_name_is_in_the_module_that_it_is_said_to_be_in(root, page):
    named = NAMED.findall(page)
    assert len(named) >= 6
    for name, path in named:
        text = (root / path).read_text("utf-8")
        assert re.search(rf"^(?:class )?{name}\b", text, re.MULTILINE), (name, path)


def test_every_command_can_be_run(root, page):
    makefile = (root / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"`make (\w+)`", page))
    assert targets >= {"demo", "test", "check"}
    assert [t for t in sorted(targets) if not re.search(rf"^{t}:", makefile, re.MULTILINE)] == []
    modules = set(re.findall(r"`python -m ([\w.]+)`", page))
    assert modules
    assert [m for m in sorted(modules) if importlib.util.find_spec(m) is None] == []


def test_it_has_twelve_words_and_says_of_ten_things_and_more_where_to_change_them(page):
    words = rows(page, "Twelve words")
    assert len({word for word, _ in words}) == 12
    places = rows(page, "To change X, go to Y")
    assert len({what for what, *_ in places}) >= 10
    assert all(PATH.search(where) for _, where, _ in places)


def test_the_floors_are_those_that_are_checked(root, page):
    import tomllib

    config = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    order = [name.replace(".", "/") for layer in layers for name in layer.split(" | ")]
    told = re.search(r"Imports point down only.*?\n\n", page, re.DOTALL)[0]
    paths = [p.rstrip("/").removesuffix(".py") for p in re.findall(r"`(planner/[\w/.]+)`", told)]
    assert len(paths) >= 9
    places = [order.index(path) for path in paths]
    tiers = [
        next(i for i, layer in enumerate(layers) if order[p].replace("/", ".") in layer)
        for p in places
    ]
    assert tiers == sorted(tiers)
