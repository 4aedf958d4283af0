"""Programs, the letters to them, and what happened to each letter."""

import sqlalchemy as sa
from alembic import op

revision = "0001_programs_and_letters"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "applicants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("aamc_id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applicants")),
        sa.UniqueConstraint("aamc_id", name=op.f("uq_applicants_aamc_id")),
    )
    op.create_table(
        "programs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program", sa.Text(), nullable=False),
        sa.Column("specialty", sa.Text(), nullable=False),
        sa.Column("acgme_id", sa.Text(), server_default="", nullable=False),
        sa.Column("nrmp_code", sa.Text(), server_default="", nullable=False),
        sa.Column("institution", sa.Text(), server_default="", nullable=False),
        sa.Column("city", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("director_first_name", sa.Text(), server_default="", nullable=False),
        sa.Column("director_last_name", sa.Text(), server_default="", nullable=False),
        sa.Column("director_email", sa.Text(), server_default="", nullable=False),
        sa.Column("coordinator_name", sa.Text(), server_default="", nullable=False),
        sa.Column("coordinator_email", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="applied", nullable=False),
        sa.Column("interview_date", sa.Date(), nullable=True),
        sa.Column("step2_policy", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("top_choice", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("signal", sa.Text(), server_default="none", nullable=False),
        sa.Column("connection", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("contact_policy", sa.Text(), server_default="open", nullable=False),
        sa.Column("application_service", sa.Text(), nullable=True),
        sa.Column("rank_list_locked", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("extra", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("set_by_user", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "application_service IN ('eras', 'residencycas', 'sfmatch', 'other')",
            name=op.f("ck_programs_application_service"),
        ),
        sa.CheckConstraint(
            "contact_policy IN ('open', 'if_asked', 'none')",
            name=op.f("ck_programs_contact_policy"),
        ),
        sa.CheckConstraint("program <> ''", name=op.f("ck_programs_program_named")),
        sa.CheckConstraint(
            "signal IN ('none', 'yes', 'silver', 'gold')", name=op.f("ck_programs_signal")
        ),
        sa.CheckConstraint(
            "status IN ('applied', 'invited', 'interviewed', 'waitlisted', 'on_hold', 'rejected', 'withdrawn', 'not_applied')",
            name=op.f("ck_programs_status"),
        ),
        sa.CheckConstraint(
            "step2_policy IN ('unknown', 'none', 'mentioned', 'strongly_considered', 'requested', 'required_to_rank')",
            name=op.f("ck_programs_step2_policy"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programs")),
    )
    with op.batch_alter_table("programs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programs_acgme_id"), ["acgme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_programs_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_programs_nrmp_code"), ["nrmp_code"], unique=False)

    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("applicant_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("season", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("picked", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("to_addresses", sa.JSON(), nullable=False),
        sa.Column("cc_addresses", sa.JSON(), nullable=False),
        sa.Column("to_key", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("edited", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("stale", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("undecided", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("findings", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("overrides", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("content_digest", sa.Text(), nullable=False),
        sa.Column("shown_digest", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("wire", sa.LargeBinary(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("in_reply_to", sa.Text(), nullable=True),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.Column("date_header", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("token", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.DateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("first_attempt_at", sa.DateTime(), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("last_reply", sa.Text(), nullable=True),
        sa.Column("held_because", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "letter IN ('strong_score', 'improvement', 'after_interview', 'score_pending', 'score_posted', 'context', 'retake', 'score_notice')",
            name=op.f("ck_letters_letter"),
        ),
        sa.CheckConstraint("occasion IN ('pending', 'result')", name=op.f("ck_letters_occasion")),
        sa.CheckConstraint(
            "state IN ('draft', 'left_out', 'approved', 'claimed', 'committing', 'sent', 'deferred', 'refused', 'unknown', 'exported', 'cancelled')",
            name=op.f("ck_letters_state"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'left_out', 'cancelled', 'refused') OR (wire IS NOT NULL AND digest IS NOT NULL AND message_id IS NOT NULL)",
            name=op.f("ck_letters_frozen"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('claimed', 'committing') OR (owner IS NOT NULL AND lease_until IS NOT NULL)",
            name=op.f("ck_letters_leased"),
        ),
        sa.ForeignKeyConstraint(
            ["applicant_id"],
            ["applicants.id"],
            name=op.f("fk_letters_applicant_id_applicants"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["programs.id"],
            name=op.f("fk_letters_program_id_programs"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint(
            "applicant_id",
            "season",
            "attempt",
            "occasion",
            "program_id",
            name=op.f("uq_letters_applicant_id_season_attempt_occasion_program_id"),
        ),
        sa.UniqueConstraint("message_id", name=op.f("uq_letters_message_id")),
    )
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.create_index(
            "ix_letters_due",
            ["next_attempt_at", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('approved', 'deferred')"),
        )
        batch_op.create_index(
            "ix_letters_leased",
            ["lease_until"],
            unique=False,
            sqlite_where=sa.text("state IN ('claimed', 'committing')"),
        )
        batch_op.create_index("ix_letters_program", ["program_id"], unique=False)
        batch_op.create_index("ix_letters_state", ["state"], unique=False)
        batch_op.create_index(
            "uq_letters_address_once",
            ["applicant_id", "season", "attempt", "occasion", "to_key"],
            unique=True,
            sqlite_where=sa.text(
                "state IN ('claimed', 'committing', 'exported', 'sent', 'unknown')"
            ),
        )

    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letters.id"],
            name=op.f("fk_attempts_letter_id_letters"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index("ix_attempts_account_at", ["account", "at"], unique=False)

    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letters.id"],
            name=op.f("fk_events_letter_id_letters"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_letter", ["letter_id", "id"], unique=False)
    # What happened stays: nobody edits the record afterwards.
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER events_never_{verb.lower()} BEFORE {verb} ON events"
            " BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
        )


def downgrade() -> None:
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("ix_events_letter")

    op.drop_table("events")
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index("ix_attempts_account_at")

    op.drop_table("attempts")
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_letters_address_once",
            sqlite_where=sa.text(
                "state IN ('claimed', 'committing', 'exported', 'sent', 'unknown')"
            ),
        )
        batch_op.drop_index("ix_letters_state")
        batch_op.drop_index("ix_letters_program")
        batch_op.drop_index(
            "ix_letters_leased",
            sqlite_where=sa.text("state IN ('claimed', 'committing')"),
        )
        batch_op.drop_index(
            "ix_letters_due",
            sqlite_where=sa.text("state IN ('approved', 'deferred')"),
        )

    op.drop_table("letters")
    with op.batch_alter_table("programs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programs_nrmp_code"))
        batch_op.drop_index(batch_op.f("ix_programs_name_key"))
        batch_op.drop_index(batch_op.f("ix_programs_acgme_id"))

    op.drop_table("programs")
    op.drop_table("applicants")
