"""A field of a program is corrected from a letter to it, which is then written again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from planner.sheets.parsers.dates import season_of
from planner.sheets.writer import cell_of
from planner.steps.actions import ChangedMeanwhileError, Opened, refuse_changed
from planner.steps.draft import draft
from planner.steps.plan import find_program
from planner.steps.programs import find_doubts, parse_assignments, set_fields
from planner.steps.recovering import recover_dead
from planner.steps.workspace import Workspace
from planner.store.letters import get_letters
from planner.store.programs import list_programs


class Corrected(NamedTuple):
    """What a field was and is now, as a cell of a list has it, and what is odd about it."""

    was: str
    value: str
    remarks: Sequence[str]


def correct(
    ws: Workspace, opened: Opened, field: str, text: str, *, was: str | None = None
) -> Corrected:
    """Set a field of the program that a letter is to, and write an unedited draft again.

    `was` is what the user saw there.  Raises ConfigError for a text that the field cannot
    hold, ChangedMeanwhileError if the letter or the field is not what they have before them.
    """
    situation = ws.situation()
    season, specialties = season_of(situation), situation.specialties
    values, remarks = parse_assignments([f"{field}={text}"], specialties, season=season)
    recover_dead(ws)
    with ws.store.begin() as tx:
        letter = get_letters(tx, [opened.id])[0]
        refuse_changed(letter, opened)
        program = find_program(list_programs(tx), f"#{letter.program_id}")
        before = cell_of(field, getattr(program, field))
        if was is not None and before != was:
            raise ChangedMeanwhileError(
                f"{field} of #{program.id} {program.program} was changed in the meantime, to"
                f" “{before}”, by another command.",
                code="changed_meanwhile",
                letter=letter.id,
            )
        remarks += find_doubts(program, values, specialties, season=season)
        set_fields(tx, situation, program, values, account=ws.account)
    draft(ws, [f"#{letter.program_id}"], allow_mass=True)
    return Corrected(before, cell_of(field, values[field]), remarks)
