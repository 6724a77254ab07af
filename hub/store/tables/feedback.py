"""What staff say of a session and of a provider. What people say is a survey (`hub/store/tables/topics.py`)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.store.tables.base import Id, Sealed, Table
from hub.store.tables.cases import Appointment
from hub.words import Side


class SessionFeedback(Table):
    """Of whoever held a session, about it: codes are counted, words are sealed under the person's key."""

    __tablename__ = "session_feedback"
    id: Mapped[Id]
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"), unique=True)
    went: Mapped[str]  # a key of hub/feedback.py WENT
    took_part: Mapped[int] = mapped_column(SmallInteger)  # a key of hub/feedback.py TOOK_PART
    look: Mapped[bool]  # their worker should look at something
    words_sealed: Mapped[Sealed | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("workers.id"))
    at: Mapped[datetime]
    appointment: Mapped[Appointment] = relationship(lazy="raise")


class ProviderFeedback(Table):
    """Of a worker about a provider, once a month: about no person, so its words are sealed under the master key."""

    __tablename__ = "provider_feedback"
    __table_args__ = (UniqueConstraint("by_id", "provider", "month"),)
    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    side: Mapped[Side]
    provider: Mapped[str]  # as appointments name it
    month: Mapped[date]  # its first day
    useful: Mapped[int] = mapped_column(SmallInteger)  # 1 not at all … 5 very
    tells_us: Mapped[bool]  # in time who came
    words_sealed: Mapped[Sealed | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("workers.id"))
    at: Mapped[datetime]
