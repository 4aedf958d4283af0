"""How a place is kept: one column or two, codes or names of states."""

from tests.trackers.pools import STATES
from tests.trackers.sheet import Column

JOINED = {
    "{c}, {s}": 70, "{c}, {S}": 12, "{c} {s}": 8, "{c},{s}": 4, "{c} - {s}": 2, "{c} ({s})": 2,
    "{c}/{s}": 1,
}  # fmt: skip
HEADERS = {
    "Location": 8, "City, State": 4, "City/State": 2, "Location (city, state)": 2, "Where": 1,
    "City / State": 1,
}  # fmt: skip


def places(rows, draw):
    """The columns that say where a program is."""
    kept = draw.among({"two columns": 48, "joined": 40, "city": 6, "none": 6})
    if kept == "none":
        return []
    for row in rows:
        row.truth.city = row.city
        row.truth.state = "" if kept == "city" else row.state
    if kept == "city":
        return [Column("City", [row.city for row in rows], "Program", "City")]
    if kept == "joined":
        shape = draw.among(JOINED)
        cells = [shape.format(c=r.city, s=r.state, S=STATES[r.state]) for r in rows]
        return [Column(draw.among(HEADERS), cells, "Program", "Location")]
    names = draw.chance(0.3)
    states = [STATES[row.state] if names else row.state for row in rows]
    header = draw.one(["State", "state", "ST", "STATE"]) if not names else "State"
    return [
        Column(draw.one(["City", "city", "CITY"]), [r.city for r in rows], "Program", "City"),
        Column(header, states, "Program", "State", merged=True),
    ]
