"""Real servers' logins: what `send` and `doctor` do with servers that let us in, or do not.

Each row is a kind of server.  Two approved letters wait; unless it lets us in they wait as
before, nothing is spent, and both commands say what happened and what to do.
"""

import base64
import json
import shutil
import socket
import ssl
import time
import warnings
from collections.abc import Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

import pytest

from planner.cli.hints.smtp import LOGIN_NEEDS
from planner.rules.calendar import noon
from tests.certificates import Authority, weak_key
from tests.fakes import DROP, OFFERS, STALL, ScriptedServer, verb_of

# What a server says is the same whatever keeps the letters; the desk here is a copied folder.
pytestmark = [pytest.mark.long, pytest.mark.sqlite_only]

NOTHING = MappingProxyType({})
PASSWORD = "canary-9137-battery"
TOKEN = "ya29.a0Af_canary-9137~x+/" + "Q" * 90 + "=="
LONG_TOKEN = TOKEN[:-2] + "L" * 2300
# For servers that say nothing; the others have the time that they need.
BRIEF = {"connect": 5, "command": 0.5}
HAND_OVER = "planner hand ID"
PRESET = {name: " ".join(text.split()) for name, text in LOGIN_NEEDS.items()}
REFUSED_BY_JSON = {"status": "400", "schemes": "Bearer", "scope": "https://mail.google.com/"}


def offering(*methods):
    """An offer of logins, or of none."""
    return {"offers": ("SIZE 1000000", *([f"AUTH {' '.join(methods)}"] if methods else []))}


def challenge(value):
    """A 334 that holds a text, or JSON."""
    text = value if isinstance(value, str) else json.dumps(value)
    return f"334 {base64.b64encode(text.encode()).decode()}"


def words(text):
    """A text as a terminal of any width shows it."""
    return " ".join(text.split())


class Kind(NamedTuple):
    """One kind of server, and what is right.

    `code` is the exit code of both commands, `said` what `send` tells, `hint` what both say
    to do, and `never` what neither says.  `server` is the script; `line` how it is protected,
    "tls" or "starttls", and by which of the `certificates`; `config` are keys of [smtp].
    """

    name: str
    code: int
    said: str
    hint: str
    server: Mapping = NOTHING
    line: tuple = ()
    config: Mapping = NOTHING
    offers: Mapping = NOTHING
    never: tuple = ()
    secret: str = PASSWORD
    timeouts: Mapping = NOTHING


LOGIN = {"auth": "password"}
TOKENS = {"secret": TOKEN, "offers": offering("PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER")}
XOAUTH2 = {"config": {"auth": "xoauth2"}, **TOKENS}
BEARER = {"config": {"auth": "oauthbearer"}, **TOKENS}
GMAIL = {"provider": "gmail"}
STARTTLS, TLS = ("starttls", "good"), ("tls", "good")

CONNECTING = [
    Kind(
        "it says nothing",
        *(75, "no greeting: the server said nothing", 'may want smtp.security = "tls"'),
        {"CONNECT": STALL},
        timeouts=BRIEF,
    ),
    Kind(
        "it says nothing behind TLS",
        *(75, "no greeting: the server said nothing", "check smtp.host and smtp.port"),
        {"CONNECT": STALL},
        TLS,
        timeouts=BRIEF,
        never=('smtp.security = "tls"',),
    ),
    Kind(
        "it hangs up at once",
        *(75, "no greeting: the server closed the connection", "another one"),
        {"CONNECT": DROP},
    ),
    Kind(
        "a captive portal",
        *(75, "a web server answered, not a mail server", "network login page"),
        {"CONNECT": "HTTP/1.1 302 Found\r\nLocation: http://login.example/"},
    ),
    Kind(
        "a page without a head",
        *(75, "a web server answered, not a mail server", "network login page"),
        {"CONNECT": "<!DOCTYPE html>"},
    ),
    Kind(
        "a web server that waits to be spoken to",
        *(75, "a web server answered, not a mail server", "wrong port"),
        {"EHLO": "HTTP/1.0 400 Bad Request"},
    ),
    Kind(
        "IMAP",
        *(75, "a server for reading mail (IMAP or POP3) answered", "587"),
        {"CONNECT": "* OK [CAPABILITY IMAP4rev1] ready"},
    ),
    Kind(
        "POP3",
        *(75, "a server for reading mail (IMAP or POP3) answered", "587"),
        {"CONNECT": "+OK POP3 ready"},
    ),
    Kind(
        "SSH",
        *(75, "an SSH server answered", "Check smtp.host and smtp.port"),
        {"CONNECT": "SSH-2.0-OpenSSH_9.6"},
    ),
    Kind(
        "who knows what",
        *(75, 'what answered is not a mail server: "hello, stranger"', "smtp.port"),
        {"CONNECT": "hello, stranger"},
    ),
    Kind(
        "FTP, which greets like a mail server",
        *(75, "530 Please login with USER and PASS.", "Check smtp.host and smtp.port"),
        {"CONNECT": "220 (vsFTPd 3.0.5)", "EHLO": "530 Please login with USER and PASS."},
        never=("planner login",),
    ),
    Kind(
        "no service",
        *(75, "was reached, but no letter could be handed over: 554 5.3.2", "again"),
        {"CONNECT": "554 5.3.2 no service here"},
        never=("cannot be reached",),
    ),
    Kind(
        "a greeting in Latin-1",
        *(75, r"554 5.3.2 ferm\xe9", ""),
        {"CONNECT": (b"554 5.3.2 ferm\xe9\r\n",)},
    ),
    Kind(
        "our name is not a name",
        *(3, "501 5.5.4 Invalid domain name", "smtp.client_name"),
        {"EHLO": "501 5.5.4 Invalid domain name"},
        never=("cannot be reached", "Check smtp.host"),
    ),
    Kind(
        "our name is refused without a word",
        *(3, "550 5.7.1", "smtp.client_name"),
        {"EHLO": "550 5.7.1"},
        never=("cannot be reached", "Check smtp.host"),
    ),
    Kind(
        "our name is refused behind STARTTLS",
        *(3, "504 5.5.2 <[127.0.0.1]>: need a full name", "smtp.client_name"),
        {"EHLO": [None, "504 5.5.2 <[127.0.0.1]>: need a full name"] * 2},
        STARTTLS,
        LOGIN,
    ),
]

