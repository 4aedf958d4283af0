"""After a restored copy: believe the one that knows most, and void the approvals.

The database does not agree with its journal or its witness (see store/lineage.py).  Journal
lines after the last one that the database knows are applied to it: a letter that was sent
becomes `sent`, one that was marked and never answered `unknown`, and one that was refused for
good `refused`.  A letter, program or applicant that the copy lacks is created from the
journal's record; if the record is damaged, the program counts as told.  A letter that only
the witness knows to have left becomes `sent`, and one that it knows only to be marked `unknown`. A
row that may leave although its events say otherwise follows its events. Letters that are still
approved become drafts, because they may have been withdrawn or changed since the copy was made.
Finally, the journal is rewritten from what is now known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from planner import files, system
from planner.rules.states import DELIVERED, DUE, FROZEN, GONE, LetterState
from planner.store import journal, transitions
from planner.store.database import Store
from planner.store.engine import Transaction, among
from planner.store.journal_words import Word, last_of_each, parse_word
from planner.store.letters import THAWED, list_letters, move_letter, thaw, update_letter
from planner.store.lineage import (
    Standing,
    catch_up,
    compare,
    is_forked,
    look,
    read_standing,
    write_line,
)
from planner.store.recovery import recover
from planner.store.schema import events, letters, programs
from planner.store.send_queue import last_line
from planner.store.taken import COMMAND, Taken, take_word
from planner.store.witness import Testimony, Witness

# The letters that the journal records: those that left, may have left, or were refused.
REMEMBERED = frozenset({*DELIVERED, LetterState.UNKNOWN, LetterState.REFUSED})


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What was changed because of the journal and the witness.

    `lines` counts the journal lines that the database did not know; `damaged` counts those
    that are missing, unreadable or changed.  `voided` are the numbers of letters that are
    drafts again; `unlearned` the Message-IDs of letters that left, or may have, for an address
    that is no longer known; `unknown` the numbers of letters that may or may not have arrived.
    `unwitnessed`: the witness was gone or damaged, so more may have left than is known;
    `foreign` are the programs that wait here, and got a letter, or may have, from another
    database whose journal was in the place of this one's.
    `kept` is the path of the old journal, if it was rewritten (`renewed`).
    """

    lines: int = 0
    damaged: int = 0
    letters: tuple[Taken, ...] = ()
    voided: tuple[int, ...] = ()
    unlearned: tuple[str, ...] = ()
    unknown: tuple[int, ...] = ()
    unwitnessed: bool = False
    foreign: tuple[str, ...] = ()
    renewed: bool = False
    kept: Path | None = None

    @property
    def needs_person(self) -> bool:
        """Whether it is unknown what became of a letter, or where one went."""
        unread = any(taken.id is None for taken in self.letters)
        lost = self.damaged or self.unlearned or self.unwitnessed or self.foreign
        return bool(unread or self.unknown or lost)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What database, witness and journal say before anything is changed.

    `agree`: all three agree; `whole`: the journal has no gaps; `words` are those of this
    database's own journal; `forked`: the witness heard of another copy that went on.
    """

    standing: Standing
    said: Testimony
    unwitnessed: bool
    tail: journal.Tail
    words: Sequence[Word]
    lines: int
    damaged: int
    agree: bool
    whole: bool
    forked: bool
    foreign: tuple[str, ...]

    @property
    def only_marked(self) -> frozenset[str]:
        """The Message-IDs of letters that may have left by the word of the witness alone."""
        if self.said.generation <= self.standing.generation and not self.forked:
            return frozenset()  # the database has every mark, and what a person said since
        up_to_date = self.tail.number >= self.said.line and not self.forked
        spoken = {w.message for w in self.words if up_to_date or w.meaning in GONE}
        return self.said.marked - spoken


def reconcile(store: Store, at: datetime) -> Reconciled:
    """Make database, journal and witness agree, by believing the one that knows most.

    Raises TryLaterError while a sender is at work, and StorageError if the journal cannot
    be read or written, or the witness cannot be written.
    """
    with store.sender_lock(), store.in_words():
        with store.begin(reconciling=True) as tx:
            heard = _hear(tx, store.path)
            done = _take_words(tx, heard, at)
            catch_up(tx, heard.said.generation)
            renew = store.path is not None and not (heard.agree and heard.whole)
            if renew and store.path is not None:
                _renew_journal(tx, store.path, max(heard.said.line, heard.tail.number))
            now = read_standing(tx)
            left = tx.scalars(sa.select(letters.c.message_id).where(_HAS_LEFT))
            place = str(store.path.resolve()) if store.path else ""
            known = Testimony(
                now.generation,
                now.line,
                heard.said.left | set(left),
                database=place,
                marked=heard.said.marked | set(tx.scalars(_MAY_HAVE_LEFT)),
            )
        if renew and store.path is not None:
            done = replace(done, renewed=True, kept=_put_journal(store.path, now.line))
        Witness(now.uid).replace(known)
    return done


_MAY_HAVE_LEFT = sa.select(letters.c.message_id).where(
    letters.c.state == LetterState.UNKNOWN, letters.c.message_id.is_not(None)
)
_HAS_LEFT = sa.and_(letters.c.state.in_(sorted(DELIVERED)), letters.c.message_id.is_not(None))


def _hear(tx: Transaction, database: Path | None) -> _Heard:
    """Read what each of the three says; the database as it was before this transaction."""
    standing = read_standing(tx)
    standing = replace(standing, generation=standing.generation - 1)
    said, tail = look(standing.uid, database)
    unwitnessed = said is None or said.damaged > 0
    path = None if database is None else journal.open_journal(database)
    forked = path is not None and is_forked(said, journal.look_through(path))
    agree = not forked and not compare(standing, said, tail)
    said, tail = said or Testimony(), tail or journal.Tail()
    own = database is not None and tail.uid in ("", standing.uid)
    checked = journal.read_checked(path) if own and path else ()
    words: dict[str, Word] = {}
    numbers: set[int] = set()
    wrong, whole = 0, True
    for line, follows in checked:
        if line is None or "uid" in line:
            continue
        whole = whole and follows
        fresh = line["n"] > standing.line
        word = parse_word(line)
        if fresh:
            wrong += not follows and word is not None and line["n"] - 1 in {*numbers, standing.line}
            numbers |= {line["n"]} if word else set()
        if word is None:
            continue
        if (before := words.get(word.message)) and not word.record:
            word.record = before.record
        words[word.message] = word
    last = max(said.line, tail.number if own else 0)
    begun = max(standing.line, tail.start if own else 0)
    missing = max(0, last - begun - len(numbers)) if database is not None else 0
    in_order = sorted(words.values(), key=lambda word: word.line)
    damaged = missing + wrong
    foreign = () if own or path is None else _list_foreign(tx, path)
    heard = (tail, in_order, len(numbers), damaged, agree, whole, forked, foreign)
    return _Heard(standing, said, unwitnessed and not agree, *heard)


def _take_words(tx: Transaction, heard: _Heard, at: datetime) -> Reconciled:
    """Apply what the journal and the witness know to the database."""
    recover(tx, at=at, alone=True)
    by_history = tuple(_take_history(tx, at))
    words = heard.words
    fresh = [w for w in words if w.line > heard.standing.line or _contradicted(tx, w)]
    taken = [found for word in last_of_each(fresh) if (found := take_word(tx, word, at))]
    told = {word.message for word in words if word.meaning in GONE}
    by_witness, unlearned = _take_witness(tx, LetterState.SENT, heard.said.left - told, at)
    by_mark, unmarked = _take_witness(tx, LetterState.UNKNOWN, heard.only_marked, at)
    voided = () if heard.agree else tuple(_void(tx, at))
    unknown = sa.select(letters.c.id).where(letters.c.state == LetterState.UNKNOWN)
    return Reconciled(
        heard.lines,
        heard.damaged,
        (*by_history, *taken, *by_witness, *by_mark),
        voided,
        () if heard.agree else (*unlearned, *unmarked),
        tuple(tx.scalars(unknown.order_by(letters.c.id))),
        heard.unwitnessed,
        heard.foreign,
    )


def _list_foreign(tx: Transaction, path: Path) -> tuple[str, ...]:
    """The programs that wait here, and got a letter by a journal of another database, or may have."""
    words: dict[str, Word] = {}
    for line in journal.read(path):
        if line and "uid" not in line and (word := parse_word(line)):
            word.record = word.record or (
                words[word.message].record if word.message in words else {}
            )
            words[word.message] = word
    waiting = set(
        tx.scalars(sa.select(letters.c.to_key).where(letters.c.state.not_in(sorted(GONE))))
    )
    found = []
    for word in words.values():
        letter, program = (word.record.get(name, {}) for name in ("letters", "programs"))
        if word.meaning in GONE and letter.get("to_key") in {None, *waiting}:
            found.append(str(program.get("program") or word.message))
    return tuple(found)


# What becomes of a letter whose history ends while a sender held it.
_ENDED = {LetterState.CLAIMED: LetterState.APPROVED, LetterState.COMMITTING: LetterState.UNKNOWN}


def _take_history(tx: Transaction, at: datetime) -> Iterator[Taken]:
    """Give letters that may leave the state that their history says, if it is another."""
    last = sa.select(sa.func.max(events.c.id)).group_by(events.c.letter_id)
    query = (
        sa.select(letters.c.id, letters.c.state, letters.c.token, events.c.to_state)
        .add_columns(programs.c.program)
        .join_from(letters, events)
        .join(programs)
        .where(events.c.id.in_(last), letters.c.state.in_(sorted(DUE)))
        .where(events.c.to_state != letters.c.state)
        .order_by(letters.c.id)
    )
    for number, state, token, said, program in tx.execute(query).all():
        to = _ENDED.get(said, said)
        thawed = {} if to in {*FROZEN, LetterState.REFUSED} else THAWED
        columns = {"owner": None, "lease_until": None, **thawed, "token": token + 1}
        update_letter(tx, number, state=to, **columns)
        if to is not said:
            why = "the sender ended, and the state was changed"
            transitions.record(tx, number, said, to, at=at, command=COMMAND, why=why)
        yield Taken(number, program, state, to)


def _take_witness(
    tx: Transaction, to: LetterState, left: Collection[str], at: datetime
) -> tuple[list[Taken], tuple[str, ...]]:
    """Move letters of which only the witness knows; also returns Message-IDs of no letter."""
    if not left:
        return [], ()
    query = sa.select(
        letters.c.id, letters.c.message_id, letters.c.state, letters.c.token, programs.c.program
    ).join_from(letters, programs)
    rows = tx.execute(query.where(among(letters.c.message_id, sorted(left)))).all()
    taken = []
    sent_at, said = (at, "has") if to is LetterState.SENT else (None, "may have")
    for number, message, state, token, program in rows:
        if state in {*DELIVERED, to}:
            continue
        columns = {"owner": None, "lease_until": None, "sent_at": sent_at, "token": token + 1}
        update_letter(tx, number, state=to, **columns)
        why = f"the witness outside the folder says that {message} {said} left"
        transitions.record(tx, number, state, to, at=at, command=COMMAND, why=why)
        taken.append(Taken(number, program, state, to))
    known = {row.message_id for row in rows}
    return taken, tuple(sorted(set(left) - known))


def _void(tx: Transaction, at: datetime) -> Iterator[int]:
    """Void every approval, since it may have been withdrawn or changed; yields the numbers."""
    why = "the database was restored from a copy; letters approved before must be read again"
    for letter in list_letters(tx, states=DUE):
        try:
            thaw(tx, letter, at=at, command=COMMAND, why=why)
        except transitions.MoveRefusedError:  # its program is out of the list
            move_letter(tx, letter, LetterState.CANCELLED, at=at, command=COMMAND, why=why)
        yield letter.id


def _renew_journal(tx: Transaction, database: Path, number: int) -> None:
    """Write a new journal from what the database knows now, beside the old one.

    Its numbers go on after `number` and after the database's last line.  It replaces the old
    journal once the transaction is committed.  Raises StorageError if it cannot be written.
    """
    standing = read_standing(tx)
    number = max(standing.line, number)
    link, written = "", [journal.head(standing.uid, number)]
    for letter in list_letters(tx, states=REMEMBERED):
        if letter.message_id:
            text = journal.in_text(last_line(tx, letter))
            number, link = number + 1, journal.chained(link, [text])
            written.append(journal.linked(text, number, link))
    fresh = _beside(database)
    try:
        files.write_private(fresh, "".join(f"{line}\n" for line in written).encode())
    except OSError as error:
        raise journal.unusable(fresh, error, "written") from error
    write_line(tx, number, link, [])


def _put_journal(database: Path, number: int) -> Path | None:
    """Replace the journal with the new one; returns the path of the old one, if there was one."""
    path, kept = journal.open_journal(database), None
    try:
        if path.exists():
            kept = files.keep_copy(path, f".before-{number}")
        _beside(database).replace(path)
        system.sync_folder(path.parent)
    except OSError as error:
        raise journal.unusable(path, error, "written") from error
    return kept


def _beside(database: Path) -> Path:
    path = journal.open_journal(database)
    return path.with_name(f"{path.name}.new")


def _contradicted(tx: Transaction, word: Word) -> bool:
    """Whether this message waits to be sent although it has left."""
    if word.meaning not in DELIVERED:
        return False
    query = sa.select(letters.c.state).where(letters.c.message_id == word.message)
    return tx.scalar(query) in DUE
