"""HTML pages: a Jinja environment that escapes every value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.rules.visible import printable, visible

if TYPE_CHECKING:
    from jinja2 import Environment


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
    return found


def words(code: str) -> str:
    """Turn a code into words: `strong_asset` into "strong asset", `pre_rank` into "pre-rank"."""
    return code.replace("pre_rank", "pre-rank").replace("_", " ")


def plural(number: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun, such as "1 letter" or "2 letters"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