PROTECTING = [
    Kind(
        "STARTTLS on a port of TLS",
        *(75, "no greeting: the server said nothing", 'may want smtp.security = "tls"'),
        {},
        ("tls", "good"),
        {"security": "starttls"},
        timeouts=BRIEF,
    ),
    Kind(
        "TLS on a port of STARTTLS",
        *(3, "WRONG_VERSION_NUMBER", 'use smtp.security = "starttls" here'),
        {},
        ("starttls", "good"),
        {"security": "tls"},
        never=("ca_file",),
    ),
    Kind(
        "STARTTLS is hidden",
        *(3, "does not offer STARTTLS", "firewall"),
        {"EHLO": "250-fake.example\r\n250-XXXXXXXA\r\n250 SIZE 1000000"},
        STARTTLS,
        LOGIN,
        never=("ca_file",),
    ),
    Kind(
        "STARTTLS is offered and not known",
        *(3, "502 5.5.1 what?", 'smtp.port = 465 with smtp.security = "tls"'),
        {"STARTTLS": "502 5.5.1 what?"},
        STARTTLS,
        LOGIN,
    ),
    Kind(
        "no TLS for now",
        *(75, "454 4.7.0 TLS not available due to local problem", "planner send again"),
        {"STARTTLS": "454 4.7.0 TLS not available due to local problem"},
        STARTTLS,
        LOGIN,
        never=("cannot be reached",),
    ),
    Kind(
        "it hangs up where TLS begins",
        *(3, "the server closed the connection", "firewall or antivirus"),
        {"TLS": DROP},
        STARTTLS,
        LOGIN,
    ),
    Kind(
        "it goes on unprotected where TLS begins",
        *(3, "WRONG_VERSION_NUMBER", "firewall or antivirus"),
        {"TLS": "250 2.0.0 never mind"},
        STARTTLS,
        LOGIN,
        never=('use smtp.security = "starttls" here',),
    ),
    Kind(
        "it says nothing where TLS begins",
        *(75, "no protected line: the server said nothing", "smtp.security: 465 is tls"),
        {"TLS": STALL},
        TLS,
        timeouts={"connect": 0.3},
    ),
    Kind(
        "a certificate from an unknown authority",
        *(3, "not trusted: unable to get local issuer", "smtp.ca_file"),
        {},
        STARTTLS,
        {"ca_file": None, **LOGIN},
    ),
    Kind(
        "an impostor between us and Gmail",
        *(3, "the certificate is not trusted", "Something is between you and Gmail"),
        {},
        TLS,
        {"ca_file": None, **GMAIL},
        never=("ca_file",),
    ),
    Kind(
        "an impostor between us and Microsoft",
        *(3, "not valid for '127.0.0.1'", "Something is between you and Microsoft"),
        {},
        ("starttls", "other_name"),
        {"provider": "microsoft365"},
        never=("ca_file",),
    ),
    Kind(
        "an authority that is not the one in ca_file",
        *(3, "the certificate is not trusted", "does not come from the one in smtp.ca_file"),
        {},
        TLS,
        {"ca_file": "stranger", **LOGIN},
    ),
    Kind(
        "a certificate for another name",
        *(3, "It is for: 127.0.0.2", "the name that the certificate is for"),
        {},
        ("tls", "other_name"),
        LOGIN,
    ),
    Kind(
        "a certificate for another name, by STARTTLS",
        *(3, "It is for: 127.0.0.2", "the name that the certificate is for"),
        {},
        ("starttls", "other_name"),
        LOGIN,
    ),
    Kind(
        "a certificate that is over",
        *(3, "certificate has expired", "Check the date of this computer"),
        {},
        ("tls", "expired"),
        LOGIN,
    ),
    Kind(
        "TLS of long ago",
        *(3, "PROTOCOL", f"protection is too old to be safe; ask its owner. Until {HAND_OVER}"),
        {},
        ("starttls", "old"),
        LOGIN,
        never=("ca_file",),
    ),
    Kind(
        "a key of 1,024 bits",
        *(3, "key too weak", f"protection is too old to be safe; ask its owner. Until {HAND_OVER}"),
        {},
        ("tls", "weak"),
        LOGIN,
        never=("ca_file",),
    ),
    Kind(
        "an intermediate that is not sent, with the root as ca_file",
        *(3, "unable to get local issuer", "smtp.ca_file"),
        {},
        ("tls", "between"),
        {"ca_file": "root", **LOGIN},
    ),
    Kind(
        "the same with the intermediate as ca_file",
        *(0, "2 sent", ""),
        {},
        ("tls", "between"),
        {"ca_file": "intermediate", **LOGIN},
    ),
    Kind(
        "the same with the server's own certificate as ca_file",
        *(0, "2 sent", ""),
        {},
        ("starttls", "between"),
        {"ca_file": "leaf", **LOGIN},
    ),
    Kind(
        "a greeting that takes longer than a connection may",
        *(0, "2 sent", ""),
        {"CONNECT": (1.0, b"220 fake.example at last\r\n")},
        TLS,
        LOGIN,
        timeouts={"connect": 0.8},
    ),
    Kind(
        "it wants STARTTLS first",
        *(3, "530 5.7.0 Must issue a STARTTLS", 'smtp.security = "starttls"'),
        {"MAIL": "530 5.7.0 Must issue a STARTTLS command first"},
    ),
]

