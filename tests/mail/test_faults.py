"""Each fault at each command, plain and protected; the server's own log is the judge."""

import asyncio
import itertools
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.mail.account import Account, Auth, Security, Timeouts
from planner.mail.smtp import SmtpSender
from tests.certificates import self_signed
from tests.fakes import (
    ACCEPT,
    DEAF,
    DRIBBLE,
    DROP,
    OFFERS,
    OK,
    RESET,
    SLOW,
    STALL,
    ScriptedServer,
    greeting,
    verb_of,
)

pytestmark = pytest.mark.long

RECIPIENTS = ("pd@x.example", "pc@x.example")
PATIENT = Timeouts(connect=20, command=21, data=22, block=23, dot=24)
# How long the silence is, by the verb that gets no answer.
SILENCE = {"MAIL": 21, "RCPT": 21, "RCPT2": 21, "DATA": 22, "BODY": 24, "DOT": 24}


def letter(number):
    """The wire bytes of a letter; no other has its last line."""
    return b"Subject: %d\r\n\r\n.a dot\r\nGoodbye %d\r\n" % (number, number)


# --- what is done ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return self_signed(tmp_path_factory.mktemp("tls"))


def server_for(security, certificate, script, **options):
    if security is not Security.NONE:
        options |= {"tls": certificate.context, "implicit": security is Security.TLS}
    return ScriptedServer(script, delay=0.02, **options)


def account(server, security, certificate, **changes):
    """A local account; on an unprotected line it logs in all the same."""
    plain = {"security": security, "auth": Auth.PASSWORD, "username": "robin"}
    made = Account("127.0.0.1", server.port, **plain, ca_file=certificate.file, timeouts=PATIENT)
    return made._replace(**changes)


async def until(condition, within=10):
    """Wait, with the loop at work, until something is so; or go on without."""
    for _ in range(int(within / 0.001)):
        if condition():
            return
        await asyncio.sleep(0.001)


def heard_out(server, number):
    """Whether the server has read a letter to its end, or reads no more in this session."""
    return any(
        f"Goodbye {number}" in event.text
        or (event.session == server.sessions - 1 and event.kind in {"did", "over"})
        for event in server.events
    )


def stalls(server):
    """How often the server has fallen silent for good."""
    return [event.kind for event in server.events if event.text in {STALL, DEAF}].count("did")


def stuck(server):
    """Whether the session that was opened last waits for a server that does nothing more."""
    mine = [event for event in server.events if event.session == server.sessions - 1]
    ended = {"left", "over"} & {event.kind for event in mine}
    return not ended and bool({STALL, DEAF} & {event.text for event in mine})


async def let_time_fly(server):
    """Where nothing more will come no test waits for the timeout: the loop's clock jumps.

    Once for each stall, and once more where the wait had not yet begun.
    """
    ahead, seen, last = 0, 0, 0.0
    loop = asyncio.get_running_loop()
    loop.time = lambda: time.monotonic() + ahead
    while True:
        if stuck(server) and (stalls(server) > seen or time.monotonic() - last > 0.5):
            ahead, seen, last = ahead + 30, stalls(server), time.monotonic()
        await asyncio.sleep(0.001)


def handed_over(server, account, *, letters=2, wire=letter, recipients=RECIPIENTS):
    """The outcomes of so many letters by one sender; marks are noted in the server's log."""

    async def secret():
        return "canary-secret"

    async def deliver(sender, number):
        async def mark():
            await until(lambda: heard_out(server, number))
            await asyncio.sleep(0.001)  # what was said by then has come
            server.note("mark")

        return await sender.deliver(
            sender="robin@a.example", recipients=recipients, wire=wire(number), mark=mark
        )

    async def work():
        sender = SmtpSender(account, secret)
        clock = asyncio.create_task(let_time_fly(server))
        try:
            return [await deliver(sender, number) for number in range(letters)]
        finally:
            await sender.close()
            if DEAF in [event.text for event in server.events]:
                server.hang_up()
            await server.parted()  # every session ends because we leave it
            clock.cancel()

    return asyncio.run(work())


# --- how it is judged -----------------------------------------------------------------------


