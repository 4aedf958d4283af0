"""The SMTP dialogue in the log: everything that was said, but no secret and no letter."""

import asyncio
import base64
import logging
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.mail.account import Account, Auth, Security, Timeouts
from planner.mail.dialogue import Dialogue
from planner.mail.smtp import SmtpSender
from planner.rules.retries import Reply
from tests.fakes import ASKS_PASSWORD, ASKS_USER, DROP, ScriptedServer

PATIENT = Timeouts(connect=20, command=20, data=20, block=20, dot=20)
USER = "søren.ångström@mail.example"
CANARY = "long-canary-secret"
BODY = (
    "Dear Dr. Núñez-O'Brien,\r\n\r\nI am writing to share my new Step 2 CK score of 255.\r\n"
    ". a line that begins with a dot\r\nWith gratitude,\r\nSøren Ångström\r\n"
)
WIRE = f"Subject: An update\r\nMessage-ID: <x@mail.example>\r\n\r\n{BODY}".encode()


def dialogue(caplog, script=None, *, password=CANARY, letters=1, **changes):
    """Every line of the log of a delivery to a server with a script."""
    caplog.clear()
    caplog.set_level(logging.DEBUG, logger="planner")

    async def secret():
        return password

    async def mark():
        pass

    async def work(server):
        plain = {"security": Security.NONE, "auth": Auth.PLAIN, "username": USER}
        made = Account("127.0.0.1", server.port, **{**plain, "timeouts": PATIENT, **changes})
        sender = SmtpSender(made, secret)
        for number in range(letters):
            to = (f"pd{number}@elm.example", "pc@elm.example")
            await sender.deliver(sender="robin@mail.example", recipients=to, wire=WIRE, mark=mark)
        await sender.close()

    with ScriptedServer(script or {}, offers=("AUTH PLAIN LOGIN XOAUTH2",)) as server:
        asyncio.run(work(server))
    return [record.getMessage() for record in caplog.records]


def spoken(lines):
    """The lines without sessions, times and ports."""
    found = [re.sub(r"^session \d+: | \(\d+\.\d{3} s\)$", "", line) for line in lines]
    return [line for line in found if line[0] in "<>"]


def test_each_command_and_each_reply_stands_in_it_in_order(caplog):
    assert spoken(dialogue(caplog)) == [
        "< 220 fake.example ESMTP",
        "> EHLO [127.0.0.1]",
        "< 250 fake.example / AUTH PLAIN LOGIN XOAUTH2",
        "> AUTH PLAIN [secret]",
        "< 235 2.7.0 welcome",
        "> MAIL FROM:<robin@mail.example>",
        "< 250 2.1.0 ok",
        "> RCPT TO:<pd0@elm.example>",
        "< 250 2.1.5 ok",
        "> RCPT TO:<pc@elm.example>",
        "< 250 2.1.5 ok",
        "> DATA",
        "< 354 go ahead",
        f"> (the letter, {len(WIRE) + 1} bytes)",
        "> .",
        "< 250 2.0.0 queued",
        "> QUIT",
        "< 221 2.0.0 bye",
    ]


def test_replies_have_the_time_that_they_took_and_sessions_their_number(caplog):
    lines = dialogue(caplog, {"MAIL": [(0.2, b"250 ok\r\n")]})
    slow = next(line for line in lines if "250 ok" in line)
    assert 0.15 < float(re.search(r"\((\d+\.\d+) s\)$", slow)[1]) < 20
    assert len({line.partition(":")[0] for line in lines if line.startswith("session")}) == 1


def test_the_mark_and_the_loss_of_a_line_are_told(caplog):
    lines = dialogue(caplog, {"DOT": [DROP]})
    marked = next(n for n, line in enumerate(lines) if "marked: from here on" in line)
    assert lines[marked + 1].endswith("> .")
    assert lines[marked + 2].endswith("over: the server closed the connection")


def test_where_no_session_comes_about_the_reason_is_told(caplog):
    lines = dialogue(caplog, {"CONNECT": ["554 5.3.2 closed for the night"]})
    assert lines[-1].endswith("no session, at connect: 554 5.3.2 closed for the night")
    assert any("connecting to 127.0.0.1:" in line for line in lines)


def test_a_login_in_two_steps_tells_neither(caplog):
    found = spoken(dialogue(caplog, auth=Auth.LOGIN))
    assert found[3:9] == [
        "> AUTH LOGIN",
        f"< {ASKS_USER}",
        "> [secret]",
        f"< {ASKS_PASSWORD}",
        "> [secret]",
        "< 235 2.7.0 welcome",
    ]


def test_a_server_that_repeats_the_letter_is_not_repeated(caplog):
    line = "I am writing to share my new Step 2 CK score of 255."
    found = spoken(dialogue(caplog, {"DOT": [f"554 5.7.1 spam: {line}"]}))
    assert "< 554 5.7.1 spam: [letter]" in found


def test_control_characters_of_a_server_stay_in_their_line(caplog):
    Dialogue().heard(Reply(250, "one\ntwo"))
    caplog.set_level(logging.DEBUG, logger="planner")
    Dialogue().heard(Reply(250, "one\ntwo"))
    assert [spoken([r.getMessage()]) for r in caplog.records] == [["< 250 one / two"]]


def test_nothing_is_made_of_it_where_nobody_logs(caplog):
    caplog.set_level(logging.INFO, logger="planner")
    talk = Dialogue(lambda _: pytest.fail("nobody reads this"))
    talk._show = str
    talk.sent_letter(WIRE)
    talk.heard(Reply(250, "ok"))
    assert (caplog.records, talk._letter) == ([], frozenset())


def repeating(command):
    """What a server says that repeats what it heard."""
    return f"535 5.7.8 no: {command}"


passwords = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=8, max_size=60
).filter(lambda text: text.strip() == text)
tokens = st.from_regex(r"[A-Za-z0-9._~+/-]{20,300}=?", fullmatch=True)


@pytest.mark.long
@pytest.mark.parametrize("auth", [Auth.PLAIN, Auth.LOGIN, Auth.XOAUTH2])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_secret_and_no_letter_is_ever_in_it(caplog, auth, data):
    secret = data.draw(tokens if auth.takes_token else passwords)
    echo = data.draw(st.sampled_from([secret, base64.b64encode(secret.encode()).decode()]))
    script = data.draw(
        st.sampled_from([{}, {"AUTH": [repeating(echo)]}, {"PASSWORD": [repeating(echo)]}])
    )
    text = "\n".join(dialogue(caplog, script, password=secret, auth=auth))
    assert "AUTH" in text
    whole = f"\0{USER}\0{secret}".encode()
    for form in (secret, base64.b64encode(secret.encode()).decode().rstrip("=")):
        assert form not in text
    assert base64.b64encode(whole).decode() not in text
    assert not [line for line in BODY.split("\r\n") if len(line) > 5 and line in text]
