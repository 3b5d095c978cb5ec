"""What the recipes do to pictures, and that a run goes on where it ended."""

import sys
from functools import partial
from types import SimpleNamespace

import keras
import numpy as np

from demos.denoiser.training import autoencoder, blind, data, drawings, loop, networks
from demos.shared.training import recipe
from weights import files


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
    batches = [blind.make_batch(sets, blind.STAGES, blind.PROCESSOR_BATCH, 0, rng) for _ in range(20)]
    noisy, clean, weight, is_new = (np.concatenate(part) for part in zip(*batches, strict=True))
    assert 0.3 < is_new.mean() < 0.45 and is_new.shape == (1020,)
    assert noisy.shape == clean.shape == (1020, 64, 64, 3) and noisy.dtype == clean.dtype == np.float32
    assert weight.shape == (1020, 1, 1)
    sigma = 255 * (noisy - clean).std((1, 2, 3))
    assert (sigma < 0.1).any() and 10 < np.median(sigma) < 35 and sigma.max() < 80
    assert weight[sigma.argmin()] == weight.max() and weight[sigma.argmax()] < weight.mean()
    for stages, sides in ((blind.STAGES, [64, 96, 128]), (blind.STAGES_ON, [96, 96, 128])):
        batches = [blind.make_batch(sets, stages, blind.PROCESSOR_BATCH, done, rng) for done in (0, 0.3, 0.99)]
        assert [noisy.shape[1] for noisy, *_ in batches] == sides


def test_drawings_have_flat_colours_thin_lines_and_text(rng):
    drawn = [drawings.draw(64, rng) for _ in range(200)]
    assert all(one.shape == (64, 64, 3) and one.dtype == np.uint8 for one in drawn)
    flat = [np.unique(one.reshape(-1, 3), axis=0, return_counts=True)[1].max() / 64**2 for one in drawn]
    assert np.mean(np.greater(flat, 0.3)) > 0.4 and all(np.ptp(one) for one in drawn)
    steps = [np.abs(np.diff(one.astype(int), axis=1)).max() for one in drawn]
    assert np.mean(np.greater(steps, 100)) > 0.7


def test_a_run_goes_on_from_the_shipped_network(tmp_path, monkeypatch):
    monkeypatch.setattr(recipe, "RUNS", tmp_path)
    monkeypatch.setattr(blind, "load_patch_sets", lambda: ([([np.full((160, 160, 3), 99, np.uint8)], 1.0)], []))
    monkeypatch.setattr(blind, "PROCESSOR_BATCH", 0.01)
    monkeypatch.setattr(blind, "validate", lambda *_: {"psnr_25": 0.0})
    trained = []
    monkeypatch.setattr(loop, "finish", lambda run, network, *_, **__: trained.append((run, network.get_weights())))
    options = SimpleNamespace(seed=0, seeds=1, epochs=None, minutes=1e-3, replace=False, go_on=True)
    blind.train(recipe.Run("denoiser/blind", blind, options, 0))
    (run, weights), shipped = trained[0], run_shipped()
    assert run.account["epochs"] > 1
    assert all(np.abs(one - other).max() < 0.01 for one, other in zip(weights, shipped, strict=True))


def test_late_in_a_run_the_shipped_network_s_answers_are_kept_where_nothing_is_new():
    shipped = SimpleNamespace(predict_on_batch=lambda noisy: noisy / 2)
    noisy, is_new = np.ones((3, 4, 4, 3), np.float32), np.array([False, True, False])
    for share, wanted in ((0.5, [0, 0, 0]), (0.9, [0.5, 0, 0.5])):
        run, clean = SimpleNamespace(share=partial(float, share)), np.zeros((3, 4, 4, 3), np.float32)
        batch = noisy, clean, np.ones(3), is_new
        given, targets, weight = blind.keep_answers(run, shipped, blind.KEEP_FROM, batch)
        assert given is noisy and targets[:, 0, 0, 0].tolist() == wanted and len(weight) == 3
    rates = [blind.rate_on(blind.KEEP_FROM, share, 9999) for share in (0.1, 0.74, 0.76, 0.999)]
    assert rates[0] == blind.RATE_ON and rates[1] < rates[2] < blind.RATE_KEEP and rates[3] < 1e-5


def test_an_earlier_network_s_answers_are_kept_from_the_beginning_on(tmp_path, monkeypatch):
    monkeypatch.setattr(recipe, "RUNS", tmp_path)
    shipped = networks.blind()
    assert blind.read_teacher(shipped) == (shipped, blind.KEEP_FROM)
    earlier = networks.blind()
    (tmp_path / blind.EARLIER).parent.mkdir()
    earlier.save(tmp_path / blind.EARLIER)
    teacher, keep_from = blind.read_teacher(shipped)
    assert all(map(np.array_equal, teacher.get_weights(), earlier.get_weights()))
    assert blind.rate_on(keep_from, 0, 0) == blind.RATE_KEEP and blind.rate_on(keep_from, 1, 9999) == 0
    assert blind.read_teacher(None) == (None, blind.KEEP_FROM)  # there is nothing to go on from


def run_shipped() -> list[np.ndarray]:
    """The shipped network's weights."""
    return keras.saving.load_model(files.folder() / "denoiser/blind.keras", compile=False).get_weights()


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
        return blind.add_noise(clean, rng)[0], clean, np.ones((2, 1, 1), np.float32)

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
