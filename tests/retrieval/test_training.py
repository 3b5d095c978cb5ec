"""What the recipes do to pictures and features, and what they may see."""

import numpy as np
import pytest

from demos.retrieval.data import TEST, VALIDATION
from demos.retrieval.training import data, distillation, validation
from demos.shared.gallery.gallery import l2_normalize
from demos.shared.training import schedule


def test_test_and_validation_categories_are_apart():
    assert len(set(TEST)) == 31 and len(set(VALIDATION)) == 12
    assert not set(TEST) & set(VALIDATION)


def test_windows_are_parts_and_half_of_them_are_mirrored(rng):
    pictures = rng.integers(0, 256, (40, 12, 12, 3), np.uint8)
    cut = data.cut_windows(pictures, 10, rng)
    assert all(
        any((picture[y : y + 10, x : x + 10] == part).all() for y in range(3) for x in range(3))
        for picture, part in zip(pictures, cut, strict=True)
    )
    turned = data.mirror_half(pictures, rng)
    same = (turned == pictures).all((1, 2, 3))
    assert 5 < same.sum() < 35 and (turned[~same] == pictures[~same, :, ::-1]).all()


def test_cosine_rates_rise_for_a_moment_and_fall_to_nothing():
    rates = [schedule.cosine(done) for done in np.linspace(0, 1, 101)]
    assert rates[0] < 0.05 and max(rates) > 0.95 and np.argmax(rates) < 10 and rates[-1] == pytest.approx(0)


def test_features_are_centred_and_brought_to_their_principal_axes(rng):
    features = rng.normal(size=(200, 8)) * [9, 5, 3, 1, 1, 1, 1, 1] + 4
    assert np.allclose(np.linalg.norm(distillation.center(features), axis=1), 1)
    flat = distillation.project(features, 3)
    assert flat.shape == (200, 3) and np.allclose(np.linalg.norm(flat, axis=1), 1, atol=1e-5)
    assert abs(np.corrcoef(flat[:, 0], features[:, 0])[0, 1]) > 0.8


def test_fitted_projection_gives_linear_targets(rng):
    import keras

    picture = keras.Input((6,))
    projection = keras.layers.Dense(2, name="projection")(keras.layers.Identity(name="pool")(picture))
    network = keras.Model(picture, projection)
    pictures = rng.normal(size=(100, 6)).astype("float32")
    targets = pictures @ rng.normal(size=(6, 2)) + 3
    distillation.fit_projection(network, pictures, targets, ridge=1e-6)
    assert np.allclose(network.predict(pictures, verbose=0), targets, atol=1e-2)


def test_similarity_threshold_lies_between_pairs_of_one_category_and_of_two():
    angles = np.array([0, 0.1, 1.5, 1.6, 3.0, 3.1])
    embeddings = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    value = validation.similarity_threshold(embeddings, np.array([0, 0, 1, 1, 2, 2]), {})
    assert np.cos(1.3) < value <= np.cos(0.1) + 1e-9


def test_expanded_matches_are_calibrated_anew_and_start_where_one_kind_is_sure(rng):
    labels = np.repeat(np.arange(8), 12)
    embeddings = l2_normalize(np.eye(16)[labels] + rng.normal(scale=0.3, size=(96, 16)))
    plain, expanded = (validation.calibrate(embeddings, labels, is_expanded) for is_expanded in (False, True))
    assert plain.keys() == {"similarity", "kind_similarity", "kind_slope"}
    assert expanded.keys() - plain.keys() == {"expanded_from", "neighbours"} and plain.keys() <= expanded.keys()
    margin = plain["kind_slope"] * (expanded["expanded_from"] - plain["kind_similarity"])
    assert 1 / (1 + np.exp(-margin)) == pytest.approx(validation.SURE, abs=0.002)
    assert expanded["kind_similarity"] != plain["kind_similarity"]
