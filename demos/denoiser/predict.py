"""A noisy picture -> the same picture without its noise, tile by tile."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Annotated

import numpy as np
from pydantic import Field

import weights
from demos.denoiser import noise
from demos.denoiser.drawn import is_drawn
from demos.denoiser.pixels import SIDE, center_crop, from_float, is_grey, rms_difference, to_float
from demos.shared import images, metrics, tiles, work

LARGEST = 50_000_000  # pixels; they take minutes
# A tile of at most CORE pixels a side is restored with MARGIN more around it, so that no seam can be seen, and
# memory does not grow with the picture. Both are multiples of the 4 pixels that the network works in.
CORE, MARGIN, STEP = 512, 32, 4
DIRECTIONS = ((1, 1), (-1, -1))  # in which the network reads rows and columns: test-time augmentation
OVERLAP = 8  # pixels of the autoencoder's window that its neighbours cover


@dataclass(frozen=True, eq=False)
class Answer:
    """One picture without its noise.

    pixels: uint8 or uint16 (H, W, 3), the restored picture, of the size and the depth of the source.
    alpha: uint8 (H, W), the transparency of the source; None if there is none.
    noise_sigma: the standard deviation of the noise that the network finds, in levels of 255, before `strength`.
    milliseconds: what the network took. entry: its manifest entry.
    """

    width: int
    height: int
    noise_sigma: float
    milliseconds: float
    pixels: np.ndarray
    alpha: np.ndarray | None
    entry: weights.Entry

    def png(self) -> bytes:
        """The restored picture as a file, of 16 bits a channel if the source has them."""
        return images.png(self.pixels, self.alpha)


def predict(image: images.Source, strength: Annotated[float, Field(ge=0, le=1)] = 1.0) -> Answer:
    """Take the noise out of one picture.

    image: the picture, which keeps its size. strength: from 0, the picture as it is, to 1, without all of its noise.
    Raises images.PictureError, and weights.Unavailable while the network cannot answer.
    """
    picture = open_picture(image)
    *_, answer = denoise_steps(picture)
    return blend(picture, answer, strength)


def open_picture(image: images.Source) -> images.Picture:
    """A picture in full: its size, 16 bits a channel, the colours beneath its transparency. Raises PictureError."""
    return images.open(image, longest=LARGEST, exact=True, most=LARGEST)


def denoise_steps(picture: images.Picture) -> Iterator[tuple[int, int] | Answer]:
    """How many of how many tiles are done, after each; last, the Answer at full strength.

    What was drawn and has no noise comes back as it is, and so does what has one colour.
    """
    model = weights.load("denoiser/blind")
    restored, began = np.empty_like(picture.pixels), time.perf_counter()
    try:
        if is_drawn(picture.pixels) or not np.ptp(picture.pixels, axis=(0, 1)).any():
            restored[:] = picture.pixels
        else:
            yield from denoise_tiles(model, picture.pixels, restored)
    finally:
        model.release()
    milliseconds = 1000 * (time.perf_counter() - began)
    if is_grey(picture.pixels):
        restored[:] = np.rint(restored.mean(-1, keepdims=True))
    height, width = restored.shape[:2]
    sigma = rms_difference(picture.pixels, restored)
    yield Answer(width, height, sigma, milliseconds, restored, picture.alpha, model.entry)


def blend(picture: images.Picture, answer: Answer, strength: float) -> Answer:
    """An answer with part of the noise left in: all of it at a strength of 0, none at 1."""
    strength = min(1.0, max(0.0, float(strength)))
    if strength == 1:
        return answer
    pixels = np.empty_like(answer.pixels)
    for row, (noisy, restored) in enumerate(zip(picture.pixels, answer.pixels, strict=True)):
        pixels[row] = np.rint(noisy + np.float32(strength) * (restored.astype(np.float32) - noisy))
    return replace(answer, pixels=pixels)


def denoise_tiles(model: weights.Network, noisy: np.ndarray, restored: np.ndarray) -> Iterator[tuple[int, int]]:
    """Fill `restored`, and yield after each tile how many of how many are done.

    noisy, restored: (H, W, 3) of one dtype: uint8, uint16, or float32, black 0 and white 1, which is not clipped.
    """
    places = list(product(*map(split_length, noisy.shape[:2])))
    for done, ((top, bottom), (left, right)) in enumerate(places, 1):
        y, x = max(0, top - MARGIN), max(0, left - MARGIN)
        inputs = to_float(noisy[y : bottom + MARGIN, x : right + MARGIN])
        outputs = restore(model, inputs)[top - y : bottom - y, left - x : right - x]
        restored[top:bottom, left:right] = from_float(outputs, restored.dtype)
        work.check(done / len(places))
        yield done, len(places)


def split_length(length: int) -> list[tuple[int, int]]:
    """A length as nearly equal stretches of at most CORE, each but the last ending at a multiple of STEP."""
    return tiles.split_length(length, CORE, STEP)


def restore(model: weights.Network, noisy: np.ndarray) -> np.ndarray:
    """The mean of the blind network's outputs for float32 (H, W, 3) of any size and for the same upside down."""
    height, width = noisy.shape[:2]
    padded = np.pad(noisy, ((0, -height % STEP), (0, -width % STEP), (0, 0)), "symmetric")
    outputs = [model(np.ascontiguousarray(padded[None, ::y, ::x]))["restored"][0, ::y, ::x] for y, x in DIRECTIONS]
    return np.mean(outputs, axis=0)[:height, :width]


