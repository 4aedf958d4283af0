"""What servers say, whom it is about, and why: the tables of words, and sentences in none."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.rules import smtp_sender_words as ours
from planner.rules import smtp_words as words
from planner.rules.retries import BEFORE_MAIL, STOPS, Cause, Fate, Outcome, Reply, Step
from planner.rules.smtp_replies import (
    QUOTAS,
    Parties,
    is_of_an_address,
    judge,
    may_be_the_session,
)

FROM, TO = "robin@applicant.example", "pd1@elm1.example"
PARTIES = Parties(FROM, ("robin@login.example", "laptop.local"), (TO,))
IN_DELIVERY = sorted({*Step} - BEFORE_MAIL)
SPOKEN_OF = sorted({*IN_DELIVERY} - {Step.MAIL})


def said(text):
    """(step, reply) of "step: CODE TEXT", with our address and the recipient's in their places."""
    step, _, lines = text.replace("{from}", FROM).replace("{to}", TO).partition(": ")
    head, *more = lines.split("\n")
    return Step(step), Reply(int(head[:3]), "\n".join([head[4:], *(line[4:] for line in more)]))


def judged(text, parties=PARTIES):
    step, reply = said(text)
    return judge(step, reply, parties=parties)


# --- the rows -------------------------------------------------------------------------------

THEIRS = (*words.SURELY_THEIRS, *words.BY_CODE, words.FULL, *words.AT_RCPT)
SENDERS = (*ours.SURELY, *ours.AT_MAIL, *ours.PERHAPS)
EVERY = (*THEIRS, *SENDERS, words.SESSION, words.CROWD)
EXAMPLES = [pytest.param(row, text, id=text) for row in EVERY for text in row.examples]


@pytest.mark.parametrize(("row", "example"), EXAMPLES)
def test_each_example_is_known_by_its_row(row, example):
    found = judged(example).cause
    counted = {*QUOTAS, Cause.RATE}
    assert found is row.cause or {found, row.cause} <= counted


def test_each_row_says_where_it_comes_from_and_what_it_is_for():
    assert all(row.source and row.examples for row in EVERY)
    assert {row.cause for row in SENDERS} & {row.cause for row in THEIRS} == set()


NOISE = st.sampled_from(["", "Sorry. ", "[ABC-12] ", "mx3.relay.example: ", "x9f2Kd "])
CODES = {"4": st.sampled_from([421, 432, 450, 451, 452, 454]), "5": st.integers(500, 599)}


@st.composite
def of_the_sender(draw):
    """Something that a server says of the sender, at any step, with any number that fits."""
    row = draw(st.sampled_from(ours.SURELY))
    _, reply = said(draw(st.sampled_from(row.examples)))
    code = draw(CODES[draw(st.sampled_from(row.digits))] | st.just(reply.code))
    enhanced, text = re.fullmatch(r"([245]\.\d+\.\d+ )?(.*)", reply.text, re.DOTALL).groups("")
    change = draw(st.sampled_from([str, str.upper, str.lower]))
    if str(code)[0] == str(reply.code)[0]:
        text = enhanced + draw(NOISE) + change(text)
    return Reply(code, text + draw(st.sampled_from(["", " (id 77-qx1)"])))


@settings(max_examples=400)
@given(of_the_sender(), st.sampled_from(IN_DELIVERY))
def test_what_is_said_of_the_sender_is_never_a_letters_fault(reply, step):
    found = judge(step, reply, parties=PARTIES)
    assert found.fate in STOPS, str(found)
    assert "about" not in str(found.detail)


@given(st.integers(500, 599), st.text(max_size=40))
def test_a_lasting_refusal_of_mail_is_the_senders_whatever_it_says(code, text):
    assert judge(Step.MAIL, Reply(code, text), parties=PARTIES).fate in STOPS


