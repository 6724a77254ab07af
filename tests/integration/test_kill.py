"""`kill -9` of worker and web in the middle of 1,000 texts each way: nothing lost, nothing sent twice.

And two workers that are killed and restarted at random while they send: 600 texts, or as many as HANDRAIL_KILL_SENDS
says (50,000 by hand).

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
from contextlib import ExitStack, contextmanager
from datetime import time
from pathlib import Path
from random import Random

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
from hub.store.vault import Key
from hub.words import Priority, Purpose
from tests.peers.twilio_resources import ACCOUNT_SID, AUTH_TOKEN
from tests.peers.twilio_webhooks import sign
from tests.world import MASTER_KEY, ROOT, World, make_world

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
LINE = "+447700900001"
PEOPLE, EACH = 50, 20  # a thousand texts out, a thousand in
SENDS = int(os.environ.get("HANDRAIL_KILL_SENDS", "600"))
MOST_KILLS = max(6, SENDS // 100)  # then they are left to finish
Condition = Callable[[], Awaitable[bool]]
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


async def until(condition: Condition, seconds: float, what: str) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.2)  # a look at another process, bounded by the timeout
    assert await condition(), what


def phone(number: int) -> str:
    return f"+447700900{100 + number}"


async def fill(world: World, people: int = PEOPLE, each: int = EACH) -> list[int]:
    """So many people, and so many texts for each."""
    ids = []
    async with world.hub.store.transaction() as session:
        agency = await session.get_one(Agency, world.agency_id)
        agency.contact_from, agency.contact_until = time(0), time.max  # the clock is real: it may be night
        agency.daily_texts = max(10, each)
        for number in range(people):
            _, conversation = await world.person(session, address=phone(number))
            first = await queue(
                world.hub,
                session,
                conversation,
                purpose=Purpose.REMINDER,
                priority=Priority.REMINDER,
                body=f"reminder {number}-0",
            )
            key = world.hub.vault.open_person_key(conversation.person.wrapped_key or b"")
            others = [another(key, first, f"reminder {number}-{text}") for text in range(1, each)]
            session.add_all(others)
            await session.flush()
            ids += [first.id, *(message.id for message in others)]
    return ids


def another(key: Key, first: Message, body: str) -> Message:
    """The same with other words, without the ceremony: fifty thousand of them are wanted."""
    same = ("conversation_id", "line_id", "direction", "state", "state_at", "created_at", "purpose", "rank", "due_at")
    return Message(**{name: getattr(first, name) for name in same}, body_sealed=key.seal(body, "body"))


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


def settings_of(hub: Hub, provider: str, web: str, port: int) -> dict[str, str]:
    return {
        "HANDRAIL_MODE": "live",
        "HANDRAIL_DATABASE_URL": hub.store.url,
        "HANDRAIL_MASTER_KEY": MASTER_KEY,
        "HANDRAIL_PUBLIC_URL": web,
        "HANDRAIL_PORT": str(port),
        "HANDRAIL_SECURE_COOKIES": "false",
        "HANDRAIL_TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "HANDRAIL_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "HANDRAIL_TWILIO_API_URL": provider,
        "HANDRAIL_BOT_URL": "http://127.0.0.1:9",  # Rasa is off: every text goes to a human
    }


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
        settings = settings_of(hub, provider, web, unused_port)

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

        async def kill(victim: subprocess.Popen[str], when: Condition, what: str) -> None:
            await until(when, 120, what)
            victim.send_signal(signal.SIGKILL)

        with process("-m", "handrail", "serve", **settings) as first_web:
            await until(up, 40, "the web is up")
            with process("-m", "handrail", "worker", **settings) as first_worker:
                async with httpx.AsyncClient(timeout=30) as client:
                    writing = asyncio.create_task(write_everything(client, provider, web))
                    await asyncio.gather(
                        kill(first_web, in_the_middle_of_receiving, "the web is in the middle"),
                        kill(first_worker, in_the_middle_of_sending, "the worker is in the middle"),
                        writing,
                    )
        assert sum(body.startswith("reminder ") for body in taken(log)) < len(outgoing)
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


async def all_sent(hub: Hub) -> bool:
    return await count(hub, Direction.OUT, *set(MessageState).difference(FINAL)) == 0


async def kill_at_random(hub: Hub, settings: dict[str, str], lot: Random) -> int:
    """Two workers until everything is sent; every few seconds one of them is killed and started again. How often."""
    killed = 0
    with ExitStack() as alive:
        workers = [alive.enter_context(process("-m", "handrail", "worker", **settings)) for _ in range(2)]
        while not await all_sent(hub):
            await asyncio.sleep(lot.uniform(2, 12))  # a start takes three: some die before they have done anything
            which = lot.randrange(2)
            workers[which].send_signal(signal.SIGKILL)
            killed += 1
            workers[which] = alive.enter_context(process("-m", "handrail", "worker", **settings))
            if killed >= MOST_KILLS:
                break
        await until(lambda: all_sent(hub), max(300, SENDS / 5), "everything is sent")
    return killed


@pytest.mark.timeout(max(500, SENDS // 5))
async def test_two_workers_killed_at_random_send_each_text_exactly_once(
    world: World, unused_port: int, tmp_path: Path
) -> None:
    log, people = tmp_path / "taken.jsonl", min(SENDS // 10, 800)
    await fill(world, people, SENDS // people)
    with process("-m", "tests.peers.twilio_server", "--log", str(log), "--unchecked") as carrier:
        assert carrier.stdout
        provider = carrier.stdout.readline().split()[1]
        web = f"http://127.0.0.1:{unused_port}"
        killed = await kill_at_random(world.hub, settings_of(world.hub, provider, web, unused_port), Random(7))
    bodies = taken(log)
    assert killed >= 2
    assert len(bodies) == SENDS // people * people, "lost"
    assert set(bodies.values()) == {1}, "sent twice"
