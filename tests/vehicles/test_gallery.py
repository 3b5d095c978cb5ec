"""The gallery and the examples that ship."""

import numpy as np
import pytest

from demos.shared import images
from demos.shared.gallery import files
from demos.shared.gallery.gallery import Gallery
from demos.shared.ui import inputs
from demos.vehicles import build, demo
from demos.vehicles.encoders import ENCODERS
from demos.vehicles.gallery import COLLECTION
from demos.vehicles.known import Known, find_known, parse
from demos.vehicles.predict import predict
from demos.vehicles.render import render

EXAMPLES = inputs.example_paths("vehicles", demo.examples)


@pytest.fixture(scope="module")
def bundled() -> Gallery:
    if not COLLECTION.source.is_file():
        pytest.skip("the gallery is not built yet: python -m demos.vehicles.build")
    return files.open_gallery(COLLECTION)


def test_bundled_gallery_is_as_large_as_it_is_said_to_be(bundled):
    assert len(set(bundled.labels)) >= 150 and COLLECTION.source.stat().st_size < 8e6
    assert len(set(zip(bundled.labels, bundled.cameras, strict=True))) == len(bundled) == 4 * len(set(bundled.labels))
    assert all(bundled.titles) and set(bundled.vectors) == set(ENCODERS)
    assert len(np.unique(bundled.layout, axis=0)) == len(bundled)


def test_bundled_gallery_is_embedded_by_the_networks_that_ship(bundled):
    assert bundled.digests == {name: encoder.digest for name, encoder in ENCODERS.items()}


def test_vehicles_of_the_gallery_are_in_no_other_set(bundled):
    assert min(map(int, bundled.labels)) >= 3_000_000


def test_gallery_holds_what_build_renders(bundled):
    for at in (1, 330):
        rendered = render(int(bundled.labels[at]), int(bundled.cameras[at]), 0, build.SIDE).pixels
        assert np.abs(images.open(build.encode(rendered)).pixels.astype(int) - bundled.pixels(at)).mean() < 1


def test_examples_are_other_cameras_pictures_and_one_is_not_in_the_gallery(bundled):
    in_gallery = []
    for path in EXAMPLES.values():
        vehicle, camera = parse(path)
        assert find_known(images.open(path).pixels, bundled) == Known(vehicle, camera)
        assert (vehicle, camera) not in set(zip(bundled.labels, bundled.cameras, strict=True))
        in_gallery.append(vehicle in bundled.labels)
    assert in_gallery == [True, True, True, False]


def test_examples_are_rendered_again_as_they_are():
    for path in EXAMPLES.values():
        vehicle, camera = map(int, parse(path))
        rendered = images.open(build.encode(render(vehicle, camera, 1, build.SIDE).pixels)).pixels
        assert np.abs(rendered.astype(int) - images.open(path).pixels).mean() < 1


def test_noise_is_unlike_anything_in_the_gallery(bundled, rng):
    answer = predict(rng.integers(0, 256, (90, 90, 3), np.uint8))
    assert answer.is_unlike_all and not answer.is_match
