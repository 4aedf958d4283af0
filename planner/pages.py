"""HTML pages: a Jinja environment that escapes every value."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from planner.key_words import explained
from planner.rules import facts
from planner.rules.targeting import TABLE
from planner.rules.visible import printable, visible

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def pages_of(package: str) -> Environment:
    """Return the environment for a package's folder `pages`; hidden characters show escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    found = Environment(
        loader=PackageLoader(package, "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters |= {"printable": printable, "visible": visible, "words": words, "plural": plural}
    found.filters |= {"plainly": plainly, "day": day_words, "told": _told}
    return found


def _told(text: str) -> Markup:
    """A reason for somebody who sees only the page."""
    return explained(printable(plainly(text)).replace(" -> ", " → "))


def words(code: str) -> str:
    """Turn a code into words: `strong_asset` into "strong asset", `pre_rank` into "pre-rank"."""
    return code.replace("pre_rank", "pre-rank").replace("_", " ")


# What reads as one word only to a machine: values of facts, and rules of the decision table.
CODES = {rule.id for rule in TABLE if "_" in rule.id} | {
    member.value
    for kind in vars(facts).values()
    if isinstance(kind, type) and issubclass(kind, StrEnum)
    for member in kind
    if "_" in member.value
}
_CODE = re.compile(rf"\b(?:{'|'.join(sorted(CODES))})\b(?! = )")  # not the key of a config
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def plainly(text: str) -> str:
    """A reason as a person reads it: its codes as words, its days as people write them.

    >>> plainly("Not in play: status is not_applied since 2026-12-11.")
    'Not in play: status is not applied since Dec 11, 2026.'
    """
    return _DAY.sub(_day, _CODE.sub(lambda match: words(match[0]), text))


def _day(match: re.Match[str]) -> str:
    try:
        return day_words(date.fromisoformat(match[0]))
    except ValueError:  # no day of any calendar
        return match[0]


def day_words(day: date) -> str:
    """A day as people write it: "Dec 11, 2026"."""
    return f"{day:%b} {day.day}, {day.year}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun, such as "1 letter" or "2 letters"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
