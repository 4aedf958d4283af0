"""The journal's counter, pauses of an account, and indexes for quick counts.

`journal.line` is the number of the last line that this database has written to
`<database>.sent`; a file that ends with a higher number knows more than the database.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003_journal_and_pauses"
down_revision = "0002_programs_by_the_thousand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.CheckConstraint("id = 1", name=op.f("ck_journal_one_row")),
    )
    op.create_table(
        "pauses",
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("until", sa.DateTime, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("strikes", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_pauses")),
    )
    op.drop_index("ix_letters_program", "letters")
    op.create_index("ix_letters_program", "letters", ["program_id", "state"])
    op.create_index(
        "ix_letters_held",
        "letters",
        ["state"],
        sqlite_where=sa.text("held_because IS NOT NULL"),
    )
    op.create_index("ix_programs_service", "programs", ["application_service", "specialty"])


def downgrade() -> None:
    op.drop_index("ix_programs_service", "programs")
    op.drop_index("ix_letters_held", "letters")
    op.drop_index("ix_letters_program", "letters")
    op.create_index("ix_letters_program", "letters", ["program_id"])
    op.drop_table("pauses")
    op.drop_table("journal")
