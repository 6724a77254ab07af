"""A second opinion where the first reader is in doubt: a larger encoder, asked about few texts. Must never stand alone.

One text in eight is in doubt or may be a cry for help. The second encoder tells a cry from an ordinary text with the
same words better than the first (docs/nlu.md), and takes five times as long. What both say is multiplied: a reading
that one of them thinks impossible is out, one that both think possible stands.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message

from handrail_bot.part import Part
from handrail_bot.safety_first import SAFETY
from handrail_bot.second_reading import SecondReading
from handrail_bot.turn_context import context_of

LANGUAGE = "en"  # the only one that the second encoder was ever taught

Confidences = Mapping[str, float]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SecondReader(Part):
    """`sure`: the confidence from which the first reader's word is enough; `wary`: that of all cries together from
    which it never is; `share`: what the second reader's word counts, of one; `temperature`: see the classifier."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._second = SecondReading()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"sure": 0.4, "wary": 0.05, "share": 0.5, "temperature": 0.8}

    def process(self, messages: list[Message]) -> list[Message]:
        """Of texts that come together, a whole and its clauses, only the whole: in it alone a cry is heard."""
        whole = max(messages, key=lambda message: len(message.get("text") or ""))
        if self._in_doubt(whole):
            self._decide(whole, self._second.confidences([whole.get("text")], self.config["temperature"])[0])
        return messages

    def _in_doubt(self, message: Message) -> bool:
        ranking = message.get("intent_ranking")
        if not ranking or context_of(message.get("metadata"))["language"] != LANGUAGE:
            return False
        cries = sum(intent["confidence"] for intent in ranking if intent["name"] in SAFETY)
        return bool(ranking[0]["confidence"] < self.config["sure"] or cries >= self.config["wary"])

    def _decide(self, message: Message, row: np.ndarray) -> None:
        first = {intent["name"]: intent["confidence"] for intent in message.get("intent_ranking")}
        second = dict(zip(self._second.intents, row.tolist(), strict=True))
        both = together(first, second, self.config["share"])
        ranking = [{"name": name, "confidence": sure} for name, sure in sorted(both.items(), key=lambda i: -i[1])]
        message.set("intent", ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)


def together(first: Confidences, second: Confidences, share: float) -> dict[str, float]:
    """Their weighted geometric mean (Genest and Zidek, "Combining Probability Distributions", 1986), among the
    intents that both know; an intent that the second was never taught keeps the first's confidence."""
    known = {name: sure ** (1 - share) * second[name] ** share for name, sure in first.items() if name in second}
    scale = sum(first[name] for name in known) / max(sum(known.values()), 1e-12)
    return {name: known[name] * scale if name in known else sure for name, sure in first.items()}
