"""`review --web`: the review as a page in the browser, for as long as the command runs."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from planner import steps, wiring
from planner.cli import show
from planner.cli.app import say
from planner.cli.hints import hint_of
from planner.cli.hints.checks import BLOCKS
from planner.cli.hints.findings import fix_of
from planner.errors import ConfigError, ExitCode, PlannerError
from planner.files import write_private
from planner.open_workspace import OpenWorkspace
from planner.web.work import Advice, Work
from planner.wiring import Workspace


def review_web(ws: Workspace, numbers: Sequence[int] | None) -> ExitCode:
    """Show the page until it or Ctrl-C ends the command.  Raises ConfigError without its parts."""
    try:
        from planner.web.server import serve
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"planner review --web needs {error.name}, which is not installed.",
            hint="Install it: pip install 'step2-planner[web]'",
            code="no_web",
        ) from error
    work = make_work(ws, numbers)
    with tempfile.TemporaryDirectory(prefix="planner-review-") as folder:
        try:
            serve(work, opened=lambda link: _open(link, Path(folder)))
        finally:
            say(f"\n{len(work.approved)} approved, {len(work.left_out)} left out.")
            say("  -> planner send delivers what is approved.")
    return ExitCode.OK


def make_work(ws: Workspace, numbers: Sequence[int] | None = None) -> Work:
    """A run of the page with the words of the command line.  Raises UnknownNameError."""
    if numbers is not None:
        steps.review_view.list_to_read(ws, numbers)  # says which of them is no letter
    advice = Advice(fix=fix_of, hint=hint_of, commands=BLOCKS, send=lambda: _send_plan(ws))
    return Work(OpenWorkspace(ws), advice, only=numbers)


def _open(link: str, folder: Path) -> None:
    """Open the page by way of a private file: other users see what a browser is started with."""
    way = folder / "review.html"
    target = html.escape(link, quote=True)
    write_private(
        way, f'<!DOCTYPE html><meta http-equiv="refresh" content="0;url={target}">'.encode()
    )
    say(f"The page is {link}")
    say("It works in this browser alone, and once. Ctrl-C here, or End there, ends it.")
    if click.launch(str(way)) != 0:
        say("  -> Your browser did not open; open that link in it.")


def _send_plan(ws: Workspace) -> str:
    """What `send` would do now, in its own words."""
    from planner.cli.send_plan import plan_text

    run = wiring.send_run(ws, steps.sending.SendOptions())
    try:
        with ws.store.sender_lock():
            due = steps.sending.preview_due(run)
            text = plan_text(ws, run, due) or "Nothing to send: no approved letter is due."
    except PlannerError as error:
        text = f"{error.message}\n-> {hint_of(error)}"
    return click.unstyle(show.seen(text))
