"""Parses NRMP codes and ACGME IDs, and repairs what spreadsheets do to them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from planner.rules.visible import without_unseen
from planner.sheets.parsers.cells import BadCellError, Noted

NRMP_SHAPE = re.compile(r"[0-9]{7}[CMPARFS][0-9]{1,3}", re.IGNORECASE)
ACGME_SHAPE = re.compile(r"[0-9]{10}")


def clean_code(text: str) -> str:
    """Return a code in capitals, without spaces, dashes and invisible characters."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", without_unseen(text))
    return re.sub(r"[\s\-]", "", plain).upper()


_PLAIN_NRMP_CODES = re.compile(r"(?:(?:[0-9]{7}[CMPARFS][0-9]{1,3})?\n)*")


def plain_nrmp_codes(texts: Sequence[str]) -> bool:
    """Whether `parse_nrmp_code` would return all of these texts unchanged."""
    return _all_match(_PLAIN_NRMP_CODES, texts)


def parse_nrmp_code(text: str) -> str:
    """Parse an NRMP program code such as 1601140C0.  Raises BadCellError if it is not one."""
    found = clean_code(text)
    if not NRMP_SHAPE.fullmatch(found):
        raise BadCellError("bad_nrmp_code", "expected an NRMP code such as 1601140C0")
    return found


FEWEST_DIGITS = 8  # in 1.400521057E9; with fewer, the spreadsheet rounded the number


_PLAIN_ACGME_IDS = re.compile(r"(?:(?:[0-9]{10})?\n)*")


def plain_acgme_ids(texts: Sequence[str]) -> bool:
    """Whether `parse_acgme_id` would return all of these texts unchanged."""
    return _all_match(_PLAIN_ACGME_IDS, texts)


def _all_match(lines: re.Pattern[str], texts: Sequence[str]) -> bool:
    joined = "\n".join(texts) + "\n"
    return joined.count("\n") == len(texts) and lines.fullmatch(joined) is not None


def parse_acgme_id(text: str) -> str | Noted:
    """Parse a 10-digit ACGME ID, as text.  Raises BadCellError if it cannot be repaired.

    >>> parse_acgme_id("1400521057.0"), parse_acgme_id("400521057").value
    ('1400521057', '0400521057')
    """
    found = clean_code(text)
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
