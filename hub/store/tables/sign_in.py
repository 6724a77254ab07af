"""How a worker gets in: the link that they set a password with, the provider's account, the codes for a lost phone."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Id, Sealed, Table


class SignInLink(Table):
    """A secret link with which a worker sets a password and an authenticator, once. Only its hash is kept."""

    __tablename__ = "sign_in_links"
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    # What was chosen on its first page, until the second page shows that the authenticator works.
    password_hash: Mapped[str | None]
    totp_sealed: Mapped[Sealed | None]


class RecoveryCode(Table):
    """A code for the day without the phone: good once. Only a keyed hash is kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("worker_id", "code_index"),)
    id: Mapped[Id]
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"))
    code_index: Mapped[bytes]
    used_at: Mapped[datetime | None]


class ProviderAccount(Table):
    """A worker's account with an OpenID provider. From the first sign-in on its subject counts, not its e-mail."""

    __tablename__ = "provider_accounts"
    __table_args__ = (UniqueConstraint("issuer", "worker_id"),)
    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"), index=True)
    bound_at: Mapped[datetime]
