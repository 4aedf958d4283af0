"""What the page asks for, one step each: a request's document in, a document for the page out.

What changes a letter names the form of it that was on the screen, so that nobody overwrites
what they have not seen, be it from another tab or from the command line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple

from planner import steps, wiring
from planner.errors import ConfigError, PersonNeededError
from planner.rules.compose_links import Way
from planner.rules.facts import LetterKind
from planner.rules.states import DUE, LetterState
from planner.rules.wording import VOICES
from planner.steps.actions import ActionResult, refuse_changed
from planner.steps.overrides import Override
from planner.web.corrections import FIELDS
from planner.web.fragments import Fragments
from planner.web.work import Work

# The bytes that were approved are gone by then, so there is no way back to the approval.
AS_DRAFT = "a draft again: approve it again before it can be sent."
KEPT = "kept as you edited it; edit it again to fit."
Said = Mapping[str, Any]
Answer = Mapping[str, Any]


class Version(NamedTuple):
    """A letter as it was on the screen."""

    id: int
    content_digest: str
    state: LetterState


class Answers:
    """The answers of one run of the page."""

    def __init__(self, work: Work) -> None:
        self.work, self.ws, self.turn = work, work.ws, asyncio.Lock()
        self.fragments = Fragments(work)

    def list_all(self, number: int, said: Said) -> Answer:
        """The list of programs with their letters."""
        return {"html": self.fragments.list_all(), "welcome": self.fragments.welcome()}

    def standing(self, number: int, said: Said) -> Answer:
        """How many letters there are of each state."""
        return {"html": self.fragments.standing()}

    def read(self, number: int, said: Said) -> Answer:
        """A letter; its findings are brought up to date, so this is no mere look."""
        return self.fragments.letter(steps.review_view.read(self.ws, number))

    def why(self, number: int, said: Said) -> Answer:
        """The whole table of decisions for a program."""
        return {"html": self.fragments.why(number)}

    def send(self, number: int, said: Said) -> Answer:
        """What would leave now; sending itself is the command line's."""
        return {"html": self.fragments.send()}

    def shown(self, number: int, said: Said) -> Answer:
        """The letter was on the screen from its begin to its end, in this form."""
        opened = _opened(number, said)
        with self.ws.same_composer():
            steps.review.note_shown_as(self.ws, opened)
        return {"shown": True}

    def attempt(self, number: int, said: Said) -> Answer:
        """What a letter would be like with another text, wording or reason, or of another kind."""
        if "kind" in said:
            trial = steps.trial.try_kind(self.ws, number, _kind(said), _voice(said))
        elif "reason" in said:
            trial = steps.trial.try_reason(self.ws, number, _text(said, "reason"))
        else:
            texts = _text(said, "subject"), _text(said, "body")
            trial = steps.trial.try_text(self.ws, number, *texts)
        return self.fragments.trial(trial)

    def approve(self, number: int, said: Said) -> Answer:
        """Freeze the letter that is on the screen."""
        opened, stand = _opened(number, said), _overrides(said)
        listed = _text(said, "listed") if stand else ""
        with self.ws.same_composer() as moved:
            result = steps.review.approve_opened(self.ws, opened, overrides=stand, listed=listed)
            moved.append(result.letter)
        self._refuse(result, "approved")
        self.work.approved.add(number)
        self.work.left_out.discard(number)
        held = f" Held back for now: {result.reason}" if result.reason else ""
        return self._decided(number, f"approved.{held}")

    def leave_out(self, number: int, said: Said) -> Answer:
        """Say no to the draft that is on the screen."""
        opened = _opened(number, said)
        (result,) = steps.actions.leave_out(self.ws, [number], opened=opened)
        self._refuse(result, "left out")
        self.work.left_out.add(number)
        return self._decided(number, "left out.")

    def take_back(self, number: int, said: Said) -> Answer:
        """Take an approval or a no back: the letter is a draft again."""
        result = steps.actions.take_back(self.ws, _opened(number, said))
        self._refuse(result, "taken back")
        self._forget(number)
        return self._done(number, "a draft again.")

    def edit(self, number: int, said: Said) -> Answer:
        """Another text, or another kind of letter in a wording of its own."""
        opened = _opened(number, said)
        if "kind" in said:
            kind, voice = _kind(said), _voice(said)
            steps.edit.edit(self.ws, number, kind=kind, voice=voice, opened=opened)
        else:
            subject, body = _text(said, "subject"), _text(said, "body")
            steps.edit.edit(self.ws, number, subject=subject, body=body, opened=opened)
        self._forget(number)
        return self._saved(opened, "saved.")

    def reason(self, number: int, said: Said) -> Answer:
        """What draws the applicant to the program; the letter is written again."""
        opened = _opened(number, said)
        was = _text(said, "was") if "was" in said else None
        steps.reasons.set_for_letter(self.ws, opened, _text(said, "reason"), was=was)
        self._forget(number)
        return self._saved(opened, "saved, with its reason.")

    def correct(self, number: int, said: Said) -> Answer:
        """Correct a field of the program that a finding asks for; the letter is written again."""
        opened = _opened(number, said)
        if (field := _text(said, "field")) not in FIELDS:
            raise _not_ours("field")
        value, was = _text(said, "value"), _text(said, "was")
        found = steps.correcting.correct(self.ws, opened, field, value, was=was)
        self._forget(number)
        letter = steps.outbox.get_letter(self.ws, number)
        written = KEPT if letter.stale else "written again."
        what = "no longer wanted: leave it out." if letter.undecided else written
        answer = self._saved(opened, " ".join([what, *found.remarks]))
        return {**answer, "corrected": {"value": found.was, "was": found.value}}

    def hand(self, number: int, said: Said) -> Answer:
        """Move an approved letter into the user's own hands; only then its links are shown."""
        self._refuse_changed(number, said)
        where = self.work.advice.labels[_way(said)]
        run = wiring.send_run(self.ws.workspace, steps.sending.SendOptions(ids=[number]))
        with self.ws.store.sender_lock():
            (handed,) = steps.sending.handing.hand_over(run, command="review")
        self._refuse(handed.result, "handed over")
        self._forget(number)
        return self._done(number, f"handed to you: open it in {where}, and send it there.")

    def resolve(self, number: int, said: Said) -> Answer:
        """What became of a letter that was handed over, as the user says."""
        self._refuse_changed(number, said)
        was_sent = said.get("sent") is True
        do = steps.actions.mark_delivered if was_sent else steps.actions.mark_not_delivered
        (result,) = do(self.ws, [number])
        self._refuse(result, "resolved")
        return self._done(number, "sent, as you said." if was_sent else AS_DRAFT)

    def end(self, number: int, said: Said) -> Answer:
        """End the command in the terminal."""
        self.work.end()
        return {"say": "The command in the terminal has ended. You can close this page."}

    def _refuse_changed(self, number: int, said: Said) -> None:
        """Raise ChangedMeanwhileError for a letter that is not as it was on the screen."""
        refuse_changed(steps.outbox.get_letter(self.ws, number), _opened(number, said))

    def _forget(self, number: int) -> None:
        self.work.approved.discard(number)
        self.work.left_out.discard(number)

    def _decided(self, number: int, what: str) -> Answer:
        """Only the row: the page goes on to the next letter."""
        return {**self.fragments.row(number), "say": f"Letter {number} is {what}"}

    def _done(self, number: int, what: str) -> Answer:
        return {**self.read(number, {}), "say": f"Letter {number} is {what}"}

    def _saved(self, opened: Version, what: str) -> Answer:
        answer = self._done(opened.id, what)
        is_draft = steps.outbox.get_letter(self.ws, opened.id).state is LetterState.DRAFT
        if opened.state in DUE and is_draft:
            return {**answer, "say": f"{answer['say']} Approval withdrawn: approve it again."}
        return answer

    def _refuse(self, result: ActionResult, word: str) -> None:
        """Raise PersonNeededError for what was refused, with its reason."""
        if not result.done:
            reason = result.reason.rstrip(".,")
            if result.code == "open_errors":
                numbers = str(result.facts["numbers"]).strip("[]")
                reason = f"it has open errors (finding {numbers})"
            raise PersonNeededError(
                f"Letter {result.letter.id} is not {word}: {reason}.",
                hint=self.work.advice.hint(result),
            )


