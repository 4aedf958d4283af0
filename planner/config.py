"""Reads config.toml into frozen `Settings`, and reports every mistake in it at once."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from planner import system
from planner.errors import ConfigError
from planner.mail.account import Account
from planner.options.assemble import Problem, assemble
from planner.options.table import OPTIONS, SECRETS
from planner.rules.calendar import MatchCalendar
from planner.rules.facts import AddressChoice, Applicant, Match, Thresholds
from planner.rules.near import did_you_mean, nearest
from planner.rules.pace import Pace
from planner.rules.specialties import Specialties

FILE_NAME = "config.toml"
ENVIRONMENT = "PLANNER_CONFIG"


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole checked configuration; it holds no secret.

    `written` is the file that it was read from.
    """

    path: Path
    written: bytes = field(repr=False, compare=False)
    applicant: Applicant
    specialties: Specialties
    thresholds: Thresholds
    season: int
    calendars: Mapping[Match, MatchCalendar]
    interviews_finished_on: date | None
    templates: Path | None
    address: AddressChoice
    voice: str
    database_url: str
    account: Account
    pace: Pace
    password_command: tuple[str, ...] = field(default=(), repr=False)
    columns: Mapping[str, str] = field(default_factory=dict)  # fields by header, for any list

    @property
    def folder(self) -> Path:
        """The folder of the config file; relative paths start here."""
        return self.path.parent


def find_config(given: str | None, *, environment: Mapping[str, str] | None = None) -> Path:
    """Find the config: `--config`, $PLANNER_CONFIG, ./config.toml, or in the user's folder.

    Links are followed: the database is beside the file itself, however one comes to it.
    Raises ConfigError if the file that is named, or every one of the others, is missing.
    """
    env = os.environ if environment is None else environment
    named = given or env.get(ENVIRONMENT)
    if named:
        path = Path(named).expanduser()
        if path.is_dir():
            path = path / FILE_NAME
        if not path.exists():
            source = "--config" if given else f"${ENVIRONMENT}"
            meant = did_you_mean([system.quoted(str(near)) for near in _near_misses(path)])
            parent = path.parent if path.suffix == ".toml" else path
            hint = f"Write one with: planner init {system.quoted(str(parent))}   (it is called {FILE_NAME})"
            raise ConfigError(
                f"There is no config file at {path} (named by {source}).{meant}",
                hint="" if meant else hint,
                code="no_config",
            )
        return path.resolve()
    here = Path.cwd() / FILE_NAME
    if here.exists():
        return here.resolve()
    import platformdirs

    home = Path(platformdirs.user_config_dir("planner", appauthor=False)) / FILE_NAME
    if home.exists():
        return home.resolve()
    raise ConfigError(
        f"There is no config file: neither {here} nor {home}.",
        hint=_below(Path.cwd())
        or "Write one with: planner init   (or look around first with: planner demo)",
        code="no_config",
    )


NEAR = 5  # folders that a hint names


def _below(folder: Path) -> str:
    """Return a hint that names the folders here that have a config, the demo's last; or ""."""
    found = sorted((_is_demo(path), path.parent.name) for path in folder.glob(f"*/{FILE_NAME}"))
    if not found:
        return ""
    names = [f"{system.quoted(name)}{' (the demo)' * demo}" for demo, name in found]
    first = system.quoted(found[0][1])
    ways = f"cd {first}, or planner --config {first} COMMAND"
    if len(names) == 1:
        return f"One is in {names[0]}: {ways}"
    more = [f"{len(names) - NEAR} more"] if len(names) > NEAR else []
    *others, last = names[:NEAR] + more
    return f"There is one in {', '.join(others)} and {last}. To use the first: {ways}"


def _is_demo(path: Path) -> bool:
    """Whether a config is the one that the demo wrote: its first line says so."""
    try:
        with path.open("rb") as config:
            return b"planner demo" in config.readline(200)
    except OSError:
        return False


def _near_misses(path: Path) -> list[Path]:
    """Return the config that a path that is not there probably meant: by its name, or beside it."""
    missing = next((part for part in (path, *path.parents) if part.parent.exists()), path)
    folder = missing.parent
    try:
        beside = {entry.name: entry for entry in folder.iterdir()}
    except OSError:
        return []
    known = {name: _config_at(entry) for name, entry in beside.items()}
    there = {name: found for name, found in known.items() if found is not None}
    names = nearest(missing.name, there) or ([FILE_NAME] if FILE_NAME in there else [])
    return [there[name] for name in names]


def _config_at(path: Path) -> Path | None:
    """Return the config that a path leads to, as a file or in its folder; None without one."""
    if path.suffix == ".toml" and path.is_file():
        return path
    inside = path / FILE_NAME
    return inside if inside.is_file() else None


def load_settings(path: Path) -> Settings:
    """Read and check a config file.

    Raises ConfigError, which names every mistake with its section and key.
    """
    return _settings_of(path, _read(path))


async def reread(settings: Settings) -> Settings:
    """Read the config file again; returns the same object if the file is unchanged.

    Raises ConfigError like `load_settings`.
    """
    if _read_if_there(settings.path) == settings.written:
        return settings
    content = await _settled(settings.path)
    return settings if content == settings.written else _settings_of(settings.path, content)


SETTLED = 0.2  # seconds without a change after which an editor has finished writing
LOOKS = 25  # at a file that is being written, or is missing while it is replaced


async def _settled(path: Path) -> bytes:
    """Read a file once its editor has finished writing it.  Raises ConfigError."""
    import asyncio  # slow to load, and most commands do not need it

    before = _read_if_there(path)
    for _ in range(LOOKS):
        await asyncio.sleep(SETTLED)
        now = _read_if_there(path)
        if now is not None and now == before:
            return now
        before = now
    return _read(path)


