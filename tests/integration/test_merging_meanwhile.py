"""A text comes in at the very moment at which two records become one: it is neither lost nor sealed for nobody."""

import asyncio

import pytest
from sqlalchemy import text

from hub.merging import merge
from hub.ports import Inbound
from hub.receive import accept
from hub.store.tables import Conversation, Message, Person, Worker
from hub.words import ChannelKind, Side
from tests.integration.test_merging import SECOND, pair
from tests.world import World

pytestmark = pytest.mark.slow


async def somebody_waits(world: World) -> None:
    """Until a transaction waits for another's lock."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    while True:
        async with world.hub.store.transaction() as session:
            if await session.scalar(waiting):
                return
        await asyncio.sleep(0)


@pytest.mark.parametrize("known", [True, False], ids=["has_written_before", "writes_for_the_first_time"])
async def test_a_text_that_comes_in_at_that_moment_can_be_read(world: World, *, known: bool) -> None:
    """It was to be sealed for the record that is no more: it waits, looks again, and is sealed for who stays."""
    keep, other = await pair(world)
    if known:
        await world.text("hello", SECOND)
    now = world.clock.now()
    comes = Inbound("+447700900001", ChannelKind.SMS, SECOND, "at-that-moment", "where do i go", now)
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        kept, gone = await session.get_one(Person, keep), await session.get_one(Person, other)
        await merge(world.hub, session, worker, kept, gone)
        accepting = asyncio.create_task(accept(world.hub, comes))
        await somebody_waits(world)
    message_id = await accepting
    async with world.hub.store.transaction() as session:
        message = await session.get_one(Message, message_id)
        talk = await session.get_one(Conversation, message.conversation_id)
        assert talk.person_id == keep
        key = world.hub.vault.open_person_key(talk.person.wrapped_key or b"")
        assert key.open(message.body_sealed or b"", "body") == "where do i go"
