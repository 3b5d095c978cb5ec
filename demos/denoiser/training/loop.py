"""The training loop of both recipes: minutes decide, the learning rate falls with them, and weights are averaged."""

import itertools
from collections.abc import Callable, Iterator

import keras
import numpy as np

from demos.shared.training import backend, recipe, schedule
from demos.shared.training.averaging import averaged

EMA = {"use_ema": True, "ema_momentum": 0.995}  # the average of the last weights is better than the last weights


def build(architecture: Callable, optimizer: Callable[[], keras.optimizers.Optimizer], policy: str) -> keras.Model:
    """A network, compiled for the mean squared error. policy: of dtypes, inside it."""
    with backend.dtype_policy(policy):
        network = architecture(backend.fastest_format())
    network.compile(optimizer(), "mse", jit_compile=False)
    return network


def train(
    run: recipe.Run,
    network: keras.Model,
    make_batch: Callable[[float, np.random.Generator], tuple],
    validate: Callable[[keras.Model], dict[str, float]],
    *,
    minutes: float,
    rate: Callable[[float, int], float],
    steps: int,
    trained_on,
    adapt: Callable[[tuple], tuple] = tuple,
) -> list[np.ndarray]:
    """Train a compiled network. Returns the averaged weights.

    make_batch: share of the time, random numbers -> noisy, clean, weights. validate: network -> figures of an epoch.
    rate: share of the time, number of the step -> learning rate. steps: in an epoch. adapt: what make_batch gave ->
    noisy, clean, weights, where that needs a network.
    """
    batches = None
    for epoch in run.minutes(network, minutes, trained_on=(trained_on, EMA)):
        batches = batches or map(adapt, backend.prefetch(make_batch, _jobs(run, epoch)))
        loss = _train_epoch(run, network, batches, rate, steps)
        with averaged(network):
            run.note(**validate(network), loss=loss)
    with averaged(network):
        return network.get_weights()


def _jobs(run: recipe.Run, epoch: int) -> Iterator[tuple[float, np.random.Generator]]:
    return ((run.share(), run.rng(epoch, step)) for step in itertools.count())


def _train_epoch(run: recipe.Run, network: keras.Model, batches: Iterator[tuple], rate: Callable, steps: int) -> float:
    """Train for so many steps, fewer, but one, if the time is up before. Returns the last loss."""
    for share in run.steps(steps):
        noisy, clean, weight = next(batches)
        network.optimizer.learning_rate = rate(share, int(network.optimizer.iterations))
        loss = float(network.train_on_batch(noisy, clean, sample_weight=weight))
        run.add_examples(len(clean))
    return loss


def falling_rate(rate: float, warm_steps: int, decay: float) -> Callable[[float, int], float]:
    """A rate that rises over the first steps, and falls to nothing over the last share `decay` of the time."""
    return lambda share, step: rate * schedule.plateau(share, step, warm_steps, decay)


def finish(run: recipe.Run, network: keras.Model, watched: str, dataset: str, **options) -> None:
    """Export a network with trained weights. watched: the figure whose course the manifest keeps."""
    curve = {key: [round(point[key], 5) for point in run.curve] for key in ("minutes", watched)}
    held_out = {key: value for key, value in run.curve[-1].items() if key != "minutes"}
    run.finish(network, dataset=dataset, revision="as JPEG and WebP files", held_out=held_out, curve=curve, **options)
