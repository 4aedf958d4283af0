"""Characters that a header, a line, a text or a cell must not contain, in one place.

A line break or a tab ends a header or folds it, and `=?` begins an encoded word in which
anything may hide (RFC 2047); on Python 3.11 `email` lets both through in some values.
"""

from __future__ import annotations

import re

# Control characters, line separators, and lone surrogates, which no encoding can write.
_NEVER = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"

IN_LINE = re.compile(f"[{_NEVER}\t\n\r]")
IN_HEADER = re.compile(f"{IN_LINE.pattern}|=\\?")
IN_BODY = re.compile(f"[{_NEVER}\r]")  # lines end with LF alone
IN_CELL = re.compile(f"[{_NEVER}\ufffe\uffff]")  # no workbook can hold the last two
