"""Programs that were taken out of the list or joined, and names in one spelling.

`retired` holds programs that the user took out of the list or joined with another; their
rows stay, because letters that left point to them, and because a file may still name them.
The key of a name has learned that St is Saint and that "Elm Program" is Elm.
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0005_programs_taken_out"
down_revision = "0004_letters_that_move_quickly"
branch_labels = None
depends_on = None

TAIL = re.compile(
    r"(?<=\S)[ ,(-]+(?:(?:residency |training |residency training )?program(?:me)?|residency)\)?[ ]*$"
)
SHORT = {"saint": "st", "fort": "ft", "mount": "mt"}


def folded(text: str) -> str:
    """A part of the key as this revision has it."""
    spelled = TAIL.sub("", text.lower().replace("&", "and"))
    for word, short in SHORT.items():
        spelled = re.sub(rf"\b{word}\b", short, spelled)
    plain = unicodedata.normalize("NFKD", spelled).casefold().encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.replace("&", "and")) or text.strip().casefold()


def renew_keys() -> None:
    db = op.get_bind()
    read = "SELECT id, specialty, program, city FROM programs"
    rows = db.exec_driver_sql(read).all()
    for number, *parts in rows:
        key = "|".join(folded(part) for part in parts)
        db.exec_driver_sql("UPDATE programs SET name_key = ? WHERE id = ?", (key, number))


def upgrade() -> None:
    op.create_table(
        "retired",
        sa.Column("program_id", sa.Integer, nullable=False),
        sa.Column("into_id", sa.Integer),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("program_id", name=op.f("pk_retired")),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["programs.id"],
            name=op.f("fk_retired_program_id_programs"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["into_id"],
            ["programs.id"],
            name=op.f("fk_retired_into_id_programs"),
            ondelete="RESTRICT",
        ),
    )
    op.create_index("ix_programs_name_key_acgme_id", "programs", ["name_key", "acgme_id"])
    renew_keys()


def downgrade() -> None:
    op.drop_index("ix_programs_name_key_acgme_id", "programs")
    op.drop_table("retired")
