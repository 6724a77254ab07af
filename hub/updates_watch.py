"""Nobody finds out afterwards that a promise was broken: a worker hears on the morning of the last day, and when it is
late. Looks at rows that are due; knows no screen."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import escalations, update_plans, updates_told
from hub.core import Hub
from hub.people import conversation_for
from hub.states import UpdateState
from hub.store import audit
from hub.store.tables import Person, Update

AT_ONCE = 100


async def look(hub: Hub, session: AsyncSession) -> None:
    """What has arrived first: nobody is told of a lateness that is over."""
    await update_plans.make_missing(hub, session)
    await updates_told.look(hub, session)
    now = hub.clock.now()
    for update in await _some(session, is_late(), Update.due_at <= now):
        update.warned_at, update.late_at = update.warned_at or now, now
        await _tell(session, update, "update_overdue", now)
    for update in await _some(session, is_near(), Update.warn_at <= now):
        update.warned_at = now
        await _tell(session, update, "update_due", now)


def is_near() -> ColumnElement[bool]:
    """Owed, and no worker has been told that its day has come."""
    return (Update.state == UpdateState.OWED) & Update.warned_at.is_(None)


def is_late() -> ColumnElement[bool]:
    """Owed, and no worker has been told that it is late."""
    return (Update.state == UpdateState.OWED) & Update.late_at.is_(None)


async def _some(session: AsyncSession, *conditions: ColumnElement[bool]) -> list[Update]:
    wanted = select(Update).where(*conditions).order_by(Update.due_at, Update.id).limit(AT_ONCE)
    return list((await session.scalars(wanted.with_for_update(skip_locked=True, of=Update))).all())


async def _tell(session: AsyncSession, update: Update, reason: str, now: datetime) -> None:
    """In the victim's own conversation: the promise was made to them. Who cannot be written to stands in the list.

    Whoever hears besides them was promised no day: that is in the list, and alarms nobody.
    """
    person, detail = await session.get_one(Person, update.case.person_id), f"update:{update.id}"
    if update.nomination and not update.nomination.instead:
        return
    audit.record(session, now, "hub", reason, detail, person_id=person.id, kind=update.kind)
    conversation = await conversation_for(session, person) if person.wrapped_key else None
    if conversation is None:
        return
    before = await escalations.find_open(session, conversation.id, "update_due")
    if before and reason == "update_overdue" and before.taken_at is None:
        await escalations.fold(session, before, reason, now)
    await escalations.escalate(session, conversation, reason, now, detail=detail)
