"""`review --web`: the review as a page in the browser, for as long as the command runs."""

from __future__ import annotations

import contextlib
import html
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner import steps, wiring
from planner.cli import show
from planner.cli.app import say
from planner.cli.hand import LABELS
from planner.cli.hints import hint_of
from planner.cli.hints.installing import with_extra
from planner.cli.hints.on_page import fix_on_page, hint_on_page
from planner.errors import ConfigError, ExitCode, PlannerError
from planner.files import write_private
from planner.wiring import Workspace

if TYPE_CHECKING:
    from planner.open_workspace import OpenWorkspace
    from planner.web.work import Work


def review_web(
    ws: Workspace,
    numbers: Sequence[int] | None,
    *,
    welcome: Sequence[str] = (),
    delivers: bool = True,
) -> ExitCode:
    """Show the page until it or Ctrl-C ends the command; both are how it ends well.

    `delivers`: what is approved can be sent.  Raises ConfigError without its parts.
    """
    try:
        from planner.web.server import serve
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"The review page needs {error.name}, which is not installed.",
            hint=f"Install it: {with_extra('web')}",
            code="no_web",
        ) from error
    work = make_work(ws, numbers, welcome=welcome)
    way, ended = tempfile.TemporaryDirectory(prefix="planner-review-"), KeyboardInterrupt
    with contextlib.suppress(ended), way as folder:
        serve(work, opened=lambda link: _open(link, Path(folder)))
    say(f"\n{len(work.approved)} approved, {len(work.left_out)} left out.")
    if work.approved and delivers:
        say("  -> planner send delivers what you approved.")
    return ExitCode.OK


def make_work(
    ws: Workspace, numbers: Sequence[int] | None = None, *, welcome: Sequence[str] = ()
) -> Work:
    """A run of the page with the words of the command line.  Raises UnknownNameError."""
    if numbers is not None:
        steps.review_view.list_to_read(ws, numbers)  # says which of them is no letter
    from planner.open_workspace import OpenWorkspace
    from planner.web.work import Advice, Work

    page = OpenWorkspace(ws)
    advice = Advice(
        fix=fix_on_page, hint=hint_on_page, send=lambda: _send_plan(page), labels=LABELS
    )
    return Work(page, advice, only=numbers, welcome=welcome)


def _open(link: str, folder: Path) -> None:
    """Open the page by way of a private file: other users see what a browser is started with."""
    way = folder / "review.html"
    target = html.escape(link, quote=True)
    write_private(
        way, f'<!DOCTYPE html><meta http-equiv="refresh" content="0;url={target}">'.encode()
    )
    say(f"The page is {link}")
    say("If your browser shows nothing, open that link yourself. It works only once.")
    say("To stop: press Ctrl-C here, or End on the page.")
    if click.launch(str(way)) != 0:
        say("  -> Your browser did not open.")


def _send_plan(page: OpenWorkspace) -> str:
    """What `send` would do now, in its own words."""
    from planner.cli.send_plan import plan_text

    ws = page.workspace
    run = wiring.send_run(ws, steps.sending.SendOptions())
    try:
        with ws.store.sender_lock():
            due = steps.sending.preview_due(run)
            text = plan_text(ws, run, due) or "Nothing to send: no approved letter is due."
    except PlannerError as error:
        text = f"{error.message}\n-> {hint_of(error)}"
    return click.unstyle(show.seen(text))
