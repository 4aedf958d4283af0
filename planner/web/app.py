"""The routes of the page: each is an answer behind the guard; every failure is a sentence.

What only looks is GET, what may change anything is POST.  Requests are answered one after
the other: there is one user, and the database has one writer.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from functools import partial
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from planner.errors import PlannerError, UnknownNameError
from planner.steps.actions import ChangedMeanwhileError
from planner.web.answers import Answer, Answers, Said
from planner.web.guard import TOKEN_PATH, Guard
from planner.web.work import Work

log = logging.getLogger(__name__)

Do = Callable[[int, Said], Answer]

PAGES = {
    "/": ("review.html", "text/html"),
    "/review.css": ("review.css", "text/css"),
    "/review.js": ("review.js", "text/javascript"),
}
USED = "This link was used before, or belongs to another run of the command."
BUG_HINT = "planner --verbose review --web shows what happened; please report it."
USED_HINT = "Go to the page that it opened, or type planner review --web again."


def make_app(work: Work, port: int) -> Guard:
    """The application that answers on a port of this machine, behind its guard."""
    answers = Answers(work)
    looks: dict[str, Do] = {
        "/list": answers.list_all,
        "/standing": answers.standing,
        "/programs/{number:int}/why": answers.why,
        "/send": answers.send,
    }
    changes: dict[str, Do] = {
        "/letters/{number:int}/read": answers.read,
        "/letters/{number:int}/shown": answers.shown,
        "/letters/{number:int}/try": answers.attempt,
        "/letters/{number:int}/approve": answers.approve,
        "/letters/{number:int}/leave-out": answers.leave_out,
        "/letters/{number:int}/take-back": answers.take_back,
        "/letters/{number:int}/edit": answers.edit,
        "/letters/{number:int}/reason": answers.reason,
        "/letters/{number:int}/correct": answers.correct,
        "/letters/{number:int}/hand": answers.hand,
        "/letters/{number:int}/resolve": answers.resolve,
        "/end": answers.end,
    }
    routes = [Route(path, partial(_page, *page), methods=["GET"]) for path, page in PAGES.items()]
    routes += [
        Route(path, partial(_look, answers, do), methods=["GET"]) for path, do in looks.items()
    ]
    routes += [
        Route(path, partial(_change, answers, do), methods=["POST"]) for path, do in changes.items()
    ]
    guard = Guard(Starlette(), port)
    routes.append(Route(TOKEN_PATH, partial(_key, guard), methods=["POST"]))
    guard.app = Starlette(routes=routes)
    return guard


async def _page(name: str, kind: str, request: Request) -> Response:
    text = files("planner.web").joinpath("pages", name).read_text("utf-8")
    return Response(text, media_type=kind)


async def _key(guard: Guard, request: Request) -> Response:
    token = (await _document(request) or {}).get("token")
    key = guard.exchange(token) if isinstance(token, str) else None
    if key is None:
        return JSONResponse({"error": USED, "hint": USED_HINT}, 403)
    return JSONResponse({"key": key})


async def _look(answers: Answers, do: Do, request: Request) -> Response:
    return await _in_turn(answers, do, request.path_params.get("number", 0), {})


async def _change(answers: Answers, do: Do, request: Request) -> Response:
    said = await _document(request)
    if said is None:
        return JSONResponse({"error": "This page has no such document."}, 400)
    return await _in_turn(answers, do, request.path_params.get("number", 0), said)


async def _in_turn(answers: Answers, do: Do, number: int, said: Said) -> Response:
    """One answer at a time, in a thread: a step may have a loop of its own."""
    async with answers.turn:
        return await asyncio.to_thread(_answered, answers, do, number, said)


def _answered(answers: Answers, do: Do, number: int, said: Said) -> Response:
    try:
        answers.ws.look_at_config()
        return JSONResponse(do(number, said))
    except ChangedMeanwhileError as error:
        return JSONResponse(_conflict(answers, number, said, error), 409)
    except PlannerError as error:
        status = 404 if isinstance(error, UnknownNameError) else 422
        hint = answers.work.advice.hint(error)
        return JSONResponse({"error": error.message, "hint": hint}, status)
    except Exception as error:
        log.debug("the page failed", exc_info=error)
        text = f"Sorry, this is a bug in planner ({type(error).__name__})."
        return JSONResponse({"error": text, "hint": BUG_HINT}, 500)


async def _document(request: Request) -> Mapping[str, Any] | None:
    """What a request says; None if that is no object of JSON."""
    try:
        said = json.loads(await request.body())
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _conflict(answers: Answers, number: int, said: Said, error: PlannerError) -> Answer:
    """The letter as it is by now, beside the text that was to be saved."""
    now = answers.read(number, {})
    mine = {name: said[name] for name in ("subject", "body") if isinstance(said.get(name), str)}
    differs = answers.fragments.conflict(number, mine) if len(mine) == 2 else ""
    return {"error": error.message, "conflict": differs, "now": now}
