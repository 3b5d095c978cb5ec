"""The picture on the card."""

import numpy as np
import pytest

from demos.shared import images

pytest.importorskip("matplotlib")


def test_shipped_figure_is_of_the_manifest_and_the_served_file(tmp_path):
    from demos.denoiser import figure

    figure.draw(tmp_path / "figure.webp")
    drawn, shipped = (images.open(file).pixels for file in (tmp_path / "figure.webp", figure.FILE))
    assert drawn.shape == shipped.shape
    assert np.abs(drawn.astype(int) - shipped).mean() < 3  # of these networks, not of earlier ones
