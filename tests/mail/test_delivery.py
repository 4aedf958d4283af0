"""Delivery over real SMTP: commands, answers, their order, and the outcome."""

import asyncio
import base64
import inspect
import ssl
import threading
import time
from functools import partial

import aiosmtplib
import pytest

from planner.errors import PersonNeededError
from planner.mail.account import Account, Auth, Security, Timeouts
from planner.mail.dial import dial
from planner.mail.handshake import MALFORMED, SessionError
from planner.mail.line import Line, LineLostError
from planner.mail.session import Session
from planner.mail.smtp import SmtpSender
from planner.rules.retries import Reply
from tests.certificates import Authority, self_signed
from tests.fakes import DROP, STALL, ScriptedServer

PATIENT = Timeouts(connect=20, command=20, data=20, block=20, dot=20)
WIRE = b"Subject: x\r\n\r\n.dot\r\nbye\r\n"


def account(server, **changes):
    plain = {"security": Security.NONE, "auth": Auth.NONE, "username": "robin"}
    return Account("127.0.0.1", server.port, **{**plain, "timeouts": PATIENT, **changes})


def delivered(server, *, times=1, mark=lambda: None, recipients=("pd@x.example",), **changes):
    async def secret():
        return "canary-secret"

    async def marked():
        mark()

    async def work():
        sender = SmtpSender(account(server, **changes), secret)
        try:
            return [
                await sender.deliver(
                    sender="robin@a.example", recipients=recipients, wire=WIRE, mark=marked
                )
                for _ in range(times)
            ]
        finally:
            await sender.close()
            await server.parted()

    return asyncio.run(work())


def test_a_message_arrives_as_it_was_and_the_session_is_kept():
    with ScriptedServer() as server:
        outcomes = delivered(server, times=2)
    assert [o.fate for o in outcomes] == ["sent", "sent"]
    assert server.accepted == [WIRE, WIRE]
    assert server.verbs().count("EHLO") == 1
    assert server.verbs()[-1] == "QUIT"


def test_each_recipient_gets_one_rcpt():
    with ScriptedServer() as server:
        delivered(server, recipients=("a@x.example", "b@x.example", "a@x.example"))
    assert server.verbs().count("RCPT") == 2


def test_one_refused_recipient_stops_the_letter_for_all():
    with ScriptedServer({"RCPT": ["250 ok", "550 5.1.1 unknown"]}) as server:
        (outcome,) = delivered(server, recipients=("a@x.example", "b@x.example"))
    assert outcome.fate == "refused"
    assert "b@x.example" in str(outcome)
    assert "DATA" not in server.verbs()


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("DATA", "354 go ahead\r\n250 2.0.0 queued already"),
        ("RCPT", "250 ok\r\n354 hurry"),
        ("MAIL", "250 ok\r\n250 ok"),
        ("DATA", "354 go ahead\r\nnonsense"),
        ("RCPT", "250 ok\r\nnonsense"),
        ("MAIL", "250 ok\r\nnonsense"),
    ],
)
def test_an_answer_too_many_is_never_taken_for_the_next_one(verb, answer):
    with ScriptedServer({verb: answer, "DOT": "554 5.6.0 refused"}) as server:
        (outcome,) = delivered(server)
    assert outcome.fate == "deferred"
    assert "." not in server.log


@pytest.mark.parametrize(
    ("answer", "fate"), [("552 5.3.4 too big", "refused"), ("250 2.0.0 ok", "deferred")]
)
def test_an_answer_before_the_dot_means_certainly_not_delivered(answer, fate):
    with ScriptedServer({"BODY": answer}) as server:

        def mark():
            """Take until the early answer is there."""
            while answer not in server.answers:
                time.sleep(0.01)

        (outcome,) = delivered(server, mark=mark)
    assert (outcome.fate, outcome.step) == (fate, "body")
    assert "." not in server.log
    assert server.accepted == []


