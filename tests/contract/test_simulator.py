"""What the simulator promises beyond the port: phones to look at, receipts, faults that repeat by seed."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.errors import Refused, StoreUnavailable, TryLater, Uncertain
from hub.ports import DeliveryStatus
from hub.words import ChannelKind
from integrations.channels.simulator import Faults, Simulator
from tests.contract.doors import Doors
from tests.contract.rigs import LINE, PHONE, YES_NO, FixedClock, outgoing

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def doors():
    return Doors()


def simulator(doors, clock=None, **faults):
    built = Simulator(clock or FixedClock(), Faults(**faults))
    built.connect(doors.accept, doors.record_receipt)
    return built


async def test_a_phone_shows_both_directions_in_order(doors):
    phones = simulator(doors)
    await phones.send(outgoing(PHONE, "Can you come?", choices=YES_NO))
    await phones.text(PHONE, LINE, "yes")
    await phones.send(outgoing(PHONE, "Thank you."))
    shown = phones.phones.texts(PHONE)
    assert [(t.text, t.to_phone) for t in shown] == [
        ("Can you come?", True),
        ("yes", False),
        ("Thank you.", True),
    ]
    assert shown[0].choices == YES_NO


async def test_a_text_from_a_phone_reaches_the_hub_as_the_kind_of_its_line(doors):
    await simulator(doors).text("any name will do", LINE, "hello", channel=ChannelKind.SMS)
    (inbound,) = doors.inbound
    assert (inbound.sender, inbound.line_address, inbound.text) == ("any name will do", LINE, "hello")
    assert inbound.channel is ChannelKind.SMS


async def test_one_can_wait_for_a_text(doors):
    phones = simulator(doors)
    waiting = asyncio.create_task(phones.wait_for_text(PHONE, 2))
    await phones.send(outgoing(PHONE, "first"))
    await phones.text(PHONE, LINE, "not counted")
    assert not waiting.done()
    await phones.send(outgoing(PHONE, "second"))
    assert (await asyncio.wait_for(waiting, 5)).text == "second"


async def test_one_can_watch_a_phone(doors):
    phones = simulator(doors)
    await phones.send(outgoing(PHONE, "before"))
    seen = []

    async def watch():
        async for text in phones.stream(PHONE, seen=0):
            seen.append(text.text)
            if len(seen) == 3:
                return

    watching = asyncio.create_task(watch())
    await phones.text(PHONE, LINE, "hello")
    await phones.send(outgoing("+447700900999", "to another phone"))
    await phones.send(outgoing(PHONE, "after"))
    await asyncio.wait_for(watching, 5)
    assert seen == ["before", "hello", "after"]


async def test_receipts_come_when_asked_for_sent_before_delivered(doors):
    phones = simulator(doors)
    accepted = await phones.send(outgoing(PHONE))
    assert doors.receipts == []
    assert await phones.push_receipts() == 2
    assert [(r.provider_message_id, r.status) for r in doors.receipts] == [
        (accepted.provider_message_id, DeliveryStatus.SENT),
        (accepted.provider_message_id, DeliveryStatus.DELIVERED),
    ]
    assert await phones.push_receipts() == 0


async def test_a_receipt_that_could_not_be_recorded_comes_again(doors):
    phones = simulator(doors)
    await phones.send(outgoing(PHONE))
    doors.shut = True
    with pytest.raises(StoreUnavailable):
        await phones.push_receipts()
    doors.shut = False
    assert await phones.push_receipts() == 2


async def test_receipts_can_come_twice_late_and_in_the_wrong_order(doors):
    clock = FixedClock()
    phones = simulator(doors, clock, duplicate_receipt=1, late_receipt=1, reordered_receipts=1)
    await phones.send(outgoing(PHONE))
    assert await phones.push_receipts() == 0
    clock.forward(timedelta(hours=4))
    await phones.push_receipts()
    assert [receipt.status for receipt in doors.receipts] == ["delivered", "sent", "sent"]


async def test_while_running_receipts_come_by_themselves(doors):
    phones, stop = simulator(doors), asyncio.Event()
    recorded = asyncio.Event()

    async def record(receipt):
        recorded.set()

    phones.connect(doors.accept, record)
    running = asyncio.create_task(phones.run(stop, every_seconds=0.01))
    await phones.send(outgoing(PHONE))
    await asyncio.wait_for(recorded.wait(), 5)
    stop.set()
    await asyncio.wait_for(running, 5)


async def test_a_webhook_can_come_twice(doors):
    await simulator(doors, duplicate_inbound=1).text(PHONE, LINE, "hello")
    assert len(doors.inbound) == 2
    assert doors.inbound[0] == doors.inbound[1]


async def test_what_a_webhook_lost_is_in_the_carriers_list(doors):
    phones = simulator(doors, lost_inbound=1)
    lost = await phones.text(PHONE, LINE, "hello")
    assert doors.inbound == []
    assert list(await phones.received_since(LINE, LONG_AGO)) == [lost]
    assert list(await phones.received_since("+447700900002", LONG_AGO)) == []
    assert list(await phones.received_since(LINE, lost.received_at + timedelta(seconds=1))) == []


async def test_what_the_hub_could_not_store_is_in_the_carriers_list(doors):
    phones, doors.shut = simulator(doors), True
    with pytest.raises(StoreUnavailable):
        await phones.text(PHONE, LINE, "hello")
    assert [inbound.text for inbound in await phones.received_since(LINE, LONG_AGO)] == ["hello"]


async def test_a_text_can_get_lost_behind_the_carrier_which_says_so(doors):
    phones = simulator(doors, lost=1)
    await phones.send(outgoing(PHONE))
    await phones.push_receipts()
    assert [receipt.status for receipt in doors.receipts] == ["sent", "undelivered"]
    assert phones.phones.received(PHONE) == ()


async def test_a_text_can_reach_its_phone_an_hour_later(doors):
    clock = FixedClock()
    phones = simulator(doors, clock, delayed=1)
    await phones.send(outgoing(PHONE))
    assert phones.phones.received(PHONE) == ()
    clock.forward(timedelta(hours=1))
    await phones.push_receipts()
    assert len(phones.phones.received(PHONE)) == 1


async def test_a_webhook_can_come_after_that_of_a_later_text(doors):
    clock = FixedClock()
    phones = simulator(doors, clock, reordered_inbound=1)
    await phones.text(PHONE, LINE, "first")
    phones.set_faults(Faults())
    await phones.text(PHONE, LINE, "second")
    clock.forward(timedelta(minutes=2))
    await phones.push_receipts()
    assert [inbound.text for inbound in doors.inbound] == ["second", "first"]


async def test_receipts_can_be_about_nobody_and_against_what_was_said(doors):
    phones = simulator(doors, wrong_receipt=1)
    accepted = await phones.send(outgoing(PHONE))
    await phones.push_receipts()
    own = [r.status for r in doors.receipts if r.provider_message_id == accepted.provider_message_id]
    assert own == ["sent", "delivered", "sent"]
    assert len(doors.receipts) == 4


async def test_a_carrier_that_has_too_much_says_when_to_come_again():
    with pytest.raises(TryLater) as told:
        await Simulator(FixedClock(), Faults(throttle=1)).send(outgoing(PHONE))
    assert told.value.after == timedelta(seconds=45)


async def outcomes(seed):
    phones = Simulator(FixedClock(), Faults(seed, 0.2, 0.2, 0.2, 0.2))
    course, message = [], replace(outgoing(PHONE), message_id=1)
    for _ in range(100):
        try:
            await phones.send(message)
        except (Refused, TryLater, Uncertain) as error:
            course.append(error.code)
        else:
            course.append("accepted")
    return course


async def test_the_same_seed_gives_the_same_course_of_faults():
    assert await outcomes(7) == await outcomes(7) != await outcomes(8)
    assert set(await outcomes(7)) == {"accepted", "refused", "try_later", "uncertain"}


def test_faults_that_cannot_all_happen_are_refused():
    with pytest.raises(ValueError, match="more than 1"):
        Faults(refuse=0.6, try_later=0.6)
