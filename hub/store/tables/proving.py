"""Where appointments are held, and the numbers at which providers are asked who came."""

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


class ProviderPhone(Table):
    """A provider as somebody we write to: asked by text who came (hub/session_roll.py)."""

    __tablename__ = "provider_phones"
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    set_at: Mapped[datetime]
