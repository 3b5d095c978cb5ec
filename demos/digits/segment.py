"""Any picture -> the digits written in it, as 28x28 pixels each; NumPy, SciPy and scikit-image, no network."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from demos.digits.binarize import FAINT, FAINTEST, estimate_background, label_strokes
from demos.digits.border import add_margin, find_paper, find_rim
from demos.digits.contrast import (
    difference_in_colour,
    estimate_light_beside_shadows,
    is_coloured,
    is_on_paper,
    is_shadowed,
    reduce,
    smooth_light,
)
from demos.digits.frames import remove_frames
from demos.digits.groups import Group, cut, group_strokes, plausibility, sort_in_reading_order
from demos.digits.normalize import normalize
from demos.digits.slash import remove_slash
from demos.shared import images

LONGEST = 768  # pixels of the longer side while searching
TINY = 36  # a picture up to here is one digit, already cut out, as MNIST's are
MOST = 60  # digits of one picture
STEP_LONGEST = 480  # pixels of the longer side of a step's picture
_ENLARGEMENT = 6  # of a tiny picture, for the search


@dataclass(frozen=True, eq=False)
class Glyph:
    """One digit, or what looks like one.

    box: (left, top, right, bottom), in pixels of the upright original. pixels: uint8 (28, 28), white on black.
    """

    box: tuple[int, int, int, int]
    pixels: np.ndarray


@dataclass(frozen=True)
class LeftOut:
    """What of a picture is not read.

    digits: beyond the 60th. marks: too small or too faint. lines: and frames.
    """

    digits: int = 0
    marks: int = 0
    lines: int = 0


@dataclass(frozen=True, eq=False)
class Page:
    """The digits of one picture.

    glyphs: in reading order, at most 60. steps: caption -> uint8 (h, w), the intermediate pictures.
    """

    glyphs: list[Glyph]
    steps: dict[str, np.ndarray]
    left_out: LeftOut


@dataclass(frozen=True, eq=False)
class _Segmentation:
    """The picture, with a margin around it, read as dark on light, or, once inverted, as light on dark."""

    ink: np.ndarray
    mask: np.ndarray
    groups: list[Group]
    score: float
    marks: int = 0
    lines: int = 0


def segment(picture: images.Picture) -> Page:
    """Find handwritten characters, on whatever they are written.

    Reads dark ink on light paper as well as chalk on a board. Uneven light, lines and squares of the paper, what
    lies around it and what is no stroke are left out. A picture of at most 36 pixels a side counts as one glyph.
    """
    grey = _to_grey(picture)
    is_tiny = max(picture.pixels.shape[:2]) <= TINY
    best = _read_dark_or_light(grey, True) if is_tiny else _read_views(picture, grey)
    scale = picture.size[0] / grey.shape[1], picture.size[1] / grey.shape[0]
    margin = (best.ink.shape[0] - grey.shape[0]) // 2
    groups = sort_in_reading_order(best.groups)
    inks = [_cut_out(best.ink, group) for group in groups[:MOST]]
    boxes = [_find_box(group, margin, scale, picture.size) for group in groups[:MOST]]
    glyphs = [
        Glyph(box, normalize(ink if is_tiny else remove_slash(ink))) for box, ink in zip(boxes, inks, strict=True)
    ]
    left_out = LeftOut(max(0, len(groups) - MOST), best.marks, best.lines)
    return Page(glyphs, _steps(best, margin), left_out)


def _read_dark_or_light(
    grey: np.ndarray, is_tiny: bool, faintest: float = FAINT, is_shaded: bool = False
) -> _Segmentation:
    """The more plausible one of dark on light and light on dark."""
    candidates = [_segment_dark_on_light(each, is_tiny, faintest, is_shaded) for each in _polarities(grey, is_tiny)]
    # Of two ways to read it, dark on light must not lose to the shape of a bright sheet in a dark room.
    return max(candidates, key=lambda candidate: candidate.score * (2 if candidate is candidates[0] else 1))


def _read_views(picture: images.Picture, grey: np.ndarray) -> _Segmentation:
    """The reading of the view of the picture that shows its digits: brightness, colour, both sides of a shadow."""
    coarse = reduce(picture)
    best = None
    light = smooth_light(coarse)
    if is_shadowed(coarse, light):
        best = _read_dark_or_light(grey, False, is_shaded=True)
    if best is None or not best.groups or not is_on_paper(best.ink, FAINT):
        best = _read_dark_or_light(grey, False)
    if is_coloured(coarse, light):
        coloured = difference_in_colour(picture, coarse, grey.shape[::-1])
        best = _choose(best, _segment_dark_on_light(coloured, False, FAINT))
    is_final = best.groups or not is_on_paper(best.ink, FAINT)
    return best if is_final else _read_dark_or_light(grey, False, FAINTEST)


def _choose(best: _Segmentation, other: _Segmentation) -> _Segmentation:
    """The one of two readings that finds what the other does, and more."""
    if len(other.groups) <= len(best.groups) or not is_on_paper(other.ink, FAINT):
        return best
    return other if all(any(_is_same(a, b) for b in other.groups) for a in best.groups) else best


def _is_same(one: Group, other: Group) -> bool:
    """Whether two groups are about at one place."""
    pairs = list(zip(one.where, other.where, strict=True))
    shared = np.prod([max(0, min(a.stop, b.stop) - max(a.start, b.start)) for a, b in pairs])
    return bool(shared > 0.5 * max(one.mask.size, other.mask.size))


def _to_grey(picture: images.Picture) -> np.ndarray:
    """uint8 (h, w) at the size for the search; of a drawing that only its transparency shows, the transparency."""
    image = picture.image.convert("L")
    if picture.alpha is not None and np.ptp(np.asarray(image)) < 16 <= np.ptp(picture.alpha):
        image = Image.fromarray(255 - picture.alpha)
    longest = max(image.size)
    if longest <= TINY:
        size = tuple(_ENLARGEMENT * side for side in image.size)
        return np.asarray(image.resize(size, Image.Resampling.BICUBIC))
    scale = min(1.0, LONGEST / longest)
    size = tuple(max(1, round(side * scale)) for side in image.size)
    return np.asarray(image.resize(size, Image.Resampling.BILINEAR) if scale < 1 else image)


def _polarities(grey: np.ndarray, is_tiny: bool) -> list[np.ndarray]:
    """The picture as it is, inverted, or both: whichever may be dark ink on light paper."""
    low, middle, high = (int(value) for value in np.percentile(grey[::2, ::2], (1, 50, 99)))
    if is_tiny:
        edge = np.concatenate([grey[[0, -1]].ravel(), grey[:, [0, -1]].ravel()])
        low, middle, high = int(grey.min()), int(np.median(edge)), int(grey.max())
        return [grey] if middle - low >= high - middle else [255 - grey]
    if middle > 170:
        return [grey]
    return [255 - grey] if middle < 40 and high - middle > 2 * (middle - low) else [grey, 255 - grey]


def _segment_dark_on_light(grey: np.ndarray, is_tiny: bool, faintest: float, is_shaded: bool = False) -> _Segmentation:
    """The strokes on the most plausible sheet of paper."""
    paper = find_paper(grey)
    is_clean = is_tiny or paper is not None
    height = grey.shape[0]
    grey = grey if is_tiny else add_margin(grey, None if is_shaded else paper)
    rim = find_rim(grey.shape, (grey.shape[0] - height) // 2)
    smooth = _blur(grey, is_tiny)
    if is_shaded:
        light, sheets = estimate_light_beside_shadows(smooth), [(np.ones(grey.shape, bool), 1.0)]
    else:
        light, sheets = estimate_background(grey, is_tiny)
    ink = 1 - smooth / np.maximum(light, 1)
    best = _Segmentation(ink, np.zeros(grey.shape, bool), [], 0.0)
    for sheet, brightness in sheets:
        where = _extent(sheet)
        edge = _edge(sheet, is_tiny)[where]
        labels, level = label_strokes(ink[where], sheet[where], edge, rim[where], is_clean, faintest)
        if labels is None:
            continue
        labels, lines = (labels, 0) if is_tiny else remove_frames(labels)
        groups, marks = group_strokes(ink[where], labels, edge, is_tiny, max(grey.shape))
        groups = [group.shift(where) for group in groups]
        groups = [group for group in groups if sheet[group.where].mean() > 0.97]
        score = brightness * sum(sorted(map(plausibility, groups), reverse=True)[:4])
        if score > best.score:
            mask = np.zeros(grey.shape, bool)
            mask[where] = labels > 0
            best = _Segmentation(np.clip(0.5 * ink / level, 0, 1), mask, groups, score, marks, lines)
    return best


def _blur(grey: np.ndarray, is_tiny: bool) -> np.ndarray:
    """float32 (h, w), without the finest noise."""
    image = Image.fromarray(grey)
    if not is_tiny:
        image = image.filter(ImageFilter.BoxBlur(1 if max(grey.shape) > 500 else 0.5))
    return np.asarray(image, np.float32)


def _extent(mask: np.ndarray) -> tuple[slice, slice]:
    ys, xs = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    return slice(int(ys[0]), int(ys[-1]) + 1), slice(int(xs[0]), int(xs[-1]) + 1)


def _edge(sheet: np.ndarray, is_tiny: bool) -> np.ndarray:
    """Where a stroke would be cut off, bool (h, w): the edge of the paper and of the margin around the picture."""
    inner = sheet.copy()
    inner[1:] &= sheet[:-1]
    inner[:-1] &= sheet[1:]
    inner[:, 1:] &= sheet[:, :-1]
    inner[:, :-1] &= sheet[:, 1:]
    edge = sheet & ~inner
    edge[[0, -1]] = edge[:, [0, -1]] = not is_tiny
    return edge


def _cut_out(ink: np.ndarray, group: Group) -> np.ndarray:
    """The ink of a group alone, float32 (h, w), without its neighbours' where their boxes overlap."""
    from scipy import ndimage

    near = ndimage.binary_dilation(np.pad(group.mask, 2), np.ones((3, 3)))
    return np.where(near, cut(ink, group.where, 2), 0)


