"""Records that the applicant told a program by other means, and what that changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from planner.rules.facts import Verdict
from planner.rules.letters import Letter
from planner.rules.planning import Decision, make_plan
from planner.steps.plan import find_program
from planner.steps.programs import set_fields
from planner.steps.recovering import recover_dead
from planner.steps.under_way import UnderWay, find_under_way
from planner.steps.workspace import Workspace
from planner.store import programs
from planner.store.letters import list_letters


class Told(NamedTuple):
    """The decision for the program now, its letters that still wait, and those under way."""

    decision: Decision
    waiting: Sequence[Letter]
    under_way: Sequence[UnderWay]

    @property
    def still_to_tell(self) -> bool:
        """Whether the plan writes to it anyway: it was told before there was news."""
        return self.decision.verdict is Verdict.EMAIL


def record_told(ws: Workspace, name: str, day: date) -> Told:
    """Record the date on which a program was told.

    Raises UnknownNameError for a name that fits no program, or several.
    """
    situation = ws.situation()
    recover_dead(ws)
    with ws.store.begin() as tx:
        program = find_program(programs.list_programs(tx), name)
        set_fields(tx, situation, program, {"told_on": day}, account=ws.account)
        under_way = find_under_way(tx, situation, ws.account)
    with ws.store.read() as tx:
        letters = list_letters(tx)
        plan = make_plan(
            situation, programs.list_programs(tx), [letter.fact() for letter in letters]
        )
    waiting = [x for x in letters if x.program_id == program.id and x.waits]
    return Told(plan.by_program()[program.id], waiting, under_way)
