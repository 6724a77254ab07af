"""Answers that worry: in front of a human the moment they are given, not at the end of the survey. Asks nothing."""

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import escalations
from hub.core import Hub
from hub.states import EscalationState
from hub.store.tables import Answer, Conversation, EarlierAnswer, Escalation, SurveyRun
from hub.surveys import runs

REASON = "survey_concern"


async def look(hub: Hub, session: AsyncSession, run: SurveyRun, talk: Conversation | None, question_id: str) -> None:
    """After an answer to this question. One that worries no more is withdrawn, if nobody has taken it on."""
    if talk is None:
        return
    question = runs.definition_of(hub, run).questions[question_id]
    given = select(Answer.code).where(Answer.run_id == run.id, Answer.question == question_id)
    code = await session.scalar(given)
    if code is not None and question.worries(code):
        await escalations.escalate(session, talk, REASON, hub.clock.now(), detail=_detail(run))
    elif not (await runs.progress(hub, session, run)).concern:
        await take_back(hub, session, run)


async def take_back(hub: Hub, session: AsyncSession, run: SurveyRun) -> None:
    """What they wrote in their own words stays with a human, whatever their other answers are now."""
    if await _wrote(session, run):
        return
    for found in await session.scalars(_about(run).where(Escalation.state == EscalationState.OPEN)):
        await escalations.withdraw(session, found, "taken_back", hub.clock.now())


async def is_dealt_with(session: AsyncSession, run: SurveyRun) -> bool:
    """A human has seen what worried and closed it, before the last question was answered."""
    about = list(await session.scalars(_about(run)))
    return bool(about) and all(found.state is EscalationState.CLOSED for found in about)


async def is_open(session: AsyncSession, run: SurveyRun) -> bool:
    return any(found.state is not EscalationState.CLOSED for found in await session.scalars(_about(run)))


async def _wrote(session: AsyncSession, run: SurveyRun) -> bool:
    now = exists().where(Answer.run_id == run.id, Answer.words_sealed.is_not(None))
    before = exists().where(EarlierAnswer.run_id == run.id, EarlierAnswer.words_sealed.is_not(None))
    return bool(await session.scalar(select(or_(now, before))))


def _about(run: SurveyRun) -> Select[Escalation]:
    return select(Escalation).where(Escalation.reason == REASON, Escalation.detail == _detail(run))


def _detail(run: SurveyRun) -> str:
    return f"survey_run:{run.id}"
