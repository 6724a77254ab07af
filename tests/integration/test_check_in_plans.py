"""A rhythm of check-ins: made ahead, changed, paused, ended; never two open at once."""

from collections.abc import Sequence
from datetime import date, time

import pytest
from sqlalchemy import select

from hub import check_in_plans, check_ins, tiers
from hub.check_in_plans import Rhythm
from hub.errors import MoveNotAllowed, NotAllowed
from hub.states import CheckInState, NudgeState
from hub.store.tables import Agency, AuditEvent, CheckIn, CheckInPlan, Person
from hub.tiers import Tier
from hub.words import Role
from tests.integration.test_nudges import nudges
from tests.world import World

MONDAY, CLOCK = date(2026, 3, 9), time(11)
PRIYA = "worker:1"


async def planned(world: World, rhythm: Rhythm, questions: Sequence[str] = ()) -> CheckInPlan:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        return await check_in_plans.set_plan(world.hub, session, PRIYA, person, rhythm, questions)


async def again(world: World, plan: CheckInPlan, rhythm: Rhythm) -> None:
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, plan.person_id)
        await check_in_plans.set_plan(world.hub, session, PRIYA, person, rhythm)


async def days(world: World) -> list[date]:
    """Of those that nobody has been asked yet."""
    async with world.hub.store.transaction() as session:
        wanted = select(CheckIn.due_at).where(CheckIn.state == CheckInState.PLANNED).order_by(CheckIn.due_at)
        return [moment.date() for moment in await session.scalars(wanted)]


async def test_the_coming_weeks_are_made_ahead_and_the_horizon_rolls(world: World) -> None:
    await planned(world, Rhythm(2, MONDAY, CLOCK))
    first = await days(world)
    assert first[:3] == [date(2026, 3, 9), date(2026, 3, 23), date(2026, 4, 7)]  # 6 April is Easter Monday
    await world.push(days=30)
    await check_in_plans.extend_all(world.hub)
    await check_in_plans.extend_all(world.hub)
    assert (await days(world))[-1] > first[-1]
    assert len(set(await days(world))) == len(await days(world))


async def test_the_clock_on_the_wall_stays_when_the_clocks_change(world: World) -> None:
    await planned(world, Rhythm(1, date(2026, 3, 23), CLOCK))
    async with world.hub.store.transaction() as session:
        hours = [moment.hour for moment in await session.scalars(select(CheckIn.due_at).order_by(CheckIn.due_at))]
    assert hours[:3] == [11, 10, 10]  # in UTC: 29 March


async def test_another_rhythm_takes_the_place_of_what_nobody_was_asked_yet(world: World) -> None:
    plan = await planned(world, Rhythm(1, MONDAY, CLOCK))
    await again(world, plan, Rhythm(4, date(2026, 3, 12), CLOCK))
    assert (await days(world))[:2] == [date(2026, 3, 12), date(2026, 4, 9)]
    going = {nudge.due_at.date() for nudge in await nudges(world, NudgeState.PLANNED)}
    assert going == set(await days(world))
    async with world.hub.store.transaction() as session:
        assert "check_in_plan_changed" in set(await session.scalars(select(AuditEvent.what)))


async def test_a_pause_leaves_out_what_falls_into_it_and_the_rhythm_goes_on(world: World) -> None:
    plan = await planned(world, Rhythm(1, MONDAY, CLOCK))
    async with world.hub.store.transaction() as session:
        found = await session.get_one(CheckInPlan, plan.id)
        await check_in_plans.pause(world.hub, session, PRIYA, found, date(2026, 3, 20))
    assert (await days(world))[0] == date(2026, 3, 23)
    async with world.hub.store.transaction() as session:
        found = await session.get_one(CheckInPlan, plan.id)
        await check_in_plans.pause(world.hub, session, PRIYA, found, None)
    assert (await days(world))[0] == MONDAY


async def test_after_the_end_nobody_is_asked(world: World) -> None:
    plan = await planned(world, Rhythm(1, MONDAY, CLOCK))
    async with world.hub.store.transaction() as session:
        found = await session.get_one(CheckInPlan, plan.id)
        await check_in_plans.end(world.hub, session, PRIYA, found)
    await world.push(days=15)
    assert world.heard() == []
    assert await nudges(world, NudgeState.PLANNED) == []


