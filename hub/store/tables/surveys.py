"""Whether a survey is asked, and answers that were changed. Knows no question: those are in flows/surveys/."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Id, Sealed, Table


class SurveySetting(Table):
    """One survey of one agency. No row: it is asked."""

    __tablename__ = "survey_settings"
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    survey: Mapped[str] = mapped_column(primary_key=True)  # the file's name
    published: Mapped[bool]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))


class EarlierAnswer(Table):
    """What somebody had answered before they changed it. Results count what stands in `answers`; nothing is lost."""

    __tablename__ = "earlier_answers"
    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("survey_runs.id"), index=True)
    question: Mapped[str]
    code: Mapped[str | None]  # as in `answers`: None with no words is a question that was skipped
    words_sealed: Mapped[Sealed | None]
    given_on: Mapped[str]  # sms, telegram, webchat, page
    answered_at: Mapped[datetime]
    replaced_at: Mapped[datetime]
    replaced_by: Mapped[str]  # a word of hub/surveys/answers.py: changed, taken_back, off_the_way
