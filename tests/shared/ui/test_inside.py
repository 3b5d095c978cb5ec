"""What every layer gives, as tiles."""

import base64
import re

import numpy as np

from demos.shared import images
from demos.shared.ui import inside
from weights.inside import Layer


def pictures(html: str) -> list[np.ndarray]:
    found = re.findall(r"base64,([^\"]+)\"", html)
    return [images.open(base64.b64decode(picture), exact=True).pixels for picture in found]


def test_layers_are_named_with_their_shapes_and_drawn_as_tiles_with_gaps():
    maps = np.zeros((4, 6, 20), np.float32)
    maps[..., 17] = 1
    units = np.arange(80, dtype=np.float32)
    layers = [Layer("Convolution", maps), Layer("Dense layer", units), Layer("Dense layer", np.float32([3, 1]))]
    html = inside.tiles(layers, ["cat", "<dog>"])
    for sentence in ("Convolution: 20 feature maps of 6x4", "Dense layer: 80 units", "Dense layer: 2 units"):
        assert f"<figcaption>{sentence}" in html
    sheet, row = pictures(html)
    assert sheet.shape == (2 * 5 - 1, 16 * 7 - 1, 3) and row.shape == (2, 40, 3)
    assert (sheet[5:9, 7:13] == 255).all() and (sheet[:4, :6] == 0).all()
    assert row[0, 0, 0] == 0 and row[-1, -1, 0] == 255
    assert 'rgb(255,255,255)"></i>cat' in html and 'rgb(0,0,0)"></i>&lt;dog&gt;' in html


def test_one_feature_map_of_one_value_is_drawn():
    html = inside.tiles(
        [Layer("Maximum pooling", np.ones((1, 1, 1), np.float32)), Layer("Dense layer", np.ones(1))], "a"
    )
    assert "1 feature map of 1x1" in html and "1 unit," in html
