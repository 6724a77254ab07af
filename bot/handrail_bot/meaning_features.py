"""Gives the classifier the meaning of a text beside its spelling. Must not know any intent.

Paraphrases share no letters with the examples (docs/nlu.md has the figures). What all vectors have in common
says nothing, so the mean of the examples is taken off and what is left brought to length one.
"""

import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from handrail_bot import meaning_graph
from handrail_bot.meaning import Encoder, each_of_length_one

GRAPH, CENTRE = "meaning.onnx", "centre.npy"
SAMPLE = 1500  # examples are enough for a mean of 768 numbers


def weights() -> Path:
    """The archive of weights, as its package installed it."""
    package = find_spec("all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise RuntimeError("The encoder's weights are not installed. Run `uv sync --project bot`.")
    return Path(package.origin).with_name("model.zip")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class MeaningFeatures(GraphComponent):
    """One dense vector a text, of its plain words. The graph and the mean are kept in the model."""

    def __init__(self, storage: ModelStorage, resource: Resource) -> None:
        self._storage, self._resource = storage, resource
        self._encoder: Encoder | None = None
        self._centre: np.ndarray = np.zeros(0)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003 - Rasa passes these by name
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> "MeaningFeatures":
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],  # noqa: ARG003
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
        **_: Any,
    ) -> "MeaningFeatures":
        component = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._encoder = Encoder(weights(), folder / GRAPH)
            component._centre = np.load(folder / CENTRE)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        with self._storage.write_to(self._resource) as folder:
            meaning_graph.write(weights(), folder / GRAPH)
            examples = [message for message in training_data.training_examples if message.get(TOKENS_NAMES[TEXT])]
            step = max(1, len(examples) // SAMPLE)
            texts = [plain_words(message) for message in examples[::step]]
            encoder = Encoder(weights(), folder / GRAPH, threads=os.cpu_count() or 1)
            np.save(folder / CENTRE, encoder.encode(texts).mean(axis=0))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        with_text = [message for message in messages if message.get(TOKENS_NAMES[TEXT])]
        for message, vector in zip(with_text, self._vectors(with_text), strict=True):
            message.add_features(Features(vector[None, :], FEATURE_TYPE_SENTENCE, TEXT, "MeaningFeatures"))
        return messages

    def _vectors(self, messages: Sequence[Message]) -> np.ndarray:
        if self._encoder is None:
            raise RuntimeError("MeaningFeatures was not trained.")
        return each_of_length_one(self._encoder.encode([plain_words(m) for m in messages]) - self._centre)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data


def plain_words(message: Message) -> str:
    return " ".join(token.lemma for token in message.get(TOKENS_NAMES[TEXT]))
