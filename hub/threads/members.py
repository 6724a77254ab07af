"""Supporters in and out of a person's thread, and what each may see. By the consent of both; ended by either, at once.

    join()      somebody has given the code: from now on they hear what they may
    change()    the person, or a worker with the person's yes, allows more or less
    end()       left, taken out, run out: nothing more from the next text on
    hold()      one of several is going and it is not said who: all are as good as out until it is, then go_on()

Knows no code and no talk.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.ages import is_minor
from hub.core import Hub
from hub.errors import NotAllowed, SidesMeet
from hub.handling import STANDING
from hub.nudges.planner import replan_all
from hub.states_of_support import InvitationState
from hub.store import audit
from hub.store.tables import Appointment, Invitation, Person, Thread, ThreadMember
from hub.threads import consents
from hub.words import Relation, Sees

HELD, LEAVING, BOTH = "held", "held_leaving", "held_both"  # by the person, by the supporter, by both
# How it can end.
ENDED_FOR = {
    "left": "Left by themselves",
    "revoked": "The person ended it",
    "removed": "A worker ended it",
    "expired": "The time that was agreed is over",
    "no_contact": "Is on the no-contact list",
    "grown_up": "The person is 18 now and has not asked for them",
    HELD: "Held: the person is ending somebody’s part, and has not said whose",
    LEAVING: "Held: the supporter is leaving somebody, and has not said whom",
    BOTH: "Held: both are ending somebody’s part, and have not said whose",
}


async def join(
    hub: Hub,
    session: AsyncSession,
    thread: Thread,
    supporter: Person,
    *,
    sees: Sees,
    relation: Relation,
    ends_at: datetime | None = None,
    staff_id: int | None = None,
) -> ThreadMember:
    """Raises `SidesMeet` for somebody of the other side."""
    if thread.side is not supporter.side:
        raise SidesMeet
    now = hub.clock.now()
    member = await session.get(ThreadMember, (thread.id, supporter.id))
    if member is None:
        member = ThreadMember(thread_id=thread.id, person_id=supporter.id, side=thread.side, invited_at=now)
        session.add(member)
    member.sees, member.relation, member.ends_at, member.staff_id = sees, relation, ends_at, staff_id
    member.accepted_at, member.left_at, member.muted_at, member.ended_for = now, None, None, ""
    _record(hub, session, f"person:{supporter.id}", supporter, "supporter_accepted")
    consents.note(hub, session, thread.id, "accepted", f"person:{supporter.id}", member=member, how="code")
    await _replan(hub, session, thread.person_id)
    return member


async def change(
    hub: Hub, session: AsyncSession, actor: str, member: ThreadMember, sees: Sees, ends_at: datetime | None, how: str
) -> None:
    """What waits to go out and needs more than is allowed now does not leave. Raises `NotAllowed` for a supporter who
    is under 18: they see days and times only.
    """
    if sees is not Sees.DATES and await _is_under_18(hub, session, member):
        raise NotAllowed("A supporter who is under 18 sees days and times only.")
    await _lock(session, member)
    member.sees, member.ends_at = sees, ends_at
    audit.record(
        session, hub.clock.now(), actor, "supporter_changed", f"person:{member.person_id}", person_id=member.person_id
    )
    consents.note(hub, session, member.thread_id, "changed", actor, member=member, how=how)
    await _replan(hub, session, (await session.get_one(Thread, member.thread_id)).person_id)


async def end(hub: Hub, session: AsyncSession, actor: str, member: ThreadMember, why: str, how: str = "") -> None:
    """`why`: a key of `ENDED_FOR`. Nothing more is told to them; what waits for them does not leave."""
    await _stop(hub, session, actor, member, why)
    consents.note(hub, session, member.thread_id, "ended", actor, member=member, how=how or why)


async def hold(hub: Hub, session: AsyncSession, actor: str, member: ThreadMember, mark: str) -> None:
    """One of several is going, and it is not said yet who: nothing reaches this one from now on, until it is said."""
    await _lock(session, member)
    other = BOTH if member.ended_for in {HELD, LEAVING} - {mark} else mark
    await _stop(hub, session, actor, member, other)


async def go_on(hub: Hub, session: AsyncSession, actor: str, member: ThreadMember, mark: str) -> None:
    """It was somebody else: as before, and nobody has noticed. What the other one holds or has ended stays so."""
    await _lock(session, member)
    if member.ended_for == BOTH:
        member.ended_for = LEAVING if mark == HELD else HELD
        return
    if member.ended_for != mark:
        return
    member.left_at, member.ended_for = None, ""
    _record(hub, session, actor, await session.get_one(Person, member.person_id), "supporter_goes_on")
    await _replan(hub, session, (await session.get_one(Thread, member.thread_id)).person_id)


async def _stop(hub: Hub, session: AsyncSession, actor: str, member: ThreadMember, why: str) -> None:
    await _lock(session, member)
    member.left_at, member.ended_for = hub.clock.now(), why
    supporter = await session.get_one(Person, member.person_id)
    _record(hub, session, actor, supporter, f"supporter_{why}")
    await _replan(hub, session, (await session.get_one(Thread, member.thread_id)).person_id)


async def _lock(session: AsyncSession, member: ThreadMember) -> None:
    """As it stands now, and nobody else's until this is done: both of the two can end it at one moment."""
    wanted = select(ThreadMember).where(
        ThreadMember.thread_id == member.thread_id, ThreadMember.person_id == member.person_id
    )
    await session.execute(wanted.with_for_update(of=ThreadMember).execution_options(populate_existing=True))


async def _is_under_18(hub: Hub, session: AsyncSession, member: ThreadMember) -> bool:
    """By their own record, or by what was said when they were invited last."""
    supporter = await session.get_one(Person, member.person_id)
    if is_minor(supporter, hub.clock.now()):
        return True
    theirs = Invitation.thread_id == member.thread_id, Invitation.supporter_id == member.person_id
    wanted = select(Invitation.under_18).where(*theirs, Invitation.state == InvitationState.ACCEPTED)
    return bool(await session.scalar(wanted.order_by(Invitation.id.desc()).limit(1)))


async def _replan(hub: Hub, session: AsyncSession, person_id: int) -> None:
    """Who hears of the person's appointments has changed."""
    await session.flush()
    ahead = select(Appointment.id).where(
        Appointment.person_id == person_id,
        Appointment.state.in_(STANDING),
        Appointment.starts_at > hub.clock.now(),
    )
    await replan_all(hub, session, "appointment", (await session.scalars(ahead)).all())


def _record(hub: Hub, session: AsyncSession, actor: str, supporter: Person, what: str) -> None:
    audit.record(session, hub.clock.now(), actor, what, f"person:{supporter.id}", person_id=supporter.id)
