"""Sending through a real Postfix, and reading with a real Dovecot what arrived."""

import asyncio
import base64
import os
import re
from email import message_from_bytes, policy

import pytest

from planner.mail.account import Account
from planner.mail.message import Outline, freeze
from planner.mail.smtp import SmtpSender
from planner.mail.wire import dated
from planner.rules.retries import Fate
from tests.certificates import Authority
from tests.postfix import APPLICANT, MOVED, PASSWORD, SMALL, MailHost, missing

pytestmark = pytest.mark.outside

WRONG = "canary-5521-wrong"
ODD = f"""Dear Dr. Abarab,

.
..
.A line may begin with a dot, and the next with a word that mailboxes once quoted.
From here on Zoë Ångström writes: my score is 248 — “thank you”,\twith a space at the end at Elm 1 Hospital, internal medicine \n
{"Llanfairpwllgwyngyll" * 60}
{"word " * 300}

Sincerely,
Robin Sample
AAMC ID 10000001
"""


@pytest.fixture(scope="module")
def host():
    if why := missing():
        if os.environ.get("CI"):
            pytest.fail(f"{why}; where CI is set these tests must run")
        pytest.skip(why)
    with MailHost() as running:
        yield running


@pytest.fixture
def mail(host, desk, monkeypatch):
    """The servers as on the first day, and a desk with an account there."""
    host.begin()
    monkeypatch.setenv("PLANNER_SMTP_PASSWORD", PASSWORD)
    account(desk, host)
    return host


def account(desk, host, *, port=None, trusts=None, security="starttls", auth="password", more=""):
    """Write a config whose letters leave by STARTTLS and with a login, unless said otherwise."""
    ca_file = trusts or host.certificate.file
    desk.configure(port=port or host.port, more=f'ca_file = "{ca_file}"\n{more}')
    config = desk.folder / "config.toml"
    text = config.read_text().replace('security = "none"', f'security = "{security}"')
    config.write_text(text.replace('auth = "none"', f'auth = "{auth}"'))


def sent(desk, code=0):
    done = desk.type("send", "--yes", "--json")
    assert done.code == code, done.lines + done.out
    return done


def raw(desk, number):
    """A letter's bytes, as `planner preview` shows them."""
    folder = desk.folder / "raw"
    desk.good("preview", number, "--format", "raw", "-o", folder)
    return (folder / f"letter-{number:04d}.raw").read_bytes()


def logins(host):
    """How each AUTH command ended: 1 is one that succeeded, 0/1 one that failed."""
    return re.findall(r": disconnect from .* auth=(\S+)", host.log())


def test_what_arrives_is_what_was_approved_byte_for_byte_below_the_trace_headers(mail, desk):
    desk.approved(2)
    approved = {n: raw(desk, n) for n in (1, 2)}
    assert sent(desk).json["sent"] == 2
    for n, frozen in approved.items():
        (to,), (cc,) = mail.arrived(f"pd{n}@elm{n}.example"), mail.arrived(f"pc{n}@elm{n}.example")
        date, _, rest = to.message.partition(b"\r\n")
        assert date == b"Date: Tue, 20 Oct 2026 12:00:00 -0400"
        assert rest == frozen, "only Date is added, by the first attempt"
        assert to.message == cc.message == raw(desk, n)
        assert desk.sql(f"SELECT wire FROM letters WHERE id = {n}") == [(frozen,)]


def test_dots_long_lines_and_letters_beyond_ascii_arrive_as_they_were(mail, desk):
    desk.a_list(1)
    desk.good("draft")
    (desk.folder / "mine.txt").write_text(ODD, encoding="utf-8")
    desk.good("edit", 1, "--body-file", "mine.txt", "--subject", "Step 2 CK: Zoë Ångström, 248")
    desk.good("approve", 1, "--unseen")
    frozen = raw(desk, 1)
    sent(desk)
    (arrived,) = mail.arrived("pd1@elm1.example")
    assert arrived.message.partition(b"\r\n")[2] == frozen
    read = message_from_bytes(arrived.message, policy=policy.default)
    assert read["Subject"] == "Step 2 CK: Zoë Ångström, 248"
    assert read.get_content().replace("\r\n", "\n") == ODD


def test_the_mailbox_holds_the_same_bytes_with_the_line_ends_of_its_host(mail, desk):
    desk.approved(1)
    sent(desk)
    (stored,) = mail.stored("pd1@elm1.example")
    (shown,) = mail.shown("pd1@elm1.example")
    assert b"\r" not in stored
    assert stored.replace(b"\n", b"\r\n") == shown


