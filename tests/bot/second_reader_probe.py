"""Run with the assistant's own Python: asks the second reader and prints what it said. See test_second_reader.py."""

import json
import sys
from typing import Any

import numpy as np
from handrail_bot.encoder_network import EncoderNetwork
from handrail_bot.encoders import SECOND
from handrail_bot.fine_tuned import changed
from handrail_bot.fine_tuning import filled, in_pieces, tokenizer_of
from handrail_bot.second_reader import SecondReader, together
from handrail_bot.second_reading import KEPT, SecondReading
from rasa.shared.nlu.training_data.message import Message

TEXTS = ["im dead tired", "i am exhausted", "hes outside my window again", "kids are poorly so i cant make it tomorrow"]


class Stub:
    """Says "thank", always."""

    intents = ("thank", "praise", "crisis_self")

    def __init__(self) -> None:
        self.asked: list[str] = []

    def confidences(self, texts: list[str], _: float) -> np.ndarray:
        self.asked += texts
        return np.array([[0.98, 0.01, 0.01]] * len(texts))


def main() -> None:
    reading = SecondReading()
    reader, stub = SecondReader(SecondReader.get_default_config()), Stub()
    reader._second = stub
    read = [each for case in CASES for each in reader.process([message(*part) for part in case])]
    weights = changed(SECOND.weights(), KEPT)
    network = EncoderNetwork(SECOND, weights, 2)
    pieces = filled(in_pieces(tokenizer_of(SECOND), TEXTS), SECOND.filler)
    in_use = np.vstack([vectors(reading, [text]) for text in TEXTS])
    found = {
        "alone_and_together": float(np.abs(vectors(reading, TEXTS) - in_use).max()),
        "nearest_cosine": float(np.min(np.sum(in_use * network.vectors(pieces).numpy(), axis=1))),
        "sums": reading.confidences(TEXTS).sum(axis=1).tolist(),
        "asked": stub.asked,
        "read": {each.get("text"): each.get("intent")["name"] for each in read},
        "shares": {share: together(FIRST_SAID, SECOND_SAID, share) for share in (0.0, 0.5, 1.0)},
    }
    sys.stdout.write(json.dumps(found) + "\n")


def vectors(reading: SecondReading, texts: list[str]) -> np.ndarray:
    return reading._encoder.encode(texts)


def message(text: str, said: dict[str, float], language: str) -> Message:
    ranking: list[dict[str, Any]] = [{"name": name, "confidence": sure} for name, sure in said.items()]
    about = {"text": text, "intent": ranking[0], "intent_ranking": ranking, "metadata": {"language": language}}
    return Message(data=about)


DOUBT = {"praise": 0.35, "thank": 0.33, "crisis_self": 0.01}
CASES = (
    [("sure", {"praise": 0.97, "thank": 0.02, "crisis_self": 0.01}, "en")],
    [("in doubt", DOUBT, "en")],
    [("perhaps a cry", {"crisis_self": 0.5, "thank": 0.3, "praise": 0.2}, "en")],
    [("surely a cry", {"crisis_self": 0.995, "thank": 0.005, "praise": 0.0}, "en")],
    [("in doubt, in Welsh", DOUBT, "cy")],
    [("a whole, and", DOUBT, "en"), ("a clause", DOUBT, "en")],
)
FIRST_SAID = {"thank": 0.2, "praise": 0.3, "new_intent": 0.5}
SECOND_SAID = {"thank": 0.8, "praise": 0.2}

if __name__ == "__main__":
    main()
