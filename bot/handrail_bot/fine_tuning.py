"""Teaches a sentence encoder to tell our intents apart: `handrail nlu fine-tune`.

Frozen, the encoder gives a text the mean of what its words mean: "im dead tired" lies near "i want to be dead". Taught
on cries and on near misses with the same words, it reads what stands beside what. Takes most of an hour on two cores,
so it is not part of training the assistant; what it learned is kept (`fine_tuned.py`). Worth doing anew when the
examples have grown by a tenth; for a few thousand, one round further from what is kept takes a third of the time.
"""

import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import tensorflow as tf
from tokenizers import Tokenizer

from handrail_bot import second_reading
from handrail_bot.encoder_network import SCALE, EncoderNetwork
from handrail_bot.encoders import FIRST, SECOND, Encoding, Weights
from handrail_bot.examples import lines, read
from handrail_bot.fine_tuned import KEPT, changed, keep
from handrail_bot.hard_examples import hard
from handrail_bot.joined import joined
from handrail_bot.regression import fit
from handrail_bot.slips import with_slips
from handrail_bot.text_speak import plain_words

PIECES = 1500  # word pieces a step, some hundred texts of one length
LONGEST = 128  # word pieces of a text that are learned from: as many as are read. A cry may come last
HELD_BACK = 60.0  # how little the first head is held back
WARM_UP, LAST = 100, 0.02  # steps until the longest; share of it that the last one has
KEEP_MEAN, KEEP_SQUARE = 0.9, 0.98
DROP = 0.1
DOUBT = 0.05  # of each answer: writers and readers err
STEEPEST = 1.0
FURTHER = 0.25  # of the longest steps: what is known already is to be kept
SORTED_TOGETHER = 8192  # texts: enough for steps of equal length, few enough for mixed ones
log = logging.getLogger(__name__)

Examples = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Recipe:
    """`rate`, `head_rate`: the longest steps, of the encoder and of the head, which starts from `beginning` texts;
    `most`: steps up and down in which the change is kept."""

    encoding: Encoding
    rounds: int  # through all examples; the second brought most, a third a little
    rate: float
    head_rate: float
    beginning: int
    most: int


FIRST_RECIPE = Recipe(FIRST, rounds=3, rate=4e-4, head_rate=2e-3, beginning=12_000, most=7)
SECOND_RECIPE = Recipe(SECOND, rounds=2, rate=1.2e-4, head_rate=2.4e-3, beginning=6_000, most=3)


def main(which: str, how: str, folders: Sequence[Path]) -> None:
    """`folders`: one a language, each with a file an intent. `how`: `anew`, or `further` from what is kept."""
    languages = [[each for file in sorted(folder.glob("*.yml")) for each in _of(file)] for folder in folders]
    second = which == "second"
    recipe, kept = (SECOND_RECIPE, second_reading.KEPT) if second else (FIRST_RECIPE, KEPT)
    told = [hard(examples) for examples in languages] if second else languages
    weights = recipe.encoding.weights()
    network = (
        taught(further(recipe), told, changed(weights, kept)) if how == "further" else taught(recipe, told, weights)
    )
    after = {name: matrix.numpy().T for name, matrix in network.matrices.items()}
    # The first encoder's head is made anew at each training; there is no time for that with the second's.
    head = head_of(network, told) if second else {}
    keep(weights, after, kept, recipe.most, **head)
    log.info("Kept: %s, %.1f MB. Now: handrail nlu train", kept, kept.stat().st_size / 1e6)


def further(recipe: Recipe) -> Recipe:
    return replace(recipe, rounds=1, rate=recipe.rate * FURTHER, head_rate=recipe.head_rate * FURTHER)


def head_of(network: EncoderNetwork, languages: Sequence[Examples]) -> Mapping[str, np.ndarray]:
    return second_reading.head(network.head.numpy() * SCALE, network.bias.numpy(), intents_of(languages))


def intents_of(languages: Sequence[Examples]) -> list[str]:
    """In the order of the head's scores."""
    return sorted({intent for examples in languages for _, intent in examples})


def _of(file: Path) -> Iterator[tuple[str, str]]:
    for block in read(file):
        yield from ((text, block.get("intent")) for text in lines(block))


