"""The other student project's autoencoder: Adam and the mean squared error, on all pictures."""

import keras
import numpy as np

from demos.retrieval.training import data, networks, validation
from demos.shared.training import recipe, schedule

DATASETS = data.RECONSTRUCTION_SETS

EPOCHS = 16
BATCH = 128
RATE = 2e-3  # of Adam; it falls along a cosine to nothing


def train(run: recipe.Run) -> None:
    """Train and export retrieval/autoencoder."""
    pictures = data.load_for_reconstruction(networks.SIDES["autoencoder"])
    network = networks.autoencoder()
    network.compile(keras.optimizers.Adam(RATE), {"reconstruction": "mse"}, jit_compile=False)

    epochs = run.count(EPOCHS)
    for epoch in run.epochs(network, epochs, examples=len(pictures), trained_on=pictures):
        rng, losses = run.rng(epoch), []
        for batch, share in recipe.batches(len(pictures), BATCH, rng):
            network.optimizer.learning_rate = RATE * schedule.cosine((epoch + share) / epochs)
            x = data.mirror_half(pictures[batch], rng)
            targets = {"reconstruction": x.astype("float32") / 255}
            losses.append(float(network.train_on_batch(x, targets, return_dict=True)["loss"]))
        run.note(loss=np.mean(losses))

    validation.finish(run, network, data.RECONSTRUCTION_TEXT)
