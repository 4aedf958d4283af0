"""`tour`: the demo's data with the review page open, for somebody who has never seen the tool."""

from __future__ import annotations

import contextlib
import io
import tempfile
from pathlib import Path

import click

from planner import steps
from planner.cli import invoke
from planner.cli.app import answers_json, asks_json, emit, say
from planner.cli.demo import DEMO_DAY, LIST, DemoWorkspace, lay_out
from planner.cli.review_web import review_web
from planner.errors import ExitCode

WELCOME = (
    (
        f"It is {DEMO_DAY}. Robin Sample has a new Step 2 CK score, 255 after 232 on Step 1, and a"
        " list of 60 made-up programs. About half of them are worth a letter, and the drafts are here."
    ),
    "Read the first one, and approve it: a. The next one opens by itself; j and k go on and back.",
    (
        "Choose “with findings” in the list: one letter names another program. Press e and correct it,"
        " and see the finding go as you type."
    ),
    "Choose “no letter” to see which programs get none; w says why, with the whole table.",
    "Nothing can be sent from here. “What would be sent” shows what planner send would do.",
)


@click.command("tour", epilog="Example: planner tour")
@answers_json
def tour_command() -> ExitCode:
    """Look around on a page in your browser, with made-up programs; nothing can be sent.

    The page needs the web extra. Without it, the command says how to install it.
    """
    with tempfile.TemporaryDirectory(prefix="planner-tour-") as name:
        folder = Path(name)
        lay_out(folder, 1)
        ws = DemoWorkspace(str(folder / "config.toml"))
        with contextlib.redirect_stdout(io.StringIO()):
            for words in (["import", str(folder / LIST)], ["draft"]):
                invoke(words, ws)
        code = review_web(ws, None, welcome=WELCOME, delivers=False)
        counts = steps.outbox.list_letters(ws).counts
    say("The tour and all that you did there are gone. With your own list: planner init")
    if asks_json():
        emit({"letters": dict(counts)})
    return code
