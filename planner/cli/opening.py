"""Opening a link or a file with what this computer has for it, and knowing whether it opened."""

from __future__ import annotations

import shutil
import subprocess

import click

PATIENCE = 3.0  # seconds; what runs on by then has opened it


def open_outside(target: str) -> bool:
    """Open a link or a file in the user's own programs; say whether that worked."""
    program = shutil.which("xdg-open")
    if program is None:  # macOS and Windows have ways of their own
        return click.launch(target) == 0
    quiet = subprocess.DEVNULL
    try:
        opening = subprocess.Popen(  # noqa: S603 - links are ours, and no shell reads them
            [program, target], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
        return opening.wait(PATIENCE) == 0
    except subprocess.TimeoutExpired:
        return True
    except OSError:
        return False
