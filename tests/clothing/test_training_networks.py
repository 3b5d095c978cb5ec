"""The architectures: what is served says what the trained network says."""

import numpy as np
import pytest

from demos.clothing.predict import CLASSES, SIDE, SIDES
from demos.shared.training import imagenet

D = 8  # dimensions of the embedding


@pytest.fixture(scope="module")
def weightless():
    """EfficientNet without ImageNet's weights, which a test must not need."""
    from demos.shared.training import efficientnet

    patch = pytest.MonkeyPatch()
    patch.setattr(efficientnet, "_fill", lambda body, arrays: None)
    patch.setattr(imagenet, "read_efficientnet", lambda file: {})
    yield
    patch.undo()


@pytest.fixture(scope="module")
def pictures():
    return np.random.default_rng(0).integers(0, 256, (2, SIDE, SIDE, 3), np.uint8)


@pytest.fixture(scope="module")
def classifier(networks, weightless):
    return networks.classifier(SIDE)


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def values(model, pictures) -> dict[str, np.ndarray]:
    return {name: np.asarray(output) for name, output in model(pictures, training=False).items()}


def test_classifier_is_under_ten_megabytes_at_half_precision(classifier):
    assert 2 * classifier.count_params() < 10e6


def test_mean_of_the_evidence_is_the_logits(networks, classifier, pictures):
    evidence = values(networks.parts(classifier), pictures)["evidence"]
    assert evidence.shape == (2, SIDE // 32, SIDE // 32, len(networks.TARGETS))
    assert np.allclose(evidence.mean((1, 2)), np.asarray(classifier(pictures, training=False)), atol=1e-3)


def test_served_outputs_are_those_of_the_classifier_and_of_the_formula(networks, classifier, pictures):
    rng = np.random.default_rng(1)
    score = networks.IdScore(
        2.0, 0.5, 0.1, 3.0, rng.normal(size=(networks.FEATURES, D)).astype("float32"),
        rng.normal(size=D).astype("float32"), rng.normal(size=(len(CLASSES), D)).astype("float32"),
    )  # fmt: skip
    served, parts = (
        values(networks.served(classifier, 2.0, score), pictures),
        values(networks.parts(classifier), pictures),
    )
    logits, known = parts["evidence"].mean((1, 2)), len(CLASSES)
    assert np.allclose(served["probabilities"], softmax(logits[:, :known] / 2), atol=1e-4)
    white = parts["pooled"] @ score.directions - score.center
    distance = ((white[:, None] - score.means) ** 2).sum(2).min(1) / 2
    energies = [np.logaddexp.reduce(one, axis=1) for one in (logits[:, :known], logits[:, known:])]
    expected = 2 * energies[0] - 0.5 * energies[1] - 0.1 * distance + 3
    assert np.allclose(served["id_score"], expected, rtol=1e-3, atol=1e-3)
    assert np.allclose(served["embedding"], white / np.linalg.norm(white, axis=1, keepdims=True), atol=1e-3)
    assert np.array_equal(served["class_activation_map"], parts["evidence"][..., :known])


def test_frozen_blocks_do_not_train(networks, weightless):
    network = networks.classifier(None, 5)
    names = {variable.path for variable in network.trainable_variables}
    assert not any(f"blocks_{block}_" in name for block in range(5) for name in names)
    assert any("blocks_5_" in name for name in names) and not any("conv_stem" in name for name in names)
    assert len(network.weights) == len(networks.classifier(64).weights)


def test_served_baseline_is_its_body_and_its_head(networks, weightless, pictures):
    side = SIDES["baseline"]
    head, x = networks.baseline_head(), pictures[:, :side, :side]
    served = values(networks.baseline(head), x)
    features = np.asarray(networks.body(side)(x, training=False)).reshape(2, -1)
    # The body is drawn at random anew each time, so its shape alone can be compared.
    assert served["class_activation_map"].shape == (2, side // 32, side // 32, 5)
    assert features.shape[1] == head.input.shape[1]
    assert np.allclose(served["probabilities"].sum(1), 1, atol=1e-4)
