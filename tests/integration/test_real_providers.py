"""Over real HTTP with the real SDKs: a signed webhook comes in, the answer goes out, its receipt comes back."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import select

from handrail.settings import Mode, Settings
from handrail.wiring import build_hub, build_web
from hub.catch_up import ask_providers
from hub.core import Hub
from hub.flows import Flows
from hub.receive import handle_next
from hub.send import send_due
from hub.states import Direction, MessageState
from hub.store.engine import Store
from hub.store.tables import Line, Message
from hub.store.vault import Vault
from hub.words import ChannelKind
from tests.peers.serving import serving
from tests.peers.telegram_server import TOKEN, TelegramPeer
from tests.peers.twilio_resources import ACCOUNT_SID, AUTH_TOKEN
from tests.peers.twilio_server import TwilioPeer
from tests.peers.twilio_spec import load_spec
from tests.world import AssistantOff, make_world

SMS_LINE, SAM = "+447700900001", "+447700900101"
BOT = "handrail_bot"
PAYLOADS = Path(__file__).parent.parent / "payloads" / "telegram"


@dataclass
class House:
    """The hub as `handrail serve` builds it, on a real port, beside the two providers."""

    hub: Hub
    url: str
    twilio: TwilioPeer
    telegram: TelegramPeer

    async def work(self) -> None:
        while await handle_next(self.hub, "t") or await send_due(self.hub, "t"):
            pass

    async def messages(self, direction: Direction) -> list[Message]:
        async with self.hub.store.transaction() as session:
            return list((await session.scalars(select(Message).where(Message.direction == direction))).all())


@asynccontextmanager
async def house(store: Store, flows: Flows, port: int) -> AsyncIterator[House]:
    await make_world(store, flows=flows)
    async with (
        TwilioPeer(spec=load_spec(), call_back=True).running() as twilio,
        TelegramPeer().running() as telegram,
    ):
        settings = Settings(
            mode=Mode.LIVE,
            master_key=Vault.new_master_key(),
            public_url=f"http://127.0.0.1:{port}",
            secure_cookies=False,
            twilio_account_sid=ACCOUNT_SID,
            twilio_auth_token=AUTH_TOKEN,
            twilio_api_url=twilio.url,
            telegram_token=TOKEN,
            telegram_secret="a-secret",
            telegram_bot=BOT,
            telegram_api_url=telegram.url,
        )
        hub = build_hub(settings, store.url, assistant=AssistantOff())
        async with serving(build_web(settings, hub), port) as url:
            yield House(hub, url, twilio, telegram)
        await hub.store.close()


async def test_sms_comes_in_signed_and_goes_out_through_the_real_sdk(
    store: Store, flows: Flows, unused_port: int
) -> None:
    async with house(store, flows, unused_port) as at:
        text = at.twilio.receive({"From": SAM, "To": SMS_LINE, "Body": "HELP"})
        answers = [await at.twilio.call_webhook(f"{at.url}/webhooks/sms", text) for _ in range(5)]
        assert {answer.status_code for answer in answers} == {200}
        await at.work()
        assert len(await at.messages(Direction.IN)) == 1
        (sent,) = at.twilio.accepted
        assert (sent["to"], sent["from"]) == (SAM, SMS_LINE)
        assert at.twilio.wrong_requests == []
        await at.twilio.report(sent["sid"], "delivered")
        (message,) = await at.messages(Direction.OUT)
        assert message.state is MessageState.DELIVERED
        assert message.provider_message_id == sent["sid"]


async def test_a_forged_webhook_is_refused_and_nothing_is_stored(store: Store, flows: Flows, unused_port: int) -> None:
    async with house(store, flows, unused_port) as at, httpx.AsyncClient() as forger:
        form = {"From": SAM, "To": SMS_LINE, "Body": "let me in", "MessageSid": "SM" + "0" * 32}
        for headers in ({}, {"X-Twilio-Signature": "Zm9yZ2Vk"}):
            answer = await forger.post(f"{at.url}/webhooks/sms", data=form, headers=headers)
            assert answer.status_code == 403
        assert await at.messages(Direction.IN) == []


async def test_after_an_outage_the_hub_asks_twilio_for_what_it_missed(
    store: Store, flows: Flows, unused_port: int
) -> None:
    async with house(store, flows, unused_port) as at:
        at.twilio.receive({"From": SAM, "To": SMS_LINE, "Body": "HELP"})  # its webhook failed while we were away
        assert await ask_providers(at.hub) == 1
        await at.work()
        assert len(at.twilio.accepted) == 1
        assert await ask_providers(at.hub) == 0


async def test_telegram_comes_in_with_its_secret_and_goes_out_through_the_real_library(
    store: Store, flows: Flows, unused_port: int
) -> None:
    async with house(store, flows, unused_port) as at:
        door = f"{at.url}/webhooks/telegram"
        await at.hub.channels.for_line(BOT, ChannelKind.TELEGRAM).set_webhook(at.url)  # type: ignore[attr-defined]
        update = json.loads((PAYLOADS / "text.json").read_text())
        update["message"]["text"] = "HELP"
        answers = [await at.telegram.push(update) for _ in range(3)]
        assert {answer.status_code for answer in answers} == {200}
        async with httpx.AsyncClient() as forger:
            assert (await forger.post(door, json=update | {"update_id": 1})).status_code == 403
        await at.work()
        assert len(await at.messages(Direction.IN)) == 1
        assert len(at.telegram.sent) == 1


async def test_every_line_of_the_world_has_the_channel_that_it_needs(
    store: Store, flows: Flows, unused_port: int
) -> None:
    async with house(store, flows, unused_port) as at:
        async with at.hub.store.transaction() as session:
            lines = (await session.scalars(select(Line))).all()
        kinds = {at.hub.channels.for_line(line.address, line.channel).kind for line in lines}
        assert kinds == {ChannelKind.SMS, ChannelKind.TELEGRAM, ChannelKind.WEBCHAT}
