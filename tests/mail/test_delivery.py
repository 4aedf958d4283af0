"""Delivery over real SMTP: each fault at each command, with the server's log as the judge."""

import asyncio
import datetime as dt
import ssl
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from planner.mail.account import Account, Auth, Security, Timeouts
from planner.mail.smtp import SmtpSender
from tests.fakes import DROP, RESET, STALL, ScriptedServer

PATIENT = Timeouts(connect=20, command=20, data=20, block=20, dot=20)
QUICK = Timeouts(connect=0.5, command=0.5, data=0.5, block=0.5, dot=0.5)  # where it stalls
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


FAULTS = [
    *[
        (verb, fault, "deferred")
        for verb in ("MAIL", "RCPT", "DATA")
        for fault in (DROP, RESET, STALL)
    ],
    *[("DOT", fault, "unknown") for fault in (DROP, RESET, STALL, "garbage", "999 what")],
    *[("CONNECT", fault, "unreachable") for fault in (DROP, RESET, STALL, "554 5.3.2 no")],
    *[("EHLO", fault, "unreachable") for fault in (DROP, STALL, "550 5.0.0 no")],
    *[(verb, "450 4.2.1 later", "deferred") for verb in ("MAIL", "RCPT", "DATA", "DOT")],
    *[(verb, "550 5.1.1 never", "refused") for verb in ("MAIL", "RCPT", "DATA", "DOT")],
    *[
        (verb, "421 4.3.2 closing", "back_off")
        for verb in ("CONNECT", "MAIL", "RCPT", "DATA", "DOT")
    ],
    *[(verb, "garbage", "deferred") for verb in ("MAIL", "RCPT", "DATA")],
    ("BODY", DROP, "deferred"),
]


@pytest.mark.parametrize(("verb", "fault", "fate"), FAULTS)
def test_each_fault_at_each_command_has_its_fate_and_nothing_is_lost(verb, fault, fate):
    marks = []
    timeouts = QUICK if fault == STALL else PATIENT
    with ScriptedServer({verb: fault}) as server:
        (outcome,) = delivered(server, mark=lambda: marks.append("mark"), timeouts=timeouts)
    assert outcome.fate in {fate, "unknown"} if verb == "BODY" else outcome.fate == fate
    assert server.accepted == []
    assert ("." in server.log) <= bool(marks), "never a dot without the mark"
    if verb not in {"DOT", "BODY"}:
        assert marks == []


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("DATA", "354 go ahead\r\n250 2.0.0 queued already"),
        ("RCPT", "250 ok\r\n354 hurry"),
        ("MAIL", "250 ok\r\n250 ok"),
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


def test_contract_what_we_lean_on_in_aiosmtplib_is_there():
    """Names that are not public: a new release that changes them fails here first."""
    from aiosmtplib.protocol import SMTPProtocol

    async def looked_at():
        protocol = SMTPProtocol()
        assert isinstance(protocol._buffer, bytearray)
        assert protocol._response_pending is False
        assert protocol._response_waiter is None
        assert asyncio.iscoroutinefunction(protocol._drain_helper)

    asyncio.run(looked_at())


def test_a_server_that_echoes_the_login_does_not_make_us_show_it():
    import base64

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


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate for 127.0.0.1, and its file."""
    from ipaddress import ip_address

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "cert.pem"
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(pem + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return file, context


def starttls():
    return {"EHLO": ["250-fake\r\n250 STARTTLS", "250-fake\r\n250 AUTH PLAIN LOGIN"]}


def protected(certificate, security, **changes):
    return {
        "security": security,
        "auth": Auth.PASSWORD,
        "ca_file": str(certificate[0]),
        **changes,
    }


def test_with_starttls_the_credential_and_the_letter_go_over_the_protected_line(certificate):
    with ScriptedServer(starttls(), tls=certificate[1]) as server:
        (outcome,) = delivered(server, **protected(certificate, Security.STARTTLS))
    assert outcome.fate == "sent", str(outcome)
    assert server.verbs().index("STARTTLS") < server.verbs().index("AUTH")
    assert server.verbs().count("AUTH") == 1


def test_with_implicit_tls_too(certificate):
    with ScriptedServer(tls=certificate[1], implicit=True) as server:
        (outcome,) = delivered(server, **protected(certificate, Security.TLS))
    assert outcome.fate == "sent", str(outcome)


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_certificate_that_is_not_trusted_gets_no_credential_and_no_letter(certificate, security):
    implicit = security is Security.TLS
    with ScriptedServer(starttls(), tls=certificate[1], implicit=implicit) as server:
        (outcome,) = delivered(server, **protected(certificate, security, ca_file=""))
    assert outcome.fate == "login"
    assert "not trusted" in str(outcome)
    assert {"AUTH", "MAIL"}.isdisjoint(server.verbs())


def test_a_server_that_offers_no_starttls_gets_nothing(certificate):
    with ScriptedServer() as server:
        (outcome,) = delivered(server, **protected(certificate, Security.STARTTLS))
    assert outcome.fate == "login"
    assert "does not offer STARTTLS" in str(outcome)
    assert {"AUTH", "MAIL"}.isdisjoint(server.verbs())


def test_one_wrong_password_is_one_failed_login():
    with ScriptedServer({"AUTH": "535 5.7.8 no"}) as server:
        (outcome,) = delivered(server, auth=Auth.PASSWORD)
    assert outcome.fate == "login"
    assert server.verbs().count("AUTH") == 1
    assert "canary-secret" not in str(outcome)
    assert "planner login" in str(outcome), "it says what to do"


@pytest.mark.parametrize(
    ("offered", "auth", "used"),
    [
        ("AUTH LOGIN", Auth.PASSWORD, "AUTH LOGIN"),
        ("AUTH PLAIN LOGIN", Auth.PASSWORD, "AUTH PLAIN"),
        ("AUTH PLAIN XOAUTH2", Auth.XOAUTH2, "AUTH XOAUTH2"),
    ],
)
def test_one_method_is_used_plain_where_offered_else_login(offered, auth, used):
    script = {"EHLO": f"250-fake\r\n250 {offered}"}
    script["AUTH"] = ["334 UGFzc3dvcmQ6"] if offered == "AUTH LOGIN" else "235 ok"
    with ScriptedServer(script) as server:
        delivered(server, auth=auth)
    assert next(line for line in server.log if line.startswith("AUTH")).startswith(used)


def test_a_server_without_a_login_that_we_know_is_left():
    with ScriptedServer({"EHLO": "250-fake\r\n250 AUTH NTLM"}) as server:
        (outcome,) = delivered(server, auth=Auth.PASSWORD)
    assert outcome.fate == "login"
    assert "ntlm" in str(outcome)
