"""What to type to add a package, wherever planner was installed."""

import json
import re
import shlex
import sys
import tomllib

import pytest

from planner import system
from planner.cli.hints import hint_for, installing

UV, PIPX = "uv-receipt.toml", "pipx_metadata.json"


def receipt_of_pipx(source):
    return json.dumps({"main_package": {"package": "step2-planner", "package_or_url": source}})


def receipt_of_uv(**requirement):
    values = ", ".join(f"{key} = {json.dumps(value)}" for key, value in requirement.items())
    return f'[tool]\nrequirements = [{{ name = "step2-planner", {values} }}]\n'


@pytest.mark.parametrize(
    ("left", "receipt", "adds"),
    [
        (UV, "", "uv tool install --force 'step2-planner[web]'"),
        (UV, receipt_of_uv(specifier=">=1"), "uv tool install --force 'step2-planner[web]'"),
        (UV, receipt_of_uv(extras=["fast"]), "uv tool install --force 'step2-planner[fast,web]'"),
        (UV, receipt_of_uv(directory="/my planner"), "uv tool install --force '/my planner[web]'"),
        (PIPX, "", "pipx install --force 'step2-planner[web]'"),
        (PIPX, "not json", "pipx install --force 'step2-planner[web]'"),
        (PIPX, receipt_of_pipx("step2-planner"), "pipx install --force 'step2-planner[web]'"),
        (
            PIPX,
            receipt_of_pipx("step2-planner[keyring, web]"),
            "pipx install --force 'step2-planner[keyring,web]'",
        ),
        (PIPX, receipt_of_pipx("/src/planner"), "pipx install --force '/src/planner[web]'"),
    ],
)
def test_pipx_and_uv_are_asked_where_they_installed_it(tmp_path, left, receipt, adds):
    (tmp_path / left).write_text(receipt)
    assert installing.with_extra("web", prefix=str(tmp_path)) == adds


@pytest.mark.parametrize(
    ("left", "upgrades"),
    [(UV, "uv tool upgrade step2-planner"), (PIPX, "pipx upgrade step2-planner")],
)
def test_the_newest_version_comes_the_way_the_first_one_came(tmp_path, left, upgrades):
    (tmp_path / left).touch()
    assert installing.upgraded(str(tmp_path)) == upgrades


def test_elsewhere_it_is_the_pip_of_this_very_python_and_not_the_first_on_the_path(tmp_path):
    words = shlex.split(installing.with_extra("postgres", prefix=str(tmp_path)))
    assert words == [sys.executable, "-m", "pip", "install", "step2-planner[postgres]"]


def test_the_command_is_one_that_cmd_takes(tmp_path, monkeypatch):
    monkeypatch.setattr(system, "WINDOWS", True)
    monkeypatch.setattr(sys, "executable", r"C:\Users\Zoë Roe\planner\python.exe")
    said = installing.with_extra("keyring", prefix=str(tmp_path))
    assert said == r'"C:\Users\Zoë Roe\planner\python.exe" -m pip install "step2-planner[keyring]"'


@pytest.mark.parametrize("left", ["uv", "pipx"])
def test_the_readme_has_the_commands_that_the_program_names(tmp_path, root, left):
    (tmp_path / (UV if left == "uv" else PIPX)).touch()
    assert installing.with_extra("web", prefix=str(tmp_path)) in (root / "README.md").read_text()


def test_every_extra_that_is_named_exists(root):
    extras = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    named = {
        name
        for path in [*(root / "planner").rglob("*.py"), root / "README.md"]
        for name in re.findall(
            r"with_extra\(['\"](\w+)|step2-planner\[(\w+)", path.read_text("utf-8")
        )
        for name in name
        if name
    }
    assert named
    assert named <= set(extras["optional-dependencies"])


def test_what_is_missing_says_so():
    assert hint_for("no_driver", {}).endswith("'step2-planner[postgres]'")
    told = hint_for("no_keyring_package", {"variable": "PLANNER_SMTP_PASSWORD"})
    assert "keyring" in told
    assert "(or use $PLANNER_SMTP_PASSWORD)" in told
