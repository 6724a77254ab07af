"""What the encoders learned from our examples, kept small beside the code. Must not know how it was learned.

The encoders of the registry have read the whole web and no text like ours; `fine_tuning.py` taught them, which takes
most of an hour each, so what came of it is kept in the repository and put onto the registry's weights when the
assistant is set up. Each number's change is one of some steps of its row, two in a byte: for the first encoder 15
steps, 5 MB for 10.6 million, and the same figures as in full. Its strongest directions alone, LoRA's way (Hu and
others, 2021), lost up to four texts in a hundred at 8 MB (docs/nlu.md).
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from handrail_bot.encoders import Weights

KEPT = Path(__file__).with_name("fine_tuned.npz")
MOST = 7  # steps up or down; a byte has room for no more
CUT = 0.8  # of the largest change of a row: what is beyond is rare, and finer steps are worth more
STEPS, SIZE = ".steps", ".size"


def changed(weights: Weights, kept: Path = KEPT) -> dict[str, np.ndarray]:
    """The registry's weights with what was learned on top."""
    with np.load(kept) as learned:
        names = {key.removesuffix(STEPS) for key in learned.files if key.endswith(STEPS)}
        changes = {name: _apart(learned[name + STEPS]) * learned[name + SIZE] for name in names}
    return {name: value + changes[name] if name in changes else value for name, value in weights.items()}


def keep(before: Weights, after: Weights, kept: Path = KEPT, most: int = MOST, **beside: np.ndarray) -> None:
    """Writes down what changed between the two, in `most` steps up and down, and what else is to stand `beside` it."""
    np.savez_compressed(kept, **dict(_in_steps(before, after, most)), **beside)


def _in_steps(before: Weights, after: Weights, most: int) -> Iterator[tuple[str, np.ndarray]]:
    for name in sorted(after):
        change = after[name] - before[name]
        size = (np.abs(change).max(axis=1, keepdims=True) * CUT / most).astype(np.float32)
        steps = np.clip(np.rint(change / np.maximum(size, np.finfo(np.float32).tiny)), -most, most)
        yield name + STEPS, _together(steps.astype(np.int8))
        yield name + SIZE, size


def _together(steps: np.ndarray) -> np.ndarray:
    """Two in a byte, beside each other in a row."""
    whole = (steps + MOST).astype(np.uint8)
    return whole[:, ::2] << 4 | whole[:, 1::2]


def _apart(pairs: np.ndarray) -> np.ndarray:
    steps = np.empty((pairs.shape[0], pairs.shape[1] * 2), np.float32)
    steps[:, ::2], steps[:, 1::2] = pairs >> 4, pairs & 15
    return steps - MOST
