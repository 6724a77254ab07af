"""PostgreSQL is away: the provider is told 200, the text is on disk, and is taken in once and in order afterwards."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from handrail.settings import Settings
from hub.errors import StoreUnavailable
from hub.outbox import queue
from hub.ports import Inbound
from hub.spool import doors as doors_module
from hub.spool.folder import BLOCK
from hub.states import MessageState
from hub.store.tables import ContactPoint, Conversation, Escalation, Line, Message, StoredReceipt
from hub.words import Priority, Purpose
from tests.spool.conftest import KIM, SAM, House, opened
from tests.world import World


async def test_texts_that_arrive_while_the_store_is_away_are_taken_in_when_it_is_back(house: House) -> None:
    async with house.away():
        answers = [await house.text(f"text {n}", f"SM{n}") for n in range(5)]
        assert await house.doors.drain() == 0
    assert answers == [200] * 5
    assert await house.stored() == []
    assert await house.doors.drain() == 5
    assert await house.stored() == [f"text {n}" for n in range(5)]
    assert house.doors.waiting().number == 0
    assert await house.doors.drain() == 0


async def test_after_a_kill_the_next_start_takes_in_what_waits(world: World, settings: Settings) -> None:
    async with opened(world, settings) as house, house.away():
        await house.text("can i come at 3", "SM1")
        await house.text("stop", "SM2", KIM)
    async with opened(world, settings) as again:
        assert await again.doors.drain() == 2
        assert sorted(await again.stored()) == ["can i come at 3", "stop"]


async def test_a_text_taken_in_before_a_crash_is_not_taken_in_twice(house: House) -> None:
    async with house.away():
        await house.text("hello", "SM1")
    (name,) = house.doors._folder.names()
    sealed = (house.doors._folder.path / name).read_bytes()
    await house.doors.drain()
    (house.doors._folder.path / name).write_bytes(sealed)  # as if it had been killed before the file was removed
    await house.doors.drain()
    assert await house.stored() == ["hello"]


async def test_the_same_webhook_five_times_while_away_is_one_text(house: House) -> None:
    async with house.away():
        for _ in range(5):
            await house.text("hello", "SM1")
    await house.doors.drain()
    assert await house.stored() == ["hello"]


async def test_a_text_that_comes_when_the_store_is_just_back_does_not_overtake(house: House) -> None:
    async with house.away():
        await house.text("first", "SM1")
    await house.text("second", "SM2")
    await house.text("somebody else", "SM3", KIM)
    assert await house.stored() == []
    await house.doors.drain()
    await house.doors.drain()
    stored = await house.stored()
    assert sorted(stored) == ["first", "second", "somebody else"]
    assert stored.index("first") < stored.index("second")


async def test_while_texts_of_one_sender_wait_those_of_another_go_straight_in(house: House) -> None:
    async with house.away():
        await house.text("first", "SM1")
    house.doors._away = False  # the store has been seen
    assert await house.text("somebody else", "SM3", KIM) == 200
    assert await house.text("second", "SM2") == 200
    assert await house.stored() == ["somebody else"]


async def test_the_second_text_waits_until_the_fate_of_the_first_is_known(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store fails slowly for the first text and is back for the second: they keep their order."""
    fails, real = asyncio.Event(), doors_module.accept
    asked: list[str] = []

    async def accept(hub: object, inbound: Inbound) -> int | None:
        asked.append(inbound.text)
        if inbound.text == "first" and len(asked) == 1:
            await fails.wait()
            raise StoreUnavailable
        return await real(house.world.hub, inbound)

    monkeypatch.setattr(doors_module, "accept", accept)
    first = asyncio.create_task(house.text("first", "SM1"))
    second = asyncio.create_task(house.text("second", "SM2"))
    while not asked:
        await asyncio.sleep(0)
    fails.set()
    assert await asyncio.gather(first, second) == [200, 200]
    await house.doors.drain()
    assert await house.stored() == ["first", "second"]


async def test_a_store_that_does_not_answer_is_away_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(doors_module, "accept", hang)
    monkeypatch.setattr(doors_module, "PATIENCE", 0.01)
    assert await house.text("hello", "SM1") == 200
    assert house.doors.waiting().by_kind == {"text": 1}


