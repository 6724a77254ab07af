"""Two records of one human become one: whatever was said about being texted, the more careful wins."""

from datetime import time, timedelta

import pytest

from hub.store.tables import Consent, ContactPoint, Person
from hub.words import Purpose
from tests.integration.test_merging import FIRST, SECOND, become_one, pair, ways
from tests.world import World

pytestmark = pytest.mark.slow


async def test_a_stop_holds_for_a_way_that_they_have_not_written_from_since(world: World) -> None:
    keep, other = await pair(world)
    await world.text("hello", FIRST)
    await world.push(hours=1)
    await world.text("STOP", SECOND)
    await become_one(world, keep, other)
    found = await ways(world)
    assert found[SECOND].stopped_at
    assert found[FIRST].stopped_at == found[SECOND].stopped_at


async def test_whoever_wrote_from_another_way_after_the_stop_is_still_answered_there(world: World) -> None:
    keep, other = await pair(world)
    await world.text("STOP", SECOND)
    await world.push(hours=1)
    await world.text("hello", FIRST)
    await become_one(world, keep, other)
    found = await ways(world)
    assert found[SECOND].stopped_at
    assert found[FIRST].stopped_at is None


async def test_the_more_careful_wins(world: World) -> None:
    keep, other = await pair(world)
    found = await ways(world)
    async with world.hub.store.transaction() as session:
        careful = await session.get_one(ContactPoint, found[SECOND].id)
        careful.discreet, careful.safe_from, careful.safe_until = True, time(10), time(14)
        said = {"at": world.clock.now(), "source": "person"}
        session.add(Consent(contact_point_id=careful.id, purpose=Purpose.SURVEY, given=False, **said))
        session.add(Consent(contact_point_id=found[FIRST].id, purpose=Purpose.SURVEY, given=True, **said))
        (await session.get_one(Person, other)).paused_until = world.clock.now() + timedelta(days=3)
        (await session.get_one(Person, keep)).ended_at = world.clock.now()
    await become_one(world, keep, other)
    for way in (await ways(world)).values():
        assert (way.discreet, way.safe_from, way.safe_until) == (True, time(10), time(14))
        async with world.hub.store.transaction() as session:
            assert not (await session.get_one(Consent, (way.id, Purpose.SURVEY))).given
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, keep)
        assert person.paused_until == world.clock.now() + timedelta(days=3)
        assert person.ended_at is None, "our contact with the other goes on"
        assert [way.preferred for way in (await ways(world)).values()] == [True, False]
