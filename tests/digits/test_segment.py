"""The digits in a picture: all of them, nothing else, redrawn as MNIST has them."""

import io
import os
from pathlib import Path

import numpy as np
import pytest
import skimage
from PIL import Image
from scipy import ndimage

from demos.digits.segment import MOST, TINY, Glyph, Page, segment
from demos.shared import data, images
from tests.digits import paper

SMALL = (480, 360)


def segment_checked(pixels) -> Page:
    page = segment(pixels if isinstance(pixels, images.Picture) else images.open(pixels, longest=1024))
    assert len(page.glyphs) <= MOST and list(page.steps)
    for picture in page.steps.values():
        assert picture.dtype == np.uint8 and picture.ndim == 2 and max(picture.shape) <= 480
    for glyph in page.glyphs:
        assert glyph.pixels.shape == (28, 28) and glyph.pixels.dtype == np.uint8
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


def stroke_width(glyph: np.ndarray) -> float:
    """Twice the ink over the length of its outline: the width of a stroke."""
    ink = glyph / 255.0
    return 2 * ink.sum() / np.hypot(*np.gradient(ink)).sum()


@pytest.mark.parametrize("kind", paper.PAPERS)
def test_digits_are_found_on_every_paper(kind):
    missed = []
    for seed, text in enumerate(("0", "2", "12", "201", "1200", "75A")):
        pen = ("felt", "ballpoint", "marker", "pencil", "felt", "felt")[seed]
        if kind == "hand" and (len(text) > 2 or pen == "pencil"):
            continue  # a sheet held in a room is read from near
        sheet = paper.page(text, kind, np.random.default_rng(seed), pen, (640, 480) if seed % 2 else SMALL)
        page = segment_checked(sheet.pixels)
        if not matches(page.glyphs, sheet):
            missed.append((text, pen, [glyph.box for glyph in page.glyphs]))
    assert not missed


@pytest.mark.parametrize("pen", paper.PENS)
@pytest.mark.parametrize("kind", ["white", "blackboard", "sketch"])
def test_strokes_of_all_pens_get_one_width(pen, kind):
    for seed, text in enumerate("012"):
        (glyph,) = segment_checked(paper.page(text, kind, np.random.default_rng(seed), pen, SMALL).pixels).glyphs
        assert 1.5 < stroke_width(glyph.pixels) < 3.6


@pytest.mark.parametrize("pen", paper.PENS)
def test_hole_of_a_zero_stays_open(pen):
    for seed in range(4):
        (glyph,) = segment_checked(paper.page("0", "white", np.random.default_rng(seed), pen, SMALL).pixels).glyphs
        assert ndimage.label(np.pad(glyph.pixels < 128, 1))[1] == 2


def test_glyph_is_placed_as_in_mnist():
    for seed, text in enumerate("0122754"):
        (glyph,) = segment_checked(paper.page(text, "sketch", np.random.default_rng(seed), "felt", SMALL).pixels).glyphs
        ys, xs = np.nonzero(glyph.pixels > 127)
        assert 19 <= max(np.ptp(ys), np.ptp(xs)) + 1 <= 21
        for axis in (0, 1):
            mass = glyph.pixels.sum(axis, dtype=float)
            assert abs(np.arange(28) @ mass / mass.sum() - 14) < 0.6
        assert glyph.pixels.max() == 255 and not glyph.pixels[[0, -1]].any() and not glyph.pixels[:, [0, -1]].any()


def test_glyph_of_a_bar_keeps_its_shape():
    pixels = np.full((300, 400), 255, np.uint8)
    pixels[100:200, 180:192] = 0
    (glyph,) = segment_checked(pixels).glyphs
    assert glyph.box == pytest.approx((180, 100, 192, 200), abs=2)
    ys, xs = np.nonzero(glyph.pixels > 127)
    assert np.ptp(ys) + 1 in (19, 20, 21) and np.ptp(xs) + 1 <= 4


def test_light_on_dark_gives_the_glyphs_of_dark_on_light():
    sheet = paper.page("201", "sketch", np.random.default_rng(3), "felt", SMALL)
    dark, light = (segment_checked(pixels).glyphs for pixels in (sheet.pixels, 255 - sheet.pixels))
    for one, other in zip(dark, light, strict=True):
        assert one.box == pytest.approx(other.box, abs=2)
        assert np.abs(one.pixels.astype(int) - other.pixels).mean() < 4


def test_white_drawing_on_transparency_is_found():
    sheet = paper.page("20", "transparent", np.random.default_rng(0), "marker", SMALL)
    pixels = sheet.pixels.copy()
    pixels[..., :3] = 255
    assert matches(segment_checked(pixels).glyphs, sheet)


