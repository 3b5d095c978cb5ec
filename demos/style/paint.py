"""A photograph and the styles of other pictures -> the photograph, painted, tile by tile."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

import weights
from demos.shared import deep, images, work
from demos.shared.images import Picture
from demos.style.painter import cut, describable, keep_colours, resize, split, to_uint8

PAINTER, DESCRIBER = "style/transfer", "style/transfer_code"
NETWORKS = (PAINTER, DESCRIBER)
LARGEST = 4_000_000  # pixels that are painted; larger photographs are reduced
LONGEST = 4096  # pixels of a side
QUICK = 500_000  # pixels that are painted within a second
DESCRIBED = 1024  # pixels of the longer side of a photograph whose style is looked at
STYLE_SHORT = 256  # of the shorter side of a style picture, at a style size of 1
STYLE_LONG = 3  # times the shorter side, of which the middle is looked at
SMALL = 100_000  # pixels, such as those of a camera's frame, after which the network's memory is kept
FADE = 0.25  # strength below which what is painted is blended with the photograph
MAX_CODES, CODE_SECONDS = 256, 600  # that are kept, and for how long after they were last used


@dataclass(frozen=True, eq=False)
class Painting:
    """One photograph in the style of another picture.

    pixels: uint8 (H, W, 3), the painted picture. alpha: uint8 (H, W), the transparency of the photograph; None if there
    is none. size: (width, height) of the photograph as it was given. milliseconds: what the networks took.
    entry: the painter's manifest entry.
    """

    width: int
    height: int
    size: tuple[int, int]
    milliseconds: float
    pixels: np.ndarray
    alpha: np.ndarray | None
    entry: weights.Entry

    def png(self) -> bytes:
        """The painted picture as a file, with the photograph's transparency."""
        return images.png(self.pixels, self.alpha)


class Codes:
    """The codes of the pictures that were described of late, by their pixels: none is described twice in a row."""

    def __init__(self, most: int = MAX_CODES, seconds: float = CODE_SECONDS):
        self.most, self.seconds = most, seconds
        self._kept: OrderedDict[tuple, tuple[np.ndarray, float]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, pixels: np.ndarray) -> np.ndarray:
        """The code of a picture, uint8 (H, W, 3): float32 (CODE,). Raises weights.Unavailable."""
        network = weights.load(DESCRIBER)
        digest = hashlib.blake2b(np.ascontiguousarray(pixels), digest_size=16).digest()
        key = network.entry.sha256, pixels.shape, digest
        with self._lock:
            code, _ = self._kept.get(key, (None, 0))
        if code is None:
            code = network(describable(pixels)[None])["code"][0]
        with self._lock:
            self._kept[key] = code, time.monotonic()
            self._kept.move_to_end(key)
            self._forget()
        return code

    def _forget(self) -> None:
        """Let go the oldest, where there are too many, and what was not used of late."""
        before = time.monotonic() - self.seconds
        while len(self._kept) > self.most or (self._kept and next(iter(self._kept.values()))[1] < before):
            self._kept.popitem(last=False)

    def __len__(self) -> int:
        return len(self._kept)


codes = Codes()


def open_photograph(image: images.Source, most: int = LARGEST, decoded: int = images.MAX_PIXELS) -> Picture:
    """A photograph, uint8, of at most so many pixels, with the colours beneath its transparency.

    decoded: pixels that may have to be decoded. Raises images.PictureError.
    """
    longest = min(LONGEST, _find_longest(image, most))
    picture = images.open(image, longest=longest, exact=True, most=decoded)
    pixels = picture.pixels if picture.pixels.dtype == np.uint8 else deep.to_8_bits(picture.pixels)
    return reduce(Picture(pixels, picture.alpha, picture.size), most)


def open_quick(image: images.Source) -> Picture:
    """As `open_photograph`, for a painting within a second."""
    return open_photograph(image, QUICK, images.QUICK_PIXELS)


def _find_longest(image: images.Source, most: int) -> int:
    """The longer side at which a picture has so many pixels: it is decoded the faster the smaller it is to be."""
    if isinstance(image, Picture):
        return LONGEST
    size = images.measure(image)
    return round(max(size) * _find_reduction(*size, most))


def _find_reduction(width: int, height: int, most: int) -> float:
    """The scale, at most 1, at which a picture has at most so many pixels."""
    return min(1.0, (most / (width * height)) ** 0.5)


