"""A picture on its way through the network, tile by tile."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import weights
from demos import images, metrics
from demos.denoiser import noise, predict
from demos.denoiser.predict import Answer, blended, denoise, light, stretches


@pytest.fixture(scope="module")
def clean(photograph) -> np.ndarray:
    return images.open(photograph).pixels[:200, 100:340]


@pytest.fixture(scope="module")
def noisy(clean) -> np.ndarray:
    return noise.eight_bit(noise.gaussian(light(clean), 25, np.random.default_rng(0)))


def test_noise_is_taken_out_and_its_level_found(clean, noisy):
    answer = denoise(noisy)
    before, after = (metrics.psnr(light(pixels), light(clean)) for pixels in (noisy, answer.pixels))
    assert after > before + 8
    assert answer.noise_sigma == pytest.approx(25, abs=3) and answer.milliseconds > 0
    assert answer.pixels.dtype == np.uint8 and answer.alpha is None


def test_a_clean_picture_comes_out_nearly_as_it_went_in(clean):
    answer = denoise(clean)
    assert metrics.psnr(light(answer.pixels), light(clean)) > 38
    assert answer.noise_sigma < 4


def test_a_picture_gets_the_same_answer_upside_down(noisy):
    answer = denoise(noisy).pixels.astype(int)
    assert np.abs(denoise(noisy[::-1, ::-1]).pixels[::-1, ::-1] - answer).max() <= 1


@pytest.mark.parametrize("shape", [(1, 1), (1, 90), (70, 3), (33, 31), (64, 66)])
def test_the_size_is_kept_to_the_pixel(shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    answer = denoise(pixels)
    assert answer.pixels.shape == pixels.shape and (answer.height, answer.width) == shape


def test_no_seam_can_be_seen_between_tiles(noisy, monkeypatch):
    whole = denoise(noisy).pixels.astype(int)
    monkeypatch.setattr(predict, "CORE", 64)
    tiled = denoise(noisy).pixels.astype(int)
    assert len(stretches(200)) > 3 and np.abs(tiled - whole).max() <= 1


@given(st.integers(1, 10_000))
def test_tiles_cover_a_length_once_and_are_of_bounded_size(length):
    found = stretches(length)
    assert found[0][0] == 0 and found[-1][1] == length
    assert all(end == start for (_, end), (start, _) in zip(found, found[1:], strict=False))
    assert all(0 < end - start <= predict.CORE + predict.STEP for start, end in found)
    assert all(start % predict.STEP == 0 for start, _ in found)


def test_every_tile_is_said(noisy, monkeypatch):
    monkeypatch.setattr(predict, "CORE", 64)
    *said, answer = predict.steps(images.open(noisy))
    assert said == [(done, 16) for done in range(1, 17)] and isinstance(answer, Answer)


def test_grey_stays_grey(noisy):
    grey = np.repeat(noisy[..., :1], 3, axis=-1)
    assert predict.is_grey(denoise(grey).pixels) and not predict.is_grey(denoise(noisy).pixels)


def test_transparency_and_the_colours_beneath_it_are_kept(noisy):
    alpha = np.tile(np.arange(240, dtype=np.uint8), (200, 1))
    answer = denoise(images.png(noisy, alpha))
    assert np.array_equal(answer.alpha, alpha) and np.array_equal(answer.pixels, denoise(noisy).pixels)
    assert np.array_equal(images.open(answer.png()).alpha, alpha)


def test_16_bits_in_are_16_bits_out_without_banding():
    ramp = np.repeat(np.linspace(0.2, 0.3, 256)[None, :, None], 64, axis=0).repeat(3, axis=2)
    deep = np.rint(65535 * ramp).astype(np.uint16)
    deep[::2] += np.random.default_rng(0).integers(0, 500, deep[::2].shape, np.uint16)
    answer = denoise(images.png(deep))
    assert answer.pixels.dtype == np.uint16
    assert len(np.unique(answer.pixels[32, :, 0])) > 200  # an 8-bit file has 26 levels for it
    stored = images.open(answer.png(), exact=True).pixels
    assert np.array_equal(stored, answer.pixels)


@pytest.mark.parametrize("strength", [0, 0.3, 1, 5])
def test_strength_is_the_share_of_the_noise_that_is_taken_out(noisy, strength):
    whole = denoise(noisy)
    mixed = denoise(noisy, strength)
    share = min(1, strength)
    expected = noisy + share * (whole.pixels.astype(float) - noisy)
    assert np.abs(mixed.pixels - expected).max() <= 0.51
    assert mixed.noise_sigma == whole.noise_sigma


def test_blending_does_not_ask_the_network_again(noisy, monkeypatch):
    picture = images.open(noisy)
    answer = denoise(picture)
    monkeypatch.setattr(weights, "load", None)
    assert np.array_equal(blended(picture, answer, 0).pixels, noisy)


def test_a_picture_is_upright_and_its_file_has_no_orientation_left(noisy):
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    Image.fromarray(noisy).save(buffer, "JPEG", exif=exif)
    answer = denoise(buffer.getvalue())
    assert (answer.width, answer.height) == (200, 240)
    assert Image.open(io.BytesIO(answer.png())).size == (200, 240)


def test_a_picture_that_takes_too_long_is_refused_with_the_remedy(monkeypatch):
    monkeypatch.setattr(predict, "LARGEST", 100)
    with pytest.raises(images.PictureError, match="smaller"):
        denoise(np.zeros((11, 10, 3), np.uint8))


@pytest.mark.parametrize("kind", noise.KINDS)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_noise_of_every_kind_can_be_added_to_every_picture(clean, kind, dtype):
    picture = images.Picture(predict.levels(light(clean), dtype), None, (240, 200))
    weak, strong = (
        predict.deviation(
            predict.with_noise(picture, kind, strength, np.random.default_rng(0)).pixels, picture.pixels
        )
        for strength in (5, 50)
    )
    assert 0 < weak < strong
    grey = images.Picture(np.repeat(picture.pixels[..., :1], 3, axis=-1), None, (240, 200))
    assert predict.is_grey(predict.with_noise(grey, kind, 20, np.random.default_rng(0)).pixels)


def test_scores_are_those_of_the_field(clean, noisy):
    found = predict.scores(clean, noisy, clean)
    assert found["psnr"] == 100 and found["ssim"] == pytest.approx(1)
    assert found["psnr_input"] == pytest.approx(metrics.psnr(light(noisy), light(clean)), abs=1e-3)
    assert found["ssim_input"] == pytest.approx(metrics.ssim(light(noisy), light(clean)))
    assert "ssim" not in predict.scores(clean[:10], noisy[:10], clean[:10])


def test_the_residual_is_grey_where_nothing_was_taken_out(noisy):
    nothing = predict.residual(noisy, noisy)
    assert nothing.dtype == np.uint8 and np.abs(nothing.astype(int) - 128).max() <= 1
    less = np.maximum(noisy, 10) - 10
    assert predict.residual(np.maximum(noisy, 10), less).mean() == pytest.approx(148, abs=1)


@pytest.mark.parametrize("shape", [(200, 240), (64, 64), (10, 300), (1, 1)])
def test_the_closeup_is_of_what_the_autoencoder_sees(shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    close = predict.closeup(pixels, pixels, pixels)
    assert all(window.shape == (64, 64, 3) and window.dtype == np.uint8 for window in close.values())
    assert np.array_equal(close["noisy"], close["blind"]) and "clean" in close


@pytest.mark.parametrize("shape", [(64, 64), (100, 49), (5, 130)])
def test_the_autoencoder_covers_pictures_of_any_size(shape):
    model = weights.load("denoiser/autoencoder")
    given = np.random.default_rng(0).random((*shape, 3), np.float32)
    restored = predict.reconstruct(model, given)
    assert restored.shape == given.shape and 0 <= restored.min() <= restored.max() <= 1
