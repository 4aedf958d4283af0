"""What Linux, macOS and Windows do each in its own way: one function for each thing that differs.

Windows has no flock, no modes (a user's folders are private by their place), no way to sync a
folder, other signals and other quotes; its pipes are in the code page of the machine.  macOS
leaves what was synced in the drive's own memory unless it is asked for more.  Everything else
in this package is written as if there were one system.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import shlex
import signal
import stat
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

WINDOWS = os.name == "nt"
# Without it Windows writes a line break of one byte as two.
BINARY = getattr(os, "O_BINARY", 0)
NO_LINK = getattr(os, "O_NOFOLLOW", 0)  # Windows has none
# The terminal was closed; Windows says so with SIGBREAK, which Ctrl-Break sends, too.
HANG_UP = getattr(signal, "SIGHUP", None)
ENDING = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
)
# What a folder on a network share says instead of syncing.
UNSYNCABLE = {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EISDIR}
# Windows locks bytes, and nobody else can read them then: this one is far behind any text.
LOCKED_BYTE = 1 << 30


def sync(handle: int) -> None:
    """Wait until a file is on the disk, where a power cut cannot take it back."""
    if whole := getattr(fcntl, "F_FULLFSYNC", 0):
        # macOS: fsync(2) leaves it to the drive when to write.  Some disks cannot be asked.
        with contextlib.suppress(OSError):
            fcntl.fcntl(handle, whole)
            return
    os.fsync(handle)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can be asked."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return  # Windows opens no folder; and one may write to a folder that one cannot list
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in UNSYNCABLE:
            raise
    finally:
        os.close(handle)


def lock(handle: int, *, wait: bool = False) -> None:
    """Lock a file against every other process; closing it, or the end of ours, frees it.

    Raises BlockingIOError while another process has it (with `wait`, on Windows, after ten
    seconds), another OSError where the disk has no locks.
    """
    if fcntl is not None:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    windows = import_module("msvcrt")
    os.lseek(handle, LOCKED_BYTE, os.SEEK_SET)
    try:
        windows.locking(handle, windows.LK_LOCK if wait else windows.LK_NBLCK, 1)
    except OSError as error:
        if error.errno in {errno.EACCES, errno.EDEADLK, 0}:  # wine does not say which
            raise BlockingIOError(error.errno, error.strerror) from error
        raise


def unlock(handle: int) -> None:
    """Free the lock of a file now; Windows frees that of a closed one when it comes to it."""
    if fcntl is None:
        windows = import_module("msvcrt")
        os.lseek(handle, LOCKED_BYTE, os.SEEK_SET)
        windows.locking(handle, windows.LK_UNLCK, 1)


def read_at(handle: int, size: int, place: int) -> bytes:
    """Bytes from the middle of a file whose writes all go to its end."""
    os.lseek(handle, place, os.SEEK_SET)
    return os.read(handle, size)


def is_private(path: Path) -> bool:
    """Whether only the owner may read a file, as far as its mode says; Windows has none."""
    return WINDOWS or not path.stat().st_mode & 0o077


def is_open_to_all(folder: Path) -> bool:
    """Whether anybody may replace the files in a folder, as far as its mode says."""
    mode = folder.stat().st_mode
    return not WINDOWS and bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX


def arrivals(socket: Any) -> Callable[[], bool]:
    """A function that says whether there may be something to read, without waiting."""
    if not hasattr(select, "poll"):
        return lambda: True  # Windows: its loop reads ahead, so that the system knows of nothing
    poll = select.poll()  # which takes sockets of any number, as select does not
    poll.register(socket, select.POLLIN)
    return lambda: bool(poll.poll(0))


def outlives_its_terminal() -> bool:
    """Whether the process was started so that it goes on alone, as with nohup."""
    return HANG_UP is not None and signal.getsignal(HANG_UP) is signal.SIG_IGN


def use_utf8() -> None:
    """Make the standard streams UTF-8 where they lead to a pipe or a file.

    A terminal keeps its own, and shows a question mark for what it does not have.
    """
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        change: Any = getattr(stream, "reconfigure", None)
        if change is None or stream is None:
            continue
        with contextlib.suppress(OSError, ValueError):
            if not stream.isatty():
                change(encoding="utf-8", errors="surrogateescape")
            elif stream is not sys.stdin:
                change(errors="replace")


def is_broken_pipe(error: OSError) -> bool:
    """Whether the reader of our output has left; Windows calls that an invalid argument."""
    return error.errno == errno.EPIPE or (WINDOWS and error.errno == errno.EINVAL)


LOST: dict[type[OSError], str] = {
    ConnectionRefusedError: "connection refused",
    ConnectionResetError: "connection reset by peer",
    ConnectionAbortedError: "software caused connection abort",
    BrokenPipeError: "broken pipe",
}


def why(error: OSError) -> str:
    """What went wrong, in the system's words; Windows numbers what happens to sockets otherwise."""
    if WINDOWS:
        return LOST.get(type(error)) or (error.strerror or str(error)).lower()
    return os.strerror(error.errno).lower() if error.errno else str(error)


def forget_typed_ahead() -> None:
    """Throw away the keys that were pressed before we ask for one."""
    if WINDOWS:
        console = import_module("msvcrt")
        while console.kbhit():
            console.getwch()
        return
    termios = import_module("termios")
    termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


def kill_all_of(group: int) -> None:
    """Kill a process that leads a group, and all that it started."""
    if WINDOWS:
        import subprocess  # here, since most commands start none

        ending = ["taskkill", "/T", "/F", "/PID", str(group)]
        subprocess.run(ending, capture_output=True, check=False)  # noqa: S603 - a part of Windows
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def words_of(command: str) -> list[str]:
    r"""The words of a command, as the system's own shell splits it.  Raises ValueError.

    On Windows a backslash is a part of a path, and only double quotes quote.
    """
    lexer = shlex.shlex(command, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters = True, ""
    if WINDOWS:
        lexer.escape, lexer.quotes = "", '"'
    return list(lexer)


def quoted(word: str) -> str:
    """A word as one types it; cmd.exe and PowerShell both take double quotes."""
    if not WINDOWS:
        return shlex.quote(word)
    plain = word.replace("\\", "").replace(":", "")
    return word if plain and shlex.quote(plain) == plain else f'"{word}"'


def command_line(words: Iterable[str]) -> str:
    """A command as one types it."""
    return " ".join(quoted(word) for word in words)