LOGGING_IN = [
    Kind(
        "a wrong password",
        *(3, "535 5.7.8 no", f"planner login (or look at {HAND_OVER}"),
        {"AUTH": "535 5.7.8 no"},
        config=LOGIN,
    ),
    Kind(
        "a wrong password, by LOGIN and TLS",
        *(3, "535 5.7.8 no", "planner login"),
        {"PASSWORD": "535 5.7.8 no"},
        TLS,
        {"auth": "login"},
    ),
    *(
        Kind(
            f"a wrong password at {name}",
            *(3, "535 5.7.8 no", f"{hint} {HAND_OVER}"),
            {"AUTH": "535 5.7.8 no"},
            STARTTLS,
            {"provider": name},
            never=("ca_file",),
        )
        for name, hint in PRESET.items()
    ),
    Kind(
        "Gmail requires an app password",
        *(3, "534 5.7.9 Application-specific password", "myaccount.google.com/apppasswords"),
        {"AUTH": "534-5.7.9 Application-specific password required.\r\n534 5.7.9 see there"},
        TLS,
        GMAIL,
    ),
    Kind(
        "Gmail wants to see a person",
        *(3, "534 5.7.14", "in a browser"),
        {"AUTH": "534 5.7.14 Please log in via your web browser and then try again."},
        TLS,
        GMAIL,
    ),
    Kind(
        "Microsoft on a school's own host",
        *(3, "535 5.7.139", 'smtp.auth = "xoauth2"'),
        {"AUTH": "535 5.7.139 Authentication unsuccessful, basic authentication is disabled."},
        config=LOGIN,
        never=("store the password again",),
    ),
    Kind(
        "the same with a token",
        *(3, "535 5.7.139", f'"Authenticated SMTP" {HAND_OVER}'),
        {"AUTH": "535 5.7.139 SmtpClientAuthentication is disabled for the Tenant."},
        never=('set smtp.auth = "xoauth2"', "The token was refused"),
        **XOAUTH2,
    ),
    Kind(
        "Microsoft after basic authentication",
        *(3, "550 5.7.30", 'smtp.auth = "xoauth2"'),
        {"AUTH": "550 5.7.30 Basic authentication is not supported for Client Submission."},
        STARTTLS,
        {"provider": "microsoft365"},
    ),
    Kind(
        "no login is offered",
        *(3, "the server offers no login", f'smtp.auth = "none" {HAND_OVER}'),
        config=LOGIN,
        offers=offering(),
        never=("planner login",),
    ),
    Kind(
        "only NTLM and GSSAPI",
        *(3, "no login that planner knows, only: ntlm, gssapi", f"another port {HAND_OVER}"),
        config=LOGIN,
        offers=offering("NTLM", "GSSAPI"),
        never=("planner login",),
    ),
    Kind(
        "only a challenge and response that is out of date",
        *(3, "no login that planner knows, only: cram-md5", HAND_OVER),
        config=LOGIN,
        offers=offering("CRAM-MD5"),
    ),
    Kind(
        "only tokens, for a password",
        *(3, "no login by password, only: xoauth2", 'smtp.auth = "xoauth2"'),
        config=LOGIN,
        offers=offering("XOAUTH2"),
        never=("planner login",),
    ),
    Kind(
        "only OAUTHBEARER, for XOAUTH2",
        *(3, "no login by xoauth2, only: oauthbearer", 'smtp.auth = "oauthbearer"'),
        **{**XOAUTH2, "offers": offering("OAUTHBEARER")},
    ),
    Kind(
        "only passwords, for a token",
        *(3, "no login by oauthbearer, only: plain, login", 'smtp.auth = "password"'),
        **{**BEARER, "offers": offering("PLAIN", "LOGIN")},
    ),
    Kind(
        "only LOGIN, for PLAIN",
        *(3, "no login by plain, only: login", 'smtp.auth = "password"'),
        config={"auth": "plain"},
        offers=offering("LOGIN"),
    ),
    Kind(
        "only LOGIN",
        *(0, "2 sent", ""),
        config=LOGIN,
        offers=offering("LOGIN"),
    ),
    Kind(
        "LOGIN by choice",
        *(0, "2 sent", ""),
        {"AUTH": lambda usual: usual if usual.startswith("334") else "553 5.3.0 broken"},
        config={"auth": "login"},
    ),
    Kind(
        "PLAIN is broken",
        *(3, "553 5.3.0 broken", f'smtp.auth = "login" {HAND_OVER}'),
        {"AUTH": "553 5.3.0 broken"},
        config=LOGIN,
        never=("store the password again",),
    ),
    Kind(
        "LOGIN is broken",
        *(3, "501 5.5.4 Syntax", 'smtp.auth = "plain"'),
        {"AUTH": "501 5.5.4 Syntax"},
        config={"auth": "login"},
    ),
    Kind(
        "the only login is broken",
        *(3, "504 5.5.4 Unrecognized", f"did not understand a login that it offers {HAND_OVER}"),
        {"AUTH": "504 5.5.4 Unrecognized authentication type"},
        config=LOGIN,
        offers=offering("PLAIN"),
    ),
    Kind(
        "it asks for the user twice",
        *(3, "334 VXNlcm5hbWU6", HAND_OVER),
        {"USERNAME": "334 VXNlcm5hbWU6"},
        config=LOGIN,
        offers=offering("LOGIN"),
        never=("cannot be reached",),
    ),
    Kind(
        "it never has enough",
        *(3, "334 UGFzc3dvcmQ6", HAND_OVER),
        {"PASSWORD": "334 UGFzc3dvcmQ6"},
        config=LOGIN,
        offers=offering("LOGIN"),
        never=("cannot be reached",),
    ),
    Kind(
        "too many logins",
        *(75, "454 4.7.0 Too many login attempts", "counts as one more login"),
        {"AUTH": "454 4.7.0 Too many login attempts, please try again later"},
        STARTTLS,
        GMAIL,
        never=("planner doctor", "host and port", "smtp.host"),
    ),
    Kind(
        "too many logins, in other words",
        *(75, "421 4.7.0 Login rate limit exceeded", "counts as one more login"),
        {"AUTH": "421 4.7.0 Login rate limit exceeded"},
        config=LOGIN,
        never=("planner doctor", "host and port", "smtp.host"),
    ),
    Kind(
        "logins cannot be checked now",
        *(75, "454 4.7.0 Temporary authentication failure", "not your password"),
        {"AUTH": "454 4.7.0 Temporary authentication failure"},
        config=LOGIN,
        never=("planner doctor", "smtp.host"),
    ),
    Kind(
        "the account is locked",
        *(3, "535 5.7.0 (#AUTH005) Too many bad auth attempts", "wait an hour"),
        {"AUTH": "535 5.7.0 (#AUTH005) Too many bad auth attempts"},
        config=LOGIN,
    ),
    Kind(
        "a refusal in GBK",
        *(3, r"535 \xcd\xfc\xc1\xcb", "planner login"),
        {"AUTH": (b"535 \xcd\xfc\xc1\xcb\r\n",)},
        config=LOGIN,
        never=("\udccd", "\ufffd"),
    ),
    Kind(
        "it repeats the login",
        *(3, "[secret]", "planner login"),
        {"AUTH": lambda _: f"535 AHJvYmluQGFwcGxpY2FudC5leGFtcGxlAGNh... {PASSWORD.upper()}"},
        config=LOGIN,
    ),
    Kind(
        "it wants a login where we have none",
        *(3, "530 5.7.57 Client not authenticated", 'requires a login: smtp.auth = "password"'),
        {"MAIL": "530 5.7.57 Client not authenticated to send mail"},
    ),
    Kind(
        "it wants a login, in other words",
        *(3, "503 5.5.4 Error: AUTH first", 'smtp.auth = "password"'),
        {"MAIL": "503 5.5.4 Error: AUTH first"},
    ),
    Kind(
        "it wants a login behind a login",
        *(3, "550 5.7.1 Authentication required", "on another port"),
        {"RCPT": "550 5.7.1 Authentication required"},
        config=LOGIN,
    ),
]

