"""Surveys published or stopped by agency, what was noted of a check-in, indexes for figures over months"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_settings",
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("survey", sa.Text(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_survey_settings_agency_id")),
        sa.ForeignKeyConstraint(["by_id"], ["workers.id"], name=op.f("fk_survey_settings_by_id")),
        sa.PrimaryKeyConstraint("agency_id", "survey", name=op.f("pk_survey_settings")),
    )
    op.add_column("check_ins", sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("check_ins", sa.Column("reviewed_by_id", sa.BigInteger(), nullable=True))
    op.add_column("check_ins", sa.Column("note_sealed", sa.LargeBinary(), nullable=True))
    op.create_foreign_key(op.f("fk_check_ins_reviewed_by_id"), "check_ins", "workers", ["reviewed_by_id"], ["id"])
    op.create_index("ix_check_ins_waiting", "check_ins", ["due_at"], postgresql_where=sa.text("state <> 'reviewed'"))
    op.create_index("ix_messages_created_at", "messages", ["created_at"], postgresql_using="brin")
    op.create_index(
        "ix_messages_written",
        "messages",
        ["conversation_id", "created_at"],
        postgresql_where=sa.text("author_id IS NOT NULL"),
    )
    op.create_index("ix_escalations_opened_at", "escalations", ["opened_at"])
    op.create_index("ix_survey_runs_survey", "survey_runs", ["survey", "invited_at"])
