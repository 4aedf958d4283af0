"""Every key of config.toml: its meaning, parser, default and example.

The example file and the reference in README.md are made from this table (`example.py`).
To add a key: add a row here and use it in `assemble.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from planner.mail.account import PRESETS, Account, Auth, Security, Timeouts
from planner.options import parsers
from planner.options.parsers import Parser, number, one_of
from planner.options.toml import written
from planner.rules import calendar
from planner.rules.facts import (
    AddressChoice,
    AfterInterview,
    AtSubmission,
    Match,
    Service,
    Thresholds,
    Tier,
)
from planner.rules.gates import EXAMPLE_DOMAIN, EXAMPLE_ID, EXAMPLE_NAME
from planner.rules.pace import Pace

# A key with one of these in its name is probably meant for a secret.
SECRETS = ("pass", "pwd", "secret", "token", "api_key", "credential")


@dataclass(frozen=True, slots=True)
class Option:
    """One key; `default` and `example` are in TOML.

    `parse` raises ValueError with a phrase that says what is expected.  If there is no
    example, the default is shown.  The example file sets the keys that are `asked` for, and
    comments out the others; `note` goes on lines of its own above the key.
    """

    parse: Parser
    text: str = ""
    default: str = ""
    example: str = ""
    asked: bool = False
    note: str = ""


def _word(words: type[StrEnum], text: str = "", *, default: str = "", example: str = "") -> Option:
    """Make a key that takes one of several words, which its text lists."""
    listed = ", ".join(f'"{word.value}"' for word in words)
    told = f"{text}: {listed}" if text else listed
    return Option(one_of(words), told, default=default, example=example)


def _rule(key: str, text: str = "") -> Option:
    """Make a key for a threshold of the rules, in points."""
    return Option(number(0, 300), text, default=written(getattr(Thresholds(), key)))


def _date_of(match: Match, key: str, text: str) -> Option:
    """Make a key for a date of a match; its default is the built-in date."""
    return Option(
        parsers.parse_moment,
        text,
        default=written(calendar.SHIPPED[calendar.DEFAULT_SEASON, match][key]),
    )


def _wait(phase: str, text: str) -> Option:
    """Make a key for the timeout of one phase of a delivery."""
    return Option(parsers.parse_seconds, text, default=written(getattr(Timeouts(), phase)))


_DATES = {
    "applications_open": 'phase "preseason" until then, "early" after',
    "late_from": 'phase "late" from then on',
    "pre_rank_from": 'phase "pre_rank" from then on',
    "pending_from": "programs may be told of a pending score that is due from this day to lists_final",
    "lists_final": 'phase "closed" from then on: no letters',
    "results_from": "start of the ban on contact",
    "results_until": "end of the ban on contact",
}
_SERVICES = {
    Service.ERAS: "ERAS",
    Service.RESIDENCYCAS: "ResidencyCAS",
    Service.SFMATCH: "SF Match",
    Service.OTHER: "any other service",
}
_RULES, _PACE, _YES_NO = Thresholds(), Pace(), parsers.parse_flag
_TEXT, _DAY = parsers.parse_text, parsers.parse_day

_FIRST, *_MORE = PRESETS
_OTHERS = ", ".join(written(name) for name in _MORE)

# The text below the header of a section in the example file.
ABOUT = {
    "step2_ck": (
        "Until you have the score, leave out `score`; it then counts as pending. COMLEX-USA scores"
        " are not judged: with both exams, write the Step 2 CK score."
    ),
    "transcript": "When you re-sent the new score through each service. No letter is sent until you have.",
    **{
        f"cycle.{match}": "Dates of the match, US Eastern. What you set replaces the built-in date."
        for match in Match
    },
    "specialty": "Set any field of a specialty; an unknown name adds a specialty.",
    "smtp": "The account that sends. A provider fills in host, port, security and a safe per_day.",
    "smtp.timeouts": "Seconds to wait in each phase of a delivery.",
}

OPTIONS: dict[str, dict[str, Option]] = {
    "applicant": {
        "name": Option(
            parsers.parse_name, "as you sign it", example=written(EXAMPLE_NAME), asked=True
        ),
        "aamc_id": Option(
            parsers.parse_aamc_id, "8 digits", example=written(EXAMPLE_ID), asked=True
        ),
        "email": Option(
            parsers.parse_address,
            "letters come from this address",
            example=written(f"jane.roe@{EXAMPLE_DOMAIN}"),
            asked=True,
        ),
        "phone": Option(_TEXT, "optional; goes below your name", example='"+1 555 010 0199"'),
        "school": Option(
            _TEXT, "optional; goes below your name", example='"Example College of Medicine"'
        ),
        "img": Option(
            _YES_NO,
            "do you need ECFMG certification? then a first pass is news",
            default="false",
        ),
    },
    "step1": {
        "result": Option(
            parsers.parse_step1_result,
            '"pass", "fail", "not_taken", or a score: 228',
            default='"pass"',
            asked=True,
        ),
        "failed_attempts": Option(number(0, 20), "before this result", default="0"),
    },
    "step2_ck": {
        "score": Option(parsers.parse_score, "the new USMLE score", example="255"),
        "test_date": Option(_DAY, "when you took that exam", example="2026-09-08"),
        "released_on": Option(_DAY, "the day you could first see it", example="2026-10-01"),
        "expected_on": Option(_DAY, "when a pending score is due", example="2027-01-13"),
        "expected_range": Option(
            parsers.parse_range, "only if you want letters to mention it", example="[245, 255]"
        ),
        "failed_attempts": Option(number(0, 20), "before this result", default="0"),
        "at_submission": Option(
            one_of(AtSubmission),
            'what your application said: "planned", "not_reported", "reported"',
            default='"not_reported"',
            asked=True,
        ),
    },
    "application": {
        "otherwise_strong": Option(
            _YES_NO, "is your application strong without this score?", default="false"
        ),
        "borderline": Option(
            _YES_NO, "is your application borderline for interviews?", default="false"
        ),
        "failure_on_application": Option(
            _YES_NO, "does it show an earlier failure?", default="true"
        ),
        "failure_explained": Option(_YES_NO, "did you explain it there?", default="false"),
        "drop_context": Option(
            _TEXT,
            "one sentence about a drop from Step 1",
            example='"I took the exam in the week of a death in my family."',
        ),
    },
    "transcript": {
        service.value: Option(_DAY, f"through {where}", example="2026-10-02")
        for service, where in _SERVICES.items()
    },
    "cycle": {
        "season": Option(
            number(2000, 2100), "the year of the Match", default=written(calendar.DEFAULT_SEASON)
        ),
        "interviews_finished_on": Option(
            _DAY, 'from this day on, "late" counts as "pre_rank"', example="2027-01-20"
        ),
    },
    **{
        f"cycle.{match}": {key: _date_of(match, key, text) for key, text in _DATES.items()}
        for match in Match
    },
    "rules": {
        "bar_competitive": _rule("bar_competitive", "Step 2 CK bar for competitive specialties"),
        "bar_moderate": _rule("bar_moderate", "for moderate ones"),
        "bar_standard": _rule("bar_standard", "for all others"),
        "weak_step1_below_bar": _rule("weak_step1_below_bar", "Step 1 below bar - 10 is weak"),
        "usual_floor_below_bar": _rule(
            "usual_floor_below_bar", "the usual range starts at bar - 15"
        ),
        "far_below_floor": _rule("far_below_floor", "points below that range"),
        "major_drop": _rule("major_drop", "points below Step 1"),
        "drop": _rule("drop", "points below Step 1"),
        "same": _rule("same", "a smaller gain counts as the same score"),
        "gain": _rule("gain", "points that count as a clear gain"),
        "small_list": Option(
            number(0, 100_000),
            "everyone on a list up to this size may be told early",
            default=written(_RULES.small_list),
        ),
        "mass_limit": Option(
            number(0, 100_000),
            "more unrequested letters than this are mass mail",
            default=written(_RULES.mass_limit),
        ),
        "max_words": Option(
            number(20, 1000), "limit for a letter's text", default=written(_RULES.max_words)
        ),
        "passing_standard": Option(
            parsers.parse_standards,
            "by test date",
            default=written({s.from_date.isoformat(): s.score for s in _RULES.passing_standard}),
        ),
    },
    "specialty": {},
    "import": {
        "map": Option(
            parsers.parse_columns,
            "what your columns mean, in every list; as with --map",
            example='{ "IV status" = "status" }',
        ),
        "ignore": Option(
            parsers.parse_texts, "columns to leave out; as with --ignore", example='["My notes"]'
        ),
    },
    "letters": {
        "templates": Option(
            _TEXT, "folder with your LETTER/subject.txt and body.txt", example='"my-letters"'
        ),
        "address": _word(AddressChoice, "who gets letters", default=written(AddressChoice.BOTH)),
        "voice": Option(
            number(1, 4),
            "which wording of each letter is yours, 1 to 4; your AAMC ID picks one otherwise",
            example="2",
        ),
    },
    "database": {
        "url": Option(_TEXT, "relative to this file", default='"sqlite:///planner.sqlite3"'),
    },
    "smtp": {
        "provider": Option(parsers.parse_provider, f"or {_OTHERS}", example=written(_FIRST)),
        "host": Option(_TEXT, "for any other server", example='"smtp.mail.example"'),
        "port": Option(
            number(1, 65_535),
            "465 means tls, 587 and 25 starttls, unless security is set",
            default="587",
        ),
        "security": Option(
            one_of(Security),
            '"starttls", "tls", "none" (this machine only)',
            default=written(Security.STARTTLS),
        ),
        "username": Option(
            _TEXT, "if it is not applicant.email", example='"jane.roe@mail.example"'
        ),
        "auth": replace(
            _word(Auth, default=written(Auth.PASSWORD)),
            note='"password" uses "plain" or "login", whichever the server offers; name one to force'
            ' it. "xoauth2" and "oauthbearer" use an access token that password_command prints.'
            ' "none" skips the login.',
        ),
        "password_command": Option(
            parsers.parse_command,
            "prints the secret on its first line; limits: a minute, 64 KiB",
            example='"pass show mail/jane"',
        ),
        "ca_file": Option(
            _TEXT, "trusts a server's own certificate or its authority's", example='"ca.pem"'
        ),
        "client_name": Option(
            parsers.parse_client_name,
            "name for greeting a server that rejects [127.0.0.1]",
            example='"laptop.mail.example"',
        ),
        "connections": Option(
            number(1, 32),
            "sessions at the same time, if per_minute = 0",
            default=written(Account("", 0).connections),
        ),
        "per_minute": Option(number(0, 10_000), "0: no limit", default=written(_PACE.per_minute)),
        "per_day": Option(number(0, 1_000_000), "0: no limit", default=written(_PACE.per_day)),
        "window": Option(parsers.parse_window, 'or "always"', default='"08:00-17:00"'),
        "window_days": Option(
            parsers.parse_days,
            'or "mon-fri"',
            default='["mon", "tue", "wed", "thu", "fri"]',
        ),
        "timezone": Option(parsers.parse_zone, "for the window", default=written(_PACE.timezone)),
    },
    "smtp.timeouts": {
        "connect": _wait("connect", "for the connection, and for TLS"),
        "command": _wait("command", "for the greeting and each command"),
        "data": _wait("data", "for permission to start a letter"),
        "block": _wait("block", "for each part of a letter"),
        "dot": _wait("dot", "for the answer after its last line"),
    },
}

SPECIALTY = "Internal Medicine"  # the example of a [specialty."..."]
SPECIALTY_KEYS = {
    "tier": _word(Tier, example='"standard"'),
    "application_service": _word(Service, example='"eras"'),
    "match": _word(Match, example='"nrmp"'),
    "letter_name": Option(_TEXT, "the name used in letters", example='"internal medicine"'),
    "aliases": Option(parsers.parse_texts, "other names in lists", example='["IM"]'),
    "signals": Option(
        number(0, 100),
        "how many you have, if all are of one kind; 0: gold and silver, or unknown",
        example="0",
    ),
    "after_interview": _word(
        AfterInterview, "who may be written to after an interview", example='"open"'
    ),
    "opens": Option(_DAY, "instead of applications_open of its match", example="2026-09-30"),
    "late_from": Option(_DAY, "instead of late_from of its match", example="2026-11-15"),
    "preliminary_name": Option(
        _TEXT, "the name of its preliminary year", example='"preliminary medicine"'
    ),
}
