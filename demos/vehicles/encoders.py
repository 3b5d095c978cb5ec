"""Both networks, by the names of their recipes, and how a picture becomes the square that they take."""

import numpy as np
from PIL import Image

from demos.shared.gallery.encoder import Encoder

GREY = 127  # of what is missing beside a picture that is no square


def fit(pixels: np.ndarray, side: int) -> np.ndarray:
    """The whole picture, uint8 (H, W, 3), in the middle of a grey square, uint8 (side, side, 3)."""
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    size = max(1, round(scale * width)), max(1, round(scale * height))
    resized = Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC, reducing_gap=3)
    square = Image.new("RGB", (side, side), (GREY,) * 3)
    square.paste(resized, ((side - size[0]) // 2, (side - size[1]) // 2))
    return np.asarray(square)


ENCODERS = {
    "embedding": Encoder("vehicles/embedding", "Ours", 192, crop=fit),
    "baseline": Encoder("vehicles/baseline", "Student project", 64, crop=fit),
}
