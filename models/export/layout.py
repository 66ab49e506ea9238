"""Writes a model folder: graphs, the checkpoint's own small files, decoder.json and model.json."""

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from .families import family_of
from .family import CAPABILITIES, Checkpoint, Family
from .precision import PRECISIONS, Precision
from .tiles import limit_tiles

TOKENIZER = ("tokenizer.json", "tokenizer_config.json")
SMALL_FILES = (
    "config.json",
    "preprocessor_config.json",
    *TOKENIZER,
    "generation_config.json",
    "processor_config.json",
    "chat_template.jinja",
    "chat_template.json",
    "special_tokens_map.json",
    "added_tokens.json",
)


@dataclass
class Identity:
    id: str
    repository: str
    revision: str
    licence: str
    languages: list[str]


def sha256_of(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_hash(folder: Path) -> str:
    """Names a checkpoint by its config and the sizes of its weights, where no commit is known."""
    digest = hashlib.sha256((folder / "config.json").read_bytes())
    for file in sorted(folder.glob("*.safetensors")) + sorted(folder.glob("*.bin")):
        digest.update(f"{file.name} {file.stat().st_size}\n".encode())
    return digest.hexdigest()[:40]


def write_json(path: Path, value) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def export_folder(
    source: Path, target: Path, precisions: list[str], identity: Identity, say=print, most_tiles: int | None = None
) -> dict:
    """Exports a checkpoint; returns model.json. Graphs that are already there are kept."""
    family, config = family_of(source)
    target.mkdir(parents=True, exist_ok=True)
    files = copy_small_files(source, target)
    if most_tiles is not None:
        limit_tiles(target, most_tiles)
    variants = {}
    loaded: Checkpoint | None = None
    for name in precisions:
        precision = PRECISIONS[name]
        parts, graphs = {}, []
        for part in family.parts:
            path = target / f"{part}.{family.precision_of(part, precision)}.onnx"
            if not path.exists():
                if loaded is None:
                    loaded = Checkpoint(source, config, family.load(source))
                say(f"{path.name} …")
                export_whole(family, part, path, PRECISIONS[family.precision_of(part, precision)], loaded)
            parts[part] = path.name
            graphs += [file.name for file in (path, Path(f"{path}.data")) if file.exists()]
        sizes = sum((target / file).stat().st_size for file in graphs)
        variants[name] = {
            "files": sorted([*graphs, *files]),
            "parts": parts,
            "diskBytes": sizes + sum((target / file).stat().st_size for file in files),
            "memoryBytes": sizes,
        }
    decoder = write_decoder(family, config, source, target, precisions)
    if decoder:
        for variant in variants.values():
            variant["files"] = sorted([*variant["files"], "decoder.json"])
            variant["diskBytes"] += (target / "decoder.json").stat().st_size
    description = describe(family, config, identity, variants, target)
    write_json(target / "model.json", description)
    return description


def export_whole(family: type[Family], part: str, path: Path, precision: Precision, checkpoint: Checkpoint) -> None:
    """A graph is in the folder once it is whole: it is written aside and moved, its weights first."""
    aside = path.parent / ".unfinished"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    files = family.export(part, aside / path.name, precision, checkpoint)
    for file in sorted(files, key=lambda file: file.suffix != ".data"):
        file.replace(path.parent / file.name)
    shutil.rmtree(aside)


def copy_small_files(source: Path, target: Path) -> list[str]:
    """Copies what is there; splits processor_config.json where the image processor's settings lie only in it."""
    there = [name for name in SMALL_FILES if (source / name).exists()]
    for name in there:
        shutil.copyfile(source / name, target / name)
    combined = source / "processor_config.json"
    if "preprocessor_config.json" not in there and combined.exists():
        settings = json.loads(combined.read_text(encoding="utf-8")).get("image_processor")
        if settings:
            write_json(target / "preprocessor_config.json", settings)
            there.append("preprocessor_config.json")
    return there


def write_decoder(family: type[Family], config, source: Path, target: Path, precisions: list[str]) -> bool:
    decoder = family.decoder(config, source)
    if decoder is None:
        return False
    caches = {name: PRECISIONS[name].cache for name in precisions}
    write_json(target / "decoder.json", {**decoder, "cacheType": caches})
    return True


def describe(family: type[Family], config, identity: Identity, variants: dict, target: Path) -> dict:
    able = set(family.capabilities) | ({"multilingual"} if len(identity.languages) > 1 else set())
    names = sorted({name for variant in variants.values() for name in variant["files"]})
    return {
        "layout": 1,
        "id": identity.id,
        "family": family.family,
        "architecture": family.architecture,
        "repository": identity.repository,
        "revision": identity.revision,
        "licence": identity.licence,
        "languages": identity.languages,
        "capabilities": {name: name in able for name in CAPABILITIES},
        "contextTokens": family.context_tokens(config),
        "variants": variants,
        "files": {
            name: {"bytes": (target / name).stat().st_size, "sha256": sha256_of(target / name)} for name in names
        },
    }