def judged(server, outcomes, *, protected=False):
    """Hold the outcomes against the server's log, and every session against the promises."""
    for number, outcome in enumerate(outcomes):
        taken = server.accepted.count(letter(number))
        assert taken <= 1, "no letter is taken twice"
        assert (outcome.fate == "sent") <= (taken == 1), "what is called sent was taken"
        assert (taken == 1) <= (outcome.fate in {"sent", "unknown"}), "no taken letter goes again"
    assert set(server.accepted) <= {letter(number) for number in range(len(outcomes))}
    for session in range(server.sessions):
        orderly([event for event in server.events if event.session == session], protected)


def orderly(events, protected):
    """One session: the dot only after the mark, the mark only after the body, and so on."""
    said, heard, marked, spent, broken = "", "", False, False, False
    for event in events:
        verb = verb_of(event.text) if event.kind == "heard" else event.kind
        if verb in {"AUTH", "MAIL", "RCPT", "DATA", "body"}:
            assert event.secure or not protected, "nothing is told on an unprotected line"
        if verb == "MAIL":
            assert not spent, "a session is used again only after a clean acceptance"
            said, heard, marked, spent = "", "", False, True
        elif verb == "noted":
            assert re.search("^354", said, re.MULTILINE), "the mark comes after the go-ahead"
            assert "Goodbye" in heard or broken, "the mark comes after the body"
            marked = True
        elif verb == ".":
            assert marked, "never a dot without the mark"
        elif verb == "accepted":
            spent = False
        said += event.text if verb == "said" else ""
        heard += event.text if event.kind in {"heard", "body"} else ""
        broken |= verb in {"did", "over"}
    assert [verb_of(e.text) for e in events if e.kind == "heard"].count("AUTH") <= 1


# --- the table ------------------------------------------------------------------------------

# What the server does at a verb, in place of the usual answer or behind it.
FAULTS = {
    "drop": DROP,
    "reset": RESET,
    "stall": STALL,
    "4xx": "450 4.2.1 later",
    "5xx": "550 5.1.1 never",
    "421": "421 4.3.2 closing",
    "malformed": "who are you?",
    "slow": SLOW,
}
EARLY = {
    "CONNECT": "250 early",
    "EHLO": "235 2.7.0 early",
    "STARTTLS": "250-early\r\n250 AUTH PLAIN",
    "TLS": "220 early",
    "AUTH": "250 2.1.0 early",
    "MAIL": "250 2.1.5 early",
    "RCPT": "354 early",
    "DATA": "250 2.0.0 early",
    "BODY": "250 2.0.0 early",
    "DOT": "250 2.1.0 early",
}
# What becomes of the letter; a verb with a number is the second of its kind.
FATES = """
          drop        reset       stall       4xx         5xx         421      malformed   slow premature
CONNECT   unreachable unreachable unreachable unreachable unreachable back_off unreachable sent unreachable
EHLO      unreachable unreachable unreachable unreachable sender      back_off unreachable sent unreachable
AUTH      unreachable unreachable unreachable unreachable login       back_off unreachable sent unreachable
MAIL      deferred    deferred    deferred    deferred    sender      back_off deferred    sent deferred
RCPT      deferred    deferred    deferred    deferred    refused     back_off deferred    sent deferred
RCPT2     deferred    deferred    deferred    deferred    refused     back_off deferred    sent deferred
DATA      deferred    deferred    deferred    deferred    refused     back_off deferred    sent deferred
BODY      deferred    deferred    unknown     deferred    refused     back_off deferred    sent deferred
DOT       unknown     unknown     unknown     deferred    refused     back_off unknown     sent sent
"""
STARTTLS_FATES = """
          drop        reset       stall       4xx         5xx         421      malformed   slow premature
EHLO      unreachable unreachable unreachable unreachable sender      back_off unreachable sent login
STARTTLS  login       login       login       unreachable login       back_off login       sent sent
TLS       login       login       login       login       login       login    login       sent login
EHLO2     login       login       login       unreachable sender      back_off unreachable sent unreachable
"""
TLS_FATES = """
          drop        reset       stall       malformed   slow premature
TLS       unreachable unreachable unreachable login       sent login
"""


def cells(table, *securities):
    """The fate of each security, verb and fault."""
    header, *rows = [line.split() for line in table.strip().splitlines()]
    return {
        (security, row[0], fault): fate
        for security in securities
        for row in rows
        for fault, fate in zip(header, row[1:], strict=True)
    }


