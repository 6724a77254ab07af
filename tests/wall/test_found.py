"""Holes that the wall has had, each with the test that would have seen it."""

from datetime import timedelta

import pytest

from hub import appointments
from hub.store.audit import seal
from hub.words import Role, Side, WorkerRole
from tests.wall.house import House
from tests.wall.looking import shown
from tests.wall.marks import OTHER
from tests.wall.quietly import HOURS
from tests.world import World

pytestmark = pytest.mark.slow

ROLE = {Side.SUPERVISION: Role.SUPERVISED, Side.VICTIMS: Role.VICTIM}


async def reminders_of(world: World, side: Side, address: str = "+447700900101") -> None:
    """Somebody with an appointment ahead, so that reminders are planned, and a fact stands on record."""
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=ROLE[side], address=address)
        at = world.clock.now() + timedelta(days=5)
        await appointments.schedule(
            world.hub, session, "hub", person=person, starts_at=at, with_whom="Jo", place="1 High St"
        )


@pytest.mark.parametrize("side", list(Side))
async def test_a_preview_of_other_hours_counts_the_reminders_of_the_own_side_alone(house: House, side: Side) -> None:
    """It counted those of the whole agency: whoever looks after victims saw how much goes to people on probation."""
    desk = house.desk(side, WorkerRole.ADMINISTRATOR)
    await reminders_of(house.world, OTHER[side])
    answer = shown(await desk.post("/settings/hours", **HOURS))
    assert "No planned reminders move" in answer
    assert "not go out" not in answer
    await reminders_of(house.world, side)
    assert shown(await desk.post("/settings/hours", **HOURS)) != answer, "the own ones are counted"


@pytest.mark.parametrize("side", list(Side))
async def test_the_page_of_the_record_does_not_tell_how_much_happens_on_the_other_side(
    house: House, side: Side
) -> None:
    """It said how many facts are sealed, of both sides and all agencies."""
    desk, world = house.desk(side, WorkerRole.ADMINISTRATOR), house.world
    told: list[str] = []
    for _ in range(2):
        await reminders_of(world, OTHER[side], f"+44770090010{len(told)}")
        async with world.hub.store.transaction() as session:
            await seal(session, world.clock.now())
        told.append(shown(await desk.get("/settings/audit")).partition("Is the record whole?")[2])
    assert "last sealed on" in told[0]
    assert told[0] == told[1]
