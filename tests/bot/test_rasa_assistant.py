"""The client of the assistant against a real HTTP server on this machine that misbehaves on demand."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from hub.errors import AssistantUnavailable
from hub.ports import Command, Turn
from hub.words import Awaiting, Role
from integrations.assistant.rasa import PAUSE, RasaAssistant

TURN = Turn("c-1", "cant make it", Awaiting.APPOINTMENT_CONFIRMATION, Role.SUPERVISED, "en")
GOOD = {
    "intent": "cannot_attend",
    "confidence": 0.9,
    "runners_up": [["ask_to_move", 0.05]],
    "entities": {"time": "tues"},
    "commands": [{"do": "cannot_attend"}, {"do": "ask_to_move", "time": "tues"}],
}


@dataclass
class SetClock:
    time: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@dataclass
class Peer:
    """Answers every request with `status` and `body`, or never when `silent`. Keeps what it was asked."""

    status: str = "200 OK"
    body: bytes = json.dumps(GOOD).encode()
    silent: bool = False
    requests: list[bytes] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(next(line.split(b":")[1] for line in head.splitlines() if b"content-length" in line.lower()))
        self.requests.append(head + await reader.readexactly(length))
        if self.silent:
            await reader.read()  # until the client gives up
        else:
            answer = f"HTTP/1.1 {self.status}\r\ncontent-length: {len(self.body)}\r\nconnection: close\r\n\r\n"
            writer.write(answer.encode() + self.body)
            await writer.drain()
        writer.close()


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    peer = Peer()
    server = await asyncio.start_server(peer.serve, "127.0.0.1", 0)
    peer.port = server.sockets[0].getsockname()[1]
    yield peer
    server.close()
    await server.wait_closed()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def assistant(peer: Peer, clock: SetClock) -> AsyncIterator[RasaAssistant]:
    assistant = RasaAssistant(f"http://127.0.0.1:{peer.port}", "the-token", clock, timeout=0.2)
    yield assistant
    await assistant.aclose()


async def test_a_turn_goes_out_with_its_context_and_comes_back_as_commands(
    assistant: RasaAssistant, peer: Peer
) -> None:
    decision = await assistant.decide(TURN)
    assert decision.commands == (Command("cannot_attend"), Command("ask_to_move", {"time": "tues"}))
    assert (decision.decided_by, decision.intent, decision.confidence) == ("assistant", "cannot_attend", 0.9)
    assert decision.runners_up == (("ask_to_move", 0.05),)
    head, _, body = peer.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /webhooks/handrail/turn ")
    assert b"Bearer the-token" in head
    assert json.loads(body) == {
        "conversation": "c-1",
        "text": "cant make it",
        "awaiting": "appointment_confirmation",
        "role": "supervised",
        "language": "en",
    }


@pytest.mark.parametrize("status", ["401 Unauthorized", "404 Not Found", "500 Internal Server Error", "302 Found"])
async def test_any_other_status_means_unavailable(assistant: RasaAssistant, peer: Peer, status: str) -> None:
    peer.status = status
    with pytest.raises(AssistantUnavailable):
        await assistant.decide(TURN)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        json.dumps({**GOOD, "confidence": "high"}).encode(),
        json.dumps({**GOOD, "commands": [{"say": "hello"}]}).encode(),
        json.dumps({**GOOD, "commands": "none"}).encode(),
        json.dumps({**GOOD, "runners_up": [1]}).encode(),
    ],
)
async def test_an_answer_of_another_form_means_unavailable(assistant: RasaAssistant, peer: Peer, body: bytes) -> None:
    peer.body = body
    with pytest.raises(AssistantUnavailable):
        await assistant.decide(TURN)


async def test_an_assistant_that_never_answers_is_given_up_and_the_turn_not_repeated(
    assistant: RasaAssistant, peer: Peer
) -> None:
    peer.silent = True
    with pytest.raises(AssistantUnavailable):
        await assistant.decide(TURN)
    assert len(peer.requests) == 1


async def test_nobody_listening_means_unavailable(clock: SetClock) -> None:
    assistant = RasaAssistant("http://127.0.0.1:9", "t", clock)
    with pytest.raises(AssistantUnavailable):
        await assistant.decide(TURN)
    await assistant.aclose()


async def test_after_three_failures_it_is_left_alone_for_five_seconds_and_then_asked_again(
    assistant: RasaAssistant, peer: Peer, clock: SetClock
) -> None:
    peer.status = "500 Internal Server Error"
    for _ in range(4):
        with pytest.raises(AssistantUnavailable):
            await assistant.decide(TURN)
    assert len(peer.requests) == 3
    peer.status = "200 OK"
    clock.time += PAUSE - timedelta(milliseconds=1)
    with pytest.raises(AssistantUnavailable):
        await assistant.decide(TURN)
    clock.time += timedelta(milliseconds=1)
    assert (await assistant.decide(TURN)).commands
    assert len(peer.requests) == 4


async def test_a_success_forgets_earlier_failures(assistant: RasaAssistant, peer: Peer) -> None:
    for status in ["500 Oh", "500 Oh", "200 OK", "500 Oh", "500 Oh"]:
        peer.status = status
        try:
            await assistant.decide(TURN)
        except AssistantUnavailable:
            assert status == "500 Oh"
    peer.status = "200 OK"
    assert (await assistant.decide(TURN)).commands
