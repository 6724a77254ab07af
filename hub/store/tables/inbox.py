"""What workers keep about their own work: views of the list, and who is on duty."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.store.tables.base import Id, Table
from hub.store.tables.staff import Worker


class SavedView(Table):
    """A filtered list that a worker gave a name. `query` holds codes only: "view=mine&channel=sms"."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("worker_id", "name"),)
    id: Mapped[Id]
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"))
    name: Mapped[str]
    query: Mapped[str]


class Duty(Table):
    """A worker looks after a team's emergencies in [starts_at, ends_at); may be of another team of the same house."""

    __tablename__ = "duties"
    __table_args__ = (
        Index("ix_duties_team_id_ends_at", "team_id", "ends_at"),
        Index("ix_duties_worker_id_ends_at", "worker_id", "ends_at"),
    )
    id: Mapped[Id]
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    worker: Mapped[Worker] = relationship(lazy="joined", innerjoin=True)
