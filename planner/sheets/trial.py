"""Opens a workbook in a separate process, which may crash.

The reader ends its process if it gets no memory, so a file that may need too much is tried
first where that does no harm.  If the system does not limit the memory of a process (macOS),
a malicious file still ends only the child.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SPARE = 256 * 2**20  # bytes of memory for Python, the reader, and a small list
TIMES = 10  # bytes of memory for each byte of the file, unpacked
SECONDS = 60
NO_MEMORY = 3


def survives(path: Path) -> bool:
    """Whether a process with memory in proportion to the file can read all of its sheets.

    True also for a file that is only damaged, because the reader reports that later.
    """
    command = [sys.executable, "-P", "-m", __name__, str(path), str(SPARE + TIMES * _size(path))]
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    # A crash is a negative number, or on Windows one of more than 31 bits.
    return 0 <= done.returncode < 2**31 and done.returncode != NO_MEMORY


def _size(path: Path) -> int:
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            return sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        return path.stat().st_size


def main(path: str, most: str) -> int:
    """Read every sheet, with at most `most` bytes of memory."""
    import contextlib
    import resource

    from python_calamine import CalamineWorkbook

    with contextlib.suppress(ValueError, OSError):  # a system without such a limit
        resource.setrlimit(resource.RLIMIT_AS, (int(most), int(most)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with Path(path).open("rb") as file:
            book = CalamineWorkbook.from_filelike(file)
            for name in book.sheet_names:
                book.get_sheet_by_name(name)
    except MemoryError:
        return NO_MEMORY
    except BaseException:  # noqa: BLE001 - damaged in some way; panics are BaseExceptions
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