CASES = {
    **cells(FATES, *Security),
    **cells(STARTTLS_FATES, Security.STARTTLS),
    **cells(TLS_FATES, Security.TLS),
}
ENVELOPE = {"MAIL", "RCPT", "RCPT2"}


def named(cases):
    return [pytest.param(*case, fate, id="-".join((*case, fate))) for case, fate in cases.items()]


def faulty(verb, fault):
    """A script with the fault at the first, or the second, time of a verb."""
    name = verb.rstrip("2")
    early = EARLY[name]
    answer = FAULTS.get(fault, lambda usual: f"{usual}\r\n{early}".lstrip())
    return {name: [None, answer] if verb.endswith("2") else [answer]}


def one_fault(certificate, security, verb, fault, fate):
    """Two letters, the first of which meets the fault; the second must always arrive."""
    with server_for(security, certificate, faulty(verb, fault)) as server:
        outcomes = handed_over(server, account(server, security, certificate))
    assert [o.fate for o in outcomes] == [fate, "sent"], [str(o) for o in outcomes]
    judged(server, outcomes, protected=security is not Security.NONE)
    clean = fate == "sent" and (verb, fault) != ("DOT", "premature")
    assert server.sessions == (1 if clean else 2)
    return server, outcomes[0]


def heard_first(server):
    """What the server was told in the first session."""
    return [e.text for e in server.events if e.session == 0 and e.kind == "heard"]


@pytest.mark.parametrize(("security", "verb", "fault", "fate"), named(CASES))
def test_each_fault_at_each_command_has_its_fate(certificate, security, verb, fault, fate):
    server, first = one_fault(certificate, security, verb, fault, fate)
    if verb in ENVELOPE and fault != "slow":
        assert "DATA" not in heard_first(server)
    if fault == "stall":
        assert "left" in [e.kind for e in server.events if e.session == 0], "we hang up"
        assert verb not in SILENCE or f"silence for {SILENCE[verb]} s" in str(first)
    if fault not in {"slow", "premature"} and verb != "DOT":
        assert len(server.accepted) == 1


def test_the_table_has_every_command_and_every_fault():
    assert len(CASES) >= 60
    assert {fault for _, _, fault in CASES} == {*FAULTS, "premature"}
    assert {verb.rstrip("2") for _, verb, _ in CASES} == set(EARLY)


# --- what no table holds --------------------------------------------------------------------

EVERY = [pytest.param(security, id=security) for security in Security]


