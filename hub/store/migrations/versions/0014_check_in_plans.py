"""Rhythms of check-ins, their answers, the agency's tiers, and whether somebody is back"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STATE = sa.Enum(
    "planned",
    "asked",
    "not_yet",
    "asked_again",
    "back",
    "not_back",
    "silent",
    name="returnstate",
    native_enum=False,
    length=40,
)
RUNS = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.add_column("people", sa.Column("tier", sa.SmallInteger(), nullable=True))
    tiers = sa.Column("tiers", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False)
    op.add_column("agencies", tiers)
    op.add_column("agencies", sa.Column("back_within", sa.SmallInteger(), server_default="30", nullable=False))
    _check_ins()
    _returns()


def _check_ins() -> None:
    op.create_table(
        "check_in_plans",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("weeks", sa.SmallInteger(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("clock", sa.Time(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("questions_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("planned_until", sa.Date(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_check_in_plans_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_plans")),
    )
    op.create_index("uq_check_in_plans_person_id", "check_in_plans", ["person_id"], unique=True, postgresql_where=RUNS)
    op.create_index("ix_check_in_plans_planned_until", "check_in_plans", ["planned_until"], postgresql_where=RUNS)
    op.add_column("check_ins", sa.Column("plan_id", sa.BigInteger(), nullable=True))
    op.add_column("check_ins", sa.Column("occurrence_on", sa.Date(), nullable=True))
    op.add_column("check_ins", sa.Column("step", sa.Text(), server_default="", nullable=False))
    op.create_foreign_key(op.f("fk_check_ins_plan_id"), "check_ins", "check_in_plans", ["plan_id"], ["id"])
    op.create_unique_constraint(op.f("uq_check_ins_plan_id_occurrence_on"), "check_ins", ["plan_id", "occurrence_on"])
    op.create_table(
        "check_in_answers",
        sa.Column("check_in_id", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_ins.id"], name=op.f("fk_check_in_answers_check_in_id")),
        sa.PrimaryKeyConstraint("check_in_id", "question", name=op.f("pk_check_in_answers")),
    )


def _returns() -> None:
    op.create_table(
        "return_plans",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("weekdays", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("clock", sa.Time(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("planned_until", sa.Date(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_return_plans_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_plans")),
    )
    op.create_index("ix_return_plans_planned_until", "return_plans", ["planned_until"], postgresql_where=RUNS)
    op.create_index("ix_return_plans_person_id", "return_plans", ["person_id"])
    op.create_table(
        "return_checks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", STATE, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_return_checks_person_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["return_plans.id"], name=op.f("fk_return_checks_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_checks")),
        sa.UniqueConstraint("plan_id", "on", name=op.f("uq_return_checks_plan_id_on")),
    )
    op.create_index("ix_return_checks_person_id_due_at", "return_checks", ["person_id", "due_at"])
    op.create_index(
        "ix_return_checks_waiting",
        "return_checks",
        ["closes_at"],
        postgresql_where=sa.text("state IN ('planned', 'asked', 'not_yet', 'asked_again')"),
    )
