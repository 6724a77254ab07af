"""How is it going? One question a supporter, planned by the clock too, and never of somebody who has said no to it."""

from datetime import timedelta

from sqlalchemy import select

from hub.states_of_care import TellingState
from hub.store.tables import Consent, ContactPoint, Telling, ThreadMember
from hub.threads import how_going
from hub.words import Purpose
from tests.integration.test_supporter_nudges import heard, scene
from tests.world import World


async def test_the_question_comes_once_a_month_after_and_then_every_three_months(world: World) -> None:
    await scene(world, people=2)
    await world.push(days=29)
    asked = [text for text in heard(world) if "how is it going" in text]
    assert asked == []
    await world.push(days=3)
    assert len([text for text in heard(world) if "how is it going" in text]) == 1
    await world.push(days=92)
    assert len([text for text in heard(world) if "how is it going" in text]) == 2


async def test_the_clock_plans_the_question_of_those_who_were_there_before(world: World) -> None:
    found = await scene(world)
    async with world.hub.store.transaction() as session:
        for telling in await session.scalars(select(Telling)):
            telling.state = TellingState.OFF
            telling.due_at = world.clock.now() - timedelta(days=100)
        member = (await session.scalars(select(ThreadMember))).one()
        member.accepted_at = world.clock.now() - timedelta(days=400)
    assert await how_going.extend_all(world.hub) == 1
    assert await how_going.extend_all(world.hub) == 0
    async with world.hub.store.transaction() as session:
        planned = (await session.scalars(select(Telling).where(Telling.state == TellingState.PLANNED))).one()
    assert world.clock.now() < planned.due_at <= world.clock.now() + how_going.EVERY
    assert planned.person_id == found.supporter


async def test_nobody_who_said_no_to_it_is_planned_for_again(world: World) -> None:
    found = await scene(world)
    async with world.hub.store.transaction() as session:
        for telling in await session.scalars(select(Telling)):
            telling.state = TellingState.OFF
        contact = (await session.scalars(select(ContactPoint).where(ContactPoint.person_id == found.supporter))).one()
        no = Consent(contact_point_id=contact.id, purpose=Purpose.CHECK_IN, given=False, at=world.clock.now())
        no.source = "person"
        session.add(no)
    assert await how_going.extend_all(world.hub) == 0
