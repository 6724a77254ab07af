"""Rasa's logistic regression on evened-out features. Must not know what an intent means.

Raw counts let long texts outweigh short ones and need hundreds of rounds to train; with logarithms and unit
length, forty are enough. Less smoothing than Rasa's fixed C = 1 was better on texts left out of training.
"""

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.preprocessing import normalize


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Classifier(LogisticRegressionClassifier):
    """Spelling (counts) and meaning (dense) side by side, each of a fixed length."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**LogisticRegressionClassifier.get_default_config(), "C": 30.0, "spelling": 1.4}

    def __init__(self, config: dict[str, Any], *others: Any) -> None:
        super().__init__(config, *others)
        self.clf.set_params(C=config["C"])

    def _create_X(self, messages: list[Message]) -> csr_matrix:  # noqa: N802 - Rasa's name
        return vstack([self._row(message) for message in messages]).tocsr()

    def _row(self, message: Message) -> csr_matrix:
        spelling = message.get_sparse_features(TEXT)[1].features.tocsr().astype(float)
        spelling.data = np.log1p(spelling.data)
        meaning = csr_matrix(message.get_dense_features(TEXT)[1].features)
        return hstack([normalize(spelling) * self.config["spelling"], meaning])
