"""What the recipes do to pictures, how their optimizer steps, and that a run goes on where it ended."""

import numpy as np


def test_a_patch_is_a_square_of_a_picture_in_one_of_eight_symmetries(train, rng):
    picture = np.arange(5 * 6 * 3, dtype=np.uint8).reshape(5, 6, 3)
    small = np.zeros((3, 9, 3), np.uint8)
    found = {train.patch([([picture], 0.5), ([small, picture], 0.5)], 4, rng).tobytes() for _ in range(400)}
    windows = [picture[y : y + 4, x : x + 4] for y in range(2) for x in range(3)]
    turned = [np.rot90(window, turn) for window in windows for turn in range(4)]
    assert found == {square.tobytes() for square in turned + [square[:, ::-1] for square in turned]}


def test_a_quarter_of_the_pictures_has_other_colours(train, rng):
    pictures = rng.random((200, 4, 4, 3), np.float32)
    recoloured = pictures.copy()
    train.recolour(recoloured, rng)
    changed = (recoloured != pictures).any((1, 2, 3))
    assert 30 < changed.sum() < 70 and 0 <= recoloured.min() <= recoloured.max() <= 1


def test_a_batch_has_noise_of_every_kind_and_weights_that_even_it_out(train, rng):
    recipe = train.Blind()
    recipe.sets = [([rng.integers(60, 200, (140, 140, 3), np.uint8)], 1.0)]
    batches = [recipe.batch(0, rng) for _ in range(20)]
    noisy, clean, weight = (np.concatenate(part) for part in zip(*batches, strict=True))
    assert noisy.shape == clean.shape == (1020, 64, 64, 3) and noisy.dtype == clean.dtype == np.float32
    assert weight.shape == (1020, 1, 1)
    sigma = 255 * (noisy - clean).std((1, 2, 3))
    assert (sigma < 0.1).any() and 10 < np.median(sigma) < 35 and sigma.max() < 80
    assert weight[sigma.argmin()] == weight.max() and weight[sigma.argmax()] < weight.mean()
    assert {recipe.batch(done, rng)[0].shape[1] for done in (0, 0.3, 0.99)} == {64, 96, 128}


def test_the_autoencoder_sees_noise_of_every_level(train, rng):
    recipe = train.Autoencoder()
    recipe.sets = [([rng.integers(60, 200, (80, 80, 3), np.uint8)], 1.0)]
    noisy, clean, _ = recipe.batch(0, rng)
    sigma = 255 * (noisy - clean).std((1, 2, 3))
    assert noisy.shape == clean.shape == (16, 64, 64, 3)
    assert sigma.min() < 5 and np.median(sigma) < 20 < sigma.max() < 1.05 * recipe.LEVEL


def test_a_step_of_the_optimizer_is_orthogonal(train):
    import keras

    kernel = keras.Variable(np.zeros((3, 3, 4, 8), np.float32))
    optimizer = train.KernelMuon(0.5, rms_rate=None)
    optimizer.build([kernel])
    gradient = np.random.default_rng(0).normal(size=kernel.shape).astype(np.float32)
    optimizer.apply([keras.ops.convert_to_tensor(gradient)], [kernel])
    step = np.asarray(kernel).reshape(36, 8)
    singular = np.linalg.svd(step, compute_uv=False)
    assert 0.3 < singular.min() <= singular.max() < 0.65  # near the rate: Newton and Schulz stop early
    assert (step * gradient.reshape(36, 8)).sum() < 0


def test_a_run_goes_on_where_it_ended(train, tmp_path, monkeypatch):
    monkeypatch.setattr(train.recipes, "RUNS", tmp_path)

    class Short(train.Blind):
        MINUTES, STEPS, POLICY = 1e-3, 1, "float32"
        STAGES, fewer = ((0.0, 16, 2),), 1

        def load(self):
            self.sets = [([np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)], 1.0)]
            self.held_out = [np.zeros((16, 16, 3), np.uint8)]

    first, progress = train.trained("short", Short(), 0)
    assert progress["epoch"] == len(progress["curve"]) == 1 and progress["minutes"] > 1e-3
    again, same = train.trained("short", Short(), 0)
    assert same == progress and all(map(np.array_equal, first, again))
    Short.MINUTES = 2 * progress["minutes"]
    longer, more = train.trained("short", Short(), 0)
    assert more["epoch"] > 1 and more["curve"][0] == progress["curve"][0]
    assert not all(map(np.array_equal, first, longer))
