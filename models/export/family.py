"""What every family of checkpoints says of itself, and how a checkpoint is opened."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch

from .precision import Precision

CAPABILITIES = (
    "image_encoding",
    "text_encoding",
    "text_generation",
    "question_answering",
    "similarity_computation",
    "multilingual",
)

"""The precision of each part in each variant: pictures and embeddings are never quantised."""
PLAIN_PARTS = ("vision_encoder", "embed_tokens")


@dataclass
class Checkpoint:
    folder: Path
    config: object
    model: torch.nn.Module


class Family:
    """A subclass per architecture; all of its methods are static."""

    family = ""
    architecture = ""
    """The transformers class of the whole checkpoint."""
    kind: type[torch.nn.Module] | None = None
    parts: tuple[str, ...] = ()
    precisions: tuple[str, ...] = ("fp32", "fp16", "q4", "q4f16")
    capabilities: tuple[str, ...] = ("image_encoding", "text_generation", "question_answering")

    @staticmethod
    def load(folder: Path) -> torch.nn.Module:
        raise NotImplementedError

    @staticmethod
    def export(part: str, path: Path, precision: Precision, checkpoint: Checkpoint) -> list[Path]:
        raise NotImplementedError

    @staticmethod
    def decoder(config, checkpoint_folder: Path) -> dict | None:
        """decoder.json without `cacheType`; nothing for families that do not write."""
        return None

    @staticmethod
    def context_tokens(config) -> int:
        raise NotImplementedError

    @classmethod
    def precision_of(cls, part: str, precision: Precision) -> str:
        return precision.plain if part in PLAIN_PARTS else precision.name


def text_config(config):
    return getattr(config, "text_config", config)


def end_ids(config, folder: Path) -> list[int]:
    """Where the generation stops: generation_config.json before config.json."""
    generation = folder / "generation_config.json"
    value = json.loads(generation.read_text()).get("eos_token_id") if generation.exists() else None
    if value is None:
        value = getattr(text_config(config), "eos_token_id", None)
    if value is None:
        value = getattr(config, "eos_token_id", None)
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
