"""Many nudges at once: the same few statements, one broken nudge alone, collisions, and a clock that stood still."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import event, select, update

from hub import appointments, case_dates, check_ins
from hub.nudges import saying
from hub.nudges.again import plan_again_if_rules_changed
from hub.nudges.planner import Change, replan_all
from hub.nudges.queue_due import queue_due
from hub.people import add_contact, create_person
from hub.states import NudgeState
from hub.store.tables import Case, ContactPoint, Conversation, Escalation, Nudge
from hub.words import ChannelKind, Role, Side
from tests.integration.test_nudges import moment, nudges
from tests.world import World


async def appoint_many(world: World, number: int, in_days: int = 10, at: str = "14:00") -> list[int]:
    ids = []
    async with world.hub.store.transaction() as session:
        for count in range(number):
            person, _ = await world.person(session, address=f"+4477009001{count:02}")
            made = await appointments.schedule(
                world.hub, session, "hub", person=person, starts_at=moment(world, in_days, at), with_whom="Priya",
                place="1 High St", worker_id=person.worker_id,
            )  # fmt: skip
            ids.append(made.id)
    return ids


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    engine = world.hub.store.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


async def test_planning_many_takes_no_more_statements_than_planning_one(world: World) -> None:
    ids = await appoint_many(world, 6)
    counts = []
    for some in (ids[:1], ids):
        async with world.hub.store.transaction() as session:
            await session.execute(update(Nudge).values(state=NudgeState.CANCELLED))
            with statements(world) as seen:
                change = await replan_all(world.hub, session, "appointment", some)
        counts.append(len(seen))
        assert change == Change(planned=3 * len(some), cancelled=0)
    assert counts[0] == counts[1]


async def test_a_nudge_that_breaks_is_skipped_and_holds_up_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await appoint_many(world, 3)
    world.clock.push_to(moment(world, 9, "10:00"))
    say = saying.say

    async def breaks_for_one(handling, rule, subject, about, expires_at) -> None:  # type: ignore[no-untyped-def]
        await say(handling, rule, subject, about, expires_at)
        if about == ("appointment", ids[1]):
            raise RuntimeError

    monkeypatch.setattr(saying, "say", breaks_for_one)
    await world.settle()
    states = {n.subject_id: (n.state, n.reason) for n in await nudges(world) if n.rule == "reminder_1_day"}
    assert states[ids[1]] == (NudgeState.SKIPPED, "error")
    assert {states[ids[0]], states[ids[2]]} == {(NudgeState.QUEUED, "")}
    assert [len(world.heard(f"+4477009001{n:02}")) for n in range(3)] == [1, 0, 1]


async def test_a_nudge_waits_while_the_person_is_writing(world: World) -> None:
    await appoint_many(world, 1)
    await world.push(days=8, hours=23, minutes=55)
    await world.text("hello", "+447700900100")
    before = len(world.heard("+447700900100"))
    await world.push(minutes=10)
    waiting = [n for n in await nudges(world, NudgeState.PLANNED) if n.rule == "reminder_1_day"]
    assert [n.reason for n in waiting] == ["live_conversation"]
    assert len(world.heard("+447700900100")) == before
    await world.push(minutes=10)
    assert len(world.heard("+447700900100")) == before + 1


async def test_two_nudges_to_one_person_come_half_an_hour_apart(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        for at in ("14:00", "16:00"):
            await appointments.schedule(
                world.hub, session, "hub", person=person, starts_at=moment(world, 2, at), with_whom="Priya", place="X"
            )
    await world.push(days=1)
    assert len(world.heard()) == 1
    await world.push(minutes=29)
    assert len(world.heard()) == 1
    await world.push(minutes=1)
    assert len(world.heard()) == 2


async def test_two_clocks_at_once_keep_the_nudges_of_one_person_apart(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        for at in ("14:00", "16:00"):
            await appointments.schedule(
                world.hub, session, "hub", person=person, starts_at=moment(world, 2, at), with_whom="Priya", place="X"
            )
    world.clock.push_to(moment(world, 1, "10:00"))
    await asyncio.gather(*(queue_due(world.hub, limit=1) for _ in range(2)))
    assert len(await nudges(world, NudgeState.QUEUED)) == 1
    assert [n.reason for n in await nudges(world, NudgeState.PLANNED)] == ["another_nudge"]


async def test_a_held_talk_delays_a_reminder_until_it_has_been_quiet_but_never_past_its_end(world: World) -> None:
    await appoint_many(world, 1)
    await world.push(days=8, hours=23)
    async with world.hub.store.transaction() as session:
        talk = (await session.scalars(select(Conversation))).one()
        talk.holder_id, talk.last_at = world.workers[Side.SUPERVISION], world.clock.now()
    before = len(world.heard("+447700900100"))
    await world.push(hours=1, minutes=45)
    assert len(world.heard("+447700900100")) == before
    await world.push(minutes=30)
    assert len(world.heard("+447700900100")) == before + 1


async def test_after_a_day_of_standing_still_each_worker_hears_once_how_many_were_missed(world: World) -> None:
    await appoint_many(world, 3)
    world.clock.push(timedelta(days=9, hours=12))
    await queue_due(world.hub, limit=2)  # in several batches
    await world.settle()
    async with world.hub.store.transaction() as session:
        told = (await session.scalars(select(Escalation).where(Escalation.reason == "nudges_missed"))).all()
    missed = await nudges(world, NudgeState.MISSED)
    assert [escalation.detail for escalation in told] == [str(len(missed))]
    assert len(missed) == 9


async def test_what_is_still_useful_after_a_standstill_goes_out_in_order_of_due_time(world: World) -> None:
    await appoint_many(world, 2, in_days=10)
    async with world.hub.store.transaction() as session:
        await session.execute(update(Nudge).where(Nudge.rule != "reminder_1_day").values(state=NudgeState.SKIPPED))
        first, second = (await session.scalars(select(Nudge).where(Nudge.state == NudgeState.PLANNED))).all()
        first.due_at += timedelta(hours=1)
        second_person = second.person_id
    world.clock.push_to(moment(world, 9, "17:00"))
    await queue_due(world.hub)
    queued = sorted(await nudges(world, NudgeState.QUEUED), key=lambda n: n.message_id or 0)
    assert [n.person_id == second_person for n in queued] == [True, False]


async def test_what_comes_to_light_at_night_and_is_still_of_use_waits_for_the_morning(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        await check_ins.schedule(world.hub, session, person, moment(world, 1, "10:00"))
    world.clock.push_to(moment(world, 1, "23:00"))
    await world.settle()
    assert [(n.reason, n.due_at) for n in await nudges(world, NudgeState.PLANNED)] == [
        ("quiet_hours", moment(world, 1, "08:00"))
    ]
    await world.push(hours=9)
    assert len(world.heard()) == 1


async def test_a_safe_window_moves_the_reminder_into_it_when_it_is_planned(world: World) -> None:
    ids = await appoint_many(world, 1)
    async with world.hub.store.transaction() as session:
        await session.execute(update(ContactPoint).values(safe_from=time(13), safe_until=time(14)))
    async with world.hub.store.transaction() as session:
        await replan_all(world.hub, session, "appointment", ids)
    assert {n.due_at.hour for n in await nudges(world, NudgeState.PLANNED)} == {13}


async def test_the_first_text_to_somebody_who_has_never_spoken_with_us_names_their_worker(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person = await create_person(
            world.hub, session, agency_id=world.agency_id, side=Side.SUPERVISION, role=Role.SUPERVISED,
            name="Sam Carter", worker_id=world.workers[Side.SUPERVISION],
        )  # fmt: skip
        await add_contact(world.hub, session, person, ChannelKind.SMS, "+447700900101")
        case = Case(
            agency_id=person.agency_id, side=person.side, person_id=person.id, kind="bail", reference="C1",
            opened_at=world.clock.now(), person=person,
        )  # fmt: skip
        session.add(case)
        await session.flush()
        await case_dates.set_date(world.hub, session, "worker:1", case, "release", moment(world, 3).date())
    await world.push(days=3, hours=3)
    assert ["Priya will be glad" in text for text in world.heard()] == [True]


async def test_a_new_rule_plans_what_lies_ahead_once_and_an_old_one_is_taken_back(world: World) -> None:
    await appoint_many(world, 2)
    assert await plan_again_if_rules_changed(world.hub) == Change(6, 0)
    assert await plan_again_if_rules_changed(world.hub) is None
    rules = dict(world.hub.flows.nudges)
    rules["reminder_5_days"] = replace(rules.pop("reminder_3_days"), name="reminder_5_days", days=-5)
    changed = replace(world.hub, flows=replace(world.hub.flows, nudges=rules))
    assert await plan_again_if_rules_changed(changed) == Change(6, 2)
    names = {n.rule for n in await nudges(world, NudgeState.PLANNED)}
    assert names == {"reminder_7_days", "reminder_5_days", "reminder_1_day"}
