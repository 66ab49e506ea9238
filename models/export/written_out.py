"""Attention written out in single operations, where no fused one does what is needed: in encoders, and between both halves."""

import numpy as np

from .graph import Graph

ACTIVATIONS = {"relu": ("Relu", {}), "gelu_new": ("Gelu", {"approximate": "tanh"}), "gelu": ("Gelu", {})}


class WrittenOut:
    def __init__(self, graph: Graph, heads: int, head_size: int):
        self.graph, self.heads, self.head_size = graph, heads, head_size

    def sequence(self, mask: str) -> tuple[str, str]:
        """The length of `mask` [b,t], and the places 0 … length − 1 as [1,t]."""
        graph = self.graph
        length = graph.node("Gather", [graph.node("Shape", [mask]), graph.ints("one", 1)])
        places = graph.node("Range", [graph.ints("zero", 0), length, graph.ints("one", 1)])
        return length, graph.node("Unsqueeze", [places, graph.ints("first_axis", [0])])

    def split_heads(self, value: str) -> str:
        """[b,s,heads·d] → [b,heads,s,d]."""
        graph = self.graph
        shape = graph.ints("heads_apart", [0, 0, self.heads, self.head_size])
        return graph.node("Transpose", [graph.node("Reshape", [value, shape])], perm=[0, 2, 1, 3])

    def look(self, query: str, key: str, value: str, bias: str) -> str:
        """Attention without scale; query [b,s,heads·d], key and value [b,heads,t,d], bias adds to [b,heads,s,t]."""
        graph = self.graph
        turned = graph.node("Transpose", [key], perm=[0, 1, 3, 2])
        scores = graph.node("MatMul", [self.split_heads(query), turned])
        weights = graph.node("Softmax", [graph.node("Add", [scores, bias])], axis=-1)
        mixed = graph.node("Transpose", [graph.node("MatMul", [weights, value])], perm=[0, 2, 1, 3])
        return graph.node("Reshape", [mixed, graph.ints("heads_together", [0, 0, -1])])

    def mask_bias(self, mask: str) -> str:
        """0 where `mask` [b,t] is 1, the lowest number elsewhere; [b,1,1,t]."""
        graph = self.graph
        lowest = np.finfo(graph.precision.numpy).min
        hidden = graph.node("Equal", [mask, graph.ints("zero", 0)])
        values = [graph.tensor(name, np.asarray(value, graph.precision.numpy)) for name, value in (("low", lowest), ("none", 0))]
        bias = graph.node("Where", [hidden, *values])
        return graph.node("Unsqueeze", [bias, graph.ints("mask_axes", [1, 2])])
