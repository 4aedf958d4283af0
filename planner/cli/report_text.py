"""The report in the terminal: the same numbers as the page, with bars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from planner.cli import show
from planner.cli.hints.checks import BLOCKS
from planner.cli.report_words import STAGES, deadline_words, lead, line_words, loss_words, when
from planner.pages import day_words, plainly, words
from planner.rules.calendar import opening
from planner.rules.facts import Phase
from planner.rules.visible import printable
from planner.steps.figures import Figures, MatchLine, some

BAR = 30  # columns of the longest bar
NAME = 18  # columns of a match or a specialty
CYCLE = 49  # columns of the season: seven to a month
MARKS = {Phase.EARLY: "█", Phase.LATE: "▓", Phase.PRE_RANK: "▒", Phase.CLOSED: "·"}
LOWEST, HIGHEST = 190, 290  # scores; nearly all are between these


def report_text(found: Figures) -> str:
    """The whole report, in parts with a title each."""
    applicant = found.situation.applicant
    title = f"{applicant.name}, {day_words(found.situation.today)}\n{show.wrapped(lead(found))}"
    if not found.lines:
        return title + f"\n  -> {BLOCKS['no_programs']}"
    parts = {
        "The cycle": _cycle(found),
        "What your score is worth": _scores(found),
        "From programs to letters": _funnel(found),
        "Letters sent, by week": _weeks(found),
        "Where those programs stand": _answers(found),
        "What needs attention": _attention(found),
    }
    shown = [
        f"== {name}\n" + "\n".join(lines) for name, part in parts.items() if (lines := [*part])
    ]
    return "\n\n".join([title, *shown])


def _bar(count: int, most: int, columns: int = BAR) -> str:
    """A bar; what is there at all is seen."""
    return "█" * max(round(columns * count / most), count > 0) if most else ""


def _cycle(found: Figures) -> Iterator[str]:
    width = CYCLE // len(found.months)
    months = "".join(f"{month.first:%b}".ljust(width) for month in found.months)
    yield " " * (NAME + 1) + months.rstrip()
    here = min(CYCLE - 1, int(found.place(found.situation.now) * CYCLE))
    for line in found.lines:
        yield f"{show.clipped(line_words(line), NAME):<{NAME}} {_drawn(found, line)}  {words(line.phase)}"
    yield " " * (NAME + 1) + " " * here + "^ today"
    marks = ", ".join(f"{mark} {words(phase)}" for phase, mark in MARKS.items())
    yield f"{'':<{NAME}} {marks}"
    yield "Usefulness of a letter by month:"
    for month in found.months:
        today = "  <- now" if month.first <= found.situation.today < month.end else ""
        bar = _bar(month.usefulness, 100)
        yield f"  {month.first:%b %Y} {month.usefulness:>4} {bar}{today}".rstrip()
    yield "Deadlines:"
    for deadline in found.deadlines:
        yield f"  {deadline_words(deadline):<38} {when(found, deadline)}"


def _drawn(found: Figures, line: MatchLine) -> str:
    """The season as characters, each the phase in its middle."""
    first, end = opening(found.months[0].first), opening(found.months[-1].end)
    moments = (first + (end - first) * (n + 0.5) / CYCLE for n in range(CYCLE))
    marks = (
        next((MARKS[s.phase] for s in line.stretches if s.first <= at < s.end), " ")
        for at in moments
    )
    return "".join(marks).ljust(CYCLE)


def _scores(found: Figures) -> Iterator[str]:
    score = found.situation.applicant.step2.score
    for assessed in found.scores:
        known = assessed.assessment
        if known is None or score is None:
            yield f"  {show.clipped(assessed.specialty.name, 30):<30} bar {assessed.bar}, score pending"
            continue
        over = f"{score - assessed.bar:+d}"
        line = "".join(_point(at, score, assessed.bar) for at in range(LOWEST, HIGHEST, 4))
        name = show.clipped(assessed.specialty.name, 24)
        yield f"  {name:<24} {line} {score} {over:>4} {words(known.category)}"
    if score is not None and found.scores:
        yield f"  from {LOWEST} to {HIGHEST}: o your score, | the bar, # both"


def _point(at: int, score: int, bar: int) -> str:
    here, line = at <= score < at + 4, at <= bar < at + 4
    return "#" if here and line else "o" if here else "|" if line else "-"


def _funnel(found: Figures) -> Iterator[str]:
    most = found.stages[0].number
    for stage in found.stages:
        for loss in stage.lost:
            text = f"- {loss.number} {loss_words(loss.code)}: {printable(some(loss.names))}"
            yield show.wrapped(text, indent="      ", hanging="        ")
        yield f"  {STAGES[stage.name]:<20} {stage.number:>4} {_bar(stage.number, most)}".rstrip()


def _weeks(found: Figures) -> Iterator[str]:
    most = max((week.sent for week in found.weeks), default=0)
    for week in found.weeks:
        yield f"  {week.monday} {week.sent:>4} {_bar(week.sent, most)}".rstrip()


def _answers(found: Figures) -> Iterator[str]:
    most = max(found.answers.values(), default=0)
    for status, count in found.answers.items():
        yield f"  {status.replace('_', ' '):<20} {count:>4} {_bar(count, most)}"


def _attention(found: Figures) -> Iterable[str]:
    for block in found.attention:
        yield show.wrapped(block.text, indent="  ", hanging="    ")
        yield f"    -> {BLOCKS[block.code]}"
    for warning in found.warnings:
        yield show.wrapped(plainly(warning), indent="  ", hanging="    ")
