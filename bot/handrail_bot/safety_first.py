"""Leans towards safety: a text that may be a cry for help is treated as one. Must never lean the other way.

A frightened text often looks like several safety intents at once, each too weak to win. Their confidences are
therefore added up: when together they reach the threshold, the strongest of them is the answer.
A human reads it at once; a needless alarm costs a minute.
"""

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message

from handrail_bot.part import Part

SAFETY = frozenset(
    {"crisis_self", "danger_now", "threat_to_others", "harm_to_child", "domestic_abuse", "medical_emergency"}
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SafetyFirst(Part):
    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"threshold": 0.3}

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = message.get("intent_ranking") or []
            safety = [intent for intent in ranking if intent["name"] in SAFETY]
            together = sum(intent["confidence"] for intent in safety)
            if safety and together >= self.config["threshold"]:
                self._decide(message, {"name": safety[0]["name"], "confidence": together}, ranking)
        return messages

    @staticmethod
    def _decide(message: Message, intent: dict[str, Any], ranking: list[dict[str, Any]]) -> None:
        others = [other for other in ranking if other["name"] != intent["name"]]
        message.set("intent", intent, add_to_output=True)
        message.set("intent_ranking", [intent, *others], add_to_output=True)
