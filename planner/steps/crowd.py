"""How many sessions work side by side, and how many the server suffers."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(slots=True)
class Crowd:
    """The sessions of a run: `working` of those that were `opened` are at work.

    `most` is what the server suffers, as far as it has said; it holds for the whole run.
    """

    opened: int = 0
    working: int = 0
    most: int = sys.maxsize

    def gather(self, wanted: int) -> int:
        """Begin a round with so many sessions as are wanted, and suffered; gives how many."""
        self.opened = self.working = min(wanted, self.most)
        return self.opened

    @property
    def allowed(self) -> int:
        """How many may be at work."""
        return min(self.opened, self.most)

    @property
    def is_too_large(self) -> bool:
        """Whether the session that asks should leave."""
        return self.working > self.most

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """One session at work; it is gone before another one can look."""
        try:
            yield
        finally:
            self.working -= 1

    def shrinks(self, beside: int) -> bool:
        """Whether the run goes on with fewer, after a letter was one of too many.

        `beside` is how many were allowed when it was begun.  Half of them go on; those that
        were refused beside each other are refused once, for who began beside more than are
        allowed now has been heard already.  One alone cannot be made fewer.
        """
        if beside == 1:
            return False
        if beside == self.allowed:
            self.most = beside // 2
        return True
