"""Which database this is, and how far it has come: told from every older copy of itself."""

import hashlib
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002_lineage"
down_revision = "0001_programs_letters_events"
branch_labels = None
depends_on = None


def upgrade() -> None:
    lineage = op.create_table(
        "lineage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("commands", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("pending", sa.JSON(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_lineage_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lineage")),
    )
    journal = sa.table("journal", sa.column("line"))
    line = op.get_bind().execute(sa.select(journal.c.line)).scalar() or 0
    first = {"id": 1, "uid": _uid(), "generation": 0, "commands": 0}
    op.bulk_insert(lineage, [first | {"line": line, "link": "", "pending": []}])
    op.drop_table("journal")


def _uid() -> str:
    """The same for every copy of a database, of whatever age: made from its first event."""
    events = sa.table("events", *map(sa.column, ("id", "letter_id", "at", "command")))
    first = op.get_bind().execute(sa.select(events).order_by(events.c.id).limit(1)).first()
    if first is None:
        return secrets.token_hex(8)
    return hashlib.blake2s(repr(tuple(map(str, first))).encode(), digest_size=8).hexdigest()


def downgrade() -> None:
    journal = op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_journal_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    lineage = sa.table("lineage", sa.column("line"))
    line = op.get_bind().execute(sa.select(lineage.c.line)).scalar() or 0
    op.bulk_insert(journal, [{"id": 1, "line": line}])
    op.drop_table("lineage")
