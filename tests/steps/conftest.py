"""Steps of a workspace whose list has three programs and whose letters are drafts."""

import pytest

from planner.wiring import Workspace


@pytest.fixture
def ws(desk):
    """Three interviewed programs, each with a draft."""
    desk.drafted(3)
    return Workspace("config.toml")
