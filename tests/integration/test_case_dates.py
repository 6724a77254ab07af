"""Conditions and the days of a case: told in time, to the right side, in one text where they fall together."""

from datetime import date, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import appointments, case_dates, conditions
from hub.nudges.queue_due import queue_due
from hub.states import MessageState, NudgeState
from hub.store.tables import Appointment, Case, CaseDate, Message, Person
from hub.words import AppointmentState, Role
from tests.integration.test_nudges import moment, nudges
from tests.world import World

VICTIM = "+447700900102"


async def open_case(world: World, session: AsyncSession, person: Person) -> Case:
    case = Case(
        agency_id=person.agency_id, side=person.side, person_id=person.id, kind="bail", reference=f"C{person.id}",
        opened_at=world.clock.now(), person=person,
    )  # fmt: skip
    session.add(case)
    await session.flush()
    return case


def day(world: World, ahead: int) -> date:
    return moment(world, ahead).date()


async def test_a_condition_is_told_of_a_week_before_three_working_days_before_on_its_day_and_once_after(
    world: World,
) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        case = await open_case(world, session, person)
        await conditions.add(world.hub, session, "worker:1", case, "Finish the course", day(world, 14))
    planned = [n.due_at.date() for n in await nudges(world, NudgeState.PLANNED)]
    assert planned == [day(world, ahead) for ahead in (7, 9, 14, 15)]
    await world.push(days=16)
    assert len(world.heard()) == 4
    assert "by Mon 16 March: Finish the course" in world.heard()[0]


async def test_a_condition_and_an_appointment_of_the_same_day_come_as_one_text(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        case = await open_case(world, session, person)
        await conditions.add(world.hub, session, "worker:1", case, "Finish the course", day(world, 8))
        made = await appointments.schedule(
            world.hub, session, "hub", person=person, starts_at=moment(world, 8), with_whom="Priya", place="1 High St"
        )
    await world.push(days=1)
    assert len(world.heard()) == 1
    assert world.heard()[0].startswith("Hi Sam, you see Priya")
    assert world.heard()[0].endswith("And by Tue 10 March: Finish the course.")
    assert {n.reason for n in await nudges(world, NudgeState.QUEUED)} == {"", "merged"}
    assert made


async def test_what_was_merged_with_a_text_that_is_taken_back_is_said_by_itself(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        case = await open_case(world, session, person)
        await conditions.add(world.hub, session, "worker:1", case, "Finish the course", day(world, 8))
        made = await appointments.schedule(
            world.hub, session, "hub", person=person, starts_at=moment(world, 8), with_whom="Priya", place="1 High St"
        )
    world.clock.push_to(moment(world, 1, "10:00"))
    await queue_due(world.hub)
    async with world.hub.store.transaction() as session:
        (await session.get_one(Appointment, made.id)).state = AppointmentState.CANCELLED
    await world.push(hours=1)
    assert [text[:40] for text in world.heard()] == ["Hi Sam, a reminder of what you agreed to"]


async def test_a_hearing_is_told_to_each_side_in_its_own_words(world: World) -> None:
    async with world.hub.store.transaction() as session:
        sam, _ = await world.person(session)
        jo, _ = await world.person(session, role=Role.VICTIM, address=VICTIM)
        for person in (sam, jo):
            case = await open_case(world, session, person)
            await case_dates.set_date(
                world.hub, session, "worker:1", case, "hearing", day(world, 8), time(9, 30), "Northshire Court"
            )
    await world.push(days=8)
    assert len(world.heard()) == 2
    assert "Tue 10 March at 9:30am, Northshire Court" in world.heard()[0]
    asked, told = world.heard(VICTIM)
    assert asked.startswith("How often shall we write?"), (
        "asked of a victim, two working days after their case is known"
    )
    assert told.startswith("Hi Sam, this is Northshire suppor")
    assert "{" not in "".join(world.heard() + world.heard(VICTIM))


async def test_a_day_that_is_called_off_is_not_told(world: World) -> None:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        case = await open_case(world, session, person)
        made = await case_dates.set_date(world.hub, session, "worker:1", case, "bail_return", day(world, 8))
    async with world.hub.store.transaction() as session:
        change = await case_dates.call_off(world.hub, session, "worker:1", await session.get_one(CaseDate, made.id))
    assert change.cancelled == 2
    world.clock.push(timedelta(days=9))
    await world.settle()
    assert world.heard() == []


async def test_a_bail_date_that_moves_after_its_reminder_was_planned_takes_the_reminder_with_it(world: World) -> None:
    made = await bail_return(world, ahead=8)
    old = {nudge.due_at for nudge in await nudges(world, NudgeState.PLANNED)}
    await move_bail(world, made, to=15)
    new = {nudge.due_at for nudge in await nudges(world, NudgeState.PLANNED)}
    assert len(old) == len(new) == 2
    assert not old & new
    await world.push(days=9)
    assert world.heard() == [], "nothing is said about the old day"
    await world.push(days=6)
    assert len(world.heard()) == 2
    assert all("Tue 17 March" in text for text in world.heard())


async def test_a_bail_date_that_moves_while_its_reminder_is_on_its_way_stops_it(world: World) -> None:
    """Queued, and not yet at the provider: asked again at the last moment, it is no longer so."""
    made = await bail_return(world, ahead=8)
    world.clock.push_to(moment(world, 7, "10:00"))
    await queue_due(world.hub)
    async with world.hub.store.transaction() as session:
        waiting = (await session.scalars(select(Message).where(Message.state == MessageState.QUEUED))).all()
    assert [message.text_key for message in waiting] == ["conditions.bail_return"]
    await move_bail(world, made, to=8)  # in the middle of sending: eight more days from now
    await world.settle()
    assert world.heard() == []
    async with world.hub.store.transaction() as session:
        message = await session.get_one(Message, waiting[0].id)
    assert (message.state, message.reason) == (MessageState.CANCELLED, "no_longer_true")
    await world.push(days=8)
    assert len(world.heard()) == 2
    assert not any("Tue 10 March" in text for text in world.heard())


async def test_a_bail_date_that_moves_when_the_text_has_left_is_said_anew(world: World) -> None:
    made = await bail_return(world, ahead=8)
    await world.push(days=7, hours=1)
    assert len(world.heard()) == 2
    assert "Tue 10 March" in world.heard()[-1]
    await move_bail(world, made, to=8)
    await world.push(days=8)
    assert len(world.heard()) == 4
    assert "{" not in "".join(world.heard())


async def bail_return(world: World, *, ahead: int) -> CaseDate:
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session)
        case = await open_case(world, session, person)
        return await case_dates.set_date(
            world.hub, session, "worker:1", case, "bail_return", day(world, ahead), time(10), "Derby station"
        )


async def move_bail(world: World, before: CaseDate, *, to: int) -> None:
    """As an import does it: the old day is called off, the new one entered."""
    async with world.hub.store.transaction() as session:
        old = await session.get_one(CaseDate, before.id)
        await case_dates.call_off(world.hub, session, "worker:1", old)
        await case_dates.set_date(
            world.hub, session, "worker:1", old.case, "bail_return", day(world, to), time(10), "Derby station"
        )
