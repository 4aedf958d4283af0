"""Whether the letters of an occasion are mass mail: too many that nobody asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
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
        """The excess, as the subject of a sentence."""
        return (
            f"{self.letters} letters that nobody asked for, to over half of the {self.in_play}"
            f" programs in play (limit {self.limit})"
        )


def mass_mailing(
    situation: Situation, programs: Iterable[Program], written_to: Iterable[int]
) -> MassMailing:
    """Compare the number of unrequested letters with the programs in play.

    `written_to` holds the ids of programs whose letter of this occasion has gone or
    would go.  Programs that ask or interviewed do not count as letters.
    """
    everyone = list(programs)
    in_play = [p for p in everyone if p.status not in OUT_OF_PLAY]
    wanted = set(written_to)
    listed = [p for p in everyone if p.id in wanted]
    backdrops = Backdrops(situation)
    cases = (case_for(backdrops, p, list_size=len(everyone)) for p in listed)
    letters = sum(not _expected(case) for case in cases)
    limit = situation.thresholds.mass_limit
    excess = letters > limit and 2 * letters > len(in_play)
    return MassMailing(letters, len(in_play), limit, excess)


def _expected(case: Case) -> bool:
    return case.asks or case.interviewed


# What only singles a program out because a list says it of most programs.
_BECAUSE = {
    "early_step2_policy": "only because they say anything of Step 2",
    "early_top_choice": "as favorites",
    "early_connection": "for a connection",
    "early_small_list": "only because the list is short",
}


def why_so_many(rules: Sequence[str], letters: int) -> str:
    """What most of so many letters rest on, by the rules of all; empty without such a rule."""
    found = Counter(rule for rule in rules if rule in _BECAUSE).most_common(1)
    if not found:
        return ""
    rule, count = found[0]
    return f"{'all' if count == letters else count} of them {_BECAUSE[rule]}"
