"""Indexes for monitoring"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_attempts_finished", "attempts", ["finished_at"])
    op.create_index("ix_receipts_at", "receipts", ["at"], postgresql_where=sa.text("meaning <> ''"))
