"""After a restored copy: the word of whichever knows most is taken, and approvals are void.

The database does not agree with its journal or its witness (see store/lineage.py).  What the
journal tells after the last line that the database knows is put into it: a letter that was
sent is `sent`, one that was marked and never answered `unknown`, one that was refused for good
`refused`.  A letter, a program or an applicant that the copy does not have is made from the
journal's record; where the record is damaged, the program counts as told.  What only the
witness knows to have left is `sent`.  What is still approved then goes back to be read again,
for it may have been withdrawn or changed since the copy was made.  At last the journal is
written again from what is known now.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from planner import files
from planner.rules.identity import differ, name_key
from planner.rules.states import DELIVERED, DUE, GONE, LetterState
from planner.store import account_usage, journal, retired, transitions
from planner.store.database import Store
from planner.store.engine import Transaction, among
from planner.store.letters import list_letters, move_letter, thaw, update_letter
from planner.store.lineage import Standing, catch_up, compare, look, read_standing, write_line
from planner.store.recovery import recover
from planner.store.schema import Texts, UtcTime, applicants, letters, programs
from planner.store.send_queue import RECORDED, last_line
from planner.store.witness import Testimony, Witness

Columns = dict[str, Any]

# What the journal's last word on a letter makes of it; other words mean that it did not
# leave and may be tried again, as the copy has it.
MEANING = {
    LetterState.COMMITTING.value: LetterState.UNKNOWN,
    LetterState.UNKNOWN.value: LetterState.UNKNOWN,
    LetterState.SENT.value: LetterState.SENT,
    LetterState.EXPORTED.value: LetterState.EXPORTED,
    LetterState.REFUSED.value: LetterState.REFUSED,
}
COMMAND = "db reconcile"
# The letters of which the journal knows: those that left, may have left, or were refused.
REMEMBERED = frozenset({*DELIVERED, LetterState.UNKNOWN, LetterState.REFUSED})


@dataclass(slots=True)
class Word:
    """The journal's last word on one message: its line, its state, and whose letter it was.

    `record` is the whole letter, `about` only its program and applicant; either may be
    empty if lines are damaged.
    """

    message: str
    line: int
    at: str
    state: str
    why: str
    record: Mapping[str, Columns] = field(default_factory=dict)
    about: Mapping[str, Columns] = field(default_factory=dict)

    @property
    def meaning(self) -> LetterState | None:
        """What it makes of the letter; None: nothing."""
        return MEANING.get(self.state)

    def places(self) -> list[tuple[object, ...]]:
        """What can have one letter of an occasion only: its program, and its address."""
        letter, program = self.record.get("letters"), self.record.get("programs")
        if not letter or not program:
            return [(self.message,)]
        about = (letter["season"], letter["attempt"], letter["occasion"])
        keys = ("nrmp_code", "acgme_id", "name_key", "state")
        codes = (program.get(name, "") for name in keys)
        return [(*about, *codes), (*about, letter["to_key"])]


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter whose state was taken from the journal.

    Without a number (None) nothing of the letter could be read, and its program counts as
    told; `program` is empty if not even that is known.
    """

    id: int | None
    program: str
    before: str | None
    state: LetterState


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What the word of the journal and the witness has changed.

    `lines` were taken over; `damaged` are those that the database does not know and that are
    missing, cannot be read or were changed; `voided` are the numbers of letters that are
    drafts again; `unlearned` the Message-IDs of letters that left, of which nobody knows any
    more to whom; `unknown` the numbers of letters of which nobody knows whether they arrived.
    `unwitnessed`: the witness was gone or damaged, so more may have left than anybody knows.
    `kept` is where the old journal is, if it was written again.
    """

    lines: int = 0
    damaged: int = 0
    letters: tuple[Taken, ...] = ()
    voided: tuple[int, ...] = ()
    unlearned: tuple[str, ...] = ()
    unknown: tuple[int, ...] = ()
    unwitnessed: bool = False
    renewed: bool = False
    kept: Path | None = None

    @property
    def needs_person(self) -> bool:
        """Whether nobody knows what became of a letter, or to whom one went."""
        unread = any(taken.id is None for taken in self.letters)
        return bool(unread or self.damaged or self.unlearned or self.unknown or self.unwitnessed)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What database, witness and journal say before anything is changed.

    `agree`: they do; `whole`: the journal has no holes either; `words` are those of the
    database's own journal.
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


def reconcile(store: Store, at: datetime) -> Reconciled:
    """Take the word of whichever knows most; afterwards all three agree.

    Raises TryLaterError while a sender is at work, StorageError where the journal cannot be
    read or written, or the witness cannot be written.
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
            known = Testimony(now.generation, now.line, heard.said.left | set(left), database=place)
        if renew and store.path is not None:
            done = replace(done, renewed=True, kept=_put_journal(store.path, now.line))
        Witness(now.uid).replace(known)
    return done