def _find_box(
    group: Group, margin: int, scale: tuple[float, float], size: tuple[int, int]
) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a group in a picture of this (width, height).

    margin: pixels around the picture in which the group was found. scale: across and down, of the one to the other.
    """
    rows, columns = group.where
    edges = zip((columns.start, rows.start, columns.stop, rows.stop), 2 * scale, 2 * size, strict=True)
    return tuple(round(min(max(0, (at - margin) * by), most)) for at, by, most in edges)


def _steps(best: _Segmentation, margin: int) -> dict[str, np.ndarray]:
    grouped = np.zeros(best.mask.shape, bool)
    for group in best.groups:
        grouped[group.where] |= group.mask
    even = 255 - np.rint(255 * best.ink.clip(0, 1)).astype(np.uint8)
    steps = {"Light corrected": even, "Binarized": best.mask, "Strokes of digits": grouped}
    inner = tuple(slice(margin, side - margin) for side in even.shape)
    return {caption: _reduce(pixels[inner]) for caption, pixels in steps.items()}


def _reduce(pixels: np.ndarray) -> np.ndarray:
    """bool or uint8 (h, w) -> uint8 of at most STEP_LONGEST pixels a side."""
    image = Image.fromarray(255 * pixels.astype(np.uint8) if pixels.dtype == bool else pixels)
    scale = min(1.0, STEP_LONGEST / max(image.size))
    size = tuple(max(1, round(side * scale)) for side in image.size)
    return np.asarray(image.resize(size, Image.Resampling.BOX) if scale < 1 else image)
