"""Programs, the letters to them, and what happened to each letter.

What had been built up by six migrations before anything was released, as one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001_programs_letters_events"
down_revision = None
branch_labels = None
depends_on = None


def only(condition):
    """The rows that an index has, for either engine."""
    where = sa.text(condition)
    return {"sqlite_where": where, "postgresql_where": where}


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
        "column_uses",
        sa.Column("header", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("header", name=op.f("pk_column_uses")),
    )
    op.create_table(
        "imports",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("programs", sa.Text(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_imports")),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_journal_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    op.create_table(
        "pauses",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_pauses")),
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
        sa.Column("top_choice", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("signal", sa.Text(), server_default="none", nullable=False),
        sa.Column("connection", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("contact_policy", sa.Text(), server_default="open", nullable=False),
        sa.Column("application_service", sa.Text(), nullable=True),
        sa.Column("rank_list_locked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("extra", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("set_by_user", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "application_service = 'eras' OR application_service = 'other' OR application_service = 'residencycas' OR application_service = 'sfmatch'",
            name=op.f("ck_programs_application_service"),
        ),
        sa.CheckConstraint(
            "contact_policy = 'if_asked' OR contact_policy = 'none' OR contact_policy = 'open'",
            name=op.f("ck_programs_contact_policy"),
        ),
        sa.CheckConstraint("program <> ''", name=op.f("ck_programs_program_named")),
        sa.CheckConstraint(
            "signal = 'gold' OR signal = 'none' OR signal = 'silver' OR signal = 'yes'",
            name=op.f("ck_programs_signal"),
        ),
        sa.CheckConstraint(
            "status = 'applied' OR status = 'interviewed' OR status = 'invited' OR status = 'not_applied' OR status = 'on_hold' OR status = 'rejected' OR status = 'waitlisted' OR status = 'withdrawn'",
            name=op.f("ck_programs_status"),
        ),
        sa.CheckConstraint(
            "step2_policy = 'mentioned' OR step2_policy = 'none' OR step2_policy = 'requested' OR step2_policy = 'required_to_rank' OR step2_policy = 'strongly_considered' OR step2_policy = 'unknown'",
            name=op.f("ck_programs_step2_policy"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programs")),
    )
    op.create_index(
        "ix_programs_acgme_id_nrmp_code", "programs", ["acgme_id", "nrmp_code"], unique=False
    )
    op.create_index(
        "ix_programs_name_key_acgme_id", "programs", ["name_key", "acgme_id"], unique=False
    )
    op.create_index(
        "ix_programs_name_key_nrmp_code", "programs", ["name_key", "nrmp_code"], unique=False
    )
    op.create_index("ix_programs_nrmp_code", "programs", ["nrmp_code"], unique=False)
    op.create_index(
        "ix_programs_service", "programs", ["application_service", "specialty"], unique=False
    )
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
        sa.Column("chosen", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("edited", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stale", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("undecided", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("findings", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("overrides", sa.JSON(), server_default="[]", nullable=False),
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
            "letter = 'after_interview' OR letter = 'context' OR letter = 'improvement' OR letter = 'retake' OR letter = 'score_notice' OR letter = 'score_pending' OR letter = 'score_posted' OR letter = 'strong_score'",
            name=op.f("ck_letters_letter"),
        ),
        sa.CheckConstraint(
            "occasion = 'pending' OR occasion = 'result'", name=op.f("ck_letters_occasion")
        ),
        sa.CheckConstraint(
            "state <> 'claimed' AND state <> 'committing' OR (owner IS NOT NULL AND lease_until IS NOT NULL)",
            name=op.f("ck_letters_leased"),
        ),
        sa.CheckConstraint(
            "state = 'approved' OR state = 'cancelled' OR state = 'claimed' OR state = 'committing' OR state = 'deferred' OR state = 'draft' OR state = 'exported' OR state = 'left_out' OR state = 'refused' OR state = 'sent' OR state = 'unknown'",
            name=op.f("ck_letters_state"),
        ),
        sa.CheckConstraint(
            "state = 'cancelled' OR state = 'draft' OR state = 'left_out' OR state = 'refused' OR (wire IS NOT NULL AND digest IS NOT NULL AND message_id IS NOT NULL)",
            name=op.f("ck_letters_frozen"),
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
    op.create_index(
        "ix_letters_held", "letters", ["state"], unique=False, **only("held_because IS NOT NULL")
    )
    op.create_index("ix_letters_program", "letters", ["program_id", "state"], unique=False)
    op.create_index("ix_letters_state", "letters", ["state"], unique=False)
    op.create_index(
        "uq_letters_address_once",
        "letters",
        ["applicant_id", "season", "attempt", "occasion", "to_key"],
        unique=True,
        **only(
            "state = 'claimed' OR state = 'committing' OR state = 'exported' OR state = 'sent' OR state = 'unknown'"
        ),
    )
    op.create_table(
        "retired",
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["into_id"],
            ["programs.id"],
            name=op.f("fk_retired_into_id_programs"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["programs.id"],
            name=op.f("fk_retired_program_id_programs"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("program_id", name=op.f("pk_retired")),
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
    op.create_index("ix_attempts_account_at", "attempts", ["account", "at"], unique=False)
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
    op.create_index("ix_events_letter", "events", ["letter_id", "id"], unique=False)
    op.execute(
        sa.insert(sa.table("journal", sa.column("id"), sa.column("line"))).values(id=1, line=0)
    )
    never_change("events", sqlite=op.get_bind().dialect.name == "sqlite")


def never_change(table: str, *, sqlite: bool) -> None:
    """What happened stays: nobody edits the record afterwards."""
    if not sqlite:
        op.execute(
            f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{table} are append-only'; END $$"
        )
    for verb in ("UPDATE", "DELETE"):
        act = (
            f" BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END"
            if sqlite
            else f" FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
        )
        op.execute(f"CREATE TRIGGER {table}_never_{verb.lower()} BEFORE {verb} ON {table}{act}")


def downgrade() -> None:
    for table in [
        "events",
        "attempts",
        "retired",
        "letters",
        "programs",
        "pauses",
        "journal",
        "imports",
        "column_uses",
        "applicants",
    ]:
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION events_append_only()")