async def test_stop_is_obeyed_once_it_is_taken_in(house: House) -> None:
    async with house.world.hub.store.transaction() as session:
        await house.world.person(session)
    async with house.away():
        await house.text("STOP", "SM1")
    await house.doors.drain()
    await house.world.settle()
    async with house.world.hub.store.transaction() as session:
        assert (await session.scalars(select(ContactPoint))).one().stopped_at
    assert len(house.world.heard()) == 1, "told once that it has stopped"


async def test_receipts_wait_too_and_move_their_message_once(house: House) -> None:
    hub = house.world.hub
    async with hub.store.transaction() as session:
        _, conversation = await house.world.person(session)
        message = await queue(
            hub, session, conversation, purpose=Purpose.REMINDER, priority=Priority.REMINDER, body="Hello"
        )
        message.state, message.provider_message_id = MessageState.SENT, "SM9"
    async with house.away():
        assert await house.receipt("SM9", "delivered") == 204
        assert await house.receipt("SM9", "sent") == 204
        assert house.doors.waiting().by_kind == {"receipt": 2}
    await house.doors.drain()
    async with hub.store.transaction() as session:
        assert (await session.get_one(Message, message.id)).state is MessageState.DELIVERED
        assert await session.scalar(select(func.count()).select_from(StoredReceipt)) == 2


async def test_what_cannot_be_read_is_set_aside_and_holds_up_nothing(
    house: House, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    async with house.away():
        await house.text("first", "SM1")
        (name,) = house.doors._folder.names()
        await house.text("second", "SM2")
    damaged = house.doors._folder.path / name
    damaged.write_bytes(damaged.read_bytes()[:-1])
    await house.doors.drain()
    assert await house.stored() == ["second"]
    assert (damaged.parent / "aside" / name).exists()
    assert house.doors.waiting().aside == 1
    assert [line["file"] for line in logged() if line["event"] == "spool_set_aside"] == [name]


async def test_a_text_to_a_line_that_is_no_longer_ours_is_set_aside(house: House, world: World) -> None:
    async with house.away():
        await house.text("hello", "SM1")
    async with world.hub.store.transaction() as session:
        (await session.scalars(select(Line).where(Line.address == "+447700900001"))).one().address = "+447700900009"
    await house.doors.drain()
    assert house.doors.waiting().aside == 1


async def test_a_cry_for_help_is_an_error_in_the_log_by_ids_alone_and_is_counted(
    house: House, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    async with house.away():
        await house.text("i want to kill myself", "SM1")
        assert house.doors.waiting().by_kind == {"crisis": 1}
    lines = logged()
    (cry,) = [line for line in lines if line["event"] == "crisis_text_waits"]
    assert (cry["level"], cry["provider_id"]) == ("error", "SM1")
    for personal in ("kill", SAM, "900101"):
        assert personal not in str(lines)
    await house.doors.drain()
    await house.world.settle()
    async with house.world.hub.store.transaction() as session:
        assert "crisis_self" in list(await session.scalars(select(Escalation.reason)))


async def test_when_the_disk_is_full_too_the_provider_is_told_to_come_again(house: House) -> None:
    house.doors._folder._room = BLOCK
    async with house.away():
        assert await house.text("first", "SM1") == 200
        assert await house.text("second", "SM2") == 503
    await house.doors.drain()
    assert await house.stored() == ["first"]
    assert await house.text("third", "SM3") == 200


async def test_a_disk_that_refuses_keeps_nobody_from_trying_the_store_again(house: House, tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file where the folder should be")
    async with house.away():
        assert await house.text("first", "SM1") == 503
    stop = asyncio.Event()
    draining = asyncio.create_task(house.doors.keep_draining(stop))
    async with asyncio.timeout(20):
        while await house.text("second", "SM2") != 200:
            pass
    stop.set()
    await draining
    assert await house.stored() == ["second"]


async def test_while_it_is_served_what_waits_is_taken_in_by_itself(house: House) -> None:
    async with house.away():
        await house.text("hello", "SM1")
    stop = asyncio.Event()
    draining = asyncio.create_task(house.doors.keep_draining(stop))
    async with asyncio.timeout(20):
        while not await house.stored():
            pass
    stop.set()
    await draining
    async with house.world.hub.store.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Conversation)) == 1
