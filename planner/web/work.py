"""What a run of the page works with: the workspace, words of the command line, and the tally."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from planner.open_workspace import OpenWorkspace
from planner.rules.compose_links import Way


class Advice(NamedTuple):
    """What to type, which the command line knows alone.

    `fix` is for a finding, `hint` for a failure; `send` says what sending would do now, and
    `labels` what each way to a mail program is called.
    """

    fix: Callable[[Mapping[str, str]], str]
    hint: Callable[[Any], str]
    send: Callable[[], str]
    labels: Mapping[Way, str]


@dataclass(slots=True)
class Work:
    """One run; `only` narrows it to some letters, `welcome` is said first, `end` ends it."""

    ws: OpenWorkspace
    advice: Advice
    only: Sequence[int] | None = None
    welcome: Sequence[str] = ()
    end: Callable[[], None] = lambda: None
    approved: set[int] = field(default_factory=set)
    left_out: set[int] = field(default_factory=set)
