"""What the facts of letters are derived from, and how changes to them are described."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from planner.rules.calendar import eastern, noon
from planner.rules.case import OUT_OF_PLAY, Case
from planner.rules.facts import ContactPolicy, Program, Track
from planner.rules.holds import holds
from planner.rules.letters import Letter
from planner.rules.planning import LetterFact, promised_by
from planner.rules.recipients import Refusals, fold_address, recipients, refusals, refused_at
from planner.rules.situation import Backdrops, Situation, case_for
from planner.rules.tracks import track_of
from planner.rules.wording import changed_facts, envelope_facts, facts_for

# Facts that no template uses, and every approval rests on.
AGAINST = ("notes_against", "address_refused")
OWN_WORDING = "own_wording"  # kept where a letter is not in the applicant's wording


@dataclass(frozen=True)
class LetterFacts:
    """What the facts of letters follow from."""

    situation: Situation
    programs: Sequence[Program]
    letters: Sequence[LetterFact]
    account: str

    @cached_property
    def _first_letters(self) -> Mapping[int, LetterFact]:
        return promised_by(self.letters, self.situation.occasion)

    @cached_property
    def _refusals(self) -> Refusals:
        return refusals(self.programs)

    @cached_property
    def _by_id(self) -> Mapping[int, Program]:
        return {program.id: program for program in self.programs}

    @cached_property
    def _days(self) -> dict[date, Backdrops]:
        return {}  # a memo: letters are approved on a few days only

    def first_letter(self, program_id: int) -> LetterFact | None:
        """The letter that told this program that the score is pending."""
        return self._first_letters.get(program_id)

    def facts(self, case: Case) -> dict[str, str]:
        """Every fact of a case that a letter may use, its envelope's included."""
        applicant, first = self.situation.applicant, self.first_letter(case.program.id)
        return {
            **facts_for(
                case,
                specialties=self.situation.specialties,
                first_subject=first.subject if first else "",
                beside=self._beside(case.program),
                voice=self.situation.voice,
            ),
            **self.envelope(case.program),
            "sender": f"{applicant.name} <{applicant.email}>",
            **self._against(case),
        }

    @cached_property
    def _desks(self) -> Mapping[tuple[str, str], Sequence[Program]]:
        """The programs in play by specialty and To."""
        found: dict[tuple[str, str], list[Program]] = {}
        for program in self.programs:
            if program.status not in OUT_OF_PLAY and program.contact_policy is ContactPolicy.OPEN:
                found.setdefault(self._desk_of(program), []).append(program)
        return found

    def _desk_of(self, program: Program) -> tuple[str, str]:
        to, _ = recipients(program, self.situation.address)
        return program.specialty, fold_address(to[0]) if to else ""

    def _beside(self, program: Program) -> list[Program]:
        """The other tracks that the letter's reader directs, where it can speak for them, too."""
        specialty, to = self._desk_of(program)
        mine = track_of(program) or Track.CATEGORICAL
        same = self._desks.get((specialty, to), ()) if to else ()
        return [p for p in same if (track_of(p) or Track.CATEGORICAL) is not mine]

    def _against(self, case: Case) -> dict[str, str]:
        """What speaks against a letter without being in its text; it also binds an approval."""
        program = case.program
        to, _ = recipients(program, self.situation.address)
        refused = refused_at(self._refusals, program, to)
        return dict(
            zip(
                AGAINST,
                ("; ".join(holds(case)), "; ".join(refused)),
                strict=True,
            )
        )

    def envelope(self, program: Program) -> dict[str, str]:
        """The facts that the recipients follow from."""
        return envelope_facts(program, self.situation.address)

    def present_facts(self, letter: Letter, program: Program) -> dict[str, str]:
        """The facts of a letter as they would be today, judged on the day of its approval.

        On the same day, because time alone voids nothing: an interview that has taken
        place since is the business of the gate `still_true`.
        """
        day = eastern(letter.approved_at or self.situation.now).date()
        if day not in self._days:
            self._days[day] = Backdrops(self.situation._replace(now=noon(day)))
        case = case_for(self._days[day], program, list_size=len(self.programs))
        everything = self.facts(case) | own_wording(letter)
        return {name: everything.get(name, "") for name in letter.facts}

    def changes(self, letter: Letter) -> dict[str, tuple[str, str]]:
        """Return what an approval rests on and has changed since: facts, the account."""
        now = self.present_facts(letter, self._by_id[letter.program_id])
        found = changed_facts(letter.facts, now)
        if letter.account != self.account:
            found["mail account"] = (letter.account or "", self.account)
        return found


def own_wording(letter: Letter) -> dict[str, str]:
    """The wording that the reviewer chose for a letter, as facts; the config has no say in it."""
    voice = letter.facts.get(OWN_WORDING, "")
    return {"voice": voice, OWN_WORDING: voice} if voice else {}


def describe_changes(changes: Mapping[str, tuple[str, str]]) -> str:
    """Changed facts as one sentence."""
    return "; ".join(
        f"{name.replace('_', ' ')}: {old or '(empty)'} -> {new or '(empty)'}"
        for name, (old, new) in changes.items()
    )
