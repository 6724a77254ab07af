"""One confidence for each intent, from spelling, meaning and neighbours. Must not know what an intent means."""

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import softmax

from handrail_bot import neighbours
from handrail_bot.examples import lines
from handrail_bot.features import Features, learn
from handrail_bot.neighbours import Neighbours
from handrail_bot.regression import fit

LEARNED = "classifier.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Classifier(GraphComponent, IntentClassifier):
    """`C`: how little the weights are held back; `spelling`: its weight beside meaning.

    `temperature`: what the scores are divided by before they become confidences. On texts like the examples the
    classifier is as sure as it says; on other people's it is not, and this brings what it says back to what it can
    (Guo and others, "On Calibration of Modern Neural Networks", 2017).
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._features: Features | None = None
        self._neighbours: Neighbours | None = None
        self._intents: list[str] = []
        self._weights, self._bias = np.zeros((0, 0)), np.zeros(0)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"C": 60.0, "spelling": 1.4, "temperature": 1.2}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa passes these by name
    ) -> "Classifier":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
        **_: Any,
    ) -> "Classifier":
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._features, component._neighbours = Features(folder), Neighbours(folder)
            learned = np.load(folder / LEARNED)
        component._intents = learned["intents"].tolist()
        component._weights, component._bias = learned["weights"], learned["bias"]
        return component

    def train(self, training_data: TrainingData) -> Resource:
        examples = [(text, block.get(INTENT)) for block in training_data.intent_examples for text in lines(block)]
        texts = [text for text, _ in examples]
        intents, wanted = np.unique([intent for _, intent in examples], return_inverse=True)
        with self._storage.write_to(self._resource) as folder:
            spelling, meaning = learn(texts, folder)
            weights, bias = fit(spelling * np.float32(self._config["spelling"]), meaning, wanted, self._config["C"])
            neighbours.learn(meaning, wanted, folder)
            np.savez(folder / LEARNED, intents=intents, weights=weights, bias=bias)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """All at once: much of the work is done once for a text and its clauses."""
        said = [message for message in messages if (message.get(TEXT) or "").strip()]
        for message in messages:
            message.set(INTENT, {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}, True)
            message.set(INTENT_RANKING_KEY, [], True)
        for message, confidences in zip(said, self._confidences([message.get(TEXT) for message in said]), strict=True):
            ranking = self._ranking(confidences)
            message.set(INTENT, ranking[0], True)
            message.set(INTENT_RANKING_KEY, ranking, True)
        return messages

    def _confidences(self, texts: list[str]) -> np.ndarray:
        """[texts, intents], each row summing to one: halfway between what the regression and the neighbours say."""
        if self._features is None or self._neighbours is None or not texts:
            return np.zeros((len(texts), len(self._intents)))
        spelling, meaning = self._features.of(texts)
        cut = spelling.shape[1]
        scores = spelling @ self._weights[:cut] * self._config["spelling"] + meaning @ self._weights[cut:] + self._bias
        confidences = softmax(scores / self._config["temperature"], axis=1)
        return np.asarray((confidences + self._neighbours.votes(meaning, confidences)) / 2)

    def _ranking(self, confidences: np.ndarray) -> list[dict[str, Any]]:
        """Every intent with its confidence, the likeliest first."""
        order = np.argsort(-confidences)
        return [{INTENT_NAME_KEY: self._intents[i], PREDICTED_CONFIDENCE_KEY: float(confidences[i])} for i in order]
