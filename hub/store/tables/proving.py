"""Where appointments are held, and who is asked by text who came."""

from datetime import datetime

from sqlalchemy import ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Id, Table
from hub.words import Side


class Venue(Table):
    """A place of appointments, found by the words that they use for it."""

    __tablename__ = "venues"
    __table_args__ = (UniqueConstraint("agency_id", "side", "place"),)
    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    side: Mapped[Side]
    place: Mapped[str]  # as appointments say it: "1 High St, DE1 1AA"
    latitude: Mapped[float]
    longitude: Mapped[float]
    metres: Mapped[int] = mapped_column(SmallInteger, default=100)  # so near counts as there
    set_at: Mapped[datetime]


class ProviderQuestion(Table):
    """Who came? Asked of a provider by text, after a session of theirs. Answered once."""

    __tablename__ = "provider_questions"
    id: Mapped[Id]
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"))
    starts_at: Mapped[datetime]  # of the session
    appointments: Mapped[list[str]]  # their references, in the order of their letters
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("worker_id", "starts_at"),)
