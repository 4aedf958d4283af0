"""Programs by the thousand: indexes that fit the look-ups of an import, and quicker checks.

Lists of tracks repeat a name, and an ACGME ID, under many NRMP codes; and SQLite makes an
index of an IN list for every statement, which took half the time of a new row.
"""

from alembic import op

revision = "0002_programs_by_the_thousand"
down_revision = "0001_programs_and_letters"
branch_labels = None
depends_on = None

WORDS = {
    "status": (
        "applied",
        "invited",
        "interviewed",
        "waitlisted",
        "on_hold",
        "rejected",
        "withdrawn",
        "not_applied",
    ),
    "step2_policy": (
        "unknown",
        "none",
        "mentioned",
        "strongly_considered",
        "requested",
        "required_to_rank",
    ),
    "signal": ("none", "yes", "silver", "gold"),
    "contact_policy": ("open", "if_asked", "none"),
    "application_service": ("eras", "residencycas", "sfmatch", "other"),
}


def one_by_one(column: str) -> str:
    return " OR ".join(f"{column} = '{word}'" for word in WORDS[column])


def from_a_list(column: str) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in WORDS[column])})"


def upgrade() -> None:
    with op.batch_alter_table("programs", recreate="always") as batch_op:
        for column in WORDS:
            name = op.f(f"ck_programs_{column}")
            batch_op.drop_constraint(name, type_="check")
            batch_op.create_check_constraint(name, one_by_one(column))
        batch_op.drop_index("ix_programs_acgme_id")
        batch_op.drop_index("ix_programs_name_key")
        batch_op.create_index("ix_programs_acgme_id_nrmp_code", ["acgme_id", "nrmp_code"])
        batch_op.create_index("ix_programs_name_key_nrmp_code", ["name_key", "nrmp_code"])


def downgrade() -> None:
    with op.batch_alter_table("programs", recreate="always") as batch_op:
        for column in WORDS:
            name = op.f(f"ck_programs_{column}")
            batch_op.drop_constraint(name, type_="check")
            batch_op.create_check_constraint(name, from_a_list(column))
        batch_op.drop_index("ix_programs_acgme_id_nrmp_code")
        batch_op.drop_index("ix_programs_name_key_nrmp_code")
        batch_op.create_index("ix_programs_acgme_id", ["acgme_id"])
        batch_op.create_index("ix_programs_name_key", ["name_key"])
