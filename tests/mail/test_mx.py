"""Who keeps the mail of a domain, asked of a name server of our own on loopback."""

import contextlib
import socket
import threading

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from planner.cli.hints.providers import BY_HAND, about_address
from planner.mail import mx
from planner.mail.account import PRESETS
from planner.mail.mx import Answer, Exchangers, find_exchangers
from planner.mail.providers import MICROSOFT_PASSWORDS_UNTIL, PROVIDERS

ZONE = {
    "med.school.example": ["10 med-school-example.mail.protection.outlook.com."],
    "newer.school.example": ["0 newer-school-example.k-v1.mx.microsoft."],
    "clinic.example": ["1 ASPMX.L.GOOGLE.com.", "5 alt1.aspmx.l.google.com."],
    "mine.example": ["10 mx01.mail.icloud.com."],
    "hidden.example": ["5 mxa-00112233.gslb.pphosted.com."],
    "small.example": ["10 mail.small.example."],
    "evil.example": ["10 notgoogle.com.attacker.example."],
    "nomail.example": ["0 ."],
    "nothing.example": [],
}


@contextlib.contextmanager
def a_name_server(answers=True):
    """A name server that knows ZONE, or one that never answers; gives its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def work():
            with contextlib.suppress(OSError):
                while True:
                    wire, who = server.recvfrom(4096)
                    if not wire:
                        return
                    if answers:
                        server.sendto(_answer(wire), who)

        thread = threading.Thread(target=work)
        thread.start()
        port = server.getsockname()[1]
        try:
            yield port
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"", ("127.0.0.1", port))
            thread.join()


def _answer(wire):
    asked = dns.message.from_wire(wire)
    said = dns.message.make_response(asked)
    name = asked.question[0].name
    known = ZONE.get(name.to_text(omit_final_dot=True))
    if known is None:
        said.set_rcode(dns.rcode.NXDOMAIN)
    elif known:
        said.answer.append(dns.rrset.from_text(name, 60, "IN", "MX", *known))
    return said.to_wire()


def asking(monkeypatch, port):
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], port
    monkeypatch.setattr(mx, "make_resolver", lambda: resolver)


@pytest.fixture
def name_server(monkeypatch):
    with a_name_server() as port:
        asking(monkeypatch, port)
        yield


@pytest.mark.parametrize(
    ("domain", "provider"),
    [
        ("med.school.example", "microsoft365"),
        ("newer.school.example", "microsoft365"),
        ("clinic.example", "workspace"),
        ("mine.example", "icloud"),
        ("hidden.example", ""),
        ("small.example", ""),
        ("evil.example", ""),
    ],
)
def test_a_provider_is_known_by_its_mail_servers(name_server, domain, provider):
    about = about_address(f"zoë@{domain}")
    assert about.provider == provider
    assert about.lines


@pytest.mark.parametrize(
    ("domain", "said"),
    [
        ("hidden.example", "hidden.example is behind a mail filter"),
        ("small.example", "Set smtp.host"),
        ("nomail.example", "The domain nomail.example has no mail server"),
        ("nothing.example", "The domain nothing.example has no mail server"),
        ("mistyped.example", "There is no domain mistyped.example: check the address"),
        ("med.school.example", "until the end of December 2026"),
        ("gmial.com", "Did you mean gmail.com?"),
    ],
)
def test_what_the_name_servers_say_is_told(name_server, domain, said):
    assert said in " ".join(about_address(f"robin@{domain}").lines)


def test_without_an_answer_it_goes_on_and_names_both_usual_providers(monkeypatch):
    monkeypatch.setattr(mx, "PATIENCE", 0.2)
    with a_name_server(answers=False) as port:
        asking(monkeypatch, port)
        about = about_address("robin@med.school.example")
    assert about.provider == ""
    said = " ".join(about.lines)
    assert "could not be asked" in said
    assert "microsoft365" in said
    assert "workspace" in said


@pytest.mark.parametrize("error", [OSError("no network"), dns.resolver.NoResolverConfiguration()])
def test_a_computer_without_name_servers_is_one_that_could_not_ask(monkeypatch, error):
    def broken():
        raise error

    monkeypatch.setattr(mx, "make_resolver", broken)
    assert find_exchangers("school.example") == Exchangers(Answer.NOT_ASKED)


def test_a_known_domain_asks_nobody(monkeypatch):
    monkeypatch.setattr(mx, "make_resolver", lambda: pytest.fail("it asked"))
    for provider in PROVIDERS:
        for domain in provider.domains:
            assert about_address(f"robin@{domain.upper()}").provider == provider.key


def test_whoever_may_be_refused_is_told_of_the_way_by_hand():
    told = {p.key for p in PROVIDERS if BY_HAND in about_for(p)}
    assert told == {"workspace", "outlook", "microsoft365", ""}


def about_for(provider):
    from planner.cli.hints.providers import _known

    return _known("robin@x.example", provider, "").lines


def test_every_preset_has_its_truth_and_the_deadline_is_the_one_that_is_told():
    assert {p.key for p in PROVIDERS if p.key} == set(PRESETS)
    (microsoft,) = [p for p in PROVIDERS if p.key == "microsoft365"]
    assert f"the end of {MICROSOFT_PASSWORDS_UNTIL:%B %Y}" in microsoft.allows
