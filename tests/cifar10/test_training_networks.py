"""The architectures: what the parts that are served say is what the trained network says."""

import numpy as np
import pytest

from demos.cifar10.training import kinds


@pytest.fixture(scope="module")
def pictures():
    return np.random.default_rng(0).integers(0, 256, (4, 32, 32, 3), np.uint8)


def values(model, pictures) -> dict[str, np.ndarray]:
    return {name: np.asarray(output) for name, output in model(pictures, training=False).items()}


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def test_sizes(networks):
    assert networks.baseline().count_params() == 122_570
    assert networks.airbench().count_params() < 2_500_000


def test_baseline_parts_are_its_answer_and_the_map_that_sums_to_it(networks, pictures):
    network = networks.baseline()
    parts = values(networks.baseline_parts(network), pictures)
    assert np.allclose(softmax(parts["logits"]), np.asarray(network(pictures)), atol=1e-5)
    assert parts["class_activation_map"].shape == (4, 4, 4, 10)
    # Both biases are zero before training, so the evidence of all places is the whole.
    assert np.allclose(parts["class_activation_map"].sum((1, 2)), parts["logits"], atol=1e-4)


def test_airbench_parts_are_its_answer_and_the_map_that_sums_to_it(networks, pictures):
    network = networks.airbench()
    networks.whiten(network, pictures)
    parts = values(networks.airbench_parts(network), pictures)
    assert np.allclose(parts["logits"], np.asarray(network(pictures)), atol=1e-5)
    assert parts["class_activation_map"].shape == (4, 7, 7, 10) and parts["features"].shape == (4, 256)
    assert np.allclose(parts["class_activation_map"].sum((1, 2)), parts["logits"], atol=1e-4)


def test_airbench_takes_pictures_of_any_size(networks):
    for side in (24, 32, 40):
        assert networks.airbench()(np.zeros((1, side, side, 3), np.uint8)).shape == (1, 10)


def test_served_outputs_are_the_mean_of_a_picture_and_its_mirror_image(networks, pictures):
    parts = networks.baseline_parts(networks.baseline())
    served = networks.served(networks.test_time_augmentation(parts), temperature=2.0)
    assert served.count_params() == 122_570
    one, other = values(served, pictures), values(served, pictures[:, :, ::-1].copy())
    plain, mirrored = values(parts, pictures), values(parts, pictures[:, :, ::-1].copy())
    logits = (plain["logits"] + mirrored["logits"]) / 2
    assert np.allclose(one["probabilities"], softmax(logits / 2), atol=1e-5)
    assert np.allclose(one["probabilities"], other["probabilities"], atol=1e-5)
    assert np.allclose(one["class_activation_map"], other["class_activation_map"][:, :, ::-1], atol=1e-5)
    assert np.allclose(one["id_score"], np.log(np.exp(logits).sum(1)), atol=1e-4)


def test_time_augmentation_with_a_shift_moves_both_views_apart(networks, pictures):
    parts = networks.baseline_parts(networks.baseline())
    wide = np.pad(pictures, ((0, 0), (1, 1), (1, 1), (0, 0)), "reflect")
    one, other = wide[:, 2:, 2:].copy(), wide[:, :32, :32][:, :, ::-1].copy()
    expected = (values(parts, one)["logits"] + values(parts, other)["logits"]) / 2
    assert np.allclose(values(networks.test_time_augmentation(parts, shift=1), pictures)["logits"], expected, atol=1e-4)


def test_dirac_start_passes_its_input_on(networks):
    network = networks.airbench()
    networks.dirac(network)
    convolution = [layer for layer in network.layers if hasattr(layer, "kernel_size")][-1]
    x = np.random.default_rng(0).random((1, 5, 5, convolution.kernel.shape[2]), np.float32)
    assert np.allclose(np.asarray(convolution(x)), x, atol=1e-5)


