"""The kill switch, and what is too much for one person."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import holds, reconcile, send
from hub.errors import NotFound
from hub.holds import What
from hub.outbox import queue
from hub.reading.outbox import waiting
from hub.states import MessageState
from hub.store.tables import Agency, AuditEvent, Conversation, Escalation, Line, Message, Nudge
from hub.words import ChannelKind, Priority, Purpose, Role, Side
from tests.world import LINES, World

SUPERVISION = LINES[Side.SUPERVISION, ChannelKind.SMS]


async def meet(world: World, number: int = 101, role: Role = Role.SUPERVISED) -> int:
    async with world.hub.store.transaction() as session:
        _, conversation = await world.person(session, role=role, address=f"+447700900{number}")
        return conversation.id


async def put(
    world: World, conversation_id: int, body: str = "Hello", purpose: Purpose = Purpose.REMINDER, **parts: object
) -> int:
    async with world.hub.store.transaction() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        message = await queue(
            world.hub,
            session,
            conversation,
            purpose=purpose,
            priority=Priority.REMINDER,
            body=body,
            **parts,  # type: ignore[arg-type]
        )
        return message.id


async def found(world: World, message_id: int) -> tuple[MessageState, str]:
    async with world.hub.store.transaction() as session:
        message = await session.get_one(Message, message_id)
        return message.state, message.reason


async def line_id(world: World, address: str = SUPERVISION) -> int:
    async with world.hub.store.transaction() as session:
        return (await session.scalars(select(Line.id).where(Line.address == address))).one()


async def hold(world: World, what: What, lasts: timedelta | None = None, *, everything: bool = False) -> None:
    async with world.hub.store.transaction() as session:
        now = world.clock.now()
        await holds.hold(session, what, "terminal:0", now, why="Wrong wording", lasts=lasts, everything=everything)


async def release(world: World, what: What) -> int:
    async with world.hub.store.transaction() as session:
        return await holds.release(session, what, "terminal:0", world.clock.now())


async def reasons(world: World) -> list[str]:
    async with world.hub.store.transaction() as session:
        return sorted(await session.scalars(select(Escalation.reason)))


# --- holds ----------------------------------------------------------------------------------------


async def test_a_held_line_sends_nothing_but_safety_and_other_lines_go_on(world: World) -> None:
    sam, vera = await meet(world), await meet(world, 102, Role.VICTIM)
    what = What(line_id=await line_id(world))
    await hold(world, what)
    kept = await put(world, sam)
    await put(world, sam, "Call 999 now", Purpose.SAFETY)
    await put(world, vera)
    await world.settle()
    assert await found(world, kept) == (MessageState.HELD, "line_held")
    assert (world.heard(), world.heard("+447700900102")) == (["Call 999 now"], ["Hello"])
    assert await release(world, what) == 1
    await world.settle()
    assert world.heard() == ["Call 999 now", "Hello"]


async def test_a_hold_of_everything_keeps_safety_answers_too(world: World) -> None:
    await hold(world, What(line_id=await line_id(world)), everything=True)
    kept = await put(world, await meet(world), "Call 999 now", Purpose.SAFETY)
    await world.settle()
    assert await found(world, kept) == (MessageState.HELD, "line_held")


async def test_a_held_agency_sends_on_none_of_its_lines(world: World) -> None:
    await hold(world, What(agency_id=world.agency_id))
    kept = [await put(world, await meet(world)), await put(world, await meet(world, 102, Role.VICTIM))]
    await world.settle()
    assert [await found(world, each) for each in kept] == [(MessageState.HELD, "agency_held")] * 2


async def test_a_held_rule_keeps_its_own_messages_only(world: World) -> None:
    await hold(world, What(rule="reminder_1_day"))
    sam, now = await meet(world), world.clock.now()
    kept, other = await put(world, sam), await put(world, sam, "Another")
    async with world.hub.store.transaction() as session:
        conversation = await session.get_one(Conversation, sam)
        nudge = Nudge(
            rule="reminder_1_day",
            subject_kind="check_in",
            subject_id=1,
            person_id=conversation.person_id,
            occurrence=now,
            due_at=now,
            expires_at=now + timedelta(days=1),
            state="queued",
            state_at=now,
            message_id=kept,
        )
        session.add(nudge)
    await world.settle()
    assert await found(world, kept) == (MessageState.HELD, "rule_held")
    assert (await found(world, other))[0] is MessageState.DELIVERED


async def test_a_hold_for_a_time_ends_by_itself(world: World) -> None:
    await hold(world, What(line_id=await line_id(world)), timedelta(hours=2))
    await put(world, await meet(world))
    await world.push(minutes=119)
    assert world.heard() == []
    await world.push(minutes=1)
    assert world.heard() == ["Hello"]


async def test_what_grew_stale_while_it_was_held_never_goes_out(world: World) -> None:
    what = What(line_id=await line_id(world))
    await hold(world, what)
    kept = await put(world, await meet(world), expires_at=world.clock.now() + timedelta(hours=1))
    await world.settle()
    world.clock.push(timedelta(hours=2))
    await release(world, what)
    await world.settle()
    assert await found(world, kept) == (MessageState.EXPIRED, "too_late")


async def test_the_outbox_says_who_holds_a_text_and_why_and_the_audit_has_both_ends(world: World) -> None:
    what = What(line_id=await line_id(world))
    await hold(world, what)
    await put(world, await meet(world))
    await world.settle()
    async with world.hub.store.transaction() as session:
        (row,) = await waiting(session)
    assert (row.reason, row.held_by, row.held_why) == ("line_held", "terminal:0", "Wrong wording")
    await release(world, what)
    async with world.hub.store.transaction() as session:
        told = await session.scalars(select(AuditEvent.what).where(AuditEvent.subject.startswith("hold:")))
        assert sorted(told) == ["sending_held", "sending_released"]
    with pytest.raises(NotFound):
        await release(world, what)


# --- what is too much -----------------------------------------------------------------------------


async def test_over_the_cap_of_a_day_texts_wait_for_the_next_and_a_worker_hears(world: World) -> None:
    async with world.hub.store.transaction() as session:
        (await session.get_one(Agency, world.agency_id)).daily_texts = 3
    sam = await meet(world)
    ids = [await put(world, sam, f"Text {number}") for number in range(4)]
    await world.settle()
    assert world.heard() == ["Text 0", "Text 1", "Text 2"]
    assert await found(world, ids[3]) == (MessageState.HELD, "daily_cap")
    assert await reasons(world) == ["too_many_texts"]
    await world.push(hours=21, minutes=59)  # 7:59am
    assert len(world.heard()) == 3
    await world.push(minutes=1)
    assert world.heard()[3:] == ["Text 3"]


async def test_over_the_cap_what_will_be_stale_tomorrow_expires_with_that_reason(world: World) -> None:
    async with world.hub.store.transaction() as session:
        (await session.get_one(Agency, world.agency_id)).daily_texts = 1
    sam = await meet(world)
    await put(world, sam, "First")
    late = await put(world, sam, "Second", expires_at=world.clock.now() + timedelta(hours=5))
    await world.settle()
    assert await found(world, late) == (MessageState.EXPIRED, "daily_cap")


async def test_answers_safety_and_a_workers_own_words_count_for_nothing(world: World) -> None:
    async with world.hub.store.transaction() as session:
        (await session.get_one(Agency, world.agency_id)).daily_texts = 1
    sam, priya = await meet(world), world.workers[Side.SUPERVISION]
    await put(world, sam, "Reminder")
    for _ in range(3):
        await put(world, sam, "Answer", Purpose.REPLY)
        await put(world, sam, "Safety", Purpose.SAFETY)
        await put(world, sam, "From Priya", author_id=priya)
    await world.settle()
    assert len(world.heard()) == 10
    assert await reasons(world) == []


async def test_the_same_text_a_third_time_in_a_day_is_blocked_and_a_worker_hears(world: World) -> None:
    sam = await meet(world)
    ids = [await put(world, sam) for _ in range(3)]
    await world.settle()
    assert world.heard() == ["Hello", "Hello"]
    assert await found(world, ids[2]) == (MessageState.BLOCKED, "same_text")
    assert await reasons(world) == ["same_text"]
    await world.push(days=1)
    await put(world, sam)
    await world.settle()
    assert len(world.heard()) == 3


async def test_a_text_that_is_tried_again_does_not_stand_in_its_own_way(world: World) -> None:
    from integrations.channels.simulator import Faults

    async with world.hub.store.transaction() as session:
        (await session.get_one(Agency, world.agency_id)).daily_texts = 1
    await put(world, await meet(world))
    world.simulator.set_faults(Faults(seed=1, try_later=1.0))
    await send.send_due(world.hub, "w")
    world.simulator.set_faults(Faults())
    await world.push(minutes=2)
    assert world.heard() == ["Hello"]


async def test_how_people_read_the_same_words_cannot_be_told_from_the_table(world: World) -> None:
    for number in (101, 102):
        await put(world, await meet(world, number))
    await world.settle()
    await reconcile.recover(world.hub)
    async with world.hub.store.transaction() as session:
        indexes = list(await session.scalars(select(Message.text_index)))
    assert None not in indexes
    assert len(set(indexes)) == 2
