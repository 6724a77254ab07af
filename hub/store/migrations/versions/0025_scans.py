"""How often the virus scanner left a file without an answer"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("media_files", sa.Column("scans", sa.SmallInteger(), server_default="0", nullable=False))
