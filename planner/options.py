"""The keys of config.toml: one table of sections and keys, each with its parser.

To add a key: add it to `OPTIONS`, use it in `assemble`, document it in
config.example.toml (a test compares the two).
"""

from __future__ import annotations

import ipaddress
import re
import shlex
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from planner.mail.account import PRESETS, Account, Auth, Preset, Security, Timeouts
from planner.rules import calendar, controls, specialties
from planner.rules.addresses import normalized
from planner.rules.facts import (
    AddressChoice,
    Applicant,
    Application,
    AtSubmission,
    Match,
    PassingStandard,
    Service,
    Step1,
    Step1Word,
    Step2CK,
    Thresholds,
    Tier,
)
from planner.rules.pace import Pace


class Problem(NamedTuple):
    """A mistake in the config: where it is and what was expected."""

    where: str
    text: str


class Option(NamedTuple):
    """One key: its parser raises ValueError with a sentence that says what is expected."""

    parse: Callable[[Any], Any]


# A key with one of these in its name would hold a secret.
SECRETS = ("pass", "pwd", "secret", "token", "api_key", "credential")


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise ValueError('expected text in quotes, such as "..."')
    if controls.IN_LINE.search(raw):
        raise ValueError("expected one line without control characters")
    return raw.strip()


def _texts(raw: Any) -> list[str]:
    if not isinstance(raw, list):
        raise ValueError('expected a list such as ["IM"]')
    return [_text(item) for item in raw]


def _number(least: int, most: int) -> Option:
    def parse(raw: Any) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int) or not least <= raw <= most:
            raise ValueError(f"expected a whole number from {least} to {most}, without quotes")
        return raw

    return Option(parse)