def test_a_server_that_echoes_the_login_does_not_make_us_show_it():
    encoded = base64.b64encode(b"\0robin\0canary-secret").decode()
    script = {"AUTH": f'500 5.5.1 unrecognized: "AUTH PLAIN {encoded}" canary-secret'}
    with ScriptedServer(script) as server:
        (outcome,) = delivered(server, auth=Auth.PASSWORD)
    assert encoded.rstrip("=") not in str(outcome)
    assert "canary-secret" not in str(outcome)
    assert "[secret]" in str(outcome)


def test_control_characters_of_a_server_are_shown_escaped():
    with ScriptedServer({"DATA": "\x1b]0;pwned\x07garbage"}) as server:
        (outcome,) = delivered(server)
    assert "\x1b" not in str(outcome)
    assert "\x07" not in str(outcome)


def test_a_session_is_not_used_again_after_anything_but_a_clean_reply():
    with ScriptedServer({"RCPT": ["550 5.1.1 unknown"]}) as server:
        outcomes = delivered(server, times=2)
    assert [o.fate for o in outcomes] == ["refused", "sent"]
    assert server.verbs().count("EHLO") == 2


def test_if_the_mark_cannot_be_made_the_dot_is_not_sent():
    def broken():
        raise OSError("disk full")

    with ScriptedServer() as server, pytest.raises(OSError, match="disk full"):
        delivered(server, mark=broken)
    assert "." not in server.log
    assert server.accepted == []


# --- protected lines ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


def protected(certificate, security, **changes):
    return {"security": security, "auth": Auth.PASSWORD, "ca_file": certificate.file, **changes}


def serving(certificate, security, script=None):
    implicit = security is Security.TLS
    return ScriptedServer(script or {}, tls=certificate.context, implicit=implicit)


PROTECTED = [pytest.param(security, id=security) for security in (Security.STARTTLS, Security.TLS)]


@pytest.mark.parametrize("security", PROTECTED)
def test_credential_and_letter_go_over_the_protected_line(certificate, security):
    with serving(certificate, security) as server:
        (outcome,) = delivered(server, **protected(certificate, security))
    assert outcome.fate == "sent", str(outcome)
    assert server.verbs().count("AUTH") == 1
    told = [e.secure for e in server.events if e.text.startswith(("AUTH", "MAIL", "Subject"))]
    assert told == [True] * 3
    unprotected = [e.text for e in server.events if e.kind == "heard" and not e.secure]
    assert unprotected == (["EHLO [127.0.0.1]", "STARTTLS"] if security == "starttls" else [])


@pytest.mark.parametrize("security", PROTECTED)
def test_a_certificate_may_come_from_an_authority(authority, security):
    made = authority.certificate()
    with serving(made, security) as server:
        (outcome,) = delivered(server, **protected(made, security))
    assert outcome.fate == "sent", str(outcome)


@pytest.mark.parametrize(
    ("trusted", "host", "days", "why"),
    [
        (False, "127.0.0.1", 1, "unable to get local issuer certificate"),
        (True, "127.0.0.2", 1, "IP address mismatch"),
        (True, "127.0.0.1", -1, "certificate has expired"),
    ],
)
@pytest.mark.parametrize("security", PROTECTED)
def test_a_certificate_that_is_not_trusted_gets_no_credential_and_no_letter(
    authority, security, trusted, host, days, why
):
    made = authority.certificate(host, days=days)
    with serving(made, security) as server:
        changes = {} if trusted else {"ca_file": ""}
        (outcome,) = delivered(server, **protected(made, security, **changes))
    assert outcome.fate == "login"
    assert "not trusted" in str(outcome)
    assert why in str(outcome)
    assert set(server.verbs()) <= {"EHLO", "STARTTLS"}


