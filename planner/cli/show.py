"""Values to text: tables that fit the terminal, words for what a person sees."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from planner import pages, system
from planner.cli.hints.findings import fix_of
from planner.cli.hints.plans import step_zero_lines
from planner.rules.visible import printable, visible

if TYPE_CHECKING:
    from planner.rules.facts import Service
    from planner.rules.letters import Letter
    from planner.steps.under_way import UnderWay

COLORS = {
    "email": "green",
    "update_only": "yellow",
    "excluded": "bright_black",
    "sent": "green",
    "approved": "cyan",
    "refused": "red",
    "unknown": "red",
    "error": "red",
    "warning": "yellow",
    "ok": "green",
    "failed": "red",
}
# States that are shown as any other word.
PLAIN = frozenset(
    {"draft", "left_out", "claimed", "committing", "deferred", "exported", "cancelled"}
)
# Within a text a color is a private character until `seen` shows the text: other ones in
# each run, so that no name in a list and no file can hold one, and color itself.
_FIRST = 0x100000 + int.from_bytes(os.urandom(2))
_MARKS = {color: chr(_FIRST + n) for n, color in enumerate(sorted({*COLORS.values()}), 1)}
_END = chr(_FIRST)
_STYLES = {mark: click.style("", fg=color, reset=False) for color, mark in _MARKS.items()}
_STYLES[_END] = click.style("")
_MARKED = re.compile(f"([{''.join(_STYLES)}])")


def is_screen(stream: Any) -> bool:
    """Whether a line that was written there can be wiped away, as no dumb terminal can."""
    return os.environ.get("TERM") != "dumb" and bool(stream.isatty())


def color() -> bool | None:
    """Whether to color, as the user has it for all programs; None: on a terminal."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return True if os.environ.get("FORCE_COLOR") not in (None, "", "0") else None


def width() -> int:
    """Columns for sentences: those of the terminal, but no more than one reads well."""
    return min(terminal(), 120)


def terminal() -> int:
    """Columns of the terminal; 80 where there is none."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told) > 0:
        columns = int(told)
    else:
        try:
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]
        except (AttributeError, OSError, ValueError):
            columns = 0
    return max(40, columns or 80)


def colored(word: str, text: str | None = None) -> str:
    """`text` in the color of `word`; click takes it out again when not on a terminal."""
    shown = word if text is None else text
    mark = _MARKS.get(COLORS.get(word, ""))
    return shown if mark is None else f"{mark}{shown}{_END}"


def seen(text: str) -> str:
    """A text as a terminal may have it: our colors, and nothing hidden of anyone else's."""
    if text.isprintable():
        return text
    return "".join(_STYLES.get(part) or visible(part) for part in _MARKED.split(text))


def clipped(text: str, columns: int) -> str:
    """`text` on one line, at most so many columns."""
    flat = " ".join(text.split())
    return flat if len(flat) <= columns else f"{flat[: max(0, columns - 1)]}…"


def table(rows: Iterable[Sequence[object]], headers: Sequence[str]) -> str:
    """An aligned table; on a terminal its last column takes what is left of the line.

    In a pipe nothing is cut: another program reads it, and a line may be as long as it is.
    """
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [
        max([len(header), *(len(row[i]) for row in cells)]) for i, header in enumerate(headers)
    ]
    rest = widths[-1]
    if sys.stdout.isatty():
        gaps = 2 * (len(headers) - 1)
        widths = _narrowed(widths, sum(widths[:-1]) + gaps)
        rest = max(10, terminal() - sum(widths[:-1]) - gaps)
    lines = []
    for row in [list(headers), *cells]:
        shown = [
            colored(cell, clipped(cell, wide).ljust(wide))
            for cell, wide in zip(row[:-1], widths[:-1], strict=True)
        ]
        lines.append("  ".join([*shown, clipped(row[-1], rest)]).rstrip())
    return "\n".join(lines)


