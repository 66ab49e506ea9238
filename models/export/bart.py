"""BART: the encoder with what the decoder looks back on, and the fused decoder; learned positions, norms after each part."""

from pathlib import Path

import torch

from .fused import FLOAT, INT64, DecoderShape, FusedDecoder
from .graph import MICROSOFT, Graph
from .opt import OFFSET
from .precision import Precision
from .written_out import ACTIVATIONS, WrittenOut


def bart_shape(config) -> DecoderShape:
    return DecoderShape(
        hidden=config.d_model,
        layers=config.decoder_layers,
        heads=config.decoder_attention_heads,
        kv_heads=config.decoder_attention_heads,
        head_size=config.d_model // config.decoder_attention_heads,
        vocabulary=config.vocab_size,
        context_tokens=config.max_position_embeddings,
    )


class Layers(WrittenOut):
    """What encoder and decoder share: embeddings with their positions first, then parts that are added and normed."""

    def __init__(self, graph: Graph, config, half: torch.nn.Module, embeds: str, places: str, heads: int):
        super().__init__(graph, heads, config.d_model // heads)
        self.activation = ACTIVATIONS[config.activation_function]
        table = graph.weight("positions", half.embed_positions.weight[OFFSET:])
        placed = graph.node("Add", [embeds, graph.node("Gather", [table, places])])
        norm = half.layernorm_embedding
        self.state = graph.node("LayerNormalization", [placed, *self._weights("first_norm", norm)], epsilon=norm.eps)

    def _weights(self, name: str, norm: torch.nn.LayerNorm) -> list[str]:
        return [self.graph.weight(f"{name}.weight", norm.weight), self.graph.weight(f"{name}.bias", norm.bias)]

    def add(self, name: str, value: str, norm: torch.nn.LayerNorm) -> None:
        inputs = [self.state, value, *self._weights(name, norm)]
        self.state = self.graph.node("SkipLayerNormalization", inputs, None, MICROSOFT, epsilon=norm.eps)

    def linear(self, name: str, value: str, part: torch.nn.Linear, scale: float = 1.0) -> str:
        return self.graph.linear(name, value, part.weight * scale, part.bias * scale)

    def looked(self, name: str, attend: torch.nn.Module, key: str, value: str, bias: str) -> str:
        """Attention of the state over `key` and `value` [b,heads,t,d]."""
        query = self.linear(f"{name}.query", self.state, attend.q_proj, attend.scaling)
        return self.linear(f"{name}.output", self.look(query, key, value, bias), attend.out_proj)

    def feed_forward(self, name: str, layer: torch.nn.Module) -> None:
        operation, attributes = self.activation
        wide = self.graph.node(operation, [self.linear(f"{name}.up", self.state, layer.fc1)], **attributes)
        self.add(f"{name}.final_norm", self.linear(f"{name}.down", wide, layer.fc2), layer.final_layer_norm)


def write_bart_encoder(path: Path, precision: Precision, config, model: torch.nn.Module) -> list[Path]:
    """`model` is a BartModel."""
    graph = Graph(path, precision)
    embeds = graph.input("inputs_embeds", FLOAT, ["batch", "sequence", config.d_model])
    mask = graph.input("attention_mask", INT64, ["batch", "sequence"])
    heads = config.encoder_attention_heads
    _, places = WrittenOut(graph, heads, 0).sequence(mask)
    layers = Layers(graph, config, model.encoder, graph.as_own(embeds), places, heads)
    unseen = layers.mask_bias(mask)
    for index, layer in enumerate(model.encoder.layers):
        name, attend = f"layer.{index}", layer.self_attn
        key, value = (
            layers.split_heads(layers.linear(f"{name}.{what}", layers.state, part))
            for what, part in (("key", attend.k_proj), ("value", attend.v_proj))
        )
        layers.add(f"{name}.norm", layers.looked(name, attend, key, value, unseen), layer.self_attn_layer_norm)
        layers.feed_forward(name, layer)
    graph.cast(layers.state, FLOAT, "encoder_hidden_states")
    graph.output("encoder_hidden_states", FLOAT, ["batch", "sequence", config.d_model])
    shape = bart_shape(config)
    decoder = WrittenOut(graph, shape.heads, shape.head_size)
    for index, layer in enumerate(model.decoder.layers):
        for what, part in (("key", layer.encoder_attn.k_proj), ("value", layer.encoder_attn.v_proj)):
            name = f"cross.{index}.{what}"
            graph.cast(decoder.split_heads(layers.linear(f"{name}.weight", layers.state, part)), FLOAT, name)
            graph.output(name, FLOAT, ["batch", shape.heads, "sequence", shape.head_size])
    return graph.save()


def write_bart_decoder(path: Path, precision: Precision, config, model: torch.nn.Module, head: torch.Tensor) -> list[Path]:
    shape = bart_shape(config)
    decoder = FusedDecoder(path, precision, shape)
    graph = decoder.graph
    mask = graph.input("encoder_attention_mask", INT64, ["batch", "prompt"])
    layers = Layers(graph, config, model.decoder, decoder.embeds, decoder.positions, shape.heads)
    unseen = layers.mask_bias(mask)
    for index, layer in enumerate(model.decoder.layers):
        name, attend = f"layer.{index}", layer.self_attn
        projections = (attend.q_proj, attend.k_proj, attend.v_proj)
        weight, bias = (torch.cat([getattr(part, what) for part in projections]) for what in ("weight", "bias"))
        parts = [f"{name}.{what}" for what in ("query", "key", "value")]
        graph.node("Split", [graph.linear(f"{name}.qkv", layers.state, weight, bias)], parts, axis=2, num_outputs=3)
        attended = layers.linear(f"{name}.output", decoder.attention(index, *parts), attend.out_proj)
        layers.add(f"{name}.norm", attended, layer.self_attn_layer_norm)

        buffer = ["batch", shape.heads, "prompt", shape.head_size]
        key, value = (graph.as_own(graph.input(f"cross.{index}.{what}", FLOAT, buffer)) for what in ("key", "value"))
        looked = layers.looked(f"{name}.cross", layer.encoder_attn, key, value, unseen)
        layers.add(f"{name}.cross_norm", looked, layer.encoder_attn_layer_norm)
        layers.feed_forward(name, layer)
    return decoder.finish(decoder.last(layers.state), head)
