"""What those who stand by a person hear unasked: only in force, only what is allowed, asked again when it leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from hub import appointments, check_ins, conditions, contact_hours, no_contact
from hub.check_in_talk import take_feeling
from hub.handling import Handling
from hub.nudges import subjects, to_supporters
from hub.nudges.queue_due import queue_due
from hub.outbox import queue
from hub.people import conversation_for
from hub.states import CheckInState, ConditionState, MessageState, NudgeState
from hub.store.tables import (
    Appointment,
    Case,
    CheckIn,
    Condition,
    ContactPoint,
    Message,
    Nudge,
    Person,
    Thread,
    ThreadMember,
    ThreadText,
    Worker,
)
from hub.threads import members
from hub.threads.standing import thread_for
from hub.times import at_local, local
from hub.words import AppointmentState, Priority, Purpose, Relation, Role, Sees, Side
from tests.world import World

JO, ALEX, BEA = "+447700900101", "+447700900202", "+447700900203"
FAMILY = Relation.FAMILY


@dataclass(frozen=True)
class Scene:
    supporter: int
    people: Sequence[int]
    appointments: Sequence[int]


def moment(world: World, in_days: int, at: str = "14:00") -> datetime:
    day = local(world.clock.now(), "Europe/London").date() + timedelta(days=in_days)
    return at_local(day, time.fromisoformat(at), "Europe/London")


async def scene(world: World, *, sees: Sees = Sees.DATES, people: int = 1, at: str = "14:00") -> Scene:
    """Jo stands by one person or two, each with something on in two days."""
    async with world.hub.store.transaction() as session:
        supporter, _ = await world.person(session, role=Role.SUPPORTER, name="Jo Reed", address=JO)
        made, on = [], []
        for name, number in (("Alex Reed", ALEX), ("Alex Stone", BEA))[:people]:
            person, _ = await world.person(session, name=name, address=number)
            thread = await thread_for(session, person, world.clock.now())
            await members.join(world.hub, session, thread, supporter, sees=sees, relation=FAMILY)
            appointment = await appointments.schedule(
                world.hub,
                session,
                "hub",
                person=person,
                starts_at=moment(world, 2, at),
                place="1 High St",
                with_whom="Priya",
            )
            made.append(person.id)
            on.append(appointment.id)
        return Scene(supporter.id, made, on)


async def nudges_of(world: World, supporter: int) -> dict[str, tuple[NudgeState, str]]:
    async with world.hub.store.transaction() as session:
        found = await session.scalars(select(Nudge).where(Nudge.person_id == supporter).order_by(Nudge.id))
        return {nudge.rule: (nudge.state, nudge.reason) for nudge in found}


async def queued(world: World, rule: str) -> int:
    """The rule's nudge is queued and its text has not left."""
    async with world.hub.store.transaction() as session:
        due_at = await session.scalar(select(Nudge.due_at).where(Nudge.rule == rule, Nudge.state == NudgeState.PLANNED))
    assert due_at
    world.clock.push_to(due_at)
    await queue_due(world.hub)
    async with world.hub.store.transaction() as session:
        found = await session.scalar(select(Nudge.message_id).where(Nudge.rule == rule))
    assert found
    return found


async def ended_as(world: World, message_id: int) -> tuple[MessageState, str]:
    await world.settle()
    async with world.hub.store.transaction() as session:
        message = await session.get_one(Message, message_id)
        return message.state, message.reason


async def membership(world: World, found: Scene, number: int = 0) -> ThreadMember:
    async with world.hub.store.transaction() as session:
        wanted = select(ThreadMember).join(Thread).where(Thread.person_id == found.people[number])
        return (await session.scalars(wanted)).one()


def heard(world: World, number: str = JO) -> list[str]:
    return [text.text for text in world.simulator.phones.received(number)]


async def test_every_text_is_remembered_with_what_it_needs(world: World) -> None:
    found = await scene(world)
    message_id = await queued(world, "supporter_1_day")
    async with world.hub.store.transaction() as session:
        row = await session.get_one(ThreadText, message_id)
    assert (row.to_id, row.needs, row.post_id) == (found.supporter, Sees.DATES, None)
    assert (await ended_as(world, message_id))[0] in {MessageState.SENT, MessageState.DELIVERED}


