"""Are you back? The times are told, whatever came of them; nobody is ever told what they mean."""

from datetime import date, time

import pytest
from sqlalchemy import select

from hub import check_ins, contact_hours, escalations, return_plans
from hub.errors import NotAllowed
from hub.people import conversation_for
from hub.reading.court.timeline import timeline
from hub.return_facts import facts_of
from hub.return_plans import Evenings
from hub.rhythm import WEEKDAYS
from hub.states import EscalationState, ReturnState
from hub.store.tables import Agency, AuditEvent, Case, Escalation, Person, ReturnCheck, ReturnPlan
from hub.words import Role, Side
from integrations.channels.simulator import Faults
from tests.world import World

TODAY, EVENING, NIGHT = date(2026, 3, 2), time(19), time(21)
PRIYA = "worker:1"


async def set_up(world: World, wish: Evenings, *, role: Role = Role.SUPERVISED) -> ReturnPlan:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=role)
        return await return_plans.set_plan(world.hub, session, PRIYA, person, wish)


async def facts(world: World) -> list[str]:
    async with world.hub.store.transaction() as session:
        come = select(ReturnCheck).where(ReturnCheck.state != ReturnState.PLANNED).order_by(ReturnCheck.due_at)
        return [await facts_of(session, check, "Europe/London") for check in await session.scalars(come)]


async def open_reasons(world: World) -> list[str]:
    async with world.hub.store.transaction() as session:
        standing = select(Escalation.reason).where(Escalation.state != EscalationState.CLOSED)
        return sorted(await session.scalars(standing))


async def test_only_the_days_that_were_chosen(world: World) -> None:
    await set_up(world, Evenings(["MO", "WE"], EVENING, TODAY))
    await world.push(days=7, hours=2)
    assert [text.count("are you back") for text in world.heard()] == [1, 1]


async def test_a_text_that_never_arrived_is_said_to_be_so(world: World) -> None:
    world.simulator.set_faults(Faults(lost=1.0))
    await set_up(world, Evenings(WEEKDAYS, EVENING, TODAY))
    await world.push(hours=10)
    assert (await facts(world))[0] == "asked at 7pm, not delivered, no answer by 7:30pm"
    assert "return_silent" in await open_reasons(world)


async def test_one_that_arrived_says_when(world: World) -> None:
    await set_up(world, Evenings(WEEKDAYS, EVENING, TODAY))
    await world.push(hours=10)
    assert (await facts(world))[0] == "asked at 7pm, delivered at 7pm, no answer by 7:30pm"
    assert await open_reasons(world) == ["return_silent"]


async def test_the_agency_says_how_long_it_waits(world: World) -> None:
    async with world.hub.store.transaction() as session:
        (await session.get_one(Agency, world.agency_id)).back_within = 60
    await set_up(world, Evenings(WEEKDAYS, EVENING, TODAY))
    await world.push(hours=9, minutes=45)
    assert await open_reasons(world) == []
    await world.push(minutes=20)
    assert await open_reasons(world) == ["return_silent"]


async def test_nine_at_night_needs_their_agreement_and_then_goes_out(world: World) -> None:
    with pytest.raises(NotAllowed, match="if they agree"):
        await set_up(world, Evenings(WEEKDAYS, NIGHT, TODAY))
    plan = await set_up(world, Evenings(WEEKDAYS, NIGHT, TODAY, agreed=True))
    assert plan.agreed_at == world.clock.now()
    await world.push(hours=11, minutes=1)
    assert len(world.heard()) == 1
    async with world.hub.store.transaction() as session:
        made = await session.scalar(select(AuditEvent).where(AuditEvent.what == "return_plan_made"))
    assert made
    assert made.details == {"agreed": True}


async def test_nothing_else_goes_out_at_night_because_of_it(world: World) -> None:
    await set_up(world, Evenings(WEEKDAYS, NIGHT, TODAY, agreed=True))
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person).where(Person.role == Role.SUPERVISED))).one()
        world.clock.push_to(world.clock.now().replace(hour=20, minute=30))
        await check_ins.schedule(world.hub, session, person, world.clock.now())
    await world.push(hours=1)
    assert [text for text in world.heard() if "how are you" in text] == []
    assert len(world.heard()) == 1