def reduce(photograph: Picture, most: int) -> Picture:
    """The same photograph with at most so many pixels."""
    height, width = photograph.pixels.shape[:2]
    scale = _find_reduction(width, height, most)
    if scale == 1:
        return photograph
    alpha = None if photograph.alpha is None else resize(photograph.alpha, scale)
    return replace(photograph, pixels=resize(photograph.pixels, scale), alpha=alpha)


def find_scale(photograph: Picture) -> float:
    """How much larger its strokes are to be than those of the same photograph where it is painted within a second."""
    height, width = photograph.pixels.shape[:2]
    return 1 / _find_reduction(width, height, QUICK)


def describe_photograph(photograph: Picture) -> np.ndarray:
    """The code of a photograph, float32 (CODE,), of which at most DESCRIBED pixels a side are looked at."""
    pixels = photograph.pixels
    return codes.find(resize(pixels, min(1.0, DESCRIBED / max(pixels.shape[:2]))))


def open_style(image: images.Source, size: float = 1.0) -> np.ndarray:
    """A style picture as it is looked at, uint8 (H, W, 3). Raises images.PictureError.

    size: the scale: at 2 the strokes are twice as large as at 1.
    """
    pixels = images.open_quick(image).pixels
    short = min(pixels.shape[:2])
    top, left = (max(0, side - STYLE_LONG * short) // 2 for side in pixels.shape[:2])
    middle = pixels[top : top + STYLE_LONG * short, left : left + STYLE_LONG * short]
    return resize(middle, size * STYLE_SHORT / short)


def describe_style(image: images.Source, size: float = 1.0) -> np.ndarray:
    """The code of a style picture, float32 (CODE,), as `open_style` opens it. Raises weights.Unavailable as well."""
    return codes.find(open_style(image, size))


def mix(first: np.ndarray, second: np.ndarray, share: float) -> np.ndarray:
    """The code between those of two styles: the first at a share of 0, the second at 1."""
    return first + np.float32(share) * (second - first)


def paint_steps(photograph: Picture, style: np.ndarray, strength: float = 1.0) -> Iterator[tuple | Painting]:
    """How many of how many tiles are done, and the picture so far, uint8 (H, W, 3), after each; last, the Painting.

    style: a code. strength: from 0, the photograph itself, to 1, all of the style.
    Raises weights.Unavailable, and work.Abandoned where nobody waits any more.
    """
    network, began = weights.load(PAINTER), time.perf_counter()
    pixels = photograph.pixels.copy()
    height, width = pixels.shape[:2]
    if strength > 0:
        own = describe_photograph(photograph)
        wanted = mix(own, style, strength)
        tiles = split(height, width)
        try:
            for done, tile in enumerate(tiles, 1):
                painted = _paint(network, cut(photograph.pixels, tile), own, wanted)
                pixels[tile] = _blend(photograph.pixels[tile], painted, strength)
                work.check(done / len(tiles))
                yield done, len(tiles), pixels
        finally:
            if height * width > SMALL:
                network.release()
    milliseconds = 1000 * (time.perf_counter() - began)
    yield Painting(width, height, photograph.size, milliseconds, pixels, photograph.alpha, network.entry)


def paint(photograph: Picture, style: np.ndarray, strength: float = 1.0) -> Painting:
    """The last of `paint_steps`."""
    *_, painting = paint_steps(photograph, style, strength)
    return painting


def recolour(photograph: Picture, painting: Painting, is_kept: bool) -> Painting:
    """A painting with the photograph's colours, of which it has the luminance alone; the same where they go."""
    return replace(painting, pixels=keep_colours(photograph.pixels, painting.pixels)) if is_kept else painting


def _paint(network: weights.Network, content: np.ndarray, own: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    batch = {"content": content[None], "content_code": own[None], "style_code": wanted[None]}
    return network(batch)["painted"][0]


def _blend(photograph: np.ndarray, painted: np.ndarray, strength: float) -> np.ndarray:
    """A painted tile, float32, of the photograph's, uint8 (H, W, 3): near a strength of 0 in part the photograph."""
    height, width = photograph.shape[:2]
    share = np.float32(min(1.0, strength / FADE))
    change = to_uint8(painted[:height, :width]).astype(np.float32) - photograph
    return np.rint(photograph + share * change).astype(np.uint8)
