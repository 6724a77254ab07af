"""Statements, and voice messages with the words that a machine heard"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
STATES = ("asked", "started", "read_back", "confirmed", "withdrawn", "expired")
VOICES = ("unheard", "waiting", "failed", "heard", "asked", "confirmed", "wrong", "corrected")


def upgrade() -> None:
    _statements()
    _files()
    _answers()
    _voices()


def _statements() -> None:
    op.create_table(
        "statements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="statementstate", native_enum=False, length=40), nullable=False),
        sa.Column("state_at", TIME, nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_statements_person_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["workers.id"], name=op.f("fk_statements_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("ref", name=op.f("uq_statements_ref")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_statements_token_hash")),
    )
    op.create_index(op.f("ix_statements_person_id"), "statements", ["person_id"])
    waits = sa.text("state IN ('asked', 'started', 'read_back')")
    op.create_index("ix_statements_open", "statements", ["expires_at"], postgresql_where=waits)


def _files() -> None:
    op.add_column("media_files", sa.Column("original_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("media_files", sa.Column("original_type", sa.Text(), server_default="", nullable=False))
    op.add_column("media_files", sa.Column("seconds", sa.Float(), nullable=True))
    op.add_column("media_files", sa.Column("statement_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_media_files_statement_id"), "media_files", "statements", ["statement_id"], ["id"])
    op.create_index(op.f("ix_media_files_statement_id"), "media_files", ["statement_id"])


def _answers() -> None:
    op.create_table(
        "statement_answers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("media_id", sa.BigInteger(), nullable=True),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("answered_at", TIME, nullable=False),
        sa.Column("replaced_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_statement_answers_statement_id")),
        sa.ForeignKeyConstraint(["media_id"], ["media_files.id"], name=op.f("fk_statement_answers_media_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_answers")),
    )
    op.create_index(op.f("ix_statement_answers_statement_id"), "statement_answers", ["statement_id"])
    op.create_index(op.f("ix_statement_answers_media_id"), "statement_answers", ["media_id"])
    op.create_table(
        "statement_versions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", TIME, nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_statement_versions_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_versions")),
        sa.UniqueConstraint("statement_id", "number", name=op.f("uq_statement_versions_statement_id_number")),
    )


def _voices() -> None:
    op.create_table(
        "voice_drafts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("media_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Enum(*VOICES, name="voicestate", native_enum=False, length=40), nullable=False),
        sa.Column("state_at", TIME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("corrected_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["media_id"], ["media_files.id"], name=op.f("fk_voice_drafts_media_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_drafts")),
        sa.UniqueConstraint("media_id", name=op.f("uq_voice_drafts_media_id")),
    )
    waits = sa.text("state = 'waiting'")
    op.create_index("ix_voice_drafts_due_at", "voice_drafts", ["due_at"], postgresql_where=waits)
