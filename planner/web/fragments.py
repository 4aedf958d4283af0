"""Parts of the page: values of steps to HTML, in which everything of a letter is text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from planner import steps
from planner.open_workspace import OpenWorkspace
from planner.pages import pages_of, plural, words
from planner.rules.choice import SAYS, WHEN
from planner.rules.compose_links import MAKERS, Way, link, trouble
from planner.rules.facts import Verdict
from planner.rules.letters import Letter, findings_of
from planner.rules.lint.titles import TITLES
from planner.rules.states import DUE, GONE, REOPENABLE, LetterState
from planner.rules.wording import VOICES
from planner.sheets.writer import cell_of
from planner.steps.edit import EDITABLE
from planner.steps.overrides import digest_of, make_identity, may_all_stand, open_errors
from planner.steps.review_view import Reading, compare_texts, compare_with_today
from planner.steps.trial import Trial
from planner.web import corrections
from planner.web.marks import Line, lines_of, pieces
from planner.web.work import Work

# How the list is narrowed; the states of a filter are words of its rows.
FILTERS: Mapping[str, frozenset[str]] = {
    "to read": frozenset({LetterState.DRAFT}),
    "approved": frozenset(DUE),
    "left out or refused": frozenset(REOPENABLE),
    "sent or not?": frozenset({LetterState.EXPORTED, LetterState.UNKNOWN}),
    "sent or on the way": frozenset(GONE - {LetterState.EXPORTED, LetterState.UNKNOWN}),
    "no letter": frozenset({"none"}),
}

# What a letter is, where the word of its state says little to people.
STATES: Mapping[str, str] = {
    LetterState.CLAIMED: "being sent",
    LetterState.COMMITTING: "being sent",
    LetterState.EXPORTED: "handed to you",
    LetterState.UNKNOWN: "sent or not?",
}


# What a decision means for somebody who has not read the table.
VERDICTS: Mapping[str, str] = {
    Verdict.EMAIL: "write to them",
    Verdict.UPDATE_ONLY: "keep the application service current, and write nothing",
    Verdict.EXCLUDED: "leave them out",
}


# States of which the last words of the mail server say more.
OUTCOMES = frozenset({LetterState.DEFERRED, LetterState.REFUSED, LetterState.UNKNOWN})

# What an event says of itself, where that is a word of the craft.
WHYS: Mapping[str, str] = {
    "rendered": "written from the templates",
    "as shown": "as it was shown",
    "unseen": "without having been shown",
}


class Fragments:
    """The parts of the page of one run."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.pages = pages_of("planner.web")
        self.pages.globals |= {"fix_of": work.advice.fix, "when": WHEN, "says": SAYS}
        self.pages.globals["verdicts"] = VERDICTS
        self.pages.globals |= {
            "title_of": _title_of,
            "identity_of": make_identity,
            "cell_of": cell_of,
        }
        self.pages.filters["why"] = lambda why: WHYS.get(why, why)
        self.pages.filters["state"] = lambda state: STATES.get(state, words(state))

    def _made(self, name: str, **values: Any) -> str:
        return self.pages.get_template(name).render(**values)

    def list_all(self) -> str:
        """The rows of the list, those of the letters that were asked for where some were."""
        found = steps.overview.overview(self.work.ws)
        if self.work.only is not None:
            found = [entry for entry in found if entry.letter and entry.letter.id in self.work.only]
        count = Counter(entry.state for entry in found)
        filters = {
            name: (" ".join(sorted(states)), sum(count[state] for state in states))
            for name, states in FILTERS.items()
        }
        return self._made("list.html", entries=found, filters=filters)

    def welcome(self) -> str:
        """What is said to somebody who has never been here; empty if nothing is."""
        return self._made("welcome.html", lines=self.work.welcome) if self.work.welcome else ""

    def standing(self) -> str:
        """How many letters there are of each state."""
        found = steps.status.status(self.work.ws, self.work.ws.settings.pace)
        return self._made("standing.html", found=found)

    def row(self, number: int) -> Mapping[str, Any]:
        """The row of a letter in the list, and the form that the letter has."""
        entry = steps.overview.entry(self.work.ws, number)
        form = f"{entry.letter.content_digest} {entry.state}" if entry.letter else ""
        made = vars(self.pages.get_template("row.html").make_module())["row"](entry)
        return {"row": made, "number": number, "version": form}

    def letter(self, reading: Reading) -> Mapping[str, Any]:
        """A letter with its reasons, findings and history, and its row of the list."""
        letter, ws = reading.letter, self.work.ws
        (story,) = steps.review_view.list_histories(ws, [letter.id])
        applicant = ws.settings.applicant
        errors = open_errors(reading.findings, letter.overrides)
        is_draft = letter.state is LetterState.DRAFT
        is_wanted = reading.decision.verdict is Verdict.EMAIL
        waits = letter.state in (LetterState.DRAFT, *DUE)
        changes = lines_of(compare_with_today(reading)) if waits else []
        html = self._made(
            "letter.html",
            reading=reading,
            letter=letter,
            sender=f"{applicant.name} <{letter.sender}>",
            subject=pieces(letter.subject, reading.findings),
            body=pieces(letter.body, reading.findings),
            changes=changes,
            events=[(_local(ws, event.at), event) for event in story.events],
            program_of=reading.decision.program,
            corrections=corrections.TABLE if is_draft else {},
            stand=errors if is_draft and may_all_stand(errors.values()) else {},
            standing={make_identity(one): one["because"] for one in letter.overrides},
            links=self._links(letter),
            ways=self._ways(letter),
            voices=VOICES if "voice" in letter.facts else (),
            can=_can(letter),
            unwanted=is_draft and not letter.undecided and not is_wanted,
            moved=is_draft and is_wanted and (reading.moved or (changes and not letter.edited)),
            next_attempt=_local(ws, letter.next_attempt_at)
            if letter.state is LetterState.DEFERRED and letter.next_attempt_at
            else None,
            warnings=len(findings_of(reading.findings, "warning")),
            errors=len(errors),
        )
        return {
            **self.row(letter.id),
            "html": html,
            "kind": letter.letter,
            "voice": letter.facts.get("voice", ""),
            "subject": letter.subject,
            "body": letter.body,
            "reason": reading.decision.program.reason,
            "shown": letter.shown_digest == letter.content_digest,
            "warnings": len(findings_of(reading.findings, "warning")),
            "errors": len(errors),
            "listed": digest_of(reading.findings),
        }

    def _ways(self, letter: Letter) -> list[tuple[Way, str]]:
        """The ways in which an approved letter can be opened, and what each is called."""
        if letter.state is not LetterState.APPROVED:
            return []
        note = steps.sending.handing.read_note(self.work.ws.store, letter)
        labels = self.work.advice.labels
        return [(way, labels[way]) for way in MAKERS if not trouble(way, note)]

    def _links(self, letter: Letter) -> list[tuple[Way, str, str]]:
        """The links that open a letter that was handed over: what each is called, where it leads."""
        if letter.state is not LetterState.EXPORTED:
            return []
        note = steps.sending.handing.read_note(self.work.ws.store, letter)
        labels = self.work.advice.labels
        return [(way, labels[way], link(way, note)) for way in MAKERS if not trouble(way, note)]

    def why(self, program: int) -> str:
        """The whole table of decisions for a program."""
        return self._made("why.html", story=steps.plan.explain(self.work.ws, f"#{program}"))

    def send(self) -> str:
        """What would leave now, in the words of the command line."""
        return self._made("send.html", planned=self.work.advice.send())

    def trial(self, trial: Trial) -> Mapping[str, Any]:
        """The findings of a letter as it would be, and what would change in it.

        `heard` is what a screen reader is told of it.
        """
        lines = lines_of(trial.difference)
        counts = [(word, len(findings_of(trial.findings, word))) for word in ("error", "warning")]
        found = ", ".join(plural(number, word) for word, number in counts if number)
        return {
            "html": self._made("trial.html", trial=trial, lines=lines),
            "differs": bool(lines),
            "heard": f"{found or 'No problems found'}.",
        }

    def conflict(self, number: int, mine: Mapping[str, str]) -> str:
        """What sets the user's own text apart from the letter as it is by now."""
        letter = steps.outbox.get_letter(self.work.ws, number)
        theirs = (letter.subject, letter.body)
        lines: list[Line] = lines_of(compare_texts(theirs, (mine["subject"], mine["body"])))
        can_edit = "edit" in _can(letter)
        return self._made("conflict.html", lines=lines, letter=letter, can_edit=can_edit)


def _local(ws: OpenWorkspace, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(ws.settings.pace.timezone))


def _title_of(finding: Mapping[str, str]) -> str:
    code = finding["code"]
    return TITLES.get(code) or words(code)  # a version before this one may have had others


def _can(letter: Letter) -> frozenset[str]:
    """What a person may do to a letter in its state."""
    draft = letter.state is LetterState.DRAFT
    found = {"approve": draft or letter.state in REOPENABLE, "leave out": draft}
    found["edit"] = draft or letter.state in EDITABLE
    found["hand over"] = letter.state is LetterState.APPROVED
    found["resolve"] = letter.state is LetterState.EXPORTED
    found["outcome"] = letter.state in OUTCOMES
    found["take back"] = letter.state in DUE | REOPENABLE
    return frozenset(name for name, holds in found.items() if holds)
