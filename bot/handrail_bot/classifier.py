"""Logistic regression on spelling and meaning side by side. Must not know what an intent means.

Rasa's own classifier holds the 768 numbers of meaning as a sparse matrix and needs four times as long to train; and
raw counts let long texts outweigh short ones. Here counts become logarithms of length one, and each kind of feature
is multiplied by what suits it. What is learned is put into Rasa's classifier, which keeps, loads and asks it.
"""

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack, vstack
from scipy.special import logsumexp
from sklearn.preprocessing import normalize

Array = np.ndarray
OURS = {"C": 20.0, "spelling": 1.4, "rounds": 40, "temperature": 2.0}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Classifier(LogisticRegressionClassifier):
    """`C`: how little the weights are held back; `spelling`: its weight beside meaning; `rounds` of L-BFGS.

    `temperature`: what the scores are divided by before they become confidences. On texts like the examples the
    classifier is as sure as it says; on other people's it is not, and 2 brings what it says back to what it can
    (Guo and others, "On Calibration of Modern Neural Networks", 2017).
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**LogisticRegressionClassifier.get_default_config(), **OURS}

    def train(self, training_data: TrainingData) -> Resource:
        examples = [message for message in training_data.intent_examples if message.get(INTENT)]
        named = np.array([message.get(INTENT) for message in examples])
        self.clf.classes_, wanted = np.unique(named, return_inverse=True)
        spelling = vstack([self._spelling(message) for message in examples]).tocsr()
        meaning = np.vstack([_meaning(message) for message in examples]).astype(np.float32)
        weights, bias = fit(spelling, meaning, wanted, self.config["C"], self.config["rounds"])
        softer = 1 / self.config["temperature"]
        self.clf.coef_ = (weights.T * softer).astype(np.float32)
        self.clf.intercept_ = (bias * softer).astype(np.float32)
        self.clf.n_features_in_ = weights.shape[0]
        self.persist()
        return self._resource

    def _create_X(self, messages: list[Message]) -> csr_matrix:  # noqa: N802 - Rasa's name
        rows = [hstack([self._spelling(message), csr_matrix(_meaning(message))]) for message in messages]
        return vstack(rows).tocsr()

    def _spelling(self, message: Message) -> csr_matrix:
        counts = message.get_sparse_features(TEXT)[1].features.tocsr().astype(np.float32)
        counts.data = np.log1p(counts.data)
        return normalize(counts) * self.config["spelling"]


def _meaning(message: Message) -> Array:
    found: Array = message.get_dense_features(TEXT)[1].features
    return found


def fit(spelling: csr_matrix, meaning: Array, wanted: Array, c: float, rounds: int) -> tuple[Array, Array]:
    """Multinomial logistic regression, as scikit-learn has it: weights [features, classes] and bias [classes]."""
    texts, classes, cut = len(wanted), int(wanted.max()) + 1, spelling.shape[1]
    shape = (cut + meaning.shape[1], classes)
    size, rows, columns = shape[0] * classes, np.arange(texts), spelling.T.tocsr()

    def loss(flat: Array) -> tuple[float, Array]:
        weights, bias = flat[:size].reshape(shape), flat[size:]
        narrow = weights.astype(np.float32)
        scores = (spelling @ narrow[:cut] + meaning @ narrow[cut:]).astype(np.float64) + bias
        scores -= logsumexp(scores, axis=1, keepdims=True)
        misses = np.exp(scores)
        misses[rows, wanted] -= 1
        slim = misses.astype(np.float32)
        slope = np.vstack([columns @ slim, meaning.T @ slim]) + weights / c
        value = -scores[rows, wanted].sum() + 0.5 / c * np.square(weights).sum()
        return value, np.concatenate([slope.ravel(), misses.sum(axis=0)]).astype(np.float64)

    start = np.zeros(size + classes)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": rounds}).x
    return found[:size].reshape(shape), found[size:]
