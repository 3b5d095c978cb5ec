"""The student project's network from scratch: triplets of anchor, positive and negative, on the road cameras alone."""

import keras
import numpy as np

from demos.shared.training import recipe
from demos.vehicles import data as split
from demos.vehicles.training import data, losses, networks, validation

DATASETS = (split.DATASET,)
DATASET = "327 vehicles of two road cameras"

EPOCHS = 60
STEPS, BATCH = 20, 64  # of an epoch, and triplets of a step
RATE = 1e-3  # of Adam
MARGIN = 0.3


def train(run: recipe.Run) -> None:
    """Train, calibrate and export vehicles/baseline."""
    side = networks.SIDES["baseline"]
    sets = validation.load(run, side)
    pictures, road = data.load_road("train")
    squares, identities = data.fit_all(pictures, side), data.group(road.vehicles)
    network = networks.baseline()
    network.compile(keras.optimizers.Adam(RATE), {"embedding": losses.triplets(MARGIN)}, jit_compile=False)
    labels = {"embedding": np.zeros(3 * BATCH)}  # the order of a batch says all
    examples = 3 * BATCH * STEPS
    for epoch in run.epochs(network, run.count(EPOCHS), examples=examples, trained_on=(road.encoded, side)):
        rng, total = run.rng(epoch), []
        for _ in range(STEPS):
            x = squares[data.draw_triplets(identities, BATCH, rng)]
            total.append(float(network.train_on_batch(x, labels, return_dict=True)["loss"]))
        run.note(loss=np.mean(total), **validation.measure(network, sets))
    same = networks.baseline()  # without the optimizer, which would go into the file
    same.set_weights(network.get_weights())
    validation.finish(run, same, sets, DATASET)
