"""What the architecture promises of the fast style transfer, whatever its weights."""

import keras
import numpy as np
import pytest

from demos.style.training import networks

ops = keras.ops


@pytest.fixture(scope="module")
def built():
    keras.utils.set_random_seed(0)
    code, painter = networks.build()
    for layer in painter.layers:  # as after some training: modulations begin with doing nothing
        if isinstance(layer, keras.layers.Dense):
            layer.set_weights(
                [w + 0.01 * np.random.default_rng(1).standard_normal(w.shape) for w in layer.get_weights()]
            )
    return code, painter


def paint(built, picture, content, style):
    batch = [ops.convert_to_tensor(array, "float32") for array in (picture, content, style)]
    return ops.convert_to_numpy(built[1](batch)["painted"])


def code(built, picture):
    return ops.convert_to_numpy(built[0](ops.convert_to_tensor(picture, "float32"))["code"])


def test_tiles_painted_alone_are_parts_of_the_whole(built, rng):
    margin = networks.MARGIN
    picture, style = rng.random((1, 128 + 2 * margin, 96 + 2 * margin, 3)), rng.random((1, 96, 96, 3))
    codes = code(built, picture), code(built, style)
    whole = paint(built, picture, *codes)
    assert whole.shape == (1, 128, 96, 3)
    for top, left, height, width in ((0, 0, 64, 64), (64, 32, 64, 64), (20, 12, 76, 44)):
        tile = picture[:, top : top + height + 2 * margin, left : left + width + 2 * margin]
        painted = paint(built, tile, *codes)
        np.testing.assert_allclose(painted, whole[:, top : top + height, left : left + width], atol=1e-5)


def test_code_holds_means_and_deviations_of_feature_maps(built, rng):
    picture = rng.random((2, 96, 128, 3))
    first = keras.Model(built[0].input, built[0].get_layer("half").output)
    half = first(ops.convert_to_tensor(picture, "float32"))
    half = ops.convert_to_numpy(half)
    found = code(built, picture)
    assert found.shape == (2, networks.CODE)
    np.testing.assert_allclose(found[:, : networks.HALF], half.mean((1, 2)), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(found[:, networks.HALF : 2 * networks.HALF], half.std((1, 2)), rtol=1e-2, atol=1e-3)


def test_even_picture_is_painted_without_a_grid_or_a_frame(built, rng):
    picture = np.full((1, 64 + 2 * networks.MARGIN, 64 + 2 * networks.MARGIN, 3), 0.4)
    painted = paint(built, picture, code(built, picture), code(built, rng.random((1, 96, 96, 3))))
    assert np.ptp(painted, axis=(1, 2)).max() < 1e-4


def test_padded_painter_has_the_same_weights_and_paints_alike_away_from_the_borders(built, rng):
    _, padded = networks.build(is_padded=True)
    padded.set_weights(built[1].get_weights())
    margin, picture = networks.MARGIN, rng.random((1, 192, 160, 3)).astype(np.float32)
    codes = [code(built, picture)] * 2
    inner = paint((built[0], padded), picture, *codes)[:, margin:-margin, margin:-margin]
    np.testing.assert_allclose(inner, paint(built, picture, *codes), atol=1e-5)


def test_enlargement_is_two_by_two_alike_and_then_a_convolution(rng):
    layer, x = networks.Enlargement(5), rng.random((2, 6, 7, 3)).astype(np.float32)
    enlarged = ops.convert_to_numpy(layer(ops.convert_to_tensor(x)))
    kernel = ops.convert_to_numpy(layer.kernel).transpose(0, 1, 3, 2)[::-1, ::-1]
    expected = ops.conv(ops.convert_to_tensor(x.repeat(2, 1).repeat(2, 2)), ops.convert_to_tensor(kernel.copy()))
    assert enlarged.shape == (2, 12, 14, 5)
    np.testing.assert_allclose(enlarged[:, 1:-1, 1:-1], ops.convert_to_numpy(expected), atol=1e-5)
