"""The spelling of texts as numbers: words, pairs of words and pieces of words. Must not know any intent."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

WORD = r"(?u)[\w\u0a00-\u0a7f]+"  # the vowel signs of Gurmukhi belong to their word


class Spelling:
    """What stands in fewer than three of the texts it learned from counts for nothing."""

    def __init__(self) -> None:
        self._counters = (
            CountVectorizer(token_pattern=WORD, ngram_range=(1, 2), min_df=3),  # "not safe"
            CountVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=3),
        )

    def learn(self, words: Sequence[str]) -> csr_matrix:
        """[texts, features] of texts in plain words."""
        return _evened([counter.fit_transform(words) for counter in self._counters])

    def of(self, words: Sequence[str]) -> csr_matrix:
        return _evened([counter.transform(words) for counter in self._counters])


def _evened(counts: Sequence[csr_matrix]) -> csr_matrix:
    """Side by side, as logarithms, each row of length one: long texts must not outweigh short ones."""
    both = hstack(counts).tocsr().astype(np.float32)
    both.data = np.log1p(both.data)
    return normalize(both)