def test_broken_stroke_is_one_digit():
    sheet = paper.page("2", "white", np.random.default_rng(5), "felt", SMALL)
    left, top, right, bottom = sheet.boxes[0]
    pixels = sheet.pixels.copy()
    y = round((top + bottom) / 2)
    pixels[y : y + 5] = pixels[:5]
    assert matches(segment_checked(pixels).glyphs, sheet)


def test_boxes_of_a_turned_picture_are_in_pixels_of_the_upright_original():
    sheet = paper.page("21", "white", np.random.default_rng(1), "felt", (1280, 960))
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(sheet.pixels).rotate(90, expand=True).save(file, "JPEG", exif=exif)
    assert matches(segment_checked(images.open(file.getvalue(), longest=640)).glyphs, sheet)


@pytest.mark.parametrize("kind", [kind for kind in paper.PAPERS if kind != "hand"])
def test_blank_paper_has_no_glyph(kind):
    for seed in range(3):
        assert not segment_checked(paper.page("", kind, np.random.default_rng(seed), size=SMALL).pixels).glyphs


@pytest.mark.parametrize("shape", [(28, 28), (300, 400), (16, 16)])
@pytest.mark.parametrize("grey", [0, 90, 255])
def test_single_colour_has_no_glyph(shape, grey):
    assert not segment_checked(np.full(shape, grey, np.uint8)).glyphs


def test_noise_has_no_glyph():
    for seed in range(3):
        assert not segment_checked(np.random.default_rng(seed).integers(0, 256, (300, 400, 3), np.uint8)).glyphs


SHAPES = [(1, 1), (1, 1000), (1000, 1), (2, 3), (5, 5), (37, 3), (28, 28), (2400, 3200)]


@pytest.mark.parametrize("shape", SHAPES)
def test_noise_and_specks_of_any_shape_have_no_glyph(shape):
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (*shape, 3), np.uint8)
    specks = (255 * (rng.random(shape) > 0.97)).astype(np.uint8)
    assert not segment_checked(noise).glyphs
    # A picture as small as MNIST's is one digit already, whatever it shows.
    is_one_digit = max(shape) <= TINY and specks.any()
    assert len(segment_checked(specks).glyphs) == is_one_digit


@pytest.mark.parametrize("shape", [(28, 28), (36, 20), (37, 37), (60, 1000), (1000, 60), (2400, 3200)])
def test_stroke_in_a_picture_of_any_shape_is_found(shape):
    height, width = shape
    long, thick = 0.65 * min(shape), 0.1 * min(shape)
    edges = width - thick, height - long, width + thick, height + long
    box = [round(edge / 2) for edge in edges]
    pixels = np.full(shape, 255, np.uint8)
    pixels[box[1] : box[3], box[0] : box[2]] = 0
    (glyph,) = segment_checked(pixels).glyphs
    assert glyph.box == pytest.approx(box, abs=max(2, max(shape) / 400))
    ys, xs = np.nonzero(glyph.pixels > 127)
    assert 19 <= np.ptp(ys) + 1 <= 21 and np.ptp(xs) + 1 <= 4


@pytest.mark.parametrize("name, count", [("chelsea", 0), ("coffee", 0), ("astronaut", 0), ("page", 38)])
def test_photographs_have_no_glyph_and_a_printed_page_many(name, count):
    page = segment_checked(Path(skimage.__file__).parent / f"data/{name}.png")
    assert len(page.glyphs) == count
    middles = np.array([(glyph.box[1] + glyph.box[3]) / 2 for glyph in page.glyphs])
    assert (np.diff(middles) >= -5).all()  # row by row
    for one, other in zip(page.glyphs, page.glyphs[1:], strict=False):
        assert other.box[0] >= one.box[2] - 2 or other.box[1] > one.box[1] + 5  # to the right, or in a lower row


def test_mnist_digits_come_out_nearly_as_they_went_in():
    if not Path(os.environ.get("LOUPE_DATA", ""), "mnist/test.parquet").is_file():
        pytest.skip("no data set: LOUPE_DATA names no folder with mnist/test.parquet")
    encoded, _ = data.read(data.find("mnist", "test"))
    overlaps = []
    for content in encoded[:200]:
        picture = images.open(content)
        (glyph,) = segment_checked(picture).glyphs
        before, after = picture.pixels[..., 0] > 127, glyph.pixels > 127
        overlaps.append((before & after).sum() / (before | after).sum())
    assert np.mean(overlaps) > 0.7
