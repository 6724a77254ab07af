"""Proof of attendance in more ways: places, likeness of pictures, video"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SIDE = sa.Enum("supervision", "victims", name="side", native_enum=False, length=40)
NO = sa.text("false")


def upgrade() -> None:
    op.create_table(
        "venues",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("side", SIDE, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("metres", sa.SmallInteger(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_venues_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venues")),
        sa.UniqueConstraint("agency_id", "side", "place", name=op.f("uq_venues_agency_id_side_place")),
    )
    op.add_column("messages", sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("media_files", sa.Column("likeness", sa.BigInteger(), nullable=True))
    op.add_column(
        "media_files",
        sa.Column("checks", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column("media_files", sa.Column("point_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("appointments", sa.Column("meeting_sealed", sa.LargeBinary(), nullable=True))
    for switch in ("trusts_place", "keeps_point"):
        op.add_column("agencies", sa.Column(switch, sa.Boolean(), server_default=NO, nullable=False))
