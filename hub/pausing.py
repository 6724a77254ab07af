"""Keeping back what goes out by itself: a pause until a day, or the end of our contact; and taking either back.

Answers, a worker's own words and safety go out all the same (`hub/consent.py`). Knows no screen.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.handling import STANDING
from hub.nudges.planner import DECIDED_WHEN_PLANNED, Change, replan_all
from hub.states import MessageState, NudgeState
from hub.store import audit
from hub.store.notify import OUTBOUND, notify
from hub.store.tables import Appointment, Conversation, Message, Nudge, Person

PAUSED_FOR = {
    "asked": "They asked for a rest from texts",
    "ill": "They are ill or in hospital",
    "custody": "They are in custody",
    "away": "They are away",
    "unsafe": "It may not be safe to text",
    "other": "Another reason",
}
ENDED_FOR = {
    "finished": "Their order, case or support has ended",
    "moved": "Another service looks after them now",
    "mistake": "They were added by mistake",
    "died": "They have died",
    "other": "Another reason",
}


async def pause(hub: Hub, session: AsyncSession, actor: str, person: Person, until: datetime, why: str) -> None:
    """Nothing goes out by itself before `until`; what is out of date by then never does."""
    person.paused_until, person.paused_for = until, why
    _record(hub, session, actor, "messages_paused", person, reason=why, until=until.isoformat())
    await session.flush()


async def resume(hub: Hub, session: AsyncSession, actor: str, person: Person) -> None:
    """From now on messages go out again, those that have waited at once."""
    person.paused_until, person.paused_for = None, ""
    now, theirs = hub.clock.now(), select(Conversation.id).where(Conversation.person_id == person.id)
    waiting = Message.conversation_id.in_(theirs), Message.state == MessageState.HELD, Message.reason == "paused"
    freed = {"state": MessageState.QUEUED, "state_at": now, "due_at": now, "reason": ""}
    await session.execute(update(Message).where(*waiting).values(freed))
    planned = Nudge.person_id == person.id, Nudge.state == NudgeState.PLANNED, Nudge.reason == "paused"
    await session.execute(update(Nudge).where(*planned).values(due_at=now, reason=""))
    notify(session, OUTBOUND)
    _record(hub, session, actor, "messages_resumed", person)


async def end(hub: Hub, session: AsyncSession, actor: str, person: Person, why: str) -> Change:
    """Our contact has ended: what was planned is taken back. Appointments stay as they are."""
    person.ended_at, person.ended_for = hub.clock.now(), why
    person.paused_until, person.paused_for = None, ""
    _record(hub, session, actor, "contact_ended", person, reason=why)
    return await plan_anew(hub, session, person)


async def restore(hub: Hub, session: AsyncSession, actor: str, person: Person) -> Change:
    """Take the end back: what lies ahead is planned again."""
    person.ended_at, person.ended_for = None, ""
    _record(hub, session, actor, "contact_restored", person)
    return await plan_anew(hub, session, person)


async def planned(session: AsyncSession, person: Person) -> int:
    """How many messages are planned for them now."""
    found = await session.scalars(
        select(Nudge.id).where(Nudge.person_id == person.id, Nudge.state == NudgeState.PLANNED)
    )
    return len(found.all())


async def plan_anew(hub: Hub, session: AsyncSession, person: Person) -> Change:
    """All that has been planned for them and is not over; and what was made while nothing was planned."""
    await session.flush()
    now = hub.clock.now()
    open_ones = Nudge.state.in_((NudgeState.PLANNED, NudgeState.CANCELLED)) | Nudge.reason.in_(DECIDED_WHEN_PLANNED)
    wanted = select(Nudge.subject_kind, Nudge.subject_id).where(
        Nudge.person_id == person.id, open_ones, Nudge.expires_at > now
    )
    ids: dict[str, set[int]] = {}
    for kind, subject_id in await session.execute(wanted):
        ids.setdefault(kind, set()).add(subject_id)
    ahead = select(Appointment.id).where(
        Appointment.person_id == person.id, Appointment.state.in_(STANDING), Appointment.starts_at > now
    )
    ids.setdefault("appointment", set()).update(await session.scalars(ahead))
    change = Change(0, 0)
    for kind, some in sorted(ids.items()):
        change += await replan_all(hub, session, kind, sorted(some))
    return change


def _record(hub: Hub, session: AsyncSession, actor: str, what: str, person: Person, **details: str) -> None:
    audit.record(session, hub.clock.now(), actor, what, f"person:{person.id}", person_id=person.id, **details)
