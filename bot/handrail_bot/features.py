"""A text as numbers: its spelling and its meaning side by side. Must not know any intent.

Paraphrases share no letters with the examples, misspellings little of their meaning: each sees what the other does
not (docs/nlu.md has the figures). Not Rasa's own featurisers: what a component adds to a message Rasa writes out as
text after every component, to see whether it changed; with 48,000 examples training took ten minutes.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import joblib
import numpy as np
from scipy.sparse import csr_matrix

from handrail_bot.encoders import FIRST
from handrail_bot.fine_tuned import changed
from handrail_bot.meaning import Encoder
from handrail_bot.spelling import Spelling

GRAPH, SPELLING = "meaning.onnx", "spelling.joblib"


def learn(words: Sequence[str], folder: Path) -> tuple[csr_matrix, np.ndarray]:
    """Spelling and meaning of the examples, as `Features` has them; what that needs is kept in `folder`."""
    from handrail_bot import meaning_graph  # what writes graphs is large and needed here alone

    spelling = Spelling()
    counts = spelling.learn(words)
    joblib.dump(spelling, folder / SPELLING)
    meaning_graph.write(FIRST, changed(FIRST.weights()), folder / GRAPH)
    return counts, _encoder(folder).encode(words, at_once=os.cpu_count() or 1)


class Features:
    """What `learn` kept, asked."""

    def __init__(self, folder: Path) -> None:
        self._spelling: Spelling = joblib.load(folder / SPELLING)
        self._encoder = _encoder(folder)

    def of(self, words: Sequence[str]) -> tuple[csr_matrix, np.ndarray]:
        """Of texts in plain words: words and pieces of words [texts, features]; meanings [texts, 768]."""
        return self._spelling.of(words), self._encoder.encode(words)


def _encoder(folder: Path) -> Encoder:
    return Encoder(FIRST.tokenizer(), folder / GRAPH, FIRST.size)
