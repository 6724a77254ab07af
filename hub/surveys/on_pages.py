"""A survey on plain pages: the same run, the same answers as by text. Worrying words reach a human at once.

Whoever goes on here is not asked by text as well. Knows nothing of how a page looks.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.escalations import escalate
from hub.people import conversation_for
from hub.states import SurveyState
from hub.store.tables import Conversation, Person, SurveyRun
from hub.surveys import answers, moving, runs, worries


async def take(hub: Hub, session: AsyncSession, run: SurveyRun, question_id: str, words: str) -> bool:
    """Take an answer. False when the words are none. Raises `MoveNotAllowed` when the run is over."""
    if not await answers.answer(hub, session, run, question_id, words):
        return False
    for reason in _worries(hub, words):
        await _put_to_a_human(hub, session, run, reason)
    await worries.look(hub, session, run, await _talk(session, run), question_id)
    await moving.to(session, run)
    return True


async def skip(hub: Hub, session: AsyncSession, run: SurveyRun, question_id: str) -> None:
    """Raises `MoveNotAllowed` when the run is over."""
    await answers.skip(hub, session, run, question_id)
    await worries.look(hub, session, run, await _talk(session, run), question_id)
    await moving.to(session, run)


async def finish(hub: Hub, session: AsyncSession, run: SurveyRun) -> None:
    """The person has checked the answers and sends them; twice does no harm."""
    if run.state is SurveyState.COMPLETED:
        return
    await runs.set_state(hub, session, run, SurveyState.STARTED)
    await runs.set_state(hub, session, run, SurveyState.COMPLETED)
    run.question = ""


async def no_more(hub: Hub, session: AsyncSession, run: SurveyRun) -> None:
    """The link came to somebody else: nothing is asked, and the link leads nowhere."""
    run.token_hash = None
    if run.state in runs.OPEN:
        await runs.set_state(hub, session, run, SurveyState.DECLINED)
    await moving.nothing_waits(session, run, hub.clock.now())


def _worries(hub: Hub, words: str) -> tuple[str, ...]:
    """The gravest first; a plea without a word of danger is read by a human too."""
    dangers = hub.flows.safety.match(words)
    return dangers or (("survey_concern",) if hub.flows.safety.is_plea(words) else ())


async def _put_to_a_human(hub: Hub, session: AsyncSession, run: SurveyRun, reason: str) -> None:
    talk = await _talk(session, run)
    if talk:
        await escalate(session, talk, reason, hub.clock.now(), detail=f"survey_run:{run.id}")


async def _talk(session: AsyncSession, run: SurveyRun) -> Conversation | None:
    return await conversation_for(session, await session.get_one(Person, run.person_id))
