"""Short answers by their exact words: "yes", "2", "7/10", a code. Must not guess: all of it has to match.

The words are those of `flows/replies/<language>.yml`, which the hub's fast path reads too, so that an answer
means the same with the assistant and without it. They are copied into the model when it is trained.
"""

import re
import unicodedata
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file, read_yaml_file

from handrail_bot.turn_context import context_of

DECORATION = re.compile(r"[\u200d\ufe0e\ufe0f\U0001F3FB-\U0001F3FF]")  # joiners, variation selectors, skin tones
# The Gurmukhi block is named because its vowel signs are no letters to `re`: "yes" and "is" would be one word.
NOT_A_WORD = re.compile(r"[^\w\u0A00-\u0A7F\U0001F300-\U0001FAFF\u2600-\u27BF]+")
ANY_DIGIT = re.compile(r"\d")  # of any script: people with an Urdu or Punjabi keyboard have digits of their own


def normal_form(text: str) -> str:
    """Small letters, digits 0 to 9, no punctuation, no skin tones: "Yes!!", "yes." and "YES" are one."""
    folded = DECORATION.sub("", unicodedata.normalize("NFKC", text)).casefold().replace("'", "").replace("’", "")
    folded = ANY_DIGIT.sub(lambda digit: str(int(digit.group())), folded)
    return " ".join(NOT_A_WORD.sub(" ", folded).replace("_", " ").split())


NOUGHTS = ("0", "zero", "dim", "sero", "sifar", "sifr", "jeero", "صفر", "زیرو", "ਸਿਫਰ", "ਸਿਫ਼ਰ", "ਜ਼ੀਰੋ", "ਜੀਰੋ")
ZERO = {normal_form(word): "0" for word in NOUGHTS}  # the other words of `number` are ten


def language_of(name: str) -> str:
    """The `ur` of "ur-roman": Urdu in another script, and who reads Urdu may write either."""
    return name.partition("-")[0]


class Replies:
    """The exact words and patterns of every language."""

    def __init__(self, files: dict[str, dict[str, Any]]) -> None:
        self.files = files
        self._words: dict[str, dict[str, str]] = {}
        for name, file in files.items():
            self._words.setdefault(language_of(name), {}).update(self._by_word(file))
        self._ratings = [re.compile(file["patterns"]["rating"]) for file in files.values() if "patterns" in file]

    @staticmethod
    def _by_word(file: dict[str, Any]) -> dict[str, str]:
        return {normal_form(str(word)): intent for intent, words in file["words"].items() for word in words}

    def match(self, text: str, language: str) -> tuple[str, dict[str, str]] | None:
        """The generic intent of a whole text and its number or code."""
        said = normal_form(text)
        for lang in dict.fromkeys((language_of(language), "en")):
            intent = self._words.get(lang, {}).get(said)
            if intent:
                return intent, self._number_of(intent, said)
        return self._by_pattern(said)

    def _number_of(self, intent: str, said: str) -> dict[str, str]:
        if intent.startswith("option_"):
            return {"number": intent.removeprefix("option_")}
        return {"number": ZERO.get(said, "10")} if intent == "number" else {}

    def _by_pattern(self, said: str) -> tuple[str, dict[str, str]] | None:
        rating = next((found for pattern in self._ratings if (found := pattern.fullmatch(said))), None)
        if rating:
            number = rating.group("number")
            return (f"option_{number}" if 1 <= int(number) <= 9 else "number"), {"number": number}
        is_code = re.fullmatch(self.files["en"]["patterns"]["code"], said)
        return ("give_code", {"code": said.replace(" ", "").upper()}) if is_code else None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ReplyWords(GraphComponent):
    """Overrules the classifier when the whole text is an exact answer."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"replies": "flows/replies"}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._folder = Path(config["replies"])
        self._storage, self._resource = model_storage, resource
        self.replies = Replies({})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa passes it by name
    ) -> "ReplyWords":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa passes it by name
        **_: Any,
    ) -> "ReplyWords":
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.replies = Replies(read_json_file(folder / "replies.json"))
        return component

    def train(self, training_data: TrainingData) -> Resource:
        files = {path.stem: read_yaml_file(path) for path in sorted(self._folder.glob("*.yml"))}
        self.replies = Replies(files)
        with self._storage.write_to(self._resource) as folder:
            dump_obj_as_json_to_file(folder / "replies.json", files)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            matched = self.replies.match(message.get("text") or "", context_of(message.get("metadata"))["language"])
            if matched:
                self._decide(message, *matched)
        return messages

    @staticmethod
    def _decide(message: Message, intent: str, found: dict[str, str]) -> None:
        sure = {"name": intent, "confidence": 1.0}
        message.set("intent", sure, add_to_output=True)
        message.set("intent_ranking", [sure], add_to_output=True)
        entities = [
            {"entity": name, "value": value, "start": 0, "end": 0, "extractor": "ReplyWords"}
            for name, value in found.items()
        ]
        message.set("entities", entities, add_to_output=True)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data