@given(
    st.integers(500, 599),
    st.sampled_from(SPOKEN_OF),
    st.text(st.characters(exclude_characters="@<>"), max_size=20),
)
def test_a_refusal_that_blames_our_address_is_the_senders(code, step, text):
    for blamed in (f"<{FROM}>: {text}", f"5.7.0 <{FROM.upper()}>... {text}", f"{FROM} {text}"):
        found = judge(step, Reply(code, blamed), parties=PARTIES)
        # A sentence that happens to speak of the recipient as such stays the recipient's.
        assert found.fate in STOPS or found.cause in {Cause.RECIPIENT, Cause.GREYLISTED}


# --- other sentences than the rows hold -----------------------------------------------------

SENTENCES = """
sender  send_as         dot: 550 5.7.1 Sending from {from} is not permitted
sender  send_as         dot: 553 5.7.1 From header does not match authenticated user
sender  send_as         mail: 550 The from address does not match a verified Sender Identity
sender  send_as         dot: 550 From: header must contain your own address
sender  sender_refused  mail: 550 5.1.0 {from} sender rejected
sender  sender_refused  rcpt: 550 5.7.1 {from} is blacklisted
sender  sender_refused  rcpt: 550 5.7.1 Mail from {from} was not accepted here
sender  sender_refused  mail: 501 5.1.8 Sender domain must exist
sender  send_as         dot: 553 From: address not verified; see the help pages
sender  sender_refused  dot: 550 Sender ID (PRA) Not Permitted
sender  sender_refused  dot: 550 5.7.1 Your domain is not authorized to send by this server
sender  sender_refused  rcpt: 550 Rejected by header based Anti-Spoofing policy
sender  sender_refused  mail: 451 4.1.8 Domain of sender address {from} does not resolve
sender  relay           rcpt: 550 Administrative prohibition: relay not allowed for 192.0.2.7
sender  relay           rcpt: 550-Please turn on SMTP Authentication.\\n550 relay denied without it
sender  relay           rcpt: 571 5.7.1 prohibited. We do not relay
sender  relay           dot: 535 5.7.139 Authentication unsuccessful
sender  client_name     rcpt: 550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)
sender  network         rcpt: 554 5.7.1 <[192.0.2.7]>: Client host rejected: Access denied
sender  network         connect: 554 5.7.1 Your IP is blacklisted
sender  network         rcpt: 550 5.7.25 The IP address sending this message has no PTR record
sender  network         rcpt: 550 5.7.1 Mail from your network is refused
sender  suspended       rcpt: 550 5.7.1 Your email account has been disabled for sending
sender  suspended       dot: 554 5.7.0 Your account has been locked for suspicious activity.
sender  suspended       dot: 550 5.7.1 account suspended
sender  spam            dot: 550 High probability of spam
sender  spam            rcpt: 550 5.7.1 looks like spam
sender  unauthenticated dot: 550 5.7.509 Access denied, a.example does not pass DMARC verification
sender  own_mailbox     mail: 550 mailbox full
sender  out_of_order    rcpt: 503 5.5.1 Need MAIL before RCPT
sender  out_of_order    data: 502 5.5.1 unrecognized command
quota   quota_day       mail: 550 5.7.1 Daily message limit reached for this account
quota   quota_day       dot: 550 User {from} has exceeded its 24-hour sending limit, 250 out of 250
quota   quota_day       rcpt: 554 5.7.1 You have reached the limit of emails you can send
quota   quota_day       rcpt: 550 5.7.1 Too many invalid recipients
quota   quota_day       dot: 550 5.7.233 Your tenant has exceeded its daily limit to external recipients
quota   quota_hour      dot: 550 Maximum hourly email limit reached
quota   quota_hour      rcpt: 550 5.7.1 <{to}>: Recipient address rejected: Hourly quota exceeded
back_off rate           dot: 451 4.7.1 Sending rate exceeded, slow down
back_off -              mail: 450 4.7.1 Error: too much mail from 192.0.2.7
back_off -              rcpt: 452 4.5.3 Error: too many recipients
back_off -              rcpt: 421 4.3.2 closing
back_off -              mail: 451 4.7.0 Temporary server error. Please try again later
deferred -              dot: 451 4.7.1 Try again later
deferred -              rcpt: 450 4.7.1 <{to}>: Recipient address rejected: try again in 5 minutes
deferred recipient      rcpt: 450 4.7.0 Too many messages to this recipient, try later
back_off session        mail: 421 4.7.0 Maximum message count per session
back_off too_many_sessions auth: 421 4.7.0 Too many concurrent connections
deferred greylisted     rcpt: 451 4.7.0 Greylisted, please try again in 300 seconds
deferred -              rcpt: 451 4.7.1 <{to}>: Please come back later
deferred mailbox_full   rcpt: 452 4.2.2 Mailbox has too many messages
deferred recipient      rcpt: 450 4.2.1 busy
deferred -              rcpt: 451 4.3.0 Temporary lookup failure
deferred -              mail: 451 4.3.0 not now
refused address         rcpt: 550 5.1.1 <{to}>: Email address could not be found, or was misspelled
refused address         rcpt: 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found
refused address         rcpt: 550 5.1.2 Host unknown
refused address         rcpt: 550 5.1.1 <{to}>: unknown; your IP is 192.0.2.7, too many of these
refused address         dot: 550 5.1.6 no longer on server
refused mailbox_full    rcpt: 552 5.2.2 <{to}>: user is over quota
refused mailbox_full    dot: 552 5.2.2 <{to}> Mailbox full
refused mailbox_full    rcpt: 552 5.2.2 daily message limit of this mailbox
refused recipient       dot: 550 5.7.1 Your message was blocked by the recipient's mail policy
refused recipient       rcpt: 550 5.7.1 <{to}> recipient does not accept mail from outside
refused recipient       rcpt: 550 mailbox blocked
refused recipient       dot: 550 5.7.1 Sender not permitted to send to group
refused recipient       dot: 554 rejected by the recipient's server: quota exceeded
refused recipient       rcpt: 550 5.2.1 User {to} account suspended
refused -               rcpt: 554 5.7.1 <{to}>: Recipient address rejected: Blocked
refused -               rcpt: 554 5.7.1 <{to}>: Recipient address rejected: Access denied
refused -               rcpt: 550 Requested action not taken: mailbox unavailable
refused -               dot: 550 Request failed; Mailbox unavailable
refused -               dot: 552 5.3.4 Message size exceeds fixed limit
refused -               dot: 554 5.4.6 Too many hops
refused -               dot: 554 5.6.0 message could not be parsed
refused -               rcpt: 550 {from} may not write to {to}
unreachable -           connect: 554 no service
unreachable -           auth: 451 later
login   -               auth: 550 5.7.1 account suspended
login   -               tls: 454 4.7.0 no TLS now
"""


