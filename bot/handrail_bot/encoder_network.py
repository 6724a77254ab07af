"""The sentence encoder as a network that can be taught. Must not know what it is taught.

The same layers as `meaning_graph` writes down for use, in TensorFlow, which Rasa brings along: what is taught here is
read there (tests/bot/test_fine_tuning.py holds the two side by side).
"""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from handrail_bot.meaning_graph import HEADS, LAYERS, SIZE, TINY, TOLD

PARTS = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
SCALE = 10.0  # vectors are of length one: without it the scores lie too close together to be sure of anything


def name_of(layer: int, part: str) -> str:
    """The name of a matrix in the archive of weights."""
    return f"encoder.layer.{layer}.{part}.weight"


class EncoderNetwork(tf.Module):
    """Word pieces in, scores of `intents` out. `matrices` are taught, and the last layer that scores; biases, scales
    and word pieces stay as they are."""

    def __init__(self, weights: Mapping[str, np.ndarray], intents: int) -> None:
        super().__init__()
        self._fixed = {name: tf.constant(value, tf.float32) for name, value in weights.items()}
        self.matrices = {
            name: tf.Variable(weights[name].T, dtype=tf.float32)
            for name in (name_of(layer, part) for layer in range(LAYERS) for part in PARTS)
        }
        self.head = tf.Variable(tf.zeros([SIZE * len(TOLD), intents]))
        self.bias = tf.Variable(tf.zeros([intents]))

    def scores(self, pieces: tf.Tensor, drop: float = 0.0) -> tf.Tensor:
        """[texts, intents] of word pieces [texts, length]; 0 fills up the shorter ones."""
        return tf.matmul(self.vectors(pieces, drop), self.head) * SCALE + self.bias

    def vectors(self, pieces: tf.Tensor, drop: float = 0.0) -> tf.Tensor:
        """The mean of each told layer, of length one, side by side."""
        there = tf.cast(pieces > 0, tf.float32)
        x, told = self._embed(pieces), []
        for layer in range(LAYERS):
            x = self._layer(x, (1 - there)[:, None, None, :] * -1e9, layer, drop)
            if layer + 1 in TOLD:
                mean = tf.reduce_sum(x * there[..., None], 1) / tf.reduce_sum(there, 1, keepdims=True)
                told.append(tf.math.l2_normalize(mean, -1))
        return tf.concat(told, -1)

    def _embed(self, pieces: tf.Tensor) -> tf.Tensor:
        at = "embeddings."
        place = self._fixed[f"{at}position_embeddings.weight"] + self._fixed[f"{at}token_type_embeddings.weight"][0]
        words = tf.gather(self._fixed[f"{at}word_embeddings.weight"], pieces)
        return self._evened(words + place[: tf.shape(pieces)[1]], f"{at}LayerNorm")

    def _layer(self, x: tf.Tensor, unseen: tf.Tensor, layer: int, drop: float) -> tf.Tensor:
        at = f"encoder.layer.{layer}."
        seen = self._linear(self._attend(x, unseen, layer, drop), layer, "attention.output.dense")
        x = self._evened(x + tf.nn.dropout(seen, drop), f"{at}attention.output.LayerNorm")
        bent = tf.nn.gelu(self._linear(x, layer, "intermediate.dense"))
        made = self._linear(bent, layer, "output.dense")
        return self._evened(x + tf.nn.dropout(made, drop), f"{at}output.LayerNorm")

    def _attend(self, x: tf.Tensor, unseen: tf.Tensor, layer: int, drop: float) -> tf.Tensor:
        texts, length = tf.shape(x)[0], tf.shape(x)[1]
        wide = SIZE // HEADS

        def parted(part: str) -> tf.Tensor:
            return tf.transpose(tf.reshape(self._linear(x, layer, part), [texts, length, HEADS, wide]), [0, 2, 1, 3])

        query, key, value = (parted(f"attention.self.{name}") for name in ("query", "key", "value"))
        looks = tf.nn.softmax(tf.matmul(query, key, transpose_b=True) / wide**0.5 + unseen)
        both = tf.matmul(tf.nn.dropout(looks, drop), value)
        return tf.reshape(tf.transpose(both, [0, 2, 1, 3]), [texts, length, SIZE])

    def _linear(self, x: tf.Tensor, layer: int, part: str) -> tf.Tensor:
        name = name_of(layer, part)
        return tf.matmul(x, self.matrices[name]) + self._fixed[name.replace(".weight", ".bias")]

    def _evened(self, x: tf.Tensor, at: str) -> tf.Tensor:
        mean, spread = tf.nn.moments(x, [-1], keepdims=True)
        evened = (x - mean) * tf.math.rsqrt(spread + TINY)
        return evened * self._fixed[f"{at}.weight"] + self._fixed[f"{at}.bias"]
