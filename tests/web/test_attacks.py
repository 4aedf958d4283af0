"""Nobody but the page itself, with its key, reads or changes anything."""

import json
import re

import pytest

pytestmark = pytest.mark.long

pytest.importorskip("starlette", reason="the page's parts are not installed: make .venv/.ready")

from planner.web.app import make_app
from planner.web.guard import HEADERS, LIMIT
from tests.page import review_page

LOOKS = ["/list", "/standing", "/programs/1/why", "/send"]
CHANGES = [
    *(f"/letters/1/{do}" for do in ("read", "shown", "try", "approve", "leave-out", "take-back")),
    *(f"/letters/1/{do}" for do in ("edit", "reason", "correct", "hand", "resolve")),
    "/end",
]
OPEN = ["/", "/review.css", "/review.js"]


@pytest.fixture
def page(desk):
    desk.drafted(1)
    with review_page() as found:
        found.everything = desk.letters
        yield found


@pytest.fixture
def unchanged(page):
    """Whatever a test does leaves everything as it is, and the page going."""
    before = page.everything()
    yield page
    assert page.everything() == before
    assert page.send("GET", "/").status == 200


def full(page):
    """A document that would do something if it were let through."""
    page.enter()
    more = {"kind": "improvement", "field": "institution", "value": "Elm", "was": ""}
    return {**page.seen(1), **more}


def test_these_are_all_routes_that_there_are(page):
    routes = {re.sub("{number:int}", "1", r.path) for r in make_app(page.work, 1).app.routes}
    assert routes == {*LOOKS, *CHANGES, *OPEN, "/key"}


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1:{port}.evil.example",
        "localhost.evil.example:{port}",
        "localhost",
        "[::1]:{port}",
        "0.0.0.0:{port}",
        "127.0.0.1:{port}@evil.example",
        "",
    ],
)
def test_a_foreign_host_is_refused(unchanged, host):
    page, said = unchanged, json.dumps(full(unchanged)).encode()
    named = host.format(port=page.port)
    if not named:
        said = b""  # the server hangs up on what is no request, and a body on its way meets a reset
    for path in [*LOOKS, *OPEN]:
        assert page.send("GET", path, headers=page.headers(), host=named).status in (400, 421), path
    for path in [*CHANGES, "/key"]:
        done = page.send("POST", path, said, page.headers(), host=named)
        assert done.status in (400, 421), path


def test_a_name_that_was_made_to_point_here_is_refused_though_all_else_is_right(unchanged):
    """DNS rebinding: the browser takes us for evil.example, so origin and host agree."""
    page, said = unchanged, json.dumps(full(unchanged)).encode()
    name = f"evil.example:{page.port}"
    headers = page.headers(origin=f"http://{name}")
    for path in CHANGES:
        assert page.send("POST", path, said, headers, host=name).status == 421
        assert page.send("POST", path, said, headers).status == 403
    assert page.send("GET", "/list", headers=headers, host=name).status == 421


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "http://evil.example",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "http://127.0.0.1:{port}.evil.example",
        "http://127.0.0.1:{port}/",
    ],
)
def test_a_change_from_a_foreign_origin_is_refused(unchanged, origin):
    page, said = unchanged, json.dumps(full(unchanged)).encode()
    headers = [(name, value) for name, value in page.headers() if name != "Origin"]
    headers += [("Origin", origin.format(port=page.port))] if origin else []
    for path in [*CHANGES, "/key"]:
        assert page.send("POST", path, said, headers).status == 403, path


def test_a_second_origin_does_not_help(unchanged):
    page, said = unchanged, json.dumps(full(unchanged)).encode()
    headers = [*page.headers(), ("Origin", "http://evil.example")]
    assert all(page.send("POST", path, said, headers).status == 403 for path in CHANGES)


def test_what_a_browser_says_of_another_site_is_believed(unchanged):
    page, said = unchanged, json.dumps(full(unchanged)).encode()
    for site in ("cross-site", "same-site", "none"):
        headers = [*page.headers(), ("Sec-Fetch-Site", site)]
        assert all(page.send("POST", path, said, headers).status == 403 for path in CHANGES)


def test_what_a_form_can_send_is_refused(unchanged):
    page, said = unchanged, json.dumps(full(unchanged)).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        for path in CHANGES:
            assert page.send("POST", path, said, page.headers(kind=kind)).status == 403, path


@pytest.mark.parametrize("key", [None, "", "x", "{key}x", "{token}"])
def test_without_the_key_nothing_is_read_or_changed(unchanged, key):
    page, said = unchanged, json.dumps(full(unchanged)).encode()
    headers = [(name, value) for name, value in page.headers() if name != "X-Planner-Key"]
    if key is not None:
        headers.append(("X-Planner-Key", key.format(key=page.key, token=page.token)))
    for path in LOOKS:
        done = page.send("GET", path, headers=headers)
        assert (done.status, "Elm" in done.text) == (401, False), path
    assert all(page.send("POST", path, said, headers).status == 401 for path in CHANGES)


