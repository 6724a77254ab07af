"""News that was told lately is found without walking all that was ever told"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_updates_told_at", "updates", ["told_at"], postgresql_where=sa.text("event_id IS NOT NULL"))
