"""The lists of words.toml, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any


@lru_cache(maxsize=1)
def _raw() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


@lru_cache(maxsize=16)
def words(name: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(_raw()[name].split())


def one_of(name: str) -> str:
    """The words of a list as alternatives of a pattern."""
    return "|".join(sorted(words(name)))


def doctors() -> Mapping[str, tuple[str, ...]]:
    """How those who practice a specialty are called, by its official name."""
    return {name: tuple(said) for name, said in _raw()["doctors"].items()}
