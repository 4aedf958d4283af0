"""What one cell means: a parser for each kind of field.

A parser takes the cleaned, non-missing text of a cell and gives its value.  It
raises `BadCellError` where the text makes no sense, and gives a `Noted` value where it
was understood in a way that a person should know of.  A `plain_...` function is its
fast lane: whether all of some cells are values as they stand, or empty.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from planner.rules.addresses import LONGEST_PLAIN, normalized
from planner.rules.facts import ContactPolicy, Service, Signal, Status, Step2Policy
from planner.sheets.domains import meant_by

T = TypeVar("T")

ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
_UNSEEN = re.compile("[\u200b\u2060\ufeff]")  # the joiners stay: some scripts need them
# C0 and C1 controls without tab and line ends, the line and paragraph separators,
# and lone surrogates: nothing that a person types, and nothing a header may hold.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
LONGEST = 20_000  # characters of one cell

MISSING = frozenset({"", "not available", "n/a", "na", "#n/a", "none", "—", "–", "-", "--", "tbd"})
LONGEST_MISSING = max(map(len, MISSING))
YES = frozenset({"yes", "y", "true", "t", "1", "1.0", "x", "✓", "✔"})
NO = frozenset({"no", "n", "false", "f", "0", "0.0", "-"})


class BadCellError(ValueError):
    """A cell that makes no sense for its field: a code, and what was expected."""

    def __init__(self, code: str, expected: str) -> None:
        super().__init__(expected)
        self.code = code
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Noted:
    """A value that was understood, with a remark that the user should see."""

    value: Any
    code: str
    remark: str


# What a cell shows whose formula has no value; the last stands for one never computed.
UNCOMPUTED = "#UNCOMPUTED!"
FORMULA_ERRORS = frozenset(
    {"#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#ERROR!"}
    | {UNCOMPUTED}
)


def clean(raw: str) -> str:
    """The text of a cell without the marks that nobody sees at its ends."""
    return raw.replace("\xa0", " ").strip(" \t\r\n\u200b\u200c\u200d\u2060\ufeff")


def is_missing(text: str) -> bool:
    """Whether the text says that nothing is known."""
    return len(text) <= LONGEST_MISSING and text.casefold() in MISSING


# A spreadsheet takes such a cell for a formula (OWASP, "CSV Injection"); an apostrophe
# before it makes it text.  Further apostrophes count, so that each text comes back.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)


def shielded(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unshielded(cell: str) -> str:
    """The text of a shielded cell; of ="0400521057" too, which keeps Excel from counting."""
    if cell.startswith("'") and _FORMULA.match(cell):
        return cell[1:]
    wrapped = _AS_TEXT.fullmatch(cell)
    return wrapped[1] if wrapped else cell


def rewritten(cell: str) -> str:
    """A cell as it stood, to be written for an import: safe, and of the same meaning."""
    return cell if cell.startswith("'") or _AS_TEXT.fullmatch(cell) else shielded(cell)


def long_text(text: str) -> str:
    """Any text, line breaks included (LF alone).  Raises BadCellError for control characters."""
    if len(text) > LONGEST:
        raise BadCellError("too_long", f"expected at most {LONGEST} characters")
    if CONTROL.search(text):
        raise BadCellError("control_character", "expected text without control characters")
    if text in FORMULA_ERRORS:
        raise BadCellError("formula_error", "expected a value; the formula here gives none")
    return _UNSEEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def line(text: str) -> str:
    """Text on one line: line breaks and runs of spaces become one space."""
    return " ".join(long_text(text).split())


_SEAM = "\u00a6"  # between cells that are looked at together; one that holds it is not plain
_NOT_PLAIN = ("  ", f" {_SEAM}", f"{_SEAM} ", f"{_SEAM}'", f"{_SEAM}=", f"{_SEAM}#")
_MISSING_WORDS = MISSING - {""}


def plain_lines(texts: Sequence[str]) -> bool:
    """The fast lane of `line` and `long_text`."""
    joined = f"{_SEAM}{_SEAM.join(texts)}{_SEAM}"
    return (
        joined.isprintable()
        and joined.count(_SEAM) == len(texts) + 1
        and not any(mark in joined for mark in _NOT_PLAIN)
        and _MISSING_WORDS.isdisjoint(map(str.casefold, texts))
        and max(map(len, texts)) <= LONGEST
    )


def connection(text: str) -> str | None:
    """What ties the applicant to the program; None for no.  Raises BadCellError."""
    return None if text.casefold() in NO else line(text)


def email(text: str) -> str | Noted:
    """A mail address, by its syntax alone.  Raises BadCellError."""
    address = ZERO_WIDTH.sub("", text)
    if named := re.fullmatch(r"[^<>]*<([^<>]+)>[ ;,]*", address):
        address = named[1]
    address = re.sub("(?i)^mailto:", "", address.strip()).strip("<> ;,")
    try:
        found = normalized(address)
    except ValueError as error:
        raise BadCellError(
            "bad_email", f"expected one address such as pd@hospital.example ({error})"
        ) from None
    user, _, domain = found.rpartition("@")
    if meant := meant_by(domain):
        return Noted(
            found, "unusual_domain", f"is {domain} right? {user}@{meant} looks more likely"
        )
    return found


_PLAIN_ADDRESSES = re.compile(
    r"(?:(?:[A-Za-z0-9_+-]++(?:\.[A-Za-z0-9_+-]++)*+"
    r"@(?:[a-z0-9]++(?:-[a-z0-9]++)*+\.)++[a-z]{2,24}+)?+\n)*+"
)
_DOMAINS = re.compile(r"@(.*)")


def plain_emails(texts: Sequence[str]) -> bool:
    """The fast lane of `email`."""
    joined = "\n".join(texts) + "\n"
    return (
        joined.count("\n") == len(texts)
        and max(map(len, texts)) <= LONGEST_PLAIN
        and _PLAIN_ADDRESSES.fullmatch(joined) is not None
        and not any(map(meant_by, set(_DOMAINS.findall(joined))))
    )


def yes_no(text: str) -> bool:
    """yes/no in its usual spellings.  Raises BadCellError."""
    word = text.casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise BadCellError("bad_yes_no", "expected yes or no")


EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_SERIALS = range(20_000, 80_000)  # 1954 to 2119
_YEAR_FIRST = re.compile(r"(\d{4})([/-])(\d{1,2})\2(\d{1,2})")
_MONTH_FIRST = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})")
NAMED_MONTH = (
    "%B %d %Y",
    "%b %d %Y",
    "%d %B %Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%b-%d-%Y",
)
# Compiled where they are used: most cells that are no plain date are none at all.
_TIME = (
    r"[T ,]+\d{1,2}(:[0-5]\d(:[0-5]\d(\.\d+)?)?( ?[AaPp]\.?[Mm]\.?)?| ?[AaPp]\.?[Mm]\.?)"
    r"( ?(Z|[+-]\d\d:?\d\d))?$"
)
_WEEKDAY = r"(?i)^(mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]? +"
_ORDINAL = r"(?i)(?<=\d)(st|nd|rd|th)\b"


@lru_cache(maxsize=20_000)
def day(text: str) -> date:
    """A date: ISO, US month-first, a named month, or an Excel serial number.

    A time behind it is dropped.  Raises BadCellError for anything else, an impossible
    day such as 2/30 included.
    """
    bare = re.sub(_TIME, "", re.sub(_WEEKDAY, "", ZERO_WIDTH.sub("", text)))
    if re.fullmatch(r"\d{5}(\.\d+)?", bare) and int(float(bare)) in EXCEL_SERIALS:
        return EXCEL_EPOCH + timedelta(days=int(float(bare)))
    try:
        if numbers := _MONTH_FIRST.fullmatch(bare):
            return date(_full_year(numbers[4]), int(numbers[1]), int(numbers[3]))
        if numbers := _YEAR_FIRST.fullmatch(bare):
            return date(int(numbers[1]), int(numbers[3]), int(numbers[4]))
        return date.fromisoformat(bare)
    except ValueError:
        pass
    words = " ".join(re.sub(_ORDINAL, "", bare).replace(",", " ").replace(".", " ").split())
    words = re.sub(r"\bsept\b", "Sep", words, flags=re.IGNORECASE)
    for pattern in NAMED_MONTH:
        if found := _parsed(words, pattern):
            return found
    raise BadCellError("bad_date", "expected a date such as 2026-10-20 or 10/20/2026 (month first)")


def _full_year(digits: str) -> int:
    """A year of four digits; of two, one from 1969 to 2068, as POSIX has it."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 69 else 1900)


