"""Days on which much goes wrong, and what is printed of them: ids, and nobody's name, number, address or words."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hub import catch_up
from hub.appointments import schedule
from hub.errors import TryLater
from hub.ports import Decision, Outgoing, Turn
from hub.words import ChannelKind
from integrations.channels.simulator import Faults, Simulator
from scheduler.clock import tick
from scheduler.upkeep import UPKEEP
from tests.spool.conftest import SAM, House, opened
from tests.spool.conftest import settings as settings
from tests.world import World

pytestmark = pytest.mark.slow

NAME, CHAT, PLACE = "Zebedee Quill", "700900777", "17 Larkspur Gardens"
PERSONAL = ("Zebedee", "Quill", "900101", CHAT, "Larkspur", "umbrella", "marmalade", "kill", "Reply 1")


class Confused:
    """An assistant whose errors quote what it was asked."""

    async def decide(self, turn: Turn) -> Decision:
        raise ValueError(f"cannot read {turn.text!r}")


class Broken(Simulator):
    """A carrier whose errors quote whom they were to reach."""

    async def send(self, outgoing: Outgoing) -> Any:
        raise ValueError(f"cannot reach {outgoing.to} to say {outgoing.text!r}")

    async def received_since(self, *_: object) -> Any:
        raise TryLater(f"for {SAM}")


async def meet(world: World) -> None:
    async with world.hub.store.transaction() as session:
        sam, _ = await world.person(session, name=NAME)
        await world.person(session, name=NAME, channel=ChannelKind.TELEGRAM, address=CHAT)
        starts_at = world.clock.now() + timedelta(days=3)
        await schedule(world.hub, session, "hub", person=sam, starts_at=starts_at, with_whom="Priya", place=PLACE)


async def live(house: House, part: int) -> None:
    world = house.world
    await house.text("my umbrella is broken", f"SM{part}1")
    await world.simulator.text(CHAT, "handrail_bot", "marmalade", channel=ChannelKind.TELEGRAM)
    async with house.away():
        await house.text("i want to kill myself", f"SM{part}2")
        await house.text("marmalade", f"SM{part}3")
        await asyncio.gather(*(tick(world.hub, upkeep) for upkeep in UPKEEP))
    await house.doors.drain()
    await world.settle()
    world.simulator.set_faults(Faults(seed=3, refuse=0.3, try_later=0.3, uncertain_after=0.3))
    await world.push(hours=6)
    await catch_up.ask_providers(world.hub)


async def test_nothing_personal_is_printed_whatever_goes_wrong(
    world: World, settings: Any, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    await meet(world)
    broken = Broken(world.clock)
    wrongs: list[dict[str, Any]] = [{}, {"assistant": Confused()}, {"channels": Everywhere(broken)}]
    for part, parts in enumerate(wrongs):
        hurt = replace(world, hub=replace(world.hub, **parts))
        async with opened(hurt, settings) as house:
            await live(house, part)
    lines = logged()
    assert {"store_unavailable", "crisis_text_waits", "channel_failed", "provider_list_unavailable"} <= {
        line["event"] for line in lines
    }
    printed = json.dumps(lines)
    assert [word for word in PERSONAL if word in printed] == []
    assert not [line for line in lines if "dropped" in line], "and nobody even tried"


class Everywhere:
    def __init__(self, channel: Any) -> None:
        self._channel = channel

    def for_line(self, *_: object) -> Any:
        return self._channel
