"""The endpoints, asked over the network."""

import sys

import pytest

from demos.shared import images
from demos.shared.ui import inputs
from demos.vehicles import demo
from demos.vehicles.gallery import COLLECTION
from demos.vehicles.predict import compare, predict
from tests import serving

EXAMPLES = list(inputs.example_paths("vehicles", demo.examples).values())


@pytest.fixture(autouse=True, scope="module")
def built():
    if not COLLECTION.source.is_file():
        pytest.skip("the gallery is not built yet: python -m demos.vehicles.build")


def upload(server, path: str) -> dict:
    with open(path, "rb") as file:
        return serving.upload(server.url, file.read(), "car.webp")


def test_likeliest_come_first(server):
    event, (answer,) = serving.call(
        server.url, "vehicles", upload(server, EXAMPLES[0]), 3, "embedding", False, {"zoom": 1.5, "x": 0.5, "y": 0.5}
    )
    expected = predict(EXAMPLES[0], 3, crop=images.Crop(1.5))
    assert event == "complete" and [match["id"] for match in answer["matches"]] == [one.id for one in expected.matches]
    assert answer["known"] == {"vehicle": "3000050", "camera": "25"}
    assert answer["is_match"] == expected.is_match and answer["matches"][0]["camera"] == expected.matches[0].camera


def test_two_pictures_are_compared(server):
    files = [upload(server, path) for path in EXAMPLES[:2]]
    event, (answer,) = serving.call(server.url, "vehicles_compare", *files, "embedding")
    assert event == "complete"
    assert answer["probability"] == pytest.approx(compare(*EXAMPLES[:2]).probability, abs=1e-3)
    assert answer.keys() == {"encoder", "similarity", "probability", "is_same", "milliseconds"}


def test_bad_second_picture_is_one_sentence(server):
    wrong = serving.upload(server.url, b"not a picture")
    event, answer = serving.call(server.url, "vehicles_compare", upload(server, EXAMPLES[0]), wrong, "embedding")
    assert event == "error" and answer["error"] == images.UNKNOWN


def test_python_example_runs_as_printed(server, tmp_path):
    with open(EXAMPLES[0], "rb") as file:
        (tmp_path / "car.jpg").write_bytes(file.read())
    printed = serving.run([sys.executable, "-c", serving.snippets(server.url, "vehicles")["Python"]], tmp_path)
    first = predict(EXAMPLES[0]).matches[0]
    assert f"\n{first.title} {first.camera} " in printed
