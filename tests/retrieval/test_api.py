"""The endpoint, asked over the network as the page says that one can."""

import json
import shutil
import sys

import pytest
from PIL import Image

from demos.retrieval.predict import predict
from demos.shared import images
from tests import serving


@pytest.fixture(scope="module")
def folder(tmp_path_factory, photograph):
    """Where somebody copies the examples to: it holds cat.jpg."""
    folder = tmp_path_factory.mktemp("examples")
    Image.open(photograph).convert("RGB").crop((100, 0, 400, 300)).save(folder / "cat.jpg", quality=90)
    return folder


@pytest.mark.parametrize("encoder", ["efficientnet", "autoencoder"])
def test_the_nearest_come_first(server, folder, encoder):
    file = serving.upload(server.url, (folder / "cat.jpg").read_bytes())
    event, (answer,) = serving.call(server.url, "retrieval", file, encoder, 7, None)
    expected = predict(folder / "cat.jpg", encoder, 7)
    assert event == "complete" and answer["encoder"] == encoder
    assert [match["id"] for match in answer["matches"]] == [match.id for match in expected.matches]
    assert answer["matches"][0].keys() == {"id", "title", "credit", "distance", "percentile", "probability"}


def test_a_bad_picture_is_one_sentence(server):
    file = serving.upload(server.url, b"not a picture")
    event, answer = serving.call(server.url, "retrieval", file, "efficientnet", 4, None)
    assert event == "error" and answer["error"] == images.UNKNOWN


def test_crop_of_a_call_is_the_crop_of_predict(server, folder):
    file = serving.upload(server.url, (folder / "cat.jpg").read_bytes())
    crop = {"zoom": 2, "x": 0, "y": 1}
    event, (answer,) = serving.call(server.url, "retrieval", file, "vae", 4, crop)
    expected = predict(folder / "cat.jpg", "vae", 4, images.Crop(**crop))
    assert event == "complete" and [match["id"] for match in answer["matches"]] == [m.id for m in expected.matches]


def test_the_python_example_runs_as_printed(server, folder):
    printed = serving.run([sys.executable, "-c", serving.snippets(server.url, "retrieval")["Python"]], folder)
    assert f"\n{predict(folder / 'cat.jpg').matches[0].title} " in printed


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="the HTTP example needs curl")
def test_the_http_example_runs_as_printed(server, folder):
    printed = serving.run(["bash", "-c", serving.snippets(server.url, "retrieval")["HTTP"]], folder)
    (answer,) = json.loads(printed.split("data: ")[1])
    assert answer["matches"][0]["title"] == predict(folder / "cat.jpg").matches[0].title
