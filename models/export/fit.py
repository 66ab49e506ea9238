"""Whether an export fits this machine, before anything is loaded or written."""

import os
import shutil
from pathlib import Path

from .plan import gigabytes


def free_memory() -> int | None:
    """Bytes that can be taken without swapping; all there are where the system does not say; nothing where it cannot be told."""
    facts = Path("/proc/meminfo")
    if facts.exists():
        for line in facts.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def free_disk(target: Path) -> int:
    """Bytes that are free where `target` lies or will lie."""
    place = target.resolve()
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free


def shortfalls(planned: dict, target: Path, compare: bool) -> list[str]:
    """What is missing, in words; empty where the export fits. What is in the folder already counts as written."""
    said = []
    there = sum(file.stat().st_size for file in target.glob("*.onnx*")) if target.is_dir() else 0
    disk = planned["diskBytes"] - there
    if disk > free_disk(target):
        said.append(f"the disk has {gigabytes(free_disk(target)).strip()} free, the graphs take {gigabytes(disk).strip()}")
    memory = free_memory()
    if memory is None:
        return said
    if planned["memoryBytes"] > memory:
        said.append(f"{gigabytes(memory).strip()} of memory are free, the export takes {gigabytes(planned['memoryBytes']).strip()}")
    largest = max(variant["bytes"] for variant in planned["variants"].values())
    comparison = planned["parityMemoryBytes"] + largest
    if compare and comparison > memory:
        said.append(
            f"{gigabytes(memory).strip()} of memory are free, the comparison takes {gigabytes(comparison).strip()}; "
            "--parity no leaves it out"
        )
    return said
