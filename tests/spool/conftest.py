"""The house as `handrail serve` builds it, on a real port; its PostgreSQL can go away, and it can be started again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from handrail.settings import Mode, Settings
from handrail.wiring import build_web
from hub.spool.doors import Doors
from hub.states import Direction
from hub.store.tables import Message
from tests.peers.serving import serving
from tests.peers.twilio_resources import ACCOUNT_SID, AUTH_TOKEN
from tests.peers.twilio_webhooks import post_form
from tests.web.conftest import without_database
from tests.world import MASTER_KEY, World

LINE, SAM, KIM = "+447700900001", "+447700900101", "+447700900102"


@dataclass
class House:
    world: World
    app: FastAPI
    url: str

    @property
    def doors(self) -> Doors:
        doors: Doors = self.app.state.web.doors
        return doors

    def away(self) -> Any:
        """`async with house.away():` PostgreSQL cannot be reached."""
        return without_database(self.world)

    async def text(self, body: str, sid: str, sender: str = SAM) -> int:
        form = {"From": sender, "To": LINE, "Body": body, "MessageSid": sid, "NumMedia": "0"}
        return (await post_form(f"{self.url}/webhooks/sms", form, auth_token=AUTH_TOKEN)).status_code

    async def receipt(self, sid: str, status: str) -> int:
        form = {"MessageSid": sid, "MessageStatus": status}
        return (await post_form(f"{self.url}/webhooks/sms/status", form, auth_token=AUTH_TOKEN)).status_code

    async def stored(self) -> list[str]:
        """The texts that came in, in the order in which they are handled."""
        hub = self.world.hub
        async with hub.store.transaction() as session:
            wanted = select(Message).where(Message.direction == Direction.IN).order_by(Message.id)
            found = (await session.scalars(wanted)).all()
            return [await self._words(session, message) for message in found]

    async def _words(self, session: Any, message: Message) -> str:
        from hub.store.tables import Conversation

        person = (await session.get_one(Conversation, message.conversation_id)).person
        return self.world.hub.vault.open_person_key(person.wrapped_key).open(message.body_sealed, "body")


@pytest.fixture
def settings(tmp_path: Path, unused_port: int) -> Settings:
    return Settings(
        mode=Mode.LIVE,
        master_key=MASTER_KEY,
        data_folder=tmp_path,
        public_url=f"http://127.0.0.1:{unused_port}",
        secure_cookies=False,
        twilio_account_sid=ACCOUNT_SID,
        twilio_auth_token=AUTH_TOKEN,
    )


@asynccontextmanager
async def opened(world: World, settings: Settings) -> AsyncIterator[House]:
    """Drained by the test's own word (`house.doors.drain()`), so that it can look at the moments in between."""
    app = build_web(settings, world.hub)
    async with serving(app, int(settings.public_url.rpartition(":")[2])) as url:
        yield House(world, app, url)


@pytest.fixture
async def house(world: World, settings: Settings) -> AsyncIterator[House]:
    async with opened(world, settings) as found:
        yield found
