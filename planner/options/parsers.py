"""Parsers of config values: each takes a TOML value and returns what the program uses.

Each raises ValueError with a phrase that says what is expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from planner import system
from planner.mail.account import PRESETS
from planner.rules import controls
from planner.rules.addresses import normalized
from planner.rules.facts import PassingStandard, Step1Word
from planner.rules.near import did_you_mean, nearest

Parser = Callable[[Any], Any]


def parse_text(raw: Any) -> str:
    """Parse one line of text, and strip it."""
    if not isinstance(raw, str):
        raise ValueError('expected text in quotes, such as "..."')
    if controls.IN_LINE.search(raw):
        raise ValueError("expected one line without control characters")
    return raw.strip()


def parse_texts(raw: Any) -> list[str]:
    """Parse a list of texts."""
    if not isinstance(raw, list):
        raise ValueError('expected a list such as ["IM"]')
    return [parse_text(item) for item in raw]


def number(least: int, most: int) -> Parser:
    """Make a parser of whole numbers from `least` to `most`."""

    def parse(raw: Any) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int) or not least <= raw <= most:
            raise ValueError(f"expected a whole number from {least} to {most}, without quotes")
        return raw

    return parse


def parse_seconds(raw: Any) -> float:
    """Parse seconds, more than 0 and up to a day."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 < raw <= 86_400:
        raise ValueError("expected seconds, more than 0")
    return float(raw)


def parse_flag(raw: Any) -> bool:
    """Parse true or false."""
    if not isinstance(raw, bool):
        raise ValueError("expected true or false, without quotes")
    return raw


def parse_day(raw: Any) -> date:
    """Parse a date, with or without quotes."""
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


def parse_moment(raw: Any) -> date | datetime:
    """Parse a date, or a date with a time, which is US Eastern if it names no zone."""
    if isinstance(raw, date):
        return raw
    if isinstance(raw, str):
        for read in (date.fromisoformat, datetime.fromisoformat):
            try:
                return read(raw.strip())
            except ValueError:
                continue
    raise ValueError("expected a date such as 2027-03-03, or with a time: 2027-03-03T21:00:00")


def _guess(raw: Any, words: Iterable[str]) -> str:
    """A question that ends a sentence: the word that was probably meant; "" without a guess."""
    meant = did_you_mean(nearest(raw, words)) if isinstance(raw, str) else ""
    return f".{meant}" if meant else ""


def one_of(words: type[StrEnum]) -> Parser:
    """Make a parser of the words of an enum."""

    def parse(raw: Any) -> StrEnum:
        try:
            return words(raw.strip().casefold() if isinstance(raw, str) else raw)
        except ValueError:
            listed = ", ".join(f'"{w.value}"' for w in words)
            raise ValueError(f"expected one of {listed}{_guess(raw, words)}") from None

    return parse


def parse_aamc_id(raw: Any) -> str:
    """Parse eight digits, as text or as a number."""
    text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else parse_text(raw)
    if not re.fullmatch(r"\d{8}", text):
        raise ValueError('expected the 8 digits of your AAMC ID in quotes, such as "12345678"')
    return text


def parse_address(raw: Any) -> str:
    """Parse an email address; only its syntax is checked."""
    text = parse_text(raw)
    try:
        return normalized(text)
    except ValueError as error:
        raise ValueError(f"expected an email address ({error})") from None


def parse_name(raw: Any) -> str:
    """Parse a name that can go into a mail header."""
    text = parse_text(raw)
    if not text or controls.IN_HEADER.search(text):
        raise ValueError("expected your name")
    return text


def parse_step1_result(raw: Any) -> int | Step1Word:
    """Parse a word of `Step1Word`, or a three-digit score."""
    if isinstance(raw, str) and (word := raw.strip().casefold()) in set(Step1Word):
        return Step1Word(word)
    if isinstance(raw, int) and not isinstance(raw, bool) and 100 <= raw <= 300:
        return raw
    raise ValueError('expected "pass", "fail", "not_taken", or a three-digit score without quotes')


def parse_range(raw: Any) -> tuple[int, int]:
    """Parse two scores, such as [245, 255] or "245-255"."""
    ends = re.findall(r"\d+", raw) if isinstance(raw, str) else raw
    if isinstance(ends, list) and len(ends) == 2:
        try:
            low, high = (int(end) for end in ends)
        except (TypeError, ValueError):
            low, high = 0, 0
        if 1 <= low <= high <= 300:
            return low, high
    raise ValueError("expected a range such as [245, 255]")


