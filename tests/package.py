"""What is published, as a stranger gets it, with the lowest versions it allows: `make package`.

Whoever has an older click in the same environment gets that one, so a bound that says too
much is a crash for them; and whoever packs it for a distribution runs the tests of the sdist.
"""

import re
import subprocess
import sys
import tarfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACE = ROOT / ".package"
PYTHON = PLACE / "env" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
# What the tests themselves need, as new as ever.
TOOLS = ("cryptography", "hypothesis", "pexpect", "pytest", "pytest-randomly", "pytest-xdist")
# One test file for each library at least: commands, letters, lists, SMTP, config, documents.
TRIED = (
    "tests/cli/test_command.py",
    "tests/cli/test_letters.py",
    "tests/mail/test_delivery.py",
    "tests/sheets/test_workbook.py",
    "tests/test_config.py",
    "tests/test_docs.py",
    "tests/test_migrations.py",
)


def lowest(requirements):
    """Each requirement at its lower bound.

    >>> lowest(['click>=8.4,<9', 'keyring>=25.6,<26; sys_platform == "darwin"'])
    ['click==8.4', 'keyring==25.6; sys_platform == "darwin"']
    """
    bound = re.compile(r"^([\w.-]+)>=([\w.]+)[^;]*")
    return [bound.sub(r"\1==\2", requirement) for requirement in requirements]


def _run(*words, cwd=ROOT):
    subprocess.run([str(word) for word in words], check=True, cwd=cwd)


def main():
    """Build it, install it with the lowest versions, and run the demo and some tests of the sdist."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    venv.create(PYTHON.parents[1], clear=True, with_pip=True)
    pip = (PYTHON, "-m", "pip", "--quiet", "--disable-pip-version-check", "install")
    for old in (PLACE / "dist").glob("*"):
        old.unlink()
    _run(sys.executable, "-m", "build", "--outdir", PLACE / "dist", ROOT)
    (wheel,) = (PLACE / "dist").glob("*.whl")
    (sdist,) = (PLACE / "dist").glob("*.tar.gz")
    needed = [*project["dependencies"], *project["optional-dependencies"]["web"]]
    _run(*pip, *lowest(needed), *TOOLS)
    _run(*pip, "--no-deps", wheel)
    _run(PYTHON, "-m", "pip", "check")
    _run(PYTHON.with_name("step2-planner"), "demo", cwd=PLACE)
    with tarfile.open(sdist) as archive:
        archive.extractall(PLACE / "sdist", filter="data")
    inside = PLACE / "sdist" / sdist.name.removesuffix(".tar.gz")
    _run(
        PYTHON, "-m", "pytest", "--quiet", "--numprocesses=auto", *sys.argv[1:], *TRIED, cwd=inside
    )
    _run(*pip, "twine")  # last, since it brings keyring along
    _run(PYTHON, "-m", "twine", "check", "--strict", wheel, sdist)


if __name__ == "__main__":
    main()
