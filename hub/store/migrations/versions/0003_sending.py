"""Sending: lanes, shares and paces, holds, standby lines, limits a day"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("agencies", sa.Column("send_weight", sa.SmallInteger(), server_default="1", nullable=False))
    op.add_column("agencies", sa.Column("daily_texts", sa.SmallInteger(), server_default="10", nullable=False))
    op.add_column("contact_points", sa.Column("marked_safe", sa.Boolean(), server_default="false", nullable=False))
    _lines()
    _holds()
    _messages()
    op.add_column("attempts", sa.Column("line_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key("fk_attempts_line_id", "attempts", "lines", ["line_id"], ["id"])
    op.create_index("ix_attempts_started_at", "attempts", ["started_at"])


def _lines() -> None:
    op.add_column("lines", sa.Column("standby_line_id", sa.BigInteger(), nullable=True))
    op.add_column("lines", sa.Column("stands_in", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("lines", sa.Column("own_share", sa.Float(), server_default="1", nullable=False))
    op.add_column("lines", sa.Column("share_since", WHEN, nullable=True))
    op.create_foreign_key("fk_lines_standby_line_id", "lines", "lines", ["standby_line_id"], ["id"])
    op.create_table(
        "line_paces",
        sa.Column("line_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("per_second", sa.Float(), nullable=True),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("refilled_at", WHEN, nullable=False),
        sa.Column("paused_until", WHEN, nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name="fk_line_paces_line_id"),
        sa.PrimaryKeyConstraint("line_id", name="pk_line_paces"),
    )


def _holds() -> None:
    op.create_table(
        "holds",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=True),
        sa.Column("agency_id", sa.BigInteger(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("everything", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("until", WHEN, nullable=True),
        sa.Column("released_at", WHEN, nullable=True),
        sa.Column("released_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_holds_agency_id"),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name="fk_holds_line_id"),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
    )


def _messages() -> None:
    op.add_column("messages", sa.Column("hold_id", sa.BigInteger(), nullable=True))
    op.add_column("messages", sa.Column("left_at", WHEN, nullable=True))
    op.add_column("messages", sa.Column("text_index", sa.LargeBinary(), nullable=True))
    op.add_column("messages", sa.Column("instead_of_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key("fk_messages_hold_id", "messages", "holds", ["hold_id"], ["id"])
    op.create_foreign_key("fk_messages_instead_of_id", "messages", "messages", ["instead_of_id"], ["id"])
    op.drop_index("ix_messages_due", "messages")
    for name, columns, where in (
        ("ix_messages_due", ["rank", "line_id", "due_at", "id"], "state = 'queued'"),
        ("ix_messages_next", ["conversation_id", "rank", "due_at", "id"], "state = 'queued'"),
        ("ix_messages_under_way", ["conversation_id"], "state IN ('claimed', 'sending')"),
        ("ix_messages_held", ["due_at"], "state = 'held'"),
        ("ix_messages_hold_id", ["hold_id"], "hold_id IS NOT NULL"),
        ("ix_messages_left", ["conversation_id", "left_at"], "left_at IS NOT NULL"),
    ):
        op.create_index(name, "messages", columns, postgresql_where=sa.text(where))
