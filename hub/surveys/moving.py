"""From one channel to another in the middle of a survey: one run, and one place where its question waits.

Where somebody has gone on elsewhere, the old question takes no answer any more: a late "4" there would be the answer to
another question. It says instead how to go on. Knows no text but that one.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub.store.tables import Prompt, SurveyRun

GONE_ON = "surveys.gone_on"


async def to(session: AsyncSession, run: SurveyRun, conversation_id: int | None = None) -> None:
    """The survey goes on in this conversation; None: on a page."""
    waits = _waits(run)
    if conversation_id is not None:
        waits &= Prompt.conversation_id != conversation_id
    await session.execute(update(Prompt).where(waits).values(text_key=GONE_ON))


async def nothing_waits(session: AsyncSession, run: SurveyRun, now: datetime) -> None:
    """The run is over: nowhere is an answer waited for."""
    await session.execute(update(Prompt).where(_waits(run)).values(closed_at=now))


def has_gone_on(prompt: Prompt | None) -> bool:
    return prompt is not None and prompt.text_key == GONE_ON


def _waits(run: SurveyRun) -> ColumnElement[bool]:
    return (Prompt.subject_kind == "survey_run") & (Prompt.subject_id == run.id) & Prompt.closed_at.is_(None)
