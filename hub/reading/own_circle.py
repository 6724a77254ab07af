"""What a person sees of who stands by them, and by whom they stand: first names, what is allowed, until when.

Of the no-contact list nothing is here, not even that there is one: an entry speaks of a third person, and one that was
made for somebody's safety would tell who had been to us. Whoever asks for a copy of all gets an answer from a human,
who weighs the rights of the other (Data Protection Act 2018, section 45(4)(e)). Knows no page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.people import name_of
from hub.reading.texts import key_of
from hub.states_of_support import InvitationState
from hub.store.tables import Invitation, Person, Thread, ThreadMember
from hub.threads.standing import members_of, stands_by
from hub.times import say_day
from hub.words import Sees

WAITING = (InvitationState.ASKED, InvitationState.CHECKING, InvitationState.OPEN)


@dataclass(frozen=True, slots=True)
class Standing:
    """`name` is a first name; `until` a day in words, empty where no end was agreed."""

    name: str
    sees: Sees
    until: str


@dataclass(frozen=True, slots=True)
class OwnCircle:
    """`invited`: the names that the person gave, of whom nobody has come yet."""

    beside: Sequence[Standing]
    stands_by: Sequence[Standing]
    invited: Sequence[str]


async def circle_of(hub: Hub, session: AsyncSession, person: Person) -> OwnCircle:
    now = hub.clock.now()
    beside = await members_of(session, person.id, now)
    whom = await stands_by(session, person.id, now)
    return OwnCircle(
        beside=[_said(hub, person, member, member.supporter) for member in beside],
        stands_by=[_said(hub, person, member, other) for member, other in whom],
        invited=await _invited(hub, session, person),
    )


def _said(hub: Hub, reader: Person, member: ThreadMember, other: Person) -> Standing:
    end = member.ends_at
    until = f"{say_day(end, reader.agency.time_zone, reader.language)} {end.year}" if end else ""
    return Standing(name_of(hub, other).split(" ")[0], member.sees, until)


async def _invited(hub: Hub, session: AsyncSession, person: Person) -> list[str]:
    key = key_of(hub, person)
    wanted = (
        select(Invitation.who_sealed)
        .join(Thread, Thread.id == Invitation.thread_id)
        .where(Thread.person_id == person.id, Invitation.state.in_(WAITING))
        .order_by(Invitation.id)
    )
    return [key.open(sealed, "name") for sealed in await session.scalars(wanted)] if key else []
