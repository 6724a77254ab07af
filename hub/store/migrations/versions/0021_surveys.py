"""Answers that were changed are kept; what a worker has noted about a person; where an answer was given"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answers", sa.Column("given_on", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "earlier_answers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("given_on", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["survey_runs.id"], name=op.f("fk_earlier_answers_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_answers")),
    )
    op.create_index(op.f("ix_earlier_answers_run_id"), "earlier_answers", ["run_id"])
    op.create_table(
        "person_marks",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_marks_person_id")),
        sa.PrimaryKeyConstraint("person_id", "mark", name=op.f("pk_person_marks")),
    )
