"""The sentence encoder as a network that can be taught. Must not know what it is taught.

The same layers as `meaning_graph` writes down for use, in TensorFlow, which Rasa brings along: what is taught here is
read there (tests/bot/test_fine_tuning.py holds the two side by side).
"""

import tensorflow as tf

from handrail_bot.encoders import LONGEST, Encoding, Weights

SCALE = 10.0  # vectors are of length one: without it the scores lie too close together to be sure of anything


class EncoderNetwork(tf.Module):
    """Word pieces in, scores of `intents` out. `matrices` are taught, and the last layer that scores; biases, scales,
    word pieces and the layers below `taught_from` stay as they are."""

    def __init__(self, encoding: Encoding, weights: Weights, intents: int) -> None:
        super().__init__()
        self._encoding = encoding
        self.matrices = {name: tf.Variable(weights[name].T, dtype=tf.float32) for name in encoding.taught()}
        self._fixed = {name: tf.constant(value, tf.float32) for name, value in weights.items()}
        near = encoding.nearness(weights, LONGEST)
        self._near = tf.constant(0.0 if near is None else near)
        self._places = tf.constant(encoding.places(weights)[:LONGEST])
        self.head = tf.Variable(tf.zeros([encoding.size * len(encoding.told), intents]))
        self.bias = tf.Variable(tf.zeros([intents]))

    def scores(self, pieces: tf.Tensor, drop: float = 0.0) -> tf.Tensor:
        """[texts, intents] of word pieces [texts, length]; 0 fills up the shorter ones."""
        return tf.matmul(self.vectors(pieces, drop), self.head) * SCALE + self.bias

    def vectors(self, pieces: tf.Tensor, drop: float = 0.0) -> tf.Tensor:
        """The mean of each told layer, of length one, side by side."""
        there = tf.cast(tf.not_equal(pieces, self._encoding.filler), tf.float32)
        unseen = (1 - there)[:, None, None, :] * -1e9 + self._nearness(tf.shape(pieces)[1])
        x, told = self._embed(pieces), []
        for layer in range(self._encoding.layers):
            x = self._layer(x, unseen, layer, drop)
            if layer + 1 in self._encoding.told:
                mean = tf.reduce_sum(x * there[..., None], 1) / tf.reduce_sum(there, 1, keepdims=True)
                told.append(tf.math.l2_normalize(mean, -1))
        return tf.concat(told, -1)

    def _nearness(self, length: tf.Tensor) -> tf.Tensor:
        return self._near if self._near.shape.rank == 0 else self._near[:, :, :length, :length]

    def _embed(self, pieces: tf.Tensor) -> tf.Tensor:
        words = tf.gather(self._fixed["embeddings.word_embeddings.weight"], pieces)
        return self._evened(words + self._places[: tf.shape(pieces)[1]], "embeddings.LayerNorm")

    def _layer(self, x: tf.Tensor, unseen: tf.Tensor, layer: int, drop: float) -> tf.Tensor:
        seen = self._linear(self._attend(x, unseen, layer, drop), layer, "seen")
        x = self._evened(x + tf.nn.dropout(seen, drop), self._encoding.name_of(layer, "seen evened"))
        made = self._linear(tf.nn.gelu(self._linear(x, layer, "wide")), layer, "made")
        return self._evened(x + tf.nn.dropout(made, drop), self._encoding.name_of(layer, "made evened"))

    def _attend(self, x: tf.Tensor, unseen: tf.Tensor, layer: int, drop: float) -> tf.Tensor:
        texts, length, size, heads = tf.shape(x)[0], tf.shape(x)[1], self._encoding.size, self._encoding.heads
        wide = size // heads

        def parted(part: str) -> tf.Tensor:
            return tf.transpose(tf.reshape(self._linear(x, layer, part), [texts, length, heads, wide]), [0, 2, 1, 3])

        query, key, value = (parted(part) for part in ("query", "key", "value"))
        looks = tf.nn.softmax(tf.matmul(query, key, transpose_b=True) / wide**0.5 + unseen)
        both = tf.matmul(tf.nn.dropout(looks, drop), value)
        return tf.reshape(tf.transpose(both, [0, 2, 1, 3]), [texts, length, size])

    def _linear(self, x: tf.Tensor, layer: int, part: str) -> tf.Tensor:
        name = self._encoding.name_of(layer, part)
        weight = f"{name}.weight"
        there = self.matrices[weight] if weight in self.matrices else tf.transpose(self._fixed[weight])
        # All pieces in one product: one a text makes a gradient of the matrix for each text, eight times as slow.
        pieces = tf.matmul(tf.reshape(x, [-1, x.shape[-1]]), there) + self._fixed[f"{name}.bias"]
        return tf.reshape(pieces, tf.concat([tf.shape(x)[:-1], [pieces.shape[-1]]], 0))

    def _evened(self, x: tf.Tensor, at: str) -> tf.Tensor:
        mean, spread = tf.nn.moments(x, [-1], keepdims=True)
        evened = (x - mean) * tf.math.rsqrt(spread + self._encoding.tiny)
        return evened * self._fixed[f"{at}.weight"] + self._fixed[f"{at}.bias"]
