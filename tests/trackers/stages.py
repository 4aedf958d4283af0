"""A status kept in columns of check marks, one for each stage, and how they are read.

Rejected and withdrew win over all, else the furthest stage.  Where there is a column
`Applied` in which others are ticked, a row without any tick was not applied to.
"""

from tests.trackers import days
from tests.trackers.sheet import Column

HEADERS = {
    "applied": {"Applied": 6, "Applied?": 2, "App submitted": 1, "Application Submitted": 1},
    "invited": {
        "Invited": 6, "Invited?": 2, "Interview Invite": 2, "II": 2, "Interview offer": 1,
        "Interview Offered": 1, "IV offered": 1, "Invite?": 1, "Interview invite?": 1,
    },
    "interviewed": {
        "Interviewed": 6, "Interviewed?": 2, "Interview done": 1, "IV done": 1,
        "Interview completed": 1, "Interview Complete": 1,
    },
    "waitlisted": {"Waitlisted": 4, "Waitlist": 3, "Waitlisted?": 1, "WL": 1},
    "on_hold": {"On hold": 2, "Hold": 1},
    "rejected": {
        "Rejected": 6, "Rejected?": 2, "Rejection": 2, "Rejected 😢": 1, "Rejection received": 1,
        "Reject": 1,
    },
    "withdrawn": {"Withdrew": 4, "Withdrawn": 3, "Withdrew?": 1, "I withdrew": 1},
}  # fmt: skip
ORDER = ("applied", "invited", "waitlisted", "on_hold", "interviewed")
ALWAYS_TOO = {"interviewed": "invited", "invited": "applied", "waitlisted": "applied",
              "on_hold": "applied", "rejected": "applied", "withdrawn": "applied"}  # fmt: skip

DAYS = "days"
MARKS = {  # a yes and a no
    (True, False): 26, ("x", ""): 12, ("X", ""): 8, ("✓", ""): 8, ("✔", ""): 4, ("✅", ""): 6,
    ("✅", "❌"): 7, ("Yes", "No"): 9, ("Y", "N"): 4, ("yes", ""): 3, ("☑", "☐"): 3, ("Yes", ""): 3,
    ("1", "0"): 1, ("✔️", ""): 2, ("y", ""): 1, (DAYS, ""): 10, ("TRUE", "FALSE"): 4, ("✓", "-"): 2,
}  # fmt: skip


def columns(rows, draw):
    """The stage columns, and the status that they give each row."""
    kept = _stages(draw)
    mark = draw.among(MARKS)
    how = days.style(draw)
    found = {stage: [] for stage in kept}
    for row in rows:
        reached = _reached(row, draw)
        ticked = [stage for stage in kept if stage in reached]
        row.truth.statuses = read(ticked, has_applied="applied" in kept)
        for stage in kept:
            found[stage].append(_cell(row, stage, stage in ticked, mark, how))
        if mark[0] == DAYS and "interviewed" in ticked:
            row.truth.interview_date = row.interview_on
            if days.ahead(row.interview_on):
                row.truth.statuses |= {"invited"}
    return [
        Column(
            draw.among(HEADERS[stage]),
            cells,
            "Status",
            draw.one(list(HEADERS[stage])[:2]),
            filled=False if mark == (True, False) else "",
            field="status",
        )
        for stage, cells in found.items()
    ]


def _stages(draw):
    kept = ["applied"] if draw.chance(0.7) else []
    kept += [stage for stage in ("invited", "interviewed") if draw.chance(0.85)]
    kept += ["waitlisted"] if draw.chance(0.5) else []
    kept += ["on_hold"] if draw.chance(0.1) else []
    kept += ["rejected"]
    kept += ["withdrawn"] if draw.chance(0.45) else []
    return kept


def _reached(row, draw):
    """Every stage that a row has been through; people leave early ones out at times."""
    reached, stage = set(), row.standing
    if stage == "not_applied":
        return reached
    while stage:
        reached.add(stage)
        stage = ALWAYS_TOO.get(stage)
    if row.standing in ("rejected", "withdrawn") and row.invited_on and draw.chance(0.5):
        reached.add("invited")
    if row.standing == "interviewed" and draw.chance(0.15):
        reached.discard("invited")
    return reached


def read(ticked, *, has_applied):
    """The statuses that ticks give, as any reader would say.

    >>> sorted(read(["applied", "rejected"], has_applied=True))
    ['rejected']
    """
    for end in ("rejected", "withdrawn"):
        if end in ticked:
            return frozenset({end})
    if "waitlisted" in ticked or "on_hold" in ticked:
        held = frozenset({"waitlisted", "on_hold"})
        return held | {"interviewed"} if "interviewed" in ticked else held
    for stage in reversed(ORDER):
        if stage in ticked:
            return frozenset({stage})
    return frozenset({"not_applied" if has_applied else "applied"})


def _cell(row, stage, ticked, mark, how):
    yes, no = mark
    if yes != DAYS:
        return yes if ticked else no
    if not ticked:
        return ""
    day = {
        "invited": row.invited_on,
        "interviewed": row.interview_on,
        "rejected": row.ended_on,
        "withdrawn": row.ended_on,
        "waitlisted": row.ended_on,
        "on_hold": row.ended_on,
    }.get(stage)
    return days.written(day, how) if day else "x"
