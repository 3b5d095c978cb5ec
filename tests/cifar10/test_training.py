"""What the recipes do to pictures."""

import io

import numpy as np
import pytest
from PIL import Image

from demos.cifar10.training import airbench, calibration, data, gate, photographs, teacher


@pytest.mark.parametrize("size", [24, 32])
@pytest.mark.parametrize("flip", [False, True])
def test_augmented_picture_is_a_window_mirrored_where_asked(rng, size, flip):
    picture = rng.integers(0, 256, (32, 32, 3), np.uint8)
    padded = np.pad(picture, ((2, 2), (2, 2), (0, 0)), "reflect")
    windows = {
        padded[y : y + size, x : x + size][:, :: -1 if flip else 1].tobytes()
        for y in range(37 - size)
        for x in range(37 - size)
    }
    augmented = data.augment(np.stack([picture] * 200), np.full(200, flip), size, rng)
    assert augmented.shape == (200, size, size, 3) and augmented.dtype == np.uint8
    drawn = {window.tobytes() for window in augmented}
    assert drawn <= windows and len(drawn) > 20


def test_recompression_changes_half_of_the_lossless_pictures_and_no_other(rng):
    pictures = rng.integers(0, 256, (200, 32, 32, 3), np.uint8)
    lossless = np.arange(200) < 100
    given = {"pictures": pictures, "lossless": lossless}
    changed = (data.recompress(given, rng) != pictures).any((1, 2, 3))
    assert not changed[~lossless].any() and 30 < changed[lossless].sum() < 70


def test_compressed_picture_is_near_to_itself_and_far_from_others(rng):
    smooth = [rng.integers(0, 256, (4, 4, 3), np.uint8) for _ in range(8)]
    pictures = np.stack([np.asarray(Image.fromarray(picture).resize((32, 32))) for picture in smooth])

    def compressed(picture):
        file = io.BytesIO()
        Image.fromarray(picture).save(file, "JPEG", quality=75)
        return np.asarray(Image.open(file))

    distance = data.nearest(pictures, np.stack([compressed(picture) for picture in pictures[:4]]))
    expected = [
        min(np.sqrt(((picture.astype(float) - compressed(other)) ** 2).mean()) for other in pictures[:4])
        for picture in pictures
    ]
    assert np.allclose(distance, expected, atol=0.1)
    assert (distance[:4] <= 12).all() and (distance[4:] > 12).all()


def test_cutout_is_a_grey_square_and_the_rest_stays(rng):
    pictures = rng.integers(0, 100, (50, 32, 32, 3), np.uint8)
    changed = (data.cut_out(pictures, rng) != pictures).any(3)
    assert (data.cut_out(pictures, rng)[changed.any((1, 2))].max((1, 2, 3)) == 120).any()
    sizes = changed.sum((1, 2))
    assert sizes.min() >= 7 * 7 and sizes.max() <= 13 * 13 and np.median(sizes) > 100


def test_mahalanobis_parameters_whiten_the_spread_within_classes(rng):
    labels = np.repeat(np.arange(10), 500)
    spread = np.array([[3.0, 0.0], [1.0, 0.2]])
    centres = rng.normal(size=(10, 2)) * 10
    features = centres[labels] + rng.normal(size=(5000, 2)) @ spread
    whitening, means = calibration.mahalanobis_parameters(features, labels, shrinkage=0)
    white = features @ whitening - means[labels]
    assert np.allclose(np.cov(white.T), np.eye(2), atol=0.05) and np.allclose(means, centres @ whitening, atol=1)


def test_recomputed_batch_norm_has_the_statistics_of_the_pictures():
    import keras

    picture = keras.Input((32, 32, 3), dtype="uint8")
    network = keras.Model(picture, keras.layers.BatchNormalization()(keras.layers.Rescaling(1 / 255)(picture)))
    shades = np.full((40, 32, 32, 3), 120, np.uint8)  # that of what is cut out as well
    airbench.recompute_batch_norm(network, {"pictures": shades, "labels": np.zeros(40, int)}, batches=3, size=8)
    *_, mean, variance = network.get_weights()
    assert np.allclose(mean, 120 / 255, atol=1e-3) and np.allclose(variance, 0, atol=1e-3)


def test_soft_targets_mix_labels_own_answers_and_the_teacher_s(networks, rng):
    first = networks.airbench()
    given = {"pictures": rng.integers(0, 256, (6, 32, 32, 3), np.uint8), "labels": np.arange(6)}
    probabilities = rng.dirichlet(np.ones(10), 6).astype("float32")
    targets = airbench.soft_targets(first, given, probabilities)
    assert np.allclose(targets.sum(1), 1, atol=1e-5) and (targets.argmax(1) == np.arange(6)).all()
    share = airbench.LABEL_SHARE
    rest = targets - share * np.eye(10)[:6] - (1 - share) / 2 * probabilities
    assert (rest >= -1e-6).all() and np.allclose(rest.sum(1), (1 - share) / 2, atol=1e-5)


