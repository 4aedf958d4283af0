"""How a day is written, with and without its year."""

from tests.trackers.sheet import TODAY

TYPED = "typed"
STYLES = {
    "m/d/y": 30, TYPED: 18, "m/d": 18, "m/d/yy": 8, "iso": 8, "Mon d": 8, "Month d, y": 4,
    "d Mon y": 2, "Day m/d": 3, "Mon. d": 1, "mm/dd/y": 3, "d.m.y": 2,
}  # fmt: skip


def style(draw):
    """A habit of writing days."""
    return draw.among(STYLES)


def written(day, how):
    """A day as a person with this habit writes it."""
    if day is None:
        return ""
    if how == TYPED:
        return day
    return {
        "m/d/y": f"{day.month}/{day.day}/{day.year}",
        "mm/dd/y": f"{day:%m/%d/%Y}",
        "m/d": f"{day.month}/{day.day}",
        "m/d/yy": f"{day.month}/{day.day}/{day:%y}",
        "iso": day.isoformat(),
        "d.m.y": f"{day.day:02}.{day.month:02}.{day.year}",
        "Mon d": f"{day:%b} {day.day}",
        "Mon. d": f"{day:%b}. {day.day}",
        "Month d, y": f"{day:%B} {day.day}, {day.year}",
        "d Mon y": f"{day.day} {day:%b} {day.year}",
        "Day m/d": f"{day:%a} {day.month}/{day.day}",
    }[how]


def short(day):
    """A day within a remark: 11/3."""
    return f"{day.month}/{day.day}"


def ahead(day):
    """Is it still to come?"""
    return day is not None and day > TODAY
