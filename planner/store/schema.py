"""The tables, with the constraints that the database itself enforces."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from planner.rules.facts import (
    ContactPolicy,
    LetterKind,
    OccasionKind,
    Service,
    Signal,
    Status,
    Step2Policy,
    Track,
)
from planner.rules.states import FROZEN, GONE, UNDER_WAY, LetterState

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = sa.MetaData(naming_convention=NAMING)

# What reading a value of a wrong type raises, in the driver or in a type below.
UNREADABLE = (TypeError, ValueError, LookupError, AttributeError, OverflowError)


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC without a zone, because SQLite has no time zones."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Convert to UTC and drop the zone.  Raises ValueError if there is no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Add the zone again."""
        return None if value is None else value.replace(tzinfo=UTC)


class Word(TypeDecorator[StrEnum]):
    """A member of an enum, stored as its word."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """Store the word itself.  The table's CHECK refuses words that are not in the enum."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Any) -> StrEnum | None:
        """Return the member.  Raises ValueError if the word is not in the enum."""
        return None if value is None else self.words(value)


class Texts(TypeDecorator[tuple[str, ...]]):
    """A tuple of strings, stored as a JSON list."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Any) -> list[str] | None:
        """Store a list."""
        return None if value is None else list(value)

    def process_result_value(self, value: Any, dialect: Any) -> tuple[str, ...] | None:
        """Return a tuple."""
        return None if value is None else tuple(value)


def one_by_one(column: str, words: Iterable[str]) -> str:
    """Write the condition that `column` is one of the words, for the DDL.

    >>> one_by_one("state", ["sent", "draft"])
    "state = 'draft' OR state = 'sent'"

    For an IN list, SQLite builds a small index in every statement; comparing word by word
    costs half as much.  The words are sorted, because a query uses an index with such a
    condition only if it repeats the condition in the same order.
    """
    return " OR ".join(f"{column} = '{word}'" for word in sorted(words))


def one_of(column: str, words: type[StrEnum]) -> sa.CheckConstraint:
    """Make a CHECK that `column` holds a word of the enum."""
    return sa.CheckConstraint(one_by_one(column, words), name=column)


def _only(condition: str) -> dict[str, Any]:
    """Limit an index to the rows that meet a condition.

    The migration does so on PostgreSQL, too.  Here, to name the other engine would load all of
    its dialect with every command.
    """
    return {"sqlite_where": sa.text(condition)}


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


applicants = sa.Table(
    "applicants",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("aamc_id", sa.Text, nullable=False, unique=True),
    sa.Column("email", sa.Text, nullable=False),
)

programs = sa.Table(
    "programs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("program", sa.Text, nullable=False),
    sa.Column("specialty", sa.Text, nullable=False),
    sa.Column("track", Word(Track)),
    _text("acgme_id"),
    _text("nrmp_code"),
    _text("institution"),
    _text("city"),
    _text("state"),
    _text("director_first_name"),
    _text("director_last_name"),
    _text("director_email"),
    _text("coordinator_name"),
    _text("coordinator_email"),
    sa.Column("status", Word(Status), nullable=False, server_default="applied"),
    sa.Column("interview_date", sa.Date),
    sa.Column("step2_policy", Word(Step2Policy), nullable=False, server_default="unknown"),
    sa.Column("top_choice", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("signal", Word(Signal), nullable=False, server_default="none"),
    _text("connection"),
    _text("reason"),
    _text("impression"),
    sa.Column("contact_policy", Word(ContactPolicy), nullable=False, server_default="open"),
    _text("contact_channel"),
    sa.Column("application_service", Word(Service)),
    sa.Column("rank_list_locked", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("told_on", sa.Date),
    _text("notes"),
    sa.Column("extra", sa.JSON, nullable=False, server_default="{}"),
    # Names of the fields that the user set by hand, which win over any file.
    sa.Column("set_by_user", Texts, nullable=False, server_default="[]"),
    # specialty + name + city, folded: the weakest of the three keys.
    sa.Column("name_key", sa.Text, nullable=False),
    # By ACGME ID or name, a record with an NRMP code finds only programs without one.
    sa.Index("ix_programs_acgme_id_nrmp_code", "acgme_id", "nrmp_code"),
    sa.Index("ix_programs_nrmp_code", "nrmp_code"),
    sa.Index("ix_programs_name_key_nrmp_code", "name_key", "nrmp_code"),
    sa.Index("ix_programs_name_key_acgme_id", "name_key", "acgme_id"),
    sa.Index("ix_programs_service", "application_service", "specialty"),
    one_of("status", Status),
    one_of("track", Track),
    one_of("step2_policy", Step2Policy),
    one_of("signal", Signal),
    one_of("contact_policy", ContactPolicy),
    one_of("application_service", Service),
    sa.CheckConstraint("program <> ''", name="program_named"),
)

# Programs that the user took out of the list, or joined with another (`into_id`): their rows
# stay, because letters that left refer to them, and because a file may still name them.
retired = sa.Table(
    "retired",
    metadata,
    sa.Column(
        "program_id",
        sa.Integer,
        sa.ForeignKey("programs.id", ondelete="RESTRICT"),
        primary_key=True,
    ),
    sa.Column("into_id", sa.Integer, sa.ForeignKey("programs.id", ondelete="RESTRICT")),
    sa.Column("at", UtcTime, nullable=False),
)

# What the user said about a column, by its folded header or its position and first cell, for
# the next file that has it; and about a file's rows without specialty ("specialty of NAME").
column_uses = sa.Table(
    "column_uses",
    metadata,
    sa.Column("header", sa.Text, primary_key=True),
    sa.Column("target", sa.Text, nullable=False),
)

# What the last import of a file of this name left: the ids of its programs as ranges
# ("1-40,52"), and a digest of each of its warnings; one more row has left-out rows that were
# fixed and imported since.
imports = sa.Table(
    "imports",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("programs", sa.Text, nullable=False),
    sa.Column("warnings", Texts, nullable=False),
)

letters = sa.Table(
    "letters",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "applicant_id",
        sa.Integer,
        sa.ForeignKey("applicants.id", ondelete="RESTRICT"),
        nullable=False,
    ),
    sa.Column(
        "program_id",
        sa.Integer,
        sa.ForeignKey("programs.id", ondelete="RESTRICT"),
        nullable=False,
    ),
    sa.Column("occasion", Word(OccasionKind), nullable=False),
    sa.Column("season", sa.Integer, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    # The letter that was rendered, and the one that the rules picked.
    sa.Column("letter", Word(LetterKind), nullable=False),
    sa.Column("picked", Word(LetterKind), nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("state", Word(LetterState), nullable=False, server_default="draft"),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("sender", sa.Text, nullable=False),
    sa.Column("to_addresses", Texts, nullable=False),
    sa.Column("cc_addresses", Texts, nullable=False),
    sa.Column("to_key", sa.Text, nullable=False),
    # The facts that the text was made from, by name.
    sa.Column("facts", sa.JSON, nullable=False),
    # The reviewer chose the letter; the rules no longer change it.
    sa.Column("chosen", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("edited", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("stale", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("undecided", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("findings", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("overrides", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("content_digest", sa.Text, nullable=False),
    sa.Column("shown_digest", sa.Text),
    # What approval froze.
    sa.Column("digest", sa.Text),
    sa.Column("wire", sa.LargeBinary),
    sa.Column("message_id", sa.Text),
    sa.Column("in_reply_to", sa.Text),
    sa.Column("account", sa.Text),
    sa.Column("approved_at", UtcTime),
    # What delivery wrote.
    sa.Column("date_header", sa.Text),
    sa.Column("owner", sa.Text),
    sa.Column("token", sa.Integer, nullable=False, server_default="0"),
    sa.Column("lease_until", UtcTime),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("first_attempt_at", UtcTime),
    sa.Column("next_attempt_at", UtcTime),
    sa.Column("sent_at", UtcTime),
    sa.Column("last_reply", sa.Text),
    sa.Column("held_because", sa.Text),
    sa.UniqueConstraint("applicant_id", "season", "attempt", "occasion", "program_id"),
    sa.UniqueConstraint("message_id"),
    one_of("state", LetterState),
    one_of("occasion", OccasionKind),
    one_of("letter", LetterKind),
    sa.CheckConstraint(
        f"{one_by_one('state', set(LetterState) - FROZEN)}"
        " OR (wire IS NOT NULL AND digest IS NOT NULL AND message_id IS NOT NULL)",
        name="frozen",
    ),
    sa.CheckConstraint(
        " AND ".join(f"state <> '{state}'" for state in sorted(UNDER_WAY))
        + " OR (owner IS NOT NULL AND lease_until IS NOT NULL)",
        name="leased",
    ),
    # At most one letter to an address for each occasion, whatever a sender does.
    sa.Index(
        "uq_letters_address_once",
        "applicant_id",
        "season",
        "attempt",
        "occasion",
        "to_key",
        unique=True,
        **_only(one_by_one("state", GONE)),
    ),
    sa.Index("ix_letters_state", "state"),
    sa.Index("ix_letters_program", "program_id", "state"),
    sa.Index("ix_letters_held", "state", **_only("held_because IS NOT NULL")),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "letter_id", sa.Integer, sa.ForeignKey("letters.id", ondelete="RESTRICT"), nullable=False
    ),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("from_state", Word(LetterState)),
    sa.Column("to_state", Word(LetterState), nullable=False),
    sa.Column("command", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False, server_default=""),
    sa.Index("ix_events_letter", "letter_id", "id"),
)

# One row for each delivery; the pace is counted from these rows.
attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    # NULL for a test copy.
    sa.Column("letter_id", sa.Integer, sa.ForeignKey("letters.id", ondelete="RESTRICT")),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Index("ix_attempts_account_at", "account", "at"),
)

# Its only row says which database this is and how far it has come; see store/lineage.py.
lineage = sa.Table(
    "lineage",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("uid", sa.Text, nullable=False),
    # Counts of writing transactions, of those by commands, and of lines in `<database>.sent`.
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("commands", sa.Integer, nullable=False),
    sa.Column("line", sa.Integer, nullable=False),
    # The link of the last line (see journal.py); and the lines of the last transaction that
    # wrote any, because a crash may come before they are in the journal.
    sa.Column("link", sa.Text, nullable=False),
    sa.Column("pending", sa.JSON, nullable=False),
    sa.CheckConstraint("id = 1", name="one_row"),
)

# Accounts that a server asked to slow down, or that have reached its daily limit.
pauses = sa.Table(
    "pauses",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("until", UtcTime, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    # How many pauses in a row, since the last accepted letter.
    sa.Column("strikes", sa.Integer, nullable=False),
)
