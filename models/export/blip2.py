"""BLIP-2: a ViT, a Q-Former, a projection, and OPT or Flan-T5."""

import torch
from transformers import Blip2ForConditionalGeneration

from .family import Checkpoint, Family, end_ids
from .fused import write_embeddings
from .opt import opt_shape, write_opt
from .t5 import t5_shape, write_t5_decoder, write_t5_encoder
from .torch_part import export_module


class VisionEncoder(torch.nn.Module):
    """Features for the language model, and the ViT's own pooled output for comparing pictures."""

    def __init__(self, model: Blip2ForConditionalGeneration):
        super().__init__()
        self.embeddings = model.vision_model.embeddings
        self.layers = model.vision_model.encoder.layers
        self.norm = model.vision_model.post_layernorm
        self.queries = model.query_tokens
        self.first = model.qformer.layernorm
        self.former = model.qformer.encoder.layer
        self.projection = model.language_projection

    def forward(self, pixel_values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        seen = self.embeddings(pixel_values)
        for layer in self.layers:
            given = layer(seen)
            seen = given if isinstance(given, torch.Tensor) else given[0]
        seen = self.norm(seen)
        state = self.first(self.queries.expand(seen.shape[0], -1, -1))
        for layer in self.former:
            given = layer(state, encoder_hidden_states=seen, query_length=self.queries.shape[1])
            state = given if isinstance(given, torch.Tensor) else given[0]
        return self.projection(state), self.norm(seen[:, 0])


class Blip2Opt(Family):
    family = "blip2"
    architecture = "blip2-opt"
    kind = Blip2ForConditionalGeneration
    parts = ("vision_encoder", "embed_tokens", "decoder")

    @staticmethod
    def load(folder) -> Blip2ForConditionalGeneration:
        return Blip2ForConditionalGeneration.from_pretrained(folder, dtype="auto", attn_implementation="eager").eval()

    @staticmethod
    def export(part: str, path, precision, checkpoint: Checkpoint):
        model, config = checkpoint.model, checkpoint.config
        if part == "decoder":
            return write_opt(path, precision, config.text_config, model.language_model)
        if part == "embed_tokens":
            return write_embeddings(path, precision, model.language_model.get_input_embeddings().weight)
        return export_pictures(path, precision, model)

    @staticmethod
    def decoder(config, folder) -> dict:
        return opt_shape(config.text_config).description(end_ids(config, folder), {"kind": "learned"})

    @staticmethod
    def context_tokens(config) -> int:
        return config.text_config.max_position_embeddings


class Blip2T5(Blip2Opt):
    architecture = "blip2-t5"
    parts = ("vision_encoder", "embed_tokens", "encoder", "decoder")
    capabilities = (*Blip2Opt.capabilities, "text_encoding")

    @staticmethod
    def export(part: str, path, precision, checkpoint: Checkpoint):
        model, config = checkpoint.model, checkpoint.config
        if part == "encoder":
            return write_t5_encoder(path, precision, config.text_config, model.language_model)
        if part == "decoder":
            return write_t5_decoder(path, precision, config.text_config, model.language_model)
        return Blip2Opt.export(part, path, precision, checkpoint)

    @staticmethod
    def decoder(config, folder) -> dict:
        text = config.text_config
        description = t5_shape(text).description(end_ids(config, folder), {"kind": "relative"})
        return {**description, "startId": text.decoder_start_token_id or 0}

    @staticmethod
    def context_tokens(config) -> int:
        return t5_shape(config.text_config).context_tokens


def export_pictures(path, precision, model: Blip2ForConditionalGeneration):
    size = model.config.vision_config.image_size
    inputs = {"pixel_values": torch.zeros(2, 3, size, size)}
    outputs = ["image_features", "image_embeds"]
    return export_module(path, precision, VisionEncoder(model), inputs, outputs, [{0: "pictures"}])
