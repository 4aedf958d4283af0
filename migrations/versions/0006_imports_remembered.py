"""What imports leave for the next one: columns as the user named them, and each file's last state.

`column_uses` holds what `--map` and `--ignore` said of a header; `imports` holds, by the name
of a file, the programs that it named and the warnings that it gave.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006_imports_remembered"
down_revision = "0005_programs_taken_out"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "column_uses",
        sa.Column("header", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("header", name=op.f("pk_column_uses")),
    )
    op.create_table(
        "imports",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("programs", sa.Text, nullable=False),
        sa.Column("warnings", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_imports")),
    )


def downgrade() -> None:
    op.drop_table("imports")
    op.drop_table("column_uses")
