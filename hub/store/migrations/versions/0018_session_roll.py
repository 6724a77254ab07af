"""Providers are asked by text who came"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provider_phones",
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_provider_phones_person_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_provider_phones_worker_id")),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_provider_phones")),
        sa.UniqueConstraint("person_id", name=op.f("uq_provider_phones_person_id")),
    )
    op.add_column("appointments", sa.Column("roll_asked_at", sa.DateTime(timezone=True), nullable=True))
