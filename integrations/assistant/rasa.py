"""Asks the Rasa assistant over HTTP what a turn means. Must not know rules, wording or anything of a person.

Slow, broken or silent, it is `AssistantUnavailable`: the hub then works by numbers and keywords alone.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx

from hub.errors import AssistantUnavailable
from hub.ports import Clock, Command, Decision, Turn

TIMEOUT_SECONDS = 2.0  # a turn takes about 20 ms; after this a human takes it
FAILURES_TO_OPEN = 3
PAUSE = timedelta(seconds=5)


class Circuit:
    """Stops asking for a while after repeated failures: a dead assistant must not hold up every text."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures = 0
        self._closed_again_at: datetime | None = None

    def refuse_while_open(self) -> None:
        """Raises AssistantUnavailable during the pause."""
        if self._closed_again_at and self._clock.now() < self._closed_again_at:
            raise AssistantUnavailable("It failed several times and is left alone for some seconds.")

    def succeeded(self) -> None:
        self._failures = 0
        self._closed_again_at = None

    def failed(self) -> None:
        """Counts; after the pause one more failure opens it again."""
        self._failures += 1
        if self._failures >= FAILURES_TO_OPEN:
            self._closed_again_at = self._clock.now() + PAUSE


class RasaAssistant:
    """`hub.ports.Assistant` over the bot's `POST /webhooks/handrail/turn`."""

    def __init__(self, base_url: str, token: str, clock: Clock, timeout: float = TIMEOUT_SECONDS) -> None:
        self._circuit = Circuit(clock)
        self._client = httpx.AsyncClient(
            base_url=base_url,
            headers={"authorization": f"Bearer {token}"},
            timeout=timeout,
            transport=httpx.AsyncHTTPTransport(retries=1),  # httpx repeats failed connects only, never a sent turn
        )

    async def decide(self, turn: Turn) -> Decision:
        """Raises AssistantUnavailable on any error of transport, status or form."""
        self._circuit.refuse_while_open()
        try:
            decision = decision_from(await self._ask(turn))
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            self._circuit.failed()
            raise AssistantUnavailable(f"({type(error).__name__})") from error
        self._circuit.succeeded()
        return decision

    async def _ask(self, turn: Turn) -> Mapping[str, Any]:
        answer = await self._client.post("/webhooks/handrail/turn", json=as_json(turn))
        answer.raise_for_status()
        content: Mapping[str, Any] = answer.json()
        return content

    async def aclose(self) -> None:
        await self._client.aclose()


def as_json(turn: Turn) -> dict[str, str]:
    return {
        "conversation": turn.conversation,
        "text": turn.text,
        "awaiting": turn.awaiting.value,
        "role": turn.role.value,
        "language": turn.language,
    }


def decision_from(answer: Mapping[str, Any]) -> Decision:
    """Raises KeyError, TypeError, ValueError or AttributeError when the answer is not of the agreed form."""
    return Decision(
        commands=tuple(command_from(said) for said in answer["commands"]),
        decided_by="assistant",
        intent=str(answer["intent"]),
        confidence=float(answer["confidence"]),
        runners_up=tuple((str(name), float(confidence)) for name, confidence in answer["runners_up"]),
    )


def command_from(said: Mapping[str, Any]) -> Command:
    return Command(str(said["do"]), {name: str(value) for name, value in said.items() if name != "do"})