_HAS_LEFT = sa.and_(letters.c.state.in_(sorted(DELIVERED)), letters.c.message_id.is_not(None))


def _hear(tx: Transaction, database: Path | None) -> _Heard:
    """What each of the three says; the database as it was before this transaction."""
    standing = read_standing(tx)
    standing = replace(standing, generation=standing.generation - 1)
    said, tail = look(standing.uid, database)
    agree, unwitnessed = not compare(standing, said, tail), said is None or said.damaged > 0
    said, tail = said or Testimony(), tail or journal.Tail()
    own = database is not None and tail.uid in ("", standing.uid)
    checked = journal.read_checked(journal.open_journal(database)) if own and database else ()
    words: dict[str, Word] = {}
    numbers: set[int] = set()
    wrong, whole = 0, True
    for line, follows in checked:
        if line is None or "uid" in line:
            continue
        whole = whole and follows
        fresh = line["n"] > standing.line
        word = _word(line)
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
    heard = (tail, in_order, len(numbers), damaged, agree, whole)
    return _Heard(standing, said, unwitnessed and not agree, *heard)


def _take_words(tx: Transaction, heard: _Heard, at: datetime) -> Reconciled:
    """What the journal and the witness know goes into the database."""
    recover(tx, at=at, alone=True)
    words = heard.words
    fresh = [w for w in words if w.line > heard.standing.line or _contradicted(tx, w)]
    taken = [found for word in _last_of_each(fresh) if (found := _take_whole(tx, word, at))]
    told = {word.message for word in words if word.meaning in GONE}
    by_witness, unlearned = _take_witness(tx, heard.said.left - told, at)
    voided = () if heard.agree else tuple(_void(tx, at))
    unknown = sa.select(letters.c.id).where(letters.c.state == LetterState.UNKNOWN)
    return Reconciled(
        heard.lines,
        heard.damaged,
        (*taken, *by_witness),
        voided,
        () if heard.agree else unlearned,
        tuple(tx.scalars(unknown.order_by(letters.c.id))),
        heard.unwitnessed,
    )


def _take_witness(
    tx: Transaction, left: Collection[str], at: datetime
) -> tuple[list[Taken], tuple[str, ...]]:
    """What only the witness knows: letters that left, and those that nobody knows any more."""
    if not left:
        return [], ()
    query = sa.select(
        letters.c.id, letters.c.message_id, letters.c.state, letters.c.token, programs.c.program
    ).join_from(letters, programs)
    rows = tx.execute(query.where(among(letters.c.message_id, sorted(left)))).all()
    taken = []
    for number, message, state, token, program in rows:
        if state in DELIVERED:
            continue
        columns = {"owner": None, "lease_until": None, "sent_at": at, "token": token + 1}
        update_letter(tx, number, state=LetterState.SENT, **columns)
        why = f"the witness outside the folder says that {message} has left"
        transitions.record(tx, number, state, LetterState.SENT, at=at, command=COMMAND, why=why)
        taken.append(Taken(number, program, state, LetterState.SENT))
    known = {row.message_id for row in rows}
    return taken, tuple(sorted(set(left) - known))


def _void(tx: Transaction, at: datetime) -> Iterator[int]:
    """Take back every approval: for all that is known it was withdrawn or changed since."""
    why = "the database was put back; what was approved before is to be read again"
    for letter in list_letters(tx, states=DUE):
        try:
            thaw(tx, letter, at=at, command=COMMAND, why=why)
        except transitions.MoveRefusedError:  # its program is out of the list
            move_letter(tx, letter, LetterState.CANCELLED, at=at, command=COMMAND, why=why)
        yield letter.id


