"""Whoever may not hear a talk any more gets nothing from the next send on, however close it comes to one."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import no_contact, send
from hub.errors import Refused
from hub.people import add_contact
from hub.ports import Accepted, Outgoing
from hub.receive import handle_next
from hub.send import send_due
from hub.states import MessageState
from hub.store.tables import ContactPoint, NoContact, Person, Thread, Worker
from hub.threads import members, posts
from hub.words import ChannelKind, Relation, Sees, Side
from tests.integration.circle import DAI, JO, MUM, SAM, Circle, Somebody, make_circle, membership
from tests.world import World

ROUNDS = 12
Ending = Callable[[Circle, AsyncSession], Awaitable[None]]


async def revoked(circle: Circle, session: AsyncSession) -> None:
    member = await membership(circle, session, MUM)
    await members.end(circle.world.hub, session, f"person:{circle.person_id}", member, "revoked")


async def expired(circle: Circle, session: AsyncSession) -> None:
    (await membership(circle, session, MUM)).ends_at = circle.world.clock.now()


async def allowed_less(circle: Circle, session: AsyncSession) -> None:
    member = await membership(circle, session, MUM)
    await members.change(circle.world.hub, session, "worker:1", member, Sees.PROGRESS, None, "spoken")


async def muted(circle: Circle, session: AsyncSession) -> None:
    (await membership(circle, session, MUM)).muted_at = circle.world.clock.now()


async def on_the_list(circle: Circle, session: AsyncSession) -> None:
    sam = await session.get_one(Person, circle.person_id)
    worker = circle.world.workers[Side.SUPERVISION]
    await no_contact.add(circle.world.hub, session, worker, sam, name="", numbers=[MUM.address], why="order")


async def paused(circle: Circle, session: AsyncSession) -> None:
    worker = await session.get_one(Worker, circle.world.workers[Side.SUPERVISION])
    thread = await session.get_one(Thread, circle.thread_id)
    await posts.pause(circle.world.hub, session, worker, thread)


ENDINGS = {
    "not_in_thread": [revoked, expired, allowed_less],
    "muted": [muted],
    "no_contact": [on_the_list],
    "thread_paused": [paused],
}
EACH = [pytest.param(ending, why, id=ending.__name__) for why, all_of in ENDINGS.items() for ending in all_of]


async def in_its_own(circle: Circle, ending: Ending) -> None:
    async with circle.world.hub.store.transaction() as session:
        await ending(circle, session)


async def say(circle: Circle, text: str) -> None:
    """Handled, not sent."""
    await circle.writes(SAM, text)
    await handle_next(circle.world.hub, "handler")


async def send_all(world: World) -> None:
    while await send_due(world.hub, "sender"):
        pass


@pytest.mark.parametrize(("ending", "why"), EACH)
async def test_what_waits_does_not_leave(world: World, ending: Ending, why: str) -> None:
    circle = await make_circle(world, (MUM, JO))
    await say(circle, "first")
    await send_all(world)
    await say(circle, "second")
    await in_its_own(circle, ending)
    await send_all(world)
    assert world.heard(MUM.address) == ["Sam: first"]
    last = (await circle.texts_to(MUM))[-1]
    assert (last.state, last.reason) == (MessageState.BLOCKED, why)
    assert world.heard(JO.address) == ["Sam: first"] + ["Sam: second"] * (ending is not paused)


@pytest.mark.parametrize(("ending", "why"), EACH)
async def test_it_ends_between_the_claim_and_the_last_look(
    world: World, ending: Ending, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text is claimed already, and on its way: the look in the transaction in which it leaves holds it back."""
    circle = await make_circle(world, (MUM, JO))
    await say(circle, "on its way")
    claimed = send.claim

    async def claim_then_end(*args: object, **named: object) -> list[int]:
        ids = await claimed(*args, **named)  # type: ignore[arg-type]
        if ids:
            await in_its_own(circle, ending)
        return ids

    monkeypatch.setattr(send, "claim", claim_then_end)
    await send_due(world.hub, "sender")
    assert world.heard(MUM.address) == []
    assert [text.reason for text in await circle.texts_to(MUM)] == [why]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("ending", "why"), EACH)
