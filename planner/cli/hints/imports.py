"""What to type about an issue or a note of an import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from planner.cli.hints import hint_of
from planner.sheets.records import Issue

if TYPE_CHECKING:
    from planner.steps.importing.report import Note

# What goes on the sentence of an issue, by its code.
ENDINGS: Mapping[str, str] = {
    "taken_out": " (planner programs remove {program} --undo, or --force, brings it back)",
    "kept_yours": " (--force takes the file's)",
    "name_says": "; is it one of {specialty}? Then give the row that Specialty",
    "probable_twin": " If it is the same: planner programs merge {known} {fresh}",
}


def told(issue: Issue) -> Issue:
    """An issue whose message says what to type, too."""
    ending = ENDINGS.get(issue.code, "").format_map(issue.facts)
    return issue._replace(message=issue.message + ending)


def note_text(note: Note) -> str:
    """A note with what to do about it."""
    return f"{note.text} {hint_of(note)}".rstrip()
