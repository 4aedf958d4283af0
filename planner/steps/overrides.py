"""A person may let a finding stand: one finding, with one sentence, in one letter.

A finding is named by the number under which the letter was shown with it.  What is kept is
the finding itself, so that another of the same code, or the same words in another place,
is open again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from planner.errors import ConfigError, PersonNeededError
from planner.rules.letters import Letter
from planner.rules.lint import OVERRIDABLE, Severity

Finding = Mapping[str, str]
Identity = tuple[str, str, str]


class Override(NamedTuple):
    """A finding by its number (or by its code, where only one is open), and why it may stand."""

    finding: str
    because: str


def make_identity(finding: Finding) -> Identity:
    """Return what identifies a finding: its code, its words, and their place."""
    return finding["code"], finding["text"], finding["place"]


def digest_of(found: Iterable[Finding]) -> str:
    """Return what tells a list of findings, with its numbers, from any other."""
    listed = json.dumps([make_identity(finding) for finding in found])
    return hashlib.sha256(listed.encode()).hexdigest()


def may_all_stand(errors: Iterable[Finding]) -> bool:
    """Whether a person may let each of these errors stand."""
    return all(finding["code"] in OVERRIDABLE for finding in errors)


def open_errors(found: Sequence[Finding], overridden: Iterable[Finding]) -> dict[int, Finding]:
    """Return the errors that no override covers, by number."""
    said = {make_identity(finding) for finding in overridden}
    return {
        number: finding
        for number, finding in enumerate(found, 1)
        if finding["severity"] == Severity.ERROR and make_identity(finding) not in said
    }


def choose_overrides(letter: Letter, overrides: Sequence[Override]) -> list[dict[str, str]]:
    """Return the findings that a person lets stand, each with the reason, as they are stored.

    Raises ConfigError for a number or code that names no open error of the letter, or not
    one alone, and for no reason; PersonNeededError for a finding that cannot be overridden.
    """
    found: dict[Identity, dict[str, str]] = {}
    for override in overrides:
        because = " ".join(override.because.split())
        if not because:
            raise ConfigError(
                f"Letter {letter.id}, finding {override.finding}: say why it may stand.",
                hint="One sentence is enough. It is kept with the letter.",
            )
        finding = _named(letter, override.finding.strip().removeprefix("#"))
        key = make_identity(finding)
        if key in found:
            raise ConfigError(
                f"Finding {override.finding} of letter {letter.id} is named twice.",
                code="named_twice",
                letter=letter.id,
            )
        code, text, place = key
        found[key] = {"code": code, "text": text, "place": place, "because": because}
    return list(found.values())


def _named(letter: Letter, name: str) -> Finding:
    """The error that a number or a code means."""
    if not name.isdecimal():
        return _by_code(letter, name)
    if not 1 <= int(name) <= len(letter.findings):
        raise _unknown(letter, f"Letter {letter.id} has no finding {name}.")
    finding = letter.findings[int(name) - 1]
    if finding["severity"] != Severity.ERROR:
        text = f"Finding {name} of letter {letter.id} ({finding['code']}) is a warning."
        raise ConfigError(text, code="warning", letter=letter.id)
    _refuse_firm(finding["code"])
    return finding


def _by_code(letter: Letter, code: str) -> Finding:
    _refuse_firm(code)
    errors = open_errors(letter.findings, letter.overrides)
    found = {n: finding for n, finding in errors.items() if finding["code"] == code}
    if not found:
        raise _unknown(letter, f"Letter {letter.id} has no open finding {code}.")
    if len(found) > 1:
        listed = ", ".join(f"{n} “{finding['text']}”" for n, finding in found.items())
        raise ConfigError(
            f"Letter {letter.id} has {len(found)} findings {code}: {listed}.",
            code="ambiguous_finding",
            letter=letter.id,
            number=min(found),
        )
    (finding,) = found.values()
    return finding


def _unknown(letter: Letter, message: str) -> ConfigError:
    return ConfigError(message, code="unknown_finding", letter=letter.id)


def _refuse_firm(code: str) -> None:
    if code not in OVERRIDABLE:
        raise PersonNeededError(
            f"{code} cannot be overridden.",
            hint=f"These can: {', '.join(sorted(OVERRIDABLE))}. The others must be fixed.",
            code="not_overridable",
        )


def told(finding: Mapping[str, str]) -> str:
    """Return the text of an override for the letter's event."""
    code, text, place = make_identity(finding)
    return f"override {code}: {finding['because']} (“{text}”, {place})"