def test_the_names_of_a_certificate_are_told_where_they_can_be_read(authority):
    made = authority.certificate("127.0.0.2")
    for script, names in (({}, True), ({"STARTTLS": [None, DROP]}, False)):
        with serving(made, Security.STARTTLS, script) as server:
            (outcome,) = delivered(server, **protected(made, Security.STARTTLS))
        assert (outcome.fate, outcome.cause) == ("login", "certificate_name")
        assert outcome.detail.endswith("It is for: 127.0.0.2") is names
        assert "AUTH" not in server.verbs()


def test_a_server_that_offers_no_starttls_gets_nothing(certificate):
    with ScriptedServer() as server:
        (outcome,) = delivered(server, **protected(certificate, Security.STARTTLS))
    assert outcome.fate == "login"
    assert "does not offer STARTTLS" in str(outcome)
    assert server.verbs() == ["EHLO"]


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_that_holds_no_authority_is_said_before_anyone_is_called(tmp_path, content):
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with ScriptedServer() as server, pytest.raises(PersonNeededError, match="cannot be used"):
        delivered(server, security=Security.TLS, ca_file=str(file))
    assert server.sessions == 0


@pytest.mark.parametrize(
    ("answer", "fate"),
    [("454 4.7.0 not now", "unreachable"), ("502 5.5.1 what?", "login"), ("250 ok", "login")],
)
def test_a_server_that_takes_its_offer_of_starttls_back_gets_nothing(certificate, answer, fate):
    with serving(certificate, Security.STARTTLS, {"STARTTLS": answer}) as server:
        (outcome,) = delivered(server, **protected(certificate, Security.STARTTLS))
    assert outcome.fate == fate
    assert server.verbs() == ["EHLO", "STARTTLS"]


# --- logging in -----------------------------------------------------------------------------


def test_one_wrong_password_is_one_failed_login():
    with ScriptedServer({"AUTH": "535 5.7.8 no"}) as server:
        (outcome,) = delivered(server, auth=Auth.PASSWORD)
    assert outcome.fate == "login"
    assert server.verbs().count("AUTH") == 1
    assert "canary-secret" not in str(outcome)
    assert outcome.cause == "password_refused"


TWO_STEPS = ["AUTH LOGIN", "cm9iaW4=", "Y2FuYXJ5LXNlY3JldA=="]


@pytest.mark.parametrize(
    ("offered", "auth", "used"),
    [
        ("LOGIN", Auth.PASSWORD, TWO_STEPS),
        ("PLAIN LOGIN", Auth.LOGIN, TWO_STEPS),
        ("LOGIN PLAIN", Auth.PLAIN, ["AUTH PLAIN AHJvYmluAGNhbmFyeS1zZWNyZXQ="]),
        ("PLAIN LOGIN", Auth.PASSWORD, ["AUTH PLAIN AHJvYmluAGNhbmFyeS1zZWNyZXQ="]),
        ("CRAM-MD5 LOGIN PLAIN", Auth.PASSWORD, ["AUTH PLAIN AHJvYmluAGNhbmFyeS1zZWNyZXQ="]),
        (
            "PLAIN XOAUTH2",
            Auth.XOAUTH2,
            ["AUTH XOAUTH2 dXNlcj1yb2JpbgFhdXRoPUJlYXJlciBjYW5hcnktc2VjcmV0AQE="],
        ),
        ("PLAIN", Auth.NONE, []),
    ],
)
def test_one_method_is_used_plain_where_offered_else_login(offered, auth, used):
    with ScriptedServer(offers=(f"AUTH {offered}",)) as server:
        (outcome,) = delivered(server, auth=auth)
    assert outcome.fate == "sent", str(outcome)
    assert server.log[1 : server.verbs().index("MAIL")] == used


