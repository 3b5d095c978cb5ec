"""What predict answers from the bundled gallery: pictures of like style, the style's name, and when it is not there."""

import numpy as np
import pytest

from demos.shared.gallery import files
from demos.shared.gallery.gallery import Gallery
from demos.shared.ui.inputs import example_paths
from demos.style import demo
from demos.style.encoders import ENCODERS
from demos.style.gallery import COLLECTION
from demos.style.looks import STYLES
from demos.style.predict import predict, search


@pytest.fixture(scope="module")
def bundled() -> Gallery:
    return files.open_gallery(COLLECTION)


def test_gallery_that_ships_is_rich_and_small(bundled):
    assert len(bundled) >= 300 and len(set(bundled.labels)) >= 20 and bundled.layout is not None
    assert all(map(bundled.is_prepared, ENCODERS))
    assert COLLECTION.bundled.stat().st_size < 8e6


@pytest.mark.parametrize("name", list(ENCODERS))
def test_picture_of_the_gallery_finds_itself_first(bundled, name):
    answer = predict(bundled.pictures[40], 3, name)
    assert [match.id for match in answer.matches][0] == 40 and len(answer.matches) == 3 and answer.is_match


def test_examples_find_their_style(bundled):
    paths = example_paths("style", demo.examples)
    for caption, label in (("Strokes", "pointillism"), ("Woodcut", "woodcut"), ("Stained glass", "stained glass")):
        answer = predict(paths[caption])
        assert next(iter(answer.confidences)) == label and answer.is_match
        assert sum(bundled.labels[match.id] == label for match in answer.matches) >= 3


def test_photograph_is_in_no_style_of_the_gallery():
    answer = predict(example_paths("style", demo.examples)["A photograph"])
    assert not answer.is_match and not answer.is_sure


def test_other_photographs_in_a_look_are_named(photograph, bundled):
    """A cat that is cut out of the photograph otherwise than the gallery's."""
    from demos.shared import images

    pixels = images.open(photograph).pixels[40:260, 20:240]
    named = [
        next(iter(predict(STYLES[look](pixels, np.random.default_rng(1))).confidences))
        for look in ("woodcut", "mosaic", "cross-stitch", "cyanotype")
    ]
    assert sum(named[at] == look for at, look in enumerate(("woodcut", "mosaic", "cross-stitch", "cyanotype"))) >= 3


def test_recoloured_cropped_and_mirrored_version_stays_a_neighbour(bundled):
    for at in (3, 100, 250, 400):
        pixels = bundled.pixels(at)[16:-16, 16:-16][:, ::-1]
        changed = np.clip(pixels * [1.1, 1.0, 0.9], 0, 255).astype(np.uint8)
        assert at in [match.id for match in predict(changed, 20).matches]


def test_gallery_without_labels_gives_no_name(bundled):
    few = Gallery(ENCODERS, bundled.pictures[:5], bundled.titles[:5], bundled.credits[:5])
    answer = search(bundled.pictures[2], gallery=few)
    assert answer.confidences == {} and not answer.is_sure and answer.matches[0].id == 2
