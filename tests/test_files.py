"""Files are private, and written whole or not at all, on Linux and other systems."""

import ast
import errno
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from planner import files, system

LONG = "Søren Ångström's list — Zürich, École de médecine, " * 4


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def open_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_a_private_file_is_its_owners_alone_whatever_was_there(tmp_path, open_umask):
    path = tmp_path / f"{LONG[:60]}.eml"
    path.write_text("older")
    path.chmod(0o666)
    files.write_private(path, LONG.encode())
    assert (mode(path), path.read_text()) == (0o600, LONG)
    assert names(tmp_path) == [path.name]


def test_a_shared_file_has_the_mode_of_the_one_that_it_replaces(tmp_path, open_umask):
    path = tmp_path / "list.csv"
    for expected in (0o644, 0o640):
        with files.replacing(path) as part:
            part.write_text("a")
        assert mode(path) == expected
        path.chmod(0o640)


@pytest.mark.parametrize("old", [None, "the old list"])
def test_a_file_that_fails_half_way_leaves_what_was_there(tmp_path, old):
    path = tmp_path / "list.csv"
    if old is not None:
        path.write_text(old)

    def fill():
        with files.replacing(path) as part:
            part.write_text("half")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        fill()
    assert names(tmp_path) == ([] if old is None else ["list.csv"])
    assert old is None or path.read_text() == old


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    path = tmp_path / "list.csv"
    path.symlink_to(tmp_path / "real" / "named so long ago.csv")
    files.write_private(path, b"new")
    assert path.is_symlink()
    assert (tmp_path / "real" / "named so long ago.csv").read_bytes() == b"new"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with files.replacing(path) as part, part.open("wb") as file:
        file.write(b"rows")
    assert os.read(reader, 10) == b"rows"
    os.close(reader)
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_standard_output_is_written_to_where_it_leads_to_a_file_too(tmp_path):
    code = (
        "from pathlib import Path; from planner import files\n"
        "with files.replacing(Path('/dev/stdout')) as part, part.open('a') as f: f.write('rows')"
    )
    with (tmp_path / "out").open("wb") as out:
        subprocess.run([sys.executable, "-c", code], stdout=out, check=True)
    assert (tmp_path / "out").read_text() == "rows"
    assert names(tmp_path) == ["out"]


def test_a_new_file_is_never_written_over_an_old_one(tmp_path):
    path = tmp_path / "config.toml"
    files.create_private(path, b"mine")
    assert mode(path) == 0o600
    with pytest.raises(FileExistsError):
        files.create_private(path, b"other")
    assert path.read_bytes() == b"mine"


def test_a_new_file_that_fails_half_way_is_not_left(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "write_all", full)
    with pytest.raises(OSError, match="No space"):
        files.create_private(tmp_path / "config.toml", b"mine")
    assert names(tmp_path) == []


def test_a_copy_is_kept_with_its_mode_and_replaces_an_older_one(tmp_path):
    path = tmp_path / "list.csv"
    for text in ("first", "second"):
        path.write_text(text)
        path.chmod(0o640)
        kept = files.keep_copy(path, ".before")
        assert (kept.name, kept.read_text(), mode(kept)) == ("list.csv.before", text, 0o640)
    assert names(tmp_path) == ["list.csv", "list.csv.before"]


# --- other systems ---


class Mac:
    """`fcntl` of macOS, which knows how to reach behind the drive's memory."""

    F_FULLFSYNC = 51

    def __init__(self, *, refuses=False):
        self.asked, self.refuses = [], refuses

    def fcntl(self, handle, what):
        self.asked.append(what)
        if self.refuses:
            raise OSError(errno.ENOTSUP, "Operation not supported")


@pytest.mark.parametrize("refuses", [False, True])
def test_macos_is_asked_for_the_disk_itself_and_then_for_what_it_has(
    tmp_path, monkeypatch, refuses
):
    mac, synced = Mac(refuses=refuses), []
    monkeypatch.setattr(system, "fcntl", mac)
    monkeypatch.setattr(system, "os", Watched(synced))
    files.create_private(tmp_path / "x", b"1")
    assert mac.asked == [51]
    assert synced.count("file") == refuses
    assert synced[-1] == "folder"


class Watched:
    """`os` that notes what is synced."""

    def __init__(self, synced):
        self.synced = synced

    def __getattr__(self, name):
        return getattr(os, name)

    def fsync(self, handle):
        self.synced.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        os.fsync(handle)


