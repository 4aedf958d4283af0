"""The story: what a person can do, as functions of a workspace and plain values.

A step opens its transactions itself and returns values; the caller has words for
them.  The modules are loaded when they are first asked for (`steps.plan.explain(...)`), so
that a mistake in what was typed is told before anything that knows SQL is there.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.steps import actions as actions
    from planner.steps import audit as audit
    from planner.steps import correcting as correcting
    from planner.steps import dates as dates
    from planner.steps import doctor as doctor
    from planner.steps import draft as draft
    from planner.steps import edit as edit
    from planner.steps import figures as figures
    from planner.steps import importing as importing
    from planner.steps import merging as merging
    from planner.steps import outbox as outbox
    from planner.steps import overrides as overrides
    from planner.steps import overview as overview
    from planner.steps import plan as plan
    from planner.steps import preview as preview
    from planner.steps import programs as programs
    from planner.steps import reasons as reasons
    from planner.steps import reconcile as reconcile
    from planner.steps import review as review
    from planner.steps import review_view as review_view
    from planner.steps import rule_book as rule_book
    from planner.steps import sending as sending
    from planner.steps import status as status
    from planner.steps import told as told
    from planner.steps import trial as trial


def __getattr__(name: str) -> ModuleType:
    """Load the module of a step."""
    try:
        return importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"{__name__}.{name}":
            raise
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
