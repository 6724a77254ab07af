"""What governs sending beside the messages themselves: the pace of a line, and what is held back on purpose."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Id, Sealed, Table
from hub.words import Side


class LinePace(Table):
    """How fast a line may send: a token bucket that all machines share. No row: as fast as we can."""

    __tablename__ = "line_paces"
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), primary_key=True, autoincrement=False)
    per_second: Mapped[float | None]  # None: no limit of ours
    tokens: Mapped[float] = mapped_column(default=0.0)  # as they stood at `refilled_at`
    refilled_at: Mapped[datetime]
    paused_until: Mapped[datetime | None]  # the provider asked us to wait (429 with Retry-After)


class Hold(Table):
    """A kill switch: what one line, one agency or one nudge rule would send waits. Exactly one of the three is set."""

    __tablename__ = "holds"
    id: Mapped[Id]
    line_id: Mapped[int | None] = mapped_column(ForeignKey("lines.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    rule: Mapped[str | None]
    everything: Mapped[bool] = mapped_column(default=False)  # safety answers too
    why: Mapped[str]  # as whoever did it wrote: never about a person
    by: Mapped[str]
    at: Mapped[datetime]
    until: Mapped[datetime | None]  # ends by itself
    released_at: Mapped[datetime | None]
    released_by: Mapped[str | None]


class Mailing(Table):
    """One text to several people, as a worker sent it. Its messages carry its id."""

    __tablename__ = "mailings"
    id: Mapped[Id]
    ref: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(unique=True)  # of the form: posted twice, it is sent once
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    side: Mapped[Side]
    by_id: Mapped[int] = mapped_column(ForeignKey("workers.id"), index=True)
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    words_sealed: Mapped[Sealed]  # JSON: language → words; under the master key, as it is nobody's alone
    chosen: Mapped[int]
    left_out: Mapped[dict[str, Any]] = mapped_column(default=dict)  # why → how many
    cancelled_at: Mapped[datetime | None]
