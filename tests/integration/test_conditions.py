"""Conditions over weeks: told early, decided by a worker alone, four kind texts to each hard one."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import appointments, conditions, early_words, extensions
from hub.encouragement import RATIO, balance_of
from hub.errors import MoveNotAllowed, NotAllowed
from hub.escalations import escalate
from hub.people import conversation_for
from hub.reading.conditions import balance_in_words
from hub.states import ConditionState, EscalationState, NudgeState
from hub.store.tables import Agency, Appointment, AuditEvent, Condition, Escalation, Extension, Nudge, Person, Worker
from hub.words import AppointmentState, Side
from tests.integration.test_case_dates import day, open_case
from tests.integration.test_nudges import moment, nudges
from tests.world import World

AT_TEN = 10


async def given(world: World, *due: int) -> list[int]:
    """Somebody with a condition for each number of days ahead."""
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        case = await open_case(world, session, person)
        made = [await add(world, session, case, f"Task {n}", day(world, ahead)) for n, ahead in enumerate(due, 1)]
        return [condition.id for condition in made]


async def add(world: World, session: AsyncSession, case: object, words: str, due_on: date | None) -> Condition:
    return await conditions.add(world.hub, session, "worker:1", case, words, due_on)  # type: ignore[arg-type]


async def priya(world: World, session: AsyncSession) -> Worker:
    return await session.get_one(Worker, world.workers[Side.SUPERVISION])


async def decide(world: World, number: int, to: ConditionState, why: str = "") -> None:
    async with world.hub.store.transaction() as session:
        condition = await session.get_one(Condition, number)
        await conditions.decide(world.hub, session, await priya(world, session), condition, to, why)
    await world.settle()


async def open_reasons(world: World) -> list[str]:
    async with world.hub.store.transaction() as session:
        found = select(Escalation.reason).where(Escalation.state != EscalationState.CLOSED)
        return sorted(await session.scalars(found))


async def state(world: World, number: int) -> ConditionState:
    async with world.hub.store.transaction() as session:
        return (await session.get_one(Condition, number)).state


async def test_a_worker_is_told_on_the_morning_of_the_early_day_and_when_the_day_has_passed(world: World) -> None:
    await given(world, 14)  # Monday 16 March: three working days before is Wednesday 11 March
    await world.push(days=8, hours=23)
    assert await open_reasons(world) == []
    await world.push(hours=2)
    assert await open_reasons(world) == ["condition_due"]
    await world.push(days=7)
    assert await open_reasons(world) == ["condition_due", "condition_passed"]


async def test_nobody_reachable_is_no_reason_not_to_tell_the_worker(world: World) -> None:
    await given(world, 14)
    await world.text("STOP")
    await world.push(days=10)
    assert "condition_due" in await open_reasons(world)


async def test_the_agency_chooses_how_early(world: World) -> None:
    [number] = await given(world, 14)
    async with world.hub.store.transaction() as session:
        agency = await session.get_one(Agency, world.agency_id)
        await early_words.set_days(world.hub, session, "worker:1", agency, 5)
    early = [n for n in await nudges(world, NudgeState.PLANNED) if n.rule == "condition_early"]
    assert [n.due_at.date() for n in early] == [day(world, 7)]
    async with world.hub.store.transaction() as session:
        look_at = (await session.get_one(Condition, number)).look_at
    assert look_at == moment(world, 7).replace(hour=AT_TEN, minute=0)


async def test_what_is_longer_than_four_weeks_is_asked_about_at_half_time(world: World) -> None:
    await given(world, 28, 40)
    half = [n for n in await nudges(world, NudgeState.PLANNED) if n.rule == "condition_half_way"]
    assert [n.due_at.date() for n in half] == [day(world, 20)]


async def test_said_done_ends_what_was_planned_and_what_the_worker_was_told(world: World) -> None:
    [number] = await given(world, 14)
    await world.push(days=9, hours=2)
    await world.text("1")
    assert await state(world, number) is ConditionState.SAID_DONE
    assert await open_reasons(world) == ["condition_done"]
    assert await nudges(world, NudgeState.PLANNED) == []


async def test_deciding_about_one_leaves_what_another_one_needs(world: World) -> None:
    first, second = await given(world, 8, 9)
    async with world.hub.store.transaction() as session:
        conversation = await conversation_for(session, (await session.scalars(select(Person))).one())
        assert conversation
        for number in (first, second):
            condition = await session.get_one(Condition, number)
            condition.state = ConditionState.SAID_DONE
        await escalate(session, conversation, "condition_done", world.clock.now(), detail=f"condition:{first}")
    await decide(world, first, ConditionState.DONE)
    assert await open_reasons(world) == ["condition_done"]
    await decide(world, second, ConditionState.DONE)
    assert await open_reasons(world) == []


async def test_not_done_needs_a_reason_and_can_be_put_right(world: World) -> None:
    [number] = await given(world, 14)
    with pytest.raises(NotAllowed):
        await decide(world, number, ConditionState.NOT_DONE)
    with pytest.raises(NotAllowed):
        await decide(world, number, ConditionState.NOT_DONE, "w" * 161)
    await decide(world, number, ConditionState.NOT_DONE, "The money has not come.")
    assert "The money has not come." in world.heard()[-1]
    with pytest.raises(MoveNotAllowed):
        await decide(world, number, ConditionState.WAIVED)
    await decide(world, number, ConditionState.DONE)
    assert await state(world, number) is ConditionState.DONE


async def test_time_alone_decides_nothing(world: World) -> None:
    [number] = await given(world, 5)
    await world.push(days=120)
    assert await state(world, number) is ConditionState.OPEN
    async with world.hub.store.transaction() as session:
        done = set(await session.scalars(select(AuditEvent.what).where(AuditEvent.what.startswith("condition_"))))
    assert done == {"condition_added"}


async def ask_longer(world: World, number: int, words: str, wanted: date | None) -> int:
    async with world.hub.store.transaction() as session:
        condition = await session.get_one(Condition, number)
        key = world.hub.vault.open_person_key(condition.case.person.wrapped_key or b"")
        request = Extension(
            condition_id=number, asked_at=world.clock.now(), state="open", condition=condition,
            words_sealed=key.seal(words, "words"), wanted_on=wanted,
        )  # fmt: skip
        session.add(request)
        await session.flush()
        return request.id


async def test_a_request_for_longer_is_decided_once_and_only_for_a_day_to_come(world: World) -> None:
    [number] = await given(world, 14)
    asked = await ask_longer(world, number, "a week", None)
    async with world.hub.store.transaction() as session:
        request, worker = await session.get_one(Extension, asked), await priya(world, session)
        with pytest.raises(NotAllowed):
            await extensions.accept(world.hub, session, worker, request, day(world, 0))
        await extensions.accept(world.hub, session, worker, request, day(world, 30))
        with pytest.raises(MoveNotAllowed):
            await extensions.decline(world.hub, session, worker, request, "No.")
    planned = [n for n in await nudges(world, NudgeState.PLANNED) if n.rule == "condition_today"]
    assert [n.due_at.date() for n in planned] == [day(world, 30)]


async def test_what_is_done_needs_no_longer_any_more(world: World) -> None:
    [number] = await given(world, 14)
    asked = await ask_longer(world, number, "a week", None)
    await decide(world, number, ConditionState.DONE)
    async with world.hub.store.transaction() as session:
        assert (await session.get_one(Extension, asked)).state == "withdrawn"


async def test_while_longer_is_being_decided_nobody_is_told_that_nothing_was_said(world: World) -> None:
    [number] = await given(world, 14)
    await ask_longer(world, number, "a week", None)
    await world.push(days=16)
    assert await open_reasons(world) == []


@pytest.mark.slow
async def test_over_a_case_there_are_four_kind_texts_to_each_hard_one(world: World) -> None:
    """Four months: sixteen weekly sessions of which two are missed, three conditions, one given longer."""
    numbers = await given(world, 28, 60, 100)
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person))).one()
        for week in range(16):
            at = moment(world, 7 * week + 2).replace(hour=15)
            await appointments.schedule(
                world.hub, session, "worker:1", person=person, starts_at=at, with_whom="Priya", place="1 High St",
                worker_id=person.worker_id,
            )  # fmt: skip
    for week in range(16):
        await world.push(days=3 if week == 0 else 7)
        state = AppointmentState.MISSED if week in {5, 9} else AppointmentState.ATTENDED
        async with world.hub.store.transaction() as session:
            past = select(Appointment).where(Appointment.starts_at <= world.clock.now())
            last = (await session.scalars(past.order_by(Appointment.starts_at.desc()))).first()
            assert last
            await appointments.set_outcome(world.hub, session, "worker:1", last, state)
        if week in {3, 8, 13}:
            await decide(world, numbers[{3: 0, 8: 1, 13: 2}[week]], ConditionState.DONE)
        if week == 6:
            asked = await ask_longer(world, numbers[2], "2 more weeks", None)
            async with world.hub.store.transaction() as session:
                request = await session.get_one(Extension, asked)
                await extensions.accept(world.hub, session, await priya(world, session), request, day(world, 114))
        await world.settle()
    async with world.hub.store.transaction() as session:
        balance = await balance_of(world.hub, session, (await session.scalars(select(Person))).one())
    assert balance.hard >= 2
    assert balance.kind >= RATIO * balance.hard
    assert balance.kind <= RATIO * (balance.hard + 1) + 4  # no more praise than it takes: what is said besides is news
    assert balance.missing == 0
    assert "at least 4 to 1" in balance_in_words(balance)


async def test_a_kind_word_comes_once_a_day_at_most(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        for hour in (1, 2, 3):
            await appointments.schedule(
                world.hub, session, "worker:1", person=person, with_whom="Priya", place="1 High St",
                starts_at=world.clock.now() - timedelta(hours=hour), worker_id=person.worker_id,
            )  # fmt: skip
        for each in (await session.scalars(select(Appointment))).all():
            await appointments.set_outcome(world.hub, session, "worker:1", each, AppointmentState.ATTENDED)
    await world.settle()
    assert len(world.heard()) == 1


async def test_the_smaller_item_becomes_part_of_the_larger_silence(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, conversation = await world.person(session)
        for ahead in (2, 9):
            await appointments.schedule(
                world.hub, session, "worker:1", person=person, with_whom="Priya", place="1 High St",
                starts_at=moment(world, ahead), worker_id=person.worker_id,
            )  # fmt: skip
    await world.push(days=9, hours=4)
    async with world.hub.store.transaction() as session:
        conversation = await conversation_for(session, (await session.scalars(select(Person))).one())
        assert conversation
        await escalate(session, conversation, "no_answer", world.clock.now())
        for each in (await session.scalars(select(Appointment).order_by(Appointment.starts_at))).all():
            if each.state is not AppointmentState.MISSED:
                await appointments.set_outcome(world.hub, session, "key:1", each, AppointmentState.MISSED)
    reasons = await open_reasons(world)
    assert "silent" in reasons
    assert "no_answer" not in reasons
    async with world.hub.store.transaction() as session:
        assert await session.scalar(select(Nudge.id).limit(1))
        folded = (await session.scalars(select(Escalation).where(Escalation.reason == "no_answer"))).one()
    assert folded.outcome == "part_of_silent"