def test_letters_leave_over_tls_with_one_login(mail, desk):
    desk.approved(2)
    sent(desk)
    assert logins(mail) == ["1"], "one session for both letters"
    assert "TLS connection established" in mail.log()
    assert f"sasl_method=PLAIN, sasl_username={APPLICANT}" in mail.log()
    (arrived,) = mail.arrived("pd1@elm1.example")
    assert arrived.trace.startswith(f"Return-Path: <{APPLICANT}>\r\n")
    assert "with ESMTPSA" in arrived.trace, "TLS and a login, says Postfix"
    assert "using TLSv1." in arrived.trace


@pytest.mark.parametrize(
    ("line", "code", "state", "reply"),
    [
        ({"security": "none"}, 3, "approved", "530 5.7.0 Must issue a STARTTLS command first"),
        ({"security": "starttls"}, 1, "refused", "554 5.7.1 <pd1@elm1.example>"),
    ],
)
def test_without_tls_and_without_a_login_postfix_takes_nothing(
    mail, desk, line, code, state, reply
):
    account(desk, mail, auth="none", **line)
    desk.approved(1)
    assert reply in sent(desk, code=code).out
    assert desk.states() == [state]
    assert mail.mailboxes_with_mail() == []


def test_a_wrong_password_is_tried_once_and_shown_nowhere(mail, desk, monkeypatch):
    monkeypatch.setenv("PLANNER_SMTP_PASSWORD", WRONG)
    desk.approved(2)
    done = sent(desk, code=3)
    assert "535 5.7.8" in done.out + done.err
    assert logins(mail) == ["0/1"]
    assert mail.mailboxes_with_mail() == []
    assert desk.states() == ["approved", "approved"]
    story = desk.good("outbox", "show", 1)
    said = "".join(x.out + x.lines for x in (done, story)).encode()
    kept = b"".join(path.read_bytes() for path in desk.folder.rglob("*") if path.is_file())
    login = base64.b64encode(f"\0{APPLICANT}\0{WRONG}".encode()).rstrip(b"=")
    for secret in (WRONG.encode(), base64.b64encode(WRONG.encode()).rstrip(b"="), login):
        assert secret not in said
        assert secret not in kept


def test_an_unknown_recipient_stops_the_letter_for_all_and_the_next_one_goes_on(mail, desk):
    desk.a_list(2)
    desk.good("programs", "set", "Elm 1", "coordinator_email=nobody@elm1.example")
    desk.good("draft")
    desk.good("approve", "1-2", "--unseen")
    done = sent(desk, code=1)
    assert (done.json["refused"], done.json["sent"]) == (1, 1)
    assert desk.states() == ["refused", "sent"]
    assert "550 5.1.1 <nobody@elm1.example>" in desk.letters()[0]["last_reply"]
    assert mail.mailboxes_with_mail() == ["pc2@elm2.example", "pd2@elm2.example"]


def test_a_letter_above_the_size_limit_is_refused_in_words(mail, desk):
    account(desk, mail, port=mail.strict_port)
    desk.approved(1)
    assert len(raw(desk, 1)) > SMALL
    done = desk.type("send", "--yes")
    assert done.code == 1
    assert "552 5.3.4" in done.out
    assert "too big" in done.out
    assert desk.states() == ["refused"]
    assert mail.mailboxes_with_mail() == []


def test_a_letter_that_came_back_counts_as_refused_once_a_person_says_so(mail, desk):
    desk.a_list(1, **{"PD Email": MOVED, "PC Email": ""})
    desk.good("draft")
    desk.good("approve", 1, "--unseen")
    sent(desk)
    (bounce,) = mail.arrived(APPLICANT)
    report = message_from_bytes(bounce.message, policy=policy.default)
    assert report.get_content_type() == "multipart/report"
    assert f"(expanded from <{MOVED}>)" in report.get_body().get_content()
    (returned,) = (p for p in report.walk() if p.get_content_type() == "message/rfc822")
    letter = desk.letters()[0]
    assert returned.get_content()["Message-ID"] == letter["message_id"]
    assert letter["state"] == "sent", "the server took it"
    desk.good("outbox", "resolve", 1, "--bounced", "--yes")
    assert desk.states() == ["refused"]