async def test_a_safe_window_of_their_own_is_never_overstepped(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, talk = await world.person(session)
        await contact_hours.set_safe_window(world.hub, session, "worker:1", talk.contact_point, time(9), time(17))
        wish = Evenings(WEEKDAYS, EVENING, TODAY, agreed=True)
        with pytest.raises(NotAllowed, match="safe to text"):
            await return_plans.set_plan(world.hub, session, PRIYA, person, wish)


async def test_a_window_that_became_narrower_keeps_the_text_back_and_a_human_hears_of_it(world: World) -> None:
    plan = await set_up(world, Evenings(WEEKDAYS, EVENING, TODAY))
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, plan.person_id)
        talk = await conversation_for(session, person)
        assert talk
        await contact_hours.set_safe_window(world.hub, session, "worker:1", talk.contact_point, time(9), time(17))
    await world.push(hours=10)
    assert world.heard() == []
    assert "return_silent" in await open_reasons(world)
    assert (await facts(world))[0].startswith("could not be asked")


async def test_whoever_is_paused_is_neither_asked_nor_told_of(world: World) -> None:
    plan = await set_up(world, Evenings(WEEKDAYS, EVENING, TODAY))
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, plan.person_id)
        person.paused_until = world.clock.now().replace(day=9)
    await world.push(days=2)
    assert world.heard() == []
    assert await open_reasons(world) == []


async def test_ended_means_that_nobody_is_asked(world: World) -> None:
    plan = await set_up(world, Evenings(WEEKDAYS, EVENING, TODAY))
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, plan.person_id)
        found = await return_plans.plan(session, person, plan.id)
        await return_plans.end(world.hub, session, PRIYA, found)
    await world.push(days=2)
    assert world.heard() == []


async def test_what_a_worker_has_taken_on_stays_theirs_when_the_answer_comes(world: World) -> None:
    await set_up(world, Evenings(WEEKDAYS, EVENING, TODAY))
    await world.push(hours=10)
    async with world.hub.store.transaction() as session:
        found = (await session.scalars(select(Escalation))).one()
        await escalations.take(session, found, world.workers[Side.SUPERVISION], world.clock.now())
    await world.text("1")
    assert await open_reasons(world) == ["return_silent"]
    assert "said yes at 8pm" in (await facts(world))[0]


async def test_a_victim_is_never_asked_where_they_are(world: World) -> None:
    with pytest.raises(NotAllowed):
        await set_up(world, Evenings(WEEKDAYS, EVENING, TODAY), role=Role.VICTIM)


async def test_the_horizon_rolls(world: World) -> None:
    await set_up(world, Evenings(WEEKDAYS, EVENING, TODAY))
    async with world.hub.store.transaction() as session:
        before = len((await session.scalars(select(ReturnCheck.id))).all())
    world.clock.push_to(world.clock.now().replace(day=12))
    await return_plans.extend_all(world.hub)
    async with world.hub.store.transaction() as session:
        after = (await session.scalars(select(ReturnCheck.on))).all()
    assert len(after) == len(set(after)) > before


async def test_a_timeline_tells_of_the_evening_and_of_the_silence(world: World) -> None:
    """What is of the person alone stands in the timeline of each case of theirs."""
    running = await set_up(world, Evenings(WEEKDAYS, EVENING, TODAY))
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, running.person_id)
        case = Case(
            agency_id=person.agency_id, side=person.side, person=person, kind="bail",
            reference="NS/9", worker_id=person.worker_id, opened_at=world.clock.now(),
        )  # fmt: skip
        session.add(case)
    await world.push(hours=10)
    async with world.hub.store.transaction() as session:
        printed = await timeline(world.hub, session, await session.get_one(Case, case.id), "Priya Shah")
    said = [(line.time, line.words) for _, lines in printed.days for line in lines]
    assert ("7:30pm", "No answer to the question whether they were back") in [
        (time, words.partition(":")[0]) for time, words in said
    ], said
