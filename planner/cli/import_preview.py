"""The outlook of an import: its first programs as they would be written to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.cli import show
from planner.rules.facts import Verdict

if TYPE_CHECKING:
    from planner.steps.importing.forecast import Forecast, Prospect


def outlook_document(outlook: Forecast | None) -> list[dict[str, Any]]:
    """The JSON of an outlook; without one, as after a real import, an empty list."""
    return [
        {
            "program": p.program.program,
            "specialty": p.program.specialty,
            "place": p.place,
            "city": p.program.city,
            "state": p.program.state,
            "salutation": p.salutation,
            "to": list(p.to),
            "cc": list(p.cc),
            "status": p.program.status,
            "decision": p.verdict,
            "rule": p.rule,
            "letter": p.letter,
            "reason": p.reason,
            "held_by": list(p.held_by),
        }
        for p in (outlook.prospects if outlook else ())
    ]


def outlook_text(outlook: Forecast) -> str:
    """The same for a person, with how many letters there would be in all."""
    if not outlook.prospects:
        return ""
    first = len(outlook.prospects)
    if outlook.letters:
        of = show.plural(outlook.programs, "program")
        title = f"Today, {outlook.letters} of {of} would get a letter"
        more = f"; the first {first}:" if outlook.letters > first else ":"
    else:
        title = f"Today, none of {outlook.programs} would get a letter"
        more = f"; the first {first}:" if outlook.programs > first else ":"
    return "\n".join([title + more, *map(_prospect_text, outlook.prospects)])


def _prospect_text(p: Prospect) -> str:
    where = ", ".join(filter(None, (p.place, p.program.city, p.program.state)))
    own = p.program.program
    named = f' ("{own}" in your list)' if own != p.place else ""
    cc = f"; Cc {show.joined(p.cc)}" if p.cc else ""
    to = f"To {show.joined(p.to)}{cc}" if p.to else "To nobody: no address"
    letter = (
        f"Letter {p.letter}: {p.reason}" if p.verdict is Verdict.EMAIL else f"No letter: {p.reason}"
    )
    lines = [f"{p.salutation}", to, f"Status {p.program.status}. {letter}"]
    lines += [f"Held until you decide: {note}" for note in p.held_by]
    head = show.wrapped(f"{where}{named}", indent="  ", hanging="    ")
    return "\n".join([head, *(show.wrapped(x, indent="    ", hanging="      ") for x in lines)])