def taught(recipe: Recipe, languages: Sequence[Examples], weights: Weights) -> EncoderNetwork:
    """`weights`: where it starts from. The same twice gives nearly the same: sums of floats come in no fixed order."""
    examples = [each for language in languages for each in language]
    place = {intent: at for at, intent in enumerate(intents_of(languages))}
    network, chance = EncoderNetwork(recipe.encoding, weights, len(place)), np.random.default_rng(1)
    tokenizer, filler = tokenizer_of(recipe.encoding), recipe.encoding.filler
    some = chance.permutation(len(examples))[: recipe.beginning]
    first = np.array([place[examples[at][1]] for at in some])
    begin(network, filler, in_pieces(tokenizer, [examples[at][0] for at in some]), first, chance)
    teacher = Teacher(network, recipe)
    for number in range(recipe.rounds):
        told = [each for language in languages for each in joined(language, chance)]
        pieces = in_pieces(tokenizer, [with_slips(text, chance) for text, _ in told])
        wanted = np.array([place[intent] for _, intent in told])
        steps = batches([len(ids) for ids in pieces], chance)
        for at, step in enumerate(steps):
            done = (number + at / len(steps)) / recipe.rounds
            loss = teacher.step(filled([pieces[i] for i in step], filler), wanted[step], done)
            if at % 100 == 0:
                log.info("Round %d of %d, step %d of %d: loss %.2f", number + 1, recipe.rounds, at, len(steps), loss)
    return network


def tokenizer_of(encoding: Encoding) -> Tokenizer:
    tokenizer = Tokenizer.from_str(encoding.tokenizer())
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def in_pieces(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    return [encoding.ids for encoding in tokenizer.encode_batch([plain_words(text) for text in texts])]


def begin(
    network: EncoderNetwork,
    filler: int,
    pieces: Sequence[Sequence[int]],
    wanted: np.ndarray,
    chance: np.random.Generator,
) -> None:
    """The head begins as a regression on some texts: a blind one would first unteach the encoder."""
    vectors = np.zeros((len(pieces), network.head.shape[0]), np.float32)
    for step in batches([len(ids) for ids in pieces], chance):
        vectors[step] = network.vectors(filled([pieces[at] for at in step], filler))
    head, bias = fit(vectors, wanted, HELD_BACK, network.head.shape[1])
    network.head.assign(head / SCALE)
    network.bias.assign(bias)


class Teacher:
    """Adam (Kingma and Ba, 2015) on the matrices and, with longer steps, on the head."""

    def __init__(self, network: EncoderNetwork, recipe: Recipe) -> None:
        self._network, self._recipe = network, recipe
        self._inner = [network.matrices[name] for name in sorted(network.matrices)]
        self._head = [network.head, network.bias]
        self._rate, self._head_rate = tf.Variable(0.0), tf.Variable(0.0)
        adam = tf.keras.optimizers.legacy.Adam
        self._walk_inside = adam(lambda: self._rate, KEEP_MEAN, KEEP_SQUARE)
        self._walk_of_head = adam(lambda: self._head_rate, KEEP_MEAN, KEEP_SQUARE)
        self._steps = 0

    def step(self, pieces: np.ndarray, wanted: np.ndarray, done: float) -> float:
        """`done`: the share of all steps that is behind; steps shorten along a line."""
        self._steps += 1
        share = min(1.0, self._steps / WARM_UP) * max(LAST, 1 - done)
        self._rate.assign(self._recipe.rate * share)
        self._head_rate.assign(self._recipe.head_rate * share)
        return float(self._walk(pieces, wanted.astype(np.int32)))

    @tf.function(
        input_signature=[tf.TensorSpec([None, None], tf.int32), tf.TensorSpec([None], tf.int32)], autograph=False
    )
    def _walk(self, pieces: tf.Tensor, wanted: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            scores = self._network.scores(pieces, DROP)
            intents = scores.shape[-1]
            answers = tf.one_hot(wanted, intents) * (1 - DOUBT) + DOUBT / intents
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(answers, scores))
        slopes, _ = tf.clip_by_global_norm(tape.gradient(loss, self._inner + self._head), STEEPEST)
        inside = len(self._inner)
        self._walk_inside.apply_gradients(zip(slopes[:inside], self._inner, strict=True))
        self._walk_of_head.apply_gradients(zip(slopes[inside:], self._head, strict=True))
        return loss


def batches(lengths: Sequence[int], chance: np.random.Generator) -> list[list[int]]:
    """Places of texts of nearly one length, `PIECES` together, the steps mixed."""
    order, steps = chance.permutation(len(lengths)), []
    for first in range(0, len(order), SORTED_TOGETHER):
        some: list[int] = []
        for place in sorted(order[first : first + SORTED_TOGETHER], key=lambda at: lengths[at]):
            if some and (len(some) + 1) * lengths[place] > PIECES:
                steps.append(some)
                some = []
            some.append(int(place))
        steps.append(some)
    return [steps[at] for at in chance.permutation(len(steps))]


def filled(pieces: Sequence[Sequence[int]], filler: int) -> np.ndarray:
    """[texts, length], `filler` where a text is shorter than the longest."""
    rows = np.full((len(pieces), max(map(len, pieces))), filler, np.int32)
    for row, ids in zip(rows, pieces, strict=True):
        row[: len(ids)] = ids
    return rows


if __name__ == "__main__":
    # `force`: TensorFlow has warned of itself by now, and with that has set up a log that keeps silent about us.
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", force=True)
    main(sys.argv[1], sys.argv[2], [Path(folder) for folder in sys.argv[3:]])
