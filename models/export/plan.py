"""What an export would write and need, from the config alone: no weight is read."""

import torch

from .family import Family
from .precision import BLOCK, PRECISIONS


def parameters(family: type[Family], config) -> tuple[dict[str, list[tuple[bool, int]]], int]:
    """Of each part: whether a tensor is a matrix that may be quantised, and its elements; and the elements of all."""
    with torch.device("meta"):
        model = family.kind(config)
    found: dict[str, list[tuple[bool, int]]] = {part: [] for part in family.parts}
    named = dict(model.named_parameters(remove_duplicate=False))
    for name, parameter in named.items():
        part = part_of(name, family.parts)
        table = "embed" in name or "shared" in name or "relative_attention_bias" in name
        # One table under several names.
        if part == "embed_tokens" and found[part]:
            continue
        found[part].append((parameter.dim() == 2 and not table, parameter.numel()))
        # A head that is the table of embeddings lies in the decoder as well.
        if part == "embed_tokens" and not any(other.endswith("lm_head.weight") for other in named):
            found["decoder"].append((True, parameter.numel()))
    return found, sum(parameter.numel() for parameter in model.parameters())


def part_of(name: str, parts: tuple[str, ...]) -> str:
    if "text_model" in parts:
        return "text_model" if name.startswith("text") else "vision_model"
    if any(word in name for word in ("vision", "visual", "qformer", "query_tokens", "projector", "language_projection", "connector", "image_newline")):
        return "vision_encoder"
    if any(word in name for word in ("embed_tokens.weight", "shared.weight")):
        return "embed_tokens"
    if "encoder" in parts and "language_model.encoder" in name:
        return "encoder"
    return "decoder"


def part_bytes(tensors: list[tuple[bool, int]], precision) -> int:
    element = 2 if precision.half else 4
    total = 0
    for matrix, count in tensors:
        quantised = precision.quantised and matrix
        total += count // 2 + count // BLOCK * element if quantised else count * element
    return total


def plan(family: type[Family], config, precisions: list[str]) -> dict:
    tensors, count = parameters(family, config)
    files: dict[str, int] = {}
    variants = {}
    for name in precisions:
        own = {}
        for part in family.parts:
            written = family.precision_of(part, PRECISIONS[name])
            own[f"{part}.{written}.onnx"] = part_bytes(tensors[part], PRECISIONS[written])
        files.update(own)
        variants[name] = {"files": list(own), "bytes": sum(own.values())}
    largest = max(elements for some in tensors.values() for _, elements in some)
    traced = [4 * sum(n for _, n in tensors[part]) for part in family.parts if part.startswith(("vision", "text"))]
    return {
        "architecture": family.architecture,
        "parameters": count,
        "variants": variants,
        "files": files,
        "diskBytes": sum(files.values()),
        # The checkpoint in 16 bits, a traced part once more in float32, a matrix and its packed form.
        "memoryBytes": 2 * count + max(traced) + 8 * largest,
        "parityMemoryBytes": 4 * count,
    }


def tell(planned: dict) -> str:
    lines = [f"{planned['architecture']}: {planned['parameters'] / 1e9:.2f} billion parameters"]
    for name, size in planned["files"].items():
        lines.append(f"  {name:28} {gigabytes(size)}")
    for name, variant in planned["variants"].items():
        lines.append(f"{name:6} {gigabytes(variant['bytes'])}  {', '.join(variant['files'])}")
    lines.append(f"disk {gigabytes(planned['diskBytes'])}, memory to export {gigabytes(planned['memoryBytes'])}")
    lines.append(f"memory to compare with PyTorch (--parity yes) {gigabytes(planned['parityMemoryBytes'])} and the variant")
    return "\n".join(lines)


def gigabytes(count: int) -> str:
    return f"{count / 1e9:7.3f} GB"
