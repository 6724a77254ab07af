"""Secret calendar links, and files that wait for a worker to say "import"."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.store.tables.base import Id, Sealed, Table
from hub.store.tables.staff import Worker


class CalendarFeed(Table):
    """A link that a calendar program asks for appointments. It shows what its maker may see, and no more."""

    __tablename__ = "calendar_feeds"
    id: Mapped[Id]
    ref: Mapped[str] = mapped_column(unique=True)
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"), index=True)  # who made it, with whose eyes
    scope: Mapped[str]  # mine, team
    names: Mapped[bool] = mapped_column(default=False)  # first names stand in it
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]  # by a calendar program, to the hour
    revoked_at: Mapped[datetime | None]
    worker: Mapped[Worker] = relationship(lazy="joined", innerjoin=True)


class Upload(Table):
    """A file to import, between looking at it and saying yes. Taken away an hour later."""

    __tablename__ = "uploads"
    id: Mapped[Id]
    ref: Mapped[str] = mapped_column(unique=True)
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"))
    kind: Mapped[str]  # people, appointments
    content_sealed: Mapped[Sealed]  # under the master key: whose data it is, is not known yet
    made_at: Mapped[datetime]
