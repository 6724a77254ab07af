"""One rig for each implementation of the `Channel` port: the channel, and levers that make it fail."""

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from hub.ports import Channel, Choice, Outgoing
from integrations.channels.simulator import Faults, Simulator
from integrations.channels.sms_twilio import TwilioSms
from integrations.channels.telegram import TelegramChannel
from integrations.channels.webchat import WebChat
from tests.peers import telegram_server, twilio_server
from tests.peers.telegram_server import TelegramPeer
from tests.peers.twilio_server import TwilioPeer
from tests.peers.twilio_spec import load_spec

LINE = "+447700900001"
PHONE = "+447700900123"
CHAT = "700900123"
_ids = itertools.count(1)


@dataclass
class FixedClock:
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.at

    def forward(self, by: timedelta) -> None:
        self.at += by


def outgoing(
    to: str, text: str = "Your appointment is on Tuesday at 10am.", line: str = LINE, **more: object
) -> Outgoing:
    return Outgoing(message_id=next(_ids), line_address=line, to=to, text=text, **more)  # type: ignore[arg-type]


YES_NO = (Choice("1", "Yes, I will come"), Choice("2", "No"))


class Rig(Protocol):
    channel: Channel
    address: str

    def texts(self) -> Sequence[str]:
        """What the provider has taken, in order."""
        ...

    def busy(self) -> None: ...
    def refusing(self) -> str:
        """Make the provider refuse for good; returns the meaning that this must have."""
        ...

    def break_before_taking(self) -> None: ...
    def break_after_taking(self) -> None: ...


class TwilioRig:
    def __init__(self, peer: TwilioPeer) -> None:
        self.peer = peer
        self.address = PHONE
        self.clock = FixedClock()
        self.channel = TwilioSms(
            twilio_server.ACCOUNT_SID,
            twilio_server.AUTH_TOKEN,
            status_callback_url="https://texts.example.org/webhooks/sms/status",
            clock=self.clock,
            api_base_url=peer.url,
            timeout_seconds=0.5,
        )

    def texts(self) -> list[str]:
        return [message["body"] for message in self.peer.accepted]

    def busy(self) -> None:
        self.peer.fail_next(twilio_server.Fault.BUSY)

    def refusing(self) -> str:
        self.peer.refuse(PHONE, 21610)
        return "opted_out"

    def break_before_taking(self) -> None:
        self.peer.fail_next(twilio_server.Fault.DROP_BEFORE)

    def break_after_taking(self) -> None:
        self.peer.fail_next(twilio_server.Fault.DROP_AFTER)


class TelegramRig:
    def __init__(self, peer: TelegramPeer) -> None:
        self.peer = peer
        self.address = CHAT
        self.clock = FixedClock()
        self.channel = TelegramChannel(
            telegram_server.TOKEN,
            line_address="handrail_test_bot",
            secret_token="a-secret-of-the-test",
            clock=self.clock,
            base_url=peer.url,
            timeout_seconds=0.5,
        )

    def texts(self) -> list[str]:
        return [message["text"] for message in self.peer.sent]

    def busy(self) -> None:
        self.peer.fail_next(telegram_server.Fault.BUSY)

    def refusing(self) -> str:
        self.peer.refusals[CHAT] = (403, "Forbidden: bot was blocked by the user")
        return "opted_out"

    def break_before_taking(self) -> None:
        self.peer.fail_next(telegram_server.Fault.DROP_BEFORE)

    def break_after_taking(self) -> None:
        self.peer.fail_next(telegram_server.Fault.DROP_AFTER)


class SimulatorRig:
    def __init__(self) -> None:
        self.address = PHONE
        self.channel = Simulator(FixedClock())

    def texts(self) -> list[str]:
        return [text.text for text in self.channel.phones.received(PHONE)]

    def busy(self) -> None:
        self.channel.set_faults(Faults(try_later=1))

    def refusing(self) -> str:
        self.channel.set_faults(Faults(refuse=1))
        return "unknown_number"

    def break_before_taking(self) -> None:
        self.channel.set_faults(Faults(uncertain_before=1))

    def break_after_taking(self) -> None:
        self.channel.set_faults(Faults(uncertain_after=1))


class WebChatRig:
    """Has no provider, so nothing to break: only the tests that every channel can take are run on it."""

    def __init__(self) -> None:
        self.address = "chat-700900123"
        self.channel = WebChat()


@asynccontextmanager
async def twilio_rig() -> AsyncIterator[TwilioRig]:
    async with TwilioPeer(spec=load_spec()).running() as peer:
        rig = TwilioRig(peer)
        yield rig
        await rig.channel.aclose()
        assert peer.wrong_requests == []


@asynccontextmanager
async def telegram_rig() -> AsyncIterator[TelegramRig]:
    async with TelegramPeer().running() as peer:
        rig = TelegramRig(peer)
        yield rig
        await rig.channel.aclose()


@asynccontextmanager
async def simulator_rig() -> AsyncIterator[SimulatorRig]:
    yield SimulatorRig()


@asynccontextmanager
async def webchat_rig() -> AsyncIterator[WebChatRig]:
    yield WebChatRig()


RIGS = {"simulator": simulator_rig, "twilio": twilio_rig, "telegram": telegram_rig, "webchat": webchat_rig}