@pytest.mark.parametrize("how", ["revoked", "expired", "muted", "no_contact", "moved"])
async def test_what_changes_between_queue_and_send_holds_the_text_back(world: World, how: str) -> None:
    found = await scene(world)
    message_id = await queued(world, "supporter_1_day")
    async with world.hub.store.transaction() as session:
        member = await session.get_one(ThreadMember, ((await membership(world, found)).thread_id, found.supporter))
        match how:
            case "revoked":
                await members.end(world.hub, session, "hub", member, "revoked")
            case "expired":
                member.ends_at = world.clock.now()
            case "muted":
                member.muted_at = world.clock.now()
            case "no_contact":
                alex = await session.get_one(Person, found.people[0])
                worker = world.workers[Side.SUPERVISION]
                await no_contact.add(world.hub, session, worker, alex, name="", numbers=[JO], why="order")
            case "moved":
                appointment = await session.get_one(Appointment, found.appointments[0])
                await appointments.move(world.hub, session, "worker:1", appointment, moment(world, 9))
    expected = {
        "revoked": (MessageState.BLOCKED, "not_in_thread"),
        "expired": (MessageState.BLOCKED, "not_in_thread"),
        "muted": (MessageState.BLOCKED, "muted"),
        "no_contact": (MessageState.BLOCKED, "no_contact"),
        "moved": (MessageState.CANCELLED, "no_longer_true"),
    }
    assert await ended_as(world, message_id) == expected[how]
    assert heard(world) == []


@pytest.mark.parametrize(
    ("how", "reasons"),
    [
        ("expired", {"not_in_thread", "no_longer_true"}),  # whoever looks first: the end of their time, or the nudge
        ("muted", {"muted"}),
        ("no_contact", {"no_contact"}),
    ],
)
async def test_what_nobody_replanned_is_seen_when_it_is_due(world: World, how: str, reasons: set[str]) -> None:
    found = await scene(world)
    async with world.hub.store.transaction() as session:
        member = await session.get_one(ThreadMember, ((await membership(world, found)).thread_id, found.supporter))
        if how == "no_contact":
            alex = await session.get_one(Person, found.people[0])
            worker = world.workers[Side.SUPERVISION]
            await no_contact.add(world.hub, session, worker, alex, name="", numbers=[JO], why="order")
        elif how == "expired":
            member.ends_at = world.clock.now() + timedelta(hours=1)
        else:
            member.muted_at = world.clock.now()
    await world.push(days=3)
    assert (await nudges_of(world, found.supporter))["supporter_1_day"][1] in reasons
    assert not any("something on" in text for text in heard(world))


async def test_a_revoked_supporters_nudges_are_cancelled_at_once(world: World) -> None:
    found = await scene(world, sees=Sees.PROGRESS, at="09:30")
    async with world.hub.store.transaction() as session:
        condition_id = await _condition(world, found)
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        condition = await session.get_one(Condition, condition_id)
        await conditions.decide(world.hub, session, worker, condition, ConditionState.DONE)
    planned = await nudges_of(world, found.supporter)
    assert {rule for rule, (state, _) in planned.items() if state is NudgeState.PLANNED} == {
        "supporter_1_day",
        "supporter_morning",
        "supporter_done",
        "supporter_how_going",
    }
    async with world.hub.store.transaction() as session:
        member = await session.get_one(ThreadMember, ((await membership(world, found)).thread_id, found.supporter))
        await members.end(world.hub, session, "hub", member, "revoked")
    assert {state for state, _ in (await nudges_of(world, found.supporter)).values()} == {NudgeState.CANCELLED}


async def _condition(world: World, found: Scene) -> int:
    async with world.hub.store.transaction() as session:
        person = await session.get_one(Person, found.people[0])
        now = world.clock.now()
        case = Case(
            agency_id=person.agency_id,
            side=person.side,
            person_id=person.id,
            kind="conditional_caution",
            reference="T/3",
            opened_at=now,
            person=person,
        )
        session.add(case)
        await session.flush()
        made = await conditions.add(world.hub, session, "hub", case, "Drug awareness course", now.date())
        return made.id