@pytest.mark.parametrize(
    ("auth", "offered", "script"),
    [
        (Auth.PASSWORD, "PLAIN LOGIN", {"AUTH": "535 5.7.8 no"}),
        (Auth.PASSWORD, "LOGIN", {"AUTH": "535 5.7.8 no"}),
        (Auth.PASSWORD, "LOGIN", {"USERNAME": "535 5.7.8 no"}),
        (Auth.PASSWORD, "LOGIN", {"PASSWORD": "535 5.7.8 no"}),
        (Auth.PLAIN, "PLAIN LOGIN", {"AUTH": "504 5.5.4 no"}),
        (Auth.OAUTHBEARER, "OAUTHBEARER XOAUTH2", {"AUTH": "535 5.7.8 no"}),
        (Auth.XOAUTH2, "XOAUTH2 PLAIN", {"AUTH": "535 5.7.8 no"}),
        (Auth.XOAUTH2, "XOAUTH2 PLAIN", {"AUTH": "334 e30=", "PASSWORD": "535 5.7.8 no"}),
    ],
)
def test_a_login_that_failed_is_not_tried_another_way(auth, offered, script):
    with ScriptedServer(script, offers=(f"AUTH {offered}",)) as server:
        (outcome,) = delivered(server, auth=auth)
    assert (outcome.fate, outcome.step) == ("login", "auth")
    assert server.verbs().count("AUTH") == 1
    assert "MAIL" not in server.verbs()


def test_a_session_that_is_not_open_has_no_line():
    with pytest.raises(SessionError, match="the connection is closed") as caught:
        _ = Session(Account("127.0.0.1", 1, security=Security.NONE)).line
    assert caught.value.outcome.fate == "unreachable"


def test_a_server_without_a_login_that_we_know_is_left():
    with ScriptedServer(offers=("AUTH NTLM",)) as server:
        (outcome,) = delivered(server, auth=Auth.PASSWORD)
    assert outcome.fate == "login"
    assert "ntlm" in str(outcome)


# --- contract: what we lean on in aiosmtplib; a release that changes it fails here first ----


SMTP = aiosmtplib.SMTP
MADE_WITH = "hostname use_tls start_tls tls_context timeout local_hostname"


@pytest.mark.parametrize(
    ("call", "positional", "keywords", "waits"),
    [
        (SMTP, "", MADE_WITH, False),
        (SMTP.connect, "self", "sock timeout", True),
        (SMTP.ehlo, "self", "", True),
        (SMTP.starttls, "self", "timeout", True),
        (SMTP.execute_command, "self verb argument", "", True),
        (SMTP.supports_extension, "self name", "", False),
        (SMTP.get_transport_info, "self name", "", False),
        (SMTP.close, "self", "", False),
    ],
)
def test_contract_each_call_is_made_as_we_make_it(call, positional, keywords, waits):
    inspect.signature(call).bind(*positional.split(), **dict.fromkeys(keywords.split()))
    assert inspect.iscoroutinefunction(call) is waits


@pytest.mark.parametrize(
    ("error", "kinds"),
    [
        (aiosmtplib.SMTPConnectError, (aiosmtplib.SMTPException, OSError)),
        (aiosmtplib.SMTPConnectResponseError, (aiosmtplib.SMTPResponseException,)),
        (aiosmtplib.SMTPConnectTimeoutError, (aiosmtplib.SMTPException, TimeoutError)),
        (aiosmtplib.SMTPServerDisconnected, (aiosmtplib.SMTPException, OSError)),
        (aiosmtplib.SMTPTimeoutError, (aiosmtplib.SMTPException, TimeoutError)),
        (aiosmtplib.SMTPHeloError, (aiosmtplib.SMTPResponseException,)),
        (aiosmtplib.SMTPResponseException, (aiosmtplib.SMTPException,)),
    ],
)
def test_contract_errors_are_of_the_kinds_that_are_caught(error, kinds):
    assert issubclass(error, kinds)
    if issubclass(error, aiosmtplib.SMTPResponseException):
        made = error(550, "5.1.1 no")
        assert (made.code, made.message) == (550, "5.1.1 no")


