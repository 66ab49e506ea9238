"""Qwen2-VL and Qwen2.5-VL: a ViT over patches of any grid, and a Qwen2 decoder with three-dimensional positions."""

import torch
from transformers import Qwen2_5_VLForConditionalGeneration, Qwen2VLForConditionalGeneration

from .llama import rope_theta
from .llama_family import LlamaFamily
from .torch_part import export_module

"""Heads that attend together: all at once would take heads · patches² numbers."""
TOGETHER = 4


class Places:
    """Where each patch lies, by tensor operations on the grids alone, so that one graph serves every grid."""

    def __init__(self, grids: torch.Tensor, patches: int, merge: int, window: int):
        sizes = grids[:, 0] * grids[:, 1] * grids[:, 2]
        ends = sizes.cumsum(0)
        index = torch.arange(patches, device=grids.device)
        picture = (index[:, None] >= ends[None, :]).to(torch.int64).sum(dim=1)
        height, width = grids[:, 1][picture], grids[:, 2][picture]
        within = index - (ends - sizes)[picture]
        frame = within // (height * width)
        # Patches of a frame come in blocks of merge × merge, the blocks row by row.
        rest = within % (height * width)
        block, inner = rest // merge**2, rest % merge**2
        across = width // merge
        block_row, block_column = block // across, block % across
        self.row = block_row * merge + inner // merge
        self.column = block_column * merge + inner % merge
        # A patch attends to its own frame of its own picture; in windowed layers, to its own window of that.
        self.frame = torch.stack([picture, frame])
        self.window = torch.cat([self.frame, torch.stack([block_row // window, block_column // window])])

    @staticmethod
    def together(places: torch.Tensor) -> torch.Tensor:
        return (places[:, :, None] == places[:, None, :]).all(dim=0)


class VisionEncoder(torch.nn.Module):
    def __init__(self, model: torch.nn.Module):
        super().__init__()
        visual = model.model.visual
        config = visual.config
        self.patch = visual.patch_embed
        self.blocks = visual.blocks
        self.merger = visual.merger
        self.merge = config.spatial_merge_size
        # Not a buffer: angles are computed in float32 whatever type the weights take.
        self.inverse = visual.rotary_pos_emb.inv_freq.detach().clone().float()
        size = getattr(config, "window_size", 0)
        self.window = size // config.spatial_merge_size // config.patch_size if size else 1
        whole = getattr(config, "fullatt_block_indexes", None)
        self.whole = set(range(len(self.blocks)) if whole is None else whole)

    def forward(self, pixel_values: torch.Tensor, image_grid_thw: torch.Tensor) -> torch.Tensor:
        state = self.patch(pixel_values)
        places = Places(image_grid_thw, pixel_values.shape[0], self.merge, self.window)
        angles = torch.cat(
            [places.row[:, None].float() * self.inverse, places.column[:, None].float() * self.inverse], dim=-1
        )
        angles = torch.cat([angles, angles], dim=-1)[:, None]
        turn = (angles.cos(), angles.sin())
        same_frame = Places.together(places.frame)
        same_window = Places.together(places.window)
        for index, block in enumerate(self.blocks):
            mask = same_frame if index in self.whole else same_window
            state = state + attend(block.attn, block.norm1(state), turn, mask)
            state = state + block.mlp(block.norm2(state))
        return self.merger(state)


def attend(attention: torch.nn.Module, state: torch.Tensor, turn, mask: torch.Tensor) -> torch.Tensor:
    heads = attention.num_heads
    packed = attention.qkv(state).reshape(state.shape[0], 3, heads, -1)
    query, key = (turned(packed[:, part], *turn).transpose(0, 1) for part in (0, 1))
    value = packed[:, 2].transpose(0, 1)
    lowest = torch.finfo(state.dtype).min
    outputs = []
    for first in range(0, heads, TOGETHER):
        some = slice(first, min(first + TOGETHER, heads))
        scores = query[some] @ key[some].transpose(1, 2) * attention.scaling
        scores = torch.where(mask, scores, lowest)
        outputs.append(torch.softmax(scores, dim=-1) @ value[some])
    return attention.proj(torch.cat(outputs).transpose(0, 1).reshape(state.shape[0], -1))


def turned(value: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    exact = value.float()
    first, second = exact.chunk(2, dim=-1)
    return (exact * cos + torch.cat([-second, first], dim=-1) * sin).to(value.dtype)


class QwenVl(LlamaFamily):
    family = "qwenvl"

    @staticmethod
    def export_pictures(path, precision, model: torch.nn.Module):
        vision = model.config.vision_config
        size = vision.in_channels * vision.temporal_patch_size * vision.patch_size**2
        grids = torch.tensor([[1, 4, 6], [2, 4, 4]])
        inputs = {"pixel_values": torch.zeros(56, size), "image_grid_thw": grids}
        axes = [{0: "patches"}, {0: "pictures"}]
        return export_module(path, precision, VisionEncoder(model), inputs, ["image_features"], axes)

    @staticmethod
    def positions(text) -> dict:
        return {"kind": "mrope", "theta": rope_theta(text), "sections": list(text.rope_parameters["mrope_section"])}


class Qwen2Vl(QwenVl):
    architecture = "qwen2-vl"
    kind = Qwen2VLForConditionalGeneration


class Qwen25Vl(QwenVl):
    architecture = "qwen2.5-vl"
    kind = Qwen2_5_VLForConditionalGeneration
