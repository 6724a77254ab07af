"""A survey on plain pages: the same run, the same answers as by text. Worrying words reach a human at once.

Whoever goes on here is not asked by text as well. Knows nothing of how a page looks.
"""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.escalations import escalate
from hub.people import conversation_for
from hub.states import SurveyState
from hub.store.tables import Person, Prompt, SurveyRun
from hub.surveys import runs


async def take(hub: Hub, session: AsyncSession, run: SurveyRun, question_id: str, words: str) -> bool:
    """Take an answer. False when the words are none. Raises `MoveNotAllowed` when the run is over."""
    if not await runs.answer(hub, session, run, question_id, words):
        return False
    for reason in _worries(hub, words):
        await _put_to_a_human(hub, session, run, reason)
    await _go_on_here(hub, session, run)
    return True


async def skip(hub: Hub, session: AsyncSession, run: SurveyRun, question_id: str) -> None:
    """Raises `MoveNotAllowed` when the run is over."""
    await runs.skip(hub, session, run, question_id)
    await _go_on_here(hub, session, run)


async def finish(hub: Hub, session: AsyncSession, run: SurveyRun) -> None:
    """The person has checked the answers and sends them; twice does no harm."""
    if run.state is SurveyState.COMPLETED:
        return
    where = await runs.progress(hub, session, run)
    if where.concern:
        await _put_to_a_human(hub, session, run, "survey_concern")
    await runs.set_state(hub, session, run, SurveyState.STARTED)
    await runs.set_state(hub, session, run, SurveyState.COMPLETED)
    run.question = ""
    await _go_on_here(hub, session, run)


async def no_more(hub: Hub, session: AsyncSession, run: SurveyRun) -> None:
    """The link came to somebody else: nothing is asked, and the link leads nowhere."""
    run.token_hash = None
    if run.state in runs.OPEN:
        await runs.set_state(hub, session, run, SurveyState.DECLINED)
    await _go_on_here(hub, session, run)


def _worries(hub: Hub, words: str) -> tuple[str, ...]:
    """The gravest first; a plea without a word of danger is read by a human too."""
    dangers = hub.flows.safety.match(words)
    return dangers or (("survey_concern",) if hub.flows.safety.is_plea(words) else ())


async def _put_to_a_human(hub: Hub, session: AsyncSession, run: SurveyRun, reason: str) -> None:
    person = await session.get_one(Person, run.person_id)
    conversation = await conversation_for(session, person)
    if conversation:
        await escalate(session, conversation, reason, hub.clock.now(), detail=f"survey_run:{run.id}")


async def _go_on_here(hub: Hub, session: AsyncSession, run: SurveyRun) -> None:
    """Wherever a question of this run waits for an answer by text or chat, it is not waited for any more."""
    asked = (Prompt.subject_kind == "survey_run") & (Prompt.subject_id == run.id) & Prompt.closed_at.is_(None)
    await session.execute(update(Prompt).where(asked).values(closed_at=hub.clock.now()))