def _parsed(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return None


def fold_word(text: str) -> str:
    """A word of a vocabulary without case, spacing and punctuation."""
    return re.sub(r"[^a-z0-9]+", " ", ZERO_WIDTH.sub("", text).casefold()).strip()


STATUS_WORDS: Mapping[str, Status] = {
    **{fold_word(s.value): s for s in Status},
    "pending": Status.APPLIED,
    "submitted": Status.APPLIED,
    "no response": Status.APPLIED,
    "silence": Status.APPLIED,
    "invite": Status.INVITED,
    "invitation": Status.INVITED,
    "ii": Status.INVITED,
    "iv": Status.INVITED,
    "iv offered": Status.INVITED,
    "iv offer": Status.INVITED,
    "iv invite": Status.INVITED,
    "iv scheduled": Status.INVITED,
    "interview offered": Status.INVITED,
    "interview scheduled": Status.INVITED,
    "interview invite": Status.INVITED,
    "interview done": Status.INTERVIEWED,
    "interview completed": Status.INTERVIEWED,
    "iv done": Status.INTERVIEWED,
    "iv complete": Status.INTERVIEWED,
    "iv completed": Status.INTERVIEWED,
    "waitlist": Status.WAITLISTED,
    "wait list": Status.WAITLISTED,
    "wait listed": Status.WAITLISTED,
    "wl": Status.WAITLISTED,
    "hold": Status.ON_HOLD,
    "declined": Status.REJECTED,
    "rejection": Status.REJECTED,
    "reject": Status.REJECTED,
    "r": Status.REJECTED,
    "withdrew": Status.WITHDRAWN,
    "withdraw": Status.WITHDRAWN,
    "w": Status.WITHDRAWN,
    "did not apply": Status.NOT_APPLIED,
}

POLICY_WORDS: Mapping[str, Step2Policy] = {
    **{fold_word(p.value): p for p in Step2Policy},
    "no": Step2Policy.NONE,
    "n": Step2Policy.NONE,
    "f": Step2Policy.NONE,
    "0": Step2Policy.NONE,
    "false": Step2Policy.NONE,
    "not required": Step2Policy.NONE,
    "preferred": Step2Policy.MENTIONED,
    "recommended": Step2Policy.MENTIONED,
    "strongly considered": Step2Policy.STRONGLY_CONSIDERED,
    "strongly preferred": Step2Policy.STRONGLY_CONSIDERED,
    "requested by program": Step2Policy.REQUESTED,
    "required for ranking": Step2Policy.REQUIRED_TO_RANK,
    "required for rank": Step2Policy.REQUIRED_TO_RANK,
}
NEEDED_TO_APPLY = frozenset({"required", "yes", "y", "true", "x", "1"})

SIGNAL_WORDS: Mapping[str, Signal] = {
    **{s.value: s for s in Signal},
    "signal": Signal.YES,
    "signaled": Signal.YES,
    "gold signal": Signal.GOLD,
    "silver signal": Signal.SILVER,
}

CONTACT_WORDS: Mapping[str, ContactPolicy] = {
    **{fold_word(p.value): p for p in ContactPolicy},
    "only if asked": ContactPolicy.IF_ASKED,
    "no contact": ContactPolicy.NONE,
    "do not contact": ContactPolicy.NONE,
    "do not email": ContactPolicy.NONE,
    "ok": ContactPolicy.OPEN,
}

SERVICE_WORDS: Mapping[str, Service] = {
    **{s.value: s for s in Service},
    "sf match": Service.SFMATCH,
    "residency cas": Service.RESIDENCYCAS,
    "rcas": Service.RESIDENCYCAS,
}


def _word(text: str, words: Mapping[str, T], code: str) -> T:
    found = words.get(fold_word(text))
    if found is None:
        values = ", ".join(dict.fromkeys(str(v) for v in words.values()))
        raise BadCellError(code, f"expected one of: {values}")
    return found


def status(text: str) -> Status:
    """How far things have come.  Raises BadCellError."""
    return _word(text, STATUS_WORDS, "bad_status")


def step2_policy(text: str) -> Step2Policy | Noted:
    """What the program says about Step 2 CK.  Raises BadCellError.

    "required" means needed to apply, which is not needed to rank: `mentioned`.
    """
    if text == "-":
        return Step2Policy.NONE
    if fold_word(text) in NEEDED_TO_APPLY or text in YES:
        return Noted(
            Step2Policy.MENTIONED,
            "required_to_apply",
            "needed to apply is not needed to rank: taken as mentioned"
            " (write required_to_rank if they said so)",
        )
    return _word(text, POLICY_WORDS, "bad_step2_policy")


def signal(text: str) -> Signal:
    """The preference signal.  Raises BadCellError."""
    if text.casefold() in NO:
        return Signal.NONE
    if text.casefold() in YES:
        return Signal.YES
    return _word(text, SIGNAL_WORDS, "bad_signal")


def contact_policy(text: str) -> ContactPolicy:
    """Whether they want mail.  Raises BadCellError."""
    return _word(text, CONTACT_WORDS, "bad_contact_policy")


def no_contact(text: str) -> ContactPolicy:
    """The same, from a "Do not email" column: yes means none.  Raises BadCellError."""
    if text.casefold() in YES | NO:
        return ContactPolicy.NONE if yes_no(text) else ContactPolicy.OPEN
    return contact_policy(text)


def service(text: str) -> Service:
    """The application service.  Raises BadCellError."""
    return _word(text, SERVICE_WORDS, "bad_application_service")


def told_on(text: str) -> date | None:
    """The date on which they were told, None for no.  Raises BadCellError, for a bare yes too."""
    if text.casefold() in NO:
        return None
    if text.casefold() in YES:
        raise BadCellError("date_needed", "expected the date on which you told them, not just yes")
    return day(text)


NRMP_SHAPE = re.compile(r"[0-9]{7}[CMPARFS][0-9]{1,3}", re.IGNORECASE)
ACGME_SHAPE = re.compile(r"[0-9]{10}")


def code(text: str) -> str:
    """A code as typed, without spaces, dashes and invisible characters."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", ZERO_WIDTH.sub("", text))
    return re.sub(r"[\s\-]", "", plain).upper()


_PLAIN_NRMP_CODES = re.compile(r"(?:(?:[0-9]{7}[CMPARFS][0-9]{1,3})?\n)*+")


def plain_nrmp_codes(texts: Sequence[str]) -> bool:
    """The fast lane of `nrmp_code`."""
    return _all_match(_PLAIN_NRMP_CODES, texts)


def nrmp_code(text: str) -> str:
    """An NRMP program code such as 1601140C0.  Raises BadCellError."""
    found = code(text)
    if not NRMP_SHAPE.fullmatch(found):
        raise BadCellError("bad_nrmp_code", "expected an NRMP code such as 1601140C0")
    return found


FEWEST_DIGITS = 8  # of 1.400521057E9: fewer, and the spreadsheet has rounded the number


_PLAIN_ACGME_IDS = re.compile(r"(?:(?:[0-9]{10})?\n)*+")


def plain_acgme_ids(texts: Sequence[str]) -> bool:
    """The fast lane of `acgme_id`."""
    return _all_match(_PLAIN_ACGME_IDS, texts)


def _all_match(lines: re.Pattern[str], texts: Sequence[str]) -> bool:
    joined = "\n".join(texts) + "\n"
    return joined.count("\n") == len(texts) and lines.fullmatch(joined) is not None


def acgme_id(text: str) -> str | Noted:
    """A 10-digit ACGME ID as text; mends what spreadsheets do to it.  Raises BadCellError."""
    found = code(text)
    if re.fullmatch(r"[0-9]+\.0+", found):
        found = found.split(".")[0]
    elif re.fullmatch(r"[0-9](\.[0-9]+)?E\+?[0-9]{1,2}", found):
        digits = found.partition("E")[0].replace(".", "")
        if len(digits) < FEWEST_DIGITS:
            raise BadCellError(
                "digits_lost",
                "expected all 10 digits; the spreadsheet rounded the number"
                " (format the column as text or 0, and save again)",
            )
        found = str(int(float(found)))
    if re.fullmatch(r"[0-9]{9}", found):
        return Noted(f"0{found}", "lost_zero", f"a leading zero was lost; taken as 0{found}")
    if not ACGME_SHAPE.fullmatch(found):
        raise BadCellError("bad_acgme_id", "expected a 10-digit ACGME ID such as 1400521057")
    return found


# Words beside a name that the library has to tell from its parts.
_NO_NAME = frozenset(
    [
        "dr",
        "doctor",
        "prof",
        "professor",
        "mr",
        "mrs",
        "ms",
        "miss",
        "sir",
        "dame",
        "rev",
        "saint",
        "st",
        "md",
        "phd",
        "do",
        "mba",
        "mph",
        "jr",
        "sr",
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "das",
        "du",
        "el",
        "al",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "ten",
        "bin",
        "ibn",
        "ben",
        "abu",
        "mac",
    ]
)


@lru_cache(maxsize=4096)
def person(text: str) -> tuple[str, str]:
    """(first name, last name) of a whole name, titles and degrees left out."""
    words = text.split()
    if len(words) == 2 and all(map(_is_name, words)):
        return words[0], words[1]
    name, *behind = line(text).split(",")
    if len(name.split()) > 1 and all(map(_is_degree, " ".join(behind).split())):
        return _parted(name)
    return _parted(line(text))


_DEGREES = frozenset(
    [
        "md",
        "do",
        "phd",
        "mph",
        "mba",
        "ms",
        "msc",
        "mhs",
        "mha",
        "ma",
        "med",
        "msed",
        "edd",
        "ed",
        "jd",
        "mbbs",
        "mbchb",
        "mbbch",
        "dds",
        "dmd",
        "rn",
        "np",
        "pa",
        "pharmd",
        "facp",
        "facep",
        "faafp",
        "facs",
        "faap",
        "facog",
        "fapa",
        "faan",
        "fccp",
        "fhm",
        "sfhm",
        "faha",
        "facc",
        "jr",
        "sr",
        "ii",
        "iii",
        "iv",
    ]
)


def _is_degree(word: str) -> bool:
    return word.replace(".", "").casefold() in _DEGREES


TWO_PEOPLE = re.compile(r"\s+(?:/|&|and)\s+|\s*[;/\n]\s*")
NOBODY = frozenset({"vacant", "unknown", "tba", "interim", "open", "to be announced"})


def one_person(text: str) -> str | Noted:
    """The name of one person; of two, the first.  Empty for a post that nobody holds."""
    if fold_word(text) in NOBODY:
        return ""
    first, *others = filter(None, TWO_PEOPLE.split(text))
    if not others:
        return text
    return Noted(first, "two_people", f"names more than one person; took {first}")


def _is_name(word: str) -> bool:
    return word.isalpha() and word.istitle() and len(word) > 2 and word.casefold() not in _NO_NAME


def _parted(text: str) -> tuple[str, str]:
    from nameparser import HumanName

    name = HumanName(text)
    first, last = str(name.first), str(name.last)
    words = last.split()
    if not first and len(words) == 2 and words[0][:1].isupper() and not name.title:
        first, last = words
    if not last:
        first, last = "", first or text
    return first, last
