"""The meaning of a text as numbers: "chicken pox" lies near "poorly". Must not know any intent.

Runs what meaning_graph.py writes down of a sentence encoder (encoders.py).
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from onnxruntime import InferenceSession, SessionOptions
from tokenizers import Tokenizer

from handrail_bot.encoders import LONGEST

BATCH = 64


class Encoder:
    """Texts in, vectors out; each told layer's part of a vector is of length one."""

    def __init__(self, tokenizer: str, graph: Path, layer: int) -> None:
        """`layer`: how many numbers one layer tells."""
        self._tokenizer, self._layer = Tokenizer.from_str(tokenizer), layer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        how = SessionOptions()
        how.intra_op_num_threads = 1  # one turn is too small to share out
        how.enable_cpu_mem_arena = False  # it would keep 90 MB that loading took
        self._session = InferenceSession(str(graph), how, providers=["CPUExecutionProvider"])
        self.size: int = self._session.get_outputs()[0].shape[1]

    def encode(self, texts: Sequence[str], at_once: int = 1) -> np.ndarray:
        """One row a text. Texts of equal length go through together, `at_once` such groups side by side."""
        pieces = [self._tokenizer.encode(text).ids for text in texts]
        rows = np.empty((len(texts), self.size), dtype=np.float32)

        def fill(part: Sequence[int]) -> None:
            rows[part] = self._session.run(None, {"pieces": np.array([pieces[i] for i in part])})[0]

        parts = list(groups([len(ids) for ids in pieces]))
        if at_once == 1:  # a thread would take as long as a short text
            list(map(fill, parts))
        else:
            with ThreadPoolExecutor(at_once) as pool:
                list(pool.map(fill, parts))
        return each_of_length_one(rows, self._layer)


def groups(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of equal lengths, at most `BATCH` together."""
    same: dict[int, list[int]] = {}
    for place, length in enumerate(lengths):
        same.setdefault(length, []).append(place)
    for places in same.values():
        yield from (places[first : first + BATCH] for first in range(0, len(places), BATCH))


def each_of_length_one(rows: np.ndarray, layer: int) -> np.ndarray:
    """Each told layer's part of each row, so that every layer counts alike."""
    parts = rows.reshape(len(rows), -1, layer)
    return (parts / np.linalg.norm(parts, axis=-1, keepdims=True)).reshape(rows.shape)
