"""Which family a checkpoint belongs to, by its config."""

from pathlib import Path

from transformers import AutoConfig

from .family import Family


def family_of(folder: Path) -> tuple[type[Family], object]:
    config = AutoConfig.from_pretrained(folder)
    kind = config.model_type
    if kind == "clip":
        from .clip import Clip

        return Clip, config
    if kind == "siglip":
        from .siglip import Siglip

        return Siglip, config
    if kind == "chinese_clip":
        from .chinese_clip import ChineseClip

        return ChineseClip, config
    if kind == "llava":
        from .llava import Llava

        return Llava, config
    if kind == "llava_onevision":
        from .onevision import Onevision

        return Onevision, config
    if kind == "blip-2" and config.text_config.model_type == "opt":
        from .blip2 import Blip2Opt

        return Blip2Opt, config
    if kind == "blip-2" and config.text_config.model_type == "t5":
        from .blip2 import Blip2T5

        return Blip2T5, config
    if kind in ("qwen2_vl", "qwen2_5_vl"):
        from .qwenvl import Qwen2Vl, Qwen25Vl

        return Qwen2Vl if kind == "qwen2_vl" else Qwen25Vl, config
    if kind in ("idefics3", "smolvlm"):
        from .smolvlm import SmolVlm, SmolVlm2

        return SmolVlm if kind == "idefics3" else SmolVlm2, config
    if kind == "florence2":
        from .florence2 import Florence2, refuse_other_layout

        refuse_other_layout(folder)
        return Florence2, config
    raise SystemExit(f"{folder.name}: checkpoints of type {kind} cannot be exported")
