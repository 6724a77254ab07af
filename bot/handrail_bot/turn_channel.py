"""The one door of the assistant: `POST /webhooks/handrail/turn`, a text with its context in, commands out.

Must not keep or log a text. The address is meant for the hub alone, on loopback or a private network.
"""

import hmac
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from handrail_bot.clauses import clauses, commands_of_clauses, is_exact
from handrail_bot.commands import Command
from handrail_bot.number_first import number_first
from handrail_bot.rulebook import Rulebook
from handrail_bot.safety_first import SAFETY
from handrail_bot.stretches import cry, stretches, with_clauses, with_stretches
from handrail_bot.turn_context import DEFAULTS, context_of
from handrail_bot.understanding import Parsed, understand

TOKEN_VARIABLE = "HANDRAIL_BOT_TOKEN"  # noqa: S105 - its name, not the secret
LONGEST_TEXT = 4096  # characters: the longest of Telegram; by SMS come 1,600 at most (Twilio)


class TurnChannel(InputChannel):
    """Answers turns. Refuses to start without a token, so that no open door is left by mistake."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()
        self._rules: Rulebook | None = None

    @classmethod
    def name(cls) -> str:
        return "handrail"

    @classmethod
    def from_credentials(cls, _: Mapping[str, Any] | None) -> "TurnChannel":
        token = os.environ.get(TOKEN_VARIABLE, "")
        if not token:
            raise SystemExit(f"{TOKEN_VARIABLE} is not set. Set it to the same secret here and in the hub.")
        return cls(token)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        door = Blueprint("handrail_turns")

        @door.get("/")
        async def health(request: Request) -> HTTPResponse:
            ready = agent_of(request) is not None
            return response.json({"ready": ready}, status=200 if ready else 503)

        @door.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            if not self._is_ours(request):
                return response.json({"error": "not_allowed"}, status=401)
            agent = agent_of(request)
            if agent is None:
                return response.json({"error": "not_ready"}, status=503)
            asked = request.json
            if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
                return response.json({"error": "bad_request"}, status=400)
            return response.json(await answer(self._rules_of(agent), asked))

        return door

    def _rules_of(self, agent: Agent) -> Rulebook:
        if self._rules is None or self._rules.agent is not agent:
            self._rules = Rulebook(agent)
        return self._rules

    def _is_ours(self, request: Request) -> bool:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), self._token)


def agent_of(request: Request) -> Agent | None:
    agent = getattr(request.app.ctx, "agent", None)
    return agent if agent is not None and agent.is_ready() else None


async def answer(rules: Rulebook, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One turn. The text is read as a whole, and clause by clause when it has several."""
    # To Rasa a leading slash names an intent ("/restart"); from a person it is a slip of the thumb.
    text, context = asked["text"][:LONGEST_TEXT].lstrip("/ "), context_of(asked)
    first = number_first(text, context["awaiting"])
    return await (_counted(rules, context, *first) if first else _in_words(rules, context, text))


async def _counted(rules: Rulebook, context: dict[str, str], number: str, why: str) -> dict[str, Any]:
    """Of what is said besides the number only a cry for help counts: it is why, no other matter."""
    answered, read = understand(rules.agent, [number, why], context)
    heard = [command for command in await rules.commands_for(why, read, context) if command["do"] in SAFETY]
    return as_json(answered, [*heard, *await rules.commands_for(number, answered, context)])


async def _in_words(rules: Rulebook, context: dict[str, str], text: str) -> dict[str, Any]:
    # Where free words are asked for, a second clause is part of the answer.
    parts = clauses(text) if context["awaiting"] != "survey_text" else []
    whole, *read = understand(rules.agent, [text, *parts], context)
    frightening = [part for part, parsed in zip(parts, read, strict=True) if cry(parsed, SAFETY)]
    # Each by itself: of texts that come together the second reader reads one.
    if long := stretches(text):
        whole = with_stretches(whole, [understand(rules.agent, [each], context)[0] for each in long], SAFETY)
    elif frightening and not cry(whole, SAFETY) and not is_exact(whole):
        whole = with_clauses(whole, [understand(rules.agent, [each], context)[0] for each in frightening], SAFETY)
    commands = await rules.commands_for(text, whole, context)
    if not is_exact(whole):
        each = [(p, await rules.commands_for(part, p, context)) for part, p in zip(parts, read, strict=True)]
        commands = commands_of_clauses(commands, each, whole["intent"]["confidence"])
    return as_json(whole, commands)


def as_json(parsed: Parsed, commands: list[Command]) -> dict[str, Any]:
    intent = parsed["intent"]
    others = [i for i in parsed.get("intent_ranking", []) if i["name"] != intent["name"]]
    return {
        "intent": intent["name"],
        "confidence": round(float(intent["confidence"]), 4),
        "runners_up": [[i["name"], round(float(i["confidence"]), 4)] for i in others[:3]],
        "entities": {e["entity"]: e["value"] for e in reversed(parsed["entities"]) if e["entity"] not in DEFAULTS},
        "commands": commands,
    }
