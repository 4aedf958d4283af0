"""Real servers' answers: five approved letters, what the server says, and the state of each.

Each row of the tables is one run of `planner send` against a server that follows a script.
"""

from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.rules.retries import Fate, Reply, Step
from planner.rules.smtp_replies import Parties, judge
from tests.fakes import DROP, ScriptedServer

pytestmark = pytest.mark.long

FROM = "robin@applicant.example"
STATES = {"a": "approved", "d": "deferred", "r": "refused", "s": "sent", "u": "unknown"}


class Case(NamedTuple):
    """What a server says to five letters, and how the run ends.

    `states` has a letter for each letter, `counted` is what counts against the day, `words`
    must stand in what is said.
    """

    name: str
    script: dict
    states: str
    counted: int
    code: int
    words: str


def once(text, after=0):
    """An answer to one letter only, after so many usual ones."""
    return [None] * after + [text]


FULL_QUOTA = "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException"
SPAMMER = "554 5.2.0 STOREDRV.Submission.Exception:OutboundSpamException; WASCL UserAction"
WORDLESS = "550 5.7.1 Delivery not authorized, message refused"
BROWSER = "Log in to the mail account in a browser"
MAILBOX = "the same mailbox"

ABOUT_THE_SENDER = [
    Case("SendAsDenied", {"DOT": f"554 5.2.252 SendAsDenied; x@y.example as {FROM}"}, "aaaaa", 0, 3, MAILBOX),
    Case("SendAs in passing", {"DOT": once("554 5.2.252 SendAsDenied", 2)}, "ssaaa", 2, 3, MAILBOX),
    Case("Exchange 5.7.60", {"DOT": "550 5.7.60 Client does not have permissions to send as this sender"}, "aaaaa", 0, 3, MAILBOX),
    Case("iCloud", {"DOT": "550 5.7.0 From address is not one of your addresses."}, "aaaaa", 0, 3, MAILBOX),
    Case("Postfix at RCPT", {"RCPT": f"553 5.7.1 <{FROM}>: Sender address rejected: not owned by user X"}, "aaaaa", 0, 3, f"(from {FROM})"),
    Case("Yandex at MAIL", {"MAIL": "553 5.7.1 Sender address rejected: not owned by auth user."}, "aaaaa", 0, 3, MAILBOX),
    Case("Zoho", {"DOT": f"553 Relaying disallowed as {FROM}"}, "aaaaa", 0, 3, MAILBOX),
    Case("GMX", {"RCPT": "550-Requested action not taken: mailbox unavailable\r\n550 Sender address is not allowed."}, "aaaaa", 0, 3, MAILBOX),
    Case("QQ", {"MAIL": "501 Mail from address must be same as authorization user"}, "aaaaa", 0, 3, MAILBOX),
    Case("any 5xx to MAIL", {"MAIL": "550 5.0.0 no"}, "aaaaa", 0, 3, "Check applicant.email"),
    Case("MAIL names a mailbox", {"MAIL": "550 5.1.1 mailbox unavailable"}, "aaaaa", 0, 3, "Check applicant.email"),
    Case("MAIL 5.1.0", {"MAIL": f"550 5.1.0 {FROM} sender rejected"}, "aaaaa", 0, 3, "Check applicant.email"),
    Case("Exim callout", {"RCPT": f"550-Verification failed for <{FROM}>\r\n550 Sender verify failed"}, "aaaaa", 0, 3, "Check applicant.email"),
    Case("our domain, for now", {"RCPT": f"450 4.1.8 <{FROM}>: Sender address rejected: Domain not found"}, "aaaaa", 0, 3, "Check applicant.email"),
    Case("our name, no words", {"DOT": f"554 5.0.0 <{FROM}>: no"}, "aaaaa", 0, 3, "Check applicant.email"),
    Case("DMARC", {"DOT": "550 5.7.26 Unauthenticated email is not accepted due to domain's DMARC policy"}, "aaaaa", 0, 3, "its own provider"),
    Case("relay", {"RCPT": "554 5.7.1 <pd1@elm1.example>: Relay access denied"}, "aaaaa", 0, 3, 'smtp.auth = "password"'),
    Case("relay, Sendmail", {"RCPT": "550 5.7.1 <x>... Relaying denied. Proper authentication required."}, "aaaaa", 0, 3, 'smtp.auth = "password"'),
    Case("relay, qmail", {"RCPT": "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"}, "aaaaa", 0, 3, 'smtp.auth = "password"'),
    Case("DNSBL", {"RCPT": "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org"}, "aaaaa", 0, 3, "another network"),
    Case("DNSBL at the greeting", {"CONNECT": "554 5.7.1 Client host [192.0.2.1] blocked"}, "aaaaa", 0, 3, "another network"),
    Case("no reverse name", {"RCPT": "450 4.7.1 Client host rejected: cannot find your reverse hostname"}, "aaaaa", 0, 3, "another network"),
    Case("HELO", {"RCPT": "504 5.5.2 <[127.0.0.1]>: Helo command rejected: need fully-qualified hostname"}, "aaaaa", 0, 3, "smtp.client_name"),
    Case("HELO, for now", {"RCPT": "450 4.7.1 <[127.0.0.1]>: Helo command rejected: Host not found"}, "aaaaa", 0, 3, "smtp.client_name"),
    Case("Outlook.com", {"DOT": f"{SPAMMER} verdict is not None. Actual verdict is RefuseQuota"}, "aaaaa", 0, 3, BROWSER),
    Case("bad outbound sender", {"DOT": "550 5.1.8 Access denied, bad outbound sender"}, "aaaaa", 0, 3, BROWSER),
    Case("Zoho's activity", {"DOT": "550 5.4.6 Unusual sending activity detected"}, "aaaaa", 0, 3, BROWSER),
    Case("suspended", {"RCPT": once("550 5.7.1 Your account has been suspended", 1)}, "saaaa", 1, 3, BROWSER),
    Case("spam", {"DOT": "554 5.7.1 Message rejected under suspicion of SPAM"}, "aaaaa", 0, 3, BROWSER),
    Case("blocked", {"DOT": "550 5.7.1 Blocked"}, "aaaaa", 0, 3, BROWSER),
    Case("our own mailbox", {"DOT": "554 5.2.0 MapiExceptionShutoffQuotaExceeded; Cannot submit"}, "aaaaa", 0, 3, "your own mailbox has room"),
    Case("out of order", {"RCPT": "503 5.5.1 Need MAIL before RCPT"}, "aaaaa", 0, 3, "planner doctor"),
    Case("refused like the last", {"DOT": WORDLESS}, "aaaaa", 0, 3, "Two letters in a row were refused in the same words"),
    Case("the same at RCPT", {"RCPT": "550 5.7.1 Access denied (id 7x1)"}, "aaaaa", 0, 3, "Two letters in a row were refused"),
    Case("the same after one", {"DOT": [None, WORDLESS, WORDLESS, WORDLESS]}, "saaaa", 1, 3, "Two letters in a row were refused"),
]  # fmt: skip
QUOTAS_OF_THE_ACCOUNT = [
    Case("Gmail", {"MAIL": "550 5.4.5 Daily user sending limit exceeded"}, "aaaaa", 0, 75, "again at Wed 2026-10-21 12:00 (America/New_York)"),
    Case("Microsoft", {"DOT": FULL_QUOTA}, "aaaaa", 0, 75, "again at Wed 2026-10-21 12:00"),
    Case("Microsoft 5.2.2", {"DOT": once("550 5.2.2 Submission quota exceeded", 3)}, "sssaa", 3, 75, "again at Wed 2026-10-21 12:00"),
    Case("cPanel", {"DOT": "550 Domain a.example has exceeded the max emails per hour (50/50 (100%)) allowed"}, "aaaaa", 0, 75, "again at 13:00 (America/New_York)"),
    Case("prolateral", {"RCPT": "554 5.7.1 <pd1@elm1.example>: Recipient address rejected: You have exceeded your Outmail quota"}, "aaaaa", 0, 75, "daily quota"),
    Case("posteo", {"DATA": "554 5.7.1 <DATA>: Data command rejected: limit of 400 rcpts per 24 hours reached"}, "aaaaa", 0, 75, "daily quota"),
    Case("bare, at the dot", {"DOT": "550 quota exceeded"}, "aaaaa", 0, 75, "smtp.per_day"),
    Case("Amazon", {"DOT": "454 Throttling failure: Daily message quota exceeded"}, "aaaaa", 0, 75, "daily quota"),
    Case("hourly, for now", {"RCPT": "451 4.7.1 Hourly sending limit exceeded"}, "aaaaa", 0, 75, "hourly quota"),
    Case("a second's", {"DOT": once("550 5.7.0 too many emails per second", 1)}, "saaaa", 2, 75, "asks to slow down"),
    Case("slow down", {"MAIL": "421 4.7.0 Try again later, closing connection"}, "aaaaa", 0, 75, "asks to slow down"),
]  # fmt: skip
ABOUT_A_RECIPIENT = [
    Case("greylisted", {"RCPT": once("451 4.7.1 <pd2@elm2.example>: Recipient address rejected: Greylisting", 1)}, "sdsss", 4, 75, "deferred: 451 4.7.1"),
    Case("greylisted at the dot", {"DOT": once("451 4.7.1 Greylisted, try again", 1)}, "sdsss", 5, 75, "deferred: 451 4.7.1"),
    Case("4.7.1 without words", {"RCPT": once("450 4.7.1 not now", 4)}, "ssssd", 4, 75, "(about pd5@elm5.example)"),
    Case("full, for now", {"RCPT": once("452 4.2.2 Mailbox has too many messages")}, "dssss", 4, 75, "deferred: 452 4.2.2"),
    Case("all put off", {"RCPT": "451 4.7.1 Please come back"}, "daaaa", 0, 75, "Two letters in a row were deferred"),
    Case("put off in other words", {"RCPT": ["451 4.7.1 come back", "450 4.2.1 busy"]}, "ddsss", 3, 75, "3 sent, 2 deferred"),
    Case("the mailbox is full", {"RCPT": once("552 5.2.2 <pd1@elm1.example>: over quota")}, "rssss", 4, 1, "planner outbox show 1"),
    Case("full mailboxes", {"RCPT": ["552 5.2.2 over quota"] * 3}, "rrrss", 2, 1, "planner outbox show 1-3"),
    Case("unknown user", {"RCPT": once("550 5.1.1 no such user", 1)}, "srsss", 4, 1, "Fix its address"),
    Case("all unknown", {"RCPT": "550 5.1.1 no such user"}, "rrrrr", 0, 1, "planner leave-out --undo 1-5"),
    Case("recipient's policy", {"RCPT": once("550 5.7.1 message blocked by recipient policy")}, "rssss", 4, 1, "planner outbox show 1"),
    Case("two kinds", {"RCPT": ["550 5.1.1 no such user", "552 5.2.2 full"]}, "rrsss", 3, 1, "Fix its address"),
    Case("refused once at the dot", {"DOT": once(WORDLESS, 1)}, "srsss", 5, 1, "planner outbox show 2"),
    Case("refused twice, sent between", {"DOT": [WORDLESS, None, WORDLESS]}, "rsrss", 5, 1, "planner outbox show 1,3"),
    Case("refused in other words", {"DOT": ["554 5.6.0 not this", "554 5.6.1 nor that"]}, "rrsss", 5, 1, "planner outbox show 1-2"),
    Case("too big", {"DOT": once("552 5.3.4 Message size exceeds fixed limit")}, "rssss", 5, 1, "planner outbox show 1"),
    Case("three policies", {"RCPT": [f"550 5.7.1 {x}" for x in ("no", "never", "not here", "go", "away")]}, "rrraa", 0, 3, "3 refusals for policy in a row"),
    Case("lost at the dot", {"DOT": once(DROP)}, "ussss", 5, 3, "Look in your Sent folder"),
]  # fmt: skip
SESSIONS = [
    Case("421 at MAIL", {"MAIL": once("421 4.7.0 Maximum message count per session", 2)}, "sssss", 5, 0, "5 sent"),
    Case("452 at MAIL", {"MAIL": once("452 4.5.3 Too many messages in this session", 2)}, "sssss", 5, 0, "5 sent"),
    Case("421 at RCPT", {"RCPT": once("421 4.4.2 closing", 2)}, "sssss", 5, 0, "5 sent"),
    Case("one letter each", {"MAIL": [None, *["503 5.5.1 Only one message per session", None] * 4]}, "sssss", 5, 0, "5 sent"),
    Case("at DATA", {"DATA": once("452 4.4.5 Maximum number of messages per session exceeded", 1)}, "sssss", 5, 0, "5 sent"),
    Case("a new session says no", {"MAIL": [None, "421 4.3.2 closing", "553 5.7.1 Sender rejected"]}, "saaaa", 1, 3, "Check applicant.email"),
]  # fmt: skip
EVERY = [*ABOUT_THE_SENDER, *QUOTAS_OF_THE_ACCOUNT, *ABOUT_A_RECIPIENT, *SESSIONS]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in EVERY])
def test_what_becomes_of_five_letters(desk, case):
    with ScriptedServer(case.script) as server:
        desk.configure(port=server.port)
        desk.approved(5, **{"PC Email": ""})
        done = desk.type("send", "--yes")
    said = " ".join(done.out.split())
    assert desk.states() == [STATES[letter] for letter in case.states], said
    assert done.code == case.code, said
    assert case.words in said
    assert used(desk) == case.counted
    assert case.counted == taken(server) or "Two letters in a row were refused" in case.words
    assert len(server.accepted) == case.states.count("s")
    assert ("Fix its address" in said) <= ("no such user" in said), "only what does not exist"
    if "r" not in case.states:
        assert "leave-out" not in said
    if "Two letters" in case.words:
        desk.good("db", "check")