def unclipped(rows: Iterable[Sequence[object]], headers: Sequence[str]) -> str:
    """An aligned table that loses nothing: long last cells go on below, below all if need be."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headers, *cells, strict=True)][:-1]
    start = sum(widths) + 2 * len(widths)
    below = width() - start < 24  # columns: too few for words
    lines = []
    for row in [list(headers), *cells]:
        first = "  ".join(cell.ljust(w) for cell, w in zip(row[:-1], widths, strict=True))
        if below and row[-1]:
            lines += [first.rstrip(), wrapped(row[-1], indent="    ")]
        else:
            lines.append(wrapped(row[-1], indent=f"{first}  ", hanging=" " * start) or first)
    return "\n".join(line.rstrip() for line in lines)


def _narrowed(widths: list[int], fixed: int) -> list[int]:
    """Take columns from the widest until the last one has room."""
    found = list(widths)
    over = fixed + min(widths[-1], 20) - terminal()
    while over > 0 and max(found[:-1], default=0) > 12:
        widest = found[:-1].index(max(found[:-1]))
        found[widest] -= 1
        over -= 1
    return found


def wrapped(text: str, *, indent: str = "", hanging: str | None = None) -> str:
    """Text in lines that fit the terminal; a no-break space is a space that stays in its line."""
    return textwrap.fill(
        text,
        width=width() - 1,
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    ).replace("\xa0", " ")


def hint(text: str) -> str:
    """What to type next, below what was said."""
    return wrapped(f"-> {text}", indent="  ", hanging="     ")


def from_home(text: str) -> str:
    """Text in which paths begin at ~, as a shell takes them; without that they fill a line."""
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home() fails where there is none
    if system.WINDOWS or len(home) < 3 or not home.startswith("/"):
        return text
    return re.sub(rf"(?<![^\s(]){re.escape(home)}/", "~/", text)


def unbroken(text: str) -> str:
    """Text in which options and commands that are to be copied stay on their line, if they fit."""
    return _TO_COPY.sub(
        lambda found: found[0] if len(found[0]) > FITS else found[0].replace(" ", "\xa0"), text
    )


_TO_COPY = re.compile(
    r'--(?:map|ignore) "[^"]*"'
    r"|planner [a-z-]+(?: [a-z-]+(?= [\dA-Z]))?(?: (?:\d+|[A-Z]+|--\S+|\w+=\S+))*"
)
FITS = 60  # columns


def named(letter: Letter) -> str:
    """The program of a letter, by the number that `plan` gives it, too."""
    return f"#{letter.program_id} {letter.program}"


def voided(numbers: Iterable[int]) -> str:
    """The letters that lost their approval."""
    listed = ", ".join(f"letter {number}" for number in numbers)
    return wrapped(f"No longer approved, because their facts changed: {listed}", hanging="  ")


def under_way(found: Iterable[UnderWay]) -> str:
    """What becomes of letters that are in the hands of a sender while their facts change."""
    return "\n".join(wrapped(_under_way(one), hanging="  ") for one in found)


def _under_way(one: UnderWay) -> str:
    letter = f"Letter {one.letter.id} ({one.letter.program})"
    if one.leaves:
        return f"{letter} can no longer be stopped and goes out as it was approved: {one.why}"
    return (
        f"{letter} is being sent as it was approved. planner checks it again before the last step,"
        f" and then holds it back: {one.why}"
    )


def bullets(lines: Iterable[str], *, indent: str = "  ") -> str:
    """One bullet a line of thought."""
    return "\n".join(wrapped(x, indent=f"{indent}- ", hanging=f"{indent}  ") for x in lines)


plural = pages.plural


def first_step(resend: Sequence[Service]) -> list[str]:
    """Step 0 as a paragraph, where a service has yet to get the new score."""
    if not resend:
        return []
    title, *steps, until = step_zero_lines(resend)
    lines = [wrapped(step, indent="  ", hanging="    ") for step in steps]
    return ["\n".join([title, *lines, wrapped(until, indent="  ")])]


def ranges(numbers: Sequence[int]) -> str:
    """Letter numbers as a person types them: "3,7-12"."""
    parts: list[str] = []
    start = previous = None
    for number in [*sorted(numbers), None]:
        if previous is not None and number == previous + 1:
            previous = number
            continue
        if start is not None:
            parts.append(str(start) if start == previous else f"{start}-{previous}")
        start = previous = number
    return ",".join(parts)


def difference(lines: Iterable[str], *, indent: str = "") -> str:
    """Lines of a difference, those that went in red and those that came in green."""
    colors = {"-": "refused", "+": "sent"}
    return "\n".join(
        colored(
            colors.get(line[:1], ""),
            wrapped(printable(line), indent=indent, hanging=f"{indent}  "),
        )
        for line in lines
    )


def letter_text(subject: str, sender: str, to: str, cc: str, body: str) -> str:
    """A letter as a mail reader shows it, wrapped for the terminal."""
    head = [f"From:    {sender}", f"To:      {to}"]
    head += [f"Cc:      {cc}"] if cc else []
    return "\n".join([*head, subject_and_body(subject, body)])


def subject_and_body(subject: str, body: str) -> str:
    """What a letter says, wrapped for the terminal."""
    head = wrapped(f"Subject: {printable(subject)}", hanging="         ")
    safe = [printable(line) for line in body.rstrip("\n").split("\n")]
    lines = [wrapped(line) if len(line) >= width() else line for line in safe]
    return "\n".join([head, "", *lines])


def findings(letter: Letter, found: Sequence[Mapping[str, str]] | None = None) -> str:
    """The findings in a letter, one a line with the number to name it by, and its fix."""
    lines = []
    for number, f in enumerate(letter.findings if found is None else found, 1):
        fix = fix_of(f).replace("PROGRAM", str(letter.program_id))
        text = f"{number}. {f['severity']} {f['code']}: “{f['text']}” ({f.get('place', '')}). {fix}"
        lines.append(wrapped(text, indent="  ! ", hanging="    "))
    return "\n".join(lines)


def own_notes(noted: str) -> str:
    """What the user has noted about a program, beside its letter: a line not to be forgotten."""
    return wrapped(f"Your notes: {printable(noted)}", hanging="  ")


def joined(addresses: Sequence[str]) -> str:
    """Addresses as a person reads them."""
    return ", ".join(addresses)


HELD = "[held]"
HELD_MEANS = (
    f"{HELD}: your notes, a comment or a color speak against a letter to it; planner why PROGRAM"
    " shows which. A letter would wait until you decide."
)


def marked(name: str, *, held: bool) -> str:
    """The name of a program, with a mark if something would hold a letter to it."""
    return f"{name} {HELD}" if held else name
