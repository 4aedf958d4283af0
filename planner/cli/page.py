"""Letters as one page of HTML: everything in it, nothing from the network, no scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from planner.cli import show
from planner.cli.hand import LABELS
from planner.cli.hints.findings import fix_of
from planner.pages import pages_of
from planner.rules.compose_links import CARRIES_CC, MAKERS, Note, link, trouble
from planner.rules.letters import Letter


class Shown(NamedTuple):
    """A letter, who it is from, and why its program gets it.

    `note` is there once the letter was handed over: only then may it be opened elsewhere.
    """

    letter: Letter
    sender: str
    reasons: Sequence[str]
    note: Note | None = None

    @property
    def headers(self) -> Sequence[tuple[str, str]]:
        """What a mail program shows above the text; empty ones too."""
        return (
            ("From", self.sender),
            ("To", show.joined(self.letter.to)),
            ("Cc", show.joined(self.letter.cc)),
            ("Subject", self.letter.subject),
        )

    @property
    def buttons(self) -> Iterator[tuple[str, str]]:
        """The links that open it in a mail program: what each is called, and where it leads."""
        if self.note is not None:
            for way in MAKERS:
                if not trouble(way, self.note):
                    yield LABELS[way], link(way, self.note)

    @property
    def marks(self) -> Sequence[tuple[str, int]]:
        """How many findings of each severity there are."""
        found = [finding["severity"] for finding in self.letter.findings]
        counts = [(word, found.count(word)) for word in ("error", "warning")]
        return [(word, number) for word, number in counts if number]

    @property
    def notes(self) -> Iterator[tuple[str, Sequence[str]]]:
        """What stands below the text, each with its class: reasons, findings, what holds it."""
        yield "meta", self.reasons
        for number, finding in enumerate(self.letter.findings, 1):
            yield finding["severity"], [_in_words(number, finding)]
        yield "warning", [held] if (held := self.letter.held_because) else []
        yield "warning", list(self._troubles())

    def _troubles(self) -> Iterator[str]:
        """What to do where a link is missing, or leaves something out."""
        if self.note is None:
            return
        for way in MAKERS:
            if why := trouble(way, self.note):
                yield f"No link to {LABELS[way]}: {why}. planner hand {self.letter.id}, then o, then f"
            elif self.note.cc and way not in CARRIES_CC:
                yield f"{LABELS[way]} cannot fill in Cc from a link: paste {show.joined(self.note.cc)}"


def page(shown: Sequence[Shown], title: str) -> str:
    """The page: a list of the letters, then each as a mail program would show it."""
    return pages_of("planner.cli").get_template("letters.html").render(shown=shown, title=title)


def _in_words(number: int, finding: Mapping[str, str]) -> str:
    said = "{severity} {code}: “{text}”".format(**finding)
    return f"{number}. {said}. {fix_of(finding)}"
