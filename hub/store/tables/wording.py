"""What an agency has made its own: the words of a text, and when a nudge rule speaks. Neither is about anybody."""

from datetime import datetime, time

from sqlalchemy import ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.states import TextState
from hub.store.tables.base import Id, Table
from hub.words import Side


class TextVersion(Table):
    """One wording of one text for one agency and side. Its words never change: another wording is another row."""

    __tablename__ = "text_versions"
    __table_args__ = (
        Index(
            "uq_text_versions_live",
            *("agency_id", "side", "key", "language"),
            unique=True,
            postgresql_where=text("state = 'live'"),
        ),
        Index("ix_text_versions_key", "agency_id", "side", "key"),
    )
    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    side: Mapped[Side]
    key: Mapped[str]
    language: Mapped[str]
    text: Mapped[str]
    discreet: Mapped[str]  # the same as the text where that is careful already
    state: Mapped[TextState]
    why: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("workers.id"))
    at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    decided_at: Mapped[datetime | None]
    decided_why: Mapped[str] = mapped_column(default="")


class RuleSetting(Table):
    """How an agency's side wants one nudge rule: off, on another day, at another time. No row: as in `flows/`."""

    __tablename__ = "rule_settings"
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    side: Mapped[Side] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(primary_key=True)
    off: Mapped[bool] = mapped_column(default=False)
    days: Mapped[int | None] = mapped_column(SmallInteger)  # days, or working days where the rule counts those
    clock: Mapped[time | None]
    why: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("workers.id"))
    at: Mapped[datetime]
