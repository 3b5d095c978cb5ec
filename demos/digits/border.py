"""A margin of paper around a picture, so that a stroke may reach its border."""

import numpy as np

_MARGIN = 0.05  # of the longer side, on each side
_LEAST = 8  # pixels a side, for a margin
_DEEP = 0.12  # of a side: within this depth a stroke along the border ends
_WIDE = 0.1  # of the longer side: what is wider at the border, and deep, is no stroke, and goes on in the margin
_DARK = 0.8  # of the brightness within that depth: what is darker lies on the paper


def find_paper(grey: np.ndarray) -> int | None:
    """The brightness of the paper of a drawing that no camera took, dark on light; None for a photograph.

    grey: uint8 (h, w). Its paper is of one single value, as its ink may be, which covers most of a tight crop.
    """
    counts = np.bincount(grey[::2, ::2].ravel(), minlength=256) / grey[::2, ::2].size
    paper, other = sorted(np.argsort(counts)[-2:].tolist(), reverse=True)
    if paper - other > 32 and counts[[paper, other]].sum() > 0.7 and counts[paper] > 0.15:
        return paper
    return int(counts.argmax()) if counts.max() > 0.5 else None


def add_margin(grey: np.ndarray, paper: int | None) -> np.ndarray:
    """The picture, uint8 (h, w), dark on light, with what the paper beside it would be on all four sides.

    paper: as `find_paper` returns it. A drawing that has such a margin already is returned as it is.
    """
    longest = max(grey.shape)
    if min(grey.shape) < _LEAST:
        return grey
    margin, wide = max(12, round(_MARGIN * longest)), max(3, round(_WIDE * longest) | 1)
    if paper is not None:
        inner = slice(margin, -margin)
        bands = grey[:margin], grey[-margin:], grey[inner, :margin], grey[inner, -margin:]
        if all((band == paper).all() for band in bands):
            return grey
        return np.pad(grey, margin, constant_values=paper)
    for _ in range(2):  # above and below, then on the left and the right
        first, last = (np.repeat(_continue(each, wide)[None], margin, axis=0) for each in (grey, grey[::-1]))
        grey = np.concatenate([first, grey, last]).T
    return np.ascontiguousarray(grey)


def find_rim(shape: tuple[int, int], margin: int) -> np.ndarray:
    """Where the border of the picture lies within its margin, bool (h, w)."""
    inner, core = (np.zeros(shape, bool) for _ in range(2))
    for mask, inset in ((inner, margin), (core, margin + 3)):
        mask[inset : shape[0] - inset, inset : shape[1] - inset] = True
    return inner & ~core


def _continue(grey: np.ndarray, wide: int) -> np.ndarray:
    """The brightness of the paper above the upper border of a picture, uint8 (w,)."""
    from scipy import ndimage

    strip = ndimage.uniform_filter1d(grey[: max(3, round(_DEEP * len(grey)))].astype(np.float32), 3, axis=1)
    border, brightest = strip[:2].mean(0), strip.max(0)
    is_paper = border >= _DARK * brightest
    places = np.arange(len(border))
    paper = np.interp(places, places[is_paper], border[is_paper]) if is_paper.any() else brightest
    return np.rint(ndimage.grey_closing(paper, wide, mode="nearest")).astype(np.uint8)
