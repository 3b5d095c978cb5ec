"""A noisy picture -> the same picture without its noise, tile by tile."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

import weights
from demos import images, metrics
from demos.denoiser import noise

LARGEST = 50_000_000  # pixels; they take minutes
TOO_LARGE = "This picture has more than 50 megapixels: make it smaller or crop it, then choose it again."
# A tile of at most CORE pixels a side is restored with MARGIN more around it, so that no seam can be seen, and
# memory does not grow with the picture. Both are multiples of the 4 pixels that the network works in.
CORE, MARGIN, STEP = 512, 32, 4
VIEWS = ((1, 1), (-1, -1))  # directions in which the network reads rows and columns
SIDE, OVERLAP = 64, 8  # what the autoencoder sees, and what of it is covered by its neighbours


@dataclass(frozen=True, eq=False)
class Answer:
    """What the network makes of one picture.

    pixels: uint8 or uint16 (H, W, 3), the restored picture, of the size and the depth of what was given.
    alpha: uint8 (H, W), the transparency of what was given; None if there is none.
    noise_sigma: the noise that was found, its standard deviation in levels of 255, before `strength`.
    milliseconds: what the network took.
    """

    width: int
    height: int
    noise_sigma: float
    milliseconds: float
    pixels: np.ndarray
    alpha: np.ndarray | None

    def png(self) -> bytes:
        """The restored picture as a file, of 16 bits a channel if what was given has them."""
        return images.png(self.pixels, self.alpha)


def denoise(image, strength: float = 1.0) -> Answer:
    """Take the noise out of one picture.

    image: whatever `demos.images.open` takes, or its Picture. strength: from 0, the picture as it is, to 1, all
    noise that was found taken out.
    Raises images.PictureError, and weights.Unavailable while the network cannot answer.
    """
    picture = image if isinstance(image, images.Picture) else opened(image)
    *_, restored = steps(picture)
    return blended(picture, restored, strength)


predict = denoise


def opened(image) -> images.Picture:
    """A picture in full: its size, 16 bits a channel, the colours beneath its transparency. Raises PictureError."""
    picture = images.open(image, longest=LARGEST, exact=True)
    if picture.size[0] * picture.size[1] > LARGEST:
        raise images.PictureError(TOO_LARGE)
    return picture


def steps(picture: images.Picture) -> Iterator[tuple[int, int] | Answer]:
    """How many of how many tiles are done, after each; last, the Answer."""
    model = weights.load("denoiser/blind")
    restored, began = np.empty_like(picture.pixels), time.perf_counter()
    try:
        yield from work(model, picture.pixels, restored)
    finally:
        model.release()
    milliseconds = 1000 * (time.perf_counter() - began)
    if is_grey(picture.pixels):
        restored[:] = np.rint(restored.mean(-1, keepdims=True))
    height, width = restored.shape[:2]
    sigma = deviation(picture.pixels, restored)
    yield Answer(width, height, sigma, milliseconds, restored, picture.alpha)


def blended(picture: images.Picture, answer: Answer, strength: float) -> Answer:
    """An answer with part of the noise left in: all of it at a strength of 0, none at 1."""
    strength = min(1.0, max(0.0, float(strength)))
    if strength == 1:
        return answer
    pixels = np.empty_like(answer.pixels)
    for row, (noisy, restored) in enumerate(zip(picture.pixels, answer.pixels, strict=True)):
        pixels[row] = np.rint(noisy + np.float32(strength) * (restored.astype(np.float32) - noisy))
    return Answer(**{**vars(answer), "pixels": pixels})


def work(model: weights.Network, noisy: np.ndarray, restored: np.ndarray) -> Iterator[tuple[int, int]]:
    """Fill `restored`, and say after each tile how many of how many are done.

    noisy, restored: (H, W, 3) of one dtype: uint8, uint16, or float32, black 0 and white 1, which is not clipped.
    """
    tiles = list(product(*map(stretches, noisy.shape[:2])))
    for done, ((top, bottom), (left, right)) in enumerate(tiles, 1):
        y, x = max(0, top - MARGIN), max(0, left - MARGIN)
        seen = light(noisy[y : bottom + MARGIN, x : right + MARGIN])
        answer = run(model, seen)[top - y : bottom - y, left - x : right - x]
        restored[top:bottom, left:right] = levels(answer, restored.dtype)
        yield done, len(tiles)


def stretches(length: int) -> list[tuple[int, int]]:
    """A length as nearly equal stretches of at most CORE, each but the last ending at a multiple of STEP."""
    count = -(-length // CORE)
    inner = [STEP * round(length * i / count / STEP) for i in range(1, count)]
    return list(zip([0, *inner], [*inner, length], strict=True))


def run(model: weights.Network, noisy: np.ndarray) -> np.ndarray:
    """The mean of the blind network's answers to float32 (H, W, 3) of any size and to the same upside down."""
    height, width = noisy.shape[:2]
    padded = np.pad(noisy, ((0, -height % STEP), (0, -width % STEP), (0, 0)), "symmetric")
    answers = [model(np.ascontiguousarray(padded[None, ::y, ::x]))["restored"][0, ::y, ::x] for y, x in VIEWS]
    return np.mean(answers, axis=0)[:height, :width]


