"""Figures over files of pictures: seeded, clipped only where asked, and over real pairs without added noise."""

import io

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
import skimage.data
from PIL import Image
from scipy.ndimage import convolve

from demos import data, images
from demos.denoiser import compare, demo, evaluate, noise
from demos.denoiser.predict import light


def png(pixels: np.ndarray) -> dict:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return {"bytes": buffer.getvalue(), "path": "picture.png"}


@pytest.fixture(scope="module")
def clean(photograph) -> np.ndarray:
    return images.open(photograph).pixels[60:180, 100:240]


@pytest.fixture
def file(tmp_path, clean):
    """A Parquet file of two pictures, of other shapes."""
    path = tmp_path / "pictures.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"image": [png(clean), png(clean[:, :100])]}), path)
    return path


def test_the_noise_of_a_picture_is_always_the_same_and_of_its_level(clean):
    one, again, other = (evaluate.noised(light(clean), 25, number) for number in (3, 3, 4))
    assert np.array_equal(one, again) and not np.array_equal(one, other)
    assert (one < 0).any() or (one > 1).any()
    assert 255 * (one - light(clean)).std() == pytest.approx(25, rel=0.03)
    clipped = evaluate.noised(light(clean), 25, 3, clip=True)
    assert np.array_equal(clipped, noise.seen(one))


@pytest.mark.parametrize("network", demo.networks)
def test_figures_of_a_file(file, network):
    found = evaluate.figures(network, file, sigma=25, clip=False)
    assert set(found) == {"psnr", "ssim", "psnr_input", "ssim_input"}
    assert found["psnr_input"] == pytest.approx(20.17, abs=0.1)  # 20 log10(255 / 25)
    weaker = evaluate.figures(network, file, sigma=10, clip=False)
    assert weaker["psnr_input"] > found["psnr_input"] + 7


def test_ours_wins_back_what_noise_took(file):
    found = evaluate.figures("denoiser/blind", file, sigma=25, clip=False)
    assert found["psnr"] > found["psnr_input"] + 8 and found["ssim"] > found["ssim_input"]


def test_real_noise_is_measured_against_the_clean_picture(tmp_path, clean):
    noisy = noise.eight_bit(noise.camera(light(clean), 20, np.random.default_rng(0)))
    path = tmp_path / "pairs.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"image": [png(noisy)], "clean": [png(clean)]}), path)
    found = evaluate.figures("denoiser/blind", path, sigma=50, clip=False)
    expected = -10 * np.log10(np.square(light(noisy) - light(clean)).mean())
    assert found["psnr_input"] == pytest.approx(expected, abs=1e-3)
    assert found["psnr"] > found["psnr_input"] and found["ssim"] > found["ssim_input"]


def photographed(scene: np.ndarray, strength: float = 0, rng: np.random.Generator | None = None) -> np.ndarray:
    """Another camera than the one that was trained on, its picture as well made of one colour a place."""
    gains, kernel = np.array([2.0, 1.0, 1.7]), np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]])
    rows, columns = np.indices(scene.shape[:2])
    colours = (rows % 2 + columns % 2)[..., None] == range(3)
    raw = (light(scene) ** 2.2 / gains)[colours].reshape(scene.shape[:2])
    if rng is not None:
        raw = raw + rng.standard_normal(raw.shape) * np.sqrt(0.006 * strength * raw + (0.01 * strength) ** 2)
    sums = [(convolve(raw * places, kernel), convolve(1.0 * places, kernel)) for places in colours.transpose(2, 0, 1)]
    developed = np.stack([gain * total / count for gain, (total, count) in zip(gains, sums, strict=True)], -1)
    return noise.eight_bit(developed.clip(0) ** (1 / 2.2))


@pytest.mark.parametrize("strength", [0.2, 0.5, 2])
@pytest.mark.parametrize("quality", [None, 90])
def test_the_noise_of_a_camera_that_was_not_trained_on_comes_off(tmp_path, strength, quality):
    scenes = [
        images.open(getattr(skimage.data, name)(), longest=400).pixels for name in ("chelsea", "coffee", "rocket")
    ]
    noisy = [photographed(scene, strength, np.random.default_rng(i)) for i, scene in enumerate(scenes)]
    if quality:
        noisy = [noise.eight_bit(noise.jpeg(light(picture), quality)) for picture in noisy]
    path = tmp_path / "pairs.parquet"
    columns = {"image": [png(picture) for picture in noisy], "clean": [png(photographed(scene)) for scene in scenes]}
    pyarrow.parquet.write_table(pyarrow.table(columns), path)
    found = evaluate.figures("denoiser/blind", path, sigma=25, clip=False)
    assert found["psnr"] > found["psnr_input"] and found["ssim"] > found["ssim_input"]


def test_every_vehicle_is_in_one_part_alone():
    try:
        whole = data.read(data.find("vehicles", "train"))[0]
    except data.Absent as error:
        pytest.skip(str(error))
    numbers = sorted(number for part in evaluate.PARTS.values() for number in part)
    assert numbers == list(range(10)) and len(whole) % 2 == 0
    assert all(64 <= min(v.shape[:2]) <= 96 for v in evaluate.vehicles("test"))


@pytest.mark.parametrize("name", compare.OTHERS)
def test_the_other_methods_take_noise_out(clean, name):
    for package in {"BM3D": ["bm3d"], "Wavelet": ["pywt"]}.get(name, []):
        pytest.importorskip(package)
    found = compare.one((name, light(clean)[:96, :96], 25, 0))
    assert found["psnr"] > found["psnr_input"] + 3 and found["seconds"] > 0
