"""The way out: claimed once, checked again, recorded before the provider is called, settled whatever happens."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from hub import claims, outcomes, reconcile, send
from hub.errors import Refused, StoreUnavailable, TryLater, Uncertain
from hub.outbox import queue
from hub.outcomes import record_receipt
from hub.ports import Accepted, DeliveryStatus, Outgoing, Receipt
from hub.states import MessageState
from hub.store.tables import Attempt, Consent, Conversation, Escalation, Message
from hub.words import Priority, Purpose
from integrations.channels.simulator import Faults
from tests.world import World

SAM = "+447700900101"


async def meet_sam(world: World) -> int:
    async with world.hub.store.transaction() as session:
        _, conversation = await world.person(session)
        return conversation.id


async def put(world: World, conversation_id: int, body: str = "Hello Sam", **parts: object) -> int:
    given: dict[str, object] = {"purpose": Purpose.REMINDER, "priority": Priority.REMINDER, "body": body}
    async with world.hub.store.transaction() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        message = await queue(world.hub, session, conversation, **(given | parts))  # type: ignore[arg-type]
        return message.id


async def state(world: World, message_id: int) -> tuple[MessageState, str]:
    async with world.hub.store.transaction() as session:
        message = await session.get_one(Message, message_id)
        return message.state, message.reason


async def reasons(world: World) -> list[str]:
    async with world.hub.store.transaction() as session:
        return sorted(await session.scalars(select(Escalation.reason)))


async def test_a_message_is_sent_once_and_delivered(world: World) -> None:
    message_id = await put(world, await meet_sam(world))
    await world.settle()
    assert world.heard() == ["Hello Sam"]
    assert await state(world, message_id) == (MessageState.DELIVERED, "")


async def test_many_workers_send_each_message_once(world: World) -> None:
    phones = [f"+4477009001{number:02}" for number in range(12)]
    for phone in phones:
        async with world.hub.store.transaction() as session:
            _, conversation = await world.person(session, address=phone)
        for number in range(5):
            await put(world, conversation.id, f"text {number}")
    while any(await asyncio.gather(*(send.send_due(world.hub, f"w{n}") for n in range(4)))):
        pass
    assert [world.heard(phone) for phone in phones] == [[f"text {n}" for n in range(5)]] * len(phones)


async def test_the_urgent_goes_before_the_reply_and_the_reply_before_the_reminder(world: World) -> None:
    conversation_id = await meet_sam(world)
    for priority in (Priority.BULK, Priority.REMINDER, Priority.REPLY, Priority.URGENT):
        await put(world, conversation_id, priority.value, priority=priority)
    while await send.send_due(world.hub, "w"):
        pass
    assert world.heard() == ["urgent", "reply", "reminder", "bulk"]


async def test_nothing_goes_out_at_night_and_all_of_it_in_the_morning(world: World) -> None:
    conversation_id = await meet_sam(world)
    await world.push(hours=11)  # 9pm
    message_id = await put(world, conversation_id)
    await world.settle()
    assert await state(world, message_id) == (MessageState.HELD, "quiet_hours")
    await world.push(hours=10, minutes=59)
    assert world.heard() == []
    await world.push(minutes=1)
    assert world.heard() == ["Hello Sam"]


async def test_an_answer_goes_out_at_night_to_somebody_who_has_just_written(world: World) -> None:
    await meet_sam(world)
    await world.push(hours=13, minutes=10)  # 11:10pm
    await world.text("HELP")
    assert len(world.heard()) == 1


async def test_a_safe_contact_window_is_kept(world: World) -> None:
    from datetime import time

    conversation_id = await meet_sam(world)
    async with world.hub.store.transaction() as session:
        contact = (await session.get_one(Conversation, conversation_id)).contact_point
        contact.safe_from, contact.safe_until = time(13), time(14)
    message_id = await put(world, conversation_id)
    await world.settle()
    assert await state(world, message_id) == (MessageState.HELD, "quiet_hours")
    await world.push(hours=3)
    assert world.heard() == ["Hello Sam"]


async def test_nothing_is_sent_after_stop(world: World) -> None:
    conversation_id = await meet_sam(world)
    await world.text("STOP")
    told = len(world.heard())
    message_id = await put(world, conversation_id)
    await world.settle()
    assert await state(world, message_id) == (MessageState.BLOCKED, "stopped")
    assert told == len(world.heard()) == 1


async def test_a_no_to_a_purpose_is_kept(world: World) -> None:
    conversation_id = await meet_sam(world)
    async with world.hub.store.transaction() as session:
        contact_id = (await session.get_one(Conversation, conversation_id)).contact_point_id
        session.add(
            Consent(
                contact_point_id=contact_id,
                purpose=Purpose.SURVEY,
                given=False,
                at=world.clock.now(),
                source="person",
            )
        )
    survey = await put(world, conversation_id, purpose=Purpose.SURVEY)
    reminder = await put(world, conversation_id)
    await world.settle()
    assert await state(world, survey) == (MessageState.BLOCKED, "no_consent")
    assert (await state(world, reminder))[0] is MessageState.DELIVERED


async def test_a_stale_message_never_goes_out(world: World) -> None:
    conversation_id = await meet_sam(world)
    now = world.clock.now()
    late = await put(world, conversation_id, expires_at=now - timedelta(minutes=1))
    await world.push(hours=11)
    tonight = await put(world, conversation_id, expires_at=world.clock.now() + timedelta(hours=2))
    await world.settle()
    assert await state(world, late) == (MessageState.EXPIRED, "too_late")
    assert await state(world, tonight) == (MessageState.EXPIRED, "no_permitted_hour")
    assert world.heard() == []


async def test_a_busy_provider_is_tried_again_with_growing_waits_then_a_human_is_told(world: World) -> None:
    message_id = await put(world, await meet_sam(world))
    world.simulator.set_faults(Faults(seed=1, try_later=1.0))
    await world.settle()
    assert await state(world, message_id) == (MessageState.QUEUED, "try_later")
    await world.push(days=2)
    assert (await state(world, message_id))[0] is MessageState.FAILED
    async with world.hub.store.transaction() as session:
        attempts = await session.scalar(select(func.count()).select_from(Attempt))
    assert attempts == outcomes.MOST_ATTEMPTS
    assert await reasons(world) == ["not_delivered"]


async def test_a_refusal_marks_the_address_and_tells_a_human(world: World) -> None:
    conversation_id = await meet_sam(world)
    message_id = await put(world, conversation_id)
    world.simulator.set_faults(Faults(seed=1, refuse=1.0))
    await world.settle()
    assert await state(world, message_id) == (MessageState.FAILED, "unknown_number")
    second = await put(world, conversation_id)
    world.simulator.set_faults(Faults())
    await world.settle()
    assert await state(world, second) == (MessageState.BLOCKED, "address_refused")
    assert await reasons(world) == ["not_delivered"]


@pytest.mark.parametrize(("fault", "count"), [("uncertain_before", 1), ("uncertain_after", 1)])
async def test_a_broken_connection_is_reconciled_never_repeated_blindly(world: World, fault: str, count: int) -> None:
    message_id = await put(world, await meet_sam(world))
    world.simulator.set_faults(Faults(seed=1, **{fault: 1.0}))
    await world.settle()
    assert (await state(world, message_id))[0] is MessageState.UNCERTAIN
    world.simulator.set_faults(Faults())
    await world.push(minutes=2)
    assert len(world.heard()) == count
    assert (await state(world, message_id))[0] is MessageState.DELIVERED


class NeverSays:
    """A provider that keeps no list, as Telegram."""

    async def send(self, outgoing: Outgoing) -> Accepted:
        raise Uncertain

    async def find_sent(self, outgoing: Outgoing, since: object, known: object) -> Accepted | None:
        raise Uncertain


async def test_where_nobody_can_say_the_message_is_not_repeated_and_a_human_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = await put(world, await meet_sam(world))
    monkeypatch.setattr(world.hub.channels, "for_line", lambda *_: NeverSays())
    await send.send_due(world.hub, "w")
    world.clock.push(timedelta(minutes=1))
    await reconcile.settle_uncertain(world.hub)
    assert await state(world, message_id) == (MessageState.FAILED, "uncertain")
    assert await reasons(world) == ["maybe_not_delivered"]


async def test_a_crash_after_the_provider_took_it_sends_nothing_twice(world: World) -> None:
    """`kill -9` between the provider's answer and our record."""
    message_id = await put(world, await meet_sam(world))
    (departure,) = await send.prepare(world.hub, await claims.claim(world.hub, "dead"))
    await world.hub.channels.for_line("", departure.kind).send(departure.outgoing)
    await world.push(seconds=61)
    await world.push(seconds=30)
    assert world.heard() == ["Hello Sam"]
    assert (await state(world, message_id))[0] is MessageState.DELIVERED


