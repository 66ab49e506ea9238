"""LLaVA 1.5: a CLIP vision tower, a projector and a Llama decoder."""

import torch
from transformers import LlavaForConditionalGeneration

from .family import Checkpoint, Family, end_ids
from .fused import write_embeddings
from .llama import llama_shape, rope_theta, write_llama
from .torch_part import export_module


class VisionEncoder(torch.nn.Module):
    """Runs the tower up to the chosen layer only; drops the class token where the checkpoint says so."""

    def __init__(self, model: LlavaForConditionalGeneration):
        super().__init__()
        tower = model.model.vision_tower
        tower = getattr(tower, "vision_model", tower)
        layers = tower.encoder.layers
        config = model.config
        chosen = config.vision_feature_layer
        self.chosen = [layer if layer >= 0 else layer + len(layers) + 1 for layer in ([chosen] if isinstance(chosen, int) else chosen)]
        self.embeddings = tower.embeddings
        self.norm = tower.pre_layrnorm
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


class Llava(Family):
    family = "llava"
    architecture = "llava-1.5"
    kind = LlavaForConditionalGeneration
    parts = ("vision_encoder", "embed_tokens", "decoder")

    @staticmethod
    def load(folder) -> LlavaForConditionalGeneration:
        return LlavaForConditionalGeneration.from_pretrained(folder, dtype="auto", attn_implementation="eager").eval()

    @staticmethod
    def export(part: str, path, precision, checkpoint: Checkpoint):
        model, config = checkpoint.model, checkpoint.config
        language = model.model.language_model
        if part == "decoder":
            return write_llama(path, precision, config.text_config, language, model.lm_head.weight)
        if part == "embed_tokens":
            return write_embeddings(path, precision, language.embed_tokens.weight)
        size = config.vision_config.image_size
        inputs = {"pixel_values": torch.zeros(2, 3, size, size)}
        return export_module(path, precision, VisionEncoder(model), inputs, ["image_features"], [{0: "pictures"}])

    @staticmethod
    def decoder(config, folder) -> dict:
        positions = {"kind": "rotary", "theta": rope_theta(config.text_config)}
        return llama_shape(config.text_config).description(end_ids(config, folder), positions)

    @staticmethod
    def context_tokens(config) -> int:
        return config.text_config.max_position_embeddings
