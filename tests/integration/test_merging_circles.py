"""Two records of one human become one: of who stands by them, what lets a supporter hear less wins, for less long."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from hub import no_contact
from hub.errors import CannotMerge
from hub.outbox import queue
from hub.people import conversation_for
from hub.store.tables import Message, Person, SupportConsent, Thread, ThreadMember, ThreadPost, Worker
from hub.threads import going_out, members
from hub.threads.standing import thread_for
from hub.words import PostTo, Priority, Purpose, Relation, Role, Sees, Side
from tests.integration.test_merging import become_one, pair
from tests.world import World

pytestmark = pytest.mark.slow

MUM, MENTOR = "+447700900103", "+447700900104"


async def supporter(world: World, number: str = MUM, name: str = "Rita Carter") -> int:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.SUPPORTER, name=name, address=number)
        return person.id


async def stands_by(
    world: World, who: int, person_id: int, sees: Sees = Sees.CHAT, ends_at: datetime | None = None
) -> None:
    async with world.hub.store.transaction() as session:
        thread = await thread_for(session, await session.get_one(Person, person_id), world.clock.now())
        mum = await session.get_one(Person, who)
        await members.join(
            world.hub, session, thread, mum, sees=sees, relation=Relation.FAMILY, ends_at=ends_at
        )  # fmt: skip


async def memberships(world: World) -> list[ThreadMember]:
    async with world.hub.store.transaction() as session:
        return list(await session.scalars(select(ThreadMember).order_by(ThreadMember.person_id)))


async def test_whoever_was_allowed_less_by_one_record_is_allowed_no_more_by_both(world: World) -> None:
    keep, other = await pair(world)
    mum, soon = await supporter(world), world.clock.now() + timedelta(days=10)
    await stands_by(world, mum, keep, Sees.CHAT, soon + timedelta(days=90))
    await stands_by(world, mum, other, Sees.DATES, soon)
    await become_one(world, keep, other)
    (left,) = await memberships(world)
    assert (left.sees, left.ends_at, left.left_at) == (Sees.DATES, soon, None)


async def test_an_end_that_only_one_record_has_holds(world: World) -> None:
    keep, other = await pair(world)
    mum, soon = await supporter(world), world.clock.now() + timedelta(days=10)
    await stands_by(world, mum, keep)
    await stands_by(world, mum, other, ends_at=soon)
    await become_one(world, keep, other)
    (left,) = await memberships(world)
    assert (left.sees, left.ends_at) == (Sees.CHAT, soon)


async def test_whoever_was_sent_away_by_one_record_hears_of_neither(world: World) -> None:
    keep, other = await pair(world)
    mum = await supporter(world)
    for each in (keep, other):
        await stands_by(world, mum, each)
    async with world.hub.store.transaction() as session:
        theirs = select(ThreadMember).join(Thread, Thread.id == ThreadMember.thread_id).where(Thread.person_id == other)
        gone = (await session.scalars(theirs)).one()
        await members.end(world.hub, session, f"person:{other}", gone, "revoked")
    await become_one(world, keep, other)
    (left,) = await memberships(world)
    assert (left.left_at, left.ended_for) == (world.clock.now(), "revoked")


async def test_a_talk_that_was_stopped_in_one_stays_stopped(world: World) -> None:
    keep, other = await pair(world)
    mum, mentor = await supporter(world), await supporter(world, MENTOR, "Owen Hart")
    await stands_by(world, mum, keep)
    await stands_by(world, mentor, other)
    async with world.hub.store.transaction() as session:
        stopped = (await session.scalars(select(Thread).where(Thread.person_id == other))).one()
        stopped.paused_at, stopped.paused_by_id = world.clock.now(), world.workers[Side.SUPERVISION]
    await become_one(world, keep, other)
    async with world.hub.store.transaction() as session:
        thread = (await session.scalars(select(Thread).where(Thread.person_id.in_((keep, other))))).one()
        assert (thread.person_id, thread.paused_at) == (keep, world.clock.now())
    assert {member.person_id for member in await memberships(world)} == {mum, mentor}


async def test_what_was_said_and_agreed_is_in_the_one_thread_and_can_be_read(world: World) -> None:
    keep, other = await pair(world)
    mum = await supporter(world)
    await stands_by(world, mum, keep)
    await stands_by(world, mum, other)
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, other)
        key = world.hub.vault.open_person_key(person.wrapped_key or b"")
        thread = (await session.scalars(select(Thread).where(Thread.person_id == other))).one()
        session.add(
            ThreadPost(
                thread_id=thread.id, author_id=other, sent_to=PostTo.ALL, keyed_to_id=other,
                words_sealed=key.seal("I was there today", "post"), at=world.clock.now(),
            )
        )  # fmt: skip
        session.add(SupportConsent(thread_id=thread.id, what="wished", by=f"person:{other}", at=world.clock.now()))
    await become_one(world, keep, other)
    async with world.hub.store.transaction() as session:
        kept = await session.get_one(Person, keep)
        key = world.hub.vault.open_person_key(kept.wrapped_key or b"")
        post = (await session.scalars(select(ThreadPost))).one()
        assert (post.author_id, post.keyed_to_id) == (keep, keep)
        assert key.open(post.words_sealed, "post") == "I was there today"
        thread = (await session.scalars(select(Thread).where(Thread.person_id == keep))).one()
        yeses = (await session.scalars(select(SupportConsent).where(SupportConsent.thread_id == thread.id))).all()
    assert [(each.what, each.by) for each in yeses] == [
        ("accepted", f"person:{mum}"),
        ("accepted", f"person:{mum}"),
        ("wished", f"person:{keep}"),
    ]


async def test_a_supporter_who_is_there_twice_stands_by_them_once_and_as_the_narrower_says(world: World) -> None:
    async with world.hub.store.transaction() as session:
        sam, _ = await world.person(session)
    mum, again = await supporter(world), await supporter(world, MENTOR)
    await stands_by(world, mum, sam.id, Sees.PROGRESS)
    await stands_by(world, again, sam.id, Sees.CHAT)
    await become_one(world, mum, again)
    (left,) = await memberships(world)
    assert (left.person_id, left.sees) == (mum, Sees.PROGRESS)


async def test_a_text_of_the_thread_that_waits_leaves_to_whoever_they_are_now(world: World) -> None:
    """It was queued for the record that is no more."""
    async with world.hub.store.transaction() as session:
        sam, _ = await world.person(session)
    mum, again = await supporter(world), await supporter(world, MENTOR)
    await stands_by(world, again, sam.id)
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, again)
        talk = await conversation_for(session, person)
        thread = (await session.scalars(select(Thread).where(Thread.person_id == sam.id))).one()
        assert talk
        talk.last_in_at = world.clock.now()
        text = await queue(
            world.hub, session, talk, purpose=Purpose.REPLY, priority=Priority.REPLY, body="Sam: hello",
        )  # fmt: skip
        going_out.remember(session, text, thread.id, again, Sees.CHAT)
    await become_one(world, mum, again)
    await world.settle()
    assert world.heard(MENTOR)[-1:] == ["Sam: hello"]
    async with world.hub.store.transaction() as session:
        assert not (await session.scalars(select(Message.reason).where(Message.reason == "not_in_thread"))).all()


async def test_two_of_whom_one_may_not_be_near_the_other_are_not_made_one(world: World) -> None:
    keep, other = await pair(world)
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        entry = await no_contact.add(
            world.hub, session, worker.id, await session.get_one(Person, keep), name="", numbers=["+447700900102"],
            why="co_accused",
        )  # fmt: skip
    for two in ((keep, other), (other, keep)):
        with pytest.raises(CannotMerge, match="no-contact list"):
            await become_one(world, *two)
    async with world.hub.store.transaction() as session:
        await no_contact.end(world.hub, session, worker.id, await session.get_one(type(entry), entry.id))
    await become_one(world, keep, other)
