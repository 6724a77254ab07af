"""Why somebody has not been told yet: in one sentence that says what a worker can do. Knows no page."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import delivery, safe_contact
from hub.nudges import reach, reasons
from hub.nudges.reach import Way
from hub.states import MessageState, NudgeState, UpdateState
from hub.store.tables import Message, Nudge, Update, UpdatePlan
from hub.times import say_day, say_when
from hub.updates_owed import QUESTION
from hub.updates_told import LOST

NO_WAY = "There is no way to write to them: call or visit"
NOT_SAFE = "Safe contact is not known: ask them how we may write"
NOT_READ = "They have not said yet whether it is a good time"
FAILED = "The text could not be delivered"
ON_ITS_WAY = "The text has left and has not arrived yet"


async def why(session: AsyncSession, updates: Sequence[Update]) -> Mapping[int, str]:
    """By update; nothing for one that is not owed."""
    owed = [update for update in updates if update.state is UpdateState.OWED]
    ways = await reach.load(session, {update.person_id for update in owed})
    ids = [update.message_id for update in owed if update.message_id]
    texts = {text.id: text for text in await session.scalars(select(Message).where(Message.id.in_(ids)))}
    planned = await _nudges(session, [update.id for update in owed])
    return {update.id: "" for update in updates} | {
        each.id: _why(each, ways.ways.get(each.person_id, ()), texts.get(each.message_id or 0), planned.get(each.id))
        for each in owed
    }


async def enhanced(session: AsyncSession, cases: Collection[int]) -> set[int]:
    """Those of them with enhanced rights."""
    plans = await session.scalars(select(UpdatePlan).where(UpdatePlan.case_id.in_(cases)))
    return {plan.case_id for plan in plans if plan.enhanced_for}


def _why(update: Update, ways: Sequence[Way], text: Message | None, nudge: Nudge | None) -> str:
    if update.event_id is None:
        return _nothing_written(update)
    if text is not None and (said := _of_text(update, text)):
        return said
    if not ways:
        return NO_WAY
    if not safe_contact.is_recorded(ways[0].contact):
        return NOT_SAFE
    return _of_nudge(update, nudge)


def _nothing_written(update: Update) -> str:
    zone = update.case.person.agency.time_zone
    if update.kind == QUESTION:
        return f"They asked on {say_day(update.known_at, zone)}"
    return "Nobody has written it yet: add news, or say that nothing is new"


def _of_text(update: Update, text: Message) -> str:
    """What became of the text; nothing where it says nothing more than the plan does."""
    if update.arrived_at and not update.heard_at:
        return NOT_READ
    if text.reason == "not_safe_to_talk":
        return "They said that it was not safe: ask them first how we may write"
    if text.state in {MessageState.FAILED, MessageState.UNDELIVERED}:
        return f"{FAILED}: {delivery.MEANINGS[text.reason].words}" if text.reason in delivery.MEANINGS else FAILED
    if text.state in LOST or text.state is MessageState.HELD:
        return delivery.in_words(text.state, text.reason).words
    return ON_ITS_WAY


def _of_nudge(update: Update, nudge: Nudge | None) -> str:
    zone = update.case.person.agency.time_zone
    if nudge is None:
        return "No text has been planned: tell them yourself"
    if nudge.state is NudgeState.PLANNED:
        because = f": {reasons.in_words(nudge.reason)}" if nudge.reason else ""
        return f"The text goes out on {say_when(nudge.due_at, zone)}{because}"
    return f"The text was held back because {reasons.in_words(nudge.reason)}" if nudge.reason else ON_ITS_WAY


async def _nudges(session: AsyncSession, ids: Collection[int]) -> Mapping[int, Nudge]:
    """The latest of each."""
    about = select(Nudge).where(Nudge.subject_kind == "update", Nudge.subject_id.in_(ids))
    return {nudge.subject_id: nudge for nudge in await session.scalars(about.order_by(Nudge.id))}
