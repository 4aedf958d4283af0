"""`draft`: letters are written, and what must not stay in them is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from planner import steps
from planner.cli import show
from planner.cli.app import emit, json_option, progress, say
from planner.cli.documents import letter_document
from planner.cli.hints.findings import fix_of
from planner.errors import ExitCode
from planner.rules.letters import Letter
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.steps.draft import DraftReport


@click.command("draft", epilog='Example: planner draft --program "Mercy General"')
@click.option("--program", "only", multiple=True, help="Only this program (more than once: these).")
@click.option(
    "--allow-mass",
    is_flag=True,
    help="Allow more than rules.mass_limit letters that nobody asked for.",
)
@json_option
@click.pass_obj
def draft_command(
    ws: Workspace, only: tuple[str, ...], allow_mass: bool, as_json: bool
) -> ExitCode:
    """Write a letter for each program that the plan says to write to.

    A letter that exists is rendered again if its facts changed; one that you edited is
    never overwritten, only marked stale.
    """
    with progress("drafting") as step:
        report = steps.draft.draft(ws, only or None, allow_mass=allow_mass, progress=step)
    if as_json:
        emit(_document(report))
    else:
        say(_text(report))
    return ExitCode.OK


LISTS = ("new", "rerendered", "unchanged", "stale", "undecided", "voided")


def _document(report: DraftReport) -> dict[str, Any]:
    return {
        **{name: getattr(report, name) for name in LISTS},
        "letters": [letter_document(letter) for letter in report.letters],
    }


def _text(report: DraftReport) -> str:
    counts = [f"{len(getattr(report, name))} {name}" for name in LISTS if getattr(report, name)]
    if not counts and report.others:
        return (
            f"Nothing to draft; {show.plural(report.others, 'letter')} of this occasion"
            f" {'is not a draft' if report.others == 1 else 'are not drafts'} any more.\n"
            "  -> planner outbox list shows each with its state."
        )
    if not counts:
        return (
            "No program is worth a letter now, and there are no drafts.\n"
            "  -> planner plan says why, for every program."
        )
    parts = [f"Letters: {', '.join(counts)}"]
    rows = [(x.id, x.letter, _grades(x), x.program) for x in report.letters]
    if rows:
        parts.append(show.table(rows, ("ID", "LETTER", "FINDINGS", "PROGRAM")))
    parts += _findings_by_kind(report.letters)
    missing = [x.program for x in report.letters if _has(x, "no_reason")]
    if missing:
        names = ", ".join(missing[:8]) + (", ..." if len(missing) > 8 else "")
        parts.append(
            show.wrapped(
                f"{show.plural(len(missing), 'strong letter')} without a reason: {names}.",
                hanging="  ",
            )
            + "\n  -> planner reasons asks for them, one after another"
        )
    if report.letters:
        parts.append("Next: planner review goes through them, one by one")
    return "\n\n".join(parts)


def _grades(letter: Letter) -> str:
    found = Counter(f["severity"] for f in letter.findings)
    words = [
        f"{found[s]} {s}{'s' if found[s] > 1 else ''}" for s in ("error", "warning") if found[s]
    ]
    flags = [w for w, on in (("stale", letter.stale), ("undecided", letter.undecided)) if on]
    return ", ".join([*flags, *words]) or "-"


def _has(letter: Letter, code: str) -> bool:
    return any(f["code"] == code for f in letter.findings)


def _findings_by_kind(letters: Sequence[Letter]) -> list[str]:
    kinds: dict[tuple[str, str, str], list[int]] = {}
    for letter in letters:
        for f in letter.findings:
            numbers = kinds.setdefault((f["severity"], f["code"], fix_of(f)), [])
            if letter.id not in numbers:
                numbers.append(letter.id)
    if not kinds:
        return []
    rows = [
        (severity, code, len(numbers), f"{fix} ({show.ranges(numbers)})")
        for (severity, code, fix), numbers in sorted(kinds.items())
    ]
    return [show.table(rows, ("SEVERITY", "FINDING", "LETTERS", "WHAT TO DO"))]