@pytest.mark.parametrize("line", SENTENCES.strip().splitlines())
def test_a_sentence_is_understood_though_no_row_has_it(line):
    fate, cause, text = line.split(maxsplit=2)
    found = judged(text.replace("\\n", "\n"))
    assert (found.fate, found.cause or "-") == (fate, cause)


def test_an_address_that_is_ours_and_the_recipients_blames_neither():
    parties = Parties(FROM, recipients=(FROM,))
    assert judged("rcpt: 550 5.7.0 <{from}>: no", parties).fate is Fate.REFUSED
    assert judged("rcpt: 550 5.7.0 <{from}>: Relay access denied", parties).fate is Fate.SENDER


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Robin@Applicant.Example", "<robin@applicant.example>"),
        ("robin@bücher.example", "<ROBIN@xn--bcher-kva.example>"),
        ("robin@x.example", "<robin@x.example>"),
    ],
)
def test_our_address_is_known_however_it_is_written(name, written):
    found = judge(Step.DOT, Reply(550, f"5.7.0 {written}: no"), parties=Parties(name))
    assert (found.fate, found.detail) == (Fate.SENDER, f"from {name}")


def test_a_name_that_is_none_is_nobodys():
    odd = Reply(550, "5.7.0 <robin@\u2488\u200b..example>: no")
    assert judge(Step.DOT, odd, parties=PARTIES).fate is Fate.REFUSED


