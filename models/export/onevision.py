"""LLaVA-OneVision: a SigLIP tower over tiles, a projector and a Qwen2 decoder."""

import torch
from transformers import LlavaOnevisionForConditionalGeneration

from .llava import Llava, VisionEncoder
from .torch_part import export_module


class TileEncoder(VisionEncoder):
    """
    One more row after the features of each tile: what ends a line of features. The caller puts the tiles of a picture
    together, leaves out what was padding, and ends every line with that row.
    """

    def __init__(self, model: torch.nn.Module):
        super().__init__(model)
        self.newline = model.model.image_newline

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        features = super().forward(pixel_values)
        return torch.cat([features, self.newline.expand(features.shape[0], 1, -1)], dim=1)


class Onevision(Llava):
    architecture = "llava-onevision"
    kind = LlavaOnevisionForConditionalGeneration

    @staticmethod
    def export_pictures(path, precision, model: torch.nn.Module):
        size = model.config.vision_config.image_size
        inputs = {"pixel_values": torch.zeros(2, 3, size, size)}
        return export_module(path, precision, TileEncoder(model), inputs, ["image_features"], [{0: "tiles"}])
