"""Writes the sentence encoder down as a graph that ONNX Runtime runs: its layers, in whole numbers of eight bits.

Run once, when the assistant is trained. A text of ten word pieces then takes 3 ms on one core, where numpy took 16;
the vectors differ by less than 0.02 (cosine) from those in full numbers. Knows no text and no intent.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load

LAYERS, HEADS, SIZE = 6, 12, 384
# Paraphrases meet late, wording early: the fourth layer beside the last was worth 3 points of 100 on tuning texts.
TOLD = (4, 6)
OPSET = 17

Weights = Mapping[str, np.ndarray]


def write(archive: Path, target: Path) -> None:
    """From the archive of weights to `target`: word pieces [texts, length] in, [texts, 384] a told layer out."""
    with ZipFile(archive) as files:
        weights = load(files.read("model.safetensors"))
    with TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        onnx.save(Graph(weights).model(), whole)
        quantize_dynamic(
            whole,
            target,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            reduce_range=True,  # seven bits: eight overflow on processors without VNNI
            weight_type=QuantType.QInt8,
        )


class Graph:
    """The layers of a BERT encoder (Devlin and others, 2018), each operation one node."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def model(self) -> onnx.ModelProto:
        x, told = self._embed(), []
        for number in range(1, LAYERS + 1):
            x = self._layer(x, f"encoder.layer.{number - 1}.")
            if number in TOLD:
                told.append(self._op("ReduceMean", x, axes=[1], keepdims=0))
        self._nodes.append(helper.make_node("Concat", told, ["vectors"], axis=1))
        pieces = helper.make_tensor_value_info("pieces", TensorProto.INT64, ["texts", "length"])
        vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", SIZE * len(TOLD)])
        graph = helper.make_graph(self._nodes, "meaning", [pieces], [vectors], self._constants)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)

    def _embed(self) -> str:
        at = "embeddings."
        kind = self._weights[f"{at}token_type_embeddings.weight"][0]  # one text, not a pair
        places = self._weights[f"{at}position_embeddings.weight"] + kind
        length = self._op("Slice", self._op("Shape", "pieces"), self._numbers(1), self._numbers(2))
        place = self._op("Slice", self._constant(places), self._numbers(0), length, self._numbers(0))
        words = self._op("Gather", self._constant(self._weights[f"{at}word_embeddings.weight"]), "pieces")
        return self._normal(self._op("Add", words, place), f"{at}LayerNorm")

    def _layer(self, x: str, at: str) -> str:
        x = self._add(x, self._attend(x, f"{at}attention.self."), f"{at}attention.output.")
        return self._add(x, self._gelu(self._linear(x, f"{at}intermediate.dense")), f"{at}output.")

    def _add(self, x: str, change: str, at: str) -> str:
        return self._normal(self._op("Add", x, self._linear(change, f"{at}dense")), f"{at}LayerNorm")

    def _attend(self, x: str, at: str) -> str:
        query, key, value = (
            self._heads(self._linear(x, at + part), order)
            for part, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3]))
        )
        scores = self._op("Mul", self._op("MatMul", query, key), self._number(1 / np.sqrt(SIZE // HEADS)))
        heard = self._op("MatMul", self._op("Softmax", scores, axis=-1), value)
        return self._op("Reshape", self._op("Transpose", heard, perm=[0, 2, 1, 3]), self._numbers(0, 0, SIZE))

    def _heads(self, x: str, order: Sequence[int]) -> str:
        return self._op("Transpose", self._op("Reshape", x, self._numbers(0, 0, HEADS, SIZE // HEADS)), perm=order)

    def _gelu(self, x: str) -> str:
        bend = self._op("Add", self._op("Erf", self._op("Mul", x, self._number(np.sqrt(0.5)))), self._number(1))
        return self._op("Mul", self._op("Mul", x, self._number(0.5)), bend)

    def _normal(self, x: str, at: str) -> str:
        weight, bias = (self._constant(self._weights[f"{at}.{part}"]) for part in ("weight", "bias"))
        return self._op("LayerNormalization", x, weight, bias, epsilon=1e-12, axis=-1)

    def _linear(self, x: str, at: str) -> str:
        weight = self._constant(np.ascontiguousarray(self._weights[f"{at}.weight"].T))
        return self._op("Add", self._op("MatMul", x, weight), self._constant(self._weights[f"{at}.bias"]))

    def _op(self, kind: str, *inputs: str, **how: object) -> str:
        result = f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [result], name=result, **how))
        return result

    def _constant(self, value: np.ndarray) -> str:
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def _number(self, value: float) -> str:
        return self._constant(np.float32(value))

    def _numbers(self, *values: int) -> str:
        return self._constant(np.array(values, dtype=np.int64))
