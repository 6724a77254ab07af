"""An appointment in the hands of a worker: what happened, another time, calling off, the person's own wish."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import appointments, escalations
from hub.people import conversation_for
from hub.states import EscalationState, NudgeState
from hub.store.tables import Appointment, Escalation, MoveRequest, Nudge
from hub.words import AppointmentState, Side
from tests.web.conftest import Enter, Visitor
from tests.world import World

pytestmark = pytest.mark.slow

NEW_TIME = {"day": "2026-03-12", "clock": "15:30"}  # a Thursday


async def appointment(world: World, **when: float) -> str:
    """Sam is to see Priya. Returns the reference."""
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        made = await appointments.schedule(
            world.hub,
            session,
            "key:1",
            person=person,
            starts_at=world.clock.now() + timedelta(**(when or {"days": 8, "hours": 4})),
            with_whom="Priya",
            place="1 High St",
            worker_id=world.workers[Side.SUPERVISION],
        )
    await world.settle()
    return made.ref


async def stored(world: World) -> Appointment:
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(Appointment))).one()


async def planned(world: World) -> list[Nudge]:
    async with world.hub.store.transaction() as session:
        return list((await session.scalars(select(Nudge).where(Nudge.state == NudgeState.PLANNED))).all())


async def wish(world: World, priya: Visitor, ref: str) -> str:
    """Sam wants another time. Returns the number of the request, as it stands in the form."""
    async with world.hub.store.transaction() as session:
        found = (await session.scalars(select(Appointment).where(Appointment.ref == ref))).one()
        found.state = AppointmentState.ASKED_TO_MOVE
        wanted_at = found.starts_at + timedelta(days=1)
        session.add(MoveRequest(appointment_id=found.id, asked_at=world.clock.now(), slots=[], wanted_at=wanted_at))
        conversation = await conversation_for(session, found.person)
        assert conversation
        await escalations.escalate(session, conversation, "wants_to_move", world.clock.now(), detail=ref)
    page = await priya.get(f"/appointments/{ref}")
    assert "They ask for another time" in page.text
    number = re.search('name="request_id" value="([0-9]+)"', page.text)
    assert number
    return number[1]


async def test_what_happened_is_asked_for_only_when_it_has_begun(world: World, enter: Enter) -> None:
    ref = await appointment(world, minutes=10)
    priya = await enter()
    assert "What happened?" not in (await priya.get(f"/appointments/{ref}")).text
    await world.push(minutes=15)
    assert "What happened?" in (await priya.get(f"/appointments/{ref}")).text


async def test_an_outcome_is_kept_and_one_has_to_be_chosen(world: World, enter: Enter) -> None:
    ref = await appointment(world, hours=1)
    await world.push(hours=2)
    priya = await enter()
    none = await priya.post(f"/appointments/{ref}/outcome")
    assert none.status_code == 422
    assert "Select what happened." in none.text
    assert "<title>Error: " in none.text
    assert (await priya.post(f"/appointments/{ref}/outcome", outcome="attended")).status_code == 303
    assert (await stored(world)).state is AppointmentState.ATTENDED


async def test_the_reminders_that_change_are_shown_before_anything_is_moved(world: World, enter: Enter) -> None:
    ref = await appointment(world)
    priya = await enter()
    before, reminders = await stored(world), await planned(world)
    assert reminders
    page = await priya.post(f"/appointments/{ref}/move", **NEW_TIME)
    assert "Move it to Thu 12 March at 3:30pm?" in page.text
    assert f"Moving this cancels {len(reminders)} reminders and plans 3." in page.text
    assert "your appointment with Priya is now on Thu 12 March at 3:30pm" in page.text, "what Sam will read"
    assert (await stored(world)).starts_at == before.starts_at
    assert {n.id for n in await planned(world)} == {n.id for n in reminders}
    assert (await priya.post(f"/appointments/{ref}/move", **NEW_TIME, sure="yes")).status_code == 303
    moved = await stored(world)
    assert moved.starts_at.isoformat() == "2026-03-12T15:30:00+00:00"
    assert {n.id for n in await planned(world)}.isdisjoint({n.id for n in reminders})
    await world.settle()
    assert "Thu 12 March" in world.heard()[-1], "Sam is told"


@pytest.mark.parametrize("fields", [{}, {"day": "soon", "clock": "3"}, {"day": "2026-02-01", "clock": "10:00"}])
async def test_a_time_that_is_none_or_past_is_refused_and_kept_in_the_form(
    world: World, enter: Enter, fields: dict[str, str]
) -> None:
    ref = await appointment(world)
    refused = await (await enter()).post(f"/appointments/{ref}/move", **fields)
    assert refused.status_code == 422
    assert "Enter a day and a time to come" in refused.text
    assert f'value="{fields.get("day", "")}"' in refused.text


async def test_calling_off_takes_the_reminders_back_and_tells_the_person(world: World, enter: Enter) -> None:
    ref = await appointment(world)
    priya = await enter()
    page = await priya.post(f"/appointments/{ref}/cancel")
    assert f"Calling it off cancels {len(await planned(world))} reminders." in page.text
    assert "You do not need to come" in page.text, "what Sam will read"
    assert (await stored(world)).state is AppointmentState.PLANNED
    assert (await priya.post(f"/appointments/{ref}/cancel", sure="yes")).status_code == 303
    assert (await stored(world)).state is AppointmentState.CANCELLED
    assert await planned(world) == []
    await world.settle()
    assert "You do not need to come" in world.heard()[-1]
    assert "Call it off" not in (await priya.get(f"/appointments/{ref}")).text


@pytest.mark.parametrize(
    ("ended", "path", "fields"),
    [
        ("cancelled", "move", NEW_TIME),
        ("cancelled", "move", NEW_TIME | {"sure": "yes"}),
        ("cancelled", "cancel", {}),
        ("cancelled", "outcome", {"outcome": "attended"}),
        ("attended", "move", NEW_TIME | {"sure": "yes"}),
        ("attended", "cancel", {}),
        ("attended", "outcome", {"outcome": "missed"}),
        ("missed", "cancel", {}),
        ("unknown", "outcome", {"outcome": "unknown"}),
    ],
)
async def test_what_has_ended_is_not_changed_by_an_old_page(
    world: World, enter: Enter, ended: str, path: str, fields: dict[str, str]
) -> None:
    ref = await appointment(world)
    async with world.hub.store.transaction() as session:
        (await session.scalars(select(Appointment))).one().state = AppointmentState(ended)
    heard = world.heard()
    refused = await (await enter()).post(f"/appointments/{ref}/{path}", **fields)
    assert refused.status_code == 409
    assert "This has changed since you opened it" in refused.text
    assert (await stored(world)).state == ended
    await world.settle()
    assert world.heard() == heard


@pytest.mark.parametrize("late", ["missed", "unknown"])
async def test_a_missed_one_can_still_be_settled_and_moved(world: World, enter: Enter, late: str) -> None:
    ref = await appointment(world, hours=1)
    await world.push(hours=2)
    async with world.hub.store.transaction() as session:
        (await session.scalars(select(Appointment))).one().state = AppointmentState(late)
    priya = await enter()
    assert (await priya.post(f"/appointments/{ref}/move", **NEW_TIME, sure="yes")).status_code == 303
    assert (await stored(world)).state is AppointmentState.PLANNED


async def test_a_wish_that_is_granted_moves_it_and_tells_the_person(world: World, enter: Enter) -> None:
    ref = await appointment(world)
    priya, before = await enter(), await stored(world)
    number = await wish(world, priya, ref)
    assert (await priya.post(f"/appointments/{ref}/request", request_id=number, decision="yes")).status_code == 303
    assert (await stored(world)).starts_at == before.starts_at + timedelta(days=1)
    async with world.hub.store.transaction() as session:
        (asked,) = (await session.scalars(select(Escalation).where(Escalation.reason == "wants_to_move"))).unique()
    assert (asked.state, asked.outcome) == (EscalationState.CLOSED, "appointment_changed"), "nothing is left to do"
    await world.settle()
    assert "Wed 11 March" in world.heard()[-1]
    again = await priya.post(f"/appointments/{ref}/request", request_id=number, decision="yes")
    assert again.status_code == 409, "a wish is decided once"


async def test_a_wish_that_is_not_granted_leaves_it_and_tells_the_person(world: World, enter: Enter) -> None:
    ref = await appointment(world)
    priya, before = await enter(), await stored(world)
    number = await wish(world, priya, ref)
    assert (await priya.post(f"/appointments/{ref}/request", request_id=number, decision="no")).status_code == 303
    after = await stored(world)
    assert (after.starts_at, after.state) == (before.starts_at, AppointmentState.PLANNED)
    await world.settle()
    assert "Tue 10 March" in world.heard()[-1]
    assert "They ask for another time" not in (await priya.get(f"/appointments/{ref}")).text


async def test_the_day_shows_its_appointments_and_no_other_days(world: World, enter: Enter) -> None:
    ref = await appointment(world)
    priya = await enter()
    assert f"/appointments/{ref}" in (await priya.get("/appointments?day=2026-03-10")).text
    assert f"/appointments/{ref}" not in (await priya.get("/appointments")).text
