"""An agency's own wordings and rule times, texts to several, nudges held back"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SIDE = sa.Enum("supervision", "victims", name="side", native_enum=False, length=40)
STATE = sa.Enum("proposed", "live", "refused", "retired", name="textstate", native_enum=False, length=40)


def upgrade() -> None:
    op.create_table(
        "text_versions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("side", SIDE, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("discreet", sa.Text(), nullable=False),
        sa.Column("state", STATE, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_text_versions_agency_id")),
        sa.ForeignKeyConstraint(["by_id"], ["workers.id"], name=op.f("fk_text_versions_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["workers.id"], name=op.f("fk_text_versions_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_versions")),
    )
    op.create_index("ix_text_versions_key", "text_versions", ["agency_id", "side", "key"])
    op.create_index(
        "uq_text_versions_live",
        "text_versions",
        ["agency_id", "side", "key", "language"],
        unique=True,
        postgresql_where=sa.text("state = 'live'"),
    )
    op.create_table(
        "rule_settings",
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("side", SIDE, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("days", sa.SmallInteger(), nullable=True),
        sa.Column("clock", sa.Time(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_rule_settings_agency_id")),
        sa.ForeignKeyConstraint(["by_id"], ["workers.id"], name=op.f("fk_rule_settings_by_id")),
        sa.PrimaryKeyConstraint("agency_id", "side", "rule", name=op.f("pk_rule_settings")),
    )
    op.create_table(
        "mailings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("side", SIDE, nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("chosen", sa.BigInteger(), nullable=False),
        sa.Column("left_out", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_mailings_agency_id")),
        sa.ForeignKeyConstraint(["by_id"], ["workers.id"], name=op.f("fk_mailings_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailings")),
        sa.UniqueConstraint("ref", name=op.f("uq_mailings_ref")),
        sa.UniqueConstraint("token", name=op.f("uq_mailings_token")),
    )
    op.create_index(op.f("ix_mailings_by_id"), "mailings", ["by_id"])
    op.add_column("messages", sa.Column("mailing_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_messages_mailing_id"), "messages", "mailings", ["mailing_id"], ["id"])
    op.create_index(
        "ix_messages_mailing_id", "messages", ["mailing_id"], postgresql_where=sa.text("mailing_id IS NOT NULL")
    )
    op.add_column("nudges", sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("nudges", sa.Column("held_by_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_nudges_held_by_id"), "nudges", "workers", ["held_by_id"], ["id"])
