"""The fused decoder of OPT: learned positions, norms before attention, biases throughout."""

from pathlib import Path

import torch

from .fused import DecoderShape, FusedDecoder
from .graph import MICROSOFT
from .precision import Precision

"""OPT's table of positions begins with rows for nothing."""
OFFSET = 2


def opt_shape(config) -> DecoderShape:
    return DecoderShape(
        hidden=config.hidden_size,
        layers=config.num_hidden_layers,
        heads=config.num_attention_heads,
        kv_heads=config.num_attention_heads,
        head_size=config.hidden_size // config.num_attention_heads,
        vocabulary=config.vocab_size,
        context_tokens=config.max_position_embeddings,
    )


def write_opt(path: Path, precision: Precision, config, language: torch.nn.Module) -> list[Path]:
    """`language` is an OPTForCausalLM."""
    if not config.do_layer_norm_before or config.word_embed_proj_dim != config.hidden_size:
        raise SystemExit("OPT with norms after attention or projected embeddings cannot be exported")
    if config.activation_function != "relu":
        raise SystemExit(f"OPT with {config.activation_function} cannot be exported")
    model = language.model.decoder
    shape = opt_shape(config)
    decoder = FusedDecoder(path, precision, shape)
    graph = decoder.graph
    table = graph.weight("positions", model.embed_positions.weight[OFFSET:])
    residual = graph.node("Add", [decoder.embeds, graph.node("Gather", [table, decoder.positions])])
    pending = ""

    def normalise(name: str, norm: torch.nn.LayerNorm) -> str:
        nonlocal residual
        weights = [graph.weight(f"{name}.weight", norm.weight), graph.weight(f"{name}.bias", norm.bias)]
        if not pending:
            return graph.node("LayerNormalization", [residual, *weights], epsilon=norm.eps)
        outputs = [f"{name}.out", "", "", f"{name}.sum"]
        inputs = [residual, pending, *weights]
        graph.node("SkipLayerNormalization", inputs, outputs, MICROSOFT, epsilon=norm.eps)
        residual = outputs[3]
        return outputs[0]

    for index, layer in enumerate(model.layers):
        name = f"layer.{index}"
        attend = layer.self_attn
        projections = (attend.q_proj, attend.k_proj, attend.v_proj)
        bias = None if attend.q_proj.bias is None else torch.cat([part.bias for part in projections])
        normed = normalise(f"{name}.attention_norm", layer.self_attn_layer_norm)
        packed = graph.linear(f"{name}.qkv", normed, torch.cat([part.weight for part in projections]), bias)
        query, key, value = (f"{name}.{what}" for what in ("query", "key", "value"))
        graph.node("Split", [packed], [query, key, value], axis=2, num_outputs=3)
        attended = decoder.attention(index, query, key, value)
        pending = graph.linear(f"{name}.output", attended, attend.out_proj.weight, attend.out_proj.bias)

        normed = normalise(f"{name}.feed_forward_norm", layer.final_layer_norm)
        wide = graph.node("Relu", [graph.linear(f"{name}.up", normed, layer.fc1.weight, layer.fc1.bias)])
        pending = graph.linear(f"{name}.down", wide, layer.fc2.weight, layer.fc2.bias)

    hidden = decoder.last(normalise("final_norm", model.final_layer_norm))
    return decoder.finish(hidden, language.lm_head.weight)
