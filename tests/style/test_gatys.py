"""The optimisation of Gatys et al. in its worker, and what is said where VGG19 cannot be had."""

import numpy as np
import pytest

from demos.style import gatys, original
from tests.style.test_original import NEEDED
from weights import Unavailable


@NEEDED
def test_picture_comes_nearer_to_the_style_step_by_step(fresh, rng):
    content, style = np.full((64, 80, 3), 128, np.uint8), rng.integers(0, 256, (64, 64, 3), np.uint8)
    steps = [step for step in fresh.run(gatys.run, content, style, content, 10) if step is not None]
    assert [step.number for step in steps] == [0, 5, 10] and steps[-1].pixels.shape == content.shape
    assert steps[0].content_loss == 0 and steps[0].fast == (0, steps[0].style_loss)
    assert steps[2].style_loss < steps[1].style_loss < steps[0].style_loss and steps[2].content_loss > 0
    assert fresh.call(gatys.count_steps, content, style, steps[1].pixels, 30) in range(1, 30)
    assert fresh.call(gatys.measure, content, style, content) == pytest.approx(steps[0].fast, rel=1e-3)


def test_without_weights_one_sentence_says_what_is_needed(fresh, tmp_path, monkeypatch):
    monkeypatch.setenv("LOUPE_PRETRAINED", str(tmp_path))
    picture = np.zeros((64, 64, 3), np.uint8)
    with pytest.raises(Unavailable) as error:
        fresh.call(gatys.measure, picture, picture, picture)
    assert str(error.value) == original.ABSENT


@pytest.mark.parametrize("shape, expected", [((400, 600), (171, 256)), ((100, 120), (100, 120)), ((4, 900), (32, 256))])
def test_photograph_is_made_small_enough(shape, expected):
    assert gatys.fit(np.zeros((*shape, 3), np.uint8)).shape[:2] == expected
