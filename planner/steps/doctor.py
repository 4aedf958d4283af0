"""Checks everything that sending needs: each line is fine or says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from planner.errors import ExitCode, PlannerError
from planner.letters import Templates
from planner.mail.account import Account, Auth
from planner.mail.handshake import Facts
from planner.mail.providers import find_gap, find_provider
from planner.rules.facts import LetterKind, Service
from planner.rules.gates import example_gap, transcript_gap
from planner.rules.pace import Pace, in_window
from planner.rules.resending import RESEND
from planner.rules.score import contradictions, release_doubt
from planner.rules.situation import Situation
from planner.steps.audit import audit_all
from planner.steps.workspace import Workspace
from planner.store import counts, programs
from planner.store.database import Store


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what was checked, whether it is fine, what was found, and an error code."""

    name: str
    ok: bool
    text: str
    hint: str = ""  # advice that names no command
    exit_code: ExitCode = ExitCode.OK
    code: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


MAIL_SERVER = "mail server"


class Greeting(NamedTuple):
    """What the mail server offers, and why it refuses letters from `address` (None: it does not)."""

    facts: Facts
    address: str
    refusal: PlannerError | None


def examine(
    ws: Workspace, *, account: Account, pace: Pace, greeting: Callable[[], Greeting] | None
) -> Iterator[Check]:
    """Run every check; a failure does not stop the others.

    `greeting` connects to the mail server, logs in once, asks whether it takes letters, and
    says what it found; without it there is no line about the server.
    """
    situation = ws.situation()
    yield _check("applicant", lambda: _applicant(situation))
    yield _check("score", lambda: _score(situation))
    opened: list[Store] = []

    def database() -> str:
        opened.append(ws.store)
        with opened[0].read() as tx:
            letters = sum(counts.count_letters(tx).values())
            return f"{opened[0].name}; programs: {counts.count_programs(tx)}, letters: {letters}"

    yield _check("database", database)
    yield _check("templates", lambda: _templates(ws.templates))
    if opened:
        try:
            yield from _transcripts(situation, opened[0])
        except PlannerError as error:
            yield _failed("transcripts", error)
        yield from _outbox(ws)
    yield _check("clock", lambda: _clock(situation.now, pace))
    yield from _provider(account)
    if greeting is not None:
        yield from _mail_server(account, greeting)


def _provider(account: Account) -> Iterator[Check]:
    """One line for a well-known provider: what it lets a program do, or that this login cannot work."""
    provider = find_provider(account)
    if gap := find_gap(account):
        code = ExitCode.PERSON_NEEDED
        yield Check("provider", ok=False, text=f"{gap}.", exit_code=code, code="token_wanted")
    elif provider is not None and account.auth.by_password:
        yield Check("provider", ok=True, text=f"{provider.name}. {provider.allows}")


def _outbox(ws: Workspace) -> Iterator[Check]:
    """One line for all invariants that hold, one for each that does not."""
    found = list(audit_all(ws))
    broken = [finding for finding in found if not finding.ok]
    if not broken:
        yield Check(
            "outbox", ok=True, text=f"{len(found)} checks of the stored letters found nothing wrong"
        )
    for finding in broken:
        text = f"{finding.wrong[0]}" + (" ..." if len(finding.wrong) > 1 else "")
        yield Check(
            f"outbox: {finding.name}",
            ok=False,
            text=text,
            exit_code=ExitCode.FAILED,
            code="invariant",
        )


def _clock(now: datetime, pace: Pace) -> str:
    opens = in_window(pace, now)
    zone = ZoneInfo(pace.timezone)
    here = f"{now.astimezone(zone):%a %Y-%m-%d %H:%M} in {pace.timezone}"
    when = "now" if opens <= now else f"on {opens.astimezone(zone):%a %Y-%m-%d from %H:%M}"
    return f"{here}; letters can be sent {when}"


def _mail_server(account: Account, greeting: Callable[[], Greeting]) -> Iterator[Check]:
    """The line, its certificate, the login, and whether the applicant may send there."""
    try:
        facts, address, refusal = greeting()
    except PlannerError as error:
        yield _failed(MAIL_SERVER, error)
        return
    line = facts.tls_version or "no TLS (loopback)"
    size = f", accepts up to {facts.size_limit} bytes" if facts.size_limit else ""
    yield Check(MAIL_SERVER, ok=True, text=f"{account.host}:{account.port}: {line}{size}")
    if facts.certificate_until is not None:
        text = f"trusted, valid until {facts.certificate_until:%Y-%m-%d}"
        yield Check("certificate", ok=True, text=text)
    offered = ", ".join(facts.auth_methods) or "none"
    done = f"logged in as {account.username} ({account.auth})"
    text = "no login is needed" if account.auth is Auth.NONE else done
    yield Check("login", ok=True, text=f"{text}; the server offers: {offered}")
    if refusal is not None:
        yield _failed("sender", refusal)
    else:
        text = f"the server accepts letters from {address}; nothing was sent"
        yield Check("sender", ok=True, text=text)


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, ok=True, text=look())
    except PlannerError as error:
        return _failed(name, error)


def _failed(name: str, error: PlannerError) -> Check:
    said = (error.message, error.hint, error.exit_code, error.code, error.facts)
    return Check(name, False, *said)


def _applicant(situation: Situation) -> str:
    """Refuse to send in the name of the example applicant of a new config."""
    who = situation.applicant
    if gap := example_gap(who):
        raise PlannerError(
            f"{who.name}, AAMC ID {who.aamc_id}, {who.email}: {gap}.",
            hint="Write your own name, AAMC ID and address under [applicant].",
        )
    return f"{who.name}, AAMC ID {who.aamc_id}, {who.email}"


def _score(situation: Situation) -> str:
    step2 = situation.applicant.step2
    found = contradictions(situation.applicant)
    doubt = release_doubt(step2.released_on, situation.today)
    if doubt and not step2.pending:
        found.append(f"{doubt}: write the day on which you could first see the score.")
    if found:
        raise PlannerError(" ".join(found), hint="Fix it in config.toml.")
    if step2.pending:
        expected = f"expected on {step2.expected_on}" if step2.expected_on else "no date given"
        return f"pending, {expected} (step2_ck.expected_on)"
    released = f"released on {step2.released_on}" if step2.released_on else "no release date given"
    return f"Step 2 CK {step2.score}, {released}"


def _templates(templates: Templates) -> str:
    templates.check()
    return f"{len(LetterKind)} letters from {', then '.join(str(f) for f in templates.folders)}"


def _transcripts(situation: Situation, store: Store) -> Iterator[Check]:
    """One line for each application service that programs of the list use."""
    with store.read() as tx:
        used = {situation.service_of(p) for p in programs.list_programs(tx)}
    if situation.applicant.step2.pending:
        return
    for service in Service:
        if service not in used:
            continue
        gap = transcript_gap(situation, service)
        doubt = release_doubt(situation.applicant.step2.released_on, situation.today)
        sent = situation.applicant.transcript.get(service)
        yield Check(
            f"transcript.{service}",
            ok=not gap,
            text=gap or f"re-sent on {sent}",
            hint=_resend(service) if gap and not doubt else "",
            exit_code=ExitCode.PERSON_NEEDED if gap else ExitCode.OK,
        )


def _resend(service: Service) -> str:
    return f"Re-send it ({RESEND[service]}), then write {service} = DATE under [transcript]."
