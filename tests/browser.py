"""Debian's chromium for tests, which is skipped with a reason where it is missing."""

import shutil
from pathlib import Path

import pytest

CHROMIUM = "/usr/bin/chromium"
AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")
SERIOUS = ("serious", "critical")
LOADED = 15_000  # milliseconds


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """A browser of the tests' own, with a home of its own."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if shutil.which(CHROMIUM) is None:
        pytest.skip("chromium is not installed; on Debian: apt-get install chromium")
    home = tmp_path_factory.mktemp("chromium")
    with api.sync_playwright() as play:
        found = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"], env={"HOME": str(home)}
        )
        yield found
        found.close()


def a_window(browser, *, width=1280, height=800, scheme="light"):
    """A page of its own that notes errors of scripts, and every host that it asked."""
    window = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    window.set_default_timeout(LOADED)
    window.failures, window.hosts = [], set()
    window.on("pageerror", lambda error: window.failures.append(str(error)))
    window.on("dialog", lambda dialog: (window.failures.append(dialog.message), dialog.accept()))
    window.on("request", lambda asked: window.hosts.add(asked.url.split("/")[2]))
    return window


def violations(window):
    """What axe finds of what is serious, a line each."""
    window.evaluate(AXE)  # not as a script of the page, which its policy forbids
    found = window.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{one['id']}: {node['html'][:90]} {node['failureSummary'][:150]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]
