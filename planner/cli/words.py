"""Words of the command line that mean something in the applicant's world."""

from __future__ import annotations

from planner.cli.app import App
from planner.errors import ConfigError
from planner.rules.facts import Specialty


def specialty_named(app: App, name: str | None) -> Specialty | None:
    """The specialty of `--specialty`; None where it was not given.  Raises ConfigError."""
    if name is None:
        return None
    found = app.settings.specialties.named(name)
    if found is None:
        raise ConfigError(
            f'--specialty: "{name}" is not known.',
            hint="Use a name such as Internal Medicine, an alias such as IM, or a code: 140.",
            code="unknown_specialty",
        )
    return found
