"""Reads how the cells of an XLSX look: struck through, or filled with a color."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import TypeVar
from xml.etree import ElementTree

from planner.sheets.recovered.parts import Parts
from planner.sheets.table import Mark

T = TypeVar("T")

WHITE = frozenset({"rgb FFFFFFFF", "rgb 00FFFFFF", "indexed 9", "indexed 64", "theme 0"})
_NO_FILL = frozenset({"", "none", "gray125"})


def marks_in(parts: Parts, book: str) -> Mapping[int, Mark]:
    """Return the look of each style of the workbook, by number, if it has a special one."""
    try:
        root = parts.tree(posixpath.join(posixpath.dirname(book), "styles.xml"))
    except LookupError:
        return {}
    struck = [_is_struck(font) for font in _within(root, "fonts")]
    fills = [_color(fill) for fill in _within(root, "fills")]
    found = {}
    for number, style in enumerate(_within(root, "cellXfs")):
        mark = Mark(
            _at(struck, style.get("fontId")) or False, _at(fills, style.get("fillId")) or ""
        )
        if mark.struck or mark.fill:
            found[number] = mark
    return found


def _within(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [child for group in root if _tag(group) == name for child in group]


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _at(found: list[T], index: str | None) -> T | None:
    return found[int(index)] if index and index.isdecimal() and int(index) < len(found) else None


def _is_struck(font: ElementTree.Element) -> bool:
    return any(_tag(e) == "strike" and e.get("val", "1") not in {"0", "false"} for e in font)


def _color(fill: ElementTree.Element) -> str:
    """Return the color of a fill, however it is written; "" for none and for white."""
    for pattern in fill:
        if _tag(pattern) != "patternFill" or pattern.get("patternType", "") in _NO_FILL:
            continue
        for color in pattern:
            if _tag(color) == "fgColor":
                said = " ".join(
                    f"{how} {color.get(how)}"
                    for how in ("rgb", "theme", "tint", "indexed")
                    if color.get(how)
                )
                return "" if said in WHITE else said
    return ""
