"""Slips of the thumb: a letter left out, doubled or swapped, a space forgotten. Must not know what a text means.

A third of the texts are read with one or two of them while the encoder is taught, others in every round: it learns
what stays the same when people type in a hurry.
"""

import numpy as np

SHARE, SECOND = 0.3, 1 / 3  # of texts that have one, of these that have two
SHORTEST = 5  # letters: shorter texts would become others
VOWELS = "aeiou"


def with_slips(text: str, chance: np.random.Generator) -> str:
    if chance.random() > SHARE:
        return text
    for _ in range(1 + int(chance.random() < SECOND)):
        if len(text) >= SHORTEST:
            text = SLIPS[chance.integers(len(SLIPS))](text, chance)
    return text


def _left_out(text: str, chance: np.random.Generator) -> str:
    at = int(chance.integers(1, len(text) - 1))
    return text[:at] + text[at + 1 :]


def _swapped(text: str, chance: np.random.Generator) -> str:
    at = int(chance.integers(1, len(text) - 1))
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _doubled(text: str, chance: np.random.Generator) -> str:
    at = int(chance.integers(1, len(text) - 1))
    return text[:at] + text[at] + text[at:]


def _without_a_vowel(text: str, chance: np.random.Generator) -> str:
    return _without(text, [at for at, letter in enumerate(text) if letter in VOWELS and at], chance)


def _run_together(text: str, chance: np.random.Generator) -> str:
    return _without(text, [at for at, letter in enumerate(text) if letter == " "], chance)


def _without(text: str, places: list[int], chance: np.random.Generator) -> str:
    if not places:
        return text
    at = places[chance.integers(len(places))]
    return text[:at] + text[at + 1 :]


SLIPS = (_left_out, _swapped, _doubled, _without_a_vowel, _run_together)
