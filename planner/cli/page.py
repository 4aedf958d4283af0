"""Letters as one page of HTML: everything in it, nothing from the network, no scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from planner.cli import show
from planner.rules.letters import Letter
from planner.rules.visible import printable, visible

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
  color: #222; background: #fff }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin: 0 }
nav li { margin: .1rem 0 } nav small, .meta { color: #666 }
article { border: 1px solid #ccc; border-radius: .5rem; padding: 1rem 1.25rem; margin: 1.5rem 0 }
dl { display: grid; grid-template-columns: 5rem 1fr; gap: .1rem .5rem; margin: .75rem 0 }
dt { color: #666 } dd { margin: 0; overflow-wrap: anywhere }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; margin: 1rem 0;
  border-top: 1px solid #eee; padding-top: 1rem }
.error { color: #a40000 } .warning { color: #8a5a00 }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #1b1b1b }
  article { border-color: #444 } pre { border-color: #333 } dt, .meta, nav small { color: #999 }
  .error { color: #ff8a80 } .warning { color: #ffcc80 } a { color: #8ab4f8 } }
@media print { article { break-inside: avoid } nav { break-after: page } }
"""


class Shown(NamedTuple):
    """A letter, who it is from, and why its program gets it."""

    letter: Letter
    sender: str
    reasons: Sequence[str]


def page(shown: Sequence[Shown], title: str) -> str:
    """The page: a list of the letters, then each as a mail program would show it."""
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            # Not even a letter with markup in it could load anything.
            (
                '<meta http-equiv="Content-Security-Policy"'
                " content=\"default-src 'none'; style-src 'unsafe-inline'\">"
            ),
            f"<title>{_safe(title)}</title><style>{STYLE}</style></head><body>",
            f"<h1>{_safe(title)}</h1>",
            "<nav><ol>",
            *map(_entry, shown),
            "</ol></nav>",
            *map(_article, shown),
            "</body></html>",
            "",
        ]
    )


def _entry(item: Shown) -> str:
    letter = item.letter
    return (
        f'<li value="{letter.id}"><a href="#letter-{letter.id}">{_safe(letter.program)}</a>'
        f" <small>{escape(letter.letter)}, {escape(letter.state)}{_marks(letter)}</small></li>"
    )


def _marks(letter: Letter) -> str:
    found = [finding["severity"] for finding in letter.findings]
    counts = ((word, found.count(word)) for word in ("error", "warning"))
    return "".join(
        f', <span class="{word}">{number} {word}{"s" if number > 1 else ""}</span>'
        for word, number in counts
        if number
    )


def _article(item: Shown) -> str:
    letter = item.letter
    headers = {
        "From": item.sender,
        "To": show.joined(letter.to),
        "Cc": show.joined(letter.cc),
        "Subject": letter.subject,
    }
    rows = "".join(
        f"<dt>{name}</dt><dd>{_safe(value)}</dd>" for name, value in headers.items() if value
    )
    return "\n".join(
        [
            f'<article id="letter-{letter.id}">',
            f"<h2>{letter.id}. {_safe(letter.program)}</h2>",
            (
                f'<div class="meta">{escape(letter.letter)}, {escape(letter.state)},'
                f" rule {escape(letter.rule)}</div>"
            ),
            f"<dl>{rows}</dl>",
            f"<pre>{escape(visible(letter.body))}</pre>",
            _list("meta", item.reasons),
            *(_finding(n, finding) for n, finding in enumerate(letter.findings, 1)),
            _list("warning", [letter.held_because] if letter.held_because else []),
            "</article>",
        ]
    )


def _finding(number: int, f: Mapping[str, str]) -> str:
    return _list(
        f["severity"], [f"{number}. {f['severity']} {f['code']}: “{f['text']}”. {f['fix']}"]
    )


def _safe(text: str) -> str:
    """Text of a stranger on one line of the page."""
    return escape(printable(text))


def _list(kind: str, lines: Iterable[str]) -> str:
    items = "".join(f"<li>{_safe(line)}</li>" for line in lines)
    return f'<ul class="{escape(kind)}">{items}</ul>' if items else ""
