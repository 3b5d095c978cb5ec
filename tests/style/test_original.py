"""VGG19 itself in its worker: what it finds, and what is said where it cannot be had."""

import importlib.util
import os

import numpy as np
import pytest

from demos.shared import images
from demos.shared.gallery import files
from demos.shared.gallery.gallery import Gallery
from demos.shared.gallery.original import Original
from demos.style import gram, original
from demos.style.looks import STYLES
from weights import Unavailable

NEEDED = pytest.mark.skipif(
    not (importlib.util.find_spec("tensorflow") and os.environ.get("LOUPE_PRETRAINED")),
    reason="needs TensorFlow and $LOUPE_PRETRAINED",
)


@NEEDED
def test_picture_in_a_look_finds_its_look_first(photograph, fresh):
    pixels = images.open(photograph).pixels
    left, right = pixels[:220, :220], pixels[60:280, 200:420]
    painted = {look: STYLES[look](left, np.random.default_rng(0)) for look in ("woodcut", "cyanotype", "neon")}
    gallery = Gallery({}, [files.thumbnail(one) for one in painted.values()], list(painted), [""] * 3)
    query = images.open(STYLES["cyanotype"](right, np.random.default_rng(1)))
    search = Original(original.ENCODER, fresh, original.embed, batch=2).search(query, gallery, 2)
    *done, answer = [step for step in search if step is not None]
    assert done == [2, 3] and [match.title for match in answer.matches][0] == "cyanotype"
    assert answer.inputs.shape == (gram.SIDE, gram.SIDE, 3) and answer.matches[0].distance < answer.matches[1].distance


def test_without_weights_one_sentence_says_what_is_needed(fresh, tmp_path, monkeypatch):
    monkeypatch.setenv("LOUPE_PRETRAINED", str(tmp_path))
    with pytest.raises(Unavailable) as error:
        fresh.call(original.embed, np.zeros((1, gram.SIDE, gram.SIDE, 3), np.uint8))
    assert str(error.value) == original.ABSENT and str(tmp_path) not in str(error.value)