def client(certificate=None, security=Security.NONE, timeout=20.0):
    """What `Session` makes of an account."""
    context = ssl.create_default_context(cafile=certificate.file) if certificate else None
    return aiosmtplib.SMTP(
        hostname="127.0.0.1",
        use_tls=security is Security.TLS,
        start_tls=False,
        tls_context=context,
        timeout=timeout,
        local_hostname="[127.0.0.1]",
    )


def at_client(work, server, *args, **options):
    """Run `work(smtp)`, which connects to the server, and let go of the connection."""

    async def run():
        smtp = client(*args, **options)
        # As the session does: the connection is made before.
        dialed = await dial("127.0.0.1", server.port, timeout=20)
        smtp.connect = partial(smtp.connect, sock=dialed)
        try:
            return await work(smtp)
        finally:
            smtp.close()
            await server.parted()

    return asyncio.run(run())


def opened(security):
    """Connect and protect the line as the session does."""

    async def work(smtp):
        await smtp.connect(timeout=20)
        if security is Security.STARTTLS:
            await smtp.ehlo()
            await smtp.starttls(timeout=20)

    return work


EVERY = [pytest.param(security, id=security) for security in Security]


def test_contract_each_call_says_what_it_is_named_after_and_nothing_else(certificate):
    async def work(smtp):
        heard = []
        for call in (
            lambda: smtp.connect(timeout=20),
            smtp.ehlo,
            lambda: smtp.starttls(timeout=20),
            smtp.ehlo,
            lambda: smtp.execute_command(b"AUTH", b"PLAIN", b"eA=="),
        ):
            await call()
            heard.append(server.verbs())
        return heard

    with serving(certificate, Security.STARTTLS) as server:
        heard = at_client(work, server, certificate)
    verbs = ["EHLO", "STARTTLS", "EHLO", "AUTH"]
    assert heard == [verbs[:count] for count in range(5)]


def any_line(certificate, security, script=None):
    """A server, and what a client of it is made with."""
    if security is Security.NONE:
        return ScriptedServer(script or {}), (None, security)
    return serving(certificate, security, script), (certificate, security)


@pytest.mark.parametrize("security", EVERY)
def test_contract_our_protocol_takes_over_the_transport(certificate, security):
    """From then on replies come to us; what was offered stays known; `close` still closes."""

    async def work(smtp):
        await opened(security)(smtp)
        await smtp.ehlo()
        transport = smtp.transport
        assert isinstance(transport, asyncio.Transport)
        line = Line(transport)
        line.write(b"NOOP\r\n")
        assert await line.reply(20) == Reply(250, "2.0.0 ours")
        assert smtp.supports_extension("size")
        assert smtp.server_auth_methods == ["plain", "login"]
        smtp.close()
        assert transport.is_closing()
        assert not line.is_up

    server, made = any_line(certificate, security, {"NOOP": "250 2.0.0 ours"})
    with server:
        at_client(work, server, *made)
    assert server.events[-2].kind == "left"


@pytest.mark.parametrize("security", EVERY)
def test_contract_a_loss_after_that_comes_to_us_and_close_is_no_error(certificate, security):
    async def work(smtp):
        await opened(security)(smtp)
        line = Line(smtp.transport)
        line.write(b"NOOP\r\n")
        with pytest.raises(LineLostError):
            await line.reply(20)
        smtp.close()
        smtp.close()

    server, made = any_line(certificate, security, {"NOOP": DROP})
    with server:
        at_client(work, server, *made)


@pytest.mark.parametrize(
    ("security", "versions"),
    [
        (Security.NONE, {None}),
        (Security.STARTTLS, {"TLSv1.2", "TLSv1.3"}),
        (Security.TLS, {"TLSv1.2", "TLSv1.3"}),
    ],
)
def test_contract_the_ssl_object_is_that_of_the_line(certificate, security, versions):
    async def work(smtp):
        await opened(security)(smtp)
        tls = smtp.get_transport_info("ssl_object")
        return tls and tls.version(), not tls or tls.getpeercert()["notAfter"]

    server, made = any_line(certificate, security)
    with server:
        version, until = at_client(work, server, *made)
    assert version in versions
    assert until