@pytest.mark.parametrize("security", EVERY)
def test_answers_that_come_byte_by_byte_are_answers(certificate, security):
    verbs = ("CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "DOT")
    with server_for(security, certificate, dict.fromkeys(verbs, DRIBBLE)) as server:
        outcomes = handed_over(server, account(server, security, certificate))
    assert [o.fate for o in outcomes] == ["sent", "sent"]
    judged(server, outcomes)
    assert server.sessions == 1


@pytest.mark.parametrize("ending", [DROP, RESET])
@pytest.mark.parametrize("security", EVERY)
def test_a_message_that_was_taken_without_a_word_is_unknown(certificate, security, ending):
    with server_for(security, certificate, {"DOT": [(ACCEPT, ending)]}) as server:
        outcomes = handed_over(server, account(server, security, certificate))
    assert [o.fate for o in outcomes] == ["unknown", "sent"]
    assert server.accepted == [letter(0), letter(1)]
    judged(server, outcomes)


@pytest.mark.parametrize("said", ["2", "250", "250 2.0.0 queued", "250-2.0.0 queued\r\n250"])
def test_half_an_answer_to_the_dot_is_unknown(certificate, said):
    with ScriptedServer({"DOT": [(said, DROP)]}) as server:
        outcomes = handed_over(server, account(server, Security.NONE, certificate))
    assert [o.fate for o in outcomes] == ["unknown", "sent"]
    judged(server, outcomes)


@pytest.mark.parametrize("ending", [DROP, RESET])
def test_an_answer_to_the_dot_counts_though_the_server_hangs_up_behind_it(certificate, ending):
    script = {"DOT": [("250 2.0.0 queued\r\n", 0.02, ending)]}
    with ScriptedServer(script) as server:
        outcomes = handed_over(server, account(server, Security.NONE, certificate))
    assert [o.fate for o in outcomes] == ["sent", "sent"]
    judged(server, outcomes)


@pytest.mark.parametrize("security", EVERY)
def test_a_server_that_takes_nothing_more_in_the_body_has_not_got_the_letter(certificate, security):
    def long(number):
        return letter(number) + (b"x" * 998 + b"\r\n") * 8000

    with server_for(security, certificate, {"BODY": DEAF}) as server:
        made = account(server, security, certificate)
        (outcome,) = handed_over(server, made, letters=1, wire=long)
    assert (outcome.fate, outcome.step) == ("deferred", "body")
    assert "accepted nothing for 23 s" in str(outcome)
    assert server.accepted == []
    assert "." not in server.log
    assert "noted" not in [event.kind for event in server.events], "no mark was made"


def test_a_server_that_does_not_say_goodbye_holds_nobody_up(certificate):
    with ScriptedServer({"QUIT": STALL}) as server:
        outcomes = handed_over(server, account(server, Security.NONE, certificate))
    assert [o.fate for o in outcomes] == ["sent", "sent"]
    assert server.verbs()[-1] == "QUIT"


STALE = [
    ("it hung up meanwhile", {"DOT": [("250 2.0.0 queued\r\n", DROP)]}),
    ("it said so first", {"DOT": [("250 2.0.0 queued\r\n", "421 4.4.2 idle\r\n", DROP)]}),
    ("it hung up at MAIL", {"MAIL": [None, DROP]}),
    ("it broke off at MAIL", {"MAIL": [None, RESET]}),
    ("it said so at MAIL", {"MAIL": [None, "421 4.4.2 idle"]}),
    ("it said nothing at MAIL", {"MAIL": [None, STALL]}),
    ("it had its letters", {"MAIL": [None, "452 4.5.3 Too many messages in this session"]}),
    ("one letter each", {"MAIL": [None, "503 5.5.1 Only one message per session, reconnect"]}),
    ("it refused MAIL", {"MAIL": [None, "550 5.7.0 no"]}),
    ("not now, at MAIL", {"MAIL": [None, "450 4.2.1 later"]}),
    ("it said so at RCPT", {"RCPT": [None, "421 4.3.2 closing"]}),
    ("it timed out at RCPT", {"RCPT": [None, "451 4.4.2 Timeout - closing connection"]}),
    ("out of step at RCPT", {"RCPT": [None, "503 5.5.1 MAIL first"]}),
    ("enough recipients", {"RCPT": [None, "452 4.5.3 Too many recipients"]}),
    ("enough letters, at DATA", {"DATA": [None, "452 4.4.5 Maximum messages per session"]}),
]


@pytest.mark.parametrize("script", [pytest.param(s, id=name) for name, s in STALE])
def test_a_kept_session_that_has_ended_is_opened_again(certificate, script):
    with ScriptedServer(script) as server:
        made = account(server, Security.NONE, certificate)
        outcomes = handed_over(server, made, recipients=RECIPIENTS[:1])
    assert [o.fate for o in outcomes] == ["sent", "sent"]
    assert server.sessions == 2
    judged(server, outcomes)


def test_what_a_new_session_says_is_judged():
    sayings = {
        "MAIL": ([None, "421 4.3.2 closing", "553 5.7.1 not you"], "sender"),
        "RCPT": ([None, "503 5.5.1 MAIL first", "550 5.1.1 unknown"], "refused"),
    }
    for verb, (answers, fate) in sayings.items():
        with ScriptedServer({verb: answers}) as server:
            made = Account("127.0.0.1", server.port, Security.NONE, auth=Auth.NONE)
            outcomes = handed_over(server, made, recipients=RECIPIENTS[:1])
        assert [o.fate for o in outcomes] == ["sent", fate]
        assert server.sessions == 2


@pytest.mark.parametrize(
    ("verb", "answer", "fate"),
    [
        ("RCPT", DROP, "deferred"),
        ("RCPT", "550 5.1.1 unknown", "refused"),
        ("RCPT", "451 4.7.1 Greylisted", "deferred"),
        ("DATA", DROP, "deferred"),
        ("DOT", DROP, "unknown"),
        ("DOT", "421 4.3.2 closing", "back_off"),
    ],
)
def test_a_kept_session_that_ends_later_is_not_tried_again(certificate, verb, answer, fate):
    with ScriptedServer({verb: [None, answer]}) as server:
        made = account(server, Security.NONE, certificate)
        outcomes = handed_over(server, made, recipients=RECIPIENTS[:1])
    assert [o.fate for o in outcomes] == ["sent", fate]
    assert server.sessions == 1
    judged(server, outcomes)


# --- one command at a time ------------------------------------------------------------------

THREE = ("a@x.example", "b@x.example", "c@x.example")


def envelope(*recipients):
    return b"MAIL FROM:<robin@a.example>\r\n" + b"".join(
        b"RCPT TO:<%s>\r\n" % recipient.encode() for recipient in recipients
    )


@pytest.mark.parametrize("security", EVERY)
def test_each_command_waits_for_its_answer_whatever_the_server_offers(certificate, security):
    offers = ("PIPELINING", *OFFERS)
    with server_for(security, certificate, {}, offers=offers) as server:
        made = account(server, security, certificate)
        outcomes = handed_over(server, made, recipients=(*THREE, THREE[0]))
    judged(server, outcomes)
    for line in envelope(*THREE).splitlines(keepends=True):
        assert server.packets.count(line) == 2
    assert server.packets.count(b"DATA\r\n") == 2


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        ("450 4.2.1 later", "deferred"),
        ("550 5.1.1 never", "refused"),
        ("334 go on", "deferred"),
        ("354 go ahead", "deferred"),
        ("252 maybe", "sent"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_refused_recipient_stops_the_letter(certificate, place, answer, fate):
    with ScriptedServer({"RCPT": [None] * place + [answer]}) as server:
        made = account(server, Security.NONE, certificate)
        outcomes = handed_over(server, made, letters=1, recipients=THREE)
    assert outcomes[0].fate == fate
    judged(server, outcomes)
    if fate != "sent":
        assert THREE[place] in str(outcomes[0]), "it says which"
        assert "DATA" not in server.log
        asked = envelope(*THREE[: place + 1])
        assert b"".join(server.packets).endswith(asked), "and nothing more is asked"


# --- what comes before it was asked for -----------------------------------------------------


@pytest.mark.parametrize("said", ["2", "250 2.0.0 que", "250-2.0.0 queued\r\n", "\r\n", "\0"])
@pytest.mark.parametrize("security", EVERY)
def test_half_an_answer_before_the_dot_stops_the_letter_too(certificate, security, said):
    with server_for(security, certificate, {"BODY": [(said,)]}) as server:
        outcomes = handed_over(server, account(server, security, certificate))
    assert [(o.fate, o.step) for o in outcomes] == [("deferred", "body"), ("sent", "dot")]
    assert server.accepted == [letter(1)]
    judged(server, outcomes)


@pytest.mark.parametrize("early", ["235 2.7.0 early", "250 2.1.0 early", "334 early"])
@pytest.mark.parametrize("security", EVERY)
def test_a_login_that_failed_sends_nothing_though_a_welcome_came_early(
    certificate, security, early
):
    said = f"{greeting(OFFERS)}\r\n{early}"
    script = {
        "EHLO": [None, said] * 2 if security is Security.STARTTLS else said,
        "AUTH": "535 5.7.8 no",
        "MAIL": "530 5.7.0 who are you?",
    }
    with server_for(security, certificate, script) as server:
        outcomes = handed_over(server, account(server, security, certificate))
    assert {o.fate for o in outcomes} <= {"login", "unreachable"}
    assert "RCPT" not in server.verbs()
    judged(server, outcomes, protected=security is not Security.NONE)


@pytest.mark.parametrize(
    ("answer", "fate"), [(None, "sent"), ("454 4.7.0 no TLS now", "login"), (DROP, "login")]
)
def test_an_early_go_ahead_to_starttls_gets_nothing_told_unprotected(certificate, answer, fate):
    script = {"EHLO": [f"{greeting(['STARTTLS'])}\r\n220 2.0.0 early"], "STARTTLS": [answer]}
    with server_for(Security.STARTTLS, certificate, script) as server:
        outcomes = handed_over(server, account(server, Security.STARTTLS, certificate))
    assert [o.fate for o in outcomes] == [fate, "sent"]
    judged(server, outcomes, protected=True)


TEXT = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=12)
CODE = st.integers(200, 599) | st.sampled_from([220, 235, 250, 334, 354, 421, 450, 550])
REPLY = st.builds(
    lambda code, first, last: (
        "".join(f"{code}-{text}\r\n" for text in first) + f"{code} {last}\r\n"
    ),
    CODE,
    st.lists(TEXT, max_size=2),
    TEXT,
)
NONSENSE = TEXT.map(lambda text: f"{text}\r\n")
ENDING = st.sampled_from([(), (), (), (DROP,), (RESET,)])


@st.composite
def answers(draw, verb):
    """An answer in pieces: often the usual one; or another, too many, none, or nonsense."""
    usual = f"{greeting(OFFERS) if verb == 'EHLO' else OK[verb]}\r\n".lstrip()
    whole = draw(st.just(usual) | st.just(usual) | REPLY | NONSENSE)
    if draw(st.integers(0, 3)) == 0:
        whole += "".join(draw(st.lists(REPLY, min_size=1, max_size=2)))
    data = whole.encode()
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(data))), max_size=3)))
    pieces = [data[a:b] for a, b in itertools.pairwise([0, *cuts, len(data)]) if a < b]
    if draw(st.booleans()):
        pieces.insert(draw(st.integers(0, len(pieces))), 0.003)
    return (*pieces, *draw(ENDING))


