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
from planner.cli.hints.plans import step_zero
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
    help="Allow more than rules.mass_limit unrequested letters.",
)
@json_option
@click.pass_obj
def draft_command(
    ws: Workspace, only: tuple[str, ...], allow_mass: bool, as_json: bool
) -> ExitCode:
    """Write a letter for each program that the plan says to write to.

    An existing letter is rewritten if its facts changed; one that you edited is never
    overwritten, only marked stale.  A draft that the plan no longer wants stays until you leave
    it out.
    """
    with progress("drafting") as step:
        report = steps.draft.draft(ws, only or None, allow_mass=allow_mass, progress=step)
    if as_json:
        emit(_document(report))
    else:
        say(_text(report))
    return ExitCode.OK


# What each list of the report is called where that is not its own name.
CALLED = {
    "rerendered": "written again",
    "undecided": "no longer wanted",
    "voided": "no longer approved",
}
LISTS = ("new", "rerendered", "unchanged", "stale", "undecided", "voided")


def _document(report: DraftReport) -> dict[str, Any]:
    return {
        **{name: getattr(report, name) for name in LISTS},
        "step_zero": step_zero(report.resend),
        "letters": [letter_document(letter) for letter in report.letters],
    }


def _text(report: DraftReport) -> str:
    counts = [
        f"{len(numbers)} {CALLED.get(name, name)}"
        for name in LISTS
        if (numbers := getattr(report, name))
    ]
    if not counts and report.others:
        return (
            f"Nothing to draft; {show.plural(report.others, 'letter')} for this score"
            f" {'is no longer a draft' if report.others == 1 else 'are no longer drafts'}.\n"
            "  -> planner outbox list shows each with its state."
        )
    if not counts:
        return (
            "No program is worth a letter now, and there are no drafts.\n"
            "  -> planner plan says why, for every program."
        )
    parts = [f"Letters: {', '.join(counts)}"]
    wanted = [x for x in report.letters if not x.undecided]
    rows = [(x.id, x.letter, _grades(x), show.named(x)) for x in wanted]
    if rows:
        parts.append(show.table(rows, ("ID", "LETTER", "FINDINGS", "PROGRAM")))
    parts += _findings_by_kind(wanted)
    parts += _unwanted(report.unwanted)
    missing = [x.program for x in wanted if _has(x, "no_reason")]
    if missing:
        names = ", ".join(missing[:8]) + (", ..." if len(missing) > 8 else "")
        parts.append(
            show.wrapped(
                f"{show.plural(len(missing), 'strong letter')} without a reason: {names}.",
                hanging="  ",
            )
            + "\n  -> planner reasons asks for them, one by one"
        )
    if wanted:
        parts += show.first_step(report.resend)
        parts.append("Next: planner review goes through them, one by one")
    return "\n\n".join(parts)


def _unwanted(letters: Sequence[Letter]) -> list[str]:
    """Drafts that the plan would not write today, why, and how to be rid of them."""
    if not letters:
        return []
    are = "is" if len(letters) == 1 else "are"
    title = f"{show.plural(len(letters), 'draft')} {are} no longer wanted, and will not be sent:"
    lines = (f"letter {x.id}, {show.named(x)}: {x.held_because}" for x in letters)
    numbers = show.ranges([x.id for x in letters])
    return [f"{title}\n{show.bullets(lines)}\n  -> planner leave-out {numbers}"]


def _grades(letter: Letter) -> str:
    found = Counter(f["severity"] for f in letter.findings)
    words = [
        f"{found[s]} {s}{'s' if found[s] > 1 else ''}" for s in ("error", "warning") if found[s]
    ]
    return ", ".join([*(["stale"] if letter.stale else []), *words]) or "-"


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
