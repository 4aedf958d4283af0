"""Reads how the cells of an ODS look, by the names of their styles."""

from __future__ import annotations

import re
from collections.abc import Mapping

from planner.sheets.table import Mark

# Signs that a style strikes text through, or has a background color.
LOOKS = re.compile(rb"text-line-through-style=[\"'](?!none)|fo:background-color=[\"']#")
_WHITE = frozenset({"", "transparent", "#ffffff"})


class Styles:
    """The styles of a document, collected element by element."""

    def __init__(self) -> None:
        self.marks: dict[str, Mark] = {}
        self._name = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Handle the begin of an element."""
        if tag == "style:style":
            self._name = attributes.get("style:name", "")
        elif tag == "style:text-properties":
            if attributes.get("style:text-line-through-style", "none") != "none":
                self._add(struck=True)
        elif tag == "style:table-cell-properties":
            color = attributes.get("fo:background-color", "").casefold()
            if color not in _WHITE:
                self._add(fill=color)

    def _add(self, *, struck: bool = False, fill: str = "") -> None:
        before = self.marks.get(self._name, Mark())
        self.marks[self._name] = Mark(before.struck or struck, before.fill or fill)