def test_with_four_connections_each_letter_arrives_once(mail, desk):
    account(desk, mail, more="connections = 4")
    desk.approved(12)
    assert sent(desk).json["sent"] == 12
    assert 1 < len(logins(mail)) <= 4
    ids = {}
    for letter in desk.letters():
        (to,), (cc,) = (mail.arrived(address) for address in letter["to"] + letter["cc"])
        assert to.message == cc.message
        ids[message_from_bytes(to.message)["Message-ID"]] = letter["message_id"]
    assert all(arrived == approved for arrived, approved in ids.items())
    assert len(ids) == 12


def test_a_greylisted_letter_waits_and_leaves_when_a_person_says_so(mail, desk):
    mail.answers({"pd1@elm1.example": "DEFER_IF_PERMIT 4.2.0 Greylisted"})
    desk.approved(1)
    assert sent(desk, code=75).json["deferred"] == 1
    assert "450 4.2.0 <pd1@elm1.example>" in desk.letters()[0]["last_reply"]
    assert mail.mailboxes_with_mail() == []
    mail.answers({})
    desk.good("outbox", "retry", 1)
    assert sent(desk).json["sent"] == 1
    assert desk.states() == ["sent"]
    assert mail.mailboxes_with_mail() == ["pc1@elm1.example", "pd1@elm1.example"]
    assert len(mail.arrived("pc1@elm1.example")) == 1


def test_a_certificate_of_another_authority_gets_no_credential_and_no_letter(mail, desk):
    account(desk, mail, trusts=Authority(desk.folder, "Somebody else").file)
    desk.approved(1)
    done = sent(desk, code=3)
    assert "the certificate is not trusted" in done.out + done.err
    log = mail.log()
    assert log.count(": connect from") == 1
    assert "auth=" not in log
    assert "mail=" not in log
    assert mail.mailboxes_with_mail() == []
    assert desk.states() == ["approved"]


def test_the_doctor_tells_the_line_and_logs_in_once(mail, desk):
    done = desk.good("doctor", "--json")
    checks = {check["name"]: check["text"] for check in done.json["checks"]}
    assert "TLSv1." in checks["mail server"]
    assert "accepts up to 10240000 bytes" in checks["mail server"]
    assert checks["certificate"] == f"trusted, valid until {mail.certificate.until:%Y-%m-%d}"
    assert (
        checks["login"] == f"logged in as {APPLICANT} (password); the server offers: plain, login"
    )
    assert logins(mail) == ["1"]
    assert mail.mailboxes_with_mail() == []


def test_subjects_names_and_mail_domains_of_every_length_arrive_as_they_were_frozen(mail):
    frozen = [freeze(outline) for outline in outlines_of_every_length()]
    outcomes = asyncio.run(handed_over(mail, [letter.wire for letter in frozen]))
    assert [outcome.fate for outcome in outcomes] == [Fate.SENT] * len(frozen)
    arrived = {
        message_from_bytes(x.message)["Message-ID"]: x.message.partition(b"\r\n")[2]
        for x in mail.arrived("pd1@elm1.example")
    }
    assert arrived == {letter.message_id: letter.wire for letter in frozen}


FILLINGS = ("x", "word ", "Rivera Castellanos-Whitfield, ", "José Nguyễn-Müller ", "王小明")


def outlines_of_every_length():
    """Subjects of 1 to 200 characters, names of 200 to 1, sender's domains of 3 to 60."""
    for length in range(1, 201):
        filling = FILLINGS[length % len(FILLINGS)]
        subject, name = ((filling * n)[:n].strip().ljust(n, "x") for n in (length, 201 - length))
        domain = f"{'a' * (1 + length % 58)}.b"
        to = ("pd1@elm1.example",)
        yield Outline(name, f"robin@{domain}", to, (), subject, f"Letter {length}\n")


async def handed_over(host, wires):
    """Deliver messages in one session; gives the outcomes."""

    async def secret():
        return PASSWORD

    async def mark():
        return

    account = Account("127.0.0.1", host.port, username=APPLICANT, ca_file=host.certificate.file)
    sender = SmtpSender(account, secret)
    try:
        return [
            await sender.deliver(
                sender=APPLICANT,
                recipients=("pd1@elm1.example",),
                wire=dated(wire, "Tue, 20 Oct 2026 12:00:00 -0400"),
                mark=mark,
            )
            for wire in wires
        ]
    finally:
        await sender.close()
