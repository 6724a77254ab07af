"""What people meant who said something alike: the nearest examples vote. Must not know what an intent means.

Regression weighs each feature on its own, whatever stands beside it; "im dead tired" then keeps some of what "dead"
weighs. Its nearest examples say "knackered". The two err on different texts: together they read ordinary matters better
(docs/nlu.md). After Cover and Hart, "Nearest neighbor pattern classification" (1967).
"""

from pathlib import Path

import numpy as np
from scipy.special import softmax

Array = np.ndarray
FILE = "neighbours.npz"
DIRECTIONS = 256  # of 768, those in which examples differ most: the same figures, a third of the work
SEARCHED = 4  # likeliest intents; of more, the votes grow worse
NEAREST = 10
MOST = 127  # kept in eight bits: 15 MB for 59,000 examples instead of 60, cosines 0.001 off, at most 0.005
NEARER = 10.0  # a vote weighs e to this times its cosine


def learn(meaning: Array, wanted: Array, folder: Path) -> None:
    """Keep the examples, each intent's together."""
    _, directions = np.linalg.eigh(meaning.T @ meaning)
    directions = directions[:, ::-1][:, :DIRECTIONS].astype(np.float32)
    order = np.argsort(wanted, kind="stable")
    examples = _turned(meaning[order], directions)
    step = np.abs(examples).max(axis=0) / MOST
    in_steps = np.rint(examples / step).astype(np.int8)
    ends = np.cumsum(np.bincount(wanted))
    np.savez(folder / FILE, directions=directions, examples=in_steps, step=step.astype(np.float32), ends=ends)


class Neighbours:
    """What `learn` kept, asked."""

    def __init__(self, folder: Path) -> None:
        kept = np.load(folder / FILE)
        self._directions = kept["directions"]
        self._step = kept["step"]
        self._of_intent = np.split(kept["examples"], kept["ends"][:-1])

    def votes(self, meaning: Array, confidences: Array) -> Array:
        """[texts, intents], each row summing to one: the nearest of the likeliest intents' examples vote."""
        texts = _turned(meaning, self._directions)
        return np.stack([self._vote(*each) for each in zip(texts, confidences, strict=True)])

    def _vote(self, text: Array, confidences: Array) -> Array:
        likely = np.argsort(-confidences)[:SEARCHED]
        alike = [self._of_intent[intent].astype(np.float32) @ (text * self._step) for intent in likely]
        cosines, whose = np.concatenate(alike), np.repeat(likely, [len(each) for each in alike])
        nearest = np.argpartition(-cosines, min(NEAREST, len(cosines)) - 1)[:NEAREST]
        weights = softmax(NEARER * cosines[nearest])
        return np.bincount(whose[nearest], weights, minlength=len(confidences))


def _turned(meaning: Array, directions: Array) -> Array:
    """Into the kept directions, each row of length one."""
    turned = meaning @ directions
    return np.asarray(turned / np.linalg.norm(turned, axis=1, keepdims=True))
