"""The review page for tests: its server in a thread, and requests that no browser would send."""

import http.client
import json
import threading
from contextlib import contextmanager

from planner.cli.review_web import make_work
from planner.wiring import Workspace


class Answered:
    """An answer: its status, headers, text, and the document in it."""

    def __init__(self, answer):
        self.status, self.headers = answer.status, answer.headers
        self.text = answer.read().decode()

    @property
    def json(self):
        return json.loads(self.text)


class Page:
    """A running page; `link` is what the command prints."""

    def __init__(self, link, work):
        self.link, self.work = link, work
        self.origin, self.token = link.split("/#")
        self.port = int(self.origin.rpartition(":")[2])
        self.key = None

    def send(self, method, path, body=b"", headers=(), *, host=None):
        """One request with just these headers; `host` None is the right one, "" is none."""
        talk = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        talk.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for value in [f"127.0.0.1:{self.port}"] if host is None else [host] if host else []:
            talk.putheader("Host", value)
        for name, value in headers:
            talk.putheader(name, value)
        if body:
            talk.putheader("Content-Length", str(len(body)))
        talk.endheaders(body)
        try:
            return Answered(talk.getresponse())
        finally:
            talk.close()

    def headers(self, *, origin=None, kind="application/json"):
        """What the page's own script sends."""
        found = [("Origin", origin or self.origin), ("Content-Type", kind)]
        return [*found, ("X-Planner-Key", self.key)] if self.key else found

    def post(self, path, **said):
        """As the page's own script does."""
        return self.send("POST", path, json.dumps(said).encode(), self.headers())

    def get(self, path):
        """As the page's own script does."""
        return self.send("GET", path, headers=self.headers())

    def enter(self):
        """Exchange the token for the key."""
        self.key = self.post("/key", token=self.token).json["key"]

    def read(self, number):
        """A letter, as the page gets it."""
        return self.post(f"/letters/{number}/read").json

    def seen(self, number):
        """A letter that was on the screen."""
        found = self.read(number)
        assert self.post(f"/letters/{number}/shown", version=found["version"]).status == 200
        return found


@contextmanager
def review_page(numbers=None):
    """The page over the workspace of this folder."""
    from planner.web.server import serve

    work = make_work(Workspace(), numbers)
    links, known = [], threading.Event()

    def opened(link):
        links.append(link)
        known.set()

    server = threading.Thread(target=serve, args=(work,), kwargs={"opened": opened})
    server.start()
    try:
        assert known.wait(20)
        yield Page(links[0], work)
    finally:
        work.end()
        server.join(20)
        assert not server.is_alive()
