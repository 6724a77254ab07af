"""Whether a survey is asked. Knows no question: those are in `flows/surveys/definitions/`."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Table


class SurveySetting(Table):
    """One survey of one agency. No row: it is asked."""

    __tablename__ = "survey_settings"
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    survey: Mapped[str] = mapped_column(primary_key=True)  # the file's name
    published: Mapped[bool]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
