"""What to do about findings and refusals on the review page, which has tools of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.cli.hints import hint_of
from planner.cli.hints.findings import fix_of

REASON_BOX = "the box “What draws you to them” below"
# What the command line says to type, and where the page has the same.
TOOLS = (
    (": planner programs set PROGRAM reason=... (or impression=...)", f" in {REASON_BOX}."),
    (": planner programs set PROGRAM reason=...", f" in {REASON_BOX}."),
    ("planner edit", "press Edit"),
)
# Findings that the page itself has a form for, by their code.
FORMS: Mapping[str, str] = {
    "salutation_changed": "Press Edit and greet the director, or correct the name.",
    "no_place": "Name the hospital or university.",
    "interview_outside_season": "Correct the day, or take it out.",
    "bad_salutation": "Set the last name, or take it out.",
    "odd_salutation": "Is this the last name? If not, correct it.",
    "no_director_name": "Find the director's last name.",
    "note_contradicts": "If the note is right, say what is true. If not, say why the letter may stand.",
    "told_early": (
        "Did you tell them this score? Then correct the day. If it was other news, take the day"
        " out, or say why the letter may stand."
    ),
    "address_refused": (
        "Are they the same program? Then, in the terminal: planner programs merge NUMBER NUMBER. If"
        " not, say why the letter may stand, or give the program its own address."
    ),
    "generic_reason": f"Give each program its own reason, in {REASON_BOX}.",
    "similar_reason": f"Make the reasons differ in substance, in {REASON_BOX}.",
}
# Refusals that the page itself can do something about, by their code.
REFUSALS: Mapping[str, str] = {
    "open_errors": "Press Edit (e); its findings say what and where. They must be fixed.",
    "not_shown": "Scroll to its end first.",
    "facts_changed": "In the terminal, planner draft writes it again; d shows what would change.",
    "stale": "Press Edit (e), and save it once it is right again; or leave it out.",
}


def fix_on_page(finding: Mapping[str, str]) -> str:
    """What to do about a finding, with the tools of the page where it has them."""
    if not finding.get("fix") and (own := FORMS.get(finding["code"])):
        return own
    text = fix_of(finding)
    for command, tool in TOOLS:
        text = text.replace(command, tool)
    return text


def hint_on_page(told: Any) -> str:
    """What to do about a failure or a refusal."""
    if told.code == "open_errors" and told.facts.get("overridable"):
        return "Fix them, or say under the findings why each of them may stand."
    return told.hint or REFUSALS.get(told.code, "") or hint_of(told)