def reconstruct(model: weights.Network, noisy: np.ndarray) -> np.ndarray:
    """The autoencoder's answer to float32 (H, W, 3) of any size, seen in overlapping windows of 64 pixels."""
    height, width = noisy.shape[:2]
    inner = SIDE - 2 * OVERLAP
    padded = np.pad(noisy, [(OVERLAP, OVERLAP + -size % inner) for size in (height, width)] + [(0, 0)], "symmetric")
    restored = np.empty((height + -height % inner, width + -width % inner, 3), np.float32)
    for top in range(0, height, inner):
        lefts = range(0, width, inner)
        row = np.stack([padded[top : top + SIDE, left : left + SIDE] for left in lefts])
        answers = model(row)["restored"][:, OVERLAP:-OVERLAP, OVERLAP:-OVERLAP]
        restored[top : top + inner] = np.concatenate(list(answers), axis=1)
    return restored[:height, :width]


def light(pixels: np.ndarray) -> np.ndarray:
    """uint8 or uint16 -> float32, black 0 and white 1; float32 as it is."""
    if pixels.dtype == np.float32:
        return pixels
    return pixels / np.float32(np.iinfo(pixels.dtype).max)


def levels(picture: np.ndarray, dtype) -> np.ndarray:
    """The inverse of `light`, clipped and rounded."""
    if dtype == np.float32:
        return picture
    return np.rint(picture.clip(0, 1) * np.float32(np.iinfo(dtype).max)).astype(dtype)


def is_grey(pixels: np.ndarray) -> bool:
    """Whether (H, W, 3) has no colour anywhere."""
    return bool((pixels[..., 0] == pixels[..., 1]).all() and (pixels[..., 1] == pixels[..., 2]).all())


def deviation(noisy: np.ndarray, restored: np.ndarray) -> float:
    """The root mean square of what was taken out, in levels of 255; row by row, to spare memory."""
    squares = [np.square(light(a) - light(b)).mean() for a, b in zip(noisy, restored, strict=True)]
    return float(255 * np.sqrt(np.mean(squares)))


def with_noise(picture: images.Picture, kind: str, strength: float, rng: np.random.Generator) -> images.Picture:
    """A clean picture after noise of a kind of `noise.KINDS`, clipped and rounded to its own depth.

    strength: 1 to 100; of Gaussian and Poisson noise it is sigma in levels of 255, the latter's at white.
    """
    clean = light(picture.pixels)
    if kind == "JPEG":
        noisy = noise.jpeg(clean, max(2, round(100 - strength)))
    elif kind == "Salt and pepper":
        noisy = noise.salt_and_pepper(clean, strength / 250, rng)
    else:
        noisy = {"Gaussian": noise.gaussian, "Poisson": noise.poisson}[kind](clean, strength, rng)
    if is_grey(picture.pixels):
        noisy = np.repeat(noisy[..., :1], 3, axis=-1)
    return images.Picture(levels(noisy, picture.pixels.dtype), picture.alpha, picture.size)


def scores(clean: np.ndarray, noisy: np.ndarray, restored: np.ndarray) -> dict[str, float]:
    """PSNR in dB before and after, and SSIM, that of a large picture in its middle; (H, W, 3) of one dtype."""
    square = tuple(slice(max(0, size // 2 - 512), size // 2 + 512) for size in clean.shape[:2])
    found = {}
    for name, picture in (("psnr_input", noisy), ("psnr", restored)):
        found[name] = min(100.0, 20 * np.log10(255 / max(deviation(picture, clean), 1e-9)))
    if min(clean.shape[:2]) >= 11:
        for name, picture in (("ssim_input", noisy), ("ssim", restored)):
            found[name] = metrics.ssim(light(picture[square]), light(clean[square]))
    return found


def residual(noisy: np.ndarray, restored: np.ndarray, side: int = 240, gain: float = 2) -> np.ndarray:
    """What was taken out in the middle of a picture, uint8 (h, w, 3): grey is nothing; `gain` times as strong."""
    square = tuple(slice(max(0, size // 2 - side // 2), size // 2 + side // 2) for size in noisy.shape[:2])
    return levels(0.5 + gain * (light(noisy[square]) - light(restored[square])), np.uint8)


def middle(pixels: np.ndarray) -> np.ndarray:
    """The 64x64 pixels in the middle of (H, W, 3) as float32; what is smaller is mirrored at its borders."""
    margins = [(max(0, SIDE - size) // 2, (max(0, SIDE - size) + 1) // 2) for size in pixels.shape[:2]]
    padded = np.pad(pixels, [*margins, (0, 0)], "symmetric")
    top, left = ((size - SIDE) // 2 for size in padded.shape[:2])
    return light(padded[top : top + SIDE, left : left + SIDE])


def closeup(noisy: np.ndarray, restored: np.ndarray, clean: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """The 64x64 pixels in the middle, uint8: with noise, after the autoencoder, after ours, and clean if known."""
    window = middle(noisy)
    theirs = weights.load("denoiser/autoencoder")(window[None])["restored"][0]
    found = {"noisy": window, "autoencoder": theirs, "blind": middle(restored)}
    if clean is not None:
        found["clean"] = middle(clean)
    return {name: levels(picture, np.uint8) for name, picture in found.items()}
