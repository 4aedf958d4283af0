"""Step 0: a new score reaches no program by itself, and each service re-sends it its own way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from planner.rules.case import OUT_OF_PLAY, Case
from planner.rules.facts import Service
from planner.rules.situation import Situation

# What to do there.
RESEND: Mapping[Service, str] = {
    Service.ERAS: "MyERAS, Additional Documents, Resend My Scores",
    Service.RESIDENCYCAS: "USMLE and COMLEX Scores, request them again (goes to every program)",
    Service.SFMATCH: "add the new score report to your application",
    Service.OTHER: "send the new score report the way that service asks for",
}


def unsent_services(situation: Situation, cases: Iterable[Case]) -> tuple[Service, ...]:
    """The services of programs in play through which the new score has not been re-sent."""
    if situation.applicant.step2.pending:
        return ()
    used = {c.service for c in cases if c.program.status not in OUT_OF_PLAY}
    return tuple(s for s in Service if s in used and s not in situation.applicant.transcript)