WITH_TOKENS = [
    Kind("XOAUTH2", 0, "2 sent", "", **XOAUTH2),
    Kind("OAUTHBEARER", 0, "2 sent", "", **BEARER),
    Kind("a long token", 0, "2 sent", "", {"AUTH": "334 "}, **{**XOAUTH2, "secret": LONG_TOKEN}),
    Kind("a long bearer", 0, "2 sent", "", {"AUTH": "334 "}, **{**BEARER, "secret": LONG_TOKEN}),
    Kind("a token that is asked for again", 0, "2 sent", "", {"AUTH": "334 "}, **XOAUTH2),
    Kind(
        "a token is refused with a report",
        *(3, "(the server says about the token: status 400,", "password_command yourself"),
        {"AUTH": challenge(REFUSED_BY_JSON), "PASSWORD": "535 5.7.8 not accepted"},
        never=("store the password again",),
        **XOAUTH2,
    ),
    Kind(
        "a bearer is refused with a report",
        *(3, "status invalid_token, scope mail", f"password_command yourself {HAND_OVER}"),
        {
            "AUTH": challenge({"status": "invalid_token", "scope": "mail"}),
            "PASSWORD": "535 5.7.8 no",
        },
        **BEARER,
    ),
    Kind(
        "a long token is refused with a report",
        *(3, "status 401, scope mail", "password_command yourself"),
        {
            "AUTH": "334 ",
            "PASSWORD": [challenge({"status": 401, "scope": "mail"}), "535 5.7.8 no"] * 2,
        },
        **{**XOAUTH2, "secret": LONG_TOKEN},
    ),
    Kind(
        "a token is refused without one",
        *(3, "535 5.7.3 Authentication unsuccessful", "password_command yourself"),
        {"AUTH": "535 5.7.3 Authentication unsuccessful"},
        **XOAUTH2,
    ),
    Kind(
        "a report that is not understood",
        *(3, "535 5.7.8 no", "password_command yourself"),
        {"AUTH": challenge("Mañana?"), "PASSWORD": "535 5.7.8 no"},
        **XOAUTH2,
    ),
    Kind(
        "a report that is not in base64",
        *(3, "status 401", "password_command yourself"),
        {"AUTH": '334 {"status": "401"}', "PASSWORD": "535 5.7.8 no"},
        **BEARER,
    ),
    Kind(
        "a report in no form at all",
        *(3, "535 5.7.8 no", "password_command yourself"),
        {"AUTH": "334 you again", "PASSWORD": "535 5.7.8 no"},
        **XOAUTH2,
    ),
    Kind(
        "a challenge behind a challenge",
        *(3, "334", f"did not understand a login that it offers {HAND_OVER}"),
        {"AUTH": challenge(["?"]), "PASSWORD": challenge({"status": "400"})},
        **XOAUTH2,
    ),
    Kind(
        "a report, and it hangs up",
        *(3, "(the server says about the token: status 400", "password_command yourself"),
        {"AUTH": challenge({"status": "400"}), "PASSWORD": DROP},
        **XOAUTH2,
    ),
    Kind(
        "no report, and it hangs up",
        *(75, "the server closed the connection", "again"),
        {"AUTH": "334 what?", "PASSWORD": DROP},
        **XOAUTH2,
    ),
    Kind(
        "a method that is offered and not known",
        *(3, "504 5.5.4 Unrecognized", "did not understand a login that it offers"),
        {"AUTH": "504 5.5.4 Unrecognized authentication type"},
        **BEARER,
    ),
]

