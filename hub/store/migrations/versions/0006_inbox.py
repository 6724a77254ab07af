"""The inbox: views that a worker keeps, who is on duty, what nobody took in time"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "workers",
        sa.Column("preferences", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column("escalations", sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("prompts", sa.Column("chased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "saved_views",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_saved_views_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("worker_id", "name", name=op.f("uq_saved_views_worker_id_name")),
    )
    op.create_table(
        "duties",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_duties_team_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_duties_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
    )
    op.create_index("ix_duties_team_id_ends_at", "duties", ["team_id", "ends_at"])
    op.create_index("ix_duties_worker_id_ends_at", "duties", ["worker_id", "ends_at"])
    op.create_index("ix_people_caseload", "people", ["agency_id", "side", "worker_id"])
    op.create_index(
        "ix_conversations_holder_id", "conversations", ["holder_id"], postgresql_where=sa.text("holder_id IS NOT NULL")
    )
    op.create_index(
        "ix_escalations_untaken", "escalations", ["side", "reason"], postgresql_where=sa.text("state = 'open'")
    )
    op.create_index(
        "ix_escalations_taken_by_id", "escalations", ["taken_by_id"], postgresql_where=sa.text("state <> 'closed'")
    )
    op.create_index(
        "ix_prompts_unanswered",
        "prompts",
        ["asked_at"],
        postgresql_where=sa.text("closed_at IS NULL AND chased_at IS NULL"),
    )
