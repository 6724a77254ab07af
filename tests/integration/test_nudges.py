"""From rule to text: planned, replanned when the appointment moves, missed when too late, never twice."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from hub import appointments
from hub.nudges.planner import preview, replan
from hub.nudges.queue_due import queue_due
from hub.states import EscalationState, NudgeState
from hub.store.tables import Appointment, Arm, Escalation, Experiment, Nudge, Person
from hub.times import at_local, local
from hub.words import AppointmentState
from tests.world import World

RULES = {"reminder_7_days", "reminder_3_days", "reminder_1_day"}


def moment(world: World, in_days: int, at: str = "14:00") -> datetime:
    day = local(world.clock.now(), "Europe/London").date() + timedelta(days=in_days)
    return at_local(day, time.fromisoformat(at), "Europe/London")


async def appoint(world: World, in_days: int, at: str = "14:00") -> tuple[int, int]:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        appointment = await appointments.schedule(
            world.hub,
            session,
            "hub",
            person=person,
            starts_at=moment(world, in_days, at),
            with_whom="Priya",
            place="1 High St",
            worker_id=person.worker_id,
        )
        return appointment.id, person.id


async def nudges(world: World, state: NudgeState | None = None) -> list[Nudge]:
    async with world.hub.store.transaction() as session:
        wanted = select(Nudge).order_by(Nudge.due_at)
        found = (await session.scalars(wanted)).all()
        return [n for n in found if state is None or n.state is state]


async def test_an_appointment_ten_days_off_plans_seven_three_and_one_day(world: World) -> None:
    await appoint(world, 10)
    planned = await nudges(world, NudgeState.PLANNED)
    assert [n.rule for n in planned] == ["reminder_7_days", "reminder_3_days", "reminder_1_day"]
    days_left = [(n.occurrence.date() - n.due_at.date()).days for n in planned]
    assert days_left == [7, 3, 1]


async def test_each_reminder_arrives_once_and_at_its_hour(world: World) -> None:
    await appoint(world, 10)
    await world.push(days=12)
    received = world.simulator.phones.received("+447700900101")
    reminders = [text for text in received if "Thu 12 March" in text.text]
    assert len(reminders) == 3
    assert {local(text.at, "Europe/London").time() for text in reminders} == {time(10)}


async def test_moving_replans_and_the_old_reminders_never_go_out(world: World) -> None:
    appointment_id, _ = await appoint(world, 10)
    async with world.hub.store.transaction() as session:
        appointment = await session.get_one(Appointment, appointment_id)
        shown = await preview(world.hub, session, "appointment", appointment_id, moment(world, 20))
        change = await appointments.move(world.hub, session, "worker:1", appointment, moment(world, 20))
    assert (shown.planned, shown.cancelled) == (change.planned, change.cancelled) == (3, 3)
    await world.push(days=9, hours=23)
    assert not [text for text in world.heard() if "Thu 12 March" in text and "Reply 1" in text]
    cancelled = await nudges(world, NudgeState.CANCELLED)
    assert {n.rule for n in cancelled} == RULES


async def test_moving_there_and_back_plans_each_reminder_once(world: World) -> None:
    appointment_id, _ = await appoint(world, 10)
    before = moment(world, 10)
    for to in (moment(world, 20), before):
        async with world.hub.store.transaction() as session:
            appointment = await session.get_one(Appointment, appointment_id)
            await appointments.move(world.hub, session, "worker:1", appointment, to)
    planned = await nudges(world, NudgeState.PLANNED)
    assert {n.rule for n in planned} == RULES
    assert {n.occurrence for n in planned} == {before}


async def test_moved_back_so_late_that_some_no_longer_fit_they_are_skipped_and_the_rest_planned(world: World) -> None:
    appointment_id, _ = await appoint(world, 10)
    before = moment(world, 10)
    for to in (moment(world, 30), before):
        async with world.hub.store.transaction() as session:
            appointment = await session.get_one(Appointment, appointment_id)
            await appointments.move(world.hub, session, "worker:1", appointment, to)
        await world.push(days=8)
    back = {n.rule: (n.state, n.reason) for n in await nudges(world) if n.occurrence == before}
    late = (NudgeState.SKIPPED, "made_too_late")
    assert back == {"reminder_7_days": late, "reminder_3_days": late, "reminder_1_day": (NudgeState.QUEUED, "")}


async def test_replanning_twice_changes_nothing(world: World) -> None:
    appointment_id, _ = await appoint(world, 10)
    async with world.hub.store.transaction() as session:
        change = await replan(world.hub, session, "appointment", appointment_id)
    assert len(await nudges(world)) == 3
    assert change.cancelled == 0


async def test_an_appointment_made_too_late_for_a_reminder_skips_it_and_says_why(world: World) -> None:
    await appoint(world, 2)
    skipped = {n.rule: n.reason for n in await nudges(world, NudgeState.SKIPPED)}
    assert skipped == {"reminder_7_days": "made_too_late", "reminder_3_days": "made_too_late"}


async def test_after_a_stop_of_the_clock_what_is_too_late_is_missed_and_a_human_is_told(world: World) -> None:
    await appoint(world, 10)
    world.clock.push(timedelta(days=9, hours=12))  # nobody ticked: the window of the last reminder has closed
    await world.settle()
    missed = await nudges(world, NudgeState.MISSED)
    assert {n.rule for n in missed} == RULES
    assert world.heard() == []
    async with world.hub.store.transaction() as session:
        wanted = select(Escalation.reason).where(Escalation.state == EscalationState.OPEN)
        assert list(await session.scalars(wanted)) == ["nudges_missed"]


async def test_two_clocks_at_once_queue_each_nudge_once(world: World) -> None:
    import asyncio

    await appoint(world, 10)
    world.clock.push_to(moment(world, 9, "10:00"))
    await asyncio.gather(*(queue_due(world.hub) for _ in range(4)))
    queued = await nudges(world, NudgeState.QUEUED)
    assert len(queued) == len({n.message_id for n in queued})
    await world.settle()
    assert len(world.heard()) == len(queued) == 1


async def test_a_cancelled_appointment_says_nothing_more(world: World) -> None:
    appointment_id, _ = await appoint(world, 10)
    async with world.hub.store.transaction() as session:
        await appointments.cancel(world.hub, session, "worker:1", await session.get_one(Appointment, appointment_id))
    await world.settle()
    told = len(world.heard())
    await world.push(days=12)
    assert len(world.heard()) == told


async def test_a_reminder_that_became_untrue_between_queue_and_send_is_cancelled(world: World) -> None:
    appointment_id, _ = await appoint(world, 10)
    world.clock.push_to(moment(world, 9, "10:00"))
    await queue_due(world.hub)
    async with world.hub.store.transaction() as session:  # as another process would, at the same moment
        appointment = await session.get_one(Appointment, appointment_id)
        appointment.state, appointment.state_at = AppointmentState.CANCELLED, world.clock.now()
    await world.settle()
    assert world.heard() == []


async def test_somebody_without_a_way_to_be_reached_is_skipped_with_that_reason(world: World) -> None:
    appointment_id, person_id = await appoint(world, 10)
    async with world.hub.store.transaction() as session:
        from hub.store.tables import ContactPoint

        (
            await session.scalars(select(ContactPoint).where(ContactPoint.person_id == person_id))
        ).one().stopped_at = world.clock.now()
    await world.push(days=10)
    skipped = {n.rule: n.reason for n in await nudges(world, NudgeState.SKIPPED)}
    assert skipped == dict.fromkeys(RULES, "stopped")
    assert appointment_id


@pytest.mark.parametrize(("sends", "heard"), [(True, 1), (False, 0)])
async def test_the_control_group_of_an_experiment_gets_no_nudge(world: World, sends: bool, heard: int) -> None:
    await appoint(world, 1, "16:00")
    async with world.hub.store.transaction() as session:
        experiment = Experiment(rule="reminder_1_day", started_at=world.clock.now() - timedelta(days=1))
        session.add(experiment)
        await session.flush()
        session.add(Arm(experiment_id=experiment.id, name="only", sends=sends, share=1))
    await world.settle()
    assert len(world.heard()) == heard
    reasons = [n.reason for n in await nudges(world, NudgeState.SKIPPED) if n.rule == "reminder_1_day"]
    assert reasons == ([] if sends else ["control_group"])


async def test_an_erased_person_gets_nothing(world: World) -> None:
    _, person_id = await appoint(world, 10)
    async with world.hub.store.transaction() as session:
        (await session.get_one(Person, person_id)).wrapped_key = None
    await world.push(days=12)
    assert world.heard() == []
    assert {n.reason for n in await nudges(world, NudgeState.SKIPPED)} == {"erased"}
