"""What lies on a worker's desk while they write: who looks at a conversation, and answers begun and not sent."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Sealed, Table


class Presence(Table):
    """A page that is open. The page says so every few seconds; what it has not said for a while is over."""

    __tablename__ = "presences"
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True, index=True)
    at: Mapped[datetime]
    wrote_at: Mapped[datetime | None]  # when they last typed


class Draft(Table):
    """An answer begun, sealed with the person's key. One a worker and conversation."""

    __tablename__ = "drafts"
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True, index=True)
    body_sealed: Mapped[Sealed]
    began_at: Mapped[datetime]
    at: Mapped[datetime]