KINDS = [*CONNECTING, *PROTECTING, *LOGGING_IN, *WITH_TOKENS]


# --- how it is shown ------------------------------------------------------------------------


def old_tls(certificate, file):
    """A server that speaks TLS 1.0 and 1.1 only."""
    file.write_bytes(certificate.pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore"):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.load_cert_chain(file)
    return certificate._replace(context=context)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """What servers serve with, by a word; `file` is what a client may trust."""
    folder = tmp_path_factory.mktemp("tls")
    root = Authority(folder, "root")
    intermediate = Authority(folder, "intermediate", under=root)
    good = root.certificate()
    between = intermediate.certificate("127.0.0.1", days=2)
    leaf = folder / "leaf.pem"
    leaf.write_bytes(between.pem[between.pem.index(b"-----BEGIN CERTIFICATE") :])
    return {
        "good": good,
        "other_name": root.certificate("127.0.0.2"),
        "expired": root.certificate(days=-1),
        "weak": root.certificate(days=3, key=weak_key()),
        "old": old_tls(good, folder / "old.pem"),
        "between": between,
        "files": {
            "root": root.file,
            "intermediate": intermediate.file,
            "leaf": str(leaf),
            "stranger": Authority(folder, "stranger").file,
        },
    }


@pytest.fixture(scope="module")
def server():
    """One port for all kinds, because an approval is bound to it."""
    with ScriptedServer() as running:
        yield running


@pytest.fixture(scope="module")
def approved(tmp_path_factory):
    """Homes with two approved letters, by what their config names."""
    return {}, tmp_path_factory


@pytest.fixture
def waiting(desk, approved):
    """Put two approved letters on the desk, for an account at a host and port."""
    homes, factory = approved

    def made(**config):
        key = tuple(config.items())
        if key not in homes:
            configure(desk, config)
            desk.approved(2)
            homes[key] = factory.mktemp("home")
            shutil.copytree(desk.folder, homes[key], dirs_exist_ok=True)
        else:
            shutil.copytree(homes[key], desk.folder, dirs_exist_ok=True)

    return made


def configure(desk, smtp, timeouts=()):
    """Write a config with these keys of [smtp]."""
    desk.configure()
    path = desk.folder / "config.toml"
    lines = [
        line
        for line in path.read_text().splitlines()
        if line.split(" ")[0] not in {"host", "port", "security", "auth"}
    ]
    given = {"host": "127.0.0.1", "security": "none", "auth": "none", **smtp}
    lines += [f"{key} = {json.dumps(value)}" for key, value in given.items() if value is not None]
    lines += ["[smtp.timeouts]", *(f"{key} = {value}" for key, value in dict(timeouts).items())]
    path.write_text("\n".join(lines))


def begin(server, kind, certificates):
    """Make this kind of the server."""
    protection, name = kind.line or (None, None)
    server.begin_again(
        kind.server,
        tls=certificates[name].context if name else None,
        implicit=protection == "tls",
        offers=kind.offers.get("offers", OFFERS),
    )


def settings_of(kind, server, certificates):
    """The keys of [smtp] for a kind."""
    config = {"port": server.port, **kind.config}
    if kind.line:
        trusted = config.pop("ca_file", "root")
        config = {"security": kind.line[0], **config}
        config["ca_file"] = certificates["files"].get(trusted)
    if "provider" in config:
        config = {"auth": "password", **config}
    return config


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.name) for kind in KINDS])
def test_each_kind_of_server(desk, waiting, server, certificates, monkeypatch, kind):
    monkeypatch.setenv("PLANNER_SMTP_PASSWORD", kind.secret)
    waiting(port=server.port)
    configure(desk, settings_of(kind, server, certificates), kind.timeouts)
    begin(server, kind, certificates)
    sent = desk.type("send", "--yes")
    heard = server.log.copy()
    doctor = desk.type("doctor")
    told = words(sent.out)
    assert (sent.code, doctor.code) == (kind.code, kind.code), sent.out + doctor.out
    assert all(part in told for part in parts(kind.said)), sent.out
    judged_alike(kind, sent, doctor)
    assert desk.states() == (["sent"] * 2 if kind.code == 0 else ["approved"] * 2)
    used = desk.good("status", "--json").json["allowance"]["used"]
    assert used == (2 if kind.code == 0 else 0), "nothing is spent"
    no_secret_is_told(desk, kind, sent, doctor)
    at_most_one_login(kind, server, heard)


