"""A text as numbers: its spelling and its meaning side by side. Must not know any intent.

Paraphrases share no letters with the examples, misspellings little of their meaning: each sees what the other does
not (docs/nlu.md has the figures). Not Rasa's own featurisers: what a component adds to a message Rasa writes out as
text after every component, to see whether it changed; with 48,000 examples training took ten minutes.
"""

import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import joblib
import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from handrail_bot import meaning_graph
from handrail_bot.meaning import Encoder
from handrail_bot.text_speak import plain_words

GRAPH, SPELLING = "meaning.onnx", "spelling.joblib"
WORD = r"(?u)[\w\u0a00-\u0a7f]+"  # the vowel signs of Gurmukhi belong to their word


def weights() -> Path:
    """The archive of the encoder's weights, as its package installed it."""
    package = find_spec("all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise RuntimeError("The encoder's weights are not installed. Run `uv sync --project bot`.")
    return Path(package.origin).with_name("model.zip")


def learn(texts: Sequence[str], folder: Path) -> tuple[csr_matrix, np.ndarray]:
    """Spelling and meaning of the examples, as `Features` has them; what that needs is kept in `folder`."""
    words = [plain_words(text) for text in texts]
    counters = (
        CountVectorizer(token_pattern=WORD, ngram_range=(1, 2), min_df=3),  # "not safe"
        CountVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=3),
    )
    spelling = _evened([counter.fit_transform(words) for counter in counters])
    joblib.dump(counters, folder / SPELLING)
    meaning_graph.write(weights(), folder / GRAPH)
    return spelling, Encoder(weights(), folder / GRAPH).encode(words, at_once=os.cpu_count() or 1)


class Features:
    """What `learn` kept, asked."""

    def __init__(self, folder: Path) -> None:
        self._counters: Sequence[CountVectorizer] = joblib.load(folder / SPELLING)
        self._encoder = Encoder(weights(), folder / GRAPH)

    def of(self, texts: Sequence[str]) -> tuple[csr_matrix, np.ndarray]:
        """Words and pieces of words [texts, features]; meanings [texts, 768]."""
        words = [plain_words(text) for text in texts]
        spelling = _evened([counter.transform(words) for counter in self._counters])
        return spelling, self._encoder.encode(words)


def _evened(counts: Sequence[csr_matrix]) -> csr_matrix:
    """Side by side, as logarithms, each row of length one: long texts must not outweigh short ones."""
    both = hstack(counts).tocsr().astype(np.float32)
    both.data = np.log1p(both.data)
    return normalize(both)
