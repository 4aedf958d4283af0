"""How trackers keep addresses: a column each, one for both, with text around them, or none."""

from tests.trackers.sheet import Column

DRESSED = {
    "{a}": 80, "<{a}>": 1, "mailto:{a}": 2, "{a} (PD)": 1, "Email: {a}": 1, "{a},": 1, "{a}.": 1,
    " {a} ": 2, "\u200b{a}": 1, "{who} <{a}>": 2, "{a};": 1, "({a})": 1, "{a}\n": 1,
    "{a}\u00a0": 2,
}  # fmt: skip
NO_ADDRESS = {"": 8, "N/A": 2, "none listed": 1, "see website": 1, "-": 1, "not listed": 1}
BOTH = {
    "{a}; {b}": 4, "{a}, {b}": 4, "{a} / {b}": 3, "{a}\n{b}": 2, "PD: {a} / PC: {b}": 2,
    "{a} (PD), {b} (PC)": 1, "{a} {b}": 1, "{who} <{a}>, {pc} <{b}>": 1, "{a} & {b}": 1,
    "pd {a} pc {b}": 1, "PC: {b}; PD: {a}": 1,
}  # fmt: skip
UNREADABLE = ("{u} [at] {h}", "{u}(at){h}", "{u} at {h}", "{u}@@{h}")

PD = {
    "PD Email": 6, "PD email": 3, "Program Director Email": 4, "Director Email": 2,
    "PD E-mail": 2, "PD Email Address": 1, "PD email address": 1, "program_director_email": 1,
    "Director's Email": 1,
}  # fmt: skip
PC = {
    "PC Email": 5, "Coordinator Email": 5, "Program Coordinator Email": 3, "Contact Email": 2,
    "PC email": 2, "Coordinator e-mail": 1,
}  # fmt: skip
ONE = {
    "Email": 6, "PD Email": 4, "Contact Email": 3, "Email address": 2, "E-mail": 2,
    "Program Email": 2, "Emails": 1,
}  # fmt: skip


def addresses(rows, draw):
    """The columns that hold addresses."""
    kept = draw.among({"two columns": 55, "director": 20, "one": 12, "both in one": 11, "none": 2})
    if kept == "two columns":
        return [
            Column(draw.among(PD), _of(rows, draw, "to"), "Director", "Email"),
            Column(draw.among(PC), _of(rows, draw, "cc"), "Coordinator", "Email"),
        ]
    if kept == "director":
        return [Column(draw.among(PD), _of(rows, draw, "to"), "Director", "Email")]
    if kept == "one":
        return [Column(draw.among(ONE), _of(rows, draw, "to"), "Contact", "Email")]
    if kept == "both in one":
        return [Column(draw.among(ONE), _both(rows, draw), "Contact", "Email")]
    return []


def _of(rows, draw, place):
    cells = []
    for row in rows:
        address = row.address if place == "to" else row.second
        if draw.chance(0.07 if place == "to" else 0.2):
            cells.append(draw.among(NO_ADDRESS))
        elif draw.chance(0.008):
            user, host = address.split("@")
            row.truth.stop = "an address that is spelled out"
            cells.append(draw.one(UNREADABLE).format(u=user, h=host))
        else:
            setattr(row.truth, place, address)
            who = f"{row.first} {row.last}" if place == "to" else row.coordinator
            dress = draw.among(DRESSED)
            if place == "cc":
                dress = dress.replace("(PD)", "(PC)")
            cells.append(dress.format(a=address, who=who))
    for row in rows:  # whoever exists if only one does
        if row.truth.cc and not row.truth.to and place == "cc":
            row.truth.to, row.truth.cc = row.truth.cc, ""
    return cells


def _both(rows, draw):
    cells = []
    for row in rows:
        row.truth.to = row.address
        if draw.chance(0.3):
            cells.append(row.address)
            continue
        row.truth.cc = row.second
        cells.append(
            draw.among(BOTH).format(
                a=row.address, b=row.second, who=f"{row.first} {row.last}", pc=row.coordinator
            )
        )
    return cells
