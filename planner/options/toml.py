"""Writes values in TOML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime


def written(value: object) -> str:
    """Write a value as it stands after the = of a key.

    >>> written("Søren"), written(True), written(30.0), written(["mon", "tue"])
    ('"Søren"', 'true', '30', '["mon", "tue"]')
    >>> written({"2025-07-01": 218}), written(date(2026, 10, 2))
    ('{ "2025-07-01" = 218 }', '2026-10-02')
    """
    match value:
        case datetime():  # in Eastern time, the default for a moment without a zone
            return value.replace(tzinfo=None).isoformat()
        case date():
            return value.isoformat()
        case float():
            return f"{value:g}"
        case Mapping():
            return "{ " + ", ".join(f'"{k}" = {written(v)}' for k, v in value.items()) + " }"
        case list() | tuple():
            return f"[{', '.join(map(written, value))}]"
        case _:
            return json.dumps(value, ensure_ascii=False)
