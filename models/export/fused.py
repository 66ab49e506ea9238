"""What every fused decoder shares: its inputs, attention over the buffers of keys and values, and what it gives back."""

from dataclasses import dataclass
from pathlib import Path

from onnx import TensorProto

from .graph import MICROSOFT, Graph
from .precision import Precision

FLOAT, INT32, INT64 = TensorProto.FLOAT, TensorProto.INT32, TensorProto.INT64


@dataclass(frozen=True)
class DecoderShape:
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_size: int
    vocabulary: int
    context_tokens: int

    def description(self, end_ids: list[int], positions: dict) -> dict:
        """decoder.json, but for the type of the caches."""
        return {
            "input": "embeds",
            "layers": self.layers,
            "kvHeads": self.kv_heads,
            "headSize": self.head_size,
            "hiddenSize": self.hidden,
            "vocabSize": self.vocabulary,
            "contextTokens": self.context_tokens,
            "endIds": end_ids,
            "positions": positions,
        }


class FusedDecoder:
    """
    A graph with the decoder's inputs. A step has b = 1 and any s, or any b and s = 1. Past rows are read where they lie;
    only new rows and the last position's logits and hidden state are given back.
    """

    def __init__(self, path: Path, precision: Precision, shape: DecoderShape, exact_embeds: bool = False):
        self.shape = shape
        self.graph = graph = Graph(path, precision)
        embeds = graph.input("inputs_embeds", FLOAT, ["batch", "sequence", shape.hidden])
        self.embeds = embeds if exact_embeds else graph.as_own(embeds)
        self.positions = graph.input("position_ids", INT64, ["batch", "sequence"])
        self.seqlens = graph.input("seqlens_k", INT32, ["batch"])
        self.total = graph.input("total_sequence_length", INT32, [])

    def attention(self, layer: int, query: str, key: str, value: str, bias: str = "", **attributes) -> str:
        """Attention of `query` [b,s,heads·d] over the buffers and the new rows `key` and `value` [b,s,kvHeads·d]."""
        graph, shape = self.graph, self.shape
        buffer = ["batch", shape.kv_heads, "capacity", shape.head_size]
        past = [graph.input(f"past.{layer}.{what}", graph.float, buffer) for what in ("key", "value")]
        new = ["batch", "sequence", shape.kv_heads * shape.head_size]
        for what, rows in (("key", key), ("value", value)):
            graph.node("Identity", [rows], f"new.{layer}.{what}")
            graph.output(f"new.{layer}.{what}", graph.float, new)
        inputs = [query, key, value, *past, self.seqlens, self.total]
        if bias:
            inputs += ["", "", "", bias]
        name = f"layer.{layer}.attention"
        return graph.node(
            "GroupQueryAttention",
            inputs,
            [name, f"layer.{layer}.keys", f"layer.{layer}.values"],
            MICROSOFT,
            num_heads=shape.heads,
            kv_num_heads=shape.kv_heads,
            **attributes,
        )

    def last(self, hidden: str) -> str:
        """The last position of [b,s,H], as [b,1,H]."""
        return self.graph.node("Gather", [hidden, self.graph.ints("last_position", [-1])], axis=1)

    def finish(self, hidden: str, head, logits_from: str | None = None) -> list[Path]:
        """Gives back `hidden` [b,1,H], and its logits; writes the file."""
        graph, shape = self.graph, self.shape
        graph.cast(hidden, FLOAT, "hidden")
        logits = graph.linear("head", logits_from or hidden, head)
        graph.cast(logits, FLOAT, "logits")
        graph.output("logits", FLOAT, ["batch", 1, shape.vocabulary])
        graph.output("hidden", FLOAT, ["batch", 1, shape.hidden])
        return graph.save()


def write_embeddings(path: Path, precision: Precision, table) -> list[Path]:
    """embed_tokens: rows of a table, given back as float32."""
    graph = Graph(path, precision)
    ids = graph.input("input_ids", INT64, ["batch", "sequence"])
    rows = graph.node("Gather", [graph.weight("embedding", table), ids])
    graph.cast(rows, FLOAT, "inputs_embeds")
    graph.output("inputs_embeds", FLOAT, ["batch", "sequence", table.shape[1]])
    return graph.save()
