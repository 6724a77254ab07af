"""Two records of one human, on one side of one agency, become one: everything of `other` goes to `keep`.

    wishes.py      what was said about being texted, taken together: the more careful wins
    talks.py       conversations: two on one line become one stream
    belongings.py  everything else that is a person's, table by table
    circles.py     who stands by them: two threads become one, the narrower wins

What is sealed is opened with the key of `other` and sealed with that of `keep` (hub/store/sealed.py); the key is then
destroyed, and `other` stays as an empty row whose reference leads to `keep` (hub/records.py). There is no way back.
The audit stays as it is. All in the caller's transaction. Knows no screen.
"""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import limits, no_contact, pausing
from hub.core import Hub
from hub.errors import CannotMerge, SidesMeet
from hub.merging import belongings, details, talks, wishes
from hub.merging.two import Two
from hub.nudges.planner import Change
from hub.store import audit
from hub.store.sealed import reseal
from hub.store.tables import Conversation, Message, Person, Thread, ThreadMember, Worker
from hub.store.vault import Key


async def check(session: AsyncSession, keep: Person, other: Person, now: datetime) -> None:
    """
    Raises
    ------
    SidesMeet
        when they are of two sides or of two agencies.
    CannotMerge
        when they cannot be one human, or one of them is no more.
    """
    if (keep.side, keep.agency_id) != (other.side, other.agency_id):
        raise SidesMeet
    if keep.id == other.id:
        raise CannotMerge("It is one record: both references lead to it.")
    if keep.wrapped_key is None or other.wrapped_key is None:
        raise CannotMerge("One of them has been erased, or is part of another record already.")
    if keep.role is not other.role and keep.known and other.known:
        raise CannotMerge("One of them is a supporter and the other is not. Keep both.")
    if await _stands_by(session, keep, other):
        raise CannotMerge("One of them stands by the other, so they are two people.")
    if any([await no_contact.is_barred(session, a.id, b.id, now) for a, b in ((keep, other), (other, keep))]):
        raise CannotMerge("A number of one of them is on the other’s no-contact list. Look at the list first.")


async def merge(hub: Hub, session: AsyncSession, worker: Worker, keep: Person, other: Person) -> Change:
    """Says what is planned anew for `keep`. Raises as `check` does."""
    await _lock(session, keep, other)
    now = hub.clock.now()
    await check(session, keep, other, now)
    wanted = await wishes.together(session, keep, other)
    conversations = await talks.lock(session, (keep, other))
    key, gone = (hub.vault.open_person_key(person.wrapped_key or b"") for person in (keep, other))
    await reseal(session, other.id, gone, key)
    await session.refresh(other)
    await belongings.bring(session, Two(keep.id, other.id, now))
    await talks.bring(session, keep, other, conversations, key, now)
    await wishes.carry_out(session, wanted, keep)
    await details.take(hub, session, worker, keep, other, key)
    details.empty(other, keep, now)
    _record(hub, session, worker, keep, other)
    await session.flush()
    session.expire_all()  # much was written past what the session has loaded
    for person in (other, keep):
        await session.refresh(person)
    await _same_texts_count(hub, session, keep, key)
    return await pausing.plan_anew(hub, session, keep)


async def _lock(session: AsyncSession, keep: Person, other: Person) -> None:
    """Always in the same order. Of two workers who merge at once the second finds that it is done."""
    ids = sorted((keep.id, other.id))
    await session.execute(select(Person.id).where(Person.id.in_(ids)).order_by(Person.id).with_for_update())
    await session.refresh(keep)
    await session.refresh(other)


async def _stands_by(session: AsyncSession, one: Person, two: Person) -> bool:
    pairs = [(Thread.person_id == a.id) & (ThreadMember.person_id == b.id) for a, b in ((one, two), (two, one))]
    wanted = select(Thread.id).join(ThreadMember, ThreadMember.thread_id == Thread.id).where(or_(*pairs))
    return await session.scalar(wanted.limit(1)) is not None


async def _same_texts_count(hub: Hub, session: AsyncSession, keep: Person, key: Key) -> None:
    """What either had today counts for the guard against the same text again: its index names the person."""
    theirs = (
        select(Message)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            Conversation.person_id == keep.id,
            Message.text_index.is_not(None),
            Message.left_at >= hub.clock.now() - limits.LOOKED_AT,
        )
    )
    for message in (await session.scalars(theirs)).all():
        message.text_index = limits.index_for(hub, keep, key.open(message.body_sealed or b"", "body"))


def _record(hub: Hub, session: AsyncSession, worker: Worker, keep: Person, other: Person) -> None:
    now, actor = hub.clock.now(), f"worker:{worker.id}"
    for what, person, more in (
        ("person_merged", keep, {"was": other.ref}),
        ("record_merged", other, {"into": keep.ref}),
    ):
        audit.record(session, now, actor, what, f"person:{person.id}", person_id=person.id, **more)
