"""How to add an extra where planner is installed: pipx and uv keep a place of their own for it."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner import system

NAME = "step2-planner"
# The file that each leaves in the environments that it makes.
BY_UV, BY_PIPX = "uv-receipt.toml", "pipx_metadata.json"


def with_extra(extra: str, *, prefix: str = sys.prefix) -> str:
    """The command that adds an extra to this installation, and keeps those that it has.

    pipx and uv then install it again from where they got it: the index, or a folder.
    """
    if (receipt := Path(prefix, BY_UV)).exists():
        return f"uv tool install --force {_wanted(_uv_source(receipt), extra)}"
    if (receipt := Path(prefix, BY_PIPX)).exists():
        return f"pipx install --force {_wanted(_pipx_source(receipt), extra)}"
    return f"{system.quoted(sys.executable)} -m pip install {_wanted(NAME, extra)}"


def upgraded(prefix: str = sys.prefix) -> str:
    """The command that brings the newest version."""
    if Path(prefix, BY_UV).exists():
        return f"uv tool upgrade {NAME}"
    if Path(prefix, BY_PIPX).exists():
        return f"pipx upgrade {NAME}"
    return f"{system.quoted(sys.executable)} -m pip install --upgrade {NAME}"


_SOURCE = re.compile(r"(?P<what>[^\[\]]+)(?:\[(?P<extras>[^\[\]]*)\])?")


def _wanted(source: str, extra: str) -> str:
    """What to install: the source with its extras and one more; the name, if that is not plain."""
    found = _SOURCE.fullmatch(source)
    what, had = (found["what"], found["extras"] or "") if found else (NAME, "")
    extras = sorted({extra, *filter(None, (name.strip() for name in had.split(",")))})
    return system.quoted(f"{what}[{','.join(extras)}]")


def _pipx_source(receipt: Path) -> str:
    try:
        return str(json.loads(receipt.read_text("utf-8"))["main_package"]["package_or_url"])
    except (OSError, ValueError, KeyError, TypeError):
        return NAME


def _uv_source(receipt: Path) -> str:
    try:
        first: Any = tomllib.loads(receipt.read_text("utf-8"))["tool"]["requirements"][0]
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return NAME
    if not isinstance(first, Mapping):
        return str(first)
    what = first.get("directory") or first.get("editable") or NAME
    return f"{what}[{','.join(map(str, first.get('extras', ())))}]"