def used(desk):
    return desk.good("status", "--json").json["allowance"]["used"]


# --- laws -----------------------------------------------------------------------------------


def taken(server):
    """How many letters a server has read to the end, but for those whose sender it refused."""
    return sum(not _is_of_the_sender(answer) for answer in _answers_to_dots(server))


def _answers_to_dots(server):
    """What was said to each dot, session by session; nothing is an answer, too."""
    for session in range(server.sessions):
        waits = False
        for event in (event for event in server.events if event.session == session):
            if waits and event.kind in {"said", "did"}:
                yield event.text.strip()
                waits = False
            waits |= (event.kind, event.text) == ("heard", ".")


def _is_of_the_sender(answer):
    if not answer[:3].isdecimal():
        return False
    found = judge(Step.DOT, Reply(int(answer[:3]), answer[4:]), parties=Parties(FROM))
    return found.fate in {Fate.SENDER, Fate.QUOTA}


SENDERS = ("550 5.4.5 Daily user sending limit exceeded", "553 5.7.1 Sender address rejected")
SAYINGS = st.sampled_from(
    [
        None,
        *SENDERS,
        "550 5.1.1 no such user",
        "552 5.2.2 mailbox full",
        "554 5.6.0 not this one",
        "550 nor that one",
        "451 4.7.1 Greylisted",
        "450 4.2.1 later",
        "421 4.3.2 closing",
        "503 5.5.1 what?",
    ]
)
SCRIPTS = st.fixed_dictionaries(
    {verb: st.lists(SAYINGS, max_size=3, unique=True) for verb in ("MAIL", "RCPT", "DATA", "DOT")}
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=SCRIPTS)
def test_whatever_is_said_what_was_read_counts_and_no_letter_is_to_blame_for_its_sender(
    desk, script
):
    desk.start_over()
    with ScriptedServer(script) as server:
        desk.configure(port=server.port)
        desk.approved(4, **{"PC Email": ""})
        desk.type("send", "--yes")
    assert used(desk) == taken(server)
    assert desk.states().count("sent") == len(server.accepted)
    refused = [x["last_reply"] for x in desk.letters() if x["state"] == "refused"]
    assert not [said for said in refused if said.startswith(SENDERS)]
