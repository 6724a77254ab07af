"""What comes to an end by itself: codes that nobody used, time that was agreed, a guardian’s part at 18. Each once.

Each is a query over rows that are due, so two clocks at once are harmless. Knows no talk.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, DateTime, cast, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import tellings
from hub.ages import is_minor
from hub.core import Hub
from hub.states_of_support import InvitationState
from hub.store.tables import Invitation, Person, SupportConsent, Thread, ThreadMember
from hub.threads import consents, invitations, members, told
from hub.words import Relation

BEFORE_THE_END = timedelta(days=7)
AT_ONCE = 200
WAITING = (InvitationState.ASKED, InvitationState.OPEN)

# For whoever drives a clock: from when on these are due, and which rows are.
UNUSED_FROM, UNUSED = Invitation.expires_at.expression, Invitation.state.in_(WAITING)
OVER_FROM, OVER = ThreadMember.ends_at.expression, ThreadMember.left_at.is_(None)


def ending_from() -> ColumnElement[Any]:
    return ThreadMember.ends_at - BEFORE_THE_END


def not_told() -> ColumnElement[bool]:
    """That it ends on that day; a later end is told anew."""
    said = exists().where(
        SupportConsent.thread_id == ThreadMember.thread_id,
        SupportConsent.supporter_id == ThreadMember.person_id,
        SupportConsent.what == "ending",
        SupportConsent.ends_at == ThreadMember.ends_at,
    )
    return ThreadMember.left_at.is_(None) & ThreadMember.ends_at.is_not(None) & ~said.correlate(ThreadMember)


def grown_up_from() -> ColumnElement[Any]:
    return func.timezone("UTC", cast(Person.adult_from, DateTime))


def has_guardian() -> ColumnElement[bool]:
    """Of `Person`: somebody whose guardian stands by them still."""
    guardian = (
        select(ThreadMember.person_id)
        .join(Thread, Thread.id == ThreadMember.thread_id)
        .where(
            Thread.person_id == Person.id,
            ThreadMember.relation == Relation.GUARDIAN,
            ThreadMember.left_at.is_(None),
        )
        .correlate(Person)
    )
    return Person.adult_from.is_not(None) & exists(guardian)


async def end_due(hub: Hub, session: AsyncSession) -> int:
    """Returns how many came to an end, or were told that it is near."""
    now = hub.clock.now()
    return (
        await _invitations(hub, session, now)
        + await _nearly(hub, session, now)
        + await _over(hub, session, now)
        + await _grown_up(hub, session, now)
    )


async def _invitations(hub: Hub, session: AsyncSession, now: datetime) -> int:
    wanted = select(Invitation).where(UNUSED, Invitation.expires_at <= now).order_by(Invitation.id).limit(AT_ONCE)
    found = (await session.scalars(wanted.with_for_update(skip_locked=True, of=Invitation))).all()
    for each in found:
        had_code = each.state is InvitationState.OPEN
        invitations.close(hub, each, InvitationState.EXPIRED)
        consents.note(hub, session, each.thread_id, "expired", "hub", invitation=each)
        person = await invitations.person_of(session, each)
        if had_code and person.wrapped_key:
            await tellings.plan(hub, session, person, told.UNUSED, each.id)
    return len(found)


async def _nearly(hub: Hub, session: AsyncSession, now: datetime) -> int:
    """A week before, to both."""
    found = await _members(session, (ending_from() <= now) & (ThreadMember.ends_at > now) & not_told())
    for member in found:
        consents.note(hub, session, member.thread_id, "ending", "hub", member=member)
        await _tell_both(hub, session, member, told.ENDING)
    return len(found)


async def _over(hub: Hub, session: AsyncSession, now: datetime) -> int:
    found = await _members(session, OVER & (ThreadMember.ends_at <= now))
    for member in found:
        await members.end(hub, session, "hub", member, "expired")
        await _tell_both(hub, session, member, told.ENDED)
    return len(found)


async def _grown_up(hub: Hub, session: AsyncSession, now: datetime) -> int:
    """From the day on which the person is surely 18, whom they want is theirs alone to say."""
    wanted = select(Person).where(has_guardian(), grown_up_from() <= now).order_by(Person.id).limit(AT_ONCE)
    ended = 0
    for person in (await session.scalars(wanted)).all():
        if is_minor(person, now):  # west of Greenwich the day begins later
            continue
        theirs = Thread.person_id == person.id, ThreadMember.relation == Relation.GUARDIAN
        for member in await _members(session, OVER & theirs[0] & theirs[1]):
            await members.end(hub, session, "hub", member, "grown_up")
            if person.wrapped_key:
                await tellings.plan(hub, session, person, told.GROWN_UP, member.person_id)
            ended += 1
    return ended


async def _members(session: AsyncSession, which: ColumnElement[bool]) -> Sequence[ThreadMember]:
    wanted = select(ThreadMember).join(Thread, Thread.id == ThreadMember.thread_id).where(which)
    wanted = wanted.order_by(ThreadMember.thread_id, ThreadMember.person_id).limit(AT_ONCE)
    return (await session.scalars(wanted.with_for_update(skip_locked=True, of=ThreadMember))).all()


async def _tell_both(hub: Hub, session: AsyncSession, member: ThreadMember, what: str) -> None:
    """Each hears the other's first name."""
    thread = await session.get_one(Thread, member.thread_id)
    person = await session.get_one(Person, thread.person_id)
    supporter = await session.get_one(Person, member.person_id)
    if person.wrapped_key and supporter.wrapped_key:
        await tellings.plan(hub, session, person, what, supporter.id)
        await tellings.plan(hub, session, supporter, what, person.id)
