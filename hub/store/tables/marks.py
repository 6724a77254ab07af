"""What a worker has noted about a person, as a code, so that nobody is asked for an opinion at a bad time."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Table


class PersonMark(Table):
    """No row: it does not hold, or nobody has said so."""

    __tablename__ = "person_marks"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    mark: Mapped[str] = mapped_column(primary_key=True)  # a key of hub/marks.py MARKS
    day: Mapped[date | None]  # what it counts from, or lasts until: MARKS says which
    set_at: Mapped[datetime]
    set_by: Mapped[str]  # "worker:3", "key:1"
