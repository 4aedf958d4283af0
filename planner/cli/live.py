"""One line at the foot of a terminal that says how far a long run is."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from typing import TextIO

import click

from planner.cli import show
from planner.cli.app import is_taken

log = logging.getLogger(__name__)


class LiveLine:
    """What stays (`tell`), and what changes all the time (`show`, on a terminal only).

    A reader that left, or a terminal that is gone, must not stop the work: nothing here
    raises OSError.
    """

    def __init__(self, *, as_json: bool = False) -> None:
        self._to_stderr = as_json or is_taken()
        self._live = show.is_screen(sys.stderr)
        self._shown = ""
        self._flushing: asyncio.Handle | None = None

    def tell(self, text: str) -> None:
        """Print a line that stays, above the one that changes.

        From within a loop; if there is no terminal, lines that come together are
        written out together.
        """
        with contextlib.suppress(OSError):
            self._wipe()
            stream = sys.stderr if self._to_stderr else sys.stdout
            stream.write(f"{show.wrapped(show.seen(text), hanging='  ')}\n")
            if self._live:
                stream.flush()
                self._draw()
            elif self._flushing is None:
                self._flushing = asyncio.get_running_loop().call_soon(self._flush, stream)

    def _flush(self, stream: TextIO) -> None:
        self._flushing = None
        with contextlib.suppress(OSError):
            stream.flush()

    def warn(self, text: str) -> None:
        """Print a line that stays, on standard error."""
        log.info("%s", text)
        with contextlib.suppress(OSError):
            self._wipe()
            click.echo(show.seen(text), err=True, color=show.color())
            self._draw()

    def show(self, text: str) -> None:
        """Change the line; if there is no terminal, nothing is printed."""
        if text:
            log.debug("%s", text)
        if not self._live:
            return
        with contextlib.suppress(OSError):
            self._wipe()
            self._shown = show.clipped(show.seen(text), show.width() - 1)
            self._draw()

    def end(self) -> None:
        """Take the line away."""
        self.show("")

    def _wipe(self) -> None:
        if self._live and self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)

    def _draw(self) -> None:
        if self._live and self._shown:
            click.echo(self._shown, err=True, nl=False)
