"""Speech to words with Moonshine, in a process of its own: started by `moonshine.py` as a script.

Samples (16 kHz, 16-bit mono) on stdin, a JSON object with `words` on stdout. The model takes some 350 MB, which go
with the process. Its library is loaded here alone: not everybody installs it. Imports nothing of ours.
"""

import json
import sys
from array import array
from collections.abc import Iterator

from moonshine_voice import ModelArch, Transcriber, get_model_path

RATE = 16_000
PIECE = 25 * RATE  # samples; the model was made for sentences, and a long list of floats takes much memory
LOOK_BACK = 5 * RATE  # a piece ends where it is quietest in its last five seconds, between two words
STEP = RATE // 10


def main() -> None:
    samples = array("h", sys.stdin.buffer.read())
    model = Transcriber(str(get_model_path("tiny-en")), ModelArch.TINY)
    said = (model.transcribe_without_streaming([each / 32768 for each in piece], RATE) for piece in pieces(samples))
    words = " ".join(line.text.strip() for part in said for line in part.lines)
    json.dump({"words": " ".join(words.split())}, sys.stdout)


def pieces(samples: "array[int]") -> Iterator["array[int]"]:
    while samples:
        end = len(samples) if len(samples) <= PIECE else quietest(samples)
        yield samples[:end]
        samples = samples[end:]


def quietest(samples: "array[int]") -> int:
    steps = range(PIECE - LOOK_BACK, PIECE, STEP)
    return min(steps, key=lambda at: sum(abs(each) for each in samples[at : at + STEP])) + STEP // 2


if __name__ == "__main__":
    main()
