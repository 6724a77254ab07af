"""After a standstill: one reason in the inbox that says how many, and a page that says whose."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub.store.tables import AuditEvent, Escalation
from hub.words import Side, WorkerRole
from tests.integration.test_planning import appoint_many
from tests.web.conftest import Enter
from tests.world import World

pytestmark = pytest.mark.slow


async def stand_still(world: World) -> None:
    await appoint_many(world, 3)
    world.clock.push(timedelta(days=9, hours=12))
    await world.settle()


async def test_the_inbox_says_how_many_and_the_page_says_whose(world: World, enter: Enter) -> None:
    await stand_still(world)
    priya = await enter()
    assert "9 reminders could not go out in time" in (await priya.get("/inbox")).text
    async with world.hub.store.transaction() as session:
        (told,) = (await session.scalars(select(Escalation))).all()
        ref = told.conversation.person.ref
    assert 'href="/missed"' in (await priya.get(f"/people/{ref}/messages")).text
    page = (await priya.get("/missed")).text
    assert page.count("Sam") == 9
    assert "A reminder of an appointment" in page


async def test_no_name_or_number_of_theirs_is_kept_in_the_record_of_it(world: World) -> None:
    await stand_still(world)
    async with world.hub.store.transaction() as session:
        for event in await session.scalars(select(AuditEvent).where(AuditEvent.what.like("nudge%"))):
            assert not {"Sam", "7700"} & set(str(event.details).split())


async def test_the_other_side_and_those_who_only_count_see_nobody(world: World, enter: Enter) -> None:
    await stand_still(world)
    ann = await enter(Side.VICTIMS)
    assert "Sam" not in (await ann.get("/missed")).text.split("<main")[1]
    analyst = await enter(role=WorkerRole.ANALYST, name="Kit Moor")
    assert (await analyst.get("/missed")).status_code == 403
