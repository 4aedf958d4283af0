"""Makes config.example.toml and the reference of its keys from the table of keys."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping

from planner.options.table import ABOUT, OPTIONS, SPECIALTY, SPECIALTY_KEYS, Option
from planner.rules.facts import Match

WIDTH = 100
COLUMN = 38  # where the explanation of a key begins
FIRST = next(iter(Match))
HEAD = """\
# planner: every key, with what it means.  `planner init` writes this file for you to
# fill in.  Lines that start with # are defaults or examples; remove the # to use them.
# Write dates without quotes and words with quotes.  Do not put a password in here: use
# planner login, smtp.password_command or $PLANNER_SMTP_PASSWORD.
"""


def example() -> str:
    """Return the text of config.example.toml."""
    return "\n".join([HEAD, *("\n".join(_section(s)) + "\n" for s in OPTIONS)])


def filled(text: str, section: str, key: str, value: str) -> str:
    """Set a key of the example to a value in TOML; the comment of the line stays."""
    head, mark, rest = text.partition(f"\n[{section}]\n")
    line = re.compile(rf"^(?:# )?{key} = .*?(?P<words> +#.*)?$", re.MULTILINE)
    made = f"{key} = {value}"

    def put(found: re.Match[str]) -> str:
        words = (found["words"] or "").strip()
        return f"{made:<{COLUMN - 1}} {words}".rstrip()

    return head + mark + line.sub(put, rest, count=1)


def _section(section: str) -> Iterator[str]:
    about = [f"# {line}" for line in textwrap.wrap(ABOUT.get(section, ""), WIDTH - 2)]
    if section == "specialty":
        yield from [*about, f'# [specialty."{SPECIALTY}"]']
    else:
        yield from [f"[{section}]", *about]
    for key, option in _keys(section).items():
        yield from _lines(key, option)


def _keys(section: str) -> Mapping[str, Option]:
    return SPECIALTY_KEYS if section == "specialty" else OPTIONS[section]


def _lines(key: str, option: Option) -> Iterator[str]:
    """Yield a key with its explanation after it, or above it if the line would be too long."""
    yield from (f"# {line}" for line in textwrap.wrap(option.note, WIDTH - 2))
    line = f"{'' if option.asked else '# '}{key} = {option.example or option.default}"
    with_words = f"{line:<{COLUMN - 1}} # {option.text}" if option.text else line
    if len(with_words) > WIDTH:
        yield from (f"# {text}" for text in textwrap.wrap(f"{key}: {option.text}", WIDTH - 2))
        yield line
    else:
        yield with_words


def reference() -> list[tuple[str, str, str]]:
    """Return (key, default, meaning) of every key; the matches share a row for each date."""
    rows = []
    for section in OPTIONS:
        if section.startswith("cycle.") and section != f"cycle.{FIRST}":
            continue
        for key, option in _keys(section).items():
            meaning = ". ".join(filter(None, [option.text, option.note]))
            rows.append((f"[{_named(section)}] {key}", _default(section, key, option), meaning))
    return rows


def _named(section: str) -> str:
    if section == "specialty":
        return 'specialty."..."'
    return "cycle.*" if section.startswith("cycle.") else section


def _default(section: str, key: str, option: Option) -> str:
    """Return the default of a key; for a date of the matches, that of each match."""
    if not section.startswith("cycle."):
        return option.default
    return ", ".join(f"{match} {OPTIONS[f'cycle.{match}'][key].default}" for match in Match)
