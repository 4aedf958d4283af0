"""Words of the command line that mean something in the applicant's world."""

from __future__ import annotations

from planner.errors import ConfigError
from planner.rules.facts import Specialty
from planner.wiring import Workspace


def specialty_named(ws: Workspace, name: str | None) -> Specialty | None:
    """The specialty of `--specialty`; None if it was not given.  Raises ConfigError."""
    if name is None:
        return None
    found = ws.settings.specialties.named(name)
    if found is None:
        raise ConfigError(
            f'--specialty: "{name}" is not known.{ws.settings.specialties.guess(name)}',
            hint="Use a name such as Internal Medicine, an alias such as IM, or a code: 140.",
            code="unknown_specialty",
        )
    return found
