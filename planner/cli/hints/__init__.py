"""What to type next, for each code that rules, steps, store and mail give: the one table.

Below the command line a failure is a sentence, a code and facts.  What a person types about
it stands here alone, because another face of the same steps has other ways to say it.  To
add a code, give it a row; a test knows every code that is raised, with its facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from planner.cli.hints import installing

if TYPE_CHECKING:
    from planner.rules.case import Case
    from planner.rules.states import LetterState


class Told(Protocol):
    """An error, a refusal or a check: advice of its own, or a code with facts."""

    @property
    def hint(self) -> str:
        """Advice that names no command; it goes first."""

    @property
    def code(self) -> str:
        """What happened, in a word."""

    @property
    def facts(self) -> Mapping[str, object]:
        """What the row of the code is filled in with."""


# A text with {facts}, or a function of them where it depends on more than their values.
Row = str | Callable[..., str]


def hint_of(told: Told) -> str:
    """What to do about something that was told; empty if there is nothing to say."""
    return told.hint or hint_for(told.code, told.facts)


def hint_for(code: str, facts: Mapping[str, object]) -> str:
    """The row of a code, filled in.

    A value typed for a field has the code that a cell of a list would have, whichever that is.
    """
    row = TABLE.get(code, FIELD if "field" in facts else "")
    return row.format_map(facts) if isinstance(row, str) else row(**facts)


def advice_on(*cases: Case) -> list[str]:
    """What to type where decisions rest on a guess, or on what only the user knows."""
    found = []
    for holds, condition, command in ADVICE:
        numbers = [case.program.id for case in cases if holds(case)]
        if len(numbers) == 1:
            told = condition.format(them=f"#{numbers[0]}")
            found.append(f"{told}: {command.replace('PROGRAM', str(numbers[0]))}")
        elif numbers:
            listed = ", ".join(f"#{number}" for number in sorted(numbers))
            found.append(f"{condition.format(them='them')}: {command} ({listed})")
    return found


# (for which case, a condition that only the user can judge, what to type then)
ADVICE: tuple[tuple[Callable[[Case], bool], str, str], ...] = (
    (
        lambda c: c.presumed_interviewed,
        "If the interview was moved",
        "planner programs set PROGRAM interview_date=...",
    ),
    (
        lambda c: c.program.contact_policy == "channel" and not (c.told or c.pending),
        "Once you have told {them} that way",
        "planner outbox record PROGRAM --on YYYY-MM-DD",
    ),
    (
        lambda c: c.had_it_that_day and not (c.told or c.letter_gone or c.pending),
        "If you told {them} the score on the interview day",
        "planner outbox record PROGRAM --on YYYY-MM-DD",
    ),
)


def override_command(letter: object, numbers: Iterable[int]) -> str:
    """What to type to let these findings of a letter stand."""
    pairs = " ".join(f'--override {number} --because "..."' for number in numbers)
    return f"planner approve {letter} {pairs}"


def _one_at_a_time(*, letter: int | None) -> str:
    return f"One command for each letter: {override_command(letter, [1])}" if letter else ""


def _ambiguous(*, letter: int, number: int) -> str:
    return f"Override them one by one: {override_command(letter, [number])}"


def _wrong_state(*, letter: int, state: LetterState | None = None, said: str | None = None) -> str:
    if state is None:  # a gate, or another sender, was in the way of the move
        return f"planner outbox show {letter} shows its history."
    from planner.cli.hints.states import next_command

    return next_command(state, letter, said)


def _open_errors(*, letter: int, numbers: Iterable[int], overridable: bool) -> str:
    fix = f"Fix it: planner preview {letter} shows what and where"
    return (
        f"{fix}; or let it stand: {override_command(letter, numbers)}" if overridable else f"{fix}."
    )


def _two_programs(*, program: int, field: str, value: str = "") -> str:
    if not value:  # no one value of theirs is the wrong one
        return "planner programs show shows both."
    return f"If one of them is wrong: planner programs set {program} {field}={value}..."


def _retired(*, program: int, letter: int | None = None, into: int | None = None) -> str:
    back = f"planner programs remove {program} --undo"
    if letter is None:
        return f"{back} brings back one that you took off the list."
    return f"{back if into is None else f'planner plan: #{into}'} goes on from there."


def _write_again(*, numbers: Iterable[int]) -> str:
    listed = ",".join(map(str, numbers))
    return f"planner outbox export {listed} --eml ANOTHER-FOLDER writes them again."


FIELD = "planner programs set PROGRAM {field}=..."
_FINDINGS = "planner preview {letter} lists its findings by number."
_DRAFT = "planner draft"

TABLE: Mapping[str, Row] = {
    # Programs.
    "unknown_program": "planner programs list shows them all, with their numbers.",
    "unknown_specialty": 'planner rules score shows them all; or add yours to the config: [specialty."Name"].',
    "same_program": "Name two: planner programs merge 6 8",
    "two_programs": _two_programs,
    "twin": "planner programs show {other}",
    "retired_program": _retired,
    "left_out": "Correct the rows and import again, or set it yourself: planner programs set",
    "no_status_column": 'Name the column: --map "Their Header=status"',
    "mass_mailing": (
        "Write to those that matter most (planner draft --program PROGRAM, more than once), or"
        " add --allow-mass."
    ),
    # Letters, before they are approved.
    "unknown_letter": "planner outbox list shows the letters with their numbers.",
    "changed_meanwhile": "Look at it again: planner preview {letter}",
    "wrong_state": _wrong_state,
    "in_hand": "A sender is working on it: stop that first (Ctrl-C, or wait), then look again.",
    "wrong_letter": "planner edit --help lists the letters and what each says.",
    "undecided": "To see why: planner why {program}",
    "example": "Write your own under [applicant] in config.toml; then planner draft",
    "approved": "To change it: planner unapprove {letter}",
    "other_occasion": "planner leave-out {letter}; then planner draft writes one for what is new.",
    "stale": "Edit it again (planner edit {letter}), or leave it out.",
    "facts_changed": _DRAFT,
    "facts_moved": "planner draft marks it; then edit it again, or leave it out.",
    "recipients_changed": _DRAFT,
    "not_shown": "Read it first: planner preview {letter}   (or add --unseen)",
    "unsafe_header": "Take it out of the letter, your list, or the config; then: planner draft",
    # Letters that leave otherwise.
    "not_yourself": "planner send --reflect {own}",
    "deferred": "To send it yourself: planner unapprove {letter}, then read and approve it again",
    "unwritable": _write_again,
    "no_calendar": "Name another file: planner dates --ics FILE",
    "token_wanted": (
        'Set smtp.auth = "xoauth2" and a smtp.password_command that prints an access token; or send'
        " letters by hand: planner hand ID"
    ),
    # Findings that may stand.
    "open_errors": _open_errors,
    "one_at_a_time": _one_at_a_time,
    "named_twice": _FINDINGS,
    "unknown_finding": _FINDINGS,
    "warning": "A warning blocks nothing: planner approve {letter}",
    "ambiguous_finding": _ambiguous,
    # The database.
    "invariant": "planner db check shows all of it.",
    "older_copy": "planner db reconcile accepts whichever of the three knows most.",
    "newer_database": lambda: f"Install that version again: {installing.upgraded()}",
    "no_driver": lambda: installing.with_extra("postgres"),
    # Secrets.
    "no_keyring_package": lambda variable: (
        f"{installing.with_extra('keyring')}   (or use ${variable})"
    ),
}