def parts(hint):
    """A hint, and the way out behind it."""
    head, found, _ = hint.partition(HAND_OVER)
    return [words(head)] + ([HAND_OVER] if found else [])


def judged_alike(kind, sent, doctor):
    """Both say what to do; `doctor` all the same where a letter could leave."""
    for output in (sent.out, doctor.out):
        shown = words(output)
        if kind.code:
            assert all(part in shown for part in parts(kind.hint)), output
            assert "-> " in output, "there is a hint"
        for word in kind.never:
            assert word not in shown, output


def no_secret_is_told(desk, kind, *outputs):
    """Neither on the screen nor in a file."""
    kept = [file.read_bytes() for file in desk.folder.rglob("*") if file.is_file()]
    said = [(output.out + output.lines).encode() for output in outputs]
    for text in (*kept, *said):
        assert kind.secret.encode().lower() not in text.lower()
        assert base64.b64encode(kind.secret.encode()).rstrip(b"=") not in text


def at_most_one_login(kind, server, heard):
    """One AUTH for a session, whatever came of it; and none on a line that is not protected."""
    assert [verb_of(line) for line in heard].count("AUTH") <= 1
    if kind.line:
        told = [e for e in server.events if e.kind == "heard" and e.text.startswith("AUTH")]
        assert all(event.secure for event in told)


# --- what is said to the server -------------------------------------------------------------


def in_base64(*texts):
    return [base64.b64encode(text.encode()).decode() for text in texts]


USER = "robin@applicant.example"
PLAIN, XO, OB = in_base64(
    f"\0{USER}\0{PASSWORD}",
    f"user={USER}\1auth=Bearer {TOKEN}\1\1",
    f"n,a={USER},\1host=127.0.0.1\1port=PORT\1auth=Bearer {TOKEN}\1\1",
)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("a wrong password", [f"AUTH PLAIN {PLAIN}"]),
        ("only LOGIN", ["AUTH LOGIN", *in_base64(USER, PASSWORD)]),
        ("it asks for the user twice", ["AUTH LOGIN", *in_base64(USER)]),
        ("it never has enough", ["AUTH LOGIN", *in_base64(USER, PASSWORD)]),
        ("LOGIN is broken", ["AUTH LOGIN"]),
        ("only LOGIN, for PLAIN", []),
        ("only tokens, for a password", []),
        ("XOAUTH2", [f"AUTH XOAUTH2 {XO}"]),
        ("a token that is asked for again", [f"AUTH XOAUTH2 {XO}", XO]),
        ("a token is refused with a report", [f"AUTH XOAUTH2 {XO}", ""]),
    ],
)
def test_a_login_says_no_more_than_this(
    desk, waiting, server, certificates, monkeypatch, name, lines
):
    (kind,) = [kind for kind in KINDS if kind.name == name]
    monkeypatch.setenv("PLANNER_SMTP_PASSWORD", kind.secret)
    waiting(port=server.port)
    configure(desk, settings_of(kind, server, certificates))
    begin(server, kind, certificates)
    desk.type("send", "--yes")
    until = server.verbs().index("MAIL") if "MAIL" in server.verbs() else None
    assert server.log[1:until] == lines


def heard_of_a_token(desk, waiting, server, certificates, monkeypatch, kind):
    monkeypatch.setenv("PLANNER_SMTP_PASSWORD", kind.secret)
    waiting(port=server.port)
    configure(desk, settings_of(kind, server, certificates))
    begin(server, kind, certificates)
    desk.type("send", "--yes")
    return [line for line in server.log if line not in {"QUIT", "EHLO [127.0.0.1]"}]


@pytest.mark.parametrize("method", ["xoauth2", "oauthbearer"])
def test_a_token_that_is_too_long_for_a_command_goes_behind_it(
    desk, waiting, server, certificates, monkeypatch, method
):
    script = {"AUTH": "334 ", "PASSWORD": [challenge(REFUSED_BY_JSON), "535 5.7.8 no"]}
    kind = Kind("", 3, "", "", script, config={"auth": method}, secret=LONG_TOKEN)
    kind = kind._replace(offers=offering(method.upper()))
    command, token, end = heard_of_a_token(desk, waiting, server, certificates, monkeypatch, kind)
    assert command == f"AUTH {method.upper()}"
    assert LONG_TOKEN in base64.b64decode(token).decode()
    assert end == {"xoauth2": "", "oauthbearer": "AQ=="}[method]


@pytest.mark.parametrize("longer", [0, 1])
def test_a_command_has_512_octets_and_no_more(
    desk, waiting, server, certificates, monkeypatch, longer
):
    kind = Kind("", 0, "", "", config={"auth": "xoauth2"}, offers=offering("XOAUTH2"))
    # "AUTH XOAUTH2 " and the line's end leave room for 124 groups of base64, of 3 octets each.
    room = 124 * 3 - len(f"user={USER}\1auth=Bearer \1\1")
    kind = kind._replace(secret="t" * (room + longer))
    command, *_ = heard_of_a_token(desk, waiting, server, certificates, monkeypatch, kind)
    assert (command == "AUTH XOAUTH2") is bool(longer)
    assert longer or len(command) + 2 in range(509, 513)


