"""Two hundred texts among five people on three channels, handled and sent by the worker loops: each hears all that
the others say, once, in one order, at an hour that is permitted where they live."""

import asyncio
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import func, or_, select
from tenacity import AsyncRetrying, retry_if_result, stop_after_delay, wait_fixed

from hub.consent import AWAKE
from hub.errors import TryLater
from hub.ports import Accepted, Outgoing
from hub.reconcile import recover, settle_uncertain
from hub.states import MessageState
from hub.store.notify import OUTBOUND, notify
from hub.store.tables import Agency, Escalation, Message
from hub.times import in_window
from scheduler.loops import run_worker
from tests.integration.circle import AROUND, DAI, KIT, SAM, Circle, Somebody, make_circle
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
TEXTS, SEED = 200, 8
EVERYBODY = (SAM, *AROUND)
NO_SIGNAL = (timedelta(hours=3), timedelta(hours=27))  # of Dai, after the first text
SHORT = ("ok", "yes", "no", "see you there", "on my way", "thanks")


class Valley:
    """A phone that the carrier cannot reach for a day: it asks to be tried again later."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world, self.began, self.turned_away = world, world.clock.now(), 0
        self._send = world.simulator.send
        monkeypatch.setattr(world.simulator, "send", self.send)

    def has_no_signal(self) -> bool:
        gone, back = NO_SIGNAL
        return gone <= self.world.clock.now() - self.began < back

    async def send(self, outgoing: Outgoing) -> Accepted:
        if outgoing.to == DAI.address and self.has_no_signal():
            self.turned_away += 1
            raise TryLater("No signal.", code="SIM-BUSY")
        return await self._send(outgoing)


async def test_two_hundred_texts_reach_everybody_once_in_order_at_a_permitted_hour(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    circle, valley = await make_circle(world), Valley(world, monkeypatch)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(run_worker(world.hub, stop, handlers=3, senders=3))
        try:
            wrote = await talk(circle, valley)
            await let_pass(world, timedelta(days=2), timedelta(minutes=30))
        finally:
            stop.set()
    said = await circle.said()
    assert len(said) == TEXTS
    assert {len(wrote[each.address]) > 0 for each in EVERYBODY} == {True}
    assert valley.turned_away > 0
    for each in EVERYBODY:
        name = each.name.split(" ")[0]
        assert world.heard(each.address) == [words for author, words in said if author != name]
        await assert_hours(circle, each, wrote[each.address])
    assert await count(world, Escalation.id) == 0


async def talk(circle: Circle, valley: Valley) -> dict[str, list[datetime]]:
    """In bursts, some minutes or hours apart, over three days. Returns when each wrote."""
    chance, left = Random(SEED), TEXTS
    wrote: dict[str, list[datetime]] = {each.address: [] for each in EVERYBODY}
    while left:
        burst = min(left, chance.randint(1, 9))
        writers = [each for each in EVERYBODY if each is not DAI or not valley.has_no_signal()]
        lines = [(chance.choice(writers), _words(chance, left - number)) for number in range(burst)]
        for who, _ in lines:
            wrote[who.address].append(circle.world.clock.now())
        await asyncio.gather(*(circle.writes(who, text) for who, text in lines))
        await quiet(circle.world)
        left -= burst
        await let_pass(circle.world, timedelta(minutes=chance.choice((1, 5, 40, 200))), timedelta(minutes=20))
    return wrote


def _words(chance: Random, number: int) -> str:
    return chance.choice(SHORT) if chance.random() < 0.5 else f"text {number}, {chance.choice(SHORT)}"


async def let_pass(world: World, span: timedelta, step: timedelta) -> None:
    """The clock goes on while nothing is under way, so that each text has one moment at which it left."""
    until = world.clock.now() + span
    while world.clock.now() < until:
        world.clock.push(min(step, until - world.clock.now()))
        await recover(world.hub)
        async with world.hub.store.transaction() as session:
            notify(session, OUTBOUND)  # nobody wakes the loops for a time that comes; they would look after 2 seconds
        await settle_uncertain(world.hub)
        await world.simulator.push_receipts()
        await quiet(world)


async def quiet(world: World) -> None:
    """Until the loops have done all that is due."""
    again = AsyncRetrying(retry=retry_if_result(bool), stop=stop_after_delay(60), wait=wait_fixed(0.01))
    await again(_waits, world)


async def _waits(world: World) -> int:
    now = world.clock.now()
    due = (Message.state == MessageState.QUEUED) & (Message.due_at <= now)
    busy = Message.state.in_((MessageState.RECEIVED, MessageState.CLAIMED, MessageState.SENDING))
    async with world.hub.store.transaction() as session:
        return await session.scalar(select(func.count()).select_from(Message).where(or_(due, busy))) or 0


async def assert_hours(circle: Circle, who: Somebody, wrote: list[datetime]) -> None:
    async with circle.world.hub.store.transaction() as session:
        agency = (await session.scalars(select(Agency))).one()
        window, home = (agency.contact_from, agency.contact_until), agency.time_zone
    for text in circle.world.simulator.phones.received(who.address):
        awake = any(timedelta() <= text.at - at <= AWAKE for at in wrote)
        permitted = in_window(text.at, *window, who.zone or home)
        assert awake or permitted, f"{who.name} at {text.at}"


async def count(world: World, column: object) -> int:
    async with world.hub.store.transaction() as session:
        return await session.scalar(select(func.count(column))) or 0  # type: ignore[arg-type]


def test_kit_lives_where_the_night_is_another() -> None:
    assert KIT.zone != SAM.zone
