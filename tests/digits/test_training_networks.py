"""The architectures, what they are trained for, and the start from ImageNet."""

import os

import numpy as np
import pytest


@pytest.fixture(scope="module")
def glyphs():
    return np.random.default_rng(0).integers(0, 256, (3, 28, 28, 1), np.uint8)


def test_lenet_has_the_size_of_lenet_5(networks):
    assert networks.lenet().count_params() == 61_111  # 61,706 with ten classes


@pytest.mark.parametrize("name", ["lenet", "mobilenetv2"])
def test_served_outputs_are_softmax_and_energy_of_logits(networks, glyphs, name):
    network = getattr(networks, name)()
    logits = np.asarray(network(glyphs, training=False))
    outputs = networks.served(network, temperature=2.0)(glyphs, training=False)
    powers = np.exp(logits / 2)
    assert np.allclose(outputs["probabilities"], powers / powers.sum(1, keepdims=True), atol=1e-4)
    assert np.allclose(outputs["id_score"], np.log(np.exp(logits).sum(1)), atol=1e-4)


def test_open_set_loss_is_cross_entropy_with_a_fourth_logit_of_zero():
    from demos.digits.training import learning

    logits = np.array([[2.0, 1.0, -1.0], [-3.0, -4.0, -5.0]], np.float32)
    for label in range(4):
        four = np.concatenate([logits, np.zeros((2, 1))], 1)
        expected = np.log(np.exp(four).sum(1)) - four[:, label]
        loss = learning.open_set_loss(np.full(2, label), logits)
        assert float(loss) == pytest.approx(expected.mean(), rel=1e-5)


def test_imagenet_weights_fill_the_body(networks, monkeypatch):
    from pathlib import Path

    from demos.shared.training import imagenet

    folder = Path(os.environ.get("LOUPE_PRETRAINED") or "absent")
    if not (folder / imagenet.MOBILENETV2).is_file():
        pytest.skip("no ImageNet weights: set LOUPE_PRETRAINED to a folder that holds them")
    monkeypatch.setenv("LOUPE_PRETRAINED", str(folder))
    body = networks.mobilenetv2().get_layer("body")
    imagenet.fill_mobilenetv2(body)
    with np.load(folder / imagenet.MOBILENETV2) as arrays:
        for layer in ("Conv1", "block_1_depthwise", "Conv_1_bn"):
            key = next(name for name in arrays if name.startswith(f"{layer}/"))
            assert any(
                np.array_equal(value, arrays[key].astype("float32")) for value in body.get_layer(layer).get_weights()
            )


def test_missing_imagenet_file_raises(networks, monkeypatch, tmp_path):
    from demos.shared.training import imagenet

    monkeypatch.setenv("LOUPE_PRETRAINED", str(tmp_path))
    with pytest.raises(FileNotFoundError):
        imagenet.fill_mobilenetv2(networks.mobilenetv2().get_layer("body"))
