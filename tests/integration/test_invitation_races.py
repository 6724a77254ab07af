"""Two phones and one code; an end, or a no-contact entry, beside a text that waits. Real PostgreSQL."""

import asyncio

import pytest
from sqlalchemy import select

from hub import no_contact
from hub.claims import claim
from hub.outbox import queue
from hub.people import address_of
from hub.ports import Inbound
from hub.receive import accept, handle_next
from hub.send import prepare, send_due
from hub.states import MessageState
from hub.store.tables import (
    ContactPoint,
    Message,
    Person,
    ThreadMember,
)
from hub.threads import members
from hub.threads.going_out import remember
from hub.threads.standing import members_of, thread_for
from hub.words import ChannelKind, Priority, Purpose, Role, Sees, Side
from tests.circles import code_for, stand_by
from tests.world import World

LINE = "+447700900001"
PHONES = ("+447700900301", "+447700900302")
ROUNDS = 20


@pytest.mark.slow
async def test_of_two_phones_with_one_code_at_once_one_gets_in(world: World) -> None:
    for number in range(ROUNDS):
        person_id, code = await code_for(world, number)
        phones = [f"+4477009006{2 * number + each:02}" for each in (0, 1)]
        for phone in phones:
            await world.text(code, phone)
        now = world.clock.now()
        for phone in phones:
            await accept(world.hub, Inbound(LINE, ChannelKind.SMS, phone, f"yes-{phone}", "1", now))
        together = asyncio.Barrier(2)

        async def handled(by: str, together: asyncio.Barrier = together) -> None:
            await together.wait()
            while await handle_next(world.hub, by):
                pass

        await asyncio.gather(handled("one"), handled("two"))
        await world.settle()
        async with world.hub.store.transaction() as session:
            thread = await thread_for(session, await session.get_one(Person, person_id), now)
            found = (await session.scalars(select(ThreadMember).where(ThreadMember.thread_id == thread.id))).all()
        assert len(found) == 1
        heard = sorted("Thank you" in " ".join(world.heard(phone)) for phone in phones)
        assert heard == [False, True]
        assert sum("this code does not work" in " ".join(world.heard(phone)) for phone in phones) == 1


async def with_jo(world: World, number: int = 0) -> tuple[int, int, int]:
    """Jo stands by somebody, and a text for Jo waits. Returns the ids of the person, of Jo and of the text."""
    hub = world.hub
    async with hub.store.transaction() as session:
        person, _ = await world.person(session, address=f"+447700900{100 + number}")
        jo, talk = await world.person(session, role=Role.SUPPORTER, name="Jo Hart", address=f"+447700900{300 + number}")
        member = await stand_by(hub, session, person, jo, sees=Sees.CHAT)
        message = await queue(
            hub, session, talk, purpose=Purpose.UPDATE, priority=Priority.REMINDER, body="Something on Tuesday"
        )
        remember(session, message, member.thread_id, jo.id, Sees.DATES)
        return person.id, jo.id, message.id


async def ended(world: World, how: str, person_id: int, jo_id: int) -> None:
    """Committed when it returns."""
    hub = world.hub
    async with hub.store.transaction() as session:
        person, jo = await session.get_one(Person, person_id), await session.get_one(Person, jo_id)
        if how == "no_contact":
            point = (await session.scalars(select(ContactPoint).where(ContactPoint.person_id == jo_id))).one()
            number = address_of(hub, jo, point)
            worker = world.workers[Side.SUPERVISION]
            await no_contact.add(hub, session, worker, person, name="", numbers=[number], why="order")
            return
        member = (await session.scalars(select(ThreadMember).where(ThreadMember.person_id == jo_id))).one()
        if how == "held":
            await members.hold(hub, session, f"person:{person_id}", member, members.HELD)
        elif how == "expired":
            member.ends_at = world.clock.now()
        else:
            await members.end(hub, session, f"person:{person_id}", member, "revoked")


async def state_of(world: World, message_id: int) -> tuple[MessageState, str]:
    async with world.hub.store.transaction() as session:
        message = await session.get_one(Message, message_id)
        return message.state, message.reason


WHY = {"revoked": "not_in_thread", "held": "not_in_thread", "expired": "not_in_thread", "no_contact": "no_contact"}


