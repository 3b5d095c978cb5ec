"""Figures over files of pictures: seeded, clipped only where asked, and over real pairs without added noise."""

import io
import json
import shutil
import sys

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
import skimage.data
from PIL import Image
from scipy.ndimage import convolve

from demos.denoiser import baselines, camera, demo, evaluate, noise
from demos.denoiser.data import PARTS, add_white_noise, vehicles
from demos.denoiser.pixels import to_float
from demos.shared import data, images
from tests.house import ROOT


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


def test_noise_of_a_picture_is_always_the_same_and_of_its_level(clean):
    one, again, other = (add_white_noise(to_float(clean), 25, number) for number in (3, 3, 4))
    assert np.array_equal(one, again) and not np.array_equal(one, other)
    assert (one < 0).any() or (one > 1).any()
    assert 255 * (one - to_float(clean)).std() == pytest.approx(25, rel=0.03)
    clipped = add_white_noise(to_float(clean), 25, 3, clip=True)
    assert np.array_equal(clipped, noise.clip_and_round(one))


@pytest.mark.parametrize("network", demo.networks)
def test_file_is_measured_at_the_given_sigma(file, network):
    measured = evaluate.measure(network, file, sigma=25, clip=False)
    assert set(measured) == {"psnr", "ssim", "psnr_input", "ssim_input"}
    assert measured["psnr_input"] == pytest.approx(20.17, abs=0.1)  # 20 log10(255 / 25)
    weaker = evaluate.measure(network, file, sigma=10, clip=False)
    assert weaker["psnr_input"] > measured["psnr_input"] + 7


def test_blind_network_raises_psnr_and_ssim(file):
    measured = evaluate.measure("denoiser/blind", file, sigma=25, clip=False)
    assert measured["psnr"] > measured["psnr_input"] + 8 and measured["ssim"] > measured["ssim_input"]


def test_real_noise_is_measured_against_the_clean_picture(tmp_path, clean):
    noisy = noise.to_uint8(camera.develop(to_float(clean), 20, np.random.default_rng(0)))
    path = tmp_path / "pairs.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"image": [png(noisy)], "clean": [png(clean)]}), path)
    measured = evaluate.measure("denoiser/blind", path, sigma=50, clip=False)
    expected = -10 * np.log10(np.square(to_float(noisy) - to_float(clean)).mean())
    assert measured["psnr_input"] == pytest.approx(expected, abs=1e-3)
    assert measured["psnr"] > measured["psnr_input"] and measured["ssim"] > measured["ssim_input"]


def photographed(scene: np.ndarray, strength: float = 0, rng: np.random.Generator | None = None) -> np.ndarray:
    """Another camera than the one that was trained on, its picture as well made of one colour a place."""
    gains, kernel = np.array([2.0, 1.0, 1.7]), np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]])
    rows, columns = np.indices(scene.shape[:2])
    colours = (rows % 2 + columns % 2)[..., None] == range(3)
    raw = (to_float(scene) ** 2.2 / gains)[colours].reshape(scene.shape[:2])
    if rng is not None:
        raw = raw + rng.standard_normal(raw.shape) * np.sqrt(0.006 * strength * raw + (0.01 * strength) ** 2)
    sums = [(convolve(raw * places, kernel), convolve(1.0 * places, kernel)) for places in colours.transpose(2, 0, 1)]
    developed = np.stack([gain * total / count for gain, (total, count) in zip(gains, sums, strict=True)], -1)
    return noise.to_uint8(developed.clip(0) ** (1 / 2.2))


@pytest.mark.parametrize("strength", [0.2, 0.5, 2])
@pytest.mark.parametrize("quality", [None, 90])
def test_noise_of_an_unknown_camera_is_removed(tmp_path, strength, quality):
    scenes = [
        images.open(getattr(skimage.data, name)(), longest=280).pixels for name in ("chelsea", "coffee", "rocket")
    ]
    noisy = [photographed(scene, strength, np.random.default_rng(i)) for i, scene in enumerate(scenes)]
    if quality:
        noisy = [noise.to_uint8(noise.jpeg(to_float(picture), quality)) for picture in noisy]
    path = tmp_path / "pairs.parquet"
    columns = {"image": [png(picture) for picture in noisy], "clean": [png(photographed(scene)) for scene in scenes]}
    pyarrow.parquet.write_table(pyarrow.table(columns), path)
    measured = evaluate.measure("denoiser/blind", path, sigma=25, clip=False)
    assert measured["psnr"] > measured["psnr_input"] and measured["ssim"] > measured["ssim_input"]


def test_every_vehicle_is_in_one_part_alone():
    try:
        whole = data.read(data.find("vehicles", "train"))[0]
    except data.Absent as error:
        pytest.skip(str(error))
    numbers = sorted(number for part in PARTS.values() for number in part)
    assert numbers == list(range(10)) and len(whole) % 2 == 0
    assert all(64 <= min(v.shape[:2]) <= 96 for v in vehicles("test"))


@pytest.mark.parametrize("name", baselines.METHODS)
def test_classical_methods_raise_psnr(clean, name):
    for package in {"BM3D": ["bm3d"], "Wavelet": ["pywt"]}.get(name, []):
        pytest.importorskip(package)
    measured = baselines.score_method((name, to_float(clean)[:96, :96], 25, 0))
    assert measured["psnr"] > measured["psnr_input"] + 3 and measured["seconds"] > 0


def test_recorded_baselines_stand_beside_metrics_that_stay(clean, tmp_path, monkeypatch, capsys):
    shutil.copy(ROOT / "weights/manifest.json", tmp_path)
    before = json.loads((tmp_path / "manifest.json").read_text())["networks"]
    monkeypatch.setenv("LOUPE_WEIGHTS_DIR", str(tmp_path))
    monkeypatch.setattr(baselines, "photographs", lambda: [to_float(clean)[:64, :64]])
    monkeypatch.setattr(baselines, "METHODS", {"Median": baselines.median})
    monkeypatch.setattr(sys, "argv", ["baselines", "--record"])
    baselines.main()
    after = json.loads((tmp_path / "manifest.json").read_text())["networks"]
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    for network in demo.networks:
        assert set(after[network]["timings"]) == {"seconds_15", "seconds_25", "seconds_50"}
        assert after[network]["metrics"] == before[network]["metrics"]
        assert printed[network]["psnr_25"] > printed["Noisy"]["psnr_25"]
    assert after[demo.networks[0]]["baselines"] == {name: printed[name] for name in ("Noisy", "Median")}
    assert printed["Median"]["psnr_50"] > printed["Noisy"]["psnr_50"] and printed["Median"]["seconds_15"] > 0