async def test_two_people_of_one_first_name_are_never_joined_into_one_text(world: World) -> None:
    found = await scene(world, sees=Sees.PROGRESS, people=2)
    await world.push(days=1, hours=10)
    about = [text for text in heard(world) if "Wed 4 March" in text]
    assert len(about) == 2
    async with world.hub.store.transaction() as session:
        rows = (await session.scalars(select(ThreadText))).all()
    assert len({row.thread_id for row in rows}) == 2
    assert len(found.people) == 2


async def test_of_two_in_one_text_the_stronger_need_holds(world: World) -> None:
    found = await scene(world, sees=Sees.PROGRESS)
    condition_id = await _condition(world, found)
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        condition = await session.get_one(Condition, condition_id)
        await conditions.decide(world.hub, session, worker, condition, ConditionState.DONE)
    await world.push(days=1, hours=8)
    (said,) = heard(world)
    assert "has something on Wed 4 March at 2pm" in said
    assert "has also done something" in said
    async with world.hub.store.transaction() as session:
        assert [row.needs for row in await session.scalars(select(ThreadText))] == [Sees.PROGRESS]


async def test_ones_own_reminder_never_hangs_on_standing_by_another(world: World) -> None:
    """Jo has a condition of their own that merges, and stands by Alex: two texts."""
    found = await scene(world)
    async with world.hub.store.transaction() as session:
        jo = await session.get_one(Person, found.supporter)
        talk = await conversation_for(session, jo)
        assert talk
        own = await queue(
            world.hub,
            session,
            talk,
            purpose=Purpose.REMINDER,
            priority=Priority.REMINDER,
            text_key="conditions.reminder",
            facts={},
        )
        handling = Handling(world.hub, session, talk, None, "", None, world.clock.now(), purpose=Purpose.REMINDER)
        about = await subjects.load(session, "appointment", found.appointments)
        rules = world.hub.flows.nudges
        subject = about[found.appointments[0]]
        assert not await to_supporters.joins(handling, rules["supporter_done"], subject, own)
        assert await to_supporters.joins(handling, rules["condition_7_days"], subject, own)


async def test_each_supporter_hears_in_their_own_hours(world: World) -> None:
    found = await scene(world)
    async with world.hub.store.transaction() as session:
        contact = (await session.scalars(select(ContactPoint).where(ContactPoint.person_id == found.supporter))).one()
        await contact_hours.set_safe_window(world.hub, session, "hub", contact, time(18, 30), time(20))
    await world.push(days=2)
    (said,) = world.simulator.phones.received(JO)
    assert local(said.at, "Europe/London").time() == time(18, 30)


async def test_attended_is_told_only_while_it_is_news(world: World) -> None:
    found = await scene(world, sees=Sees.PROGRESS)
    await world.push(days=6)
    async with world.hub.store.transaction() as session:
        appointment = await session.get_one(Appointment, found.appointments[0])
        await appointments.set_outcome(world.hub, session, "worker:1", appointment, AppointmentState.ATTENDED)
    await world.push(days=2)
    assert not any("was there" in text for text in heard(world))


@pytest.mark.parametrize(("late", "told"), [(False, True), (True, False)])
async def test_four_check_ins_in_a_row_count_only_when_answered_in_time(world: World, late: bool, told: bool) -> None:
    found = await scene(world, sees=Sees.PROGRESS)
    async with world.hub.store.transaction() as session:
        alex = await session.get_one(Person, found.people[0])
        now = world.clock.now()
        for weeks in (1, 2, 3):
            due_at = now - timedelta(weeks=weeks)
            answered = due_at + (timedelta(days=4) if late and weeks == 2 else timedelta(hours=1))
            session.add(
                CheckIn(
                    person_id=alex.id,
                    due_at=due_at,
                    closes_at=due_at + check_ins.STAYS_OPEN,
                    state=CheckInState.ANSWERED,
                    answered_at=answered,
                    feeling=5,
                )
            )
        this = await check_ins.schedule(world.hub, session, alex, now)
        talk = await conversation_for(session, alex)
        assert talk
        this.state = CheckInState.ASKED
        await take_feeling(Handling(world.hub, session, talk, None, "", None, now), this, 5)
    await world.push(days=5)
    assert any("kept in touch 4 times in a row" in text for text in heard(world)) is told