def test_whitened_patches_have_unit_variance(networks, pictures):
    network = networks.airbench()
    networks.whiten(network, pictures)
    whitened = np.asarray(network.get_layer("whitening")(pictures.astype(np.float32) / 255))
    assert np.allclose(whitened.mean((0, 1, 2)), 0, atol=1e-3)
    assert np.allclose(whitened[..., :12].var((0, 1, 2)), 1, atol=0.05)
    assert np.allclose(whitened[..., 12:], -whitened[..., :12], atol=1e-4)


def test_id_score_is_energy_activity_and_distance_to_the_nearest_class(networks):
    import keras

    rng = np.random.default_rng(0)
    logits, features = rng.normal(size=(6, 10)).astype("float32"), rng.normal(size=(6, 4)).astype("float32")
    whitening, means = rng.normal(size=(4, 4)).astype("float32"), rng.normal(size=(10, 4)).astype("float32")
    mixture = networks.IdScore(0.5, 2.0, 3.0, -1.0, whitening, means)
    inputs = keras.Input((10,)), keras.Input((4,))
    score = np.asarray(keras.Model(inputs, mixture.of(*inputs))([logits, features]))
    distance = ((features @ whitening)[:, None] - means) ** 2
    expected = 0.5 * np.log(np.exp(logits).sum(1)) + 2 * features.sum(1) - 3 * distance.sum(2).min(1) / 2 - 1
    assert np.allclose(score, expected, atol=1e-4)


def test_gate_head_that_merges_nothing_sums_the_probabilities_of_imagenet_s_classes(networks, rng):
    assert np.array_equal(np.sort(np.concatenate(kinds.GROUPS)), np.arange(1000))
    kernel, bias = rng.normal(size=(8, 1000)).astype("float32"), rng.normal(size=1000).astype("float32")
    features = rng.normal(size=(5, 8)).astype("float32")
    probabilities = softmax(features @ kernel + bias)
    expected = np.stack([probabilities[:, numbers].sum(1) for numbers in kinds.GROUPS], axis=1)
    head = networks.gate_head(*kinds.merge(kernel, bias, tuple(map(len, kinds.GROUPS))))
    assert np.allclose(np.exp(head(features)), expected, atol=1e-5)


def test_one_head_of_the_gate_names_the_thing_and_the_other_one_scores_it(networks, rng):
    import keras

    side, groups = networks.GATE_SIDE, np.arange(11)
    picture = keras.Input((side, side, 3), dtype="uint8")
    body = keras.Model(picture, keras.ops.mean(keras.ops.cast(picture, "float32"), axis=(1, 2)))
    naming, knowing = (
        networks.gate_head(rng.normal(size=(3, 11)), rng.normal(size=11), groups, name=name) for name in ("one", "two")
    )
    pictures = rng.integers(0, 256, (2, side, side, 3), np.uint8)
    outputs = values(networks.served_gate(body, naming, knowing, temperature=2.0), pictures)
    named, scored = (np.asarray(head(body(pictures))) for head in (naming, knowing))
    assert np.allclose(outputs["probabilities"], softmax(named[:, :10] / 2), atol=1e-5)
    expected = np.log(np.exp(scored[:, :10].astype(float)).sum(1)) - scored[:, 10]
    assert np.allclose(outputs["id_score"], expected, rtol=1e-4, atol=1e-3)


def test_merged_classes_are_as_many_as_asked_and_count_as_often_as_their_classes(rng):
    merged, bias, groups = kinds.merge(rng.normal(size=(8, 1000)), np.zeros(1000), (2,) * 11)
    assert merged.shape == (8, len(bias)) == (8, len(groups)) and list(np.unique(groups)) == list(range(11))
    assert (np.bincount(groups) == [2] * 7 + [1, 2, 2, 2]).all()  # ImageNet has one horse
    counts = np.bincount(groups, np.exp(bias))
    assert np.allclose(counts, list(map(len, kinds.GROUPS)))
