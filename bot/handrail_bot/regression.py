"""Logistic regression by steps on a few texts at a time. Must not know what the features mean."""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import softmax

Array = np.ndarray
BATCH = 1024  # texts a step
ROUNDS = 6  # through the examples; twice as many changed little
LONGEST = 0.1  # of a step
KEEP_MEAN, KEEP_SQUARE, TINY, WARM_UP = 0.9, 0.99, 1e-8, 20


def fit(features: Array | csr_matrix, wanted: Array, c: float, classes: int) -> tuple[Array, Array]:
    """Weights [features, classes] and bias [classes] of the multinomial regression that scikit-learn defines; `c`: how
    little the weights are held back.

    By Adam (Kingma and Ba, 2015). L-BFGS, which sees all the examples before each step, needed 120 rounds, eight times
    as long, for what this reads rightly with three quarters of the examples (docs/nlu.md).
    """
    texts = len(wanted)
    weights = np.zeros((features.shape[1] + 1, classes), dtype=np.float32)  # the last row is the bias
    held_back = np.full((len(weights), 1), 1 / (c * texts), dtype=np.float32)
    held_back[-1] = 0
    walk = Adam(weights, steps=ROUNDS * -(-texts // BATCH))
    for some in batches(texts):
        part = features[some]
        misses = softmax(part @ weights[:-1] + weights[-1], axis=1)
        misses[np.arange(len(some)), wanted[some]] -= 1
        walk.on(np.vstack([part.T @ misses, misses.sum(axis=0)]) / len(some) + held_back * weights)
    return weights[:-1], weights[-1]


def batches(texts: int) -> Iterator[Array]:
    """Places of texts, mixed anew in every round, the same way in every training."""
    chance = np.random.default_rng(0)
    for _ in range(ROUNDS):
        mixed = chance.permutation(texts)
        yield from (mixed[first : first + BATCH] for first in range(0, texts, BATCH))


class Adam:
    """Moves `weights` where they stand; steps shorten along half a cosine, to nothing after `steps`."""

    def __init__(self, weights: Array, steps: int) -> None:
        self._weights, self._steps, self._done = weights, steps, 0
        self._mean, self._square = np.zeros_like(weights), np.zeros_like(weights)

    def on(self, slope: Array) -> None:
        self._done += 1
        self._mean += (1 - KEEP_MEAN) * (slope - self._mean)
        self._square += (1 - KEEP_SQUARE) * (np.square(slope) - self._square)
        evened = np.sqrt(1 - KEEP_SQUARE**self._done) / (1 - KEEP_MEAN**self._done)
        shorter = min(1.0, self._done / WARM_UP) * 0.5 * (1 + np.cos(np.pi * self._done / self._steps))
        self._weights -= np.float32(LONGEST * shorter * evened) * self._mean / (np.sqrt(self._square) + TINY)