def test_contract_the_answer_to_ehlo_is_understood():
    async def work(smtp):
        await smtp.connect(timeout=20)
        await smtp.ehlo()
        return smtp.esmtp_extensions, smtp.server_auth_methods

    offers = ("PIPELINING", "SIZE 1000", "AUTH PLAIN LOGIN", "AUTH=XOAUTH2")
    with ScriptedServer(offers=offers) as server:
        extensions, methods = at_client(work, server)
    assert extensions["size"] == "1000"
    assert set(methods) == {"plain", "login", "xoauth2"}


def test_contract_after_starttls_nothing_is_known_of_before(certificate):
    async def work(smtp):
        await opened(Security.STARTTLS)(smtp)
        return smtp.esmtp_extensions, smtp.server_auth_methods

    with serving(certificate, Security.STARTTLS) as server:
        assert at_client(work, server, certificate) == ({}, [])


FAILURES = [
    # what is called, what the server does, and the error with its code or cause
    ("connect", {"CONNECT": "554 5.3.2 no"}, aiosmtplib.SMTPConnectResponseError, 554),
    ("connect", {"CONNECT": "421 4.3.2 no"}, aiosmtplib.SMTPConnectResponseError, 421),
    ("connect", {"CONNECT": "what?"}, aiosmtplib.SMTPResponseException, -1),
    ("connect", {"CONNECT": DROP}, aiosmtplib.SMTPConnectError, None),
    ("connect", {"CONNECT": STALL}, aiosmtplib.SMTPConnectTimeoutError, None),
    ("ehlo", {"EHLO": "550 5.0.0 no"}, aiosmtplib.SMTPHeloError, 550),
    ("ehlo", {"EHLO": "421 4.3.2 no"}, aiosmtplib.SMTPHeloError, 421),
    ("ehlo", {"EHLO": "what?"}, aiosmtplib.SMTPResponseException, -1),
    ("ehlo", {"EHLO": DROP}, aiosmtplib.SMTPServerDisconnected, None),
    ("ehlo", {"EHLO": STALL}, aiosmtplib.SMTPTimeoutError, None),
    ("auth", {"AUTH": "535 5.7.8 no"}, aiosmtplib.SMTPResponseException, 535),
    ("auth", {"AUTH": "what?"}, aiosmtplib.SMTPResponseException, -1),
    ("auth", {"AUTH": DROP}, aiosmtplib.SMTPServerDisconnected, None),
    ("auth", {"AUTH": STALL}, aiosmtplib.SMTPTimeoutError, None),
]


@pytest.mark.parametrize(("call", "script", "error", "code"), FAILURES)
def test_contract_what_goes_wrong_is_told_as_we_read_it(call, script, error, code):
    async def work(smtp):
        await smtp.connect(timeout=20 if call != "connect" else smtp.timeout)
        await smtp.ehlo()
        response = await smtp.execute_command(b"AUTH", b"PLAIN", b"eA==")
        raise aiosmtplib.SMTPResponseException(*response)  # a refusal is an answer

    brief = STALL in script.values()
    with ScriptedServer(script) as server, pytest.raises(error) as caught:
        at_client(work, server, timeout=0.2 if brief else 20.0)
    assert getattr(caught.value, "code", None) == code
    assert server.verbs() == ["EHLO", "AUTH"][: ["connect", "ehlo", "auth"].index(call)]