def _read_if_there(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"Cannot read {path}: {error.strerror}.", hint="Check its permissions."
        ) from error


def _settings_of(path: Path, content: bytes) -> Settings:
    try:
        written = re.sub(r"\r\n?", "\n", content.decode("utf-8-sig"))
        document = tomllib.loads(written)
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{path} is not UTF-8 text ({error.reason} at byte {error.start}).",
            hint="Save it as UTF-8 in your editor.",
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(path, written, error) from error
    problems: list[Problem] = []
    values = _checked(document, problems)
    if not problems:
        parts = assemble(values, document.get("specialty", {}), problems)
    if problems:
        raise _refusal(path, problems)
    return _rooted(Settings(path=path, written=content, **parts))


# What word processors make of quotation marks.
CURLY = re.compile("[\u2018-\u201f\u00ab\u00bb]")


def _no_toml(path: Path, written: str, error: tomllib.TOMLDecodeError) -> ConfigError:
    """Make the error; it quotes the line only if that is a date, as others may hold a secret."""
    text = f"{path} is not valid TOML: {error}."
    place = re.search(r"at line (\d+)", str(error))
    lines = written.splitlines()
    line = lines[int(place[1]) - 1] if place and int(place[1]) <= len(lines) else ""
    if date := re.match(r"\s*(\w+\s*=\s*\d+[-/.]\d+[-/.]\d+)", line):
        hint = "Write a real date as year-month-day: 2026-10-20."
        return ConfigError(f"{text} That line is: {date[1]}", hint=hint)
    if curly := CURLY.search(line):
        text = f"{path}: line {place[1] if place else '?'} has a curly quote ({curly[0]})."
        return ConfigError(text, hint='Type straight ones: " before and after the text.')
    if "twice" in str(error) or "overwrite" in str(error):
        return ConfigError(text, hint="Each section and each key stands once: put them together.")
    return ConfigError(text, hint='Text needs quotes: name = "Jane Roe". Dates do not: 2026-10-20.')


def _rooted(settings: Settings) -> Settings:
    """Make the paths in the config relative to its own folder."""
    templates, ca_file = settings.templates, settings.account.ca_file
    account = settings.account
    if ca_file:
        account = account._replace(ca_file=str(settings.folder / Path(ca_file).expanduser()))
    rooted = settings.folder / templates if templates else None
    return replace(settings, templates=rooted, account=account)


def _checked(document: Mapping[str, Any], problems: list[Problem]) -> dict[str, dict[str, Any]]:
    """Return every section with its parsed values; adds mistakes to `problems`."""
    values: dict[str, dict[str, Any]] = {section: {} for section in OPTIONS}
    for section, table in _sections(document):
        if section == "specialty" and isinstance(table, Mapping):
            continue
        known = OPTIONS.get(section)
        if known is None or not isinstance(table, Mapping):
            problems.append(_unknown_section(section, table))
            continue
        for key, raw in table.items():
            if isinstance(raw, Mapping) and f"{section}.{key}" in OPTIONS:
                continue
            option = known.get(key)
            if option is None:
                problems.append(_unknown_key(section, key))
                continue
            try:
                values[section][key] = option.parse(raw)
            except (TypeError, ValueError) as error:
                problems.append(Problem(f"[{section}] {key}", f"found {_shown(raw)}; {error}"))
    return values


def _sections(document: Mapping[str, Any]) -> list[tuple[str, Any]]:
    found = []
    for name, table in document.items():
        found.append((name, table))
        if isinstance(table, Mapping) and name != "specialty":
            found.extend(
                (f"{name}.{key}", inner)
                for key, inner in table.items()
                if isinstance(inner, Mapping) and f"{name}.{key}" in OPTIONS
            )
    return found


def _shown(raw: object) -> str:
    if isinstance(raw, Mapping | list):
        return "a table" if isinstance(raw, Mapping) else "a list"
    text = repr(raw)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _unknown_section(section: str, table: object) -> Problem:
    if _secret(section):
        return Problem(section, SECRETS_GO)
    if section == "specialty":
        return Problem("[specialty]", 'expected tables such as [specialty."Internal Medicine"]')
    if not isinstance(table, Mapping):
        owners = [name for name, keys in OPTIONS.items() if section in keys]
        where = f"it belongs under [{owners[0]}]" if owners else "every key belongs in a section"
        return Problem(section, where)
    near = nearest(section, OPTIONS)
    hint = f"; did you mean [{near[0]}]?" if near else f"; known: {', '.join(OPTIONS)}"
    return Problem(f"[{section}]", f"unknown section{hint}")


SECRETS_GO = (
    "no secret is ever written here; store it with: planner login (keyring),"
    " or use smtp.password_command, or $PLANNER_SMTP_PASSWORD"
)


def _secret(key: str) -> bool:
    """Whether a key looks like one for a secret."""
    return any(word in key.casefold().replace("-", "_") for word in SECRETS)


def _unknown_key(section: str, key: str) -> Problem:
    if _secret(key):
        return Problem(f"[{section}] {key}", SECRETS_GO)
    near = nearest(key, OPTIONS[section])
    hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(OPTIONS[section])}"
    return Problem(f"[{section}] {key}", f"unknown key; {hint}")


def _refusal(path: Path, problems: list[Problem]) -> ConfigError:
    lines = "\n".join(f"  {p.where}: {p.text}" for p in problems)
    count = "1 mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
    return ConfigError(
        f"{path} has {count}:\n{lines}",
        hint="Fix these lines. To see every key explained, write a fresh config into another"
        " folder: planner init DIR",
    )
