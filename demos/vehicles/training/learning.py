"""How our network is trained, with rendered vehicles or without."""

import itertools
from collections.abc import Iterator
from functools import partial

import keras
import numpy as np

from demos.shared.training import backend, imagenet, recipe, schedule
from demos.vehicles import data as split
from demos.vehicles.training import data, losses, networks, validation

DATASETS = (split.DATASET, data.CARS_SET)
PRETRAINED = (imagenet.EFFICIENTNET_LITE0,)

BATCH, PROCESSOR_BATCH = 48, 12  # identities, of an accelerator and of a processor
SHARES = {"road": 28, "rendered": 12, "cars": 8}  # of a batch
CAMERAS = 6  # that see a rendered vehicle
STEPS = 60  # an epoch
RATE = 3e-4  # of AdamW; it falls along a cosine to nothing
WARM = 0.08  # share of the time over which the rate rises
WEIGHT_DECAY = 0.01
WEIGHTS = {"embedding": 1.0, "identity": 1.0, "model": 0.2}  # of the losses: triplets, vehicles, models of cars


def train(run: recipe.Run, minutes: float, rendered: int) -> tuple[keras.Model, dict]:
    """Train for so many minutes, with so many rendered vehicles. Returns the network as it is served, and sets.

    The sets are those of `validation.load`. Raises data.Absent.
    """
    sets = validation.load(run, networks.SIDES["embedding"])
    road, cars = split.load_road("train"), data.load_cars()
    identities = len(np.unique(road.vehicles)) + rendered
    network = build(identities, cars.count)
    view = networks.served(network)
    settings = BATCH, SHARES, CAMERAS, STEPS, RATE, WARM, WEIGHT_DECAY, WEIGHTS
    trained_on = road.encoded, cars.encoded, rendered, settings
    batches = None
    for epoch in run.minutes(network, run.total_minutes(minutes), trained_on=trained_on):
        batches = batches or _prepare_batches(run, load_sources(run, road, cars, rendered), epoch)
        loss = _train_epoch(run, network, batches)
        run.note(loss=loss, **validation.measure(view, sets))
    same = networks.embedding(identities, cars.count)
    same.set_weights(network.get_weights())
    return networks.served(same), sets


def load_sources(run: recipe.Run, road: split.Pictures, cars: data.Cars, rendered: int) -> list[data.Source]:
    """What a batch is drawn from: vehicles of the road cameras, so many rendered ones, cars."""
    sources = [data.Source(data.decode_all(road.encoded), data.group(road.vehicles), SHARES["road"], 0)]
    if rendered:
        pictures, vehicles, _ = data.render_vehicles(run, "train", 0, rendered, CAMERAS)
        sources.append(data.Source(pictures, data.group(vehicles), SHARES["rendered"], len(sources[0].identities)))
    first = sum(len(source.identities) for source in sources)
    alone = [np.array([number]) for number in range(len(cars.encoded))]
    return [*sources, data.Source(data.decode_all(cars.encoded), alone, SHARES["cars"], first, cars.models)]


def build(identities: int, models: int) -> keras.Model:
    """The network, compiled; in bfloat16 on an accelerator."""
    with backend.dtype_policy("mixed_bfloat16" if backend.is_accelerated() else "float32"):
        network = networks.embedding(identities, models)
    cross_entropy = losses.smoothed_cross_entropy
    terms = {"embedding": losses.batch_hard, "identity": cross_entropy, "model": cross_entropy}
    optimizer = keras.optimizers.AdamW(RATE, weight_decay=WEIGHT_DECAY, clipnorm=5.0)
    network.compile(optimizer, terms, loss_weights=WEIGHTS, jit_compile=False)
    return network


def _prepare_batches(run: recipe.Run, sources: list[data.Source], epoch: int) -> Iterator[tuple]:
    size = BATCH if backend.is_accelerated() else PROCESSOR_BATCH
    make = partial(data.make_batch, sources, size, networks.SIDES["embedding"])
    return backend.prefetch(make, ((run.rng(epoch, step),) for step in itertools.count()))


def _train_epoch(run: recipe.Run, network: keras.Model, batches: Iterator[tuple]) -> float:
    """Train for STEPS, fewer, but one, if the time is up before. Returns the mean loss."""
    total = []
    for share in run.steps(STEPS):
        x, y = next(batches)
        network.optimizer.learning_rate = RATE * schedule.cosine(share, WARM)
        total.append(float(network.train_on_batch(x, y, return_dict=True)["loss"]))
        run.add_examples(len(x))
    return float(np.mean(total))