def test_a_token_is_good_once(unchanged):
    page = unchanged
    for token in ("", "x", page.token[:-1], page.token + "x"):
        assert page.post("/key", token=token).status == 403
    page.enter()
    again = page.post("/key", token=page.token)
    assert again.status == 403
    assert "planner review --web" in again.json["hint"]
    assert page.post("/key", token="").status == 403
    assert page.post("/key", token=None).status == 403


def test_nothing_is_changed_but_by_post(unchanged):
    page, said = unchanged, json.dumps(full(unchanged)).encode()
    for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        for path in [*CHANGES, "/key"]:
            assert page.send(method, path, said, page.headers()).status == 405, path


def test_looking_writes_nothing(page, desk):
    page.enter()
    count = "select generation from lineage"
    before = desk.sql(count)
    assert all(page.get(path).status == 200 for path in [*LOOKS, *OPEN])
    ((after,), (first,)) = *desk.sql(count), *before
    assert after == first + 1  # what asks is itself a transaction


@pytest.mark.parametrize(
    "path",
    [
        "/../config.toml",
        "/..%2f..%2fconfig.toml",
        "/review.css/../../../config.toml",
        "/pages/letter.html",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/review.js%00.html",
        "/letters/-1/read",
        "/letters/٣/read",
        "http://evil.example/list",
    ],
)
def test_no_path_leads_anywhere_else(unchanged, path):
    page = unchanged
    page.enter()
    wanted = path.encode("utf-8").decode("latin-1") if path.isascii() else "/letters/%D9%A3/read"
    assert page.send("GET", wanted, headers=page.headers()).status in (400, 404, 405)
    assert page.send("POST", wanted, b"{}", page.headers()).status in (400, 404, 405)


def test_every_answer_says_what_the_browser_may_do_with_it(page):
    page.enter()
    refused = page.send("GET", "/list", host="evil.example")
    for done in (
        page.get("/"),
        page.get("/list"),
        page.get("/nothing"),
        page.post("/key"),
        refused,
    ):
        for name, value in HEADERS:
            assert done.headers[name.decode()] == value.decode()
        assert "access-control-allow-origin" not in done.headers


@pytest.mark.parametrize("said", [b"", b"x", b"[]", b"7", b"[" * 100_000, b'{"version": 7}', b"{}"])
def test_what_is_no_document_of_the_page_is_refused_with_a_sentence(unchanged, said):
    page = unchanged
    page.enter()
    for path in CHANGES[1:-1]:
        done = page.send("POST", path, said, page.headers())
        assert done.status in (400, 422), path
        assert done.json["error"]


@pytest.mark.parametrize("field", ["notes", "program", "id", "reason", "status=x", "", "__class__"])
def test_no_other_field_of_a_program_is_changed_than_those_that_a_finding_asks_for(
    unchanged, desk, field
):
    page, said = unchanged, full(unchanged)
    before = desk.good("programs", "show", 1, "--json").out
    done = page.post("/letters/1/correct", **{**said, "field": field})
    assert (done.status, done.json["hint"]) == (422, "Load the page again.")
    assert desk.good("programs", "show", 1, "--json").out == before


@pytest.mark.parametrize(
    "overrides",
    [
        "1",
        [1],
        [{"finding": 1, "because": "x"}],
        [{"finding": "other_program", "because": "x"}],
        [{"finding": "1"}],
        [{"finding": "1", "because": None}],
        [{"finding": "-1", "because": "x"}],
        [{"finding": "1", "because": "x"}],  # there is no such finding
    ],
)
def test_nothing_stands_that_was_not_listed_on_the_page(unchanged, overrides):
    page, said = unchanged, full(unchanged)
    done = page.post("/letters/1/approve", **{**said, "overrides": overrides})
    assert done.status == 422
    assert done.json["error"]


def test_more_than_a_letter_can_be_is_not_read(unchanged):
    page = unchanged
    page.enter()
    headers = [*page.headers(), ("Content-Length", str(LIMIT + 1))]
    assert page.send("POST", "/letters/1/edit", headers=headers).status == 413
    assert page.send(
        "POST", "/letters/1/edit", headers=[*page.headers(), ("Content-Length", "9" * 19)]
    ).status in (400, 413)


def test_it_listens_on_loopback_alone_and_on_another_port_each_time(desk, monkeypatch):
    import socket

    desk.drafted(1)
    bound = []
    create = socket.create_server
    monkeypatch.setattr(
        socket, "create_server", lambda at, **more: bound.append(at) or create(at, **more)
    )
    with review_page() as one, review_page() as other:
        assert one.port != other.port
        assert one.token != other.token
    assert bound == [("127.0.0.1", 0)] * 2
