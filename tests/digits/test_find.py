"""What is found in a picture: every digit, nothing else, redrawn as MNIST has it."""

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from demos import data, images
from demos.digits.find import Glyph, Page, find
from tests.digits import paper

SETS = Path(__file__).parents[3] / "shared/datasets"
SMALL = (480, 360)


def found(pixels) -> Page:
    page = find(pixels if isinstance(pixels, images.Picture) else images.open(pixels, longest=1024))
    assert len(page.glyphs) <= 20 and list(page.steps)
    for picture in page.steps.values():
        assert picture.dtype == np.uint8 and picture.ndim == 2 and max(picture.shape) <= 480
    for glyph in page.glyphs:
        assert glyph.seen.shape == (28, 28) and glyph.seen.dtype == np.uint8
        left, top, right, bottom = glyph.box
        assert left < right and top < bottom
    return page


def overlap(one, other) -> float:
    """Intersection over union of two boxes."""
    width, height = (min(one[k + 2], other[k + 2]) - max(one[k], other[k]) for k in (0, 1))
    areas = [(right - left) * (bottom - top) for left, top, right, bottom in (one, other)]
    shared = max(0, width) * max(0, height)
    return shared / (sum(areas) - shared)


def matches(glyphs: list[Glyph], sheet: paper.Sheet) -> bool:
    """Whether each character was found, in its place, and in reading order."""
    same = len(glyphs) == len(sheet.boxes)
    return same and all(overlap(g.box, box) > 0.5 for g, box in zip(glyphs, sheet.boxes, strict=True))


def stroke(seen: np.ndarray) -> float:
    """Twice the ink over the length of its outline: the width of a stroke."""
    ink = seen / 255.0
    return 2 * ink.sum() / np.hypot(*np.gradient(ink)).sum()


@pytest.mark.parametrize("kind", paper.PAPERS)
def test_digits_are_found_on_every_paper(kind):
    missed = []
    for seed, text in enumerate(("0", "2", "12", "201", "1200", "75A")):
        pen = ("felt", "ballpoint", "marker", "pencil", "felt", "felt")[seed]
        if kind == "hand" and (len(text) > 2 or pen == "pencil"):
            continue  # a sheet held in a room is read from near
        sheet = paper.page(text, kind, np.random.default_rng(seed), pen, (640, 480) if seed % 2 else SMALL)
        page = found(sheet.pixels)
        if not matches(page.glyphs, sheet):
            missed.append((text, pen, [glyph.box for glyph in page.glyphs]))
    assert not missed


@pytest.mark.parametrize("pen", paper.PENS)
@pytest.mark.parametrize("kind", ["white", "blackboard", "sketch"])
def test_all_pens_give_strokes_alike(pen, kind):
    for seed, text in enumerate("012"):
        (glyph,) = found(paper.page(text, kind, np.random.default_rng(seed), pen, SMALL).pixels).glyphs
        assert 1.5 < stroke(glyph.seen) < 3.6


@pytest.mark.parametrize("pen", paper.PENS)
def test_the_hole_of_a_zero_stays_open(pen):
    for seed in range(4):
        (glyph,) = found(paper.page("0", "white", np.random.default_rng(seed), pen, SMALL).pixels).glyphs
        assert ndimage.label(np.pad(glyph.seen < 128, 1))[1] == 2


def test_a_glyph_is_placed_as_mnist_s():
    for seed, text in enumerate("0122754"):
        (glyph,) = found(paper.page(text, "sketch", np.random.default_rng(seed), "felt", SMALL).pixels).glyphs
        ys, xs = np.nonzero(glyph.seen > 127)
        assert 19 <= max(np.ptp(ys), np.ptp(xs)) + 1 <= 21
        for axis in (0, 1):
            mass = glyph.seen.sum(axis, dtype=float)
            assert abs(np.arange(28) @ mass / mass.sum() - 14) < 0.6
        assert glyph.seen.max() == 255 and not glyph.seen[[0, -1]].any() and not glyph.seen[:, [0, -1]].any()


