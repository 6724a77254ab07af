"""Why a case was closed; surveys after a session; what staff say of sessions and of providers"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SIDE = sa.Enum("supervision", "victims", name="side", native_enum=False, length=40)


def upgrade() -> None:
    op.add_column("cases", sa.Column("closed_for", sa.Text(), server_default="", nullable=False))
    op.add_column("survey_runs", sa.Column("appointment_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_survey_runs_appointment_id"), "survey_runs", "appointments", ["appointment_id"], ["id"]
    )
    op.create_index(op.f("ix_survey_runs_appointment_id"), "survey_runs", ["appointment_id"])
    op.create_table(
        "session_feedback",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("appointment_id", sa.BigInteger(), nullable=False),
        sa.Column("went", sa.Text(), nullable=False),
        sa.Column("took_part", sa.SmallInteger(), nullable=False),
        sa.Column("look", sa.Boolean(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_session_feedback_appointment_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["workers.id"], name=op.f("fk_session_feedback_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_feedback")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_session_feedback_appointment_id")),
    )
    op.create_table(
        "provider_feedback",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("side", SIDE, nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("useful", sa.SmallInteger(), nullable=False),
        sa.Column("tells_us", sa.Boolean(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_provider_feedback_agency_id")),
        sa.ForeignKeyConstraint(["by_id"], ["workers.id"], name=op.f("fk_provider_feedback_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_feedback")),
        sa.UniqueConstraint("by_id", "provider", "month", name=op.f("uq_provider_feedback_by_id_provider_month")),
    )
    op.create_index(op.f("ix_provider_feedback_agency_id"), "provider_feedback", ["agency_id"])
