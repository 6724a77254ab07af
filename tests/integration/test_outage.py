"""PostgreSQL is stopped and the web is killed: every text that Twilio was told 200 for is there, once, in order.

A real PostgreSQL, a real process, real signed webhooks over HTTP.
"""

import asyncio
import signal
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from hub.clock import SystemClock
from hub.flows import Flows
from hub.states import Direction
from hub.store.engine import Store
from hub.store.local_postgres import LocalPostgres
from hub.store.migrate import upgrade
from hub.store.tables import Conversation, Message
from tests.integration.test_kill import process
from tests.peers.twilio_resources import ACCOUNT_SID, AUTH_TOKEN
from tests.peers.twilio_webhooks import sign
from tests.world import MASTER_KEY, VAULT, make_world

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
LINE, PEOPLE, EACH = "+447700900001", 8, 12


@pytest.fixture
def own_postgres() -> Iterator[LocalPostgres]:
    folder = tempfile.TemporaryDirectory(prefix="handrail-outage-")
    with folder, LocalPostgres(Path(folder.name), fast=True) as server:
        yield server


@asynccontextmanager
async def web(url: str, settings: dict[str, str]) -> AsyncIterator[object]:
    with process("-m", "handrail", "serve", **settings) as running:
        async with asyncio.timeout(60), httpx.AsyncClient(base_url=url) as client:
            while True:
                try:
                    if (await client.get("/health/ready")).is_success:
                        break
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        yield running


async def write(client: httpx.AsyncClient, door: str, sender: int, number: int) -> bool:
    """Whether Twilio was told that the text is taken."""
    params = {
        "From": f"+4477009001{sender:02}",
        "To": LINE,
        "Body": f"{sender}-{number}",
        "MessageSid": f"SM{sender}-{number}",
    }
    try:
        answer = await client.post(door, data=params, headers={"X-Twilio-Signature": sign(AUTH_TOKEN, door, params)})
    except httpx.TransportError:
        return False
    return answer.status_code == 200


def waiting(spool: Path) -> list[Path]:
    """Letters that were taken; what a killed process was still writing (`.half`) was never answered."""
    return [path for path in spool.iterdir() if path.suffix and path.suffix != ".half"]


async def stored(store: Store) -> dict[str, list[str]]:
    """Each person's texts, in the order in which they are handled."""
    found = defaultdict[str, list[str]](list)
    async with store.transaction() as session:
        wanted = select(Message).where(Message.direction == Direction.IN).order_by(Message.id)
        for message in (await session.scalars(wanted)).all():
            person = (await session.get_one(Conversation, message.conversation_id)).person
            words = VAULT.open_person_key(person.wrapped_key or b"").open(message.body_sealed or b"", "body")
            found[words.split("-")[0]].append(words)
    return found


async def test_every_text_that_was_taken_is_there_once_and_in_order(
    own_postgres: LocalPostgres, flows: Flows, unused_port: int, tmp_path: Path
) -> None:
    database = own_postgres.create_database("outage")
    upgrade(database)
    store = Store(database)
    await make_world(store, flows=flows, clock=SystemClock())  # type: ignore[arg-type]
    await store.close()
    url = f"http://127.0.0.1:{unused_port}"
    settings = {
        "HANDRAIL_MODE": "live",
        "HANDRAIL_DATABASE_URL": database,
        "HANDRAIL_DATA_FOLDER": str(tmp_path),
        "HANDRAIL_MASTER_KEY": MASTER_KEY,
        "HANDRAIL_PUBLIC_URL": url,
        "HANDRAIL_PORT": str(unused_port),
        "HANDRAIL_SECURE_COOKIES": "false",
        "HANDRAIL_TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "HANDRAIL_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "HANDRAIL_TWILIO_API_URL": "http://127.0.0.1:9",
    }
    taken: list[str] = []

    async def conversation(client: httpx.AsyncClient, sender: int, numbers: range) -> None:
        for number in numbers:
            if await write(client, f"{url}/webhooks/sms", sender, number):
                taken.append(f"{sender}-{number}")

    async def everybody(numbers: range) -> None:
        async with httpx.AsyncClient(timeout=30) as client:
            await asyncio.gather(*(conversation(client, sender, numbers) for sender in range(PEOPLE)))

    async with web(url, settings) as running:
        await everybody(range(3))
        await asyncio.to_thread(own_postgres.stop)
        await everybody(range(3, 6))
        assert len(taken) == PEOPLE * 6, "while PostgreSQL is away each is told 200"
        writing = asyncio.create_task(everybody(range(6, 9)))
        while len(taken) < PEOPLE * 7:
            await asyncio.sleep(0.01)
        running.send_signal(signal.SIGKILL)  # type: ignore[attr-defined]
        await writing
    async with web(url, settings) as running:  # it starts although PostgreSQL is away
        writing = asyncio.create_task(everybody(range(9, EACH)))
        await asyncio.to_thread(own_postgres.start)
        await writing
        store = Store(database)
        async with asyncio.timeout(60):
            while sum(map(len, (await stored(store)).values())) < len(taken) or waiting(tmp_path / "spool"):
                await asyncio.sleep(0.1)
        found = await stored(store)
        await store.close()
    for sender in range(PEOPLE):
        wanted = [words for words in taken if words.startswith(f"{sender}-")]
        assert [words for words in found[str(sender)] if words in wanted] == wanted
        assert len(set(found[str(sender)])) == len(found[str(sender)])
