"""Fewer tiles: settings of a picture's processor that cut it into at most so many."""

import json
import math
from pathlib import Path


def limited(settings: dict, most: int) -> dict:
    """What `preprocessor_config.json` says, for at most `most` tiles beside the whole picture."""
    if most < 1:
        raise SystemExit("A picture is cut into one tile at least")
    if "image_grid_pinpoints" in settings:
        tile = settings["size"]["height"]
        grids = [grid for grid in settings["image_grid_pinpoints"] if grid[0] * grid[1] <= most * tile**2]
        return {**settings, "image_grid_pinpoints": grids}
    if "max_image_size" in settings:
        longest = settings["max_image_size"]["longest_edge"] * math.isqrt(most)
        return {**settings, "size": {"longest_edge": min(longest, settings["size"]["longest_edge"])}}
    raise SystemExit("The pictures of this checkpoint are not cut into tiles: leave --most-tiles out")


def limit_tiles(folder: Path, most: int) -> None:
    file = folder / "preprocessor_config.json"
    settings = limited(json.loads(file.read_text(encoding="utf-8")), most)
    file.write_text(json.dumps(settings, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
