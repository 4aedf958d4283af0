"""What to do about findings and refusals on the review page, which has tools of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.cli.hints import hint_of, override_command
from planner.cli.hints.findings import fix_of

REASON_BOX = "the box “What draws you to them” below"
# What the command line says to type, and where the page has the same.
TOOLS = (
    (": planner programs set PROGRAM reason=... (or impression=...)", f" in {REASON_BOX}"),
    (": planner programs set PROGRAM reason=...", f" in {REASON_BOX}"),
    ("planner edit", "press Edit"),
)
# Refusals that the page itself can do something about, by their code.
REFUSALS: Mapping[str, str] = {
    "open_errors": "Press Edit (e); its findings say what and where.",
    "not_shown": "Scroll through it to its end first.",
    "stale": "Press Edit (e), and save it once it is right again; or leave it out.",
}


def fix_on_page(finding: Mapping[str, str]) -> str:
    """What to do about a finding, with the tools of the page where it has them."""
    text = fix_of(finding)
    for command, tool in TOOLS:
        text = text.replace(command, tool)
    return text


def hint_on_page(told: Any) -> str:
    """What to do about a failure or a refusal."""
    if told.code == "open_errors" and told.facts.get("overridable"):
        command = override_command(told.facts["letter"], told.facts["numbers"])
        return f"{REFUSALS[told.code]} If they may stand, in the terminal: {command}"
    return told.hint or REFUSALS.get(told.code, "") or hint_of(told)
