"""A decision and its templates become a draft: text, recipients, facts, findings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from planner.errors import ConfigError
from planner.mail.message import Outline, UnsafeMessageError, content_digest, freeze
from planner.rules.calendar import eastern
from planner.rules.facts import LetterKind, Occasion
from planner.rules.letters import Draft, Letter
from planner.rules.lint import Finding, Severity, lint
from planner.rules.lint.campaign import Campaign, Told
from planner.rules.lint.cross import calls_first_choice
from planner.rules.lint.page import Page, Written
from planner.rules.planning import Decision, Plan, make_plan
from planner.rules.states import GONE, WITHDRAWN
from planner.steps.letter_facts import AGAINST, OWN_WORDING, LetterFacts, own_wording
from planner.store import programs
from planner.store.letters import list_letters

if TYPE_CHECKING:
    from planner.letters import Templates, Text
    from planner.rules.situation import Situation
    from planner.store.engine import Transaction


# What is derived from the programs alone, and stays as it is when a letter moves.
OF_PROGRAMS = frozenset({"_by_id", "_days", "_desks", "_refusals"})
# Why a draft of before cannot leave: a new attempt, or a score that was awaited then.
OTHER_OCCASION = "it was written for another season or score"


@dataclass(frozen=True)
class Composer(LetterFacts):
    """Turns decisions into drafts."""

    templates: Templates
    first_choices: frozenset[int] = frozenset()
    told: Mapping[int, Told] = field(default_factory=dict)

    @cached_property
    def plan(self) -> Plan:
        """The plan of everything that is stored."""
        return make_plan(self.situation, self.programs, self.letters)

    def at(self, now: datetime) -> Composer:
        """The same at a later moment, at which its plan still holds."""
        derived = vars(self).keys() - {f.name for f in fields(self)}
        return self._varied(derived, situation=self.situation._replace(now=now))

    def with_letter(self, letter: Letter) -> Composer:
        """The same after a letter moved from state to state, its text unchanged."""
        known = [letter.fact() if letter.id == fact.id else fact for fact in self.letters]
        first_choices = self.first_choices | list_first_choices([letter])
        kept = OF_PROGRAMS | ({"campaign"} if first_choices == self.first_choices else set())
        return self._varied(kept, letters=known, first_choices=first_choices)

    def _varied(self, kept: Collection[str], **changes: Any) -> Composer:
        """Change fields, and keep these values that were derived before."""
        varied = replace(self, **changes)
        vars(varied).update((name, made) for name, made in vars(self).items() if name in kept)
        return varied

    def draft_again(self, letter: Letter, decision: Decision) -> Draft:
        """`draft` for a letter that exists, in the wording chosen for it, if any."""
        return self.checked(self.write_again(letter, decision), decision)

    def write_again(self, letter: Letter, decision: Decision) -> Draft:
        """`write` for a letter that exists, in the wording chosen for it, if any."""
        return self.write(decision, letter.letter, voice=own_wording(letter).get("voice", ""))

    def draft(
        self, decision: Decision, kind: LetterKind | None = None, *, voice: str = ""
    ) -> Draft:
        """Render the letter that a decision calls for, or `kind` if the reviewer chose it.

        `voice` is another wording than the applicant's.  Raises ConfigError for a template that cannot be used.
        """
        return self.checked(self.write(decision, kind, voice=voice), decision)

    def checked(self, draft: Draft, decision: Decision) -> Draft:
        """What `write` wrote, with its findings."""
        page = Page(draft.letter, draft.subject, draft.body, draft.to, decision.case, draft.cc)
        outline = self.outline(draft.subject, draft.body, draft.to, draft.cc)
        return draft._replace(findings=self.findings(page, outline))

    def write(
        self, decision: Decision, kind: LetterKind | None = None, *, voice: str = ""
    ) -> Draft:
        """`draft` without its findings, for callers that need only the words: a check takes longer."""
        if decision.letter is None:
            raise ValueError("a decision that writes no letter")
        chosen = kind or decision.letter
        facts = self.facts(decision.case)
        text = self.text(decision, chosen, facts, voice=voice)
        outline = self.outline(text.subject, text.body, decision.to, decision.cc)
        always = (*self.envelope(decision.program), "sender", *AGAINST)
        bound = {name: facts[name] for name in always}
        if voice:
            bound[OWN_WORDING] = voice
        first = self.first_letter(decision.program.id)
        answers = first.message_id if first and chosen is LetterKind.SCORE_POSTED else ""
        return Draft(
            program_id=decision.program.id,
            occasion=self.situation.occasion,
            letter=chosen,
            picked=decision.letter,
            rule=decision.rule,
            subject=text.subject,
            body=text.body,
            sender=self.situation.applicant.email,
            to=decision.to,
            cc=decision.cc,
            facts={**text.facts, **bound},
            content_digest=content_digest(chosen, outline),
            findings=(),
            in_reply_to=answers or None,
        )

    def text(
        self,
        decision: Decision,
        kind: LetterKind,
        facts: Mapping[str, str] | None = None,
        *,
        voice: str = "",
    ) -> Text:
        """The words of a letter; `voice` is another wording than the applicant's.

        Raises ConfigError for a template that cannot be used.
        """
        given = dict(self.facts(decision.case) if facts is None else facts)
        if voice:
            given["voice"] = voice
        try:
            return self.templates.render(kind, given)
        except ConfigError as error:
            error.message = f"{decision.program.program}: {error.message}"
            raise

    def outline(self, subject: str, body: str, to: tuple[str, ...], cc: tuple[str, ...]) -> Outline:
        """The message that these parts make, from the applicant."""
        applicant = self.situation.applicant
        return Outline(applicant.name, applicant.email, to, cc, subject, body)

    def findings(self, page: Page, outline: Outline) -> list[Mapping[str, str]]:
        """Return the findings in a letter and in the bytes that would leave, as they are stored."""
        found = lint(page, self.campaign)
        if not any(finding.code == "bad_header" for finding in found):
            found += _unsendable(outline)
        return [stored(finding) for finding in found]

    @cached_property
    def campaign(self) -> Campaign:
        """Return what a letter is checked against; names and reasons are collected once."""
        return Campaign(self.programs, self.situation.specialties, self.first_choices, self.told)

    def findings_for(self, letter: Letter, decision: Decision) -> list[Mapping[str, str]]:
        """The findings in a letter that exists, as things are now.

        An edited one is held against what the templates would write.  Raises ConfigError
        for a template that cannot be used.
        """
        page = Page(
            letter.letter,
            letter.subject,
            letter.body,
            letter.to,
            decision.case,
            letter.cc,
            self._written(letter, decision) if letter.edited else None,
        )
        return self.findings(page, self.outline(letter.subject, letter.body, letter.to, letter.cc))

    def _written(self, letter: Letter, decision: Decision) -> Written:
        facts = self.facts(decision.case) | own_wording(letter)
        text = self.templates.render(letter.letter, facts)
        return Written(text.subject, text.body)


def make_composer(
    tx: Transaction, situation: Situation, templates: Templates, account: str
) -> Composer:
    """A composer over everything that is stored."""
    letters = list_letters(tx)
    return Composer(
        situation=situation,
        templates=templates,
        programs=programs.list_programs(tx),
        letters=[letter.fact() for letter in letters],
        account=account,
        first_choices=list_first_choices(
            x for x in letters if x.occasion.season == situation.season and x.state not in WITHDRAWN
        ),
        told=list_told_scores(letters, situation.occasion),
    )


def _unsendable(outline: Outline) -> tuple[Finding, ...]:
    """Return why a letter cannot become a message, so that it is reported before approval."""
    try:
        freeze(outline)
    except UnsafeMessageError as error:
        return (Finding("unsendable", Severity.ERROR, error.message, "message", error.hint),)
    return ()


def stored(finding: Finding) -> Mapping[str, str]:
    """A finding as the database has it."""
    found = {
        "code": finding.code,
        "severity": finding.severity.value,
        "text": finding.text,
        "place": finding.place,
    }
    return {**found, "fix": finding.fix} if finding.fix else found


def list_told_scores(letters: Iterable[Letter], present: Occasion) -> Mapping[int, Told]:
    """Return the scores that programs were told on another occasion of this season."""
    return {
        x.program_id: Told(x.id, score, eastern(x.sent_at).date() if x.sent_at else None)
        for x in letters
        if x.state in GONE and x.occasion != present and x.occasion.season == present.season
        if (score := x.facts.get("score", ""))
    }


def list_first_choices(letters: Iterable[Letter]) -> frozenset[int]:
    """Return the programs whose letters call them the first choice."""
    return frozenset(
        letter.program_id for letter in letters if calls_first_choice(letter.subject, letter.body)
    )
