"""What the rules say to an intent in a context: asked of Rasa's policy once each, then remembered.

The policy keeps nothing between turns (stateless.py) and sees of a turn its intent, `awaiting` and `role` alone
(hub/exact_replies.py refuses rules with other conditions), so the same three always give the same responses.
That is most of Rasa's work on a turn, 8 of 10 ms. Must not remember a text.
"""

from collections.abc import Mapping
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from handrail_bot.commands import Command, Template, fill

Parsed = Mapping[str, Any]
Key = tuple[str, str, str]


class Rulebook:
    """Belongs to one loaded model: a new model is a new rulebook."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self._known: dict[Key, list[Template]] = {}

    async def commands_for(self, text: str, parsed: Parsed, context: dict[str, str]) -> list[Command]:
        """The commands for a parsed text, filled with what was read in it."""
        key = parsed["intent"]["name"], context["awaiting"], context["role"]
        if key not in self._known:
            self._known[key] = await self._ask(text, parsed, context)
        heard = {entity["entity"]: str(entity["value"]) for entity in reversed(parsed["entities"])}
        return [fill(template, heard) for template in self._known[key]]

    async def _ask(self, text: str, parsed: Parsed, context: dict[str, str]) -> list[Template]:
        said = CollectingOutputChannel()
        await self.agent.handle_message(
            UserMessage(text, said, "turn", parse_data=dict(parsed), input_channel="handrail", metadata=context)
        )
        return [message["custom"] for message in said.messages if "custom" in message]
