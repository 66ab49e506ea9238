"""SmolVLM, of Idefics3's architecture: a SigLIP tower over tiles, pixels shuffled into channels, and a Llama decoder."""

import copy

import torch
from transformers import Idefics3ForConditionalGeneration, SmolVLMForConditionalGeneration

from .llama_family import LlamaFamily
from .torch_part import export_module


class VisionEncoder(torch.nn.Module):
    """For tiles that are full, as those of a picture that is cut always are: every patch has its own position."""

    def __init__(self, model: torch.nn.Module):
        super().__init__()
        tower = model.model.vision_model
        self.patches = tower.embeddings.patch_embedding
        self.register_buffer("places", places(tower.embeddings))
        self.layers = tower.encoder.layers
        self.norm = tower.post_layernorm
        self.connector = model.model.connector

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        state = self.patches(pixel_values).flatten(2).transpose(1, 2) + self.places
        for layer in self.layers:
            state = layer(state, None)
        return self.connector(self.norm(state))


def places(embeddings: torch.nn.Module) -> torch.Tensor:
    """The rows of positions in the order in which the checkpoint's own class takes them for a full tile, [1,P,H]."""
    alone = copy.deepcopy(embeddings).float()
    side, patch = alone.image_size, alone.patch_size
    with torch.no_grad():
        alone.patch_embedding.weight.zero_()
        alone.patch_embedding.bias.zero_()
        mask = torch.ones(1, side // patch, side // patch, dtype=torch.bool)
        return alone(pixel_values=torch.zeros(1, 3, side, side), patch_attention_mask=mask)


class SmolVlm(LlamaFamily):
    family = "smolvlm"
    architecture = "smolvlm"
    kind = Idefics3ForConditionalGeneration

    @staticmethod
    def language(model: torch.nn.Module) -> torch.nn.Module:
        return model.model.text_model

    @staticmethod
    def export_pictures(path, precision, model: torch.nn.Module):
        size = model.config.vision_config.image_size
        inputs = {"pixel_values": torch.zeros(2, 3, size, size)}
        return export_module(path, precision, VisionEncoder(model), inputs, ["image_features"], [{0: "tiles"}])


class SmolVlm2(SmolVlm):
    """The same architecture under a name of its own, trained on films as well."""

    kind = SmolVLMForConditionalGeneration