class Unbegun:
    """A run that gives no epoch, so that a stage ends where it starts."""

    def count(self, epochs):
        return epochs

    def epochs(self, network, count, **options):
        self.network, self.options = [np.array(value) for value in network.get_weights()], options
        return iter(())


def test_second_stage_starts_from_the_first_stage_s_weights(networks, rng):
    first, run = networks.airbench(), Unbegun()
    given = {"pictures": rng.integers(0, 256, (6, 32, 32, 3), np.uint8), "labels": np.arange(6)}
    airbench.second_stage(run, first, given, np.eye(10, dtype="float32")[:6], "")
    assert all(np.array_equal(*pair) for pair in zip(run.network, first.get_weights(), strict=True))
    assert run.options["stage"] == "second"


def test_average_weights_mix_both_stages_by_the_share_of_the_second(networks):
    first, second = networks.airbench(), networks.airbench()
    averaged = airbench.average_weights(first, second).get_weights()
    both = zip(first.get_weights(), second.get_weights(), averaged, strict=True)
    share = airbench.SECOND_SHARE
    assert all(np.allclose((1 - share) * a + share * b, mean, atol=1e-6) for a, b, mean in both)


def test_softmax_rows_sum_to_one_for_large_logits():
    assert np.allclose(teacher.softmax(np.array([[1000.0, 1000.0], [0.0, -1000.0]])), [[0.5, 0.5], [1, 0]])


@pytest.mark.parametrize("lossless", [[True] * 3, [True, False, True]])
def test_whitening_takes_compressed_pictures_and_all_where_none_is(rng, lossless):
    given = {"pictures": rng.integers(0, 256, (3, 32, 32, 3), np.uint8), "lossless": np.array(lossless)}
    chosen = airbench.choose_for_whitening(given)
    expected = given["pictures"] if all(lossless) else given["pictures"][1:2]
    assert np.array_equal(chosen, expected)


def group(name, labels, is_held_out, **more):
    pictures = [np.zeros((40, 60, 3), np.uint8)] * len(labels)
    return photographs.Group(name, pictures, labels, is_held_out, **more)


def test_batches_have_each_thing_and_each_origin_of_it_as_often():
    groups = [
        group("photo", ["dog"] * 3 + ["none"] * 2, [False] * 4 + [True]),
        group("cifar10", ["dog"] + ["horse"] * 4, [False] * 5),
    ]
    features = {one.name: np.zeros((5, 8), "float16") for one in groups}
    x, labels, probabilities = gate.balance(groups, features)
    assert x.shape == (9, 8) and labels.tolist() == [5, 5, 5, 10, 5, 7, 7, 7, 7]  # without the one held out
    expected = [1 / 6] * 3 + [10] + [1 / 2] + [1 / 4] * 4  # all else is as often as the ten together
    assert np.allclose(probabilities, np.array(expected) / 12)


def test_held_out_features_are_those_of_the_named_groups():
    groups = [group("photo", ["dog", "none"], [False, True]), group("cars", ["automobile"] * 2, [True, False])]
    features = {"photo": np.array([[1.0], [2.0]]), "cars": np.array([[3.0], [4.0]])}
    x, labels = gate.held_out(groups, features, ("photo", "cars"))
    assert x.tolist() == [[2], [3]] and labels.tolist() == [10, 1]
    assert gate.held_out(groups, features, ("cars",))[1].tolist() == [1]


def test_probabilities_of_imagenet_s_classes_are_summed_by_thing():
    logits = np.full((2, 1000), -50.0)
    logits[0, [281, 282, 400]] = logits[1, 404] = 0  # two cats and something else; an airliner
    expected = np.zeros((2, 11))
    expected[0, [3, 10]], expected[1, 0] = (2 / 3, 1 / 3), 1
    assert np.allclose(gate.sum_groups(logits), expected, atol=1e-5)


def test_small_groups_are_reduced_to_the_size_of_cifar10_first(rng):
    noise = [rng.integers(0, 256, (gate.SIDE, gate.SIDE, 3), np.uint8)]
    fine = photographs.Group("objects", noise, ["none"], [False])
    small = fine.thin(1, name="objects-small", is_small=True)
    assert small.name == "objects-small" and small.labels == fine.labels
    assert np.array_equal(fine.prepare()[0], noise[0])
    blurred = small.prepare()[0].astype(int)
    assert np.abs(np.diff(blurred, axis=0)).mean() < 20 < np.abs(np.diff(noise[0].astype(int), axis=0)).mean()
