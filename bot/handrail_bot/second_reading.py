"""The second encoder with what it learned: a text in, a confidence for each intent out. Must not know the first.

`python -m handrail_bot.second_reading` makes it ready for use: once, half a minute, and again when what it learned
has changed.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.special import softmax

from handrail_bot.encoders import SECOND
from handrail_bot.fine_tuned import changed
from handrail_bot.meaning import Encoder
from handrail_bot.text_speak import plain_words

KEPT = Path(__file__).with_name("second_reader.npz")
READY = Path(__file__).parents[1] / "models" / "second"
GRAPH, TOKENIZER = "meaning.onnx", "tokenizer.json"


def head(weights: np.ndarray, bias: np.ndarray, intents: Sequence[str]) -> Mapping[str, np.ndarray]:
    """What is kept beside what the encoder learned: how its vectors [texts, 768] become scores."""
    return {"head": weights.astype(np.float16), "bias": bias.astype(np.float32), "intents": np.array(intents)}


def make(folder: Path = READY) -> None:
    from handrail_bot import meaning_graph  # what writes graphs is large and needed here alone

    folder.parent.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as apart:
        made = Path(apart) / folder.name
        made.mkdir()
        meaning_graph.write(SECOND, changed(SECOND.weights(), KEPT), made / GRAPH)
        (made / TOKENIZER).write_text(SECOND.tokenizer(), encoding="utf-8")
        for old in folder.glob("*"):
            old.unlink()
        for file in made.iterdir():
            folder.mkdir(exist_ok=True)
            file.rename(folder / file.name)


class SecondReading:
    """Raises RuntimeError where it was not made."""

    def __init__(self, folder: Path = READY) -> None:
        if not (folder / TOKENIZER).exists():
            raise RuntimeError("The second reader is not made. Run `make model`.")
        tokenizer = (folder / TOKENIZER).read_text(encoding="utf-8")
        self._encoder = Encoder(tokenizer, folder / GRAPH, SECOND.size)
        with np.load(KEPT) as learned:
            self.intents: list[str] = learned["intents"].tolist()
            self._head, self._bias = learned["head"].astype(np.float32), learned["bias"]

    def confidences(self, texts: Sequence[str], temperature: float = 1.0) -> np.ndarray:
        """[texts, intents], each row summing to one."""
        vectors = self._encoder.encode([plain_words(text) for text in texts])
        return np.asarray(softmax((vectors @ self._head + self._bias) / temperature, axis=1))


if __name__ == "__main__":
    make(*map(Path, sys.argv[1:]))
