"""The invariants of the outbox: what must always hold in every database."""

from __future__ import annotations

import glob
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from planner import system
from planner.errors import PlannerError
from planner.rules.states import BY_THE_JOURNAL, LetterState, may_move
from planner.steps.intact import find_contradicted, is_intact
from planner.steps.workspace import Workspace
from planner.store import audit, counts, file, journal, lineage, taken
from planner.store.database import Store
from planner.store.engine import Transaction
from planner.store.letters import list_letters
from planner.store.send_queue import fetch_current


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant: its name, what was found, and each violation."""

    name: str
    text: str
    wrong: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it holds."""
        return not self.wrong


@dataclass(slots=True)
class _Story:
    """The events of one letter, followed move by move."""

    state: LetterState | None = None
    wrong: list[str] = field(default_factory=list)

    def follow(self, old: str | None, new: str, command: str) -> None:
        """Take one event."""
        strange = {word for word in (old, new) if word is not None} - {*LetterState}
        if strange:
            self.wrong.append(
                f"an event mentions {', '.join(sorted(strange))}, which is not a state"
            )
            return
        before, after = None if old is None else LetterState(old), LetterState(new)
        by_journal = command == taken.COMMAND and after in BY_THE_JOURNAL
        if before is not self.state:
            self.wrong.append(f"an event moves it from {before}, but it was {self.state}")
        elif before is None:
            if after is not LetterState.DRAFT and not by_journal:
                self.wrong.append(f"it begins as {after}")
        elif not (may_move(before, after) or by_journal):
            self.wrong.append(f"an event moves it from {before} to {after}")
        self.state = after


def audit_all(ws: Workspace) -> Iterator[Finding]:
    """Check every invariant; a violation does not stop the other checks."""
    store, now = ws.store, ws.now()
    with store.read() as tx:
        if store.path is not None:
            yield from _of_the_file(store, store.path, tx)
        found = counts.count_letters(tx)
        total, in_states = audit.count_letters(tx), sum(found.values())
        text = f"{total} letters, {in_states} of them in a known state"
        yield Finding("counts", text, () if total == in_states else (text,))
        yield Finding(
            "digests", "the stored bytes are the ones that you approved", tuple(_digests(tx))
        )
        yield Finding("events", "they explain every state", tuple(_events(store)))
        late = [
            f"letter {n}: it happened at {at:%Y-%m-%d %H:%M:%S} UTC, after now"
            for n, at in audit.list_future_events(tx, now)
        ]
        yield Finding("clock", f"nothing happened after {now:%Y-%m-%d %H:%M} UTC", tuple(late))
        yield _of_the_lineage(store, tx)


def _of_the_file(store: Store, path: Path, tx: Transaction) -> Iterator[Finding]:
    """What a server looks after by itself."""
    yield Finding("file", str(path), tuple(audit.find_damage(tx)))
    yield Finding("settings", "commits are durable", tuple(_settings(store, path)))
    yield Finding("modes", "readable by you alone", tuple(_modes(path)))


def _of_the_lineage(store: Store, tx: Transaction) -> Finding:
    """Whether the database agrees with its journal and its witness, line by line."""
    older, torn = store.find_older(), 0
    wrong = [older.message] if older else []
    if store.path is not None:
        checked = list(journal.read_checked(journal.open_journal(store.path)))
        torn = sum(line is None for line, _ in checked)
        broken = [line["n"] for line, follows in checked if line is not None and not follows]
        wrong += [f"line {n} of the journal does not follow from the one before" for n in broken]
    if not wrong:
        try:
            lineage.refuse_contradicted(tx, store.name, store.path)
        except lineage.OlderCopyError as error:
            wrong.append(error.message)
    known = lineage.read_standing(tx).line
    text = f"{known} lines" + (f", {torn} torn by a crash" if torn else "")
    return Finding("journal", text, tuple(wrong))


def _settings(store: Store, path: Path) -> Iterator[str]:
    try:
        with store.read() as tx:
            file.refuse_undurable(tx, path)
    except PlannerError as error:
        yield error.message


def _modes(database: Path) -> Iterator[str]:
    real = database.resolve()
    if system.is_open_to_all(real.parent):
        yield f"anyone on this machine may replace the files in {real.parent}"
    for path in sorted(real.parent.glob(f"{glob.escape(real.name)}*")):
        if not system.is_private(path):
            mode = stat.S_IMODE(path.stat().st_mode)
            yield f"{path.name} has mode {mode:o}: others on this machine may read it"


def _digests(tx: Transaction) -> Iterator[str]:
    """Letters that are not as they were approved, and stored values that planner never writes."""
    for letter in list_letters(tx):
        damage = letter.damage
        if not damage and letter.digest is not None:
            current = fetch_current(tx, letter.id)
            if not is_intact(letter, current.wire):
                yield f"letter {letter.id}: its bytes are not those that were approved"
                continue
            found = find_contradicted(letter, current)
            damage = tuple(name for name in found if name != "state")  # the events tell of it
        if damage:
            yield f"letter {letter.id}: damaged in the database: {', '.join(damage)}"


def _events(store: Store) -> Iterator[str]:
    """Follow the events of each letter; both queries come in the order of its number."""
    with store.read() as tx:
        for number, state, events in audit.list_histories(tx):
            story = _Story()
            for old, new, command in events:
                story.follow(old, new, command)
            if story.state != state:
                story.wrong.append(f"its state is {state}, but its events end with {story.state}")
            yield from (f"letter {number}: {text}" for text in story.wrong)
