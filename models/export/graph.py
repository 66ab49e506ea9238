"""Writes an ONNX graph node by node; weights leave memory as soon as they are added, once they are too many to lie inside."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

from .precision import BLOCK, Precision, quantise4

MICROSOFT = "com.microsoft"

"""Weights of up to this many bytes lie inside the graph; more go into a file beside it."""
INSIDE = 16 * 1024 * 1024

TYPES = {
    np.dtype(np.float32): TensorProto.FLOAT,
    np.dtype(np.float16): TensorProto.FLOAT16,
    np.dtype(np.int64): TensorProto.INT64,
    np.dtype(np.int32): TensorProto.INT32,
    np.dtype(np.uint8): TensorProto.UINT8,
}


class Graph:
    def __init__(self, path: Path, precision: Precision):
        self.path = path
        self.precision = precision
        self.float = precision.onnx
        self._nodes: list[onnx.NodeProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []
        self._tensors: dict[str, TensorProto] = {}
        self._waiting: list[tuple[TensorProto, bytes]] = []
        self._bytes = 0
        self._data = None
        self._count = 0

    # Values

    def input(self, name: str, kind: int, shape: list) -> str:
        self._inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, name: str, kind: int, shape: list) -> None:
        self._outputs.append(helper.make_tensor_value_info(name, kind, shape))

    def node(self, op: str, inputs: list[str], output: str | list[str] | None = None, domain: str = "", **attributes):
        """Adds a node; returns its first output's name."""
        if output is None:
            self._count += 1
            output = f"{op}.{self._count}"
        outputs = [output] if isinstance(output, str) else output
        self._nodes.append(helper.make_node(op, inputs, outputs, domain=domain, **attributes))
        return outputs[0]

    def tensor(self, name: str, values: np.ndarray) -> str:
        """A constant as it is; the same name again is the same constant."""
        if name in self._tensors:
            return name
        values = np.ascontiguousarray(values)
        proto = TensorProto(name=name, data_type=TYPES[values.dtype], dims=values.shape)
        self._tensors[name] = proto
        raw = values.tobytes()
        if len(raw) <= 1024:
            proto.raw_data = raw
            return name
        self._bytes += len(raw)
        if self._data is None and self._bytes > INSIDE:
            self._data = open(f"{self.path}.data", "wb")
            for earlier in self._waiting:
                self._put_outside(*earlier)
            self._waiting.clear()
        if self._data is None:
            self._waiting.append((proto, raw))
        else:
            self._put_outside(proto, raw)
        return name

    def ints(self, name: str, values) -> str:
        return self.tensor(name, np.asarray(values, dtype=np.int64))

    def weight(self, name: str, values) -> str:
        """A constant in the graph's own float type."""
        return self.tensor(name, as_array(values).astype(self.precision.numpy))

    # Shorthands

    def cast(self, value: str, kind: int, output: str | None = None) -> str:
        return self.node("Cast", [value], output, to=kind)

    def as_own(self, value: str) -> str:
        """A float32 input in the graph's own float type."""
        return self.cast(value, self.float) if self.precision.half else value

    def linear(self, name: str, value: str, weight, bias=None, output: str | None = None, exact: bool = False) -> str:
        """value · weightᵀ + bias, weight as torch has it: [out, in]. `exact`: a float32 value and result in any precision."""
        weight = as_array(weight)
        inner = output if bias is None else None
        if self.precision.quantised and f"{name}.q4" not in self._tensors and name not in self._tensors:
            packed, scales = quantise4(weight)
            self.tensor(f"{name}.q4", packed)
            self.tensor(f"{name}.scales", scales) if exact else self.weight(f"{name}.scales", scales)
        if self.precision.quantised:
            rows, columns = weight.shape
            attributes = {"K": columns, "N": rows, "bits": 4, "block_size": BLOCK, "accuracy_level": 4}
            if self.precision.half and not exact:
                del attributes["accuracy_level"]
            inputs = [value, f"{name}.q4", f"{name}.scales"]
            out = self.node("MatMulNBits", inputs, inner, MICROSOFT, **attributes)
        else:
            matrix = self.weight(name, weight.T)
            if exact and self.precision.half:
                matrix = self.cast(matrix, TensorProto.FLOAT)
            out = self.node("MatMul", [value, matrix], inner)
        if bias is None:
            return out
        return self.node("Add", [out, self.weight(f"{name}.bias", bias)], output)

    # The file

    def _put_outside(self, proto: TensorProto, raw: bytes) -> None:
        self._data.write(bytes(-self._data.tell() % 64))
        facts = {"location": f"{self.path.name}.data", "offset": self._data.tell(), "length": len(raw)}
        self._data.write(raw)
        proto.data_location = TensorProto.EXTERNAL
        for key, fact in facts.items():
            proto.external_data.add(key=key, value=str(fact))

    def save(self) -> list[Path]:
        """Writes the graph; returns the files."""
        for proto, raw in self._waiting:
            proto.raw_data = raw
        graph = helper.make_graph(
            self._nodes, self.path.name, self._inputs, self._outputs, list(self._tensors.values())
        )
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid(MICROSOFT, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="storyloom")
        onnx.save(model, self.path)
        if self._data is None:
            return [self.path]
        self._data.close()
        return [self.path, Path(f"{self.path}.data")]


def as_array(values) -> np.ndarray:
    """A torch tensor of any float type, or an array, as float32."""
    if isinstance(values, np.ndarray):
        return values.astype(np.float32)
    return values.detach().float().cpu().numpy()