def _seconds(raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 < raw <= 86_400:
        raise ValueError("expected seconds, more than 0")
    return float(raw)


def _flag(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise ValueError("expected true or false, without quotes")
    return raw


def _day(raw: Any) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, str):
        try:
            return date.fromisoformat(raw.strip())
        except ValueError:
            pass
    raise ValueError("expected a date such as 2026-10-20")


def _moment(raw: Any) -> date | datetime:
    """A date, or a date with a time (Eastern where it names no zone)."""
    if isinstance(raw, date):
        return raw
    if isinstance(raw, str):
        for read in (date.fromisoformat, datetime.fromisoformat):
            try:
                return read(raw.strip())
            except ValueError:
                continue
    raise ValueError("expected a date such as 2027-03-03, or with a time: 2027-03-03T21:00:00")


def _one_of(words: type[StrEnum]) -> Option:
    def parse(raw: Any) -> StrEnum:
        try:
            return words(raw)
        except ValueError:
            listed = ", ".join(f'"{w.value}"' for w in words)
            raise ValueError(f"expected one of {listed}") from None

    return Option(parse)


def _aamc_id(raw: Any) -> str:
    text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else _text(raw)
    if not re.fullmatch(r"\d{8}", text):
        raise ValueError('expected the 8 digits of your AAMC ID in quotes, such as "12345678"')
    return text


def mail_address(raw: Any) -> str:
    """A mail address, by its syntax.  Raises ValueError."""
    text = _text(raw)
    try:
        return normalized(text)
    except ValueError as error:
        raise ValueError(f"expected a mail address ({error})") from None


def _name(raw: Any) -> str:
    text = _text(raw)
    if not text or controls.IN_HEADER.search(text):
        raise ValueError("expected your name")
    return text


def _step1_result(raw: Any) -> int | Step1Word:
    if isinstance(raw, str) and raw in set(Step1Word):
        return Step1Word(raw)
    if isinstance(raw, int) and not isinstance(raw, bool) and 100 <= raw <= 300:
        return raw
    raise ValueError('expected "pass", "fail", "not_taken", or a three-digit score without quotes')


def _range(raw: Any) -> tuple[int, int]:
    ends = re.findall(r"\d+", raw) if isinstance(raw, str) else raw
    if isinstance(ends, list) and len(ends) == 2:
        try:
            low, high = (int(end) for end in ends)
        except (TypeError, ValueError):
            low, high = 0, 0
        if 1 <= low <= high <= 300:
            return low, high
    raise ValueError("expected a range such as [245, 255]")


def _standards(raw: Any) -> tuple[PassingStandard, ...]:
    if isinstance(raw, int) and not isinstance(raw, bool) and 1 <= raw <= 300:
        return (PassingStandard(date(1900, 1, 1), raw),)
    if isinstance(raw, Mapping) and raw:
        try:
            return tuple(
                PassingStandard(date.fromisoformat(key), _score(score))
                for key, score in sorted(raw.items())
            )
        except (TypeError, ValueError):
            pass
    raise ValueError('expected scores by test date, such as { "2025-07-01" = 218 }')


def _score(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= 300:
        raise ValueError("expected a score from 1 to 300, without quotes")
    return raw


def _provider(raw: Any) -> str:
    if not isinstance(raw, str) or raw not in PRESETS:
        raise ValueError(f"expected one of {', '.join(PRESETS)}; leave it out for another host")
    return str(raw)


def _client_name(raw: Any) -> str:
    text = _text(raw)
    if not re.fullmatch(r"[\x21-\x7e]*", text):
        raise ValueError('expected a host name such as "laptop.mail.example", in ASCII')
    return text


def _window(raw: Any) -> tuple[time, time] | None:
    if raw == "always":
        return None
    match = isinstance(raw, str) and re.fullmatch(r"(\d\d):(\d\d)-(\d\d):(\d\d)", raw)
    if match:
        first, last = match[0].split("-")
        try:
            start, end = time.fromisoformat(first), time.fromisoformat(last)
        except ValueError:
            start = end = time(0)
        if start < end:
            return start, end
    raise ValueError('expected hours such as "08:00-17:00", or "always"')


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _days(raw: Any) -> frozenset[int]:
    words = re.split(r"[\s,]+", raw.strip()) if isinstance(raw, str) else raw
    if isinstance(words, list) and words and all(isinstance(w, str) for w in words):
        found = [_day_range(word.casefold()) for word in words]
        if all(found):
            return frozenset().union(*found)
    raise ValueError('expected days such as ["mon", "tue", "wed"] or "mon-fri"')


def _day_range(word: str) -> frozenset[int]:
    """The days of "mon" or "mon-fri", Monday is 0; none for anything else."""
    ends = [end[:3] for end in word.split("-")]
    if len(ends) > 2 or any(end not in DAYS for end in ends):
        return frozenset()
    first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
    return frozenset((first + n) % 7 for n in range((last - first) % 7 + 1))


def _zone(raw: Any) -> str:
    text = _text(raw)
    try:
        ZoneInfo(text)
    except (OSError, ValueError, KeyError):
        raise ValueError('expected a time zone such as "America/New_York"') from None
    return text


def _command(raw: Any) -> tuple[str, ...]:
    if isinstance(raw, list) and raw and all(isinstance(word, str) for word in raw):
        return tuple(raw)
    if isinstance(raw, str) and raw.strip():
        try:
            return tuple(shlex.split(raw))
        except ValueError:
            pass
    raise ValueError('expected a command such as "pass show mail" or ["pass", "show", "mail"]')


def _columns(raw: Any) -> dict[str, str]:
    """Fields by header, as `[import] map` has them."""
    # Only who names columns here pays for loading the fields.
    from planner.sheets import fields

    if not isinstance(raw, Mapping) or not all(isinstance(name, str) for name in raw.values()):
        raise ValueError('expected fields by header, such as { "IV status" = "status" }')
    if unknown := [name for name in raw.values() if name not in fields.NAMEABLE]:
        raise ValueError(f'"{unknown[0]}" is not a field; planner import --columns lists them')
    return {_text(header): name for header, name in raw.items()}


_TEXT, _DAY, _FLAG, _SECONDS = Option(_text), Option(_day), Option(_flag), Option(_seconds)
_POINTS = _number(0, 300)
_CYCLE = {key: Option(_moment) for key in calendar.KEYS}

OPTIONS: dict[str, dict[str, Option]] = {
    "applicant": {
        "name": Option(_name),
        "aamc_id": Option(_aamc_id),
        "email": Option(mail_address),
        "phone": _TEXT,
    },
    "step1": {"result": Option(_step1_result), "failed_attempts": _number(0, 20)},
    "step2_ck": {
        "score": _number(1, 300),
        "test_date": _DAY,
        "released_on": _DAY,
        "expected_on": _DAY,
        "expected_range": Option(_range),
        "failed_attempts": _number(0, 20),
        "at_submission": _one_of(AtSubmission),
    },
    "application": {
        "otherwise_strong": _FLAG,
        "borderline": _FLAG,
        "failure_on_application": _FLAG,
        "failure_explained": _FLAG,
        "drop_context": _TEXT,
    },
    "transcript": {service.value: _DAY for service in Service},
    "cycle": {"season": _number(2000, 2100), "interviews_finished_on": _DAY},
    **{f"cycle.{match.value}": _CYCLE for match in Match},
    "rules": {
        "bar_competitive": _POINTS,
        "bar_moderate": _POINTS,
        "bar_standard": _POINTS,
        "weak_step1_below_bar": _POINTS,
        "usual_floor_below_bar": _POINTS,
        "far_below_floor": _POINTS,
        "major_drop": _POINTS,
        "drop": _POINTS,
        "same": _POINTS,
        "gain": _POINTS,
        "small_list": _number(0, 100_000),
        "mass_limit": _number(0, 100_000),
        "max_words": _number(20, 1000),
        "passing_standard": Option(_standards),
    },
    "specialty": {},
    "import": {"map": Option(_columns), "ignore": Option(_texts)},
    "letters": {"templates": _TEXT, "address": _one_of(AddressChoice)},
    "database": {"url": _TEXT},
    "smtp": {
        "provider": Option(_provider),
        "host": _TEXT,
        "port": _number(1, 65_535),
        "security": _one_of(Security),
        "username": _TEXT,
        "auth": _one_of(Auth),
        "password_command": Option(_command),
        "ca_file": _TEXT,
        "client_name": Option(_client_name),
        "connections": _number(1, 32),
        "per_minute": _number(0, 10_000),
        "per_day": _number(0, 1_000_000),
        "window": Option(_window),
        "window_days": Option(_days),
        "timezone": Option(_zone),
    },
    "smtp.timeouts": {name: _SECONDS for name in Timeouts._fields},
}

SPECIALTY_KEYS = {
    "tier": _one_of(Tier),
    "application_service": _one_of(Service),
    "match": _one_of(Match),
    "letter_name": _TEXT,
    "aliases": Option(_texts),
    "signals": _number(0, 100),
}

Values = Mapping[str, Mapping[str, Any]]


def assemble(
    values: Values, specialty_tables: Mapping[str, Any], problems: list[Problem]
) -> dict[str, Any]:
    """The parts of `Settings` from parsed values; what does not fit together is a problem."""
    problems.extend(
        Problem(f"[applicant] {key}", "is missing")
        for key in ("name", "aamc_id", "email")
        if key not in values["applicant"]
    )
    season = values["cycle"].get("season", calendar.DEFAULT_SEASON)
    parts = {
        "specialties": _specialties(specialty_tables, problems),
        "thresholds": Thresholds(**values["rules"]),
        "season": season,
        "calendars": _calendars(values, season, problems),
        "interviews_finished_on": values["cycle"].get("interviews_finished_on"),
        "columns": _column_uses(values["import"]),
        "templates": _folder(values["letters"].get("templates", "")),
        "address": values["letters"].get("address", AddressChoice.BOTH),
        "database_url": values["database"].get("url", "sqlite:///planner.sqlite3"),
        "account": _account(values, problems),
        "pace": _pace(values["smtp"]),
        "password_command": values["smtp"].get("password_command", ()),
    }
    if not problems:
        parts["applicant"] = _applicant(values)
    return parts


def _column_uses(given: Mapping[str, Any]) -> Mapping[str, str]:
    """What headers stand for in every file."""
    if not given:
        return {}
    from planner.sheets.columns import IGNORED

    return {**given.get("map", {}), **dict.fromkeys(given.get("ignore", ()), IGNORED)}


def _folder(text: str) -> Path | None:
    return Path(text).expanduser() if text else None


def _applicant(values: Values) -> Applicant:
    return Applicant(
        **values["applicant"],
        step1=Step1(**values["step1"]),
        step2=Step2CK(**values["step2_ck"]),
        application=Application(**values["application"]),
        transcript={Service(key): day for key, day in values["transcript"].items()},
    )


def _specialties(tables: Mapping[str, Any], problems: list[Problem]) -> specialties.Specialties:
    parsed: dict[str, dict[str, Any]] = {}
    for name, table in tables.items():
        where = f'[specialty."{name}"]'
        if not isinstance(table, Mapping):
            problems.append(Problem(where, "expected a table with tier, match and so on"))
            continue
        parsed[name] = {}
        for key, raw in table.items():
            if key not in SPECIALTY_KEYS:
                known = ", ".join(SPECIALTY_KEYS)
                problems.append(Problem(f"{where} {key}", f"unknown key; known here: {known}"))
                continue
            try:
                parsed[name][key] = SPECIALTY_KEYS[key].parse(raw)
            except (TypeError, ValueError) as error:
                problems.append(Problem(f"{where} {key}", str(error)))
    return specialties.shipped().overridden(parsed)


def _calendars(
    values: Values, season: int, problems: list[Problem]
) -> dict[Match, calendar.MatchCalendar]:
    """The calendars of the season; one that is neither shipped nor given is left out."""
    found = {}
    for match in Match:
        section = f"cycle.{match.value}"
        if not values[section] and (season, match) not in calendar.SHIPPED:
            continue
        try:
            found[match] = calendar.build(match, season, values[section])
        except ValueError as error:
            problems.append(Problem(f"[{section}]", str(error)))
    return found


def is_loopback(host: str) -> bool:
    """Whether a host name can only mean this machine."""

    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def _account(values: Values, problems: list[Problem]) -> Account:
    smtp = values["smtp"]
    preset = PRESETS.get(smtp.get("provider", ""))
    host = smtp.get("host") or (preset.host if preset else "")
    port, security = _port_and_security(smtp, preset)
    if security is Security.NONE and host and not is_loopback(host):
        problems.append(
            Problem(
                '[smtp] security = "none"',
                f'is for this machine only (localhost, 127.0.0.1, ::1), and host is "{host}";'
                ' use "starttls" or "tls"',
            )
        )
    return Account(
        host=host,
        port=port,
        security=security,
        username=smtp.get("username") or values["applicant"].get("email", ""),
        auth=smtp.get("auth", Auth.PASSWORD),
        ca_file=smtp.get("ca_file", ""),
        client_name=smtp.get("client_name", ""),
        provider=smtp.get("provider", ""),
        connections=smtp.get("connections", 1),
        timeouts=Timeouts(**values["smtp.timeouts"]),
    )


# What the ports are for (RFC 8314 section 3.3; 25 is a relay of one's own network).
PORTS = {465: Security.TLS, 587: Security.STARTTLS, 25: Security.STARTTLS}
USUAL = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


def _port_and_security(smtp: Mapping[str, Any], preset: Preset | None) -> tuple[int, Security]:
    """Each as it is said; else by the other; else by the provider, or STARTTLS on port 587."""
    port, said = smtp.get("port"), smtp.get("security")
    usual = preset.security if preset else Security.STARTTLS
    security = said or PORTS.get(port or 0, usual)
    if port is None:
        port = preset.port if preset and security is usual else USUAL[security]
    return port, security


def _pace(smtp: Mapping[str, Any]) -> Pace:
    preset = PRESETS.get(smtp.get("provider", ""))
    default = Pace()
    return Pace(
        per_minute=smtp.get("per_minute", default.per_minute),
        per_day=smtp.get("per_day", preset.per_day if preset else default.per_day),
        window=smtp.get("window", default.window),
        days=smtp.get("window_days", default.days),
        timezone=smtp.get("timezone", default.timezone),
    )