def test_a_bearer_says_who_where_and_for_whom(desk, server, certificates, monkeypatch):
    kind = Kind("", 0, "", "", **BEARER)
    monkeypatch.setenv("PLANNER_SMTP_PASSWORD", kind.secret)
    config = settings_of(kind, server, certificates)
    configure(desk, {**config, "username": "robin,=@applicant.example"})
    begin(server, kind, certificates)
    desk.good("doctor")
    (command,) = [line for line in server.log if line.startswith("AUTH")]
    said = base64.b64decode(command.split()[2]).decode()
    assert said == (
        f"n,a=robin=2C=3D@applicant.example,\1host=127.0.0.1\1port={server.port}"
        f"\1auth=Bearer {TOKEN}\1\1"
    )


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("{'access_token': 'canary'}", "cannot be a token: it is JSON"),
        ("Bearer canary", 'cannot be a token: it begins with "Bearer"'),
        ("canary and more", "cannot be a token: it has spaces in it"),
        ("ca\\tnary", "cannot be a token: it has spaces in it"),
        ("can\\x00ary", "cannot be a token: it has control characters"),
        ("canáry", "cannot be a token: it has characters that are not ASCII"),
        ("<canary>", "cannot be a token: it has quotes or angle brackets"),
        ("\\ncanary", "printed an empty first line"),
        ("   ", "cannot be a token: it is empty"),
    ],
)
def test_what_cannot_be_a_token_is_never_sent(desk, waiting, server, certificates, printed, said):
    kind = Kind("", 3, "", "", **XOAUTH2)
    waiting(port=server.port)
    config = settings_of(kind, server, certificates)
    configure(desk, {**config, "password_command": ["printf", "%b\\n", printed]})
    begin(server, kind, certificates)
    for command in (["send", "--yes"], ["doctor"]):
        done = desk.type(*command)
        assert done.code == 3
        shown = words(done.out + done.err)
        assert said in shown
        assert "canary" not in shown
    assert server.log == []


def test_blanks_around_a_token_are_not_part_of_it(desk, waiting, server, certificates):
    kind = Kind("", 0, "", "", **XOAUTH2)
    waiting(port=server.port)
    config = settings_of(kind, server, certificates)
    configure(desk, {**config, "password_command": ["printf", "%b", f" {TOKEN} \\r\\nmore\\n"]})
    begin(server, kind, certificates)
    assert desk.type("send", "--yes").code == 0
    assert f"AUTH XOAUTH2 {XO}" in server.log


@pytest.mark.parametrize(
    "script",
    [
        {"MAIL": f"554 5.7.0 {USER} {PASSWORD} is not good enough"},
        {"RCPT": f"450 4.2.1 later, {PLAIN}"},
        {"DOT": (f"554 5.6.0 {PASSWORD}".encode("latin-1") + b" caf\xe9\r\n",)},
        {"DATA": f"what? {PASSWORD}"},
        {"EHLO": f"501 5.5.4 {PASSWORD}"},
        {"CONNECT": f"{PASSWORD} is known here"},
    ],
    ids=lambda script: next(iter(script)),
)
def test_a_server_that_repeats_the_secret_anywhere_does_not_make_us_show_it(
    desk, waiting, server, certificates, monkeypatch, script
):
    kind = Kind("", 0, "", "", script, config=LOGIN)
    monkeypatch.setenv("PLANNER_SMTP_PASSWORD", PASSWORD)
    waiting(port=server.port)
    configure(desk, settings_of(kind, server, certificates))
    begin(server, kind, certificates)
    sent = desk.type("--verbose", "send", "--yes")
    assert "[secret]" in sent.out
    no_secret_is_told(desk, kind, sent, desk.type("doctor"), desk.type("outbox", "show", 1))


# --- how long it rests ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "least", "most"),
    [
        ("454 4.7.0 Too many login attempts, please try again later", 48, 72),
        ("421 4.7.0 Too many authentication failures", 48, 72),
        ("454 4.7.0 Temporary authentication failure", 0.8, 1.2),
    ],
)
def test_an_account_with_too_many_logins_rests_for_long_at_once(
    desk, waiting, server, certificates, monkeypatch, said, least, most
):
    kind = Kind("", 75, "", "", {"AUTH": said}, config=LOGIN)
    monkeypatch.setenv("PLANNER_SMTP_PASSWORD", PASSWORD)
    waiting(port=server.port)
    configure(desk, settings_of(kind, server, certificates))
    begin(server, kind, certificates)
    desk.type("send", "--yes")
    ((until,),) = desk.sql("SELECT until FROM pauses")
    rests = datetime.fromisoformat(until).replace(tzinfo=UTC) - noon(desk.day)
    assert timedelta(minutes=least) <= rests <= timedelta(minutes=most)
    assert server.verbs().count("AUTH") == 1


# --- names and addresses --------------------------------------------------------------------