def test_a_glyph_keeps_its_shape():
    pixels = np.full((300, 400), 255, np.uint8)
    pixels[100:200, 180:192] = 0
    (glyph,) = found(pixels).glyphs
    assert glyph.box == pytest.approx((180, 100, 192, 200), abs=2)
    ys, xs = np.nonzero(glyph.seen > 127)
    assert np.ptp(ys) + 1 in (19, 20, 21) and np.ptp(xs) + 1 <= 4


def test_light_on_dark_is_read_as_dark_on_light():
    sheet = paper.page("201", "sketch", np.random.default_rng(3), "felt", SMALL)
    dark, light = (found(pixels).glyphs for pixels in (sheet.pixels, 255 - sheet.pixels))
    for one, other in zip(dark, light, strict=True):
        assert one.box == pytest.approx(other.box, abs=2)
        assert np.abs(one.seen.astype(int) - other.seen).mean() < 4


def test_a_white_drawing_on_nothing_is_found():
    sheet = paper.page("20", "transparent", np.random.default_rng(0), "marker", SMALL)
    pixels = sheet.pixels.copy()
    pixels[..., :3] = 255
    assert matches(found(pixels).glyphs, sheet)


def test_a_broken_stroke_is_one_digit():
    sheet = paper.page("2", "white", np.random.default_rng(5), "felt", SMALL)
    left, top, right, bottom = sheet.boxes[0]
    pixels = sheet.pixels.copy()
    y = round((top + bottom) / 2)
    pixels[y : y + 5] = pixels[:5]
    assert matches(found(pixels).glyphs, sheet)


def test_boxes_are_in_pixels_of_the_upright_original():
    sheet = paper.page("21", "white", np.random.default_rng(1), "felt", (1280, 960))
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(sheet.pixels).rotate(90, expand=True).save(file, "JPEG", exif=exif)
    assert matches(found(images.open(file.getvalue(), longest=640)).glyphs, sheet)


@pytest.mark.parametrize("kind", [kind for kind in paper.PAPERS if kind != "hand"])
def test_blank_paper_holds_nothing(kind):
    for seed in range(3):
        assert not found(paper.page("", kind, np.random.default_rng(seed), size=SMALL).pixels).glyphs


@pytest.mark.parametrize("shape", [(28, 28), (300, 400), (16, 16)])
@pytest.mark.parametrize("grey", [0, 90, 255])
def test_one_colour_holds_nothing(shape, grey):
    assert not found(np.full(shape, grey, np.uint8)).glyphs


def test_noise_holds_nothing():
    for seed in range(3):
        assert not found(np.random.default_rng(seed).integers(0, 256, (300, 400, 3), np.uint8)).glyphs


@pytest.mark.parametrize("shape", [(1, 1), (1, 1000), (1000, 1), (2, 3), (5, 5), (37, 3), (28, 28), (2400, 3200)])
def test_any_shape_is_searched(shape):
    rng = np.random.default_rng(0)
    found(rng.integers(0, 256, (*shape, 3), np.uint8))
    found((255 * (rng.random(shape) > 0.97)).astype(np.uint8))


def test_photographs_are_searched():
    import skimage

    for name in ("chelsea.png", "coffee.png", "astronaut.png", "page.png"):
        found(Path(skimage.__file__).parent / "data" / name)


def test_mnist_s_digits_come_out_nearly_as_they_went_in(monkeypatch):
    monkeypatch.setenv("LOUPE_DATA", os.environ.get("LOUPE_DATA") or str(SETS))
    if not Path(os.environ["LOUPE_DATA"], "mnist/test.parquet").is_file():
        pytest.skip("no data set: LOUPE_DATA names no folder with mnist/test.parquet")
    encoded, _ = data.read(data.find("mnist", "test"))
    overlaps = []
    for content in encoded[:200]:
        picture = images.open(content)
        (glyph,) = found(picture).glyphs
        before, after = picture.pixels[..., 0] > 127, glyph.seen > 127
        overlaps.append((before & after).sum() / (before | after).sum())
    assert np.mean(overlaps) > 0.7
