"""Re-sending a new score: it reaches no program by itself, and each service works differently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from planner.rules.case import OUT_OF_PLAY, Case
from planner.rules.facts import Service
from planner.rules.situation import Situation

# What to do at each service.
RESEND: Mapping[Service, str] = {
    Service.ERAS: "MyERAS, Additional Documents, Resend My Scores",
    Service.RESIDENCYCAS: "USMLE and COMLEX Scores, request them again (goes to every program)",
    Service.SFMATCH: "add the new score report to your application",
    Service.OTHER: "send the new score report the way that service asks for",
}


def unsent_services(situation: Situation, cases: Iterable[Case]) -> tuple[Service, ...]:
    """Return the services of programs in play through which the new score was not re-sent."""
    step2, sent = situation.applicant.step2, situation.applicant.transcript
    if step2.pending:
        return ()
    # On a day before the release, an earlier score was sent.
    known = {s for s, day in sent.items() if step2.released_on is None or day >= step2.released_on}
    used = {c.service for c in cases if c.program.status not in OUT_OF_PLAY}
    return tuple(s for s in Service if s in used - known)