@st.composite
def scripts(draw):
    """What a server says and does at each step of the first sessions."""
    verbs = ["CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "BODY", "DOT"]
    some = draw(st.lists(st.sampled_from(verbs), unique=True, max_size=4))
    return {verb: draw(st.lists(st.one_of(st.none(), answers(verb)), max_size=3)) for verb in some}


@settings(max_examples=80)
@given(script=scripts(), security=st.sampled_from([Security.NONE, *Security]))
def test_whatever_a_server_says_its_log_agrees_with_the_outcome(certificate, script, security):
    with server_for(security, certificate, script) as server:
        outcomes = handed_over(server, account(server, security, certificate), letters=3)
    assert len(outcomes) == 3, "each letter has one outcome, whatever was said"
    judged(server, outcomes, protected=security is not Security.NONE)


# --- by the whole command -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "code", "states"),
    [
        ({"DOT": [(ACCEPT, DROP)]}, 3, ["unknown", "sent"]),
        ({"DATA": [DROP]}, 75, ["deferred", "sent"]),
        ({"DATA": ["354 go ahead\r\n250 2.0.0 queued"]}, 75, ["deferred", "sent"]),
        ({"DATA": ["421 4.3.2 closing"]}, 75, ["approved", "approved"]),
        ({"RCPT": [None, "550 5.1.1 never"]}, 1, ["refused", "sent"]),
        ({"MAIL": [None, DROP]}, 0, ["sent", "sent"]),
    ],
)
def test_the_command_says_of_each_letter_what_the_server_knows(desk, script, code, states):
    with ScriptedServer(script) as server:
        desk.configure(port=server.port)
        desk.approved(2)
        done = desk.type("send", "--yes")
    assert (done.code, desk.states()) == (code, states), done.out
    assert len(server.accepted) == states.count("sent") + states.count("unknown")


def test_a_server_that_hangs_up_right_behind_the_welcome_got_nothing(certificate):
    with ScriptedServer({"AUTH": [("235 2.7.0 ok\r\n", DROP)]}) as server:
        first, second = handed_over(server, account(server, Security.NONE, certificate))
    # Seen before MAIL is said, or as the answer to it: that is a race.
    assert (first.step, first.fate) in {("connect", "unreachable"), ("mail", "deferred")}
    assert second.fate == "sent"
    assert len(server.accepted) == 1


def test_an_answer_whose_lines_disagree_is_none(certificate):
    for lines in ("554-5.7.1 refused\r\n250 never mind", "250-ok\r\n554 5.7.1 refused"):
        with ScriptedServer({"DOT": [lines]}) as server:
            outcomes = handed_over(server, account(server, Security.NONE, certificate))
        assert [o.fate for o in outcomes] == ["unknown", "sent"]
