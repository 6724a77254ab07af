"""Times that are offered are free: working days, opening hours, nobody else's time."""

from datetime import date, datetime, time, timedelta

from hub import appointments
from hub.dates import Wish
from hub.free_slots import free_slots, is_free
from hub.store.tables import Appointment
from hub.times import at_local, local
from tests.world import World

ZONE = "Europe/London"
THURSDAY = date(2026, 3, 5)


async def make(world: World, starts_at: datetime, address: str = "+447700900101") -> Appointment:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, address=address)
        return await appointments.schedule(
            world.hub,
            session,
            "hub",
            person=person,
            starts_at=starts_at,
            with_whom="Priya",
            place="1 High St",
            worker_id=person.worker_id,
        )


async def slots_for(world: World, appointment: Appointment, wish: Wish | None = None) -> list[datetime]:
    async with world.hub.store.transaction() as session:
        found = await session.get_one(Appointment, appointment.id)
        return await free_slots(session, found, world.clock.now(), wish)


async def test_three_are_offered_on_three_working_days_at_the_usual_time(world: World) -> None:
    friday = await make(world, at_local(date(2026, 3, 6), time(14), ZONE))
    found = [local(slot, ZONE) for slot in await slots_for(world, friday)]
    assert [(slot.day, slot.hour) for slot in found] == [(3, 14), (4, 14), (5, 14)]


async def test_a_weekend_and_a_bank_holiday_are_left_out(world: World) -> None:
    world.clock.push_to(at_local(date(2026, 4, 2), time(10), ZONE))  # Thursday before Easter
    thursday = await make(world, at_local(date(2026, 4, 2), time(14), ZONE))
    first = local((await slots_for(world, thursday))[0], ZONE)
    assert first.date() == date(2026, 4, 7)  # Tuesday after Easter Monday


async def test_the_workers_other_appointments_are_not_offered(world: World) -> None:
    wanted = await make(world, at_local(date(2026, 3, 3), time(14), ZONE))
    await make(world, at_local(THURSDAY, time(14), ZONE), "+447700900102")
    wish = Wish(days=(THURSDAY,), earliest=time(13, 45), latest=time(15))
    found = [local(slot, ZONE).time() for slot in await slots_for(world, wanted, wish)]
    assert found == [time(14, 30)]


async def test_a_time_outside_the_opening_hours_is_not_free(world: World) -> None:
    appointment = await make(world, at_local(date(2026, 3, 3), time(14), ZONE))
    async with world.hub.store.transaction() as session:
        found = await session.get_one(Appointment, appointment.id)
        now = world.clock.now()
        assert await is_free(session, found, at_local(THURSDAY, time(11), ZONE), now)
        assert not await is_free(session, found, at_local(THURSDAY, time(16, 45), ZONE), now)
        assert not await is_free(session, found, at_local(date(2026, 3, 7), time(11), ZONE), now)
        assert not await is_free(session, found, now - timedelta(days=3), now)
