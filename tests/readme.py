"""The tables of README.md that are made from the code, and config.example.toml.

`python -m tests.readme` writes them again; tests compare.
"""

import re
from pathlib import Path

from planner.cli.hints.findings import FIXES
from planner.mail.account import PRESETS
from planner.mail.providers import PROVIDERS
from planner.options.example import example, reference
from planner.rules.lint import TABLE
from planner.rules.lint.titles import TITLES

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
README = Path(__file__).parent.parent / "README.md"


def findings():
    """Each check of the lint."""
    rows = ["| finding | says | severity | may stand | what to do |", "|---|---|---|---|---|"]
    rows += [
        f"| `{row.code}` | {TITLES[row.code]} | {row.severity} |"
        f" {'yes' if row.overridable else ''} | {FIXES[row.code]} |"
        for row in TABLE
    ]
    return "\n".join(rows)


def providers():
    """What each provider fills in."""
    rows = ["| `smtp.provider` | host | port | security | a day |", "|---|---|---|---|---|"]
    rows += [
        f"| `{name}` | {p.host} | {p.port} | {p.security} | {p.per_day} |"
        for name, p in PRESETS.items()
    ]
    return "\n".join(rows)


def allowed():
    """What each provider lets a program do; `planner init` says it of an address."""
    rows = ["| provider | what it lets a program do |", "|---|---|"]
    return "\n".join([*rows, *(f"| {p.name} | {p.allows} |" for p in PROVIDERS)])


def config():
    """Each key of the config; `planner init` writes them with examples."""
    rows = ["| key | default | meaning |", "|---|---|---|"]
    for key, default, meaning in reference():
        shown = default and f"`{default}`"
        rows.append(f"| `{key}` | {shown} | {meaning} |")
    return "\n".join(rows)


def everything():
    """Each table by the mark before it."""
    from tests.test_docs import GENERATED

    return {
        **GENERATED,
        "allowed": allowed,
        "config": config,
        "findings": findings,
        "providers": providers,
    }


def rewritten(text):
    """The text with its tables made again.  Raises ValueError for a mark that is not there."""
    for name, made in everything().items():
        pattern = re.compile(rf"(<!-- {name} -->\n\n)(?:\|.*\n)*\n*")
        text, count = pattern.subn(lambda m, made=made: f"{m[1]}{made()}\n\n", text)
        if count != 1:
            raise ValueError(f"README.md has {count} marks for {name}")
    return text


if __name__ == "__main__":
    EXAMPLE.write_text(example(), "utf-8")
    README.write_text(rewritten(README.read_text("utf-8")), "utf-8")
