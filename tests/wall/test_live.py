"""What a browser is told as it happens: of its own side's conversations alone, whatever the other side says."""

import asyncio
import re
from random import Random

import pytest
from sqlalchemy import select
from starlette.requests import Request

from hub.store.tables import Conversation
from hub.words import Side, WorkerRole
from inbox.login import SESSION
from inbox.pages.live import events
from tests.wall.acts import write
from tests.wall.house import Desk, House
from tests.wall.households import Drawn, Member, move_in
from tests.wall.marks import OTHER, Book

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("side", list(Side))
async def test_a_page_hears_of_its_own_side_alone(house: House, side: Side) -> None:
    members = await same_numbers(house)
    stop = asyncio.Event()
    talking = asyncio.create_task(keep_talking(house, members, stop))
    try:
        heard = await listen(house, house.desk(side, WorkerRole.SUPERVISOR), enough=6)
    finally:
        stop.set()
        await talking
    own, others = [await conversations(house, each) for each in (side, OTHER[side])]
    assert heard & own
    assert heard & others == set()


async def same_numbers(house: House) -> list[Member]:
    """Households whose two records are one human with one number, in one agency."""
    found: list[Member] = []
    for number in range(4):
        drawn = Drawn("live", number)
        drawn.shared, drawn.agencies = frozenset({"number", "name", "telegram"}), dict.fromkeys(Side, 0)
        async with house.world.hub.store.transaction() as session:
            found += (await move_in(house.worlds, session, Book(), drawn)).members.values()
    await house.world.settle()
    return found


async def keep_talking(house: House, members: list[Member], stop: asyncio.Event) -> None:
    """Until nobody listens any more: the first words may come before the listener."""
    dice = Random(1)
    while not stop.is_set():
        for member in members:
            await write(house, dice, member, "he is going to kill me")
        await house.world.settle()


async def listen(house: House, desk: Desk, *, enough: int) -> set[int]:
    cookie = f"{SESSION}={desk.http.cookies[SESSION]}".encode()
    scope = {"type": "http", "app": house.app, "method": "GET", "path": "/events", "headers": [(b"cookie", cookie)]}
    heard = ""
    async with asyncio.timeout(60):
        async for part in (await events(Request(scope), house.app.state.web)).body_iterator:
            heard += str(part)
            if heard.count("event: changed") >= enough:
                break
    return {int(number) for number in re.findall(r"data: (\d+)", heard)} - {1} | _one(heard)


def _one(heard: str) -> set[int]:
    """`data: 1` also says that somebody cries for help; the conversation with that number has an event of its own."""
    return {1} if "event: conversation-1\n" in heard else set()


async def conversations(house: House, side: Side) -> set[int]:
    async with house.world.hub.store.transaction() as session:
        return set(await session.scalars(select(Conversation.id).where(Conversation.side == side)))
