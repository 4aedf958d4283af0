"""Makes the parts of `Settings` from parsed values, and reports values that contradict."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from planner.mail.account import PRESETS, Account, Auth, Preset, Security, Timeouts
from planner.options.table import SPECIALTY_KEYS
from planner.rules import calendar, specialties
from planner.rules.facts import (
    AddressChoice,
    Applicant,
    Application,
    Match,
    Service,
    Step1,
    Step2CK,
    Thresholds,
)
from planner.rules.pace import Pace


class Problem(NamedTuple):
    """A mistake in the config: where it is and what was expected."""

    where: str
    text: str


Values = Mapping[str, Mapping[str, Any]]


def assemble(
    values: Values, specialty_tables: Mapping[str, Any], problems: list[Problem]
) -> dict[str, Any]:
    """Return the parts of `Settings` by field; adds contradictions to `problems`."""
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
        "voice": str(values["letters"].get("voice", "")),
        "database_url": values["database"].get("url", "sqlite:///planner.sqlite3"),
        "account": _account(values, problems),
        "pace": _pace(values["smtp"]),
        "password_command": values["smtp"].get("password_command", ()),
    }
    if not problems:
        parts["applicant"] = _applicant(values)
    return parts


def _column_uses(given: Mapping[str, Any]) -> Mapping[str, str]:
    """Return fields by header for every file, from `map` and `ignore`."""
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
    found = specialties.shipped()
    for name, table in parsed.items():
        try:
            found = found.overridden({name: table})
        except ValueError as error:
            problems.append(Problem(f'[specialty."{name}"]', str(error)))
    return found


def _calendars(
    values: Values, season: int, problems: list[Problem]
) -> dict[Match, calendar.MatchCalendar]:
    """Return the season's calendars; one that is neither built in nor given is left out."""
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


# The use of each port (RFC 8314 section 3.3; 25 is for a relay in the own network).
PORTS = {465: Security.TLS, 587: Security.STARTTLS, 25: Security.STARTTLS}
USUAL = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


def _port_and_security(smtp: Mapping[str, Any], preset: Preset | None) -> tuple[int, Security]:
    """Return both as given, or else one from the other, the provider, or STARTTLS on 587."""
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
