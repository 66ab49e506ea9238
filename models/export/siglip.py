"""SigLIP, and SigLIP 2 at one size: two encoders whose heads are inside them."""

import torch
from transformers import SiglipModel

from .clip import Clip, export_towers
from .family import Checkpoint


class TextModel(torch.nn.Module):
    """
    Looks at the whole context, fillings too, as it was trained: the caller fills texts up to `max_position_embeddings`.
    The mask is an input of the graph and changes nothing.
    """

    def __init__(self, model: SiglipModel):
        super().__init__()
        self.text = model.text_model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        return self.text(input_ids=input_ids).pooler_output


class VisionModel(torch.nn.Module):
    def __init__(self, model: SiglipModel):
        super().__init__()
        self.vision = model.vision_model

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        return self.vision(pixel_values).pooler_output


class Siglip(Clip):
    architecture = "siglip"
    kind = SiglipModel

    @staticmethod
    def load(folder) -> SiglipModel:
        return SiglipModel.from_pretrained(folder, dtype="auto", attn_implementation="eager").eval()

    @staticmethod
    def export(part: str, path, precision, checkpoint: Checkpoint):
        return export_towers(part, path, precision, checkpoint.model, TextModel, VisionModel)
