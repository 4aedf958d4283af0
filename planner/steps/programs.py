"""Looking at programs and setting their fields by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planner.errors import ConfigError
from planner.rules.facts import Program
from planner.rules.planning import Situation
from planner.rules.specialties import Specialties
from planner.sheets import cells
from planner.sheets.fields import BY_NAME
from planner.steps.draft import book_for, void_changed
from planner.store import programs
from planner.store.database import Transaction

# What an empty value sets a field to.
EMPTY = Program(id=0, program="", specialty="")
NEVER_EMPTY = frozenset({"program", "specialty"})


def parsed(assignments: Sequence[str], specialties: Specialties) -> dict[str, Any]:
    """FIELD=VALUE words to values, by the words that an import takes too.

    Raises ConfigError naming the field and what was expected.
    """
    values: dict[str, Any] = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        name = name.strip()
        if not equals or name not in BY_NAME:
            known = ", ".join(BY_NAME)
            raise ConfigError(
                f'"{assignment}" is no FIELD=VALUE with a known field.',
                hint=f"Fields: {known}.",
                code="unknown_field",
            )
        values[name] = _value(name, cells.clean(text), specialties)
    return values


def _value(name: str, text: str, specialties: Specialties) -> Any:
    own_word = name in {"step2_policy", "signal", "contact_policy"} and text
    if cells.is_missing(text) and not own_word:
        if name in NEVER_EMPTY:
            raise ConfigError(f"{name} cannot be empty.", hint=f"{name}=..., with a value.")
        return getattr(EMPTY, name)
    if name == "specialty":
        found = specialties.named(text)
        if found is None:
            raise ConfigError(
                f'specialty: "{text}" is not known.', hint="planner assess lists them."
            )
        return found.name
    try:
        value = BY_NAME[name].parse(text)
    except cells.BadCellError as bad:
        raise ConfigError(
            f'{name}: "{text}" makes no sense; {bad.expected}.',
            hint=f"planner programs set PROGRAM {name}=...",
            code=bad.code,
        ) from None
    return value.value if isinstance(value, cells.Noted) else value


def set_fields(
    tx: Transaction, situation: Situation, program: Program, values: dict[str, Any]
) -> list[int]:
    """Set fields by hand; returns the letters whose approval that voids."""
    programs.set_fields(tx, program, values)
    return void_changed(tx, book_for(tx, situation), at=situation.now, command="programs set")