async def test_a_crash_before_the_provider_was_called_sends_it_later(world: World) -> None:
    message_id = await put(world, await meet_sam(world))
    await send.prepare(world.hub, await claims.claim(world.hub, "dead"))
    await world.push(minutes=3)
    assert world.heard() == ["Hello Sam"]
    assert (await state(world, message_id))[0] is MessageState.DELIVERED


async def test_a_crash_after_the_claim_gives_the_message_back(world: World) -> None:
    await put(world, await meet_sam(world))
    await claims.claim(world.hub, "dead")
    await world.push(minutes=2)
    assert world.heard() == ["Hello Sam"]


ORDERS = [
    [DeliveryStatus.SENT, DeliveryStatus.DELIVERED],
    [DeliveryStatus.DELIVERED, DeliveryStatus.SENT],
    [DeliveryStatus.DELIVERED, DeliveryStatus.DELIVERED],
    [DeliveryStatus.UNDELIVERED, DeliveryStatus.DELIVERED],
    [DeliveryStatus.DELIVERED, DeliveryStatus.UNDELIVERED],
]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: "-".join(order))
async def test_receipts_move_forward_only_in_whatever_order_they_come(world: World, order: list[str]) -> None:
    message_id = await put(world, await meet_sam(world))
    (departure,) = await send.prepare(world.hub, await claims.claim(world.hub, "w"))
    await outcomes.record(world.hub, message_id, departure.attempt_id, Accepted("P1"))
    for status in order:
        await record_receipt(world.hub, Receipt("P1", status))
    assert (await state(world, message_id))[0] is MessageState.DELIVERED


