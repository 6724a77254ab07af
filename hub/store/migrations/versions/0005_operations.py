"""Indexes for monitoring, and for what waits for a permitted hour"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    held = sa.text("state = 'held'")
    op.create_index("ix_messages_held", "messages", ["due_at"], postgresql_where=held, if_not_exists=True)
    op.create_index("ix_attempts_finished", "attempts", ["finished_at"])
    op.create_index("ix_receipts_at", "receipts", ["at"], postgresql_where=sa.text("meaning <> ''"))
