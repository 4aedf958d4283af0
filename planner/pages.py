"""Pages of HTML: one Jinja environment, in which whatever stands in a value is text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.rules.visible import printable, visible

if TYPE_CHECKING:
    from jinja2 import Environment


def pages_of(package: str) -> Environment:
    """The pages in the folder `pages` of a package; hidden characters are shown escaped."""
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
    """A code as words: `strong_asset` is "strong asset", and `pre_rank` "pre-rank"."""
    return code.replace("pre_rank", "pre-rank").replace("_", " ")


def plural(number: int, one: str, many: str | None = None) -> str:
    """ "1 letter", "2 letters"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
