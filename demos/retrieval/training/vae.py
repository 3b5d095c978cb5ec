"""A variational autoencoder: the evidence lower bound (arXiv:1312.6114) of pixels with Gaussian noise."""

import keras
from keras import ops

from demos.retrieval.training import data, networks, reconstruction, validation
from demos.shared.training import recipe

DATASETS = data.RECONSTRUCTION_SETS

EPOCHS = 14
BATCH = 64
RATE = 1e-3  # of Adam; it falls along a cosine to nothing
NOISE = 0.12  # deviation of pixels, white is 1: the less, the sharper the pictures, the less even the latent space


def train(run: recipe.Run) -> None:
    """Train and export retrieval/vae and retrieval/decoder."""
    pictures = data.load_for_reconstruction(networks.SIDES["vae"])
    encoder, decoder = networks.vae_encoder(), networks.vae_decoder()
    latent = networks.Posterior(name="posterior")([encoder.output["mean"], encoder.output["log_variance"]])
    network = keras.Model(encoder.input, {"reconstruction": decoder(latent)["reconstruction"]})
    network.compile(keras.optimizers.Adam(RATE), {"reconstruction": negative_log_likelihood}, jit_compile=False)
    reconstruction.train_to_reconstruct(run, network, pictures, run.count(EPOCHS), BATCH, RATE)
    validation.finish(run, networks.vae(encoder), data.RECONSTRUCTION_TEXT)
    options = {"dataset": data.RECONSTRUCTION_TEXT, "revision": data.REVISION}
    run.finish(decoder, name="retrieval/decoder", held_out=run.held_out, **options)


def negative_log_likelihood(pictures, reconstructions):
    """Of float (N, H, W, 3), up to a constant, each pixel with the deviation NOISE -> float (N,)."""
    return ops.sum(ops.square(pictures - reconstructions), axis=(1, 2, 3)) / (2 * NOISE**2)