def test_an_outcome_says_whom_it_is_about():
    assert judged("rcpt: 550 5.1.1 no").detail == f"about {TO}"
    assert judged("rcpt: 451 later").detail == f"about {TO}"
    assert judged("rcpt: 550 5.7.1 Unable to relay").detail == f"from {FROM}"
    assert judged("rcpt: 421 closing").detail == ""
    assert judged("dot: 550 no").detail == ""
    assert judge(Step.RCPT, Reply(550, "no")).detail == ""
    assert judge(Step.DOT, Reply(553, "5.7.1 Sender rejected")).detail == ""
    assert judge(Step.BODY, Reply(550, "no"), "said early", parties=PARTIES).detail == "said early"


@pytest.mark.parametrize("piece", ["x", "a@", "must match ", "ip ", "sender ", "<", "not ", "@"])
def test_a_reply_that_is_meant_to_be_slow_to_read_is_read_at_once(piece):
    began = time.process_time()
    for step in Step:
        judge(step, Reply(550, piece * (32_000 // len(piece))), parties=PARTIES)
        judge(step, Reply(450, piece * (32_000 // len(piece))), parties=PARTIES)
    assert time.process_time() - began < 5


def test_links_and_names_are_no_words():
    for text in (
        "rcpt: 550 5.1.1 no, see https://relay.example/spam/quota/blocked",
        "rcpt: 550 5.6.0 <relay.quota@spam.example>: never",
        "dot: 554 refused, see www.blocked.example",
    ):
        assert judged(text).fate is Fate.REFUSED


# --- sessions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail: 451 4.4.2 timeout", True),
        ("mail: 553 5.7.1 no", True),
        ("mail: 432 4.3.2 Concurrent connections limit exceeded", False),
        ("rcpt: 421 4.3.2 closing", True),
        ("rcpt: 503 5.5.1 MAIL first", True),
        ("rcpt: 452 4.5.3 enough", True),
        ("rcpt: 451 4.4.2 timeout", True),
        ("rcpt: 450 too many messages in this session", True),
        ("rcpt: 550 5.1.1 unknown", False),
        ("rcpt: 451 4.7.1 Greylisted", False),
        ("data: 452 4.4.5 Maximum number of messages per session exceeded", True),
        ("data: 554 5.5.1 no valid recipients", True),
        ("data: 554 5.7.1 no", False),
        ("dot: 421 closing", False),
        ("body: 421 closing", False),
    ],
)
def test_a_kept_session_is_asked_again_only_where_it_may_be_the_one_that_is_meant(text, expected):
    assert may_be_the_session(judged(text)) is expected


@pytest.mark.parametrize(
    ("step", "expected"), [("connect", True), ("mail", True), ("rcpt", False), ("dot", False)]
)
def test_a_kept_line_that_was_lost_before_the_letter_was_spoken_of_is_opened_again(step, expected):
    assert may_be_the_session(judge(Step(step), None)) is expected


def test_a_greeting_that_refuses_is_no_kept_session():
    assert not may_be_the_session(Outcome(Fate.UNREACHABLE, Step.CONNECT, Reply(554, "no")))


# --- what is kept of a refusal --------------------------------------------------------------


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ("550 5.1.1 no such user (about pd@x.example)", True),
        ("550 User unknown", True),
        ("552 5.2.2 mailbox full (about pd@x.example)", False),
        ("550 5.7.1 not here", False),
        ("450 4.1.1 unverified (given up: 72 hours, or the lists)", False),
        ("bounced", False),
        ("", False),
    ],
)
def test_only_an_address_that_does_not_exist_is_to_be_fixed(kept, expected):
    assert is_of_an_address(kept) is expected
