"""Finds a number, a code, a time or a language inside a longer text. Must not decide what the text wants.

How each is read stands in `ratings`, `spoken_codes` and `time_spans`.
"""

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message

from handrail_bot.part import Part
from handrail_bot.ratings import number_in
from handrail_bot.spoken_codes import code_in
from handrail_bot.time_spans import time_in

LANGUAGES = {
    "en": r"english|saesneg|angielsk\w*",
    "cy": r"welsh|cymraeg|gymraeg|nghymraeg",
    "pl": r"polish|polsk\w*",
    "ur-roman": r"urdu",
    "ro": r"romanian|rom[aâ]n[aă]\w*",
}


def language_in(text: str) -> str | None:
    named = [code for code, words in LANGUAGES.items() if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)]
    return named[0] if len(named) == 1 else None


READERS = {"number": number_in, "time": time_in, "language": language_in, "code": code_in}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ReplyParts(Part):
    """Adds what the text holds; a command takes from it what its response asks for."""

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            entities = message.get("entities", [])
            known = {entity["entity"] for entity in entities}
            message.set("entities", entities + self._read(message, known), add_to_output=True)
        return messages

    @staticmethod
    def _read(message: Message, known: set[str]) -> list[dict[str, Any]]:
        found = {name: read(message.get("text") or "") for name, read in READERS.items() if name not in known}
        name_the_option(message, found.get("number"))
        return [
            {"entity": name, "value": value, "start": 0, "end": 0, "extractor": "ReplyParts"}
            for name, value in found.items()
            if value
        ]


def name_the_option(message: Message, number: str | None) -> None:
    """The classifier learns one intent for all numbers; rules know 1 to 9 as option_1 to option_9."""
    intent = message.get("intent") or {}
    if intent.get("name") == "number" and number and 1 <= int(number) <= 9:
        message.set("intent", {**intent, "name": f"option_{number}"}, add_to_output=True)
