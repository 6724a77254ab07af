"""Two records of one human become one"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SIDE = sa.Enum("supervision", "victims", name="side", native_enum=False, length=40)


def upgrade() -> None:
    op.add_column("people", sa.Column("merged_into_id", sa.BigInteger(), nullable=True))
    op.add_column("people", sa.Column("name_index", sa.LargeBinary(), nullable=True))
    op.create_foreign_key(
        op.f("fk_people_merged_into_id"), "people", "people", ["merged_into_id", "side"], ["id", "side"]
    )
    op.create_index("ix_people_same_name", "people", ["agency_id", "side", "name_index"])
    op.create_index(
        "ix_people_merged_into_id",
        "people",
        ["merged_into_id"],
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )
    op.create_table(
        "two_people",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("other_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("side", SIDE, nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["workers.id"], name=op.f("fk_two_people_by_id")),
        sa.ForeignKeyConstraint(
            ["other_id", "side"], ["people.id", "people.side"], name=op.f("fk_two_people_other_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "side"], ["people.id", "people.side"], name=op.f("fk_two_people_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "other_id", name=op.f("pk_two_people")),
    )
    op.create_index(op.f("ix_two_people_other_id"), "two_people", ["other_id"])
