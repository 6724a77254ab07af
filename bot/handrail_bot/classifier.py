"""One confidence for each intent, from spelling and from meaning. Must not know what an intent means."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix
from scipy.special import softmax

from handrail_bot.examples import lines
from handrail_bot.features import Features, learn
from handrail_bot.regression import fit
from handrail_bot.text_speak import plain_words

LEARNED, BY_HEART = "classifier.npz", "by_heart.joblib"
# Of the confidence of a text that is an example word for word: what was asked may still turn it, and too little is left
# for a cry to have the second reader asked.
KNOWN = 0.96
Linear = tuple[np.ndarray, np.ndarray]  # weights [features, intents], bias [intents]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Classifier(GraphComponent, IntentClassifier):
    """Two regressions, each fitted alone: fitted together, the meaning, which the encoder was taught on these very
    examples, left nothing to learn from spelling. `spelling`: what its scores count beside those of meaning, of one;
    `spelling_C`, `meaning_C`: how little each is held back; `large`: what spelling's features are multiplied by.

    `temperature`: what the scores are divided by before they become confidences. On texts like the examples the
    classifier is as sure as it says; on other people's it is not, and this brings what it says back to what it can
    (Guo and others, "On Calibration of Modern Neural Networks", 2017).
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._features: Features | None = None
        self._by_heart: dict[str, int] = {}
        self._intents: list[str] = []
        self._weights, self._bias = np.zeros((0, 0)), np.zeros(0)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"spelling": 0.42, "spelling_C": 60.0, "meaning_C": 0.3, "large": 1.4, "temperature": 0.85}

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
            component._features = Features(folder)
            component._by_heart, learned = joblib.load(folder / BY_HEART), np.load(folder / LEARNED)
        component._intents = learned["intents"].tolist()
        component._weights, component._bias = learned["weights"], learned["bias"]
        return component

    def train(self, training_data: TrainingData) -> Resource:
        examples = [(text, block.get(INTENT)) for block in training_data.intent_examples for text in lines(block)]
        words = [plain_words(text) for text, _ in examples]
        intents, wanted = np.unique([intent for _, intent in examples], return_inverse=True)
        with self._storage.write_to(self._resource) as folder:
            weights, bias = self._fitted(*learn(words, folder), wanted, len(intents))
            np.savez(folder / LEARNED, intents=intents, weights=weights, bias=bias)
            joblib.dump(by_heart(words, wanted), folder / BY_HEART)
        return self._resource

    def _fitted(self, spelling: csr_matrix, meaning: np.ndarray, wanted: np.ndarray, intents: int) -> Linear:
        """Both in one: a sum of scores is the scores of the sum."""
        large, share = np.float32(self._config["large"]), np.float32(self._config["spelling"])
        near, near_bias = fit(spelling * large, wanted, self._config["spelling_C"], intents)
        far, far_bias = fit(meaning, wanted, self._config["meaning_C"], intents)
        weights = np.vstack([near * large * share, far * (1 - share)])
        return weights, near_bias * share + far_bias * (1 - share)

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
        """[texts, intents], each row summing to one."""
        if self._features is None or not texts:
            return np.zeros((len(texts), len(self._intents)))
        words = [plain_words(text) for text in texts]
        spelling, meaning = self._features.of(words)
        cut = spelling.shape[1]
        scores = spelling @ self._weights[:cut] + meaning @ self._weights[cut:] + self._bias
        confidences = np.asarray(softmax(scores / self._config["temperature"], axis=1))
        for row, text in zip(confidences, words, strict=True):
            known = self._by_heart.get(text)
            if known is not None:
                row *= 1 - KNOWN
                row[known] += KNOWN
        return confidences

    def _ranking(self, confidences: np.ndarray) -> list[dict[str, Any]]:
        """Every intent with its confidence, the likeliest first."""
        order = np.argsort(-confidences)
        return [{INTENT_NAME_KEY: self._intents[i], PREDICTED_CONFIDENCE_KEY: float(confidences[i])} for i in order]


def by_heart(words: Sequence[str], wanted: np.ndarray) -> dict[str, int]:
    """What is an example word for word means what the example means: who puts one reading right is believed at once.
    A text with two meanings has none here, nor has one word alone: it means what was asked."""
    meant: dict[str, set[int]] = defaultdict(set)
    for text, intent in zip(words, wanted, strict=True):
        meant[text].add(int(intent))
    return {text: intents.pop() for text, intents in meant.items() if len(intents) == 1 and " " in text}