@pytest.mark.parametrize("how", WHY)
async def test_what_is_claimed_already_does_not_leave_once_it_has_ended(world: World, how: str) -> None:
    """The text is on its way, in a sender's hands: what has been committed before it starts holds it back."""
    person_id, jo_id, message_id = await with_jo(world)
    ids = await claim(world.hub, "sender")
    assert message_id in ids
    await ended(world, how, person_id, jo_id)
    assert [each.outgoing.message_id for each in await prepare(world.hub, ids)] == []
    assert await state_of(world, message_id) == (MessageState.BLOCKED, WHY[how])


@pytest.mark.slow
@pytest.mark.parametrize("how", ["revoked", "no_contact"])
async def test_many_rounds_of_an_end_beside_a_send(world: World, how: str) -> None:
    """Both begin at once, the sender a little later each round: never does a text leave after the end was committed."""
    for number in range(ROUNDS):
        person_id, jo_id, message_id = await with_jo(world, number)
        together, done = asyncio.Barrier(2), asyncio.Event()

        async def end(ids: tuple[int, int], together: asyncio.Barrier, done: asyncio.Event) -> None:
            await together.wait()
            await ended(world, how, *ids)
            done.set()

        async def send(turns: int, together: asyncio.Barrier, done: asyncio.Event) -> bool:
            await together.wait()
            for _ in range(turns):
                await asyncio.sleep(0)  # the other has its turn
            before = done.is_set()
            await send_due(world.hub, "sender")
            return before

        turns = number * 200 if number % 2 else number
        _, was_over = await asyncio.gather(end((person_id, jo_id), together, done), send(turns, together, done))
        state, _ = await state_of(world, message_id)
        assert not was_over or state is MessageState.BLOCKED
        await world.settle()
    person_id, jo_id, message_id = await with_jo(world, ROUNDS)
    await ended(world, how, person_id, jo_id)
    await send_due(world.hub, "sender")
    assert (await state_of(world, message_id))[0] is MessageState.BLOCKED


@pytest.mark.slow
async def test_who_joins_at_the_moment_at_which_they_are_taken_out_is_out(world: World) -> None:
    """REMOVE beside the yes of the one who has the code: whoever is first, nobody is in afterwards."""
    for number in range(ROUNDS):
        person_id, code = await code_for(world, number)
        phone, own = f"+4477009006{number:02}", f"+447700900{500 + number}"
        await world.text(code, phone)
        now = world.clock.now()
        await accept(world.hub, Inbound(LINE, ChannelKind.SMS, phone, f"yes-{number}", "1", now))
        await accept(world.hub, Inbound(LINE, ChannelKind.SMS, own, f"remove-{number}", "REMOVE JO", now))
        together = asyncio.Barrier(2)

        async def handled(by: str, together: asyncio.Barrier = together) -> None:
            await together.wait()
            while await handle_next(world.hub, by):
                pass

        await asyncio.gather(handled("one"), handled("two"))
        await world.settle()
        async with world.hub.store.transaction() as session:
            assert await members_of(session, person_id, now) == []


@pytest.mark.slow
async def test_what_the_person_ends_stays_ended_whatever_the_supporter_says_beside_it(world: World) -> None:
    """Jo leaves one of two and keeps Sam, while Sam takes Jo out: Sam's word counts."""
    hub = world.hub
    for number in range(ROUNDS):
        sams, jos = f"+4477009001{number:02}", f"+4477009003{number:02}"
        async with hub.store.transaction() as session:
            sam, _ = await world.person(session, address=sams)
            bea, _ = await world.person(session, name="Bea Moss", address=f"+4477009002{number:02}")
            jo, _ = await world.person(session, role=Role.SUPPORTER, name="Jo Hart", address=jos)
            for person in (sam, bea):
                await stand_by(hub, session, person, jo)
            sam_id = sam.id
        await world.text("LEAVE", jos)
        now = world.clock.now()
        await accept(hub, Inbound(LINE, ChannelKind.SMS, jos, f"bea-{number}", "bea", now))
        await accept(hub, Inbound(LINE, ChannelKind.SMS, sams, f"remove-{number}", "REMOVE JO", now))
        together = asyncio.Barrier(2)

        async def handled(by: str, together: asyncio.Barrier = together) -> None:
            await together.wait()
            while await handle_next(hub, by):
                pass

        await asyncio.gather(handled("one"), handled("two"))
        await world.settle()
        async with hub.store.transaction() as session:
            assert await members_of(session, sam_id, now) == []
