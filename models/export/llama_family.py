"""What families with a decoder of Llama's kind share: a picture encoder of their own, embeddings, a fused decoder."""

import torch

from .family import Checkpoint, Family, end_ids
from .fused import write_embeddings
from .llama import llama_shape, rope_theta, write_llama


class LlamaFamily(Family):
    parts = ("vision_encoder", "embed_tokens", "decoder")

    @classmethod
    def load(cls, folder) -> torch.nn.Module:
        return cls.kind.from_pretrained(folder, dtype="auto", attn_implementation="eager").eval()

    @classmethod
    def export(cls, part: str, path, precision, checkpoint: Checkpoint):
        model = checkpoint.model
        language = cls.language(model)
        if part == "decoder":
            return write_llama(path, precision, checkpoint.config.text_config, language, model.lm_head.weight)
        if part == "embed_tokens":
            return write_embeddings(path, precision, language.embed_tokens.weight)
        return cls.export_pictures(path, precision, model)

    @staticmethod
    def language(model: torch.nn.Module) -> torch.nn.Module:
        return model.model.language_model

    @staticmethod
    def export_pictures(path, precision, model: torch.nn.Module):
        raise NotImplementedError

    @classmethod
    def decoder(cls, config, folder) -> dict:
        return llama_shape(config.text_config).description(end_ids(config, folder), cls.positions(config.text_config))

    @staticmethod
    def positions(text) -> dict:
        return {"kind": "rotary", "theta": rope_theta(text)}

    @staticmethod
    def context_tokens(config) -> int:
        return config.text_config.max_position_embeddings
