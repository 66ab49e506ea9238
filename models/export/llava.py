"""LLaVA 1.5: a CLIP vision tower, a projector and a Llama decoder."""

import torch
from transformers import LlavaForConditionalGeneration

from .llama_family import LlamaFamily
from .torch_part import export_module


class VisionEncoder(torch.nn.Module):
    """Runs the tower up to the chosen layer only; drops the class token where the checkpoint says so."""

    def __init__(self, model: torch.nn.Module):
        super().__init__()
        tower = model.model.vision_tower
        tower = getattr(tower, "vision_model", tower)
        layers = tower.encoder.layers
        config = model.config
        chosen = config.vision_feature_layer
        self.chosen = [layer if layer >= 0 else layer + len(layers) + 1 for layer in ([chosen] if isinstance(chosen, int) else chosen)]
        self.embeddings = tower.embeddings
        self.norm = getattr(tower, "pre_layrnorm", torch.nn.Identity())
        self.layers = torch.nn.ModuleList(layers[: max(self.chosen)])
        self.projector = model.model.multi_modal_projector
        self.first = 1 if config.vision_feature_select_strategy == "default" else 0

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        states = [self.norm(self.embeddings(pixel_values))]
        for layer in self.layers:
            given = layer(states[-1], attention_mask=None)
            states.append(given if isinstance(given, torch.Tensor) else given[0])
        features = torch.cat([states[index] for index in self.chosen], dim=-1)
        return self.projector(features[:, self.first :])


class Llava(LlamaFamily):
    family = "llava"
    architecture = "llava-1.5"
    kind = LlavaForConditionalGeneration

    @staticmethod
    def export_pictures(path, precision, model: LlavaForConditionalGeneration):
        size = model.config.vision_config.image_size
        inputs = {"pixel_values": torch.zeros(2, 3, size, size)}
        return export_module(path, precision, VisionEncoder(model), inputs, ["image_features"], [{0: "pictures"}])
