"""Parts that PyTorch traces itself: encoders of texts and pictures."""

import copy
from pathlib import Path

import onnx
import torch

from .graph import INSIDE
from .precision import Precision


class InPrecision(torch.nn.Module):
    """Runs a module in a precision; what comes and goes is float32."""

    def __init__(self, module: torch.nn.Module, dtype: torch.dtype):
        super().__init__()
        self.module = copy.deepcopy(module).to(dtype)
        self.dtype = dtype

    def forward(self, *inputs: torch.Tensor):
        cast = [value.to(self.dtype) if value.is_floating_point() else value for value in inputs]
        outputs = self.module(*cast)
        if isinstance(outputs, torch.Tensor):
            return outputs.float()
        return tuple(value.float() for value in outputs)


def export_module(
    path: Path,
    precision: Precision,
    module: torch.nn.Module,
    inputs: dict[str, torch.Tensor],
    outputs: list[str],
    dynamic: list[dict[int, str]],
) -> list[Path]:
    """Traces `module` (called with positional `inputs`) and writes it; returns the files."""
    wrapped = InPrecision(module, torch.float16 if precision.half else torch.float32).eval()
    names: dict[str, torch.export.Dim] = {}
    shapes = [
        {axis: names.setdefault(name, torch.export.Dim(name, min=1)) for axis, name in axes.items()} for axes in dynamic
    ]
    with torch.no_grad():
        program = torch.onnx.export(
            wrapped,
            tuple(inputs.values()),
            input_names=list(inputs),
            output_names=outputs,
            dynamic_shapes=(tuple(shapes),),
            opset_version=21,
            dynamo=True,
            optimize=True,
            verbose=False,
        )
    program.save(str(path), external_data=True)
    data = Path(f"{path}.data")
    for file in (path, data):
        file.touch()
    if data.stat().st_size <= INSIDE:
        model = onnx.load(path)
        data.unlink()
        strip(model)
        onnx.save(model, path)
        return [path]
    model = onnx.load(path, load_external_data=False)
    strip(model)
    onnx.save(model, path)
    return [path, data]


def strip(model: onnx.ModelProto) -> None:
    """Takes out what names the exporting machine: traces and metadata of nodes."""
    del model.metadata_props[:]
    del model.graph.metadata_props[:]
    del model.graph.value_info[:]
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    for value in [*model.graph.input, *model.graph.output]:
        del value.metadata_props[:]
    for tensor in model.graph.initializer:
        tensor.doc_string = ""
        del tensor.metadata_props[:]
