"""From one channel to another in the middle of a survey: one run, and one place where its question waits.

Where somebody has gone on elsewhere, the old question takes no answer any more: a late "4" there would be the answer to
another question. It says instead how to go on (`hub/decide.py` knows such an answer). Knows no text but that one.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub.store.tables import Prompt, SurveyRun
from hub.words import Awaiting

HERE, ELSEWHERE = "survey_run", "survey_elsewhere"  # what an open question is about
GONE_ON = "surveys.gone_on"


async def to(session: AsyncSession, run: SurveyRun, conversation_id: int | None = None) -> None:
    """The survey goes on in this conversation; None: on a page."""
    waits = _waits(run)
    if conversation_id is not None:
        waits &= Prompt.conversation_id != conversation_id
    moved = {"text_key": GONE_ON, "subject_kind": ELSEWHERE, "awaiting": Awaiting.NOTHING}
    await session.execute(update(Prompt).where(waits).values(moved))


async def nothing_waits(session: AsyncSession, run: SurveyRun, now: datetime) -> None:
    """The run is over: nowhere is an answer waited for."""
    await session.execute(update(Prompt).where(_waits(run)).values(closed_at=now))


def _waits(run: SurveyRun) -> ColumnElement[bool]:
    return Prompt.subject_kind.in_((HERE, ELSEWHERE)) & (Prompt.subject_id == run.id) & Prompt.closed_at.is_(None)
