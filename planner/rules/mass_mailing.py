"""Whether the letters of an occasion are mass mail: too many that nobody asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from planner.rules.case import OUT_OF_PLAY, Case
from planner.rules.facts import Program
from planner.rules.situation import Backdrops, Situation, case_for

NAME = "mass mail"


class MassMailing(NamedTuple):
    """Whether the letters of an occasion are too many for this list."""

    letters: int
    in_play: int
    limit: int
    excess: bool = False

    def described(self) -> str:
        """Describe the excess, as the subject of a sentence."""
        return (
            f"{self.letters} letters that nobody asked for, to over half of the {self.in_play}"
            f" programs in play (limit {self.limit})"
        )


def mass_mailing(
    situation: Situation, programs: Iterable[Program], written_to: Iterable[int]
) -> MassMailing:
    """Compare the number of unrequested letters with the programs in play.

    `written_to` holds the ids of programs whose letter of this occasion has left or would
    leave.  Letters to programs that ask or interviewed do not count.
    """
    everyone = list(programs)
    backdrops = Backdrops(situation)
    cases = [case_for(backdrops, p, list_size=len(everyone)) for p in everyone]
    return count_mass(cases, written_to, situation.thresholds.mass_limit)


def count_mass(cases: Collection[Case], written_to: Iterable[int], limit: int) -> MassMailing:
    """Compare them as `mass_mailing` does, for programs whose cases exist already."""
    wanted = set(written_to)
    in_play = sum(case.program.status not in OUT_OF_PLAY for case in cases)
    letters = sum(
        not (case.asks or case.interviewed) for case in cases if case.program.id in wanted
    )
    return MassMailing(letters, in_play, limit, letters > limit and 2 * letters > in_play)


# Rules that select most programs if a list says the same about most of them.
_BECAUSE = {
    "early_step2_policy": "only because they mention Step 2",
    "early_top_choice": "as favorites",
    "early_connection": "for a connection",
    "early_small_list": "only because the list is short",
}


def why_so_many(rules: Sequence[str], letters: int) -> str:
    """Say which rule most of the letters are due to; "" if none of _BECAUSE is among them."""
    found = Counter(rule for rule in rules if rule in _BECAUSE).most_common(1)
    if not found:
        return ""
    rule, count = found[0]
    return f"{'all' if count == letters else count} of them {_BECAUSE[rule]}"
