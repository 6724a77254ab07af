"""Sign-in links, recovery codes, accounts with an OpenID provider; the browser of each session"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("sign_ins", sa.Column("browser", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("used_at", AT, nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name="fk_sign_in_links_worker_id"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_in_links"),
    )
    op.create_index("ix_sign_in_links_worker_id", "sign_in_links", ["worker_id"])
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", AT, nullable=True),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name="fk_recovery_codes_worker_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_codes"),
        sa.UniqueConstraint("worker_id", "code_index", name="uq_recovery_codes_worker_id_code_index"),
    )
    op.create_table(
        "provider_accounts",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("bound_at", AT, nullable=False),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name="fk_provider_accounts_worker_id"),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_provider_accounts"),
        sa.UniqueConstraint("issuer", "worker_id", name="uq_provider_accounts_issuer_worker_id"),
    )
    op.create_index("ix_provider_accounts_worker_id", "provider_accounts", ["worker_id"])
