"""A picture -> which garment it shows."""

import numpy as np
from PIL import Image

CLASSES = ("t-shirt", "pants", "longsleeve", "shirt", "dress", "shoes", "shorts", "outwear", "hat", "skirt")
SIDE = 192


def squeeze(pixels: np.ndarray, side: int = SIDE, box: tuple[float, float, float, float] | None = None) -> np.ndarray:
    """The whole picture, uint8 (H, W, 3), or a box of it, as a square, uint8 (side, side, 3)."""
    return np.asarray(Image.fromarray(pixels).resize((side, side), Image.Resampling.BICUBIC, box, reducing_gap=3))
