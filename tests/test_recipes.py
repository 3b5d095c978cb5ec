"""Training that goes on where it stopped, and how answers are calibrated."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def recipes():
    from demos import recipes

    return recipes


def test_a_run_that_was_broken_off_goes_on_after_its_last_whole_epoch(recipes, tmp_path, monkeypatch):
    import keras

    monkeypatch.setattr(recipes, "RUNS", tmp_path)
    x, y = np.ones((4, 1), np.float32), np.zeros((4, 1), np.float32)

    def network():
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile(keras.optimizers.SGD(0.1, momentum=0.9), "mse", jit_compile=False)
        return model

    def train(model, epochs, breaks_at=None):
        done = []

        def epoch(n):
            if n == breaks_at:
                raise KeyboardInterrupt
            model.train_on_batch(x, y)
            done.append(n)

        return recipes.trained("toy/net", 0, model, epochs, epoch), done

    first = network()
    kernel = first.get_weights()
    with pytest.raises(KeyboardInterrupt):
        train(first, 5, breaks_at=3)
    second = network()
    how, done = train(second, 5)
    assert done == [3, 4] and how["epochs"] == 5 and {"keras", "numpy"} <= set(how["versions"])

    monkeypatch.setattr(recipes, "RUNS", tmp_path / "other")
    whole = network()
    whole.set_weights(kernel)
    train(whole, 5)
    for one, other in zip(second.get_weights(), whole.get_weights(), strict=True):
        assert np.allclose(one, other, atol=1e-6)  # the optimizer's momentum came back too


@pytest.mark.parametrize("true", [0.5, 1.0, 2.0])
def test_the_temperature_is_the_one_at_which_answers_are_right_as_often_as_they_say(recipes, true):
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(20_000, 10)) * 2
    powers = np.exp(logits)
    cumulated = np.cumsum(powers / powers.sum(1, keepdims=True), axis=1)
    labels = (cumulated < rng.random((20_000, 1))).sum(1).clip(max=9)
    assert recipes.temperature(logits * true, labels) == pytest.approx(true, rel=0.05)


@pytest.mark.parametrize("accelerated", [False, True])
def test_what_is_made_ahead_comes_in_order_and_is_asked_for_as_it_is_needed(recipes, monkeypatch, accelerated):
    if accelerated:
        pytest.importorskip("torch", reason="with an accelerator PyTorch's processes make batches")
        monkeypatch.setattr(recipes, "accelerated", lambda: True)
    asked = []

    def jobs():
        for number in range(1000):
            asked.append(number)
            yield number, 2

    made = recipes.made(lambda number, factor: np.full(3, factor * number), jobs())
    assert [int(next(made)[0]) for _ in range(20)] == list(range(0, 40, 2))
    assert len(asked) < 100
