"""Appointments that repeat: made ahead as ordinary ones, the wall clock kept, exceptions left alone."""

from datetime import date, time, timedelta

from sqlalchemy import select

from hub import appointments, recurring, repeats
from hub.recurring import Pattern
from hub.states import NudgeState
from hub.store.tables import Appointment, AppointmentSeries
from hub.times import at_local, local
from hub.words import AppointmentState
from tests.integration.test_nudges import nudges
from tests.world import World

LONDON = "Europe/London"
TUESDAY = date(2026, 3, 10)


def weekly(words: str = "every Tuesday", clock: time = time(14), first_on: date = TUESDAY) -> Pattern:
    return Pattern(repeats.read(words, first_on, clock, LONDON), first_on, clock)


async def start(world: World, pattern: Pattern | None = None) -> int:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        made = await recurring.start(
            world.hub, session, "worker:1", person=person, pattern=pattern or weekly(), with_whom="Priya",
            place="1 High St", minutes=30, worker_id=person.worker_id,
        )  # fmt: skip
        return made.id


async def rows(world: World, state: AppointmentState | None = AppointmentState.PLANNED) -> list[Appointment]:
    async with world.hub.store.transaction() as session:
        found = (await session.scalars(select(Appointment).order_by(Appointment.starts_at))).all()
        return [row for row in found if state is None or row.state is state]


async def series_of(world: World, session, series_id: int) -> AppointmentSeries:  # type: ignore[no-untyped-def]
    return await session.get_one(AppointmentSeries, series_id)


async def test_eight_weeks_are_made_at_once_and_two_oclock_stays_two_oclock(world: World) -> None:
    await start(world)
    made = await rows(world)
    assert len(made) == 7  # from the 10th of March, the last within 8 weeks of the 2nd
    assert {local(row.starts_at, LONDON).time() for row in made} == {time(14)}
    assert len({row.starts_at.utcoffset() for row in made}) == 1
    assert {row.starts_at.hour for row in made} == {13, 14}  # the clocks go forward on the 29th
    assert len(await nudges(world, NudgeState.PLANNED)) == 7 * 3


async def test_the_horizon_rolls_and_makes_none_twice(world: World) -> None:
    await start(world)
    for _ in range(2):
        world.clock.push(timedelta(days=14))
        await recurring.extend_all(world.hub)
        await recurring.extend_all(world.hub)
    made = await rows(world)
    assert len({row.occurrence_on for row in made}) == len(made) == 11


async def test_a_series_that_is_over_makes_no_more(world: World) -> None:
    await start(world, weekly("every Tuesday, 3 times except 17/03/2026"))
    world.clock.push(timedelta(days=70))
    await recurring.extend_all(world.hub)
    assert [row.occurrence_on for row in await rows(world)] == [TUESDAY, date(2026, 3, 24)]


async def test_changing_the_time_reaches_what_nobody_has_touched_and_tells_once(world: World) -> None:
    series_id = await start(world)
    first, second, third, *_ = await rows(world)
    async with world.hub.store.transaction() as session:
        moved = await session.get_one(Appointment, first.id)
        await appointments.move(world.hub, session, "worker:1", moved, at_local(TUESDAY, time(9), LONDON))
        (await session.get_one(Appointment, second.id)).state = AppointmentState.CONFIRMED
    await world.settle()
    heard = len(world.heard())
    async with world.hub.store.transaction() as session:
        await recurring.change(
            world.hub, session, "worker:1", await series_of(world, session, series_id), weekly(clock=time(15, 30))
        )
    await world.settle()
    times = [local(row.starts_at, LONDON).time() for row in await rows(world, None)]
    assert times[:3] == [time(9), time(14), time(15, 30)]
    assert set(times[2:]) == {time(15, 30)}
    assert [text[:60] for text in world.heard()[heard:]] == [
        "Hi Sam, your regular appointments with Priya have changed. Th"[:60]
    ]
    due = [n for n in await nudges(world, NudgeState.PLANNED) if n.subject_id == third.id]
    assert {local(n.occurrence, LONDON).time() for n in due} == {time(15, 30)}


async def test_other_days_call_off_the_old_ones_and_the_way_back_makes_them_again(world: World) -> None:
    series_id = await start(world)
    for pattern in (weekly("every other Tuesday"), weekly()):
        async with world.hub.store.transaction() as session:
            series = await series_of(world, session, series_id)
            await recurring.change(world.hub, session, "worker:1", series, pattern)
    standing = await rows(world)
    assert len({row.occurrence_on for row in standing}) == len(standing) == 7
    assert len(await nudges(world, NudgeState.PLANNED)) == 7 * 3


async def test_ending_calls_off_what_lies_after_and_tells_once(world: World) -> None:
    series_id = await start(world)
    async with world.hub.store.transaction() as session:
        series = await series_of(world, session, series_id)
        await recurring.end(world.hub, session, "worker:1", series, date(2026, 3, 20))
    await world.push(days=60)
    await recurring.extend_all(world.hub)
    assert len([text for text in world.heard() if "come to their end" in text]) == 1
    assert [row.occurrence_on for row in await rows(world, None) if row.state is not AppointmentState.CANCELLED] == [
        TUESDAY,
        date(2026, 3, 17),
    ]
