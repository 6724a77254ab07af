"""Offers of a right in random months of news: at most one a week, nothing twice, none after a no, none in a crisis."""

from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from sqlalchemy import select

from hub import case_events, rights_offers, tellings
from hub.states_of_care import OfferState, TellingState
from hub.store.tables import Case, Message, Nudge, Person, RightsOffer, Telling, Update
from hub.words import Role
from tests.world import World

VERA, CARE = "+447700900202", "+447700900002"
ANSWERS = ("RIGHTS", "1", "2", "")  # the last: no answer


async def case_of_vera(world: World) -> int:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM, name="Vera Lind", address=VERA)
        case = Case(
            agency_id=person.agency_id, side=person.side, person=person, kind="victim_care", reference="VC/1",
            worker_id=person.worker_id, opened_at=world.clock.now(),
        )  # fmt: skip
        session.add(case)
        await session.flush()
        return case.id


async def news(world: World, case_id: int, milestone: str) -> None:
    async with world.hub.store.transaction() as session:
        case = await session.get_one(Case, case_id)
        now = world.clock.now()
        await case_events.record_event(world.hub, session, "hub", case, milestone, "So it is.", now)


async def offers(world: World) -> list[datetime]:
    """When each was said."""
    async with world.hub.store.transaction() as session:
        said = select(Message.created_at).where(Message.text_key == "rights.offer").order_by(Message.id)
        return list(await session.scalars(said))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
async def test_whatever_comes_offers_keep_their_distance(world: World, seed: int) -> None:
    chance = Random(seed)
    case_id = await case_of_vera(world)
    milestones = sorted(world.hub.flows.moments.by_milestone)
    for _ in range(8):
        await news(world, case_id, chance.choice(milestones))
        before = len(await offers(world))
        await world.push(days=chance.randint(0, 9), hours=chance.randint(1, 20))
        answer = chance.choice(ANSWERS) if len(await offers(world)) > before else ""
        if answer:
            await world.text(answer, VERA, CARE)
    await world.push(days=30)
    said = await offers(world)
    assert all(after - first >= timedelta(days=7) for first, after in pairwise(said))
    async with world.hub.store.transaction() as session:
        rows = (await session.scalars(select(RightsOffer).order_by(RightsOffer.id))).all()
        assert len(rows) == 8  # one for each piece of news
        declined = [row.state_at for row in rows if row.state is OfferState.DECLINED]
        assert all(at <= no for no in declined for at in said)
        made = [item for row in rows if row.state is not OfferState.LEFT_OUT for item in row.items]
        assert len(made) == len(set(made))
        waiting = await session.scalars(select(Telling).where(Telling.state == TellingState.PLANNED))
        assert list(waiting) == []


async def test_a_tick_that_comes_twice_offers_once(world: World) -> None:
    await news(world, await case_of_vera(world), "charged")
    await world.settle()
    async with world.hub.store.transaction() as session:
        assert await rights_offers.plan_due(world.hub, session) == 0
        assert len((await session.scalars(select(RightsOffer))).all()) == 1
        assert (await session.scalars(select(Update.told_at).where(Update.event_id.is_not(None)))).one() is not None


async def test_an_offer_waits_for_the_end_of_a_pause_and_of_the_night(world: World) -> None:
    case_id = await case_of_vera(world)
    await news(world, case_id, "charged")
    await world.settle()
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person))).one()
        person.paused_until = world.clock.now() + timedelta(days=4, hours=10)  # Friday at eight in the evening
    await world.push(days=4, hours=9)
    assert await offers(world) == []
    await world.push(days=1)
    assert len(await offers(world)) == 1
    assert 8 <= (await offers(world))[0].hour < 20


async def test_what_is_called_off_is_not_said(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM, name="Vera Lind", address=VERA)
        later = world.clock.now() + timedelta(hours=1)
        await tellings.plan(world.hub, session, person, "right", 7, later)
        await tellings.call_off(world.hub, session, "right", 7)
    await world.push(days=1)
    assert world.heard(VERA) == []
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Telling.state))).one() is TellingState.OFF
        told = select(Nudge.state).where(Nudge.subject_kind == "telling")
        assert (await session.scalars(told)).one().value == "cancelled"
