"""The fused decoder of Llama, Vicuna and Qwen2: rotary positions from tables that the caller computes."""

from pathlib import Path

import torch

from .fused import FLOAT, DecoderShape, FusedDecoder
from .graph import MICROSOFT
from .precision import Precision


def llama_shape(config) -> DecoderShape:
    heads = config.num_attention_heads
    return DecoderShape(
        hidden=config.hidden_size,
        layers=config.num_hidden_layers,
        heads=heads,
        kv_heads=getattr(config, "num_key_value_heads", None) or heads,
        head_size=getattr(config, "head_dim", None) or config.hidden_size // heads,
        vocabulary=config.vocab_size,
        context_tokens=config.max_position_embeddings,
    )


def rope_theta(config) -> float:
    parameters = getattr(config, "rope_parameters", None) or {}
    if parameters.get("rope_type", "default") not in ("default", "mrope"):
        raise SystemExit(f"rotary positions of type {parameters['rope_type']} cannot be exported")
    return float(parameters.get("rope_theta") or getattr(config, "rope_theta", 10000.0))


def write_llama(path: Path, precision: Precision, config, model: torch.nn.Module, head: torch.Tensor) -> list[Path]:
    """`model` has embed_tokens, layers and norm; `head` is the matrix of the logits."""
    shape = llama_shape(config)
    decoder = FusedDecoder(path, precision, shape)
    graph = decoder.graph
    tables = [
        graph.as_own(graph.input(name, FLOAT, ["positions", shape.head_size // 2]))
        for name in ("rotary_cos", "rotary_sin")
    ]
    epsilon = {"epsilon": config.rms_norm_eps}
    sizes = [shape.heads * shape.head_size] + 2 * [shape.kv_heads * shape.head_size]
    residual, pending = decoder.embeds, ""

    def normalise(name: str, norm: torch.nn.Module) -> str:
        nonlocal residual
        gamma = graph.weight(name, norm.weight)
        if not pending:
            return graph.node("SimplifiedLayerNormalization", [residual, gamma], **epsilon)
        outputs = [f"{name}.out", "", "", f"{name}.sum"]
        graph.node("SkipSimplifiedLayerNormalization", [residual, pending, gamma], outputs, MICROSOFT, **epsilon)
        residual = outputs[3]
        return outputs[0]

    def turn(value: str) -> str:
        return graph.node("RotaryEmbedding", [value, decoder.positions, *tables], None, MICROSOFT, interleaved=0)

    for index, layer in enumerate(model.layers):
        name = f"layer.{index}"
        attend = layer.self_attn
        projections = (attend.q_proj, attend.k_proj, attend.v_proj)
        normed = normalise(f"{name}.attention_norm", layer.input_layernorm)
        bias = None if attend.q_proj.bias is None else torch.cat([part.bias for part in projections])
        packed = graph.linear(f"{name}.qkv", normed, torch.cat([part.weight for part in projections]), bias)
        query, key, value = (f"{name}.{what}" for what in ("query", "key", "value"))
        graph.node("Split", [packed, graph.ints("qkv_sizes", sizes)], [query, key, value], axis=2)
        attended = decoder.attention(index, turn(query), turn(key), value)
        pending = graph.linear(f"{name}.output", attended, attend.o_proj.weight)

        normed = normalise(f"{name}.feed_forward_norm", layer.post_attention_layernorm)
        gates = torch.cat([layer.mlp.gate_proj.weight, layer.mlp.up_proj.weight])
        both = graph.linear(f"{name}.gate_up", normed, gates)
        gate, up = f"{name}.gate", f"{name}.up"
        graph.node("Split", [both], [gate, up], axis=2, num_outputs=2)
        silu = graph.node("Mul", [gate, graph.node("Sigmoid", [gate])])
        pending = graph.linear(f"{name}.down", graph.node("Mul", [silu, up]), layer.mlp.down_proj.weight)

    # The norm is of every row, the head of the last one only.
    return decoder.finish(decoder.last(normalise("final_norm", model.norm)), head)