@contextmanager
def dead_port():
    """A port that swallows every call: its backlog is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening:
        address = listening.getsockname()
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(address)
        yield address
        for caller in callers:
            caller.close()


def resolver(monkeypatch, *answers):
    """Names have these addresses, or this failure; a number is itself, as ever."""
    real = socket.getaddrinfo

    def getaddrinfo(host, port, *args, **options):
        if options.get("flags", 0) & socket.AI_NUMERICHOST or host in {"127.0.0.1", "::1"}:
            return real(host, port, *args, **options)
        if isinstance(answers[0], Exception):
            raise answers[0]
        kind = (socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
        return [
            (socket.AF_INET6 if ":" in where[0] else socket.AF_INET, *kind, where)
            for where in answers
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


UNKNOWN = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
OFFLINE = socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


@pytest.mark.parametrize(
    ("host", "failure", "said", "hint"),
    [
        ("smtp.tpyo.example", UNKNOWN, "there is no host smtp.tpyo.example", "for a typo"),
        ("smtp.mail.example", OFFLINE, "no name server answers", "this computer is online"),
        ("smtp..example", UNKNOWN, "there is no host smtp..example", "for a typo"),
        ("a" * 70 + ".example", UNKNOWN, "there is no host aaaa", "for a typo"),
    ],
)
def test_a_name_that_leads_nowhere(desk, waiting, monkeypatch, host, failure, said, hint):
    resolver(monkeypatch, failure)
    monkeypatch.setenv("PLANNER_SMTP_PASSWORD", PASSWORD)
    waiting(host=host, security="starttls", auth="password")
    not_reached(desk, {"host": host, "security": "starttls", "auth": "password"}, said, hint)


def not_reached(desk, config, said, hint, timeouts=()):
    configure(desk, config, timeouts)
    for command in (["send", "--yes"], ["doctor"]):
        done = desk.type(*command)
        assert done.code == 75
        assert said in words(done.out)
        assert hint in words(done.out)
    assert "The server cannot be reached" in words(desk.type("send", "--yes").out)
    assert desk.states() == ["approved"] * 2


def test_a_port_without_a_server(desk, waiting):
    waiting(port=1)
    not_reached(desk, {"port": 1}, "127.0.0.1 port 1: connection refused", "--serve")


def test_a_port_that_swallows_us(desk, waiting):
    with dead_port() as (_, port):
        config = {"port": port}
        waiting(**config)
        timeouts = {"connect": 0.2}
        not_reached(desk, config, "does not answer, after 0.2 s", "Some networks", timeouts)


@pytest.mark.parametrize("dead", ["first", "last"])
def test_a_dead_address_does_not_hide_a_living_one(desk, waiting, server, monkeypatch, dead):
    begin(server, Kind("", 0, "", ""), {})
    config = {"host": "localhost", "port": server.port}
    waiting(**config)
    configure(desk, config)
    with dead_port() as swallowing:
        both = [swallowing, ("127.0.0.1", server.port)]
        resolver(monkeypatch, *(both if dead == "first" else reversed(both)))
        began = time.monotonic()
        assert desk.type("send", "--yes").code == 0
    assert time.monotonic() - began < 5, "the timeout is 30 s"
    assert server.sessions == 1


def test_ipv6_that_refuses_does_not_hide_ipv4(desk, waiting, server, monkeypatch):
    begin(server, Kind("", 0, "", ""), {})
    config = {"host": "localhost", "port": server.port}
    waiting(**config)
    configure(desk, config)
    resolver(monkeypatch, ("::1", server.port, 0, 0), ("127.0.0.1", server.port))
    assert desk.type("send", "--yes").code == 0


# --- the doctor goes on behind the login ----------------------------------------------------


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ({"MAIL": "553 5.7.1 Sender address rejected: not owned by user"}, 3),
        ({"MAIL": "550 5.1.0 <robin@applicant.example> sender rejected"}, 3),
        ({"MAIL": "530 5.7.57 Client not authenticated to send mail"}, 3),
        ({"MAIL": "451 4.3.0 later"}, 75),
        ({"MAIL": DROP}, 75),
        ({"RCPT": "554 5.7.1 <robin@applicant.example>: Relay access denied"}, 3),
        ({"RCPT": "553 5.7.1 <robin@applicant.example>: Sender address rejected"}, 3),
        ({"RCPT": "504 5.5.2 <[127.0.0.1]>: Helo command rejected"}, 3),
        ({"RCPT": "554 5.7.1 Client host [..] blocked using zen.spamhaus.org"}, 3),
        ({"RCPT": "550 5.1.1 no such user"}, 3),
        ({"RCPT": "450 4.2.0 Greylisted"}, 75),
        ({"RCPT": "550 5.4.5 Daily user sending limit exceeded"}, 75),
    ],
)
def test_the_doctor_finds_what_would_refuse_every_letter(
    desk, server, certificates, monkeypatch, script, code
):
    kind = Kind("", code, "", "", script, STARTTLS, LOGIN)
    monkeypatch.setenv("PLANNER_SMTP_PASSWORD", PASSWORD)
    desk.configure()
    desk.a_list(1)
    configure(desk, settings_of(kind, server, certificates))
    begin(server, kind, certificates)
    done = desk.type("doctor", "--json")
    assert done.code == code
    checks = {check["name"]: check for check in done.json["checks"]}
    assert checks["login"]["ok"], "as far as the login all is well"
    assert not checks["sender"]["ok"]
    (said,) = [answer for answer in script.values()]
    assert said == DROP or said in checks["sender"]["text"]
    assert checks["sender"]["hint"]
    assert "DATA" not in server.verbs()


def test_a_doctor_of_an_account_that_is_well_names_each_login_once(
    desk, server, certificates, monkeypatch
):
    offers = b"250-x\r\n250-AUTH PLAIN LOGIN\r\n250-AUTH=LOGIN X\xe9\r\n250 SIZE 9" + b"9" * 5000
    kind = Kind("", 0, "", "", {"EHLO": (offers + b"\r\n",)}, TLS, LOGIN)
    monkeypatch.setenv("PLANNER_SMTP_PASSWORD", PASSWORD)
    desk.configure()
    desk.a_list(1)
    configure(desk, settings_of(kind, server, certificates))
    begin(server, kind, certificates)
    checks = {
        check["name"]: check["text"] for check in desk.good("doctor", "--json").json["checks"]
    }
    assert checks["login"].endswith("the server offers: plain, login, x\\xe9")
    assert (
        checks["sender"]
        == "the server accepts letters from robin@applicant.example; nothing was sent"
    )
    assert server.verbs()[-4:] == ["MAIL", "RCPT", "RSET", "QUIT"]