async def test_a_receipt_that_overtakes_our_own_record_waits_for_it(world: World) -> None:
    message_id = await put(world, await meet_sam(world))
    (departure,) = await send.prepare(world.hub, await claims.claim(world.hub, "w"))
    await record_receipt(world.hub, Receipt("P1", DeliveryStatus.DELIVERED))
    await outcomes.record(world.hub, message_id, departure.attempt_id, Accepted("P1"))
    assert (await state(world, message_id))[0] is MessageState.DELIVERED


@pytest.mark.parametrize("status", [DeliveryStatus.DELIVERED, DeliveryStatus.UNDELIVERED])
async def test_a_receipt_that_comes_while_the_send_is_being_recorded_waits_for_it(world: World, status: str) -> None:
    """Neither can see what the other has not committed yet: without the lock, both would leave it to the other."""
    message_id = await put(world, await meet_sam(world))
    await send.prepare(world.hub, await claims.claim(world.hub, "w"))
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'")
    async with world.hub.store.transaction() as session:
        await outcomes._meet(session, "P1")
        receipt = asyncio.create_task(record_receipt(world.hub, Receipt("P1", status)))
        async with asyncio.timeout(10):
            while not await session.scalar(waiting):
                assert not receipt.done(), "it went past the lock"
        message = await session.get_one(Message, message_id)
        message.provider_message_id, message.state = "P1", MessageState.SENT
    await receipt
    assert (await state(world, message_id))[0] == status


