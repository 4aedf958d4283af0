"""Errors that a user can fix: a sentence, a code with facts, and an exit code."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ends; the same numbers for every command."""

    OK = 0
    FAILED = 1
    USAGE = 2
    PERSON_NEEDED = 3
    TRY_LATER = 75
    INTERRUPTED = 130


# If several apply, the first of these is the one that the shell sees.
PRECEDENCE = (
    ExitCode.INTERRUPTED,
    ExitCode.PERSON_NEEDED,
    ExitCode.USAGE,
    ExitCode.FAILED,
    ExitCode.TRY_LATER,
    ExitCode.OK,
)


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the exit code that comes first in PRECEDENCE; OK if `codes` is empty."""
    found = set(codes)
    return next((code for code in PRECEDENCE if code in found), ExitCode.OK)


class PlannerError(Exception):
    """Something that the user can fix.

    `message` says what happened and where; `code` is a stable word for scripts.  What to type
    next is not known here: the command line looks up the code in its table of hints and fills
    in the `facts`.  `hint` is advice that names no command; it is shown first.
    """

    exit_code = ExitCode.FAILED
    usual_code = "failed"

    def __init__(self, message: str, *, hint: str = "", code: str = "", **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code or self.usual_code
        self.facts = facts


class StorageError(PlannerError):
    """The database, or the journal beside it, cannot be used as things are."""


class BusyError(StorageError):
    """Another program has the database locked."""

    exit_code = ExitCode.TRY_LATER


class ConfigError(PlannerError):
    """The configuration, or a word on the command line, cannot be used."""

    exit_code = ExitCode.USAGE
    usual_code = "config"


class UnknownNameError(PlannerError):
    """The user named a program, letter or file that does not exist, or is not unique."""

    exit_code = ExitCode.USAGE
    usual_code = "unknown_name"


class PersonNeededError(PlannerError):
    """A person must look before this can go on."""

    exit_code = ExitCode.PERSON_NEEDED
    usual_code = "person_needed"


class TryLaterError(PlannerError):
    """Nothing is wrong; the same command will do its work later."""

    exit_code = ExitCode.TRY_LATER
    usual_code = "try_later"