class Stubborn(Watched):
    """`os` whose folders cannot be synced: a network share, or with `error` a broken disk."""

    def __init__(self, error):
        self.error = error

    def fsync(self, handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(self.error, os.strerror(self.error))
        os.fsync(handle)


def test_a_share_that_cannot_sync_a_folder_is_written_to_and_a_broken_disk_is_told_of(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(system, "os", Stubborn(errno.EINVAL))
    files.write_private(tmp_path / "x", b"1")
    monkeypatch.setattr(system, "os", Stubborn(errno.EIO))
    with pytest.raises(OSError, match="Input/output"):
        files.write_private(tmp_path / "x", b"1")


class Windows:
    """`os` of Windows: opens no folder, syncs nothing that is only read, knows O_BINARY."""

    def __getattr__(self, name):
        if name in {"pread", "pwrite", "fchmod", "O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC"}:
            raise AttributeError(name)
        return getattr(os, name)

    def open(self, path, flags, mode=0o777):
        if Path(path).is_dir():
            raise PermissionError(errno.EACCES, "Permission denied")
        return os.open(path, flags, mode)

    def fsync(self, handle):
        import fcntl

        if fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, "Bad file descriptor")
        os.fsync(handle)


def test_windows_needs_neither_fcntl_nor_folders_that_open(tmp_path, monkeypatch):
    monkeypatch.setattr(system, "fcntl", None)
    monkeypatch.setattr(system, "os", Windows())
    monkeypatch.setattr(files, "os", Windows())
    files.make_folder(tmp_path / "a" / "b")
    files.create_private(tmp_path / "a" / "b" / "x", b"1\n")
    files.write_private(tmp_path / "a" / "b" / "x", b"2\n")
    files.keep_copy(tmp_path / "a" / "b" / "x", ".before")
    assert names(tmp_path / "a" / "b") == ["x", "x.before"]


# --- nobody writes by hand ---

# What writes a file, or makes one; `tempfile` is private by itself.
WRITES = {"write_text", "write_bytes", "fsync", "mkstemp", "NamedTemporaryFile"}
# Each with its reason: a temporary file is no place that a user named.
BY_THEMSELVES = {
    "cli/__init__.py": {"mkstemp", "open"},  # the log of a bug; and /dev/null
    "cli/group.py": {"write_text"},  # a paragraph of help, and no file
    "cli/editor.py": {"NamedTemporaryFile"},  # what the editor opens
    "mail/message.py": {"write_text"},  # a header, and no file
    "sheets/reader.py": {"NamedTemporaryFile"},  # standard input, to be read twice
    "sheets/rejects.py": {"open"},  # inside `replacing`
    "sheets/writer.py": {"open"},  # inside `replacing`
}


def writing(tree):
    """The calls in a module that write a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = [a.value for a in node.args[:2] if isinstance(a, ast.Constant)]
            is_os = getattr(getattr(node.func, "value", None), "id", "") == "os"
            modes = any(re.fullmatch(r"(?=.*[wax+])[rwaxbt+]+", str(m)) for m in first)
            if called in WRITES or (called == "open" and (is_os or modes)):
                yield called


@pytest.mark.long
def test_every_file_is_written_by_the_one_module_for_it(root):
    found = {}
    for path in (root / "planner").rglob("*.py"):
        if calls := set(writing(ast.parse(path.read_text("utf-8")))):
            found[str(path.relative_to(root / "planner"))] = calls
    assert found.pop("files.py")
    assert found.pop("system.py") == {"fsync", "open"}  # of a folder, which is not written
    assert found == BY_THEMSELVES


def test_a_module_that_writes_by_hand_is_seen():
    for line in ("p.write_text('a')", "p.open('w')", "open(p, 'ab')", "os.open(p, 0)"):
        assert list(writing(ast.parse(line))), line
    assert not list(writing(ast.parse("p.open('rb'); p.open(); table.open('content.xml')")))


def test_the_modules_of_other_systems_are_not_needed(tmp_path):
    code = (
        "import sys; sys.modules['fcntl'] = None\n"
        "from planner import system; from planner.store import lock\n"
        "assert system.fcntl is None"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)


def test_a_partial_write_goes_on_where_it_stopped(tmp_path, monkeypatch):
    few = SimpleNamespace(write=lambda handle, data: os.write(handle, data[:7]))
    monkeypatch.setattr(files, "os", few)
    handle = os.open(tmp_path / "x", os.O_WRONLY | os.O_CREAT)
    files.write_all(handle, LONG.encode())
    os.close(handle)
    assert (tmp_path / "x").read_text() == LONG
