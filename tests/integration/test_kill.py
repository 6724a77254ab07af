"""`kill -9` of worker and web in the middle of 1,000 texts each way: nothing lost, nothing sent twice.

Real processes, real HTTP, the real Twilio SDK; counted at the provider, which is a process of its own.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import time
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from hub.clock import SystemClock
from hub.core import Hub
from hub.flows import Flows
from hub.outbox import queue
from hub.states import Direction, MessageState
from hub.store.engine import Store
from hub.store.tables import Agency, Message, TurnRecord
from hub.words import Priority, Purpose
from tests.peers.twilio_resources import ACCOUNT_SID, AUTH_TOKEN
from tests.peers.twilio_webhooks import sign
from tests.world import MASTER_KEY, ROOT, World, make_world

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
LINE = "+447700900001"
PEOPLE, EACH = 50, 20  # a thousand texts out, a thousand in
FINAL = (MessageState.SENT, MessageState.DELIVERED)


@contextmanager
def process(*command: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", *command],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


async def until(condition: Callable[[], Awaitable[bool]], seconds: float, what: str) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.2)  # a look at another process, bounded by the timeout
    assert await condition(), what


def phone(number: int) -> str:
    return f"+4477009001{number:02}"


async def fill(world: World) -> list[int]:
    """Fifty people, and twenty texts for each."""
    hub = world.hub
    async with hub.store.transaction() as session:
        agency = await session.get_one(Agency, world.agency_id)
        agency.contact_from, agency.contact_until = time(0), time.max  # the clock is real: it may be night
        ids = []
        for number in range(PEOPLE):
            _, conversation = await world.person(session, address=phone(number))
            for text in range(EACH):
                message = await queue(
                    hub,
                    session,
                    conversation,
                    purpose=Purpose.REMINDER,
                    priority=Priority.REMINDER,
                    body=f"reminder {number}-{text}",
                )
                ids.append(message.id)
        return ids


async def count(hub: Hub, direction: Direction, *states: MessageState) -> int:
    async with hub.store.transaction() as session:
        wanted = (
            select(func.count()).select_from(Message).where(Message.direction == direction, Message.state.in_(states))
        )
        return await session.scalar(wanted) or 0


def taken(log: Path) -> Counter[str]:
    lines = log.read_text().splitlines() if log.exists() else []
    return Counter(json.loads(line)["body"] for line in lines)


async def write_everything(client: httpx.AsyncClient, provider: str, web: str) -> None:
    """A thousand signed webhooks. Like Twilio, each is tried once: what meets a dead process is missed."""
    gate, door = asyncio.Semaphore(8), f"{web}/webhooks/sms"

    async def write(number: int, text: int) -> None:
        async with gate:
            form = {"From": phone(number), "To": LINE, "Body": f"hello {number}-{text}"}
            # Told to the provider's own list first, as a real text reaches Twilio before its webhook is called.
            params = (await client.post(f"{provider}/_peer/inbound", json=form)).json()
            try:
                signed = {"X-Twilio-Signature": sign(AUTH_TOKEN, door, params)}
                await client.post(door, data=params, headers=signed)
            except httpx.HTTPError:
                return

    await asyncio.gather(*(write(number, text) for text in range(EACH) for number in range(PEOPLE)))


@pytest.fixture
async def world(store: Store, flows: Flows) -> World:
    return await make_world(store, flows=flows, clock=SystemClock())  # type: ignore[arg-type]


async def test_kill_in_the_middle_of_everything(world: World, unused_port: int, tmp_path: Path) -> None:
    hub, log = world.hub, tmp_path / "taken.jsonl"
    outgoing = await fill(world)
    web = f"http://127.0.0.1:{unused_port}"
    peer = ("-m", "tests.peers.twilio_server", "--log", str(log), "--unchecked")
    with process(*peer) as carrier:
        assert carrier.stdout
        provider = carrier.stdout.readline().split()[1]
        settings = {
            "HANDRAIL_MODE": "live",
            "HANDRAIL_DATABASE_URL": hub.store.url,
            "HANDRAIL_MASTER_KEY": MASTER_KEY,
            "HANDRAIL_PUBLIC_URL": web,
            "HANDRAIL_PORT": str(unused_port),
            "HANDRAIL_SECURE_COOKIES": "false",
            "HANDRAIL_TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "HANDRAIL_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "HANDRAIL_TWILIO_API_URL": provider,
            "HANDRAIL_BOT_URL": "http://127.0.0.1:9",  # Rasa is off: every text goes to a human
        }

        async def up() -> bool:
            async with httpx.AsyncClient() as client:
                try:
                    return (await client.get(f"{web}/health/live")).is_success
                except httpx.HTTPError:
                    return False

        async def in_the_middle_of_receiving() -> bool:
            return await count(hub, Direction.IN, *MessageState) >= 250

        async def in_the_middle_of_sending() -> bool:
            return len(taken(log)) >= 250

        with process("-m", "handrail", "serve", **settings) as first_web:
            await until(up, 40, "the web is up")
            with process("-m", "handrail", "worker", **settings) as first_worker:
                async with httpx.AsyncClient(timeout=30) as client:
                    writing = asyncio.create_task(write_everything(client, provider, web))
                    await until(in_the_middle_of_receiving, 120, "the web is in the middle")
                    first_web.send_signal(signal.SIGKILL)
                    await until(in_the_middle_of_sending, 120, "the worker is in the middle")
                    first_worker.send_signal(signal.SIGKILL)
                    await writing
        assert len(taken(log)) < len(outgoing)
        assert await count(hub, Direction.IN, *MessageState) < PEOPLE * EACH

        async def all_done() -> bool:
            waiting = await count(hub, Direction.IN, MessageState.RECEIVED)
            received = await count(hub, Direction.IN, *MessageState)
            unsent = await count(hub, Direction.OUT, *set(MessageState).difference(FINAL))
            return received == PEOPLE * EACH and waiting == 0 and unsent == 0

        with process("-m", "handrail", "serve", **settings), process("-m", "handrail", "worker", **settings):
            await until(all_done, 240, "everything is done")

    bodies = taken(log)
    reminders = {body: n for body, n in bodies.items() if body.startswith("reminder ")}
    assert len(reminders) == PEOPLE * EACH, "lost on the way out"
    assert set(reminders.values()) == {1}, "sent twice"
    async with hub.store.transaction() as session:
        turns = Counter(await session.scalars(select(TurnRecord.message_id)))
    assert len(turns) == PEOPLE * EACH, "a text that nobody decided about"
    assert set(turns.values()) == {1}, "a text handled twice"
