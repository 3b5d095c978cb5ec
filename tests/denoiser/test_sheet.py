"""The picture on the card."""

import numpy as np
import pytest

from demos import images

pytest.importorskip("matplotlib")


def test_it_is_drawn_from_the_manifest_and_the_served_file(tmp_path):
    from demos.denoiser import sheet

    sheet.draw(tmp_path / "sheet.webp")
    drawn, kept = (images.open(file).pixels for file in (tmp_path / "sheet.webp", sheet.FILE))
    assert drawn.shape == kept.shape
    assert np.abs(drawn.astype(int) - kept).mean() < 3  # of these networks, not of earlier ones
