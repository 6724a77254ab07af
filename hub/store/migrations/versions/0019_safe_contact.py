"""Whether an address of a victim is safe, who said so, and how it may be used"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agencies", sa.Column("safe_again_days", sa.SmallInteger(), server_default="90", nullable=False))
    state = sa.Column("safe_state", sa.String(length=40), server_default="unasked", nullable=False)
    op.add_column("contact_points", state)
    op.add_column("contact_points", sa.Column("safe_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("contact_points", sa.Column("safe_look_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("contact_points", sa.Column("safe_said_by", sa.Text(), server_default="", nullable=False))
    op.add_column("contact_points", sa.Column("ask_first", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("contact_points", sa.Column("code_word_sealed", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_contact_points_safe_look_at",
        "contact_points",
        ["safe_look_at"],
        postgresql_where=sa.text("safe_look_at IS NOT NULL"),
    )
    # Nobody has said yet that these are safe: they are asked, in careful words, before anything else goes there.
    op.execute("UPDATE contact_points SET discreet = true WHERE side = 'victims'")
