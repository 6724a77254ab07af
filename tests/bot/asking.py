"""Asks the real assistant from a test."""

from pathlib import Path
from typing import Any

import httpx

from integrations.assistant.server import BotServer

ROOT = Path(__file__).parents[2]


def ask(bot: BotServer, text: str, **context: str) -> dict[str, Any]:
    """The assistant's whole answer to one text; `context` is awaiting, role, language."""
    answer = httpx.post(
        f"{bot.base_url}/webhooks/handrail/turn",
        json={"conversation": "a test", "text": text, **context},
        headers={"authorization": f"Bearer {bot.token}"},
        timeout=10,
    )
    answer.raise_for_status()
    content: dict[str, Any] = answer.json()
    return content


def commands(bot: BotServer, text: str, **context: str) -> list[str]:
    return [command["do"] for command in ask(bot, text, **context)["commands"]]
