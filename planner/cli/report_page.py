"""The report as one page of HTML: pictures with a table beside each, nothing from the network."""

from __future__ import annotations

from planner.cli import report_words
from planner.cli.hints.checks import BLOCKS
from planner.pages import pages_of
from planner.steps.figures import Figures, some

LOWEST, HIGHEST = 190, 290  # scores; nearly all are between these


def report_page(found: Figures) -> str:
    """The page of a campaign."""
    pages = pages_of("planner.cli")
    pages.filters |= {"percent": _percent, "loss": report_words.loss_words}
    return pages.get_template("report.html").render(
        found=found,
        words=report_words,
        some=some,
        commands=BLOCKS,
        score_at=_score_at,
        ticks=range(200, HIGHEST, 20),
    )


def _percent(part: float) -> str:
    """A part of the whole as the drawing wants it: "12.34%"."""
    return f"{100 * part:.2f}%"


def _score_at(score: int) -> float:
    """Where a score is on its line, 0 to 1."""
    return min(1.0, max(0.0, (score - LOWEST) / (HIGHEST - LOWEST)))
