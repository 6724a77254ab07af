"""The clock: two of them do no harm, a broken tick is followed by the next, a stop of a day sends nothing stale."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from hub import appointments
from hub.errors import StoreUnavailable
from hub.heartbeat import is_silent, last_beat
from hub.states import Direction, NudgeState
from hub.store.tables import Message, Nudge
from hub.times import at_local, local
from scheduler.clock import Clock, tick
from scheduler.upkeep import Upkeep, all_once, heartbeat, nudges
from tests.world import MONDAY, World

PEOPLE = 12


def phone(number: int) -> str:
    return f"+4477009001{number:02}"


async def appoint(world: World, number: int, in_days: int, at: str = "14:00") -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, address=phone(number))
        day = local(world.clock.now(), "Europe/London").date() + timedelta(days=in_days)
        starts_at = at_local(day, time.fromisoformat(at), "Europe/London")
        await appointments.schedule(
            world.hub, session, "hub", person=person, starts_at=starts_at, with_whom="Priya", place="1 High St"
        )


async def states(world: World) -> Counter[NudgeState]:
    async with world.hub.store.transaction() as session:
        return Counter(await session.scalars(select(Nudge.state)))


async def sent(world: World) -> Counter[int]:
    """How many messages each conversation has been sent or will be."""
    async with world.hub.store.transaction() as session:
        wanted = select(Message.conversation_id).where(Message.direction == Direction.OUT)
        return Counter(await session.scalars(wanted))


@pytest.mark.slow
async def test_two_clocks_on_one_database_queue_each_nudge_once(world: World) -> None:
    for number in range(PEOPLE):
        await appoint(world, number, 7)
    world.clock.push_to(MONDAY + timedelta(hours=1))
    clocks = [Clock(world.hub), Clock(world.hub)]
    for clock in clocks:
        clock.start()
    async with asyncio.timeout(60):
        while (await states(world))[NudgeState.QUEUED] < PEOPLE:
            pass
    for clock in clocks:
        clock.stop()
    await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}), return_exceptions=True)
    assert (await states(world))[NudgeState.QUEUED] == PEOPLE
    assert list((await sent(world)).values()) == [1] * PEOPLE
    async with world.hub.store.transaction() as session:
        assert await last_beat(session) == world.clock.now()


async def test_four_rounds_at_the_same_moment_queue_each_nudge_once(world: World) -> None:
    for number in range(PEOPLE):
        await appoint(world, number, 7)
    world.clock.push_to(MONDAY + timedelta(hours=1))
    await asyncio.gather(*(nudges(world.hub) for _ in range(4)))
    assert list((await sent(world)).values()) == [1] * PEOPLE


async def test_after_a_stop_of_a_day_what_is_useful_goes_out_in_order_and_the_rest_is_missed(world: World) -> None:
    await appoint(world, 1, 2, "10:00")  # its reminder is due on Tuesday, and useful until its evening
    await appoint(world, 2, 8, "10:00")  # 7 days before is Tuesday too
    await appoint(world, 3, 4, "15:00")  # 3 days before is Tuesday, 1 day before is Thursday
    world.clock.push_to(MONDAY + timedelta(days=2, hours=2))  # Wednesday, midday: nothing ticked since Monday
    await all_once(world.hub)
    await world.settle()
    assert (await states(world))[NudgeState.MISSED] == 3
    assert world.heard(phone(1)) == world.heard(phone(2)) == world.heard(phone(3)) == []
    world.clock.push_to(MONDAY + timedelta(days=3, hours=5))  # Thursday 3pm: five hours late, still of use
    await all_once(world.hub)
    await world.settle()
    assert len(world.heard(phone(3))) == 1


@pytest.mark.parametrize("problem", [StoreUnavailable(), ValueError("a bug")])
async def test_a_tick_that_breaks_is_followed_by_the_next(world: World, problem: Exception) -> None:
    came: list[int] = []

    async def work(_: object) -> None:
        came.append(1)
        raise problem

    upkeep = Upkeep("breaks", timedelta(seconds=1), work)
    await tick(world.hub, upkeep)
    await tick(world.hub, upkeep)
    assert len(came) == 2


async def test_silence_begins_two_minutes_after_the_last_beat(world: World) -> None:
    await heartbeat(world.hub)
    async with world.hub.store.transaction() as session:
        last = await last_beat(session)
        assert await session.scalar(select(func.count()).select_from(Message)) == 0
    assert last == world.clock.now()
    assert not is_silent(last, last + timedelta(minutes=2))
    assert is_silent(last, last + timedelta(minutes=2, seconds=1))
    assert is_silent(None, datetime.now(UTC))
