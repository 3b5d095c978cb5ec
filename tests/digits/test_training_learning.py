"""What the recipes measure."""

import numpy as np
import pytest

from demos.digits.training import learning
from demos.shared.training import calibration, rounding


class Finished:
    """A run that keeps what it is given to finish with."""

    def finish(self, network, **given):
        self.network, self.given = network, given


def test_held_out_figures_are_those_of_the_network_as_trained(networks, rng):
    glyphs, labels = rng.integers(0, 256, (300, 28, 28), np.uint8), rng.integers(0, 3, 300)
    trained, run = networks.lenet(), Finished()
    logits = trained.predict(glyphs[..., None], verbose=0)
    held_out = {"held_out": {"glyphs": glyphs, "labels": labels}}
    learning.finish(run, trained, networks.lenet(), held_out, dict)
    # Sums may end in other last digits each time.
    assert run.given["held_out"] == pytest.approx(calibration.held_out_metrics(logits, labels), rel=1e-6)
    rounded = rounding.round_to_half(trained).predict(glyphs[..., None], verbose=0)
    assert run.given["held_out"] != pytest.approx(calibration.held_out_metrics(rounded, labels), rel=1e-6)
