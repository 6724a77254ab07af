"""Run with the assistant's own Python: teaches a few texts and prints what came of it. See test_fine_tuning.py."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from handrail_bot import meaning_graph
from handrail_bot.encoder_network import EncoderNetwork
from handrail_bot.encoders import FIRST
from handrail_bot.fine_tuned import changed, keep
from handrail_bot.fine_tuning import FIRST_RECIPE, filled, head_of, in_pieces, taught, tokenizer_of
from handrail_bot.joined import joined
from handrail_bot.meaning import Encoder
from handrail_bot.slips import with_slips
from handrail_bot.text_speak import plain_words

TEXTS = [
    ("im dead tired", "thank"),
    ("this bus is killing me", "thank"),
    ("dying for a brew", "thank"),
    ("i could murder a curry", "thank"),
    ("i want to be dead", "crisis_self"),
    ("im killing myself", "crisis_self"),
    ("i am dying inside", "crisis_self"),
    ("i could murder him", "crisis_self"),
]

SMALL_TALK = [("hiya love hope ur well", "greet"), ("where is it again", "ask_where"), ("ok", "acknowledge")]


def main(folder: Path) -> None:
    before = FIRST.weights()
    texts = [text for text, _ in TEXTS]
    pieces = filled(in_pieces(tokenizer_of(FIRST), texts), FIRST.filler)

    meaning_graph.write(FIRST, changed(before), folder / "as_kept.onnx")
    encoder = Encoder(FIRST.tokenizer(), folder / "as_kept.onnx", FIRST.size)
    in_use = encoder.encode([plain_words(text) for text in texts])
    in_teaching = EncoderNetwork(FIRST, changed(before), 2).vectors(pieces).numpy()

    network = taught(replace(FIRST_RECIPE, rounds=15), [TEXTS * 8], before)
    wanted = np.array([intent == "thank" for _, intent in TEXTS])  # the second of the two in the alphabet
    after = {name: matrix.numpy().T for name, matrix in network.matrices.items()}
    keep(before, after, folder / "kept.npz")
    back = changed(before, folder / "kept.npz")
    name = "encoder.layer.5.output.dense.weight"
    chance = np.random.default_rng(0)
    found = {
        "nearest_cosine": float(np.min(np.sum(in_use * in_teaching, axis=1)) / 2),  # two parts of length one
        "told_apart": int(np.sum((network.scores(pieces).numpy().argmax(1) == 1) == wanted)),
        "kept_of_change": float(1 - _size(back[name] - after[name]) / _size(after[name] - before[name])),
        "intents_of_head": head_of(network, [TEXTS])["intents"].tolist(),
        "joined": joined(TEXTS * 50, chance),
        "small_talk": joined(SMALL_TALK * 100, chance),
        "slips": [with_slips("can i come on thursday", chance) for _ in range(40)],
    }
    sys.stdout.write(json.dumps(found) + "\n")


def _size(change: np.ndarray) -> float:
    return float(np.square(change).sum())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
