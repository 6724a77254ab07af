"""Conditions as a machine with photos and requests for longer; why somebody missed an appointment"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATE = sa.Enum("open", "said_done", "done", "not_done", "waived", name="conditionstate", native_enum=False, length=40)


def upgrade() -> None:
    op.add_column("conditions", sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conditions", sa.Column("state", STATE, server_default="open", nullable=False))
    op.add_column("conditions", sa.Column("state_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conditions", sa.Column("decided_by_id", sa.BigInteger(), nullable=True))
    op.add_column("conditions", sa.Column("reason_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("conditions", sa.Column("look_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        """
        UPDATE conditions SET
            agreed_at = cases.opened_at,
            state_at = coalesce(checked_at, done_at, cases.opened_at),
            state = CASE WHEN checked_at IS NOT NULL THEN 'done'
                         WHEN done_at IS NOT NULL THEN 'said_done' ELSE 'open' END,
            look_at = CASE WHEN coalesce(checked_at, done_at, cases.closed_at) IS NULL AND due_on >= current_date
                           THEN due_on - interval '3 days' + interval '10 hours' END
        FROM cases WHERE cases.id = conditions.case_id
        """
    )
    op.alter_column("conditions", "agreed_at", nullable=False)
    op.alter_column("conditions", "state_at", nullable=False)
    op.alter_column("conditions", "state", server_default=None)
    op.create_foreign_key(op.f("fk_conditions_decided_by_id"), "conditions", "workers", ["decided_by_id"], ["id"])
    op.create_index("ix_conditions_look_at", "conditions", ["look_at"], postgresql_where=sa.text("look_at IS NOT NULL"))
    op.create_table(
        "condition_photos",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("condition_id", sa.BigInteger(), nullable=False),
        sa.Column("media_id", sa.BigInteger(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["condition_id"], ["conditions.id"], name=op.f("fk_condition_photos_condition_id")),
        sa.ForeignKeyConstraint(["media_id"], ["media_files.id"], name=op.f("fk_condition_photos_media_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition_photos")),
    )
    op.create_index(op.f("ix_condition_photos_condition_id"), "condition_photos", ["condition_id"])
    op.create_table(
        "extensions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("condition_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["condition_id"], ["conditions.id"], name=op.f("fk_extensions_condition_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["workers.id"], name=op.f("fk_extensions_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    op.create_index(op.f("ix_extensions_condition_id"), "extensions", ["condition_id"])
    op.create_index(
        "uq_extensions_open", "extensions", ["condition_id"], unique=True, postgresql_where=sa.text("state = 'open'")
    )
    op.add_column("appointments", sa.Column("why_missed_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("agencies", sa.Column("early_days", sa.SmallInteger(), server_default="3", nullable=False))
