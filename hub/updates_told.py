"""When somebody has been told what they were owed: by a text that arrived and could be read, or by a worker.

    by_worker()     a call, a visit, a letter, a message of their own: how and when
    look()          texts that arrived; on a phone that others may read, the first one said next to nothing
    settle()        one is told: what followed from its being owed ends, and the next word is counted from now

A text that failed, was held back or waits for "is now a good time?" leaves it owed. Knows no screen.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import escalations, update_plans, updates_owed
from hub.core import Hub
from hub.errors import NotAllowed
from hub.handling import Handling
from hub.nudges.planner import replan_all
from hub.sms import sanitise
from hub.states import UPDATE_MOVES, Direction, EscalationState, MessageState, UpdateState, check_move
from hub.store import audit
from hub.store.tables import Conversation, Escalation, Line, Message, Update, Worker
from hub.updates_owed import NEWS, QUESTION
from hub.words import ChannelKind

BY_TEXT, WHEN_SAFE = "text", "heard"
BY_WORKER = {
    "call": "By phone",
    "visit": "In person",
    "letter": "By letter",
    "message": "In a message that I wrote",
}
TOLD_HOW = {BY_TEXT: "By text", WHEN_SAFE: "By text, when they had said that it was a good time", **BY_WORKER}
ABOUT_UPDATES = ("update_due", "update_overdue")
# A text that comes to one of these ends has told nobody anything.
LOST = frozenset(
    {MessageState.UNDELIVERED, MessageState.FAILED, MessageState.EXPIRED, MessageState.CANCELLED, MessageState.BLOCKED}
)
# What a text tells: the first of these among its facts. No careful wording may use any of them.
_NEWS = ("milestone", "day", "their_name")
# These send no receipt: Telegram has put a text into the chat when it accepts it.
_SAYS_SO_BY_ACCEPTING = (ChannelKind.TELEGRAM,)


async def by_worker(hub: Hub, session: AsyncSession, worker: Worker, update: Update, how: str, at: datetime) -> None:
    """Raises `NotAllowed` for a way that there is not, or a time that has not come."""
    if how not in BY_WORKER:
        raise NotAllowed("Select how you told them.")
    if at > hub.clock.now():
        raise NotAllowed("This time has not come yet. Enter when you told them.")
    update.told_by_id = worker.id
    await settle(hub, session, update, how, at, f"worker:{worker.id}")


async def settle(hub: Hub, session: AsyncSession, update: Update, how: str, at: datetime, actor: str) -> None:
    """They know. News answers a question too; the next word is counted from here."""
    told = [update]
    if update.event_id and update.kind == NEWS:
        owed = await updates_owed.owed_of(session, update.case_id)
        told += [each for each in owed if each.kind == QUESTION and each.person_id == update.person_id]
    for each in told:
        _tell(hub, session, each, how, at, actor)
    await session.flush()
    if any(each.kind == QUESTION for each in told):
        await _take_back(session, update.case.person_id, ("case_question",), hub.clock.now())
    await replan_all(hub, session, "update", [update.id])
    await updates_owed.keep_word(hub, session, await update_plans.plan_of(hub, session, update.case))
    await take_back_alarms(hub, session, update)


def _tell(hub: Hub, session: AsyncSession, update: Update, how: str, at: datetime, actor: str) -> None:
    now = hub.clock.now()
    update.state, update.state_at = check_move(UPDATE_MOVES, update.state, UpdateState.TOLD), now
    update.told_how, update.told_at = how, at
    about, in_time = f"update:{update.id}", at < update.due_at
    audit.record(session, now, actor, "update_told", about, person_id=update.case.person_id, how=how, in_time=in_time)


async def take_back_alarms(hub: Hub, session: AsyncSession, update: Update) -> None:
    """What a human was told of it is done, unless another one presses."""
    now, person_id = hub.clock.now(), update.case.person_id
    pressing = select(Update.id).where(
        Update.state == UpdateState.OWED,
        Update.case.has(person_id=person_id),
        Update.warned_at.is_not(None),
        is_the_promise(),
    )
    if await session.scalar(pressing.limit(1)) is None:
        await _take_back(session, person_id, ABOUT_UPDATES, now)


async def _take_back(session: AsyncSession, person_id: int, reasons: Collection[str], now: datetime) -> None:
    standing = (
        select(Escalation)
        .join(Conversation, Conversation.id == Escalation.conversation_id)
        .where(
            Conversation.person_id == person_id,
            Escalation.reason.in_(reasons),
            Escalation.state != EscalationState.CLOSED,
        )
    )
    for found in (await session.scalars(standing)).unique().all():
        await escalations.withdraw(session, found, "told", now)


def is_the_promise() -> ColumnElement[bool]:
    """To the victim, or to whoever hears it instead of them; who hears it besides is another matter."""
    return or_(Update.nomination_id.is_(None), Update.nomination.has(instead=True))


# --- texts that arrived ---------------------------------------------------------------------------


def arrived() -> ColumnElement[bool]:
    """Which messages have come to their phone, as well as the channel tells: a condition on `Message`."""
    accepts = select(Line.id).where(Line.channel.in_(_SAYS_SO_BY_ACCEPTING))
    accepted = and_(Message.state == MessageState.SENT, Message.line_id.in_(accepts))
    return or_(Message.state == MessageState.DELIVERED, accepted, _read_on_the_page())


def _read_on_the_page() -> ColumnElement[bool]:
    """A chat page reaches nobody who is not looking at it: they have written since."""
    pages = select(Line.id).where(Line.channel == ChannelKind.WEBCHAT)
    since = select(Conversation.id).where(
        Conversation.id == Message.conversation_id, Conversation.last_in_at >= Message.state_at
    )
    return and_(Message.state == MessageState.SENT, Message.line_id.in_(pages), or_(since.exists(), _is_answer()))


def _is_answer() -> ColumnElement[bool]:
    """They had just asked, and so were there."""
    return Message.id.in_(select(Update.message_id).where(Update.heard_at.is_not(None)))


def not_looked_at() -> ColumnElement[bool]:
    """Texts of updates that are owed, and that nobody has seen arrive: a condition on `Message`."""
    waits = select(Update.message_id).where(
        Update.state == UpdateState.OWED, Update.arrived_at.is_(None), Update.message_id.is_not(None)
    )
    return and_(Message.direction == Direction.OUT, Message.id.in_(waits))


async def look(hub: Hub, session: AsyncSession) -> int:
    """Settle what has been told by a text. Returns how many."""
    texts = select(Message).where(not_looked_at(), arrived())
    came: Mapping[int, Message] = {message.id: message for message in await session.scalars(texts)}
    wanted = select(Update).where(Update.message_id.in_(came), Update.state == UpdateState.OWED)
    told = 0
    for update in (
        await session.scalars(wanted.order_by(Update.id).with_for_update(skip_locked=True, of=Update))
    ).all():
        message = came[update.message_id or 0]
        update.arrived_at = message.state_at
        if update.state is UpdateState.OWED and await _says_it(hub, session, update, message):
            how = WHEN_SAFE if update.heard_at else BY_TEXT
            await settle(hub, session, update, how, message.state_at, "hub")
            told += 1
    return told


async def _says_it(hub: Hub, session: AsyncSession, update: Update, message: Message) -> bool:
    """Whether what arrived is the news itself, and not the careful words that only ask for a good time."""
    if update.heard_at:
        return True
    talk = await session.get_one(Conversation, message.conversation_id)
    if message.body_sealed is None or message.facts_sealed is None or talk.person.wrapped_key is None:
        return False
    key = hub.vault.open_person_key(talk.person.wrapped_key)
    facts: dict[str, str] = json.loads(key.open(message.facts_sealed, "facts"))
    news = next((facts[name] for name in _NEWS if name in facts), "")
    return bool(news) and sanitise(news) in key.open(message.body_sealed, "body")


def carry(handling: Handling, update: Update, *, heard: bool) -> None:
    """The text that was queued just now says it, or asks for a good time. `heard`: they had asked."""
    update.message_id = handling.said[-1].id
    update.arrived_at, update.heard_at = None, handling.now if heard else None