def reconstruct(model: weights.Network, noisy: np.ndarray) -> np.ndarray:
    """The autoencoder's output for float32 (H, W, 3) of any size, in overlapping windows of 64 pixels."""
    height, width = noisy.shape[:2]
    inner = SIDE - 2 * OVERLAP
    padded = np.pad(noisy, [(OVERLAP, OVERLAP + -size % inner) for size in (height, width)] + [(0, 0)], "symmetric")
    restored = np.empty((height + -height % inner, width + -width % inner, 3), np.float32)
    for top in range(0, height, inner):
        lefts = range(0, width, inner)
        row = np.stack([padded[top : top + SIDE, left : left + SIDE] for left in lefts])
        outputs = model(row)["restored"][:, OVERLAP:-OVERLAP, OVERLAP:-OVERLAP]
        restored[top : top + inner] = np.concatenate(list(outputs), axis=1)
    return restored[:height, :width]


def load_restorer(network: str) -> Callable[[np.ndarray], np.ndarray]:
    """Either network as a function: noisy float32 (H, W, 3) of any size -> restored float32 (H, W, 3)."""
    model = weights.load(network)

    def restore_tiles(noisy):
        restored = np.empty_like(noisy)
        for _ in denoise_tiles(model, noisy, restored):
            pass
        return restored

    return restore_tiles if network == "denoiser/blind" else lambda noisy: reconstruct(model, noisy)


def add_noise(picture: images.Picture, kind: str, strength: float, rng: np.random.Generator) -> images.Picture:
    """A clean picture after noise of a kind of `noise.KINDS`, clipped and rounded to its own depth.

    strength: 1 to 100; of Gaussian and Poisson noise it is sigma in levels of 255, the latter's at white.
    """
    pixels, noisy = picture.pixels, np.empty_like(picture.pixels)
    if kind == "JPEG":
        noisy = from_float(noise.jpeg(to_float(pixels), max(2, round(100 - strength))), pixels.dtype)
    else:
        for top in range(0, len(pixels), CORE):  # as floats they take many times as much memory
            strip = slice(top, top + CORE)
            noisy[strip] = from_float(_add_noise(to_float(pixels[strip]), kind, strength, rng), pixels.dtype)
    if is_grey(pixels):
        noisy = np.repeat(noisy[..., :1], 3, axis=-1)
    return images.Picture(noisy, picture.alpha, picture.size)


def _add_noise(clean: np.ndarray, kind: str, strength: float, rng: np.random.Generator) -> np.ndarray:
    if kind == "Salt and pepper":
        return noise.salt_and_pepper(clean, strength / 250, rng)
    return {"Gaussian": noise.gaussian, "Poisson": noise.poisson}[kind](clean, strength, rng)


def score(clean: np.ndarray, noisy: np.ndarray, restored: np.ndarray) -> dict[str, float]:
    """PSNR in dB before and after, and SSIM, that of a large picture in its middle; (H, W, 3) of one dtype."""
    square = tuple(slice(max(0, size // 2 - 512), size // 2 + 512) for size in clean.shape[:2])
    scores = {}
    for name, picture in (("psnr_input", noisy), ("psnr", restored)):
        scores[name] = min(100.0, 20 * np.log10(255 / max(rms_difference(picture, clean), 1e-9)))
    if min(clean.shape[:2]) >= 11:
        for name, picture in (("ssim_input", noisy), ("ssim", restored)):
            scores[name] = metrics.ssim(to_float(picture[square]), to_float(clean[square]))
    return scores


def residual(noisy: np.ndarray, restored: np.ndarray, side: int = 240, gain: float = 2) -> np.ndarray:
    """The noise that was removed in the middle of a picture, uint8 (h, w, 3): grey is none; `gain` times as strong."""
    square = tuple(slice(max(0, size // 2 - side // 2), size // 2 + side // 2) for size in noisy.shape[:2])
    return from_float(0.5 + gain * (to_float(noisy[square]) - to_float(restored[square])), np.uint8)


def crop_closeups(noisy: np.ndarray, restored: np.ndarray, clean: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """The 64x64 pixels in the middle, uint8: noisy, after the autoencoder, after the blind network, clean if known."""
    window = to_float(center_crop(noisy, SIDE))
    reconstruction = weights.load("denoiser/autoencoder")(window[None])["restored"][0]
    windows = {"noisy": window, "autoencoder": reconstruction, "blind": to_float(center_crop(restored, SIDE))}
    if clean is not None:
        windows["clean"] = to_float(center_crop(clean, SIDE))
    return {name: from_float(picture, np.uint8) for name, picture in windows.items()}
