"""What ended without a yes is emptied of everything personal after thirty days; its states and days are still counted.

The referral's key is destroyed. So are the keys of the people who were made to be asked, unless they are somebody for
another reason by now; their numbers are forgotten too, so that whoever writes from one later is a stranger.
"""

import os
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub import escalations
from hub.core import Hub
from hub.referrals import course, steps
from hub.referrals.somebody import ENDS, only_for
from hub.states import EscalationState, MessageState
from hub.store.tables import ContactPoint, Conversation, Escalation, Message, Person, Referral

INDEX_BYTES = 32
AT_ONCE = 100


def is_due(hub: Hub) -> ColumnElement[bool]:
    """Of `Referral`."""
    return (Referral.look_at <= hub.clock.now()) & Referral.state.in_(ENDS)


async def empty_due(hub: Hub, session: AsyncSession) -> int:
    """Returns how many were emptied."""
    rows = select(Referral).where(is_due(hub)).order_by(Referral.look_at).limit(AT_ONCE)
    found = (await session.scalars(rows.with_for_update(skip_locked=True, of=Referral))).all()
    return sum([await empty(hub, session, referral) for referral in found])


async def empty(hub: Hub, session: AsyncSession, referral: Referral) -> bool:
    """Not while a human talks with them, or a cry for help of theirs is open: then a day later."""
    people = await only_for(session, referral)
    if any([await _is_open(session, person) for person in people]):
        referral.look_at = hub.clock.now() + course.LATER
        return False
    for person in people:
        await _erase(session, person, hub.clock.now())
    referral.wrapped_key = referral.content_sealed = referral.phone_index = referral.look_at = None
    referral.emptied_at = hub.clock.now()
    steps.note(hub, session, referral, "emptied", "hub")
    return True


async def _is_open(session: AsyncSession, person: Person) -> bool:
    talks = select(Conversation.id).where(Conversation.person_id == person.id)
    waits = talks.where(or_(Conversation.waiting_since.is_not(None), Conversation.holder_id.is_not(None)))
    return await session.scalar(waits.limit(1)) is not None or await escalations.cries_for_help(session, person.id)


async def _erase(session: AsyncSession, person: Person, now: datetime) -> None:
    person.wrapped_key = person.name_sealed = person.preferred_name_sealed = None
    person.name_index = person.external_index = person.external_sealed = None
    person.erased_at = now
    for way in await session.scalars(select(ContactPoint).where(ContactPoint.person_id == person.id)):
        way.address_index, way.address_sealed, way.code_word_sealed = os.urandom(INDEX_BYTES), b"", None
    talks = select(Conversation.id).where(Conversation.person_id == person.id)
    left = select(Escalation).where(Escalation.conversation_id.in_(talks), Escalation.state != EscalationState.CLOSED)
    for each in (await session.scalars(left)).unique().all():
        await escalations.fold(session, each, "emptying", now)
    waiting = Message.conversation_id.in_(talks), Message.state.in_((MessageState.QUEUED, MessageState.HELD))
    await session.execute(
        update(Message).where(*waiting).values(state=MessageState.CANCELLED, state_at=now, reason="erased")
    )
