"""Are you safe? Whatever stands still, fails or runs twice: a silence is told once, and never later than a minute."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from sqlalchemy import select

from hub import appointments, nominations, safe_alarm, safe_check_plans, safe_checks, safe_circle, safe_wishes
from hub.errors import NotAllowed
from hub.receive import handle_next
from hub.rhythm import WEEKDAYS
from hub.safe_check_words import Time
from hub.states import EscalationState, SafeState
from hub.store.tables import AuditEvent, Escalation, Nudge, Person, SafeCheck
from hub.times import at_local, local
from hub.words import ChannelKind, Role, Side
from scheduler.upkeep import UPKEEP, are_you_safe
from tests.circles import stand_by
from tests.world import LINES, World

LONDON = "Europe/London"
JO = "+447700900303"
WITHIN = timedelta(seconds=60)
EVERY = next(upkeep.every for upkeep in UPKEEP if upkeep.work is are_you_safe)
LINE = LINES[Side.VICTIMS, ChannelKind.SMS]


async def somebody(world: World, address: str = "+447700900101") -> int:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM, address=address)
        return person.id


async def set_for(world: World, person_id: int, wish: Time) -> SafeCheck:
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, person_id)
        return await safe_check_plans.set_time(world.hub, session, f"person:{person_id}", person, wish)


async def alarms(world: World) -> list[Escalation]:
    async with world.hub.store.transaction() as session:
        found = select(Escalation).where(Escalation.reason == safe_alarm.SILENT).order_by(Escalation.id)
        return list((await session.scalars(found)).all())


async def checks(world: World) -> list[SafeCheck]:
    async with world.hub.store.transaction() as session:
        return list((await session.scalars(select(SafeCheck).order_by(SafeCheck.due_at))).all())


async def told(world: World) -> int:
    async with world.hub.store.transaction() as session:
        return len((await session.scalars(select(AuditEvent.id).where(AuditEvent.what == safe_alarm.SILENT))).all())


def test_the_clock_looks_three_times_a_minute_at_the_least() -> None:
    assert EVERY <= WITHIN / 3


async def test_four_clocks_at_the_same_moment_tell_of_each_silence_once(world: World) -> None:
    for number in range(8):
        await set_for(
            world, await somebody(world, f"+4477009004{number:02}"), Time(world.clock.now() + timedelta(hours=1))
        )
    world.clock.push(timedelta(hours=3))
    done = await asyncio.gather(*(are_you_safe(world.hub) for _ in range(4)))
    assert sum(done) == len(await alarms(world)) == await told(world) == 8


async def test_one_that_cannot_be_told_keeps_no_other_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await set_for(world, await somebody(world), Time(world.clock.now() + timedelta(hours=1)))
    await set_for(world, await somebody(world, "+447700900402"), Time(world.clock.now() + timedelta(hours=2)))
    world.clock.push(timedelta(hours=4))
    honest = safe_alarm.facts_of

    async def broken(session: object, check: SafeCheck, zone: str) -> str:
        if check.id == first.id:
            raise RuntimeError
        return await honest(session, check, zone)  # type: ignore[arg-type]

    monkeypatch.setattr(safe_alarm, "facts_of", broken)
    assert await safe_checks.tell_silent(world.hub) == 1
    monkeypatch.undo()
    assert await safe_checks.tell_silent(world.hub) == 1
    assert len(await alarms(world)) == 2


async def test_what_fell_due_while_everything_stood_still_is_told_and_not_asked(world: World) -> None:
    await set_for(world, await somebody(world), Time(world.clock.now() + timedelta(hours=1)))
    world.clock.push(timedelta(hours=9))
    await world.settle()
    assert world.heard() == []
    assert [check.state for check in await checks(world)] == [SafeState.SILENT]
    assert "could not be asked" in (await facts(world))[0]


async def facts(world: World) -> list[str]:
    async with world.hub.store.transaction() as session:
        found = select(AuditEvent).where(AuditEvent.what == safe_alarm.SILENT).order_by(AuditEvent.id)
        return [event.details["facts"] for event in await session.scalars(found)]


async def test_a_second_silence_is_new_though_a_worker_has_taken_on_the_first(world: World) -> None:
    person_id = await somebody(world)
    await set_for(world, person_id, Time(clock=time(22), weekdays=WEEKDAYS))
    await world.push(hours=12, minutes=16)
    first = (await alarms(world))[0]
    async with world.hub.store.transaction() as session:
        found = await session.get_one(Escalation, first.id)
        found.state, found.taken_by_id, found.taken_at = (
            EscalationState.TAKEN,
            world.workers[Side.VICTIMS],
            world.clock.now(),
        )
    await world.push(hours=24)
    again = (await alarms(world))[0]
    assert (again.state, again.taken_by_id) == (EscalationState.OPEN, None)
    assert again.detail != first.detail
    assert again.due_at > first.due_at
    assert await told(world) == 2


async def test_what_a_worker_has_taken_on_stays_theirs_when_the_yes_comes(world: World) -> None:
    await set_for(world, await somebody(world), Time(world.clock.now() + timedelta(hours=1)))
    await world.push(hours=1, minutes=16)
    async with world.hub.store.transaction() as session:
        found = (await session.scalars(select(Escalation))).one()
        found.state, found.taken_at = EscalationState.TAKEN, world.clock.now()
        found.taken_by_id = world.workers[Side.VICTIMS]
    await world.text("1", line=LINE)
    assert [alarm.state for alarm in await alarms(world)] == [EscalationState.TAKEN]
    assert [check.state for check in await checks(world)] == [SafeState.SAFE]


async def test_somebody_without_a_way_left_is_still_told_of(world: World) -> None:
    person_id = await somebody(world)
    await set_for(world, person_id, Time(world.clock.now() + timedelta(hours=1)))
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, person_id)
        talk = await safe_alarm._conversation(session, person)
        assert talk
        talk.line.enabled = False
    await world.push(hours=2)
    assert len(await alarms(world)) == 1


async def test_nobody_takes_it_and_the_supervisors_are_told(world: World) -> None:
    await set_for(world, await somebody(world), Time(world.clock.now() + timedelta(hours=1)))
    await world.push(hours=1, minutes=15)
    assert (await alarms(world))[0].escalated_at is None
    await world.push(minutes=10)
    assert (await alarms(world))[0].escalated_at


async def test_no_other_question_of_ours_takes_the_answer(world: World) -> None:
    """A reminder that is due while the answer is waited for comes afterwards: its 1 would be a yes."""
    person_id = await somebody(world)
    await set_for(world, person_id, Time(world.clock.now() + timedelta(hours=1)))
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, person_id)
        starts_at = world.clock.now() + timedelta(days=1)
        await appointments.schedule(
            world.hub, session, "hub", person=person, starts_at=starts_at, place="1 High St", with_whom="Ann"
        )
        nudge = (await session.scalars(select(Nudge).where(Nudge.rule == "reminder_1_day"))).one()
        nudge.due_at = world.clock.now() + timedelta(hours=1, minutes=2)
    await world.push(hours=1, minutes=10)
    assert [text for text in world.heard() if "Reply" in text and "safe" not in text] == []
    await world.text("1", line=LINE)
    assert [check.state for check in await checks(world)] == [SafeState.SAFE]
    await world.push(minutes=40)
    assert any("1 High St" in text for text in world.heard())


async def test_the_same_answer_to_a_yes_and_to_the_word_that_means_no(world: World) -> None:
    person_id = await somebody(world)
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, person_id)
        await safe_wishes.change(world.hub, session, "test", person, safe_wishes.Wish(duress="Bluebell"))
    heard = []
    for word in ("1", "BLUEBELL."):
        await set_for(world, person_id, Time(world.clock.now() + timedelta(hours=1)))
        await world.push(hours=1)
        before = len(world.heard())
        await world.text(word, line=LINE)
        heard.append(world.heard()[before:])
        await world.push(days=1)
    assert len(heard[0]) == 1
    assert [text.removeprefix("As before: ") for text in heard[0]] == heard[1]


async def test_one_yes_is_meant_for_all_that_was_asked_together(world: World) -> None:
    person_id = await somebody(world)
    await set_for(world, person_id, Time(clock=time(11), weekdays=WEEKDAYS))
    await set_for(world, person_id, Time(world.clock.now() + timedelta(hours=1)))
    await world.push(hours=1)
    await world.text("1", line=LINE)
    await world.push(hours=1)
    assert [check.state for check in await checks(world)][:2] == [SafeState.SAFE, SafeState.SAFE]
    assert await alarms(world) == []


async def test_an_answer_at_the_moment_of_closing_is_handled_and_nothing_waits_for_ever(world: World) -> None:
    await set_for(world, await somebody(world), Time(world.clock.now() + timedelta(hours=1)))
    await world.push(hours=1)
    await world.simulator.text("+447700900101", LINE, "1", channel=ChannelKind.SMS)
    world.clock.push(timedelta(minutes=15))
    await asyncio.gather(are_you_safe(world.hub), handle_next(world.hub, "one"), are_you_safe(world.hub))
    await world.settle()
    assert [check.state for check in await checks(world)] == [SafeState.SAFE]
    assert all(alarm.state is EscalationState.CLOSED for alarm in await alarms(world))


async def test_who_has_left_is_told_of_nothing(world: World) -> None:
    person_id = await somebody(world)
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, person_id)
        jo, _ = await world.person(session, role=Role.SUPPORTER, side=Side.VICTIMS, name="Jo Hart", address=JO)
        await stand_by(world.hub, session, person, jo)
        await safe_circle.ask(world.hub, session, "test", person, jo)
    await world.settle()
    await world.text("1", JO, LINE)
    await world.text("LEAVE", JO, LINE)
    await set_for(world, person_id, Time(world.clock.now() + timedelta(hours=1)))
    await world.push(hours=2)
    assert len(await alarms(world)) == 1
    assert not any("please call" in text for text in world.heard(JO))


async def test_somebody_who_stands_by_nobody_cannot_be_named(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM)
        other, _ = await world.person(session, role=Role.SUPPORTER, side=Side.VICTIMS, address=JO)
        with pytest.raises(NotAllowed):
            await safe_circle.ask(world.hub, session, "test", person, other)


async def test_whom_they_have_named_can_be_asked_until_they_are_unnamed(world: World) -> None:
    person_id = await somebody(world)
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, person_id)
        jo, _ = await world.person(session, role=Role.SUPPORTER, side=Side.VICTIMS, name="Jo Hart", address=JO)
        named = await nominations.name(
            world.hub, session, "test", person, jo, scope=nominations.NEWS, agreed_how="spoken"
        )
        await safe_circle.ask(world.hub, session, "test", person, jo)
        assert [each.id for each in await safe_circle.supporters_of(session, person, world.clock.now())] == [jo.id]
        await nominations.end(world.hub, session, "test", named)
        assert not await safe_circle.supporters_of(session, person, world.clock.now())


async def test_nobody_on_the_other_side_is_asked(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        with pytest.raises(NotAllowed):
            await safe_check_plans.set_time(
                world.hub, session, "test", person, Time(world.clock.now() + timedelta(hours=1))
            )


async def test_the_horizon_rolls(world: World) -> None:
    await set_for(world, await somebody(world), Time(clock=time(22), weekdays=WEEKDAYS))
    before = len(await checks(world))
    world.clock.push(timedelta(days=10))
    await safe_check_plans.extend_all(world.hub)
    days = [check.on for check in await checks(world)]
    assert len(days) == len(set(days)) > before


CHANGES = (date(2026, 3, 29), date(2026, 10, 25))


@pytest.mark.parametrize("day", CHANGES, ids=str)
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 8))])
async def test_never_more_than_a_minute_between_due_and_told_through_both_clock_changes(
    world: World, day: date, seed: int
) -> None:
    """Drawn at random: times, patience, stretches in which nothing runs at all. The clock ticks as in the program."""
    lot = Random(seed)
    clocks = {time(lot.randrange(24), lot.randrange(60)) for _ in range(3)} | {time(1, lot.randrange(60))}
    patience, down = lot.randint(5, 60), [(lot.randrange(2500), lot.randint(1, 300)) for _ in range(3)]
    start = at_local(day - timedelta(days=1), time(12), LONDON)
    world.clock.at = start
    person_id = await somebody(world)
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, person_id)
        await safe_wishes.change(world.hub, session, "test", person, safe_wishes.Wish(patience=patience))
        for clock in clocks:
            wish = Time(clock=clock, weekdays=WEEKDAYS)
            await safe_check_plans.set_time(world.hub, session, "test", person, wish)
    stretches = [(start + timedelta(minutes=at), start + timedelta(minutes=at + length)) for at, length in down]
    for moment in await moments(world, start + timedelta(hours=46), stretches):
        world.clock.push_to(moment)
        await are_you_safe(world.hub)
    for check in await checks(world):
        if check.closes_at > world.clock.now() - WITHIN:
            continue
        due = up_again(check.closes_at, stretches)
        assert check.state is SafeState.SILENT, check.due_at
        assert check.told_at
        assert timedelta(0) <= check.told_at - due <= WITHIN
        on_the_wall = at_local(local(check.due_at, LONDON).date(), local(check.due_at, LONDON).time(), LONDON)
        assert on_the_wall == check.due_at
    assert await told(world) == len([c for c in await checks(world) if c.state is SafeState.SILENT])


async def moments(world: World, end: datetime, down: list[tuple[datetime, datetime]]) -> list[datetime]:
    """The ticks that matter: the last before and the first two after each moment at which something is due."""
    step = EVERY.total_seconds()
    due = [moment for check in await checks(world) for moment in (check.due_at, check.closes_at)]
    due += [until for _, until in down]
    ticks = {datetime.fromtimestamp((moment.timestamp() // step + n) * step, UTC) for moment in due for n in (0, 1, 2)}
    return sorted(tick for tick in ticks if tick <= end and not any(since <= tick < until for since, until in down))


def up_again(moment: datetime, down: list[tuple[datetime, datetime]]) -> datetime:
    """The first moment from then on at which anything runs."""
    for since, until in sorted(down):
        if since <= moment < until:
            moment = until
    return moment
