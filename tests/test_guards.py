"""The tests cannot hurt anyone."""

import os
import socket
from pathlib import Path

import pytest


def test_no_test_reaches_a_host_beyond_loopback():
    with socket.socket() as connection, pytest.raises(AssertionError, match="wanted to reach"):
        connection.connect(("192.0.2.1", 25))


def test_no_test_sees_a_real_home_or_config(own_home):
    assert Path.home() == own_home
    assert Path.cwd() == own_home
    assert "PLANNER_CONFIG" not in os.environ
    assert "PLANNER_SMTP_PASSWORD" not in os.environ