def parse_standards(raw: Any) -> tuple[PassingStandard, ...]:
    """Parse passing scores by test date; a single number counts for every date."""
    if isinstance(raw, int) and not isinstance(raw, bool) and 1 <= raw <= 300:
        return (PassingStandard(date(1900, 1, 1), raw),)
    if isinstance(raw, Mapping) and raw:
        try:
            return tuple(
                PassingStandard(date.fromisoformat(key), parse_score(score))
                for key, score in sorted(raw.items())
            )
        except (TypeError, ValueError):
            pass
    raise ValueError('expected scores by test date, such as { "2025-07-01" = 218 }')


def parse_score(raw: Any) -> int:
    """Parse a USMLE score; a number above the scale is most likely a COMLEX-USA score."""
    if isinstance(raw, int) and 300 < raw < 1000:
        raise ValueError(
            "expected a USMLE score from 1 to 300; planner does not judge COMLEX-USA scores: with"
            " both exams, write the Step 2 CK score"
        )
    return int(number(1, 300)(raw))


def parse_provider(raw: Any) -> str:
    """Parse the name of a mail provider in PRESETS."""
    if not isinstance(raw, str) or (key := raw.strip().casefold()) not in PRESETS:
        raise ValueError(
            f"expected one of {', '.join(PRESETS)}; leave it out for another"
            f" host{_guess(raw, PRESETS)}"
        )
    return key


def parse_client_name(raw: Any) -> str:
    """Parse the host name for the greeting."""
    text = parse_text(raw)
    if not re.fullmatch(r"[\x21-\x7e]*", text):
        raise ValueError('expected a host name such as "laptop.mail.example", in ASCII')
    return text


def parse_window(raw: Any) -> tuple[time, time] | None:
    """Parse hours such as "08:00-17:00"; None for "always"."""
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


def parse_days(raw: Any) -> frozenset[int]:
    """Parse days of the week into numbers; Monday is 0."""
    words = re.split(r"[\s,]+", raw.strip()) if isinstance(raw, str) else raw
    if isinstance(words, list) and words and all(isinstance(w, str) for w in words):
        found = [_day_range(word.casefold()) for word in words]
        if all(found):
            return frozenset().union(*found)
    raise ValueError('expected days such as ["mon", "tue", "wed"] or "mon-fri"')


def _day_range(word: str) -> frozenset[int]:
    """Return the days of "mon" or "mon-fri", Monday is 0; empty for anything else."""
    ends = [end[:3] for end in word.split("-")]
    if len(ends) > 2 or any(end not in DAYS for end in ends):
        return frozenset()
    first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
    return frozenset((first + n) % 7 for n in range((last - first) % 7 + 1))


def parse_zone(raw: Any) -> str:
    """Parse a time zone that the system knows."""
    text = parse_text(raw)
    try:
        ZoneInfo(text)
    except (OSError, ValueError, KeyError):
        raise ValueError('expected a time zone such as "America/New_York"') from None
    return text


def parse_command(raw: Any) -> tuple[str, ...]:
    """Parse a command as a list of words; a string is split as in a shell."""
    if _has_eaten_backslashes(raw):
        raise ValueError(r"expected backslashes within single quotes: 'C:\tools\token.exe'")
    if isinstance(raw, list) and raw and all(isinstance(word, str) for word in raw):
        return tuple(raw)
    if isinstance(raw, str) and raw.strip():
        try:
            return tuple(system.words_of(raw))
        except ValueError:
            pass
    raise ValueError('expected a command such as "pass show mail" or ["pass", "show", "mail"]')


def _has_eaten_backslashes(raw: Any) -> bool:
    r"""Whether double quotes made one character each of the \t and \b of a path on a drive."""
    first = raw[0] if isinstance(raw, list) and raw else raw
    return isinstance(first, str) and first[1:2] == ":" and not first.isprintable()


def parse_columns(raw: Any) -> dict[str, str]:
    """Parse fields by header, for `[import] map`."""
    # Imported late, so that only a config with this key pays for loading the fields.
    from planner.sheets import fields

    if not isinstance(raw, Mapping) or not all(isinstance(name, str) for name in raw.values()):
        raise ValueError('expected fields by header, such as { "IV status" = "status" }')
    if unknown := [name for name in raw.values() if name not in fields.NAMEABLE]:
        raise ValueError(f'"{unknown[0]}" is not a field; planner import --columns lists them')
    return {parse_text(header): name for header, name in raw.items()}
