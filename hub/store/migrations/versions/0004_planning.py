"""Days of a case that lie ahead, appointments that repeat, a person's own time zone"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("time_zone", sa.Text(), nullable=True))
    op.create_table(
        "case_dates",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("clock", sa.Time(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_dates_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_dates")),
        sa.UniqueConstraint("case_id", "kind", "on", name=op.f("uq_case_dates_case_id_kind_on")),
    )
    op.create_table(
        "appointment_series",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.Enum("supervision", "victims", name="side", native_enum=False, length=40), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("worker_id", sa.BigInteger(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("left_out", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("clock", sa.Time(), nullable=False),
        sa.Column("planned_until", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("with_whom", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("directions", sa.Text(), nullable=False),
        sa.Column("bring", sa.Text(), nullable=False),
        sa.Column("proof_wanted", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_appointment_series_agency_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_appointment_series_case_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "side"], ["people.id", "people.side"], name=op.f("fk_appointment_series_person_id")
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_appointment_series_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_series")),
        sa.UniqueConstraint(
            "agency_id", "side", "external_id", name=op.f("uq_appointment_series_agency_id_side_external_id")
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_appointment_series_ref")),
    )
    op.create_index(op.f("ix_appointment_series_person_id"), "appointment_series", ["person_id"])
    op.create_index(
        "ix_appointment_series_planned",
        "appointment_series",
        ["planned_until"],
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.add_column("appointments", sa.Column("series_id", sa.BigInteger(), nullable=True))
    op.add_column("appointments", sa.Column("occurrence_on", sa.Date(), nullable=True))
    op.create_foreign_key(
        op.f("fk_appointments_series_id"), "appointments", "appointment_series", ["series_id"], ["id"]
    )
    op.create_unique_constraint(
        op.f("uq_appointments_series_id_occurrence_on"), "appointments", ["series_id", "occurrence_on"]
    )
