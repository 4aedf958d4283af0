"""What to do about a plan as a whole: step 0, and too many letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.rules.mass_mailing import why_so_many
from planner.rules.resending import RESEND
from planner.rules.wording import SERVICE_NAMES

if TYPE_CHECKING:
    from planner.rules.facts import Service
    from planner.rules.planning import Plan


def step_zero(resend: Sequence[Service]) -> list[dict[str, str]]:
    """The services through which the new score has yet to be re-sent, how, and what notes it."""
    return [
        {
            "service": SERVICE_NAMES[service] or "its own service",
            "how": RESEND[service],
            "key": f"transcript.{service}",
        }
        for service in resend
    ]


def step_zero_lines(resend: Sequence[Service]) -> list[str]:
    """The same as lines: a title, one for each service, and what holds until then."""
    steps = step_zero(resend)
    return [
        "Step 0: re-send the new score; it does not reach any program by itself.",
        *(f"- {step['service']}: {step['how']}; then set {step['key']}" for step in steps),
        "Until the day is in config.toml ([transcript]), letters can be written but are not sent.",
    ]


def mass_advice(plan: Plan) -> list[str]:
    """That a draft of everything would be refused as mass mail, and what narrows it."""
    if not plan.mass.excess:
        return []
    because = why_so_many([d.rule for d in plan.decisions if d.letter], plan.mass.letters)
    counted = f"; {because}" if because else ""
    return [
        (
            f"Mass mail: this plan comes to {plan.mass.described()}{counted}. A generic mass mailing gets"
            " skimmed, and planner draft refuses it."
        ),
        (
            "Mark those that matter most (planner programs set PROGRAM top_choice=yes), and write to"
            " them alone: planner draft --program PROGRAM --program PROGRAM"
        ),
    ]