async def test_the_last_day_is_the_last(world: World) -> None:
    await planned(world, Rhythm(1, MONDAY, CLOCK, last_on=date(2026, 3, 20)))
    assert await days(world) == [date(2026, 3, 9), date(2026, 3, 16)]


async def test_the_worker_s_own_question_is_sealed_and_asked(world: World) -> None:
    plan = await planned(world, Rhythm(1, MONDAY, CLOCK), ["How is the new flat?"])
    assert b"flat" not in (plan.questions_sealed or b"")
    await world.push(days=7, hours=2)
    for answer in ("2", "9"):
        await world.text(answer)
    assert world.heard()[-1].startswith("Priya would like to know: How is the new flat?")


async def test_one_beside_the_rhythm_is_asked_now_but_never_two_at_once(world: World) -> None:
    plan = await planned(world, Rhythm(8, MONDAY, CLOCK))
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, plan.person_id)
        await check_in_plans.ask_now(world.hub, session, PRIYA, person)
    await world.settle()
    assert "how are you?" in world.heard()[0]
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, plan.person_id)
        with pytest.raises(MoveNotAllowed):
            await check_in_plans.ask_now(world.hub, session, PRIYA, person)


@pytest.mark.parametrize(
    "wrong",
    [
        Rhythm(3, MONDAY, CLOCK),
        Rhythm(1, date(2026, 3, 14), CLOCK),  # a Saturday
        Rhythm(1, MONDAY, time(7, 59)),
        Rhythm(1, MONDAY, time(20)),
        Rhythm(1, MONDAY, CLOCK, last_on=date(2026, 3, 1)),
    ],
)
async def test_what_nobody_would_answer_is_refused(world: World, wrong: Rhythm) -> None:
    with pytest.raises(NotAllowed):
        await planned(world, wrong)


async def test_a_victim_is_not_checked_in_with(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM)
        with pytest.raises(NotAllowed):
            await check_in_plans.set_plan(world.hub, session, PRIYA, person, Rhythm(1, MONDAY, CLOCK))


async def test_a_tier_is_set_by_a_human_and_proposes_a_rhythm(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        assert tiers.usual_weeks(person) == 8
        await tiers.set_tier(world.hub, session, "worker:1", person, 4)
        assert (tiers.usual_weeks(person), tiers.name_of(person)) == (1, "Tier 4")
        agency = await session.get_one(Agency, world.agency_id)
        own = [Tier(1, "Red", 1), Tier(2, "Amber", 2), Tier(3, "Green", 4), Tier(4, "Blue", 8)]
        await tiers.set_for_agency(world.hub, session, "worker:1", agency, own, 45)
        assert (tiers.usual_weeks(person), tiers.name_of(person)) == (8, "Blue")
        with pytest.raises(NotAllowed):
            await tiers.set_tier(world.hub, session, "worker:1", person, 5)


async def test_silence_is_withdrawn_when_the_answer_comes_after_all(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        await check_ins.schedule(world.hub, session, person, world.clock.now())
    await world.push(days=4)
    await world.text("2")
    async with world.hub.store.transaction() as session:
        states = set(await session.scalars(select(CheckIn.state)))
        whats = set(await session.scalars(select(AuditEvent.what)))
    assert states == {CheckInState.ANSWERED}
    assert "escalation_withdrawn" in whats


async def test_a_question_taken_out_while_it_was_to_come_is_left_out(world: World) -> None:
    plan = await planned(world, Rhythm(1, MONDAY, CLOCK), ["How is the new flat?", "Did you see your son?"])
    await world.push(days=7, hours=2)
    for answer in ("2", "9"):
        await world.text(answer)
    async with world.hub.store.transaction() as session:
        found = await session.get_one(CheckInPlan, plan.id)
        person = await session.get_one(Person, plan.person_id)
        await check_in_plans.set_plan(world.hub, session, PRIYA, person, Rhythm(1, found.first_on, CLOCK))
    await world.text("skip")
    assert world.heard()[-1].startswith("Has anything changed")
