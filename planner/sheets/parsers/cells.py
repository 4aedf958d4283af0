"""The text of a cell: cleaned, missing, a yes or a no, shielded from formulas, on one line.

The other modules of this package have a parser for each kind of field.  A `plain_...`
function is a shortcut past a parser, for many cells at once: it tells whether all of them are
empty, or already values.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from planner.rules.controls import IN_CELL
from planner.rules.garbled import LOST, is_damaged, ungarbled
from planner.rules.visible import OVERRIDES, without_unseen
from planner.sheets.parsers.decorations import MAY_HAVE, crossed, pictures, undecorated

T = TypeVar("T")

LONGEST = 20_000  # characters of one cell

MISSING = frozenset({"", "not available", "n/a", "na", "#n/a", "none", "—", "–", "-", "--", "tbd"})
LONGEST_MISSING = max(map(len, MISSING))
_TICKS = ("✓", "✔", "✅", "☑", "☒", "🗸", "🗹", "✕", "✖", "√", "[x]", "(x)")
_CROSSES = ("❌", "✗", "✘", "❎", "☐", "□", "⬜", "🔲", "[ ]", "[]", "( )", "()")
# Yes and no in German, Spanish, French and Portuguese, with what spreadsheets write for TRUE there.
_YES_ABROAD = frozenset(str.split("ja sí si oui sim wahr verdadero vrai verdadeiro"))
_NO_ABROAD = frozenset(str.split("nein non não nao falsch falso faux"))
YES = frozenset({"yes", "y", "true", "t", "1", "1.0", "x", "yep", "yeah", *_YES_ABROAD, *_TICKS})
NO = frozenset({"no", "n", "false", "f", "0", "0.0", "-", "nope", "nah", *_NO_ABROAD, *_CROSSES})
# What is surely a check mark or box; a number, a dash or a letter may be anything.
MARKS = frozenset({*YES, *NO} - {"1", "1.0", "0", "0.0", "-", "t", "f"})
# Last names that are spelled like a yes or a no abroad.
NAMES_TOO = frozenset({"si", "sim", "non"})


class BadCellError(ValueError):
    """A cell makes no sense for its field; it has a code, and says what was expected."""

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


# What a cell shows if its formula has no value; UNCOMPUTED is for one that was never computed.
UNCOMPUTED = "#UNCOMPUTED!"
FORMULA_ERRORS = frozenset(
    {"#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#ERROR!"}
    | {"#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#EXTERNAL!"}
    | {"#PYTHON!", "#TIMEOUT!", UNCOMPUTED}
)
LONGEST_ERROR = 20
# The same in other languages ("#WERT!", "#\u00bfNOMBRE?"), and LibreOffice's ("Err:502").
_FORMULA_ERROR = re.compile(r"#\u00bf?[^\W\d_]{3,}(?:/0)?[!?]|ERR:[0-9]{3}")


def is_formula_error(text: str) -> bool:
    """Whether a cell shows that its formula has no value; "#N/A" does not count.

    >>> is_formula_error("#REF!"), is_formula_error("#WERT!"), is_formula_error("#1!")
    (True, True, False)
    """
    if text[:1] not in "#E" or len(text) > LONGEST_ERROR:
        return False
    loud = text.upper() if text.startswith("Err:") else text
    return loud in FORMULA_ERRORS or bool(_FORMULA_ERROR.fullmatch(loud) and loud.isupper())


def no_value(text: str) -> BadCellError:
    """Return the error for a cell whose formula has no value."""
    if text == UNCOMPUTED:
        way_out = (
            "this formula was never computed. Open the file in your spreadsheet program, save it,"
            " and import it again"
        )
    else:
        way_out = "the formula here has none. Correct it, or type the value over it"
    return BadCellError("formula_error", f"expected a value; {way_out}")


# Invisible characters at the ends of a cell; old programs end a file with Ctrl-Z.
_ENDS = " \t\r\n\x0b\x0c\x1a\u200b\u200c\u200d\u2060\ufeff"


def clean_cell(raw: str) -> str:
    """Return the text of a cell without invisible marks.

    Marks that change the direction of text stay for now: an address with one is refused.
    """
    if raw.isascii():
        return raw.strip(_ENDS)
    return without_unseen(raw, keep=OVERRIDES).replace("\xa0", " ").strip(_ENDS)


def fold_word(text: str) -> str:
    """Fold words for a lookup: no case, no accents, no punctuation, single spaces.

    >>> fold_word("Didn't  apply!"), fold_word("Für später")
    ('didnt apply', 'fur spater')
    """
    plain = without_accents(without_unseen(text).casefold()).replace("'", "").replace("’", "")
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


def without_accents(text: str) -> str:
    """Return a text whose letters have no accents.

    >>> without_accents("für später, refusé, não")
    'fur spater, refuse, nao'
    """
    if text.isascii():
        return text
    spread = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in spread if not unicodedata.combining(c)))


def _mark(text: str) -> str:
    """Fold a cell for YES and NO; some ticks are followed by a variation selector."""
    return text.casefold().replace("\ufe0f", "").rstrip(" .!") or text


def is_yes(text: str) -> bool:
    """Whether a cell is a yes.

    >>> is_yes("✔️"), is_yes("Yes!"), is_yes("maybe")
    (True, True, False)
    """
    return _mark(text) in YES


def is_no(text: str) -> bool:
    """Whether a cell is a no.

    >>> is_no("☐"), is_no("FALSE"), is_no("not")
    (True, True, False)
    """
    return _mark(text) in NO


def is_cross(text: str) -> bool:
    """Whether a cell is a cross, but not the letter x; some people tick with it."""
    return _mark(text) in _CROSSES[:4]


_REMARKED = re.compile(
    r"(yes|no|nope|ja|nein|sí|si|oui|non|sim|não|true|false|x|y|n|[^\w\s])\ufe0f?(?:[\s,;:.(–—-]+)(.+)",
    re.IGNORECASE,
)


def remarked(text: str) -> tuple[bool, str] | None:
    """Split a yes or a no from the remark after it; None for anything else.

    >>> remarked("Yes - per their website")
    (True, 'per their website')
    """
    found = _REMARKED.fullmatch(" ".join(text.split()))
    if found is None or not (is_yes(found[1]) or is_no(found[1])) or found[1] == "-":
        return None
    return is_yes(found[1]), found[2].rstrip(")")


def is_missing(text: str) -> bool:
    """Whether the text means that nothing is known."""
    return len(text) <= LONGEST_MISSING and text.casefold() in MISSING


# A spreadsheet takes a cell that begins with a sign for a formula (OWASP, "CSV Injection"), even
# after blanks and quotes and, if it splits lines at another separator, in the middle of a
# cell.  An apostrophe before the sign makes it text.  An apostrophe that was already there
# counts as part of the text, so that every text can be restored.
_COVER = (
    " \x0b\x0c\x1c-\x1f\x85\xa0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
    "'\"\u2018\u2019\u201c\u201d"
)
_SIGNS = r"=+\-@\uff1d\uff0b\uff0d\uff20"
_AT_HEAD = rf"(?=[{_COVER}]*[{_SIGNS}\t\r\n])"
_BEHIND = rf"(?=[{_COVER}]*[{_SIGNS}])"
_OPEN = re.compile(rf"\A{_AT_HEAD}|(?<=[;|\t\r\n]){_BEHIND}")
_SHIELD = re.compile(rf"\A'{_AT_HEAD}|(?<=[;|\t\r\n])'{_BEHIND}")
_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')


def shielded(text: str) -> str:
    """Shield a text, so that no spreadsheet finds a formula in it, wherever it splits lines.

    >>> shielded("=1+1"), shielded("Good;=1+1"), shielded("1+1=2")
    ("'=1+1", "Good;'=1+1", '1+1=2')
    """
    return _OPEN.sub("'", text)


def unshielded(cell: str) -> str:
    """Return the text of a shielded cell, or of ="0400521057", which keeps zeros in Excel.

    >>> unshielded("'=1+1"), unshielded("Good;'=1+1"), unshielded('="0400521057"')
    ('=1+1', 'Good;=1+1', '0400521057')
    """
    wrapped = _AS_TEXT.fullmatch(cell)
    return wrapped[1].replace('""', '"') if wrapped else _SHIELD.sub("", cell)


def rewritten(cell: str) -> str:
    """Return a cell that is safe to write and means the same at the next import.

    >>> rewritten('="0400521057"'), rewritten("=x&A1"), rewritten("'=1")
    ('0400521057', "'=x&A1", "'=1")
    """
    return shielded(unshielded(cell))


# HTML tags; "a < b" and "<3" are text.
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|center|code|div|em|font|h[1-6]|hr|i|img|li|mark|nobr|ol|p|pre|s|small"
    r"|span|strike|strong|sub|sup|table|tbody|td|th|thead|tr|tt|u|ul|wbr)"
    r"(?:\s[^<>@]*)?/?>",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|big|em|font|i|mark|s|small|span|strong|sub|sup|u|wbr)\b", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def repaired(text: str) -> str:
    """Remove HTML tags, decode entities, and compose letters with their accents.

    >>> repaired("Women&#39;s & Children&rsquo;s"), repaired("Zoe\u0308") == "Zo\xeb"
    ("Women's & Children’s", True)
    >>> repaired("<b>Elm</b> Valley<br>Hospital")
    'Elm Valley\\nHospital'
    """
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    if "<" in text and _TAG.search(text):
        text = _TAG.sub(lambda tag: "" if _INLINE.match(tag[0]) else "\n", text).strip()
    return unicodedata.normalize("NFC", text)


def clean_text(text: str) -> str:
    """Clean any text; line breaks become LF.  Raises BadCellError for control characters."""
    text = repaired(text)
    if len(text) > LONGEST:
        raise BadCellError(
            "too_long", f"expected at most {LONGEST:,} characters, not {len(text):,}"
        )
    if IN_CELL.search(text):
        raise BadCellError("control_character", "expected text without control characters")
    if is_formula_error(text):
        raise no_value(text)
    return without_unseen(text).replace("\r\n", "\n").replace("\r", "\n")


def clean_line(text: str) -> str:
    """Clean text and put it on one line: runs of blanks and line breaks become one space.

    Raises BadCellError if a letter was lost before the file was written.
    """
    if LOST in text:
        raise BadCellError("lost_letter", lost_letters(LOST))
    return " ".join(clean_text(text).split())


def clean_name(text: str) -> str:
    """Clean the name of a program or a place, and put it on one line.

    Raises BadCellError if a letter was lost, or is now a question mark.
    """
    found = clean_line(text)
    if is_damaged(found):
        raise BadCellError("lost_letter", lost_letters("?"))
    return found


CROSSED_OUT = "crossed_out"


def program_name(text: str) -> str | Noted:
    """Clean the name of a program or a hospital, without the marks of a list around it.

    >>> program_name("• Elm Hospital")
    'Elm Hospital'
    """
    found = clean_line(text)
    if not MAY_HAVE.search(found):
        return clean_name(found)
    bare, seen = clean_name(undecorated(found)), pictures(found)
    if mark := crossed(found):
        return Noted(bare, CROSSED_OUT, f"crossed out by {mark} beside the name")
    if not seen:
        return bare
    remark = "taken without the picture. Is it a reason not to write? Give the row a status"
    return Noted(bare, "decorated", remark)


def lost_letters(mark: str) -> str:
    """Say what was expected in a cell in which a mark stands for letters."""
    return (
        f"expected letters instead of {mark}; they were lost when the file was saved. Type them"
        ' again, or save the list as UTF-8 (in Excel: "CSV UTF-8", or XLSX) and import that'
    )


_SEAM = "\u00a6"  # between cells that are checked together; a cell with it is not plain
_NOT_PLAIN = ("  ", f"{_SEAM}Err:", ";'", "|'", *(f"{_SEAM}{c}" for c in " '=#"), f" {_SEAM}")
_MISSING_WORDS = MISSING - {""}


def plain_lines(texts: Sequence[str]) -> bool:
    """Whether `clean_line` and `clean_text` would return all of these texts unchanged."""
    joined = f"{_SEAM}{_SEAM.join(texts)}{_SEAM}"
    return (
        joined.isprintable()
        and (all(map(str.isascii, texts)) or _is_sound("\n".join(texts)))
        and LOST not in joined
        and repaired(joined) == joined
        and joined.count(_SEAM) == len(texts) + 1
        and not any(mark in joined for mark in _NOT_PLAIN)
        and _MISSING_WORDS.isdisjoint(map(str.casefold, texts))
        and max(map(len, texts)) <= LONGEST
    )


def _is_sound(text: str) -> bool:
    """Whether no letter is garbled or invisible."""
    return ungarbled(text) == text == without_unseen(text)


def plain_program_names(texts: Sequence[str]) -> bool:
    """Whether `program_name` would return all of these texts unchanged."""
    if not plain_names(texts):
        return False
    may_have = filter(MAY_HAVE.search, texts) if MAY_HAVE.search("\n".join(texts)) else ()
    return all(undecorated(text) == text for text in may_have)


def plain_names(texts: Sequence[str]) -> bool:
    """Whether `clean_name` would return all of these texts unchanged."""
    return plain_lines(texts) and not any("?" in text and is_damaged(text) for text in texts)
