"""Header lines: written folded at 78 columns, and read back as a mail reader reads them.

Python's `email` folds some values so that the header begins with an empty line, and loses the
quotes of long display names.  So these few lines are written here: a line break only goes
before a blank (RFC 5322 section 2.2.3), and the value begins on the line of its name.
"""

from __future__ import annotations

import re
from email.header import Header, decode_header, make_header

# RFC 5322 section 2.1.1: lines should stay within 78 characters.
COLUMNS = 78
# RFC 5322 section 3.2.3: words of these characters need no quotes in a display name.
BARE_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


def write_text(name: str, value: str) -> str:
    """Write an unstructured header such as Subject, without the final line end.

    Example: `write_text("Subject", "Züge")` returns `Subject: =?utf-8?q?Z=C3=BCge?=`.
    """
    return _fold(f"{name}: ", value if value.isascii() else _encode(name, value))


def write_mailbox(name: str, display_name: str, address: str) -> str:
    """Write a header with one mailbox, such as From; a name is quoted unless it is plain words.

    Example: `write_mailbox("From", "Roe, Jo", "jo@a.example")` returns
    `From: "Roe, Jo" <jo@a.example>`.
    """
    if not display_name:
        return f"{name}: {address}"
    return _fold(f"{name}: ", f"{_phrase(name, display_name)} <{address}>")


def write_line(name: str, value: str) -> str:
    """Write a header that must not be folded, such as Message-ID, which has no blanks."""
    return f"{name}: {value}"


def read_text(raw: str) -> str:
    """Unfold a raw header value and decode its encoded words, as a mail reader does.

    Example: `read_text("=?utf-8?q?Z=C3=BC?=\\r\\n =?utf-8?q?ge?=")` returns `Züge`, because a
    break between two encoded words is not a blank (RFC 2047 section 6.2).
    """
    return str(make_header(decode_header(unfold(raw)))).strip()


def unfold(raw: str) -> str:
    """Put a header value on one line: remove the line breaks, keep the blanks after them."""
    return re.sub(r"\r?\n(?=[ \t])", "", raw)


def _phrase(name: str, display_name: str) -> str:
    if not display_name.isascii():
        return _encode(name, display_name)
    if BARE_NAME.fullmatch(display_name):
        return display_name
    escaped = re.sub(r'(["\\])', r"\\\1", display_name)
    return f'"{escaped}"'


def _encode(name: str, value: str) -> str:
    """Write encoded words (RFC 2047) with blanks between them; none splits a character."""
    encoded = Header(value, "utf-8", maxlinelen=COLUMNS, header_name=name).encode(linesep="\n")
    return encoded.replace("\n", "")


def _fold(head: str, value: str) -> str:
    """Break before a word that would end beyond the last column; keep all blanks."""
    lines = [head]
    for word in re.findall(r"\s*\S+", value):
        if len(lines[-1]) + len(word) > COLUMNS and lines[-1] != head:
            lines.append("")
        lines[-1] += word
    return "\r\n".join(lines)
