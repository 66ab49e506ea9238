"""Chinese-CLIP: a BERT for texts, whose first state is projected, and CLIP's encoder of pictures."""

import torch
from transformers import ChineseCLIPModel

from .clip import Clip, VisionModel, export_towers
from .family import Checkpoint

"""BERT's table is longer than what Chinese-CLIP was trained on."""
CONTEXT_TOKENS = 52


class TextModel(torch.nn.Module):
    def __init__(self, model: ChineseCLIPModel):
        super().__init__()
        self.text = model.text_model
        self.projection = model.text_projection

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        states = self.text(
            input_ids=input_ids,
            attention_mask=attention_mask,
            token_type_ids=torch.zeros_like(input_ids),
        ).last_hidden_state
        return self.projection(states[:, 0])


class ChineseClip(Clip):
    architecture = "chinese-clip"
    kind = ChineseCLIPModel

    @staticmethod
    def load(folder) -> ChineseCLIPModel:
        return ChineseCLIPModel.from_pretrained(folder, dtype="auto", attn_implementation="eager").eval()

    @staticmethod
    def export(part: str, path, precision, checkpoint: Checkpoint):
        return export_towers(part, path, precision, checkpoint.model, TextModel, VisionModel)

    @staticmethod
    def context_tokens(config) -> int:
        return min(CONTEXT_TOKENS, config.text_config.max_position_embeddings)
