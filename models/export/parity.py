"""parity.json: how far each variant is from PyTorch in float32, on pictures and prompts of one's own checkpoint."""

import json
import tempfile
from pathlib import Path

import numpy as np
import torch
from transformers import AutoProcessor

from .families import family_of
from .fixtures.check_decoders import check_writer
from .fixtures.check_encoders import compare, session
from .fixtures.record import Arrays, ints, pictures
from .fixtures.tiles import tile_features
from .fixtures.words import TEXTS
from .layout import sha256_of, write_json
from .precision import PRECISIONS

QWEN = "<|im_start|>user\n<|vision_start|><|image_pad|><|vision_end|>{}<|im_end|>\n<|im_start|>assistant\n"
PROMPTS = {
    "llava": "USER: <image>\n{} ASSISTANT:",
    "blip2": "Question: {} Answer:",
    "qwenvl": QWEN,
    "florence2": "{}",
    "smolvlm": "<|im_start|>User:<image>{}<end_of_utterance>\nAssistant:",
}
QUESTION = "What is in the picture?"


def write_parity(source: Path, target: Path, precisions: list[str], steps: int, say=print) -> dict:
    """Compares every variant; adds parity.json to the folder and to model.json."""
    family, _ = family_of(source)
    model = family.load(source).float()
    processor = AutoProcessor.from_pretrained(source)
    results = {}
    with tempfile.TemporaryDirectory() as temporary, torch.no_grad():
        arrays = Arrays(Path(temporary))
        writes = "decoder" in family.parts
        if writes:
            expected = record_writer(family, model, processor, arrays, steps)
        else:
            expected = record_encoders(family, model, processor)
        del model
        for name in precisions:
            if writes:
                plain = PRECISIONS[name].plain
                results[name] = check_writer(target, expected, name, plain, arrays=Path(temporary))
            else:
                results[name] = check_towers(target, expected, name)
            say(f"{name}: " + "; ".join(f"{what} {told(result)}" for what, result in results[name].items()))
    parity = {"reference": "PyTorch, float32", "steps": steps if writes else 0, "variants": results}
    write_json(target / "parity.json", parity)
    enlist(target)
    return parity


def told(result: dict) -> str:
    return f"error {result['relativeError']:.1e}, cosine {result['cosine']:.6f}" + (
        f", {result['agreement']:.0%} of choices" if "agreement" in result else ""
    )


def enlist(target: Path) -> None:
    """Names parity.json in model.json, in every variant."""
    description = json.loads((target / "model.json").read_text(encoding="utf-8"))
    size = (target / "parity.json").stat().st_size
    for variant in description["variants"].values():
        if "parity.json" not in variant["files"]:
            variant["files"] = sorted([*variant["files"], "parity.json"])
            variant["diskBytes"] += size
    description["files"]["parity.json"] = {"bytes": size, "sha256": sha256_of(target / "parity.json")}
    write_json(target / "model.json", description)


def features(output) -> torch.Tensor:
    return output if isinstance(output, torch.Tensor) else output.pooler_output


def record_encoders(family, model, processor) -> dict:
    seen = processor.image_processor(pictures(range(4)), return_tensors="pt")["pixel_values"]
    padding = "max_length" if family.architecture == "siglip" else True
    words = processor.tokenizer(TEXTS, padding=padding, truncation=True, return_tensors="pt")
    ids = words["input_ids"]
    mask = words.get("attention_mask", torch.ones_like(ids))
    given = {"input_ids": ids} if family.architecture == "siglip" else {"input_ids": ids, "attention_mask": mask}
    return {
        "vision_model": ({"pixel_values": seen}, features(model.get_image_features(pixel_values=seen))),
        "text_model": ({"input_ids": ids, "attention_mask": mask}, features(model.get_text_features(**given))),
    }


def check_towers(target: Path, expected: dict, precision: str) -> dict:
    results = {}
    for part, (inputs, wanted) in expected.items():
        feeds = {name: value.numpy() for name, value in inputs.items()}
        got = session(target / f"{part}.{precision}.onnx").run(None, feeds)[0]
        results[part] = compare(got, wanted.numpy())
    return results


def record_writer(family, model, processor, arrays: Arrays, steps: int) -> dict:
    """A question about one picture, continued greedily; in the form of a fixture's expected.json."""
    prompt = PROMPTS[family.family].format(QUESTION)
    given = processor(text=prompt, images=pictures([0]), return_tensors="pt")
    made = model.generate(
        **given,
        max_new_tokens=steps,
        min_new_tokens=steps,
        do_sample=False,
        num_beams=1,
        repetition_penalty=1.0,
        no_repeat_ngram_size=0,
        forced_bos_token_id=None,
        forced_eos_token_id=None,
        output_logits=True,
        return_dict_in_generate=True,
    )
    logits = torch.stack([row[0].float() for row in made.logits])
    chosen = ints(made.sequences[0, -steps:])
    case = {"name": "picture", "prompt": prompt, "pictures": [0], "ids": ints(given["input_ids"][0])}
    # The last choice is not fed on: nothing was computed after it.
    case |= {"greedy": chosen[:-1], "logits": arrays.put("logits.picture", logits)}
    expected = {"imageTokenId": image_token(model.config), "pixelValues": arrays.put("pixel_values", given["pixel_values"])}
    if "image_grid_thw" in given:
        grids = given["image_grid_thw"]
        places, _ = model.model.get_rope_index(given["input_ids"], given["mm_token_type_ids"], image_grid_thw=grids)
        case["positionIds"] = ints(places[:, 0])
        rows = model.model.get_image_features(given["pixel_values"], grids).pooler_output
        expected |= {"imageGridThw": ints(grids), "mergeSize": model.config.vision_config.spatial_merge_size}
        seen = torch.cat(list(rows))
    elif "image_sizes" in given:
        tiles, packed = tile_features(model, given["pixel_values"], given["image_sizes"], [1])
        expected["pixelValues"] = arrays.put("pixel_values", given["pixel_values"][0])
        seen = torch.cat(packed)
        expected |= {"tileFeatures": arrays.put("tile_features", tiles), "featureCounts": [len(seen)]}
    elif given["pixel_values"].dim() == 5:
        # One picture in tiles: they are what the encoder takes.
        expected["pixelValues"] = arrays.put("pixel_values", given["pixel_values"][0])
        seen = torch.cat(list(model.model.get_image_features(given["pixel_values"]).pooler_output))
        expected["featureCounts"] = [len(seen)]
    else:
        rows = model.get_image_features(pixel_values=given["pixel_values"]).pooler_output
        seen = torch.stack(list(rows))
    expected |= {"imageFeatures": arrays.put("image_features", seen), "cases": [case]}
    if "encoder" in family.parts:
        start = model.config.text_config.decoder_start_token_id
        expected["startId"] = 0 if start is None else start
    return expected


def image_token(config) -> int:
    value = getattr(config, "image_token_id", None)
    return config.image_token_index if value is None else value
