"""Finds templates, migrations and the example config, beside the package or inside it."""

from __future__ import annotations

from pathlib import Path


def resource(name: str) -> Path:
    """Return the path of `templates`, `migrations` or `config.example.toml`.

    In a wheel, they are inside the package (`_data`); in a checkout, they are beside it.
    Raises FileNotFoundError if they are in neither place.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "_data", package.parent):
        if (folder / name).exists():
            return folder / name
    raise FileNotFoundError(f"{name} is not part of this installation")
