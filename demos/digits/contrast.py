"""Ink that brightness alone does not show: of another colour than the paper, or on both sides of a hard shadow."""

import numpy as np
from PIL import Image

from demos.shared import images

_COARSE = 160  # pixels of the longer side, for a first look
_COLOURFUL = 24  # levels between the colour differences of ink and paper
_SHARE = 0.002  # of the picture, which has such ink
_MOST_INK = 0.2  # of a picture of digits
_EDGE = 0.005  # of the picture, along the edge of a shadow
_DARKEST = 0.22  # of the light is left in a shadow; ink is darker
_AT_BORDER = 0.08  # of the picture's border, at least, is in the shadow
_SAME = 0.07  # between the quotients of channels of one colour
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_WIDEST, _BROADEST = 0.07, 0.13  # of the longer side: no stroke is wider; of the shorter side: no shadow is narrower


def reduce(picture: images.Picture) -> np.ndarray:
    """The picture for a first look, float32 (h, w, 3) in [0, 255], of at most 160 pixels a side."""
    image = picture.image
    scale = min(1.0, _COARSE / max(image.size))
    return np.asarray(
        image.resize(tuple(max(1, round(side * scale)) for side in image.size), Image.Resampling.BOX), np.float32
    )


def smooth_light(coarse: np.ndarray) -> np.ndarray:
    """The brightness without strokes, dark or light ones, float32 (h, w)."""
    from scipy import ndimage

    window = max(3, round(_BROADEST * min(coarse.shape[:2])))
    closed = ndimage.grey_closing(coarse @ _LUMA, window, mode="nearest")
    return ndimage.grey_opening(closed, window, mode="nearest")


def is_coloured(coarse: np.ndarray, light: np.ndarray) -> bool:
    """Whether there is ink, on paper of one colour, that its colour tells from it rather than its brightness."""
    difference = coarse - np.median(coarse, axis=(0, 1))
    colour = np.abs(difference[..., [0, 2]] - difference[..., [1]]).max(2)
    share = ((colour > _COLOURFUL) & (colour > 1.2 * np.abs(coarse @ _LUMA - light))).mean()
    return bool(_SHARE <= share and (colour > _COLOURFUL).mean() < 2 * _MOST_INK)


def is_on_paper(ink: np.ndarray, faint: float) -> bool:
    """Whether most of a picture is paper: ink, float32 (h, w), of more than a faint darkness, is on little of it."""
    return bool((ink > faint).mean() < _MOST_INK)


def difference_in_colour(picture: images.Picture, coarse: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """How far each pixel is from the paper's colour, as dark on light, uint8 (h, w), of this (width, height)."""
    image = picture.image
    pixels = np.asarray(image if image.size == size else image.resize(size, Image.Resampling.BILINEAR), np.int16)
    paper = np.median(coarse, axis=(0, 1)).astype(np.int16)
    return (255 - np.abs(pixels - paper).max(2)).astype(np.uint8)


def is_shadowed(coarse: np.ndarray, light: np.ndarray) -> bool:
    """Whether a hard shadow lies on the paper: its light has a step, and on both sides the same colour."""
    from scipy import ndimage

    step = ndimage.maximum_filter(light, 3) - ndimage.minimum_filter(light, 3)
    brightest = np.percentile(coarse @ _LUMA, 97)
    is_dark, is_plain = light < 0.85 * brightest, coarse @ _LUMA > 0.7 * light
    if not is_dark.any() or np.percentile(light[is_dark], 20) < _DARKEST * brightest:
        return False
    border = np.concatenate([is_dark[0], is_dark[-1], is_dark[:, 0], is_dark[:, -1]])
    if (step > 0.15 * light).mean() < _EDGE or border.mean() < _AT_BORDER:
        return False
    # The quotients of the channels are those of the paper, in light and in shade.
    quotients = (coarse[..., [0, 2]] + 8) / (coarse[..., [1]] + 8)
    is_paper = (np.abs(quotients - np.median(quotients, axis=(0, 1))) < _SAME).all(2)
    return all(side.any() and is_paper[side].mean() > 0.9 for side in (is_dark & is_plain, ~is_dark & is_plain))


def estimate_light_beside_shadows(grey: np.ndarray) -> np.ndarray:
    """The light without strokes, float32 (h, w), dark on light, with the edges of shadows where they are.

    A closing with a window little wider than a stroke keeps the edge of what is larger.
    """
    from scipy import ndimage

    window = max(5, round(_WIDEST * max(grey.shape)) | 1)
    return ndimage.grey_closing(grey, size=(window, window), mode="nearest").astype(np.float32)
