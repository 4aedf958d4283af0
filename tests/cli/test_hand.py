"""`planner hand` in a real terminal: letter by letter into the user's own mail program."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from planner.cli.hand import KEYS, WAYS
from planner.rules.compose_links import MOST
from tests.cli.conftest import SCRIPT
from tests.cli.test_outbox import (
    closed_by_another_account,
    closed_by_deferral,
    closed_by_record,
    closed_by_state,
    closed_by_transcript,
    events,
)
from tests.cli.test_preview import Page, page
from tests.cli.test_review import ended, press

# What the second of two is told: of the lock of a file, or of a row of a server.
BUSY = {"locked", "changed_meanwhile"}
SENT, OTHERWISE = re.escape(KEYS), re.escape(WAYS)
pytestmark = pytest.mark.skipif(
    shutil.which("sh") is None, reason="what opens links here is a script of sh"
)


@pytest.fixture
def handing(desk, terminal, tmp_path):
    """Types `planner hand` on a computer whose desktop notes what it is asked to open."""
    program = tmp_path / "xdg-open"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> "{tmp_path}/opened"\n')
    program.chmod(0o755)

    def typed(*words, path=f"{tmp_path}:/usr/bin:/bin"):
        return terminal(*map(str, words), command="hand", PATH=path)

    typed.opened = lambda: (tmp_path / "opened").read_text().splitlines()
    return typed


def test_each_letter_opens_filled_in_and_is_resolved_on_the_users_word(desk, handing):
    desk.approved(3)
    child = handing("1-3")
    press(child, "y", SENT)
    press(child, "n", SENT)
    press(child, "l", SENT)
    said, code = ended(child)
    assert desk.states() == ["sent", "draft", "exported"]
    assert [link[:23] for link in handing.opened()] == [
        f"mailto:pd{n}@elm{n}.example" for n in (1, 2, 3)
    ]
    assert "planner hand 3 asks again" in said
    assert code == 3


def test_the_move_is_committed_before_anything_opens(desk, handing, tmp_path):
    desk.approved(1)
    child = handing("1")
    child.expect(SENT)
    assert desk.states() == ["exported"]
    child.close(force=True)
    assert desk.states() == ["exported"]
    assert desk.type("send", "--yes", "1").code == 3, "it does not leave in another way"


@pytest.mark.long
def test_a_letter_that_was_handed_over_is_not_opened_again_by_itself(desk, handing):
    desk.approved(1)
    press(first := handing("1"), "l", SENT)
    ended(first)
    again = handing("1")
    again.expect("handed this letter before, so nothing opens now")
    press(again, "y", SENT)
    assert ended(again)[1] == 0
    assert len(handing.opened()) == 1
    assert desk.states() == ["sent"]
    refused = handing("1")
    refused.expect("it is sent")
    assert ended(refused)[1] == 3
    assert len(handing.opened()) == 1


@pytest.mark.parametrize(
    "close",
    [
        closed_by_transcript,
        closed_by_record,
        closed_by_another_account,
        closed_by_state,
        closed_by_deferral,
    ],
)
def test_what_holds_a_letter_back_from_sending_holds_it_back_here(desk, close):
    desk.approved(1)
    close(desk)
    done = desk.type("hand", "1", "--json")
    (letter,) = done.json["letters"]
    assert (done.code, letter["links"]) == (3, {})
    assert letter["reason"]
    assert desk.states() != ["exported"]


def test_nobody_needs_a_mail_server_to_send_by_hand(desk):
    path = desk.folder / "config.toml"
    path.write_text(path.read_text().partition("[smtp]")[0])
    desk.approved(1)
    (letter,) = desk.good("hand", "1", "--json").json["letters"]
    assert letter["links"]["mailto"].startswith("mailto:pd1@elm1.example?cc=")
    desk.good("outbox", "resolve", "1", "--delivered")
    assert desk.states() == ["sent"]


def test_a_draft_is_never_handed_over(desk):
    desk.drafted(1)
    (letter,) = desk.type("hand", "1", "--json").json["letters"]
    assert (letter["state"], letter["reason"]) == ("draft", "it is a draft")
    assert desk.states() == ["draft"]


def test_two_hands_at_once_get_a_letter_once(desk, root):
    desk.approved(1)
    command = [sys.executable, "-c", SCRIPT, "hand", "1", "--json"]
    inside = {**os.environ, "PYTHONPATH": str(root)}
    at_once = [
        subprocess.Popen(command, cwd=desk.folder, env=inside, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    said = [json.loads(child.communicate(timeout=60)[0]) for child in at_once]
    handed = [letter for document in said for letter in document.get("letters", [])]
    assert [letter["again"] for letter in handed].count(False) == 1
    assert {document["error"]["code"] for document in said if "error" in document} <= BUSY
    moves = [to for _, to, _ in events(desk, 1)]
    assert moves.count("exported") == 1


def test_a_script_gets_the_links_once_and_later_is_told_that_it_had_them(desk):
    desk.approved(1)
    (first,) = desk.good("hand", "1", "--json").json["letters"]
    (second,) = desk.good("hand", "1", "--json").json["letters"]
    assert (first["again"], second["again"]) == (False, True)
    assert first["links"] == second["links"]
    assert sorted(first["links"]) == ["gmail", "mailto", "outlook", "outlook.com"]
    assert first["cc"] == ["pc1@elm1.example"]


def test_a_link_that_is_too_long_is_said_and_the_letter_goes_as_a_file(desk, handing):
    desk.drafted(1)
    body = desk.good("preview", "1", "--json").json["letters"][0]["body"]
    more = "Our clinic in Łódź taught me a lot. " * 40
    (desk.folder / "long.txt").write_text(body.replace("Sincerely", f"{more}\n\nSincerely"))
    desk.good("edit", "1", "--body-file", "long.txt")
    desk.good("approve", "1", "--unseen")
    child = handing("1")
    child.expect(f"longer than {MOST}")
    press(child, "l", SENT)
    ended(child)
    (opened,) = handing.opened()
    assert opened.endswith("handed/letter-0001.eml")
    assert (desk.folder / "handed/letter-0001.eml").read_bytes().startswith(b"X-Unsent: 1\r\n")
    assert "planner hand 1, then o, then f" in Page(page(desk, "1")).text


def test_outlook_on_the_web_gets_cc_shown_to_paste(desk, handing):
    desk.approved(1)
    child = handing("1", "--by", "outlook")
    child.expect("Paste it:  pc1@elm1.example")
    press(child, "o", SENT)
    press(child, "g", OTHERWISE)
    press(child, "y", SENT)
    ended(child)
    assert [link.split("?")[0] for link in handing.opened()] == [
        "https://outlook.office.com/mail/deeplink/compose",
        "https://mail.google.com/mail/",
    ]


def test_where_nothing_opens_the_file_and_the_page_with_the_links_can_be_opened_by_hand(
    desk, handing, tmp_path
):
    desk.approved(1)
    child = handing("1", path=str(tmp_path / "nothing"))
    child.expect("Nothing opened. Press o, then f for a file, or p for a page with all links")
    for key, program, name in (
        ("f", "your mail program", "letter-0001.eml"),
        ("p", "your browser", "letter-0001.html"),
    ):
        press(child, "o", SENT)
        press(child, key, OTHERWISE)
        child.expect(f"Nothing opened, but the file is there. Open it yourself in {program}:")
        child.expect(re.escape(str(desk.folder / "handed" / name)))
        assert (desk.folder / "handed" / name).exists()
    press(child, "q", SENT)
    ended(child)
    made = Page((desk.folder / "handed/letter-0001.html").read_text())
    links = [value for name, value in made.attributes if name == "href" and ":" in value]
    assert [link.partition(":")[0] for link in links] == ["mailto", "https", "https", "https"]
    assert "Dear Dr. Abarab," in made.text


def test_ctrl_c_ends_the_line_of_the_question(desk, handing):
    desk.approved(1)
    child = handing("1")
    child.expect(SENT)
    child.send("\x03")
    said, code = ended(child)
    assert said.splitlines()[1].startswith("You have not yet said whether you sent letter 1")
    assert code == 130


@pytest.mark.long
def test_a_number_that_no_letter_has_and_a_mass_mailing_are_refused_before_any_is_opened(
    desk, handing, tmp_path
):
    desk.configure(more="[rules]\nmass_limit = 1")
    desk.a_list(2, Status="waitlisted")
    desk.good("draft", "--allow-mass")
    desk.good("approve", "1-2", "--unseen")
    for words, code in (("1,99", 2), ("1-2", 3)):
        assert ended(handing(words))[1] == code
    assert desk.states() == ["approved"] * 2
    assert not (tmp_path / "opened").exists()


def test_a_desktop_that_fails_is_noticed_and_what_it_says_stays_off_the_screen(
    desk, handing, tmp_path
):
    program = tmp_path / "xdg-open"
    program.write_text("#!/bin/sh\necho no method available >&2\nexit 3\n")
    desk.approved(1)
    child = handing("1")
    child.expect("Nothing opened")
    assert "no method" not in child.before
    press(child, "q", SENT)
    ended(child)


def test_without_a_terminal_it_says_what_a_script_types(desk):
    desk.approved(1)
    done = desk.type("hand", "1")
    assert (done.code, "planner hand ID --json" in done.err) == (2, True)
    assert desk.states() == ["approved"]


def test_the_page_has_buttons_for_what_was_handed_over_and_for_nothing_else(desk):
    desk.approved(2)
    desk.good("hand", "1", "--json")
    made = Page(page(desk))
    links = [value for name, value in made.attributes if name == "href" and ":" in value]
    assert [link.partition(":")[0] for link in links] == ["mailto", "https", "https", "https"]
    assert all("elm1" in link for link in links)
    assert "cannot fill in Cc from a link: paste pc1@elm1.example" in made.text


def test_damaged_bytes_get_no_link_and_hide_no_other_letter(desk):
    desk.approved(2)
    desk.good("hand", "1-2", "--json")
    desk.other_bytes(b"Dear Dr. Abarab,", b"Dear Dr. Abarax,")
    made = Page(page(desk))
    links = [value for name, value in made.attributes if name == "href" and ":" in value]
    assert links
    assert all("elm2" in link for link in links)


FORM = b"""<!DOCTYPE html><meta charset="utf-8"><title>Compose</title><pre></pre><script>
const asked = new URLSearchParams(location.search);
document.querySelector("pre").textContent =
  JSON.stringify(["to", "cc", "su", "body"].map(name => asked.get(name)));
</script>"""


class Compose(BaseHTTPRequestHandler):
    """A page that reads a compose link as mail on the web does."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(FORM)

    def log_message(self, *_):
        pass


@pytest.mark.sqlite_only
@pytest.mark.outside
@pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium to open a link with")
def test_a_real_browser_finds_the_letter_in_a_link(desk, tmp_path):
    import json

    desk.approved(1, Program="Ærø & Søn’s 100% Hospital #1 + Clinic")
    body = desk.good("preview", "1", "--json").json["letters"][0]["body"]
    (letter,) = desk.good("hand", "1", "--json").json["letters"]
    with ThreadingHTTPServer(("127.0.0.1", 0), Compose) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = f"http://127.0.0.1:{server.server_address[1]}"
        link = letter["links"]["gmail"].replace("https://mail.google.com", here)
        seen = subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu"]
            + [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000"]
            + ["--dump-dom", link],
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout.decode()
        server.shutdown()
    to, cc, subject, text = json.loads(unescape(re.search(r"<pre>(.*)</pre>", seen, re.DOTALL)[1]))
    assert ([to], [cc], subject) == (letter["to"], letter["cc"], letter["subject"])
    assert text.replace("\r\n", "\n") == body.rstrip("\n")
