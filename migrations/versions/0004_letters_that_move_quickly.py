"""Letters that move quickly: checks that compare one by one, and no index that nobody asks.

SQLite makes an index of an IN list for every statement that meets one: three conditions of
indexes and three checks took half the time of a move.  What is due and what is leased is
found by its state, for which there is an index already.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0004_letters_that_move_quickly"
down_revision = "0003_journal_and_pauses"
branch_labels = None
depends_on = None

STATES = (
    "draft",
    "left_out",
    "approved",
    "claimed",
    "committing",
    "sent",
    "deferred",
    "refused",
    "unknown",
    "exported",
    "cancelled",
)
LETTERS = (
    "strong_score",
    "improvement",
    "after_interview",
    "score_pending",
    "score_posted",
    "context",
    "retake",
    "score_notice",
)
UNFROZEN = ("draft", "left_out", "cancelled", "refused")
HELD = ("claimed", "committing")
GONE = ("claimed", "committing", "exported", "sent", "unknown")
FROZEN = "(wire IS NOT NULL AND digest IS NOT NULL AND message_id IS NOT NULL)"
LEASED = "(owner IS NOT NULL AND lease_until IS NOT NULL)"
ADDRESS = ["applicant_id", "season", "attempt", "occasion", "to_key"]


def one_by_one(column: str, words: tuple[str, ...]) -> str:
    return " OR ".join(f"{column} = '{word}'" for word in words)


def from_a_list(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def rebuild(checks: dict[str, str], gone: str) -> None:
    """Make the table anew as it stands, but for these checks and the index on addresses.

    As SQLite's manual has it (lang_altertable, section 7): a new table, the rows, the name.
    """
    db = op.get_bind()
    made = db.exec_driver_sql(
        "SELECT type, name, sql FROM sqlite_master"
        " WHERE tbl_name = 'letters' AND sql IS NOT NULL ORDER BY type = 'table' DESC, rowid"
    ).all()
    (_, _, script), *indexes = made
    script = re.sub(r'^CREATE TABLE "?letters"?', "CREATE TABLE letters_anew", script)
    for name, condition in checks.items():
        found = rf"CONSTRAINT ck_letters_{name} CHECK \(.*\)"
        script = re.sub(found, f"CONSTRAINT ck_letters_{name} CHECK ({condition})", script)
    db.exec_driver_sql(script)
    db.exec_driver_sql("INSERT INTO letters_anew SELECT * FROM letters")
    db.exec_driver_sql("DROP TABLE letters")
    db.exec_driver_sql("ALTER TABLE letters_anew RENAME TO letters")
    for _, name, statement in indexes:
        if name != "uq_letters_address_once":
            db.exec_driver_sql(statement)
    op.create_index(
        "uq_letters_address_once", "letters", ADDRESS, unique=True, sqlite_where=sa.text(gone)
    )


def upgrade() -> None:
    op.drop_index("ix_letters_due", "letters")
    op.drop_index("ix_letters_leased", "letters")
    rebuild(
        {
            "state": one_by_one("state", STATES),
            "occasion": one_by_one("occasion", ("pending", "result")),
            "letter": one_by_one("letter", LETTERS),
            "frozen": f"{one_by_one('state', UNFROZEN)} OR {FROZEN}",
            "leased": f"state <> 'claimed' AND state <> 'committing' OR {LEASED}",
        },
        one_by_one("state", GONE),
    )


def downgrade() -> None:
    rebuild(
        {
            "state": from_a_list("state", STATES),
            "occasion": from_a_list("occasion", ("pending", "result")),
            "letter": from_a_list("letter", LETTERS),
            "frozen": f"{from_a_list('state', UNFROZEN)} OR {FROZEN}",
            "leased": f"state NOT IN ('claimed', 'committing') OR {LEASED}",
        },
        from_a_list("state", GONE),
    )
    op.create_index(
        "ix_letters_due",
        "letters",
        ["next_attempt_at", "id"],
        sqlite_where=sa.text("state IN ('approved', 'deferred')"),
    )
    op.create_index(
        "ix_letters_leased",
        "letters",
        ["lease_until"],
        sqlite_where=sa.text("state IN ('claimed', 'committing')"),
    )
