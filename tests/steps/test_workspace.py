"""Steps work with any workspace, and nothing that knows SQL is loaded before one is taken."""

import ast
import subprocess
import sys

import pytest

from planner import steps, wiring
from planner.steps.workspace import Workspace
from tests.builders import Worktop

PARTS = {name for name in vars(Workspace) if not name.startswith("_")}


@pytest.mark.parametrize("kind", [wiring.Workspace, Worktop])
def test_each_workspace_has_every_part_that_steps_may_ask_for(kind):
    assert len(PARTS) == 6
    has = {*dir(kind), *kind.__init__.__code__.co_names}
    assert set() == PARTS - has


def test_a_workspace_of_the_config_reads_nothing_until_it_is_asked(tmp_path):
    ws = wiring.Workspace(str(tmp_path / "nowhere" / "config.toml"))
    assert ws.now().tzinfo is not None
    assert not (tmp_path / "nowhere").exists()


def test_every_step_that_is_promised_is_there(root):
    tree = ast.parse((root / "planner/steps/__init__.py").read_text())
    promised = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "planner.steps"
        for alias in node.names
    }
    assert len(promised) > 10
    for name in promised:
        assert getattr(steps, name).__name__ == f"planner.steps.{name}"


def test_a_step_that_is_not_there_is_named():
    with pytest.raises(AttributeError, match="'planner.steps' has no attribute 'wizardry'"):
        _ = steps.wizardry


def test_a_step_is_loaded_when_it_is_asked_for():
    code = (
        "import sys; from planner import steps\n"
        "assert 'sqlalchemy' not in sys.modules\n"
        "steps.plan\n"
        "assert 'sqlalchemy' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
