"""Texts of more than one matter, put together from examples: what an encoder is taught besides the examples themselves.

People write one text for all they have to say, the examples mostly hold one matter each. Taught on those alone the
encoders let a plain matter drown a cry beside it, and took length itself for a cry (docs/nlu.md). Must not know an
encoder.
"""

from collections.abc import Sequence

import numpy as np

from handrail_bot.clauses import NOT_A_MATTER
from handrail_bot.safety_first import SAFETY

SHARE = 0.2  # of the texts that something is put beside
BESIDE = (1,) * 14 + (2,) * 3 + (4,) * 2 + (8,)  # how much is: mostly one thing, now and then a long story
JOINTS = (", ", ", ", ". ", ". ", " ", " and ", " but ", " n ", "\n")
SHORTEST = 3  # words: "1" beside a matter is no answer any more
ENDS = ".,!?; "

Examples = Sequence[tuple[str, str]]


def joined(examples: Examples, chance: np.random.Generator) -> list[tuple[str, str]]:
    """The examples of one language, some with ordinary ones before and behind them.

    As many are cries as before: what is long is none for that.
    """
    ordinary = [each for each in examples if each[1] not in SAFETY and _is_long_enough(each[0])]
    picked = chance.random(len(examples)) < SHARE
    return [
        _with(each, _some(ordinary, chance), chance) if pick and ordinary and _is_long_enough(each[0]) else each
        for each, pick in zip(examples, picked, strict=True)
    ]


def _with(example: tuple[str, str], others: Sequence[tuple[str, str]], chance: np.random.Generator) -> tuple[str, str]:
    """It stays what it is, at whatever place it stands; small talk becomes what is said besides."""
    text, intent = example
    texts = [other for other, _ in others]
    texts.insert(int(chance.integers(len(texts) + 1)), text)
    matters = [other for _, other in others if other not in NOT_A_MATTER]
    if intent in NOT_A_MATTER and matters:
        intent = matters[0]
    together = texts[0]
    for following in texts[1:]:
        together = together.rstrip(ENDS) + JOINTS[chance.integers(len(JOINTS))] + following
    return together, intent


def _some(examples: Examples, chance: np.random.Generator) -> Examples:
    return [examples[at] for at in chance.integers(len(examples), size=BESIDE[chance.integers(len(BESIDE))])]


def _is_long_enough(text: str) -> bool:
    return len(text.split()) >= SHORTEST
