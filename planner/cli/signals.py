"""Ctrl-C and its like while letters leave: first after the letters under way, then at once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any, Self, TypeVar

from planner import system

T = TypeVar("T")


class Interruptions:
    """A context manager; from the work on, until it is left, no signal ends the process by itself.

    The first one calls `first`, so that the work stops when it can; the second cancels it.
    Further ones, and those after the work, are only counted: what is being written down is
    written, and the last words are said.
    """

    def __init__(self, first: Callable[[], None]) -> None:
        self.asked = 0
        self._first = first
        self._before: dict[int, Any] = {}
        self._task: asyncio.Task[Any] | None = None

    def __enter__(self) -> Self:
        return self

    def _hear(self) -> None:
        alone = system.outlives_its_terminal()
        heard = [n for n in system.ENDING if not (alone and n == system.HANG_UP)]
        self._before = {number: signal.signal(number, self._take) for number in heard}

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work in a loop of its own.

        Raises KeyboardInterrupt where the second signal came and there was nothing to save.
        """

        self._hear()

        async def watched() -> T:
            self._task = asyncio.ensure_future(work)
            try:
                return await self._task  # type: ignore[no-any-return]
            finally:
                self._task = None

        try:
            return asyncio.run(watched())
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        self.asked += 1
        if (task := self._task) is not None and self.asked <= 2:
            # In the loop's own time, which this also wakes up.
            task.get_loop().call_soon_threadsafe(self._first if self.asked == 1 else task.cancel)
