"""The other student project's autoencoder: Adam and the mean squared error, on all pictures."""

import keras

from demos.retrieval.training import data, networks, reconstruction, validation
from demos.shared.training import recipe

DATASETS = data.RECONSTRUCTION_SETS

EPOCHS = 16
BATCH = 128
RATE = 2e-3  # of Adam; it falls along a cosine to nothing


def train(run: recipe.Run) -> None:
    """Train and export retrieval/autoencoder."""
    pictures = data.load_for_reconstruction(networks.SIDES["autoencoder"])
    network = networks.autoencoder()
    network.compile(keras.optimizers.Adam(RATE), {"reconstruction": "mse"}, jit_compile=False)
    reconstruction.train_to_reconstruct(run, network, pictures, run.count(EPOCHS), BATCH, RATE)
    validation.finish(run, network, data.RECONSTRUCTION_TEXT)