async def test_an_undelivered_receipt_tells_a_human_why(world: World) -> None:
    message_id = await put(world, await meet_sam(world))
    (departure,) = await send.prepare(world.hub, await claims.claim(world.hub, "w"))
    await outcomes.record(world.hub, message_id, departure.attempt_id, Accepted("P1"))
    await record_receipt(world.hub, Receipt("P1", DeliveryStatus.UNDELIVERED, "30006", "landline"))
    assert await state(world, message_id) == (MessageState.UNDELIVERED, "landline")
    assert await reasons(world) == ["not_delivered"]


@pytest.mark.parametrize("late", [TryLater(), Refused(), Uncertain(), Accepted("P2")])
async def test_an_answer_that_comes_after_the_message_was_settled_changes_nothing(
    world: World, late: Accepted | TryLater | Refused | Uncertain
) -> None:
    message_id = await put(world, await meet_sam(world))
    (departure,) = await send.prepare(world.hub, await claims.claim(world.hub, "w"))
    await outcomes.record(world.hub, message_id, departure.attempt_id, Accepted("P1"))
    await outcomes.record(world.hub, message_id, departure.attempt_id, late)
    assert (await state(world, message_id))[0] is MessageState.SENT


async def meet(world: World, number: int) -> int:
    async with world.hub.store.transaction() as session:
        _, conversation = await world.person(session, address=f"+4477009004{number:02}")
        return conversation.id


async def test_answers_that_come_together_are_recorded_together_each_by_its_own_rule(world: World) -> None:
    ids = [await put(world, await meet(world, n), f"text {n}") for n in range(4)]
    departures = await send.prepare(world.hub, await claims.claim(world.hub, "w"))
    await record_receipt(world.hub, Receipt("P0", DeliveryStatus.DELIVERED))  # overtakes our own record
    results = [Accepted("P0"), Accepted("P1"), Refused(meaning="landline"), TryLater()]
    await outcomes.record_all(
        world.hub,
        [outcomes.Answer(d.outgoing.message_id, d.attempt_id, r) for d, r in zip(departures, results, strict=True)],
    )
    assert [(await state(world, message_id))[0] for message_id in ids] == [
        MessageState.DELIVERED,
        MessageState.SENT,
        MessageState.FAILED,
        MessageState.QUEUED,
    ]
    async with world.hub.store.transaction() as session:
        said = [(a.outcome, a.provider_message_id) for a in await session.scalars(select(Attempt).order_by(Attempt.id))]
    assert said == [("accepted", "P0"), ("accepted", "P1"), ("refused", None), ("try_later", None)]


async def test_an_acceptance_that_comes_after_the_end_leaves_the_end_as_it_is(world: World) -> None:
    message_id = await put(world, await meet_sam(world))
    (departure,) = await send.prepare(world.hub, await claims.claim(world.hub, "w"))
    for result in (Accepted("P1"), Accepted("P2")):
        await outcomes.record_all(world.hub, [outcomes.Answer(message_id, departure.attempt_id, result)])
    async with world.hub.store.transaction() as session:
        assert (await session.get_one(Message, message_id)).provider_message_id == "P1"


async def test_what_left_and_could_not_be_recorded_is_found_at_the_provider(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: object) -> None:
        raise StoreUnavailable

    message_id = await put(world, await meet_sam(world))
    monkeypatch.setattr(outcomes, "record_all", gone)
    assert await send.send_due(world.hub, "w") == 1  # the loop goes on
    monkeypatch.undo()
    assert (await state(world, message_id))[0] is MessageState.SENDING
    await world.push(minutes=2)
    assert world.heard() == ["Hello Sam"]
    assert (await state(world, message_id))[0] is MessageState.DELIVERED
