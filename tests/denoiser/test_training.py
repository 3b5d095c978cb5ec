"""What the recipes do to pictures, and that a run goes on where it ended."""

import sys
from types import SimpleNamespace

import numpy as np

from demos.denoiser.training import autoencoder, blind, data, loop, networks
from demos.shared.training import recipe


def test_patch_is_a_square_of_a_picture_in_one_of_eight_symmetries(rng):
    picture = np.arange(5 * 6 * 3, dtype=np.uint8).reshape(5, 6, 3)
    small = np.zeros((3, 9, 3), np.uint8)
    cut = {data.cut_patch([([picture], 0.5), ([small, picture], 0.5)], 4, rng).tobytes() for _ in range(400)}
    windows = [picture[y : y + 4, x : x + 4] for y in range(2) for x in range(3)]
    turned = [np.rot90(window, turn) for window in windows for turn in range(4)]
    assert cut == {square.tobytes() for square in turned + [square[:, ::-1] for square in turned]}


def test_recolouring_changes_a_quarter_of_the_pictures(rng):
    pictures = rng.random((200, 4, 4, 3), np.float32)
    recoloured = pictures.copy()
    data.recolour(recoloured, rng)
    changed = (recoloured != pictures).any((1, 2, 3))
    assert 30 < changed.sum() < 70 and 0 <= recoloured.min() <= recoloured.max() <= 1


def test_blind_batch_has_noise_of_every_kind_and_weights_that_even_it_out(rng):
    sets = [([rng.integers(60, 200, (140, 140, 3), np.uint8)], 1.0)]
    batches = [blind.make_batch(sets, blind.PROCESSOR_BATCH, 0, rng) for _ in range(20)]
    noisy, clean, weight = (np.concatenate(part) for part in zip(*batches, strict=True))
    assert noisy.shape == clean.shape == (1020, 64, 64, 3) and noisy.dtype == clean.dtype == np.float32
    assert weight.shape == (1020, 1, 1)
    sigma = 255 * (noisy - clean).std((1, 2, 3))
    assert (sigma < 0.1).any() and 10 < np.median(sigma) < 35 and sigma.max() < 80
    assert weight[sigma.argmin()] == weight.max() and weight[sigma.argmax()] < weight.mean()
    sides = {blind.make_batch(sets, blind.PROCESSOR_BATCH, done, rng)[0].shape[1] for done in (0, 0.3, 0.99)}
    assert sides == {64, 96, 128}


def test_autoencoder_batch_has_noise_of_every_level(rng):
    sets = [([rng.integers(60, 200, (80, 80, 3), np.uint8)], 1.0)]
    noisy, clean, _ = autoencoder.make_batch(sets, 0, rng)
    sigma = 255 * (noisy - clean).std((1, 2, 3))
    assert noisy.shape == clean.shape == (16, 64, 64, 3)
    assert sigma.min() < 5 and np.median(sigma) < 20 < sigma.max() < 1.05 * autoencoder.LEVEL


def train(minutes: float) -> tuple[list[np.ndarray], recipe.Run]:
    """A blind network on tiny patches for a moment."""
    options = SimpleNamespace(seed=0, seeds=1, epochs=None, minutes=minutes, replace=False)
    run = recipe.Run("denoiser/short", sys.modules[__name__], options, 0)
    sets = [([np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)], 1.0)]
    network = loop.build(networks.blind, blind.optimizer, "float32")

    def make_batch(done, rng):
        clean = data.cut_patches(sets, 16, 2, rng)
        return blind.add_noise(clean, rng), clean, np.ones((2, 1, 1), np.float32)

    def validate(network):
        return blind.validate([np.zeros((16, 16, 3), np.uint8)], network)

    rate = loop.falling_rate(blind.RATE, blind.WARM_STEPS, blind.DECAY)
    options = {"minutes": minutes, "rate": rate, "steps": 1, "trained_on": sets}
    return loop.train(run, network, make_batch, validate, **options), run


def test_run_with_more_minutes_goes_on_where_it_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(recipe, "RUNS", tmp_path)
    first, run = train(1e-3)
    assert run.account["epochs"] == len(run.curve) == 1 and run.account["minutes"] > 0 and "psnr_25" in run.curve[0]
    again, same = train(1e-3)
    assert same.account == run.account and same.curve == run.curve and all(map(np.array_equal, first, again))
    longer, more = train(2 * run.account["minutes"] + 0.01)
    assert more.account["epochs"] > 1 and more.curve[0] == run.curve[0]
    assert more.account["examples"] == 2 * more.account["epochs"]
    assert not all(map(np.array_equal, first, longer))
