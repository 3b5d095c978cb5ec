"""A photograph painted in a style, through the served files."""

import io
import subprocess
import sys
import threading

import numpy as np
import pytest
from PIL import ExifTags, Image

import weights
from demos.shared import images, metrics, work
from demos.style import paint, painter
from demos.style.predict import transfer
from demos.style.shelf import open_looks
from tests.house import ROOT


@pytest.fixture(scope="module")
def style() -> np.ndarray:
    gallery, looks = open_looks()
    return gallery.pixels(looks[0])


@pytest.fixture(scope="module")
def code(style) -> np.ndarray:
    return paint.describe_style(style)


@pytest.fixture(scope="module")
def small(photograph) -> images.Picture:
    return paint.open_photograph(images.open(photograph).pixels[:202, 60:330])


def distance(pixels: np.ndarray, other: np.ndarray) -> float:
    return np.abs(pixels.astype(float) - other).mean()


def test_picture_keeps_its_size_and_gets_the_style(photograph, style):
    painting = transfer(photograph, style)
    original = images.open(photograph).pixels
    assert painting.pixels.shape == original.shape and painting.pixels.dtype == np.uint8 and painting.alpha is None
    assert distance(painting.pixels, original) > 5 and painting.milliseconds > 0
    assert images.open(painting.png()).pixels.shape == original.shape


@pytest.mark.parametrize("shape", [(1, 1), (1, 90), (70, 3), (33, 131)])
def test_picture_of_any_size_keeps_it(shape, style):
    assert transfer(np.zeros((*shape, 3), np.uint8), style).pixels.shape == (*shape, 3)


def test_tiles_leave_no_seam(small, code, monkeypatch):
    whole = paint.paint(small, code).pixels.astype(int)
    monkeypatch.setattr(painter, "CORE", 64)
    *steps, tiled = paint.paint_steps(small, code)
    assert [step[:2] for step in steps] == [(done, 20) for done in range(1, 21)]
    assert np.abs(tiled.pixels - whole).max() <= 1


def test_strength_goes_from_the_photograph_to_the_style(small, code):
    paintings = [paint.paint(small, code, strength).pixels for strength in (0, 0.1, 0.25, 0.5, 0.75, 1)]
    assert metrics.psnr(painter.to_float(paintings[0]), painter.to_float(small.pixels)) >= 35
    away = [distance(pixels, small.pixels) for pixels in paintings]
    assert away == sorted(away) and away[-1] > away[1]
    towards = [distance(pixels, paintings[-1]) for pixels in paintings]
    assert towards == sorted(towards, reverse=True)


def test_colours_of_the_photograph_can_be_kept(small, style):
    painted, kept = (transfer(small.pixels, style, keep_colors=keep).pixels for keep in (False, True))
    assert np.array_equal(kept, painter.keep_colours(small.pixels, painted)) and not np.array_equal(kept, painted)


def test_mix_of_two_styles_ends_at_each(small, code):
    other = paint.describe_style(np.random.default_rng(0).integers(0, 256, (100, 100, 3), np.uint8))
    first, second = (paint.paint(small, one).pixels for one in (code, other))
    for share, expected in ((0, first), (1, second)):
        assert np.abs(paint.paint(small, paint.mix(code, other, share)).pixels - expected.astype(int)).max() <= 1
    middle = paint.paint(small, paint.mix(code, other, 0.5)).pixels
    assert max(distance(middle, first), distance(middle, second)) < distance(first, second)


def test_size_of_the_style_is_the_scale_at_which_it_is_looked_at(style):
    half = painter.resize(style, 0.5)
    assert np.array_equal(paint.describe_style(half, 0.5), paint.codes.find(painter.resize(half, 128 / len(half))))
    assert not np.allclose(paint.describe_style(style, 0.5), paint.describe_style(style, 2))


def test_strokes_of_a_large_photograph_are_as_large_as_those_of_its_quick_painting(small, style, monkeypatch):
    height, width = small.pixels.shape[:2]
    monkeypatch.setattr(paint, "QUICK", height * width / 4)
    painted = transfer(small.pixels, style).pixels
    assert np.array_equal(painted, paint.paint(small, paint.describe_style(style, 2)).pixels)


def test_no_picture_is_described_twice(style, monkeypatch):
    codes, asked = paint.Codes(2), []
    load = weights.load
    monkeypatch.setattr(weights, "load", lambda name: asked.append(name) or load(name))
    monkeypatch.setattr(paint, "describable", lambda pixels: asked.append("described") or painter.describable(pixels))
    one, other, third = style, style[::-1], style[:, ::-1]
    assert np.array_equal(codes.find(one), codes.find(one.copy()))
    assert asked.count("described") == 1
    for picture in (other, third, one):
        codes.find(picture)
    assert asked.count("described") == 4 and len(codes) == 2


