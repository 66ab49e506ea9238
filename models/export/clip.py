"""CLIP: two encoders that meet in one space."""

import torch
from transformers import CLIPModel

from .family import Checkpoint, Family
from .torch_part import export_module


class TextModel(torch.nn.Module):
    def __init__(self, model: CLIPModel):
        super().__init__()
        self.text = model.text_model
        self.projection = model.text_projection

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        pooled = self.text(input_ids=input_ids, attention_mask=attention_mask).pooler_output
        return self.projection(pooled)


class VisionModel(torch.nn.Module):
    def __init__(self, model: CLIPModel):
        super().__init__()
        self.vision = model.vision_model
        self.projection = model.visual_projection

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        return self.projection(self.vision(pixel_values).pooler_output)


class Clip(Family):
    family = "clip"
    architecture = "clip"
    kind = CLIPModel
    parts = ("text_model", "vision_model")
    precisions = ("fp32", "fp16")
    capabilities = ("image_encoding", "text_encoding", "similarity_computation")

    @staticmethod
    def load(folder) -> CLIPModel:
        return CLIPModel.from_pretrained(folder, dtype="auto", attn_implementation="eager").eval()

    @staticmethod
    def export(part: str, path, precision, checkpoint: Checkpoint):
        return export_towers(part, path, precision, checkpoint.model, TextModel, VisionModel)

    @staticmethod
    def context_tokens(config) -> int:
        return config.text_config.max_position_embeddings


def export_towers(part: str, path, precision, model: torch.nn.Module, text_model: type, vision_model: type):
    """What the relatives of CLIP share: both encoders with their inputs."""
    if part == "text_model":
        ids = torch.ones(2, 5, dtype=torch.int64)
        ids[:, -1] = model.config.text_config.eos_token_id or 2
        inputs = {"input_ids": ids, "attention_mask": torch.ones(2, 5, dtype=torch.int64)}
        axes = {0: "batch", 1: "sequence"}
        return export_module(path, precision, text_model(model), inputs, ["text_embeds"], [axes, axes])
    size = model.config.vision_config.image_size
    inputs = {"pixel_values": torch.zeros(2, 3, size, size)}
    return export_module(path, precision, vision_model(model), inputs, ["image_embeds"], [{0: "batch"}])
