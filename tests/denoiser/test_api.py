"""The endpoint, asked over the network as the page says that one can: a picture in, a picture back."""

import io
import shutil
import sys
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from demos.denoiser.predict import predict
from demos.shared import images
from tests import serving


@pytest.fixture(scope="module")
def folder(tmp_path_factory, photograph):
    """Where somebody copies the examples to: it holds noisy.jpg."""
    folder = tmp_path_factory.mktemp("examples")
    Image.open(photograph).convert("RGB").crop((100, 0, 340, 200)).save(folder / "noisy.jpg", quality=30)
    return folder


def same(file, expected) -> None:
    assert np.abs(images.open(file).pixels.astype(int) - expected.pixels).max() <= 1


@pytest.mark.parametrize("strength", [1.0, 0.25])
def test_a_picture_comes_back_denoised(server, folder, strength):
    file = serving.upload(server.url, (folder / "noisy.jpg").read_bytes())
    event, (answer,) = serving.call(server.url, "denoiser", file, strength)
    assert event == "complete"
    stored = httpx.get(f"{server.url}/gradio_api/file={answer['path']}").content
    same(stored, predict(folder / "noisy.jpg", strength))
    assert Image.open(io.BytesIO(stored)).format == "PNG"


def test_a_bad_picture_is_one_sentence(server):
    event, answer = serving.call(server.url, "denoiser", serving.upload(server.url, b"not a picture"), 1.0)
    assert event == "error" and answer["error"] == images.UNKNOWN


def test_the_python_example_runs_as_printed(server, folder):
    printed = serving.run([sys.executable, "-c", serving.snippets(server.url, "denoiser")["Python"]], folder)
    same(Path(printed.splitlines()[-1]), predict(folder / "noisy.jpg"))


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="the HTTP example needs curl")
def test_the_http_example_runs_as_printed(server, folder):
    serving.run(["bash", "-c", serving.snippets(server.url, "denoiser")["HTTP"]], folder)
    same(folder / "denoiser.png", predict(folder / "noisy.jpg"))
