"""One person's page: tabs, changes, pausing, ending, giving to another worker."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import appointments
from hub.states import MessageState, NudgeState
from hub.store.tables import AuditEvent, Consent, ContactPoint, Conversation, Message, Nudge, Person, Team, Worker
from hub.words import Purpose, Role, Side, WorkerRole
from tests.web.conftest import Enter
from tests.web.test_inbox import person_in_trouble
from tests.world import World

pytestmark = pytest.mark.slow

TABS = ("", "/messages", "/appointments", "/check-ins", "/surveys", "/contact", "/history")


async def sam(world: World, **when: float) -> str:
    """Sam has an appointment with Priya in eight days. Returns the reference."""
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        await appointments.schedule(
            world.hub,
            session,
            "key:1",
            person=person,
            starts_at=world.clock.now() + timedelta(**(when or {"days": 8, "hours": 4})),
            with_whom="Priya",
            place="1 High St",
            worker_id=world.workers[Side.SUPERVISION],
        )
    return person.ref


async def person(world: World) -> Person:
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(Person))).one()


async def planned(world: World) -> int:
    async with world.hub.store.transaction() as session:
        return len((await session.scalars(select(Nudge.id).where(Nudge.state == NudgeState.PLANNED))).all())


async def facts(world: World) -> list[str]:
    async with world.hub.store.transaction() as session:
        return list(await session.scalars(select(AuditEvent.what).order_by(AuditEvent.id)))


async def contact(world: World) -> ContactPoint:
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(ContactPoint))).one()


@pytest.mark.parametrize("tab", TABS)
async def test_each_tab_has_an_address_names_the_person_and_records_the_look(
    world: World, enter: Enter, tab: str
) -> None:
    ref = await sam(world)
    page = await (await enter()).get(f"/people/{ref}{tab}")
    assert page.status_code == 200
    assert "Sam Carter" in page.text
    assert "Carter" not in page.text.split("</title>")[0]
    assert {"person_viewed", "conversation_viewed"} & set(await facts(world))


async def test_a_provider_sees_the_appointment_and_nothing_of_how_they_are_reached(world: World, enter: Enter) -> None:
    ref = await sam(world)
    await enter()
    async with world.hub.store.transaction() as session:
        priya = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        priya.role = WorkerRole.PROVIDER
    provider = await enter(role=WorkerRole.PROVIDER)
    assert (await provider.get(f"/people/{ref}/appointments")).status_code == 200
    for tab in ("/contact", "/history", "/check-ins", "/surveys", "/pause", "/transfer", "/name"):
        assert (await provider.get(f"/people/{ref}{tab}")).status_code == 403, tab


async def test_a_number_can_be_read_where_somebody_calls_it_and_a_secret_address_nowhere(
    world: World, enter: Enter
) -> None:
    ref = await sam(world)
    assert "07700 900101" in (await (await enter()).get(f"/people/{ref}/contact")).text


async def test_the_name_in_texts_and_the_language_are_changed(world: World, enter: Enter) -> None:
    ref = await sam(world)
    priya = await enter()
    assert (await priya.post(f"/people/{ref}/name", name="Samuel Carter", preferred="Sammy")).status_code == 303
    assert (await priya.post(f"/people/{ref}/language", language="cy")).status_code == 303
    page = (await priya.get(f"/people/{ref}")).text
    assert "Samuel Carter" in page
    assert "Sammy" in page
    assert "Welsh" in page
    empty = await priya.post(f"/people/{ref}/name", name=" ", preferred="Sammy")
    assert empty.status_code == 422
    assert 'value="Sammy"' in empty.text


async def test_the_safe_hours_move_what_is_planned(world: World, enter: Enter) -> None:
    ref = await sam(world)
    priya, way = await enter(), await contact(world)
    path = f"/people/{ref}/contact/{way.id}"
    assert (await priya.post(path, safe_from="25:00", safe_until="18:00")).status_code == 422
    assert (await priya.post(path, safe_from="16:00", safe_until="")).status_code == 422
    assert (await priya.post(path, discreet="yes", safe_from="16:00", safe_until="18:00")).status_code == 303
    async with world.hub.store.transaction() as session:
        due = await session.scalars(select(Nudge.due_at).where(Nudge.state == NudgeState.PLANNED))
        assert {moment.hour for moment in due} == {16}
    page = (await priya.get(f"/people/{ref}/contact")).text
    assert "16:00 to 18:00" in page
    assert "Others may read it" in page


async def test_a_no_to_surveys_that_a_worker_was_told_is_kept(world: World, enter: Enter) -> None:
    ref = await sam(world)
    priya, way = await enter(), await contact(world)
    rest = [str(purpose) for purpose in (Purpose.REMINDER, Purpose.CHECK_IN, Purpose.UPDATE, Purpose.THREAD)]
    await priya.http.post(f"/people/{ref}/contact/{way.id}/consent", data={"csrf": priya.csrf, "purpose": rest})
    async with world.hub.store.transaction() as session:
        said = (await session.scalars(select(Consent))).all()
    assert [(each.purpose, each.given, each.source) for each in said] == [(Purpose.SURVEY, False, "worker")]


async def test_a_pause_keeps_reminders_back_and_lets_a_workers_own_words_go(world: World, enter: Enter) -> None:
    ref = await sam(world, days=2, hours=4)
    priya = await enter()
    paused = await priya.post(f"/people/{ref}/pause", until="2026-03-20", why="ill")
    assert paused.status_code == 303
    await world.push(days=1, hours=1)  # the reminder of the day before was due
    assert world.heard() == []
    priya = await enter()
    page = (await priya.get(f"/people/{ref}")).text
    assert "Paused until Fri 20 March" in page
    assert "They are ill or in hospital" in page
    async with world.hub.store.transaction() as session:
        talk = (await session.scalars(select(Conversation.id))).one()
    await priya.post(f"/people/{ref}/messages", conversation=talk, body="Get well soon")
    await world.settle()
    assert world.heard() == ["Get well soon"]


async def test_what_waited_for_the_end_of_a_pause_goes_out_when_it_is_taken_back(world: World, enter: Enter) -> None:
    ref = await sam(world, days=30)
    priya = await enter()
    await priya.post(f"/people/{ref}/pause", until="2026-03-20", why="away")
    page = await priya.get(f"/people/{ref}/appointments")
    reference = page.text.split("/appointments/")[2].split('"')[0]
    await priya.post(f"/appointments/{reference}/cancel", sure="yes")
    await world.settle()
    assert world.heard() == []
    async with world.hub.store.transaction() as session:
        waits = (await session.scalars(select(Message))).one()
        assert (waits.state, waits.reason) == (MessageState.HELD, "paused")
    assert (await priya.post(f"/people/{ref}/resume")).status_code == 303
    await world.settle()
    assert "You do not need to come" in world.heard()[-1]


@pytest.mark.parametrize("until", ["", "soon", "2026-03-02", "2020-01-01", "2036-01-01"])
async def test_a_pause_needs_a_day_to_come_and_a_reason(world: World, enter: Enter, until: str) -> None:
    ref = await sam(world)
    refused = await (await enter()).post(f"/people/{ref}/pause", until=until, why="")
    assert refused.status_code == 422
    assert "Enter a day to come" in refused.text
    assert "Select why messages are paused." in refused.text
    assert (await person(world)).paused_until is None


async def test_the_end_takes_back_what_is_planned_and_a_new_start_plans_it_again(world: World, enter: Enter) -> None:
    ref = await sam(world)
    priya, before = await enter(), await planned(world)
    assert before
    assert f"{before} planned messages are taken back" in (await priya.get(f"/people/{ref}/end")).text
    assert (await priya.post(f"/people/{ref}/end")).status_code == 422, "a reason has to be chosen"
    assert (await priya.post(f"/people/{ref}/end", why="finished")).status_code == 303
    assert await planned(world) == 0
    assert f"/people/{ref}" not in (await priya.get("/people")).text
    assert f"/people/{ref}" in (await priya.get("/people?status=ended")).text
    assert (await priya.post(f"/people/{ref}/restore")).status_code == 303
    assert await planned(world) == before


async def test_nothing_goes_out_after_the_end_not_for_a_new_appointment_either(world: World, enter: Enter) -> None:
    ref = await sam(world)
    priya = await enter()
    await priya.post(f"/people/{ref}/end", why="moved")
    async with world.hub.store.transaction() as session:
        ended = (await session.scalars(select(Person))).one()
        starts_at = world.clock.now() + timedelta(days=6)
        details: dict[str, str] = {"with_whom": "Priya", "place": "1 High St"}
        await appointments.schedule(world.hub, session, "key:1", person=ended, starts_at=starts_at, **details)
    await world.push(days=9)
    assert world.heard() == []


async def test_a_transfer_takes_the_conversation_along_and_warns_of_what_is_open(world: World, enter: Enter) -> None:
    ref, talk = await person_in_trouble(world)
    priya = await enter()
    tom = await enter(name="Tom Field")
    await priya.post(f"/people/{ref}/take-over", conversation=talk)
    page = (await priya.get(f"/people/{ref}/transfer")).text
    assert "Something is still open" in page
    async with world.hub.store.transaction() as session:
        to = (await session.scalars(select(Worker.id).where(Worker.name == "Tom Field"))).one()
    assert (await priya.post(f"/people/{ref}/transfer", worker=to)).status_code == 303
    async with world.hub.store.transaction() as session:
        conversation = await session.get_one(Conversation, talk)
        assert (conversation.holder_id, conversation.unread) == (to, True)
    history = (await tom.get(f"/people/{ref}/history")).text
    assert "Given to Tom Field by Priya Shah" in history


async def test_nobody_is_given_to_the_other_side(world: World, enter: Enter) -> None:
    ref = await sam(world)
    refused = await (await enter()).post(f"/people/{ref}/transfer", worker=world.workers[Side.VICTIMS])
    assert refused.status_code == 404
    assert (await person(world)).worker_id == world.workers[Side.SUPERVISION]


async def test_who_looked_is_shown_to_supervisors_alone(world: World, enter: Enter) -> None:
    ref = await sam(world)
    priya, boss = await enter(), await enter(role=WorkerRole.SUPERVISOR, name="Tom Field")
    await priya.get(f"/people/{ref}/messages")
    assert "Looked at the conversation" not in (await priya.get(f"/people/{ref}/history")).text
    shown = (await boss.get(f"/people/{ref}/history")).text
    assert "Looked at the conversation" in shown
    assert "Priya Shah" in shown


async def test_the_list_is_filtered_and_says_which_filters_are_on(world: World, enter: Enter) -> None:
    mine, _ = await person_in_trouble(world)
    async with world.hub.store.transaction() as session:
        other, _ = await world.person(session, role=Role.SUPPORTER, name="Dawn Field", address="+447700900102")
        other.worker_id = None
        paused, _ = await world.person(session, name="Amir Khan", address="+447700900103")
        paused.paused_until = world.clock.now() + timedelta(days=3)
    priya = await enter()
    shows = {
        "": {mine, other.ref, paused.ref},
        "?whose=mine": {mine, paused.ref},
        "?whose=nobody": {other.ref},
        "?status=paused": {paused.ref},
        "?whose=mine&status=active": {mine},
        "?channel=telegram": set(),
        "?status=nonsense": {mine, other.ref, paused.ref},
    }
    for query, wanted in shows.items():
        page = (await priya.get(f"/people{query}")).text
        assert {ref for ref in (mine, other.ref, paused.ref) if f'"/people/{ref}"' in page} == wanted, query
    assert "Nobody fits all of these filters" in (await priya.get("/people?channel=telegram")).text
    assert 'href="/people?status=active"' in (await priya.get("/people?whose=mine&status=active")).text


async def test_a_long_list_has_pages(world: World, enter: Enter) -> None:
    async with world.hub.store.transaction() as session:
        for number in range(52):
            await world.person(session, name=f"Person {number:02}", address=f"+4477009002{number:02}")
    priya = await enter()
    first, second = (await priya.get("/people")).text, (await priya.get("/people?page=2")).text
    assert (first.count("handrail-list__name"), second.count("handrail-list__name")) == (50, 2)
    assert "Page 1 of 2" in first
    assert "page=2" in first


async def test_another_team_finds_nobody(world: World, enter: Enter) -> None:
    ref = await sam(world)
    bail = await enter(name="Bo Hart")
    async with world.hub.store.transaction() as session:
        worker = (await session.scalars(select(Worker).where(Worker.name == "Bo Hart"))).one()
        team = Team(agency_id=world.agency_id, name="Bail", side=Side.SUPERVISION)
        session.add(team)
        await session.flush()
        worker.team_id = team.id
    for tab in TABS:
        assert (await bail.get(f"/people/{ref}{tab}")).status_code == 404
    assert (await bail.post(f"/people/{ref}/pause", until="2026-03-20", why="ill")).status_code == 404
