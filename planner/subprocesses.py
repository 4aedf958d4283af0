"""A command of the user's, run with a limit of time and of output."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence

from planner import system

CHUNK = 4096
POLL_SECONDS = 0.05  # between looks at a command that is silent
TERMINAL = 0  # standard input


class OverrunError(Exception):
    """The command took too long, or printed too much; it was killed, its children too."""


def run_bounded(command: Sequence[str], *, seconds: float, most: int) -> tuple[bytes, int]:
    """Run a command; returns what it printed, and its exit code.

    It may ask something on the terminal, where there is one.  Raises OSError if it
    cannot be started, OverrunError if it takes more than `seconds` or prints more than
    `most` bytes.
    """
    # A process group of its own: what it starts can be killed with it.
    with subprocess.Popen(  # noqa: S603 - the user's own command, from the user's own file
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, process_group=0
    ) as process:
        try:
            with _foreground(process.pid):
                read = _printed_on_windows if system.WINDOWS else _printed
                printed = read(process, time.monotonic() + seconds, most)
        except BaseException:
            system.kill_all_of(process.pid)
            raise
        return printed, process.returncode


def _printed(process: subprocess.Popen[bytes], until: float, most: int) -> bytes:
    """What a command prints until it ends; what it leaves running is not waited for."""
    assert process.stdout is not None  # noqa: S101 - it was opened with a pipe
    pipe, printed, chunk = process.stdout.fileno(), b"", b"-"
    while chunk:
        ended = process.poll() is not None  # by now all that it printed is in the pipe
        if select.select([pipe], [], [], 0 if ended else POLL_SECONDS)[0]:
            chunk = os.read(pipe, CHUNK)
            printed += chunk
        elif ended:
            break
        if len(printed) > most:
            raise OverrunError(f"printed more than {most // 1024} KiB")
        if time.monotonic() > until:
            raise OverrunError("took too long")
    try:
        process.wait(max(0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise OverrunError("took too long") from None
    return printed


def _printed_on_windows(process: subprocess.Popen[bytes], until: float, most: int) -> bytes:
    """The same where no pipe can be waited for with a limit: a thread reads it."""
    pipe, printed = process.stdout, bytearray()
    assert pipe is not None  # noqa: S101 - it was opened with a pipe

    def take() -> None:
        while len(printed) <= most and (chunk := os.read(pipe.fileno(), CHUNK)):
            printed.extend(chunk)

    reader = threading.Thread(target=take, daemon=True)
    reader.start()
    while reader.is_alive():
        reader.join(POLL_SECONDS)
        if process.poll() is not None:
            reader.join(POLL_SECONDS)
            break
        if time.monotonic() > until:
            raise OverrunError("took too long")
    if len(printed) > most:
        raise OverrunError(f"printed more than {most // 1024} KiB")
    try:
        process.wait(max(0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise OverrunError("took too long") from None
    return bytes(printed)


@contextlib.contextmanager
def _foreground(group: int) -> Iterator[None]:
    """Lend the terminal to a process group, as a shell does: it may ask for a passphrase."""
    if system.WINDOWS:  # all that share a console may ask there
        yield
        return
    ours = os.getpgrp()
    try:
        if os.tcgetpgrp(TERMINAL) != ours:
            raise OSError
        os.tcsetpgrp(TERMINAL, group)
    except OSError:  # no terminal, or it is not ours to lend
        yield
        return
    try:
        os.killpg(group, signal.SIGCONT)  # if it was stopped for asking before it was its turn
        yield
    finally:
        # Who takes the terminal back from behind is stopped, unless it blocks that signal.
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        os.tcsetpgrp(TERMINAL, ours)
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
