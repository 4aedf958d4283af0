"""What to type to add a package, wherever planner was installed."""

import shlex
import sys

import pytest

from planner import system
from planner.cli.hints import hint_for, installing


@pytest.mark.parametrize(
    ("left", "adds", "upgrades"),
    [
        (
            "uv-receipt.toml",
            "uv tool install --with keyring step2-planner",
            "uv tool upgrade step2-planner",
        ),
        (
            "pipx_metadata.json",
            "pipx inject step2-planner keyring",
            "pipx upgrade step2-planner",
        ),
    ],
)
def test_pipx_and_uv_are_asked_where_they_installed_it(tmp_path, left, adds, upgrades):
    (tmp_path / left).touch()
    assert installing.with_package("keyring", prefix=str(tmp_path)) == adds
    assert installing.upgraded(str(tmp_path)) == upgrades


def test_elsewhere_it_is_the_pip_of_this_very_python_and_not_the_first_on_the_path(tmp_path):
    words = shlex.split(installing.with_package("psycopg[binary]", prefix=str(tmp_path)))
    assert words == [sys.executable, "-m", "pip", "install", "psycopg[binary]"]


def test_the_command_is_one_that_cmd_takes(tmp_path, monkeypatch):
    monkeypatch.setattr(system, "WINDOWS", True)
    monkeypatch.setattr(sys, "executable", r"C:\Users\Zoë Roe\planner\python.exe")
    said = installing.with_package("keyring", prefix=str(tmp_path))
    assert said == r'"C:\Users\Zoë Roe\planner\python.exe" -m pip install "keyring"'


def test_what_is_missing_says_so():
    assert hint_for("no_driver", {}).endswith('"psycopg[binary]"')
    told = hint_for("no_keyring_package", {"variable": "PLANNER_SMTP_PASSWORD"})
    assert "keyring" in told
    assert "(or use $PLANNER_SMTP_PASSWORD)" in told
