"""Leans towards what was asked. Must not rule anything out: a cry for help may answer any question.

"Not a good moment" means one thing to "is it safe to talk?" and another to "how are you?". The confidences of
the intents that `expected.yml` lists for the open question are multiplied, then all sum to one again.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.utils.io import read_yaml_file

from handrail_bot.part import Part
from handrail_bot.turn_context import context_of

EXPECTED: Mapping[str, list[str]] = read_yaml_file(Path(__file__).with_suffix(".yml"))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Expected(Part):
    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"factor": 4.0}

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            expected = EXPECTED.get(context_of(message.get("metadata"))["awaiting"])
            ranking = message.get("intent_ranking")
            if expected and ranking:
                self._lean(message, ranking, expected)
        return messages

    def _lean(self, message: Message, ranking: list[dict[str, Any]], expected: list[str]) -> None:
        weights = {
            i["name"]: i["confidence"] * (self.config["factor"] if i["name"] in expected else 1) for i in ranking
        }
        total = sum(weights.values())
        leaned = [{"name": name, "confidence": weight / total} for name, weight in weights.items()]
        leaned.sort(key=lambda intent: -intent["confidence"])
        message.set("intent", leaned[0], add_to_output=True)
        message.set("intent_ranking", leaned, add_to_output=True)
