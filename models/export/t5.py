"""T5: the encoder with what the decoder looks back on, and the fused decoder with relative positions."""

from pathlib import Path

import numpy as np
import torch
from onnx import TensorProto

from .fused import FLOAT, INT64, DecoderShape, FusedDecoder
from .graph import Graph
from .precision import Precision
from .written_out import ACTIVATIONS, WrittenOut

"""T5 has no limit of its own; Flan-T5 was trained on this many tokens, and answers are shorter."""
CONTEXT_TOKENS = 512


def t5_shape(config) -> DecoderShape:
    return DecoderShape(
        hidden=config.d_model,
        layers=config.num_decoder_layers,
        heads=config.num_heads,
        kv_heads=config.num_heads,
        head_size=config.d_kv,
        vocabulary=config.vocab_size,
        context_tokens=max(CONTEXT_TOKENS, getattr(config, "n_positions", None) or 0),
    )


class Layers(WrittenOut):
    """
    What encoder and decoder share. The residual and the last product of a feed-forward stay float32 in every precision:
    T5's exceed what float16 holds.
    """

    def __init__(self, graph: Graph, config, residual: str):
        super().__init__(graph, config.num_heads, config.d_kv)
        self.config, self.residual = config, residual

    def normed(self, name: str, norm: torch.nn.Module) -> str:
        """In the graph's own float type."""
        return self.graph.as_own(self.normed_exactly(name, norm))

    def normed_exactly(self, name: str, norm: torch.nn.Module) -> str:
        gamma = self.graph.tensor(name, norm.weight.detach().float().numpy())
        return self.graph.node(
            "SimplifiedLayerNormalization", [self.residual, gamma], epsilon=norm.variance_epsilon
        )

    def add(self, value: str) -> None:
        self.residual = self.graph.node("Add", [self.residual, value])

    def exactly(self, value: str) -> str:
        return self.graph.cast(value, FLOAT) if self.graph.precision.half else value

    def feed_forward(self, name: str, layer: torch.nn.Module) -> None:
        graph, inner = self.graph, layer.DenseReluDense
        operation, attributes = ACTIVATIONS[self.config.dense_act_fn]
        value = self.normed(f"{name}.feed_forward_norm", layer.layer_norm)
        if self.config.is_gated_act:
            gate = graph.node(operation, [graph.linear(f"{name}.gate", value, inner.wi_0.weight)], **attributes)
            wide = graph.node("Mul", [gate, graph.linear(f"{name}.up", value, inner.wi_1.weight)])
        else:
            wide = graph.node(operation, [graph.linear(f"{name}.up", value, inner.wi.weight)], **attributes)
        self.add(graph.linear(f"{name}.down", self.exactly(wide), inner.wo.weight, exact=True))


def distance_biases(attention: torch.nn.Module, farthest: int, both_ways: bool) -> np.ndarray:
    """The bias of each distance key − query from −farthest to farthest (to 0 in the decoder), [distances, heads]."""
    distances = torch.arange(-farthest, farthest + 1 if both_ways else 1)
    buckets = attention._relative_position_bucket(
        distances,
        bidirectional=both_ways,
        num_buckets=attention.relative_attention_num_buckets,
        max_distance=attention.relative_attention_max_distance,
    )
    return attention.relative_attention_bias.weight.detach().float()[buckets].numpy()


def position_bias(graph: Graph, attention: torch.nn.Module, queries: str, total: str, both_ways: bool) -> str:
    """Biases of `queries` i64 [b,s] against keys 0 … total − 1: [b,heads,s,total]. Far distances share the last bucket."""
    farthest = attention.relative_attention_max_distance
    table = graph.weight("distance_biases", distance_biases(attention, farthest, both_ways))
    keys = graph.node("Range", [graph.ints("zero", 0), total, graph.ints("one", 1)])
    own = graph.node("Unsqueeze", [queries, graph.ints("last_axis", [-1])])
    limits = [graph.ints("nearest", -farthest), graph.ints("farthest", farthest if both_ways else 0)]
    distance = graph.node("Clip", [graph.node("Sub", [keys, own]), *limits])
    rows = graph.node("Gather", [table, graph.node("Add", [distance, graph.ints("middle", farthest)])])
    return graph.node("Transpose", [rows], perm=[0, 3, 1, 2])


