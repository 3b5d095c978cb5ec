"""Small files of pictures, as the page shows them."""

import io

import numpy as np
from PIL import Image, ImageOps

from demos.shared import images

TILE = 400, 300  # pixels
THUMBNAIL = 200  # pixels of the longer side


def thumbnail(source: images.Source) -> bytes:
    """A JPEG of a picture, whole. Raises images.PictureError."""
    return images.jpeg(images.open(source, longest=THUMBNAIL).pixels, 80)


def preview(source: images.Source) -> bytes:
    """A JPEG of a picture in its own size. Raises images.PictureError."""
    return images.jpeg(images.open(source).pixels, 85)


def tile(source: images.Source) -> bytes:
    """A WebP of about 10 kB, of TILE, cut from the middle of a picture. Raises images.PictureError."""
    buffer = io.BytesIO()
    fit(images.open(source, longest=2 * max(TILE)).pixels, TILE).save(buffer, "WEBP", quality=72, method=4)
    return buffer.getvalue()


def fit(pixels: np.ndarray, size: tuple[int, int]) -> Image.Image:
    """The largest part of a picture, uint8 (H, W, 3), around its middle in the proportions of a size, at that size."""
    return ImageOps.fit(Image.fromarray(pixels), size, Image.Resampling.LANCZOS)