def _opened(number: int, said: Said) -> Version:
    digest, _, state = _text(said, "version").partition(" ")
    if state not in set(LetterState):
        raise _not_ours("version")
    return Version(number, digest, LetterState(state))


def _kind(said: Said) -> LetterKind:
    if (word := _text(said, "kind")) not in set(LetterKind):
        raise _not_ours("kind")
    return LetterKind(word)


def _voice(said: Said) -> str:
    if (voice := said.get("voice", "")) not in ("", *VOICES):
        raise _not_ours("voice")
    return str(voice)


def _overrides(said: Said) -> list[Override]:
    found = said.get("overrides", [])
    if not isinstance(found, list) or not all(_is_override(one) for one in found):
        raise _not_ours("overrides")
    return [Override(one["finding"], one["because"]) for one in found]


def _is_override(one: object) -> bool:
    """Whether this is one, named by its number in the list that was on the screen."""
    if not isinstance(one, dict) or not isinstance(one.get("because"), str):
        return False
    number = one.get("finding")
    return isinstance(number, str) and number.isascii() and number.isdecimal()


def _way(said: Said) -> Way:
    way = said.get("way", Way.MAILTO)
    if not isinstance(way, str) or way not in set(Way):
        raise _not_ours("way")
    return Way(way)


def _text(said: Said, name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str):
        raise _not_ours(name)
    return value


def _not_ours(name: str) -> ConfigError:
    return ConfigError(f"The page did not send this: {name}.", hint="Load the page again.")