def _renew_journal(tx: Transaction, database: Path, number: int) -> None:
    """Write the journal again from what the database knows now, beside the old one.

    Its lines are numbered behind `number` and all that the database knows.  It takes the old
    one's place once the transaction is committed.  Raises StorageError.
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
    """Put the journal that was written again in its place; gives where the old one is kept."""
    path, kept = journal.open_journal(database), None
    try:
        if path.exists():
            kept = files.keep_copy(path, f".before-{number}")
        _beside(database).replace(path)
        files.sync_folder(path.parent)
    except OSError as error:
        raise journal.unusable(path, error, "written") from error
    return kept


def _beside(database: Path) -> Path:
    path = journal.open_journal(database)
    return path.with_name(f"{path.name}.new")


def _word(line: journal.Line) -> Word | None:
    """What a line says; None for one of another shape than any that was ever written."""
    try:
        word = Word(
            str(line["message_id"]),
            line["n"],
            str(line["at"]),
            str(line["state"]),
            str(line.get("why", "")),
            _tables(line.get("record")),
            _tables(line.get("about")),
        )
        journal.moment(word.at)
        f"{word.message}{word.why}".encode()  # half a pair of surrogates is damage, too
        set(word.places())
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return word


def _tables(found: Any) -> Mapping[str, Columns]:
    """The columns of a record by table, where it has what `RECORDED` lists."""
    if not found:
        return {}
    tables: dict[str, Columns] = {}
    for table, columns in found.items():
        tables[table] = {name: columns[name] for name in RECORDED[table]}
    return tables


def _contradicted(tx: Transaction, word: Word) -> bool:
    """Whether this very message waits to be sent, although it has left."""
    if word.meaning not in DELIVERED:
        return False
    query = sa.select(letters.c.state).where(letters.c.message_id == word.message)
    return tx.scalar(query) in DUE


def _last_of_each(words: Sequence[Word]) -> list[Word]:
    """Of several letters to one program or address the last that left, or may have.

    The database lets no second one go before the first was said not to have arrived.
    """
    later: set[tuple[object, ...]] = set()
    found = []
    for word in reversed(words):
        if later.isdisjoint(word.places()):
            found.append(word)
        if word.meaning in GONE:
            later.update(word.places())
    return found[::-1]


# What values of another type or shape than any that was ever written make of a statement.
_STRANGE = (
    sa.exc.SQLAlchemyError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
)


def _take_whole(tx: Transaction, word: Word, at: datetime) -> Taken | None:
    """Take a word over; where its record cannot be, its program counts as told."""
    for take in (_take, _take_for_told):
        with contextlib.suppress(*_STRANGE), tx.begin_nested():
            return take(tx, word, at)
    return Taken(None, "", None, word.meaning or LetterState.UNKNOWN)


def _take(tx: Transaction, word: Word, at: datetime) -> Taken | None:
    to = word.meaning
    if to is None:
        return None
    row = _letter(tx, word)
    if row is None and not word.record:
        return _take_for_told(tx, word, at)
    number, state, token, message = row or (None, None, 0, None)
    if state and not _tells_more(state, to, same=message == word.message):
        return None
    columns = _columns(word) | {
        "state": to,
        "token": token + 1,
        "sent_at": journal.moment(word.at) if to is LetterState.SENT else None,
        "last_reply": word.why or None,
        "owner": None,
        "lease_until": None,
    }
    if number is None:
        columns |= {
            "applicant_id": _applicant(tx, word.record["applicants"]),
            "program_id": _program(tx, word.record["programs"])
            or _add(tx, programs, word.record["programs"]),
            "facts": {},
        }
        number = _add(tx, letters, columns)
    else:
        update_letter(tx, number, **columns)
    if to in GONE and (account := columns.get("account")):
        account_usage.count(tx, account, journal.moment(word.at), number)
    why = f"line {word.line} of the journal says: {word.state}"
    transitions.record(tx, number, state, to, at=at, command=COMMAND, why=why)
    query = sa.select(programs.c.program).join(letters).where(letters.c.id == number)
    return Taken(number, tx.execute(query).scalar_one(), state, to)


def _columns(word: Word) -> Columns:
    """The frozen letter, as far as the journal has it."""
    return {
        column: _typed(letters.c[column], value)
        for column, value in word.record.get("letters", {}).items()
    }


def _typed(column: sa.Column[Any], value: Any) -> Any:
    """A value of the journal as its column takes it."""
    match column.type:
        case sa.LargeBinary():
            return value.encode("ascii")
        case UtcTime():
            return value and journal.moment(value)
        case Texts() if isinstance(value, str):  # as journals had it once: JSON within JSON
            return json.loads(value)
        case _:
            return value


def _take_for_told(tx: Transaction, word: Word, _at: datetime) -> Taken | None:
    """The letter itself cannot be read: its program was told, so nothing more leaves for it."""
    to = word.meaning
    if to not in GONE:
        return None
    named = word.about.get("programs") or word.record.get("programs") or {}
    program = _program(tx, named) if named else None
    if program is not None:
        told_on = sa.func.coalesce(programs.c.told_on, date.fromisoformat(word.at[:10]))
        tx.execute(sa.update(programs).where(programs.c.id == program).values(told_on=told_on))
    return Taken(None, str(named.get("program", "")), None, to)


def _tells_more(state: LetterState, to: LetterState, *, same: bool) -> bool:
    """Whether the journal knows more of a letter than its row in the copy does.

    `same`: the row has the very message that the journal speaks of.
    """
    if to is LetterState.REFUSED:
        return same and state in {*DUE, LetterState.CLAIMED, LetterState.COMMITTING}
    return state not in {LetterState.SENT, to}


Row = Sequence[Any]  # id, state, token, Message-ID


def _letter(tx: Transaction, word: Word) -> Row | None:
    """The row that the journal speaks of.

    That is the very message, else the letter of the same applicant, program and occasion,
    which was not approved yet when the copy was made, or was approved again.
    """
    read = sa.select(letters.c.id, letters.c.state, letters.c.token, letters.c.message_id)
    found = tx.execute(read.where(letters.c.message_id == word.message)).first()
    if found is not None or not word.record:
        return found
    program = _program(tx, word.record["programs"])
    if program is None:
        return None
    applicant = _applicant(tx, word.record["applicants"])
    about = {name: word.record["letters"][name] for name in ("season", "attempt", "occasion")}
    return tx.execute(read.filter_by(applicant_id=applicant, program_id=program, **about)).first()


def _applicant(tx: Transaction, who: Columns) -> int:
    """The applicant's row, made where the copy has none."""
    for column in ("aamc_id", "email"):
        query = sa.select(applicants.c.id).where(applicants.c[column] == who[column])
        if (found := tx.scalar(query)) is not None:
            return int(found)
    return _add(tx, applicants, who)


def _program(tx: Transaction, named: Columns) -> int | None:
    """The program's row, by its strongest key that the copy knows; of joined ones the one that stays.

    Two different NRMP codes are two programs, whatever else they share, and so are two names
    in different states.
    """
    key = name_key(named["specialty"], named["program"], named["city"])
    known = {**named, "name_key": key}
    for columns in (("nrmp_code", "acgme_id"), ("nrmp_code",), ("acgme_id",), ("name_key",)):
        values = {column: known[column] for column in columns}
        query = sa.select(programs.c.id, programs.c.state).filter_by(**values)
        if "nrmp_code" not in columns and named["nrmp_code"]:
            query = query.where(programs.c.nrmp_code == "")
        found = tx.execute(query).all()
        if columns == ("name_key",):
            found = [row for row in found if not differ(row.state, named.get("state", ""))]
        if all(values.values()) and len(found) == 1:
            return retired.survivor_condition(tx, found[0].id)
    return None


def _add(tx: Transaction, table: sa.Table, columns: Columns) -> int:
    made = tx.execute(sa.insert(table).values(**columns))
    return int(made.inserted_primary_key[0])  # type: ignore[index]
