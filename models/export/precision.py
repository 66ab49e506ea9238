"""The four precisions, and how weights are packed for them."""

from dataclasses import dataclass

import numpy as np
from onnx import TensorProto

BLOCK = 32


@dataclass(frozen=True)
class Precision:
    name: str
    """Weights of matrix products in 4 bits."""
    quantised: bool
    """Arithmetic and caches in float16."""
    half: bool

    @property
    def numpy(self):
        return np.float16 if self.half else np.float32

    @property
    def onnx(self) -> int:
        return TensorProto.FLOAT16 if self.half else TensorProto.FLOAT

    @property
    def cache(self) -> str:
        return "float16" if self.half else "float32"

    @property
    def plain(self) -> str:
        """The precision of the parts that are not quantised: pictures and embeddings."""
        return "fp32" if self.name == "fp32" else "fp16"


PRECISIONS = {
    "fp32": Precision("fp32", quantised=False, half=False),
    "fp16": Precision("fp16", quantised=False, half=True),
    "q4": Precision("q4", quantised=True, half=False),
    "q4f16": Precision("q4f16", quantised=True, half=True),
}


def quantise4(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Packs a matrix [N, K] for MatMulNBits: symmetric blocks of 32 along K, zero point 8, the extreme of a block at −8.
    Returns bytes [N, K / 32, 16], low nibble first, and scales [N, K / 32].
    """
    rows, columns = weight.shape
    blocks = -(-columns // BLOCK)
    padded = np.zeros((rows, blocks * BLOCK), dtype=np.float32)
    padded[:, :columns] = weight
    cut = padded.reshape(rows, blocks, BLOCK)
    extreme = np.take_along_axis(cut, np.abs(cut).argmax(axis=2)[..., None], axis=2)
    scales = extreme / -8
    safe = np.where(scales == 0, 1, scales)
    levels = np.clip(np.rint(cut / safe) + 8, 0, 15).astype(np.uint8)
    packed = levels[..., 0::2] | (levels[..., 1::2] << 4)
    return packed, scales[..., 0].astype(np.float32)