def write_t5_encoder(path: Path, precision: Precision, config, model: torch.nn.Module) -> list[Path]:
    """`model` is a T5ForConditionalGeneration."""
    graph = Graph(path, precision)
    embeds = graph.input("inputs_embeds", FLOAT, ["batch", "sequence", config.d_model])
    mask = graph.input("attention_mask", INT64, ["batch", "sequence"])
    layers = Layers(graph, config, embeds)
    length, places = layers.sequence(mask)
    blocks = model.encoder.block
    relative = position_bias(graph, blocks[0].layer[0].SelfAttention, places, length, both_ways=True)
    bias = graph.node("Add", [relative, layers.mask_bias(mask)])
    for index, block in enumerate(blocks):
        name = f"layer.{index}"
        attend = block.layer[0].SelfAttention
        value = layers.normed(f"{name}.attention_norm", block.layer[0].layer_norm)
        query, key, content = (
            graph.linear(f"{name}.{what}", value, part.weight)
            for what, part in (("query", attend.q), ("key", attend.k), ("value", attend.v))
        )
        mixed = layers.look(query, layers.split_heads(key), layers.split_heads(content), bias)
        layers.add(layers.exactly(graph.linear(f"{name}.output", mixed, attend.o.weight)))
        layers.feed_forward(name, block.layer[1])
    exact = layers.normed_exactly("final_norm", model.encoder.final_layer_norm)
    graph.node("Identity", [exact], "encoder_hidden_states")
    graph.output("encoder_hidden_states", FLOAT, ["batch", "sequence", config.d_model])
    states = graph.as_own(exact)
    for index, block in enumerate(model.decoder.block):
        attend = block.layer[1].EncDecAttention
        for what, part in (("key", attend.k), ("value", attend.v)):
            name = f"cross.{index}.{what}"
            graph.cast(layers.split_heads(graph.linear(f"{name}.weight", states, part.weight)), FLOAT, name)
            graph.output(name, FLOAT, ["batch", config.num_heads, "sequence", config.d_kv])
    return graph.save()


def write_t5_decoder(path: Path, precision: Precision, config, model: torch.nn.Module) -> list[Path]:
    shape = t5_shape(config)
    decoder = FusedDecoder(path, precision, shape, exact_embeds=True)
    graph = decoder.graph
    mask = graph.input("encoder_attention_mask", INT64, ["batch", "prompt"])
    layers = Layers(graph, config, decoder.embeds)
    blocks = model.decoder.block
    total = graph.cast(decoder.total, TensorProto.INT64)
    relative = position_bias(graph, blocks[0].layer[0].SelfAttention, decoder.positions, total, both_ways=False)
    unseen = layers.mask_bias(mask)
    for index, block in enumerate(blocks):
        name = f"layer.{index}"
        attend = block.layer[0].SelfAttention
        value = layers.normed(f"{name}.attention_norm", block.layer[0].layer_norm)
        packed = graph.linear(f"{name}.qkv", value, torch.cat([attend.q.weight, attend.k.weight, attend.v.weight]))
        parts = [f"{name}.{what}" for what in ("query", "key", "value")]
        graph.node("Split", [packed], parts, axis=2, num_outputs=3)
        attended = decoder.attention(index, *parts, bias=relative, scale=1.0)
        layers.add(layers.exactly(graph.linear(f"{name}.output", attended, attend.o.weight)))

        attend = block.layer[1].EncDecAttention
        value = layers.normed(f"{name}.cross_norm", block.layer[1].layer_norm)
        buffer = ["batch", shape.heads, "prompt", shape.head_size]
        key, content = (
            graph.as_own(graph.input(f"cross.{index}.{what}", FLOAT, buffer)) for what in ("key", "value")
        )
        mixed = layers.look(graph.linear(f"{name}.cross_query", value, attend.q.weight), key, content, unseen)
        layers.add(layers.exactly(graph.linear(f"{name}.cross_output", mixed, attend.o.weight)))
        layers.feed_forward(name, block.layer[2])
    layers.residual = decoder.last(layers.residual)
    hidden = layers.normed_exactly("final_norm", model.decoder.final_layer_norm)
    scaled = hidden
    if config.scale_decoder_outputs:
        scaled = graph.node("Mul", [hidden, graph.tensor("head_scale", np.float32(config.d_model**-0.5).reshape(()))])
    return decoder.finish(hidden, model.lm_head.weight, graph.as_own(scaled))