@pytest.mark.parametrize(
    ("security", "kind"),
    [
        (Security.TLS, aiosmtplib.SMTPConnectError),
        (Security.STARTTLS, ssl.SSLCertVerificationError),
    ],
)
def test_contract_a_certificate_that_is_not_trusted_is_the_error_or_its_cause(
    certificate, security, kind
):
    async def work(smtp):
        smtp.tls_context = ssl.create_default_context()
        await opened(security)(smtp)

    with serving(certificate, security) as server, pytest.raises(kind) as caught:
        at_client(work, server, certificate, security)
    either = (caught.value, caught.value.__cause__)
    assert any(isinstance(error, ssl.SSLCertVerificationError) for error in either)


@pytest.mark.parametrize("answer", ["454 4.7.0 no", "what?"])
def test_contract_a_refused_starttls_is_an_answer(certificate, answer):
    with (
        serving(certificate, Security.STARTTLS, {"STARTTLS": answer}) as server,
        pytest.raises(aiosmtplib.SMTPResponseException),
    ):
        at_client(opened(Security.STARTTLS), server, certificate)


def test_contract_a_command_goes_out_as_it_is_and_its_answer_comes_back():
    async def work(smtp):
        await smtp.connect(timeout=20)
        return [
            await smtp.execute_command(b"AUTH", b"LOGIN"),
            await smtp.execute_command(b"cm9iaW4="),
            await smtp.execute_command(b""),
        ]

    script = {"PASSWORD": (b"535-5.7.8 \xcd\xfc\r\n535 no\r\n",)}
    with ScriptedServer(script) as server:
        answers = at_client(work, server)
    assert server.log == ["AUTH LOGIN", "cm9iaW4=", ""]
    assert [answer.code for answer in answers] == [334, 334, 535]
    said = answers[-1].message.encode("utf-8", "surrogateescape")
    assert said == b"5.7.8 \xcd\xfc\nno", "no byte is lost"


@pytest.mark.parametrize("said", ["HTTP/1.1 302 Found", "what?"])
def test_contract_what_is_no_answer_is_told_behind_these_words(said):
    async def work(smtp):
        await smtp.connect(timeout=20)

    with (
        ScriptedServer({"CONNECT": said}) as server,
        pytest.raises(aiosmtplib.SMTPResponseException) as caught,
    ):
        at_client(work, server)
    assert caught.value.message.strip() == f"{MALFORMED}{said}"


@pytest.mark.parametrize("fault", [DROP, STALL])
@pytest.mark.parametrize("verb", ["TLS", "CONNECT"])
def test_contract_a_lost_greeting_has_a_cause_of_aiosmtplib_and_lost_tls_has_none(
    certificate, verb, fault
):
    async def work(smtp):
        assert smtp.transport is None
        await smtp.connect(timeout=0.2)

    with (
        serving(certificate, Security.TLS, {verb: fault}) as server,
        pytest.raises(aiosmtplib.SMTPConnectError) as caught,
    ):
        at_client(work, server, certificate, Security.TLS)
    greeting = isinstance(caught.value.__cause__, aiosmtplib.SMTPException)
    assert greeting is (verb == "CONNECT")
    assert isinstance(caught.value, TimeoutError) is (fault == STALL)


def test_contract_the_transport_is_there_once_tls_is_done_and_before_the_greeting(certificate):
    async def work(smtp):
        opening = asyncio.ensure_future(smtp.connect(timeout=20))
        while smtp.transport is None:
            await asyncio.sleep(0.001)
        done = opening.done(), [event.text for event in server.events if event.kind == "said"]
        held.set()
        await opening
        return done

    held = threading.Event()
    script = {"CONNECT": lambda usual: (held.wait(10) and f"{usual}\r\n",)}
    with serving(certificate, Security.TLS, script) as server:
        assert at_client(work, server, certificate, Security.TLS) == (False, [])


def test_contract_what_is_said_too_much_is_found_where_we_look():
    async def work(smtp):
        await smtp.connect(timeout=20)
        await smtp.ehlo()
        return bytes(smtp.protocol._buffer)

    with ScriptedServer({"EHLO": (b"250 ok\r\n250 early\r\n",)}) as server:
        assert at_client(work, server) == b"250 early\r\n"
