"""The start of the command, before anything is loaded."""

import subprocess
import sys

import pytest

import planner

INTERRUPTED = """
import sys

class Interrupting:
    def find_spec(self, name, *_):
        if name == {module!r}:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
from planner.__main__ import main
main()
"""


def run(root, *words):
    return subprocess.run(
        [sys.executable, *words], cwd=root, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("module", ["planner.cli", "click"])
def test_an_interruption_while_it_is_loaded_is_no_traceback(root, module):
    done = run(root, "-c", INTERRUPTED.format(module=module))
    assert (done.returncode, done.stderr) == (130, "planner: Interrupted.\n")


def test_it_can_be_run_as_a_module(root):
    done = run(root, "-m", "planner", "--version")
    assert (done.returncode, planner.__version__ in done.stdout) == (0, True)
