"""What the recipes do to pictures."""

import io

import numpy as np
import pytest
from PIL import Image

from demos.cifar10 import samples


@pytest.mark.parametrize("size", [24, 32])
@pytest.mark.parametrize("flip", [False, True])
def test_an_augmented_picture_is_a_window_of_it_mirrored_where_it_should_be(rng, size, flip):
    picture = rng.integers(0, 256, (32, 32, 3), np.uint8)
    padded = np.pad(picture, ((2, 2), (2, 2), (0, 0)), "reflect")
    windows = {
        padded[y : y + size, x : x + size][:, :: -1 if flip else 1].tobytes()
        for y in range(37 - size)
        for x in range(37 - size)
    }
    made = samples.augmented(np.stack([picture] * 200), np.full(200, flip), size, rng)
    assert made.shape == (200, size, size, 3) and made.dtype == np.uint8
    found = {window.tobytes() for window in made}
    assert found <= windows and len(found) > 20


def test_half_of_the_lossless_pictures_are_compressed_and_no_other(rng):
    pictures = rng.integers(0, 256, (200, 32, 32, 3), np.uint8)
    lossless = np.arange(200) < 100
    given = {"pictures": pictures, "lossless": lossless}
    changed = (samples.recompressed(given, rng) != pictures).any((1, 2, 3))
    assert not changed[~lossless].any() and 30 < changed[lossless].sum() < 70


def test_a_picture_is_near_to_itself_compressed_and_far_from_others(rng):
    smooth = [rng.integers(0, 256, (4, 4, 3), np.uint8) for _ in range(8)]
    pictures = np.stack([np.asarray(Image.fromarray(picture).resize((32, 32))) for picture in smooth])

    def compressed(picture):
        file = io.BytesIO()
        Image.fromarray(picture).save(file, "JPEG", quality=75)
        return np.asarray(Image.open(file))

    distance = samples.nearest(pictures, np.stack([compressed(picture) for picture in pictures[:4]]))
    expected = [
        min(np.sqrt(((picture.astype(float) - compressed(other)) ** 2).mean()) for other in pictures[:4])
        for picture in pictures
    ]
    assert np.allclose(distance, expected, atol=0.1)
    assert (distance[:4] <= 12).all() and (distance[4:] > 12).all()


def test_what_is_cut_is_a_grey_square_and_the_rest_stays(rng):
    pictures = rng.integers(0, 100, (50, 32, 32, 3), np.uint8)
    changed = (samples.cut(pictures, rng) != pictures).any(3)
    assert (samples.cut(pictures, rng)[changed.any((1, 2))].max((1, 2, 3)) == 120).any()
    sizes = changed.sum((1, 2))
    assert sizes.min() >= 7 * 7 and sizes.max() <= 13 * 13 and np.median(sizes) > 100


def test_classes_are_measured_in_units_of_their_own_spread(train, rng):
    labels = np.repeat(np.arange(10), 500)
    spread = np.array([[3.0, 0.0], [1.0, 0.2]])
    centres = rng.normal(size=(10, 2)) * 10
    features = centres[labels] + rng.normal(size=(5000, 2)) @ spread
    whitening, means = train.classes(features, labels, shrinkage=0)
    white = features @ whitening - means[labels]
    assert np.allclose(np.cov(white.T), np.eye(2), atol=0.05) and np.allclose(means, centres @ whitening, atol=1)


def test_of_an_average_normalisation_is_measured_anew(train):
    import keras

    picture = keras.Input((32, 32, 3), dtype="uint8")
    network = keras.Model(picture, keras.layers.BatchNormalization()(keras.layers.Rescaling(1 / 255)(picture)))
    shades = np.full((40, 32, 32, 3), 120, np.uint8)  # that of what is cut out as well
    train.settled(network, {"pictures": shades, "labels": np.zeros(40, int)}, batches=3, size=8)
    *_, mean, variance = network.get_weights()
    assert np.allclose(mean, 120 / 255, atol=1e-3) and np.allclose(variance, 0, atol=1e-3)


def test_the_second_descent_is_told_labels_first_and_teacher_and_ends_in_the_average_of_both(train, networks, rng):
    first, second = networks.fast(), networks.fast()
    given = {"pictures": rng.integers(0, 256, (6, 32, 32, 3), np.uint8), "labels": np.arange(6)}
    given["lossless"] = np.zeros(6, bool)
    teacher = rng.dirichlet(np.ones(10), 6).astype("float32")
    recipe = train.Taught(first, teacher)
    network = recipe.build(given)
    assert all(np.array_equal(*pair) for pair in zip(network.get_weights(), first.get_weights(), strict=True))
    told = recipe.told(given)
    assert np.allclose(told.sum(1), 1, atol=1e-5) and (told.argmax(1) == np.arange(6)).all()
    rest = told - recipe.LABELS * np.eye(10)[:6] - (1 - recipe.LABELS) / 2 * teacher
    assert (rest >= -1e-6).all() and np.allclose(rest.sum(1), (1 - recipe.LABELS) / 2, atol=1e-5)
    both = zip(first.get_weights(), second.get_weights(), recipe.finished(second).get_weights(), strict=True)
    share = recipe.SHARE
    assert all(np.allclose((1 - share) * a + share * b, mean, atol=1e-6) for a, b, mean in both)
