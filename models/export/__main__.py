"""python -m models.export CHECKPOINT --out FOLDER: writes a model folder as docs/model-layout.md describes it."""

import argparse
import json
import os
from pathlib import Path

os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.export", description=__doc__)
    parser.add_argument("checkpoint", help="a folder in Hugging Face's layout, or a repository of its hub")
    parser.add_argument("--out", type=Path, help="the model folder to write; by default models/<id> beside the checkpoint")
    parser.add_argument("--id", help="the model's id; by default the checkpoint's name in small letters")
    parser.add_argument("--precisions", "--variants", default="", help="of fp32,fp16,q4,q4f16; by default what the family offers")
    parser.add_argument("--revision", default=None, help="the hub's revision; a commit is best")
    parser.add_argument("--repository", default=None, help="where a local folder came from")
    parser.add_argument("--licence", default="unknown")
    parser.add_argument("--languages", default="en", help="of en,zh")
    parser.add_argument("--most-tiles", type=int, default=None, help="tiles that a picture is cut into at most")
    parser.add_argument("--plan", action="store_true", help="say what would be written and what it needs, and stop")
    parser.add_argument("--force", action="store_true", help="start although it does not seem to fit")
    parser.add_argument("--json", action="store_true", help="with --plan: as JSON")
    parser.add_argument("--parity", choices=("yes", "no"), default="yes", help="compare every variant with PyTorch")
    parser.add_argument("--steps", type=int, default=32, help="greedy steps that are compared")
    return parser.parse_args()


def fetch(name: str, revision: str | None, only_config: bool) -> tuple[Path, str, str]:
    """The checkpoint's folder, its repository and its revision."""
    if Path(name).is_dir():
        return Path(name), "", revision or ""
    from huggingface_hub import snapshot_download

    kinds = ["*.json", "*.jinja", "*.txt", "*.model"] + ([] if only_config else ["*.safetensors", "*.bin"])
    folder = Path(snapshot_download(name, revision=revision, allow_patterns=kinds))
    return folder, name, folder.name


def main() -> None:
    options = arguments()
    folder, repository, revision = fetch(options.checkpoint, options.revision, only_config=True)
    from .families import family_of

    family, config = family_of(folder)
    precisions = [name for name in options.precisions.split(",") if name] or list(family.precisions)
    strange = set(precisions) - set(family.precisions)
    if strange:
        raise SystemExit(f"{family.architecture} is not exported as {', '.join(sorted(strange))}")
    name = options.id or Path(options.checkpoint).resolve().name.lower().removesuffix("-hf")
    target = options.out or Path("models") / name
    from .fit import shortfalls
    from .plan import plan, tell

    planned = plan(family, config, precisions)
    missing = shortfalls(planned, target, options.parity == "yes")
    if options.plan and options.json:
        print(json.dumps({**planned, "missing": missing}, indent=2))
        return
    print(tell(planned))
    if missing:
        print("\n".join(f"does not fit: {what}" for what in missing))
    if options.plan:
        return
    if missing and not options.force:
        raise SystemExit("Nothing was written. --force starts nevertheless; fewer --precisions need less.")
    folder, repository, revision = fetch(options.checkpoint, options.revision, only_config=False)
    from .layout import Identity, export_folder, folder_hash

    identity = Identity(
        id=name,
        repository=options.repository or repository or Path(options.checkpoint).name,
        revision=revision or folder_hash(folder),
        licence=options.licence,
        languages=options.languages.split(","),
    )
    export_folder(folder, target, precisions, identity, most_tiles=options.most_tiles)
    if options.parity == "yes":
        from .parity import write_parity

        write_parity(folder, target, precisions, options.steps)


main()
