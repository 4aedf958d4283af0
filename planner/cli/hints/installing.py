"""How to add a package where planner is installed: pipx and uv keep a place of their own for it."""

from __future__ import annotations

import sys
from pathlib import Path

from planner import system

NAME = "step2-planner"
# The file that each leaves in the environments that it makes.
BY_UV, BY_PIPX = "uv-receipt.toml", "pipx_metadata.json"


def with_package(*packages: str, prefix: str = sys.prefix) -> str:
    """The command that adds packages to this installation."""
    if Path(prefix, BY_UV).exists():
        return " ".join(["uv tool install", *(f"--with {x}" for x in packages), NAME])
    if Path(prefix, BY_PIPX).exists():
        return " ".join(["pipx inject", NAME, *packages])
    quoted = " ".join(f'"{package}"' for package in packages)
    return f"{system.quoted(sys.executable)} -m pip install {quoted}"


def upgraded(prefix: str = sys.prefix) -> str:
    """The command that brings the newest version."""
    if Path(prefix, BY_UV).exists():
        return f"uv tool upgrade {NAME}"
    if Path(prefix, BY_PIPX).exists():
        return f"pipx upgrade {NAME}"
    return f"{system.quoted(sys.executable)} -m pip install --upgrade {NAME}"
