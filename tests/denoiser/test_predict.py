"""A picture on its way through the network, tile by tile."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import weights
from demos.denoiser import noise, predict
from demos.denoiser.pixels import center_crop, from_float, is_grey, rms_difference, to_float
from demos.denoiser.predict import Answer, split_length
from demos.shared import images, metrics


@pytest.fixture(scope="module")
def clean(photograph) -> np.ndarray:
    return images.open(photograph).pixels[:200, 100:340]


@pytest.fixture(scope="module")
def noisy(clean) -> np.ndarray:
    return noise.to_uint8(noise.gaussian(to_float(clean), 25, np.random.default_rng(0)))


def test_noise_is_removed_and_its_sigma_estimated(clean, noisy):
    answer = predict.predict(noisy)
    before, after = (metrics.psnr(to_float(pixels), to_float(clean)) for pixels in (noisy, answer.pixels))
    assert after > before + 8
    assert answer.noise_sigma == pytest.approx(25, abs=3) and answer.milliseconds > 0
    assert answer.pixels.dtype == np.uint8 and answer.alpha is None


def test_clean_picture_comes_out_nearly_as_it_went_in(clean):
    answer = predict.predict(clean)
    assert metrics.psnr(to_float(answer.pixels), to_float(clean)) > 38
    assert answer.noise_sigma < 4


def test_picture_upside_down_gets_the_same_answer(noisy):
    answer = predict.predict(noisy).pixels.astype(int)
    assert np.abs(predict.predict(noisy[::-1, ::-1]).pixels[::-1, ::-1] - answer).max() <= 1


@pytest.mark.parametrize("shape", [(1, 1), (1, 90), (70, 3), (33, 31), (64, 66)])
def test_picture_of_any_size_keeps_it(shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    answer = predict.predict(pixels)
    assert answer.pixels.shape == pixels.shape and (answer.height, answer.width) == shape


def test_tiles_leave_no_seam(noisy, monkeypatch):
    whole = predict.predict(noisy).pixels.astype(int)
    monkeypatch.setattr(predict, "CORE", 64)
    tiled = predict.predict(noisy).pixels.astype(int)
    assert len(split_length(200)) > 3 and np.abs(tiled - whole).max() <= 1


@given(st.integers(1, 10_000))
def test_stretches_cover_a_length_once_and_are_of_bounded_size(length):
    stretches = split_length(length)
    assert stretches[0][0] == 0 and stretches[-1][1] == length
    assert all(end == start for (_, end), (start, _) in zip(stretches, stretches[1:], strict=False))
    assert all(0 < end - start <= predict.CORE + predict.STEP for start, end in stretches)
    assert all(start % predict.STEP == 0 for start, _ in stretches)


def test_denoise_steps_yield_every_tile(noisy, monkeypatch):
    monkeypatch.setattr(predict, "CORE", 64)
    *steps, answer = predict.denoise_steps(images.open(noisy))
    assert steps == [(done, 16) for done in range(1, 17)] and isinstance(answer, Answer)


def test_grey_stays_grey(noisy):
    grey = np.repeat(noisy[..., :1], 3, axis=-1)
    assert is_grey(predict.predict(grey).pixels) and not is_grey(predict.predict(noisy).pixels)


def test_transparency_and_the_colours_beneath_it_stay(noisy):
    alpha = np.tile(np.arange(240, dtype=np.uint8), (200, 1))
    answer = predict.predict(images.png(noisy, alpha))
    assert np.array_equal(answer.alpha, alpha) and np.array_equal(answer.pixels, predict.predict(noisy).pixels)
    assert np.array_equal(images.open(answer.png()).alpha, alpha)


def test_16_bits_in_are_16_bits_out_without_banding():
    ramp = np.repeat(np.linspace(0.2, 0.3, 256)[None, :, None], 64, axis=0).repeat(3, axis=2)
    deep = np.rint(65535 * ramp).astype(np.uint16)
    deep[::2] += np.random.default_rng(0).integers(0, 500, deep[::2].shape, np.uint16)
    answer = predict.predict(images.png(deep))
    assert answer.pixels.dtype == np.uint16
    assert len(np.unique(answer.pixels[32, :, 0])) > 200  # an 8-bit file has 26 levels for it
    stored = images.open(answer.png(), exact=True).pixels
    assert np.array_equal(stored, answer.pixels)


@pytest.mark.parametrize("strength", [0, 0.3, 1, 5])
def test_strength_is_the_share_of_noise_that_is_removed(noisy, strength):
    whole = predict.predict(noisy)
    mixed = predict.predict(noisy, strength)
    share = min(1, strength)
    expected = noisy + share * (whole.pixels.astype(float) - noisy)
    assert np.abs(mixed.pixels - expected).max() <= 0.51
    assert mixed.noise_sigma == whole.noise_sigma


def test_blending_runs_no_network(noisy, monkeypatch):
    picture = images.open(noisy)
    answer = predict.predict(picture)
    monkeypatch.setattr(weights, "load", None)
    assert np.array_equal(predict.blend(picture, answer, 0).pixels, noisy)


def test_turned_picture_comes_back_upright_without_orientation(noisy):
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    Image.fromarray(noisy).save(buffer, "JPEG", exif=exif)
    answer = predict.predict(buffer.getvalue())
    assert (answer.width, answer.height) == (200, 240)
    assert Image.open(io.BytesIO(answer.png())).size == (200, 240)


def test_too_large_picture_is_refused_with_the_remedy(monkeypatch):
    monkeypatch.setattr(predict, "LARGEST", 100)
    with pytest.raises(images.PictureError, match="smaller"):
        predict.predict(np.zeros((11, 10, 3), np.uint8))


@pytest.mark.parametrize("kind", noise.KINDS)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_noise_of_every_kind_grows_with_strength_and_keeps_grey(clean, kind, dtype):
    picture = images.Picture(from_float(to_float(clean), dtype), None, (240, 200))
    weak, strong = (
        rms_difference(predict.add_noise(picture, kind, strength, np.random.default_rng(0)).pixels, picture.pixels)
        for strength in (5, 50)
    )
    assert 0 < weak < strong
    grey = images.Picture(np.repeat(picture.pixels[..., :1], 3, axis=-1), None, (240, 200))
    assert is_grey(predict.add_noise(grey, kind, 20, np.random.default_rng(0)).pixels)


def test_scores_are_psnr_and_ssim_of_the_metrics(clean, noisy):
    scores = predict.score(clean, noisy, clean)
    assert scores["psnr"] == 100 and scores["ssim"] == pytest.approx(1)
    assert scores["psnr_input"] == pytest.approx(metrics.psnr(to_float(noisy), to_float(clean)), abs=1e-3)
    assert scores["ssim_input"] == pytest.approx(metrics.ssim(to_float(noisy), to_float(clean)))
    assert "ssim" not in predict.score(clean[:10], noisy[:10], clean[:10])


def test_residual_is_grey_where_nothing_was_removed(noisy):
    nothing = predict.residual(noisy, noisy)
    assert nothing.dtype == np.uint8 and np.abs(nothing.astype(int) - 128).max() <= 1
    less = np.maximum(noisy, 10) - 10
    assert predict.residual(np.maximum(noisy, 10), less).mean() == pytest.approx(148, abs=1)


@pytest.mark.parametrize("shape", [(200, 240), (64, 64), (10, 300), (1, 1)])
def test_closeups_of_any_picture_have_64_pixels_a_side(shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    close = predict.crop_closeups(pixels, pixels, pixels)
    assert all(window.shape == (64, 64, 3) and window.dtype == np.uint8 for window in close.values())
    assert np.array_equal(close["noisy"], close["blind"]) and "clean" in close


@pytest.mark.parametrize("shape", [(64, 64), (100, 49), (5, 130)])
def test_autoencoder_covers_pictures_of_any_size(shape):
    model = weights.load("denoiser/autoencoder")
    given = np.random.default_rng(0).random((*shape, 3), np.float32)
    restored = predict.reconstruct(model, given)
    assert restored.shape == given.shape and 0 <= restored.min() <= restored.max() <= 1


def test_center_crop_is_the_middle_and_mirrors_what_is_too_small():
    pixels = np.arange(5 * 8 * 3, dtype=np.float32).reshape(5, 8, 3)
    assert np.array_equal(center_crop(pixels, 4), pixels[:4, 2:6])
    mirrored = center_crop(pixels, 8)
    assert np.array_equal(mirrored, np.pad(pixels, ((1, 2), (0, 0), (0, 0)), "symmetric"))
