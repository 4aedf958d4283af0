"""Files: private, whole or not at all, and on the disk when said so.

Everything that this package writes next to the database goes through here; what one system
does in another way than the next is in planner/system.py.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from planner import system

PRIVATE, SHARED = 0o600, 0o666  # the umask still takes away from either


def make_folder(path: Path) -> None:
    """Make a folder that only its owner can enter; one that is there stays as it is."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def open_private(path: Path, flags: int = os.O_RDWR) -> int:
    """A descriptor of a file, made for its owner only where it is not there yet.

    A link in its place is refused: in a shared folder somebody else may have put it there.
    """
    return os.open(path, flags | os.O_CREAT | system.BINARY | system.NO_LINK, PRIVATE)


def create_private(path: Path, data: bytes = b"") -> None:
    """Write a new private file.  Raises FileExistsError; one that fails half-way is removed."""
    handle = open_private(path, os.O_WRONLY | os.O_EXCL)
    try:
        try:
            write_all(handle, data)
            system.sync(handle)
        finally:
            os.close(handle)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    system.sync_folder(path.parent)


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    with replacing(path, private=True) as part:
        part.write_bytes(data)


@contextlib.contextmanager
def replacing(path: Path, *, private: bool = False) -> Iterator[Path]:
    """Give an empty file to write; when the block ends well it takes the place of `path`.

    A reader sees the old file or the new one, never a part, and a failure leaves the old.
    Without `private` the file that is replaced gives its mode.  A link stays a link, and what
    is not a file (a pipe, /dev/stdout) is written to as it is.
    """
    if path.is_relative_to("/dev") or (path.exists() and not path.is_file()):
        yield path
        return
    real = path.resolve()
    part = real.with_name(f".planner-{secrets.token_hex(4)}.part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE if private else SHARED))
    try:
        if not private and real.exists():
            part.chmod(real.stat().st_mode & 0o7777)
        yield part
        _sync_file(part)
        part.replace(real)
    finally:
        part.unlink(missing_ok=True)
    system.sync_folder(real.parent)


def keep_copy(path: Path, suffix: str) -> Path:
    """Copy a file to its name with `suffix` behind it, over an older copy; returns the place."""
    copy = path.with_name(path.name + suffix)
    with replacing(copy) as part:
        shutil.copy2(path, part)
    return copy


def open_again(path: Path) -> int:
    """A descriptor of a file that is there, to read it and to add to its end."""
    return os.open(path, os.O_RDWR | os.O_APPEND | system.BINARY)


def is_torn(handle: int) -> bool:
    """Whether a file to whose end lines are added ends in the middle of one."""
    size = os.fstat(handle).st_size
    if not size:
        return False
    return system.read_at(handle, 1, size - 1) != b"\n"


def write_all(handle: int, data: bytes) -> None:
    """Write to the end; the system may take less at a time."""
    written = 0
    while written < len(data):
        written += os.write(handle, data[written:])


@contextlib.contextmanager
def locked(handle: int) -> Iterator[None]:
    """Be the only one who has a file, of all that ask; where the disk has such locks."""
    with contextlib.suppress(OSError):  # some network shares have none
        system.lock(handle, wait=True)
    yield  # closing the file frees it


def _sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)  # Windows syncs only what may be written
    try:
        system.sync(handle)
    finally:
        os.close(handle)
