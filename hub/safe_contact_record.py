"""Recording whether an address is safe, and what follows: texts are let go or taken back, workers told.

Who asks is `hub/safe_contact_talk.py`, the page of a worker, an import. Knows no text.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hub import escalations
from hub.core import Hub
from hub.errors import NotAllowed
from hub.nudges.planner import replan_all
from hub.safe_contact import ABOUT_SAFETY, FORBIDDEN, LIFTS, MISSING, SUBJECT, UNKNOWN, move, say_safe
from hub.states import Direction, EscalationState, MessageState, NudgeState, SafeContactState
from hub.store import audit
from hub.store.notify import OUTBOUND, notify
from hub.store.tables import Agency, ContactPoint, Conversation, Escalation, Message, Nudge, Person, SettingsLink
from hub.words import Purpose, Side

SOONEST, LATEST = 7, 365  # days after which a victim can be asked again whether an address is safe


async def record(
    hub: Hub, session: AsyncSession, actor: str, contact: ContactPoint, said_by: str, *, safe: bool = True
) -> None:
    """It is safe, or it is not, as `said_by` tells (a key of `SAID_BY`, with a worker's id: "phone:5").

    Raises
    ------
    NotAllowed
        when nothing goes there and this way of saying so does not lift it.
    """
    now = hub.clock.now()
    if contact.safe_state in FORBIDDEN and safe and said_by.partition(":")[0] not in LIFTS:
        raise NotAllowed("Nothing goes to this address. Speak with them another way first.")
    if safe:
        say_safe(contact, said_by, now)
    else:
        move(contact, SafeContactState.NOT_SAFE, now)
        contact.safe_said_by = said_by
    what = "safe_contact_recorded" if safe else "safe_contact_refused"
    audit.record(session, now, actor, what, f"contact_point:{contact.id}", person_id=contact.person_id, by=said_by)
    await session.flush()
    if safe:
        await _let_go(session, contact, now)
        await _take_back(session, contact.person_id, now)
    else:
        await silence(session, contact, SafeContactState.NOT_SAFE.value, now)
    await plan_again(hub, session, contact)


async def plan_again(hub: Hub, session: AsyncSession, contact: ContactPoint) -> None:
    """When it is asked about next, as it stands now."""
    await session.flush()
    await replan_all(hub, session, SUBJECT, [contact.id])


async def doubt(hub: Hub, session: AsyncSession, contact: ContactPoint) -> None:
    """Somebody else seems to read it: what waits is taken back, what is planned waits, their links end."""
    now = hub.clock.now()
    if contact.safe_state is not SafeContactState.DOUBTED:
        move(contact, SafeContactState.DOUBTED, now)
    audit.record(session, now, "hub", "address_doubted", f"contact_point:{contact.id}", person_id=contact.person_id)
    await session.flush()
    await silence(session, contact, SafeContactState.DOUBTED.value, now)
    await replan_all(hub, session, SUBJECT, [contact.id])


async def silence(session: AsyncSession, contact: ContactPoint, reason: str, now: datetime) -> None:
    """Take back what waits to be sent there; links into the person's settings end."""
    theirs = select(Conversation.id).where(Conversation.contact_point_id == contact.id)
    waiting = update(Message).where(
        Message.conversation_id.in_(theirs),
        Message.direction == Direction.OUT,
        Message.purpose != Purpose.SAFETY,
        Message.state.in_((MessageState.QUEUED, MessageState.HELD)),
    )
    await session.execute(waiting.values(state=MessageState.CANCELLED, state_at=now, reason=reason))
    await session.execute(delete(SettingsLink).where(SettingsLink.conversation_id.in_(theirs)))


async def tell_once(session: AsyncSession, conversation: Conversation, now: datetime) -> None:
    """A worker hears once that something waits because nobody knows whether the address is safe."""
    contact = conversation.contact_point
    since = contact.safe_since or contact.created_at
    told = select(Escalation.id).where(
        Escalation.conversation_id == conversation.id, Escalation.reason == MISSING, Escalation.opened_at >= since
    )
    if contact.safe_state not in FORBIDDEN and await session.scalar(told.limit(1)) is None:
        await escalations.escalate(session, conversation, MISSING, now)


async def now_known(hub: Hub, session: AsyncSession, person: Person) -> None:
    """A worker has said who this is: from now on they are asked like everybody whose number was entered."""
    theirs = (ContactPoint.person_id == person.id, ContactPoint.side == Side.VICTIMS)
    unasked = select(ContactPoint).where(*theirs, ContactPoint.safe_state == SafeContactState.UNASKED)
    found = (await session.scalars(unasked)).all()
    for contact in found:
        contact.safe_since = hub.clock.now()
    await session.flush()
    await replan_all(hub, session, SUBJECT, [contact.id for contact in found])


async def set_days(hub: Hub, session: AsyncSession, actor: str, agency: Agency, days: int) -> None:
    """After how many days a victim is asked again whether an address is still safe; what is planned follows."""
    if days == agency.safe_again_days:
        return
    agency.safe_again_days = days
    about = f"agency:{agency.id}"
    audit.record(session, hub.clock.now(), actor, "agency_changed", about, fields=["safe_again_days"])
    await session.flush()
    victims = select(ContactPoint.id).join(Person, Person.id == ContactPoint.person_id)
    theirs = victims.where(Person.agency_id == agency.id, ContactPoint.side == Side.VICTIMS)
    await replan_all(hub, session, SUBJECT, list(await session.scalars(theirs)))


async def expire_due(session: AsyncSession, now: datetime) -> int:
    """Asked, and no answer: a worker is told, and words are careful from now on. Returns how many."""
    late = select(ContactPoint).where(ContactPoint.safe_look_at <= now).order_by(ContactPoint.id)
    found = (await session.scalars(late.with_for_update(skip_locked=True, of=ContactPoint))).all()
    for contact in found:
        move(contact, SafeContactState.SILENT, now)
        contact.discreet = True
        about = f"contact_point:{contact.id}"
        audit.record(session, now, "hub", "safe_contact_silent", about, person_id=contact.person_id)
        await session.flush()
        for talk in await _talks(session, contact):
            await escalations.escalate(session, talk, MISSING, now)
    return len(found)


async def _let_go(session: AsyncSession, contact: ContactPoint, now: datetime) -> None:
    """What waited for the answer goes out now."""
    theirs = select(Conversation.id).where(Conversation.contact_point_id == contact.id)
    held = update(Message).where(
        Message.conversation_id.in_(theirs), Message.state == MessageState.HELD, Message.reason == UNKNOWN
    )
    await session.execute(held.values(state=MessageState.QUEUED, state_at=now, reason="", due_at=now))
    planned = update(Nudge).where(
        Nudge.person_id == contact.person_id, Nudge.state == NudgeState.PLANNED, Nudge.reason == UNKNOWN
    )
    await session.execute(planned.values(due_at=now, reason=""))
    notify(session, OUTBOUND)


async def _take_back(session: AsyncSession, person_id: int, now: datetime) -> None:
    wanted = (
        select(Escalation)
        .join(Conversation, Conversation.id == Escalation.conversation_id)
        .where(
            Conversation.person_id == person_id,
            Escalation.reason.in_(ABOUT_SAFETY),
            Escalation.state.in_((EscalationState.OPEN, EscalationState.SNOOZED)),
        )
    )
    for found in (await session.scalars(wanted)).unique().all():
        await escalations.withdraw(session, found, "answered", now)


async def _talks(session: AsyncSession, contact: ContactPoint) -> Sequence[Conversation]:
    wanted = select(Conversation).where(Conversation.contact_point_id == contact.id).order_by(Conversation.id)
    return (await session.scalars(wanted)).unique().all()
