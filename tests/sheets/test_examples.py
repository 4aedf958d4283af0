"""The examples in the docstrings are true."""

import doctest
import importlib
import pkgutil

import planner.sheets


def test_the_examples_of_every_parser_hold():
    names = [m.name for m in pkgutil.walk_packages(planner.sheets.__path__, "planner.sheets.")]
    results = [doctest.testmod(importlib.import_module(name)) for name in names]
    assert sum(result.attempted for result in results) > 20
    assert not any(result.failed for result in results)
