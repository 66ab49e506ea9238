"""Florence-2: a DaViT tower, a projection with positions, and BART."""

import json

import torch
from transformers import Florence2ForConditionalGeneration

from .bart import bart_shape, write_bart_decoder, write_bart_encoder
from .family import Checkpoint, Family, end_ids
from .fused import write_embeddings
from .torch_part import export_module

"""Pixels along each side where the processor does not say: as Florence-2 was trained."""
SIDE = 768


def refuse_other_layout(folder) -> None:
    """Microsoft's own repositories name their weights otherwise: transformers would put random ones in their places."""
    vision = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("vision_config") or {}
    if "dim_embed" in vision:
        raise SystemExit(
            f"{folder.name} has Microsoft's layout; take florence-community/Florence-2-base-ft or a sibling of it, "
            "the same weights in that of transformers"
        )


class VisionEncoder(torch.nn.Module):
    def __init__(self, model: Florence2ForConditionalGeneration):
        super().__init__()
        tower = model.model.vision_tower
        self.stages = torch.nn.ModuleList(
            torch.nn.ModuleList([embed, blocks]) for embed, blocks in zip(tower.convs, tower.blocks)
        )
        self.projector = model.model.multi_modal_projector

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        state = pixel_values
        for embed, blocks in self.stages:
            state = embed(state)
            for block in blocks:
                state = block(state)
        return self.projector(state)


class Florence2(Family):
    family = "florence2"
    architecture = "florence2"
    kind = Florence2ForConditionalGeneration
    parts = ("vision_encoder", "embed_tokens", "encoder", "decoder")
    capabilities = ("image_encoding", "text_generation")

    @staticmethod
    def load(folder) -> Florence2ForConditionalGeneration:
        return Florence2ForConditionalGeneration.from_pretrained(folder, dtype="auto", attn_implementation="eager").eval()

    @staticmethod
    def export(part: str, path, precision, checkpoint: Checkpoint):
        model, text = checkpoint.model, checkpoint.config.text_config
        language = model.model.language_model
        if part == "encoder":
            return write_bart_encoder(path, precision, text, language)
        if part == "decoder":
            return write_bart_decoder(path, precision, text, language, model.lm_head.weight)
        if part == "embed_tokens":
            table = language.get_input_embeddings()
            return write_embeddings(path, precision, table.weight * getattr(table, "embed_scale", 1.0))
        side = picture_side(checkpoint.folder)
        inputs = {"pixel_values": torch.zeros(2, 3, side, side)}
        return export_module(path, precision, VisionEncoder(model), inputs, ["image_features"], [{0: "pictures"}])

    @staticmethod
    def decoder(config, folder) -> dict:
        text = config.text_config
        description = bart_shape(text).description(end_ids(config, folder), {"kind": "learned"})
        return {**description, "startId": text.decoder_start_token_id}

    @staticmethod
    def context_tokens(config) -> int:
        return config.text_config.max_position_embeddings


def picture_side(folder) -> int:
    from transformers import AutoImageProcessor

    return AutoImageProcessor.from_pretrained(folder).size.get("height", SIDE)
