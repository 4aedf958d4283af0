"""The checks of `planner doctor`: each line is fine, or names the command that mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from planner.errors import ExitCode, PlannerError
from planner.letters import Templates
from planner.rules.facts import Service
from planner.rules.gates import transcript_gap
from planner.rules.planning import Situation
from planner.rules.score import contradictions
from planner.store import outbox, programs
from planner.store.database import Store


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what was looked at, whether it is fine, what was found, what mends it."""

    name: str
    ok: bool
    text: str
    hint: str = ""
    exit_code: ExitCode = ExitCode.OK


def run(
    situation: Situation,
    *,
    store: Callable[[], Store],
    templates: Callable[[], Templates],
    greeting: Callable[[], str],
) -> Iterator[Check]:
    """Every check, one after another; a failure stops none of the others.

    `greeting` connects to the mail server, logs in once and says what it found.
    """
    yield _check("applicant", lambda: _applicant(situation))
    yield _check("score", lambda: _score(situation))
    opened: list[Store] = []

    def database() -> str:
        opened.append(store())
        with opened[0].reading() as tx:
            letters = sum(outbox.counts(tx).values())
            return f"{opened[0].path}: {programs.count(tx)} programs, {letters} letters"

    yield _check("database", database)
    yield _check("templates", lambda: _templates(templates()))
    if opened:
        try:
            yield from _transcripts(situation, opened[0])
        except PlannerError as error:
            yield _failed("transcripts", error)
    yield _check("mail server", greeting)


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, ok=True, text=look())
    except PlannerError as error:
        return _failed(name, error)


def _failed(name: str, error: PlannerError) -> Check:
    return Check(name, ok=False, text=error.message, hint=error.hint, exit_code=error.exit_code)


def _applicant(situation: Situation) -> str:
    """The example that `planner init` writes is nobody."""
    who = situation.applicant
    if who.aamc_id == "12345678" or who.email.endswith("@mail.example"):
        raise PlannerError(
            f"{who.name}, AAMC ID {who.aamc_id}, {who.email}: that is the example.",
            hint="Write your own name, AAMC ID and address under [applicant].",
        )
    return f"{who.name}, AAMC ID {who.aamc_id}, {who.email}"


def _score(situation: Situation) -> str:
    step2 = situation.applicant.step2
    found = contradictions(situation.applicant)
    if found:
        raise PlannerError(" ".join(found), hint="Mend it in config.toml.")
    if step2.pending:
        return f"pending, expected on {step2.expected_on or '(no date given)'}"
    return f"Step 2 CK {step2.score}, released on {step2.released_on or '(no date given)'}"


def _templates(templates: Templates) -> str:
    templates.check()
    return f"eight letters from {', then '.join(str(f) for f in templates.folders)}"


def _transcripts(situation: Situation, store: Store) -> Iterator[Check]:
    """One line for each application service that programs of the list use."""
    with store.reading() as tx:
        used = {situation.service_of(p) for p in programs.every(tx)}
    if situation.applicant.step2.pending:
        return
    for service in Service:
        if service not in used:
            continue
        gap = transcript_gap(situation, service)
        sent = situation.applicant.transcript.get(service)
        yield Check(
            f"transcript.{service}",
            ok=not gap,
            text=gap or f"re-sent on {sent}",
            hint=f"Re-send it there, then write {service} = DATE under [transcript]."
            if gap
            else "",
            exit_code=ExitCode.PERSON_NEEDED if gap else ExitCode.OK,
        )
