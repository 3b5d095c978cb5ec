"""Corruptions of MNIST's digits: other hands, pens, scanners and cameras, by transformations no training uses."""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

INK, PAGE = 112, 160  # pixels a side of the enlarged digit, and of the page around it


def _page(digit: np.ndarray) -> Image.Image:
    """MNIST's digit, uint8 (28, 28), white on black -> dark on a white page of PAGE pixels."""
    page = Image.new("L", (PAGE, PAGE), 255)
    ink = Image.fromarray(digit).resize((INK, INK), Image.Resampling.BICUBIC)
    page.paste(Image.fromarray(255 - np.asarray(ink)), ((PAGE - INK) // 2, (PAGE - INK) // 2))
    return page


def thick(digit, rng):
    """A marker: strokes grow by half and more of MNIST's."""
    return _page(digit).filter(ImageFilter.MinFilter(int(rng.choice([5, 7]))))


def thin(digit, rng):
    """A hard pencil: strokes shrink, where they do not vanish."""
    page = _page(digit)
    for size in (9, 7, 5, 3):
        thinner = page.filter(ImageFilter.MaxFilter(size))
        if (np.asarray(thinner) < 128).sum() > 0.35 * (np.asarray(page) < 128).sum():
            return thinner
    return page


def blurred(digit, rng):
    """A camera out of focus."""
    return _page(digit).filter(ImageFilter.GaussianBlur(rng.uniform(4, 6)))


def small(digit, rng):
    """16 pixels a side."""
    return Image.fromarray(digit).resize((16, 16), Image.Resampling.BOX)


def tilted(digit, rng):
    """A page seen at an angle: a change of perspective."""
    near, far = rng.uniform(0, 22, (2, 4, 1)), np.array([[0, 0], [0, PAGE], [PAGE, PAGE], [PAGE, 0]])
    inward = np.sign(PAGE / 2 - far)
    corners = far + inward * np.concatenate([near[0], near[1]], axis=1)
    return _page(digit).transform(
        (PAGE, PAGE), Image.Transform.QUAD, corners.ravel().tolist(), Image.Resampling.BICUBIC, fillcolor=255
    )


def waves(digit, rng):
    """A hand that trembles: every stroke swings as a sine."""
    page, places = np.asarray(_page(digit)), np.arange(PAGE)
    length, phase = rng.uniform(25, 45, 2), rng.uniform(0, 6.3, 2)
    down = np.rint(4 * np.sin(6.283 * places / length[0] + phase[0])).astype(int)
    across = np.rint(4 * np.sin(6.283 * places / length[1] + phase[1])).astype(int)
    rows = (places[:, None] + down[None, :]).clip(0, PAGE - 1)
    columns = (places[None, :] + across[:, None]).clip(0, PAGE - 1)
    return Image.fromarray(page[rows, columns])


def dry(digit, rng):
    """A pen that runs dry: streaks without ink cross the strokes."""
    streaks = Image.new("L", (PAGE, PAGE), 0)
    draw, slope = ImageDraw.Draw(streaks), rng.uniform(-40, 40)
    for place in np.arange(rng.uniform(0, 14), PAGE, 14):
        draw.line([(0, place), (PAGE, place + slope)], fill=215, width=2)
    return Image.fromarray(np.maximum(_page(digit), streaks))


def scanned(digit, rng):
    """An old scan: little contrast, grain, and strong JPEG compression."""
    grey = 150 + (np.asarray(_page(digit), np.float32) - 128) * 0.35 + rng.normal(0, 9, (PAGE, PAGE))
    file = io.BytesIO()
    Image.fromarray(grey.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=20)
    return Image.open(io.BytesIO(file.getvalue()))


def photographed(digit, rng):
    """Lined paper, turned a little, in light that falls off to one side."""
    page = np.asarray(_page(digit), np.float32) / 255
    big = np.ones((400, 400), np.float32)
    top, left = rng.integers(60, 180, 2)
    big[top : top + PAGE, left : left + PAGE] = page
    sheet = Image.fromarray((255 * np.minimum(big, 1)).astype(np.uint8))
    draw = ImageDraw.Draw(sheet)
    for place in range(int(rng.integers(10, 50)), 400, 50):
        draw.line([(0, place), (400, place)], fill=205, width=2)
    sheet = np.minimum(np.asarray(sheet, np.float32), 255 * big)
    turned = Image.fromarray(sheet.astype(np.uint8)).rotate(rng.uniform(-8, 8), Image.Resampling.BICUBIC, fillcolor=255)
    light = np.linspace(rng.uniform(0.9, 1), rng.uniform(0.45, 0.7), 400)
    lit = np.asarray(turned, np.float32)[20:380, 20:380] * (
        light[20:380] if rng.random() < 0.5 else light[20:380, None]
    )
    return Image.fromarray((lit + rng.normal(0, 4, lit.shape)).clip(0, 255).astype(np.uint8))


CORRUPTIONS: dict[str, Callable[[np.ndarray, np.random.Generator], Image.Image]] = {
    corruption.__name__: corruption
    for corruption in (thick, thin, blurred, small, tilted, waves, dry, scanned, photographed)
}


def corrupt(name: str, digits: np.ndarray, seed: int = 0) -> list[np.ndarray]:
    """MNIST digits uint8 (N, 28, 28) -> as many pictures, uint8 (H, W), under one of CORRUPTIONS."""
    rng = np.random.default_rng(seed)
    return [np.asarray(CORRUPTIONS[name](digit, rng)) for digit in digits]
