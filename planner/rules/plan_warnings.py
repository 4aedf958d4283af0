"""What a person should know of a plan as a whole, before its single decisions."""

from __future__ import annotations

from collections.abc import Sequence

from planner.rules.calendar import PEAK_FROM, eastern, usefulness
from planner.rules.case import Case
from planner.rules.score import contradictions, release_doubt
from planner.rules.situation import Situation


def warnings(situation: Situation, cases: Sequence[Case]) -> list[str]:
    """Return what the user should know about the plan as a whole."""
    used = {case.calendar.match: case.calendar for case in cases}
    opened = min((c.applications_open.date() for c in used.values()), default=None)
    found = contradictions(situation.applicant, opened)
    step2 = situation.applicant.step2
    if (doubt := release_doubt(step2.released_on, situation.today)) and not step2.pending:
        found.append(f"{doubt}: no letter with the score leaves before that.")
    if unconfirmed := sorted(m for m, c in used.items() if c.source == "unconfirmed"):
        found.append(
            f"The {situation.season} dates for {', '.join(unconfirmed)} are unconfirmed (inferred"
            " from earlier years); check them, and set them under [cycle.*] if they differ."
        )
    if used and all(c.is_over(eastern(situation.now)) for c in used.values()):
        found.append(
            f"Season {situation.season} is over for every match on your list; set cycle.season"
            " and the dates under [cycle.nrmp], [cycle.sau], [cycle.sfmatch] for the next one."
        )
    worth = usefulness(situation.today)
    if cases and worth < PEAK_FROM:
        found.append(
            f"Outside the peak: a letter in {situation.today:%B} rates {worth} of 100 for usefulness."
        )
    found.extend(
        f"{case.program.program}: told_on {case.program.told_on} is in the future."
        for case in cases
        if case.program.told_on is not None and case.program.told_on > case.today
    )
    found.extend(
        f"{case.program.program}: marked as interviewed, but {case.program.interview_date} is"
        " in the future; counted as invited."
        for case in cases
        if case.misdated
    )
    found.extend(
        f"{case.program.program}: status is {case.program.status}, but the interview date"
        f" {case.program.interview_date} has passed; counted as interviewed."
        for case in cases
        if case.presumed_interviewed
    )
    return found
