"""Figures over files of pictures: seeded, clipped only where asked, and over real pairs without added noise."""

import io

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
from PIL import Image

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
