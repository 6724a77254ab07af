"""Hours, zones and holidays move what is planned; the plan says why something waits or is held back."""

from datetime import date, time

import pytest
from sqlalchemy import select

from hub import contact_hours
from hub.errors import BadHours
from hub.reading.plan import Only, coming
from hub.states import NudgeState
from hub.store.tables import Agency, ContactPoint, Conversation, Person
from hub.times import local
from hub.words import Side
from tests.integration.test_nudges import appoint, nudges
from tests.world import World


async def due_times(world: World, zone: str = "Europe/London") -> set[time]:
    return {local(n.due_at, zone).time() for n in await nudges(world, NudgeState.PLANNED)}


async def test_a_safe_window_moves_what_is_planned_into_it_and_back(world: World) -> None:
    await appoint(world, 10)
    for window, expected in (((time(13), time(14)), time(13)), ((None, None), time(10))):
        async with world.hub.store.transaction() as session:
            contact = (await session.scalars(select(ContactPoint))).one()
            change = await contact_hours.set_safe_window(world.hub, session, "worker:1", contact, *window)
        assert change.planned == 3
        assert await due_times(world) == {expected}


async def test_somebody_who_lives_in_another_zone_is_texted_by_their_own_clock(world: World) -> None:
    await appoint(world, 10)
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person))).one()
        await contact_hours.set_time_zone(world.hub, session, "worker:1", person, "America/New_York")
    assert await due_times(world, "America/New_York") == {time(10)}
    await world.push(days=12)
    hours = {local(text.at, "America/New_York").hour for text in world.simulator.phones.received("+447700900101")}
    assert hours == {10}


async def test_new_hours_of_the_agency_plan_again_and_what_found_no_hour_finds_one(world: World) -> None:
    await appoint(world, 10)
    for start, end, states in (
        (time(20), time(21), {NudgeState.SKIPPED}),
        (time(8), time(20), {NudgeState.PLANNED}),
    ):
        async with world.hub.store.transaction() as session:
            agency = await session.get_one(Agency, world.agency_id)
            await contact_hours.set_for_agency(
                world.hub, session, "worker:1", agency, contact_from=start, contact_until=end
            )
        assert {n.state for n in await nudges(world)} == states


async def test_hours_that_are_none_are_refused(world: World) -> None:
    await appoint(world, 10)
    async with world.hub.store.transaction() as session:
        person, agency = (await session.scalars(select(Person))).one(), await session.get_one(Agency, world.agency_id)
        contact = (await session.scalars(select(ContactPoint))).one()
        with pytest.raises(BadHours):
            await contact_hours.set_time_zone(world.hub, session, "worker:1", person, "Europe/Atlantis")
        with pytest.raises(BadHours):
            await contact_hours.set_for_agency(world.hub, session, "worker:1", agency, holidays="FRA")
        with pytest.raises(BadHours):
            await contact_hours.set_safe_window(world.hub, session, "worker:1", contact, time(13), None)


async def test_the_plan_says_what_waits_for_a_talk_to_end_and_looks_at_a_day_or_an_appointment(world: World) -> None:
    await appoint(world, 10)
    async with world.hub.store.transaction() as session:
        talk = (await session.scalars(select(Conversation))).one()
        talk.holder_id = world.workers[Side.SUPERVISION]
        talk.last_at = world.clock.now().replace(day=5, hour=9, minute=50)
    await world.push(days=3, minutes=5)
    async with world.hub.store.transaction() as session:
        waiting, *others = await coming(world.hub, session, days=30)
        of_the_day = await coming(world.hub, session, days=30, only=Only(day=date(2026, 3, 9)))
    assert waiting.waits_because_in_words == "a worker was talking with them"
    assert (waiting.held_back, {item.waits_because for item in others}) == ("", {""})
    assert [item.what for item in of_the_day] == ["reminder_3_days"]