async def test_both_at_once_many_times(world: World, ending: Ending, why: str) -> None:
    """Two senders and whoever ends it set off together: one text more at the most, and none after that."""
    circle = await make_circle(world, (MUM, JO))
    for number in range(ROUNDS):
        await _as_at_the_start(circle)
        before = len(world.heard(MUM.address))
        await say(circle, f"round {number}")
        barrier = asyncio.Barrier(3)
        await asyncio.gather(
            _with(barrier, send_due(world.hub, "one")),
            _with(barrier, send_due(world.hub, "two")),
            _with(barrier, in_its_own(circle, ending)),
        )
        await send_all(world)
        this = (await circle.texts_to(MUM))[-1]
        arrived = this.state in {MessageState.SENT, MessageState.DELIVERED}
        assert arrived or (this.state, this.reason) == (MessageState.BLOCKED, why)
        assert len(world.heard(MUM.address)) - before == arrived
        await say(circle, f"after round {number}")
        await send_all(world)
        assert not [text for text in world.heard(MUM.address) if text.endswith(f"after round {number}")]


async def _with(barrier: asyncio.Barrier, work: Awaitable[object]) -> None:
    await barrier.wait()
    await work


async def _as_at_the_start(circle: Circle) -> None:
    """In again, hearing all, on no list."""
    world = circle.world
    world.clock.push(timedelta(minutes=1))
    async with world.hub.store.transaction() as session:
        thread = await session.get_one(Thread, circle.thread_id)
        mum = await session.get_one(Person, circle.ids[MUM.address])
        await members.join(world.hub, session, thread, mum, sees=Sees.CHAT, relation=Relation.FAMILY)
        thread.paused_at = None
        for entry in await session.scalars(select(NoContact).where(NoContact.ended_at.is_(None))):
            await no_contact.end(world.hub, session, world.workers[Side.SUPERVISION], entry)


@pytest.mark.parametrize("out", [False, True])
async def test_what_goes_another_way_is_asked_about_there_too(
    world: World, out: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mum's number is of no use: it goes to her Telegram, unless she is out by then."""
    circle = await make_circle(world, (MUM,))
    async with world.hub.store.transaction() as session:
        mum = await session.get_one(Person, circle.ids[MUM.address])
        await add_contact(world.hub, session, mum, ChannelKind.TELEGRAM, "900202", preferred=False)
    sends = world.simulator.send

    async def send_but_to_mum(outgoing: Outgoing) -> Accepted:
        if outgoing.to == MUM.address:
            raise Refused("No such number.", code="SIM-REFUSED", meaning="unknown_number")
        return await sends(outgoing)

    monkeypatch.setattr(world.simulator, "send", send_but_to_mum)
    await say(circle, "are you there")
    await send_due(world.hub, "sender")
    if out:
        await in_its_own(circle, revoked)
    await send_all(world)
    assert world.heard("900202") == ([] if out else ["Sam: are you there"])


async def test_two_who_write_to_each_other_at_once_do_not_wait_for_each_other(world: World) -> None:
    """Each is handled while the other's conversation is locked by its own handler."""
    circle = await make_circle(world, (MUM, JO))
    for number in range(ROUNDS):
        await asyncio.gather(*(circle.writes(who, f"{who.name[0]}{number}") for who in (SAM, MUM, JO)))
        await asyncio.gather(*(handle_next(world.hub, f"handler {each}") for each in range(3)))
    await send_all(world)
    said = await circle.said()
    assert len(said) == 3 * ROUNDS
    for who in (SAM, MUM, JO):
        name = who.name.split(" ")[0]
        assert world.heard(who.address) == [words for author, words in said if author != name]


async def test_a_phone_that_others_may_read_from_now_on_shows_nothing_of_what_waits(world: World) -> None:
    """Set between the post and the send: the words wait for READ, and come once."""
    circle = await make_circle(world, (MUM,))
    await say(circle, "the course is at nine")
    async with world.hub.store.transaction() as session:
        theirs = select(ContactPoint).where(ContactPoint.person_id == circle.ids[MUM.address])
        (await session.scalars(theirs)).one().discreet = True
    await send_all(world)
    assert world.heard(MUM.address) == []
    assert [text.reason for text in await circle.texts_to(MUM)] == ["when_alone"]
    await circle.writes(MUM, "read")
    await world.settle()
    assert world.heard(MUM.address) == ["Sam: the course is at nine"]


@pytest.mark.parametrize(("whose", "other"), [(DAI, MUM), (MUM, DAI)], ids=["readers_list", "writers_list"])
async def test_one_supporter_must_not_hear_the_other(world: World, whose: Somebody, other: Somebody) -> None:
    """A peer has a list of their own: what stands there holds in everybody's circle."""
    circle = await make_circle(world, (MUM, DAI))
    async with world.hub.store.transaction() as session:
        one = await session.get_one(Person, circle.ids[whose.address])
        worker = world.workers[Side.SUPERVISION]
        await no_contact.add(world.hub, session, worker, one, name="", numbers=[other.address], why="order")
    await circle.writes(MUM, "hello")
    await world.settle()
    assert world.heard(SAM.address) == ["Mum: hello"]
    assert world.heard(DAI.address) == []