def test_codes_are_let_go_that_nobody_uses(style):
    codes = paint.Codes(seconds=-1)
    assert codes.find(style).shape == tuple(weights.manifest().networks[paint.DESCRIBER].outputs["code"].shape[1:])
    assert not len(codes)


def test_transparency_stays_in_the_file(photograph, style):
    picture = Image.open(photograph).convert("RGB").resize((120, 80))
    alpha = Image.linear_gradient("L").resize((120, 80))
    picture.putalpha(alpha)
    file = io.BytesIO()
    picture.save(file, "PNG")
    saved = images.open(transfer(file.getvalue(), style).png(), exact=True)
    assert np.array_equal(saved.alpha, np.asarray(alpha))


def test_16_bits_are_painted_as_8(photograph, style):
    pixels = images.open(photograph).pixels[:64, :64]
    painted = transfer(pixels * np.uint16(257), style).pixels
    assert np.array_equal(painted, transfer(pixels, style).pixels)


def test_larger_photograph_is_reduced(monkeypatch):
    monkeypatch.setattr(paint, "LARGEST", 10_000)
    pixels = np.zeros((300, 1200, 3), np.uint8)
    photograph = paint.open_photograph(pixels, paint.LARGEST)
    assert photograph.pixels.shape == (50, 200, 3) and photograph.size == (1200, 300)


@pytest.mark.parametrize("turned", [False, True])
def test_photograph_of_a_phone_is_decoded_as_small_as_it_is_painted(photograph, turned):
    large = Image.open(photograph).convert("RGB").resize((2400, 1600), Image.Resampling.BICUBIC)
    exif, file = Image.Exif(), io.BytesIO()
    exif[ExifTags.Base.Orientation] = 6 if turned else 1
    large.save(file, "JPEG", quality=95, exif=exif)
    small = paint.open_photograph(file.getvalue(), 60_000)
    whole = paint.reduce(images.open(file.getvalue(), longest=2400), 60_000)
    assert small.size == whole.size == ((1600, 2400) if turned else (2400, 1600))
    assert small.pixels.shape == whole.pixels.shape == ((300, 200, 3) if turned else (200, 300, 3))
    assert np.abs(small.pixels.astype(float) - whole.pixels).mean() < 2


@pytest.mark.parametrize("wrong", [b"no picture", b"", None])
def test_wrong_picture_is_a_sentence(wrong, style, photograph):
    with pytest.raises(images.PictureError):
        transfer(wrong, style)
    with pytest.raises(images.PictureError):
        transfer(photograph, wrong)


def test_work_that_nobody_waits_for_ends(small, code, monkeypatch):
    monkeypatch.setattr(painter, "CORE", 64)
    job, done = work.Job(), []
    with job.begin(), pytest.raises(work.Abandoned):
        for step in paint.paint_steps(small, code):
            done.append(step)
            job.is_wanted = lambda: False
    assert len(done) == 1 and 0 < job.share < 1


def test_several_visitors_get_what_each_gets_alone(small, code):
    expected, found = paint.paint(small, code).pixels, []
    threads = [threading.Thread(target=lambda: found.append(paint.paint(small, code).pixels)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(pixels, expected) for pixels in found)


MEMORY = """
import resource, sys
import numpy as np
from demos.shared import images
from demos.style import paint

style = paint.describe_style(np.random.default_rng(0).integers(0, 256, (256, 256, 3), np.uint8))
for side in map(int, sys.argv[1:]):
    for step in paint.paint_steps(images.Picture(np.zeros((side, 800, 3), np.uint8), None, (800, side)), style):
        pass
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_photograph_but_by_its_pixels():
    ran = subprocess.run([sys.executable, "-c", MEMORY, "700", "2400"], cwd=ROOT, capture_output=True, text=True)
    once, thrice = (1024 * int(line) for line in ran.stdout.split())
    assert thrice - once < 6 * 1700 * 800 * 3  # copies of the pixels


def spectrum(pixels: np.ndarray) -> np.ndarray:
    """The amplitude at each frequency, of the luminance, float (H, W)."""
    values = pixels.astype(float) @ painter.LUMINANCE
    return np.abs(np.fft.fft2(values - values.mean())) / values.size


@pytest.mark.parametrize("grey", [40, 128, 220])
def test_flat_photograph_gets_no_checkerboard_and_no_frame(grey, code):
    pixels = paint.paint(images.Picture(np.full((96, 96, 3), grey, np.uint8), None, (96, 96)), code).pixels
    amplitude = spectrum(pixels)
    for period in (2, 4):  # pixels of a grid that enlarging by two would leave
        step = 96 // period
        assert amplitude[step::step].max(initial=0) < 0.5 and amplitude[:, step::step].max(initial=0) < 0.5
    middle, border = (
        pixels[16:80, 16:80].astype(float),
        np.concatenate([pixels[:2].reshape(-1, 3), pixels[-2:, :].reshape(-1, 3)]),
    )
    assert np.abs(border - middle.mean((0, 1))).max() <= np.abs(middle - middle.mean((0, 1))).max() + 2
