"""A cry for help interrupts whoever may answer it, on any page; who takes it is named; nobody's is the supervisor's."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import duties, escalations, prompts
from hub.states import EscalationState
from hub.store.tables import AuditEvent, Conversation, Duty, Escalation, Person, Team, Worker
from hub.words import Awaiting, Role, Side, WorkerRole
from scheduler.upkeep import windows
from tests.web.conftest import Enter
from tests.web.test_inbox import person_in_trouble
from tests.web.test_inbox_list import AMIR, add_reason, reasons
from tests.world import World

pytestmark = pytest.mark.slow

PAGES = ("/inbox", "/appointments", "/people", "/proofs", "/duty", "/help/keys")


async def in_danger(world: World) -> tuple[str, str]:
    """Sam may harm themselves. Returns the references of Sam and of the cry."""
    async with world.hub.store.transaction() as session:
        person, conversation = await world.person(session)
        cry = await escalations.escalate(session, conversation, "crisis_self", world.clock.now())
    return person.ref, cry.ref


async def test_the_banner_stands_on_every_page_with_the_reason_and_no_name(world: World, enter: Enter) -> None:
    _, cry = await in_danger(world)
    priya, tom = await enter(), await enter(name="Tom Reed")
    for worker in (priya, tom):
        for path in PAGES:
            page = (await worker.get(path)).text
            banner = page.split('id="danger"')[1].split("</form>")[0]
            assert "May harm themselves" in banner, path
            assert "Due in 10 minutes" in banner
            assert f"/danger/{cry}/take" in banner
            assert "Carter" not in banner


async def test_whoever_has_it_is_named_and_the_second_is_told(world: World, enter: Enter) -> None:
    sam, cry = await in_danger(world)
    priya, tom = await enter(), await enter(name="Tom Reed")
    taken = await priya.post(f"/danger/{cry}/take")
    assert taken.headers["location"] == f"/people/{sam}/messages"
    assert "Taken by Priya Shah" in (await tom.get(f"/danger?seen={cry}")).text
    assert "Taken by you" in (await priya.get(f"/danger?seen={cry}")).text
    await tom.post(f"/danger/{cry}/take")
    [reason] = await reasons(world)
    assert reason.taken_by_id == world.workers[Side.SUPERVISION]
    assert "data-danger" not in (await tom.get("/appointments")).text, "what somebody has interrupts nobody any more"


async def test_a_banner_interrupts_only_those_who_may_answer(world: World, enter: Enter) -> None:
    _, cry = await in_danger(world)
    ann = await enter(Side.VICTIMS)
    assert "data-danger" not in (await ann.get("/inbox")).text
    assert (await ann.post(f"/danger/{cry}/take")).status_code == 404
    assert "data-danger" not in (await ann.get(f"/danger?seen={cry}")).text
    provider = await enter(role=WorkerRole.PROVIDER, name="Kit Moor")
    assert "data-danger" not in (await provider.get("/inbox")).text
    assert (await provider.post(f"/danger/{cry}/take")).status_code == 403


async def test_what_is_no_cry_for_help_interrupts_nobody_and_is_not_taken_that_way(world: World, enter: Enter) -> None:
    await person_in_trouble(world)
    priya = await enter()
    assert "data-danger" not in (await priya.get("/people")).text
    [reason] = await reasons(world)
    assert (await priya.post(f"/danger/{reason.ref}/take")).status_code == 404


async def test_what_nobody_took_in_time_is_the_supervisors_first_and_said_once(world: World, enter: Enter) -> None:
    late, conversation = await person_in_trouble(world, name="Amir Khan", address=AMIR)
    taken, other = await person_in_trouble(world)
    boss = await enter(role=WorkerRole.SUPERVISOR, name="Mary Poole")
    async with world.hub.store.transaction() as session:
        for number, hours in ((conversation, 1), (other, 3)):
            [reason] = (await session.scalars(select(Escalation).where(Escalation.conversation_id == number))).all()
            reason.due_at = world.clock.now() - timedelta(hours=hours)
            if number == other:
                await escalations.take(session, reason, world.workers[Side.SUPERVISION], world.clock.now())
    since = world.clock.now().isoformat().replace("+", "%2B")
    world.clock.push(timedelta(seconds=1))
    for _ in range(3):
        await windows(world.hub)
    page = (await boss.get("/inbox")).text
    assert page.index(f"row-{late}") < page.index(f"row-{taken}"), "nobody's before what is overdue for longer"
    assert page.count("Nobody took it") == 1
    assert "1 new – show" in (await boss.get(f"/inbox/new?view=attention&since={since}")).text
    talk = (await boss.get(f"/people/{late}/messages")).text
    assert talk.count("Nobody took this in time: Asked to speak to a person. Mary Poole was told") == 1


async def test_what_comes_back_from_being_put_aside_is_not_late_at_once(world: World, enter: Enter) -> None:
    await person_in_trouble(world)
    async with world.hub.store.transaction() as session:
        [reason] = (await session.scalars(select(Escalation))).all()
        until = world.clock.now() + timedelta(days=1)
        await escalations.snooze(session, reason, world.workers[Side.SUPERVISION], until, world.clock.now())
    world.clock.push(timedelta(days=1))
    await windows(world.hub)
    [reason] = await reasons(world)
    assert (reason.state, reason.escalated_at) == (EscalationState.OPEN, None)


async def test_a_question_without_an_answer_for_three_days_comes_to_a_worker_once(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        _, conversation = await world.person(session)
        await prompts.ask(session, conversation, Awaiting.RESCHEDULE_TIME, "appointments.which_time", world.clock.now())
    await world.push(days=2, hours=23)
    assert await reasons(world) == []
    await world.push(hours=2)
    assert "Has not answered for 3 days" in (await (await enter()).get("/inbox")).text
    async with world.hub.store.transaction() as session:
        [reason] = (await session.scalars(select(Escalation))).all()
        await escalations.close(session, reason, world.workers[Side.SUPERVISION], "called", world.clock.now())
    await world.push(days=4)
    assert [reason.state for reason in await reasons(world)] == [EscalationState.CLOSED]


async def test_silence_is_not_told_of_somebody_who_is_on_the_list_already(world: World) -> None:
    async with world.hub.store.transaction() as session:
        _, conversation = await world.person(session)
        await prompts.ask(session, conversation, Awaiting.RESCHEDULE_TIME, "appointments.which_time", world.clock.now())
        await escalations.escalate(session, conversation, "cannot_attend", world.clock.now())
    await world.push(days=4)
    assert [reason.reason for reason in await reasons(world)] == ["cannot_attend"]


async def test_who_has_written_since_the_question_is_not_called_silent(world: World) -> None:
    async with world.hub.store.transaction() as session:
        _, conversation = await world.person(session)
        await prompts.ask(session, conversation, Awaiting.RESCHEDULE_TIME, "appointments.which_time", world.clock.now())
        found = await session.get_one(Conversation, conversation.id)
        found.last_in_at = world.clock.now() + timedelta(hours=1)
    await world.push(days=4)
    assert await reasons(world) == []


async def test_whoever_is_on_duty_sees_another_teams_cries_for_help_and_nothing_else(
    world: World, enter: Enter
) -> None:
    sam, cry = await in_danger(world)
    amir, _ = await person_in_trouble(world, name="Amir Khan", address=AMIR)
    async with world.hub.store.transaction() as session:
        team = Team(agency_id=world.agency_id, name="Bail", side=Side.SUPERVISION)
        session.add(team)
        await session.flush()
        priya = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        own = priya.team_id
    nadia = await enter(name="Nadia Cole")
    async with world.hub.store.transaction() as session:
        worker = (await session.scalars(select(Worker).where(Worker.name == "Nadia Cole"))).one()
        worker.team_id = team.id
    assert "data-danger" not in (await nadia.get("/inbox")).text
    assert (await nadia.get(f"/people/{sam}/messages")).status_code == 404
    async with world.hub.store.transaction() as session:
        start, end = world.clock.now() - timedelta(hours=1), world.clock.now() + timedelta(hours=8)
        session.add(Duty(team_id=own, worker_id=worker.id, starts_at=start, ends_at=end))
    page = (await nadia.get("/inbox")).text
    assert "May harm themselves" in page
    assert f"row-{sam}" in page
    assert f"row-{amir}" not in page
    assert (await nadia.get(f"/people/{sam}/messages")).status_code == 200
    assert (await nadia.get(f"/people/{amir}/messages")).status_code == 404
    assert (await nadia.post(f"/danger/{cry}/take")).status_code == 303
    world.clock.push(timedelta(minutes=20))
    async with world.hub.store.transaction() as session:
        assert await duties.covered_by(session, worker.id, world.clock.now() + timedelta(hours=9)) == frozenset()


async def test_at_night_who_has_no_worker_is_seen_by_whoever_is_there(world: World, enter: Enter) -> None:
    await world.push(hours=13)
    await world.text("i want to die", "+447700900555")
    page = (await (await enter(name="Tom Reed")).get("/people")).text
    assert "data-danger" in page
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Person.worker_id))).one() is None
        assert await session.scalar(select(AuditEvent.id).where(AuditEvent.what == "escalation_opened"))


async def test_the_victims_side_is_interrupted_by_its_own(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        _, conversation = await world.person(session, role=Role.VICTIM, name="Vera Lind", address="+447700900202")
    await add_reason(world, conversation.id, "danger_now")
    assert "data-danger" in (await (await enter(Side.VICTIMS)).get("/people")).text
    assert "data-danger" not in (await (await enter(Side.SUPERVISION)).get("/people")).text
