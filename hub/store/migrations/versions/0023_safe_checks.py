"""“Are you safe?” at a time that the person sets"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _wishes()
    _plans()
    _checks()
    _contacts()


def _wishes() -> None:
    op.create_table(
        "safe_wishes",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("question_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("duress_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("patience", sa.SmallInteger(), nullable=False),
        sa.Column("tells_contacts", sa.Boolean(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_safe_wishes_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_safe_wishes")),
    )


def _plans() -> None:
    op.create_table(
        "safe_plans",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("weekdays", postgresql.JSONB(), nullable=False),
        sa.Column("clock", sa.Time(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("planned_until", sa.Date(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_safe_plans_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safe_plans")),
    )
    runs = sa.text("ended_at IS NULL")
    op.create_index("ix_safe_plans_planned_until", "safe_plans", ["planned_until"], postgresql_where=runs)
    op.create_index("ix_safe_plans_person_id", "safe_plans", ["person_id"])


def _checks() -> None:
    op.create_table(
        "safe_checks",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("postponed", sa.SmallInteger(), nullable=False),
        sa.Column("unclear", sa.SmallInteger(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("contacts_told_at", MOMENT, nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_safe_checks_message_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_safe_checks_person_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["safe_plans.id"], name=op.f("fk_safe_checks_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safe_checks")),
        sa.UniqueConstraint("plan_id", "on", name=op.f("uq_safe_checks_plan_id_on")),
    )
    op.create_index("ix_safe_checks_person_id_due_at", "safe_checks", ["person_id", "due_at"])
    to_ask = sa.text("state IN ('planned', 'later')")
    op.create_index("ix_safe_checks_to_ask", "safe_checks", ["due_at"], postgresql_where=to_ask)
    waiting = sa.text("state IN ('planned', 'asked', 'later')")
    op.create_index("ix_safe_checks_waiting", "safe_checks", ["closes_at"], postgresql_where=waiting)


def _contacts() -> None:
    op.create_table(
        "chosen_contacts",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("supporter_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("agreed_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_chosen_contacts_person_id")),
        sa.ForeignKeyConstraint(["supporter_id"], ["people.id"], name=op.f("fk_chosen_contacts_supporter_id")),
        sa.PrimaryKeyConstraint("person_id", "supporter_id", name=op.f("pk_chosen_contacts")),
    )
    op.create_index("ix_chosen_contacts_supporter_id", "chosen_contacts", ["supporter_id"])
