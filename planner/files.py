"""Files on Linux, macOS and Windows: private, whole or not at all, and on the disk when said so.

Everything that this package writes next to the database goes through here.  Windows has no
modes (a user's folders are private by their place) and no way to sync a folder; macOS keeps
what was synced in the drive's own memory unless it is asked for more.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

PRIVATE, SHARED = 0o600, 0o666  # the umask still takes away from either
# Without it Windows writes a line break of one byte as two.
BINARY = getattr(os, "O_BINARY", 0)
# What a folder on a network share, or Windows, says instead of syncing.
UNSYNCABLE = {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EISDIR}


def make_folder(path: Path) -> None:
    """Make a folder that only its owner can enter; one that is there stays as it is."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def open_private(path: Path, flags: int = os.O_RDWR) -> int:
    """A descriptor of a file, made for its owner only where it is not there yet."""
    return os.open(path, flags | os.O_CREAT | BINARY, PRIVATE)


def create_private(path: Path, data: bytes = b"") -> None:
    """Write a new private file.  Raises FileExistsError; one that fails half-way is removed."""
    handle = open_private(path, os.O_WRONLY | os.O_EXCL)
    try:
        try:
            write_all(handle, data)
            sync(handle)
        finally:
            os.close(handle)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


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
    sync_folder(real.parent)


def keep_copy(path: Path, suffix: str) -> Path:
    """Copy a file to its name with `suffix` behind it, over an older copy; returns the place."""
    copy = path.with_name(path.name + suffix)
    with replacing(copy) as part:
        shutil.copy2(path, part)
    return copy


def open_again(path: Path) -> int:
    """A descriptor of a file that is there, to read it and to add to its end."""
    return os.open(path, os.O_RDWR | os.O_APPEND | BINARY)


def is_torn(handle: int) -> bool:
    """Whether a file to whose end lines are added ends in the middle of one."""
    size = os.fstat(handle).st_size
    if not size:
        return False
    os.lseek(handle, size - 1, os.SEEK_SET)  # what is written goes to the end all the same
    return os.read(handle, 1) != b"\n"


def write_all(handle: int, data: bytes) -> None:
    """Write to the end; the system may take less at a time."""
    written = 0
    while written < len(data):
        written += os.write(handle, data[written:])


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


@contextlib.contextmanager
def locked(handle: int) -> Iterator[None]:
    """Be the only one who has a file, of all that ask; where the system has such locks."""
    if fcntl is not None:
        with contextlib.suppress(OSError):  # some network shares have none
            fcntl.flock(handle, fcntl.LOCK_EX)
    yield  # closing the file frees it


def _sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)  # Windows syncs only what may be written
    try:
        sync(handle)
    finally:
        os.close(handle)
