"""Colors by the names that people give them in a legend."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping

from planner.sheets.parsers.cells import without_accents

# Where each lies on the circle of hues, from 0 to 1; red lies at both ends.
_HUES: Mapping[str, tuple[tuple[float, float], ...]] = {
    "red": ((0.0, 0.045), (0.92, 1.0)),
    "pink": ((0.0, 0.02), (0.82, 1.0)),
    "orange": ((0.03, 0.125),),
    "yellow": ((0.115, 0.2),),
    "green": ((0.19, 0.47),),
    "blue": ((0.47, 0.71),),
    "purple": ((0.69, 0.86),),
}
# The same in German, Spanish, French and Portuguese, without accents.
ABROAD: Mapping[str, str] = {
    name: color
    for color, names in {
        "red": "rot rote roter rojo roja rouge vermelho vermelha",
        "pink": "rosa rose",
        "orange": "naranja laranja",
        "yellow": "gelb gelbe amarillo amarilla jaune amarelo amarela",
        "green": "grun grune gruen verde vert verte",
        "blue": "blau blaue azul bleu bleue",
        "purple": "lila violett morado morada violet violette roxo roxa",
        "gray": "grau graue gris grise cinza",
    }.items()
    for name in names.split()
}
_GRAY = 0.08  # of saturation: less is no color
_HEX = re.compile(r"(?:[0-9a-f]{2})?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", re.IGNORECASE)


def is_called(text: str, fill: str) -> bool:
    """Whether a text begins with the name of a fill, which is written as its red, green, blue.

    >>> is_called("Red = rejected", "rgb FFFFC7CE"), is_called("green = IV", "#ffc7ce")
    (True, False)
    >>> is_called("Rot = Absage", "rgb FFFFC7CE"), is_called("Grün = Gespräch", "rgb FF00FF00")
    (True, True)
    """
    name = re.sub(r"^(?:light|dark)\s+", "", without_accents(text.strip().casefold()))
    name = re.split(r"\W", name, maxsplit=1)[0]
    name = ABROAD.get(name, name)
    code = _HEX.fullmatch(fill.removeprefix("rgb ").removeprefix("#"))
    if code is None:
        return False
    hue, _, saturation = colorsys.rgb_to_hls(*(int(part, 16) / 255 for part in code.groups()))
    if name in {"gray", "grey"}:
        return saturation < _GRAY
    spans = _HUES.get(name, ())
    return saturation >= _GRAY and any(first <= hue <= last for first, last in spans)


def name_of(fill: str) -> str:
    """Return what people call a fill.

    >>> name_of("rgb FFFFC7CE"), name_of("rgb FF808080"), name_of("theme 5")
    ('red', 'gray', 'in one color')
    """
    return next((name for name in (*_HUES, "gray") if is_called(name, fill)), "in one color")
