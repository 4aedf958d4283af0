"""Tracks of programs, an impression from the interview day, and other ways than mail."""

import sqlalchemy as sa
from alembic import op

revision = "0003_tracks_and_channels"
down_revision = "0002_lineage"
branch_labels = None
depends_on = None

CONTACT = "ck_programs_contact_policy"
TRACK = "ck_programs_track"


def upgrade() -> None:
    with op.batch_alter_table("programs") as programs:
        programs.add_column(sa.Column("track", sa.Text()))
        for name in ("impression", "contact_channel"):
            programs.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        programs.drop_constraint(op.f(CONTACT), type_="check")
        programs.create_check_constraint(
            op.f(CONTACT),
            "contact_policy = 'channel' OR contact_policy = 'if_asked' OR contact_policy = 'none'"
            " OR contact_policy = 'not_after_interview' OR contact_policy = 'open'",
        )
        programs.create_check_constraint(
            op.f(TRACK),
            "track = 'advanced' OR track = 'categorical' OR track = 'joint'"
            " OR track = 'preliminary'",
        )


def downgrade() -> None:
    """What the words of before cannot say becomes the strictest of them."""
    strict = "UPDATE programs SET contact_policy = 'none' WHERE contact_policy = 'channel'"
    op.execute(f"{strict} OR contact_policy = 'not_after_interview'")
    with op.batch_alter_table("programs") as programs:
        programs.drop_constraint(op.f(TRACK), type_="check")
        programs.drop_constraint(op.f(CONTACT), type_="check")
        programs.create_check_constraint(
            op.f(CONTACT),
            "contact_policy = 'if_asked' OR contact_policy = 'none' OR contact_policy = 'open'",
        )
        for name in ("contact_channel", "impression", "track"):
            programs.drop_column(name)
