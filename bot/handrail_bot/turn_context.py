"""Puts what the hub says about a turn where rules can see it. Must not read the text.

The request's `awaiting`, `role` and `language` become entities of no length, Rasa maps those to slots of the
same name, and rules are conditioned on the slots. All three are set on every turn, so that none is left over.
"""

from collections.abc import Mapping
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message

from handrail_bot.part import Part

DEFAULTS = {"awaiting": "nothing", "role": "supervised", "language": "en"}


def context_of(metadata: Mapping[str, Any] | None) -> dict[str, str]:
    """The three facts of a turn, each with its default when the request does not say."""
    given = metadata or {}
    return {name: str(given.get(name) or default) for name, default in DEFAULTS.items()}


def as_entity(name: str, value: str) -> dict[str, Any]:
    return {"entity": name, "value": value, "start": 0, "end": 0, "extractor": "TurnContext"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TurnContext(Part):
    """Adds the context of a turn to what was read from its text."""

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            facts = context_of(message.get("metadata"))
            entities = message.get("entities", []) + [as_entity(*fact) for fact in facts.items()]
            message.set("entities", entities, add_to_output=True)
        return messages
