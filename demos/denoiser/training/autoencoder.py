"""The network of the student project: 64x64 pixels, Gaussian noise of any level, Adam, mean squared error."""

from functools import partial

import keras
import numpy as np

from demos.denoiser import noise
from demos.denoiser.data import SMALL_SIGMAS, vehicles
from demos.denoiser.pixels import SIDE, center_crop
from demos.denoiser.training import data, loop, networks
from demos.shared.training import recipe

DATASETS = (("bsds", "train"), ("caltech101", "all"), ("vehicles", "train"))
DATASET = "vehicles from road cameras (814), Berkeley photographs (280 of BSDS300, none of CBSD68), Caltech-101"

MINUTES, DECAY = 30, 0.8  # of two cores; the rate falls over the last DECAY of them
STEPS, BATCH = 200, 16  # steps in an epoch
RATE, WARM_STEPS = 3e-4, 100  # of Adam; higher rates destroy the lossless start
POLICY = "float32"  # what bfloat16 rounds off on the way is as much as the noise

LEVEL = 60  # sigma is up to here; half of the patches have a fourth of it at most
VEHICLES = 0.3  # share of patches: the project's pictures
SCALES = (1, 0.7, 0.5, 0.35)  # of the photographs: windows of 64 pixels shall show things, not only their surface


def train(run: recipe.Run) -> None:
    """Train and export denoiser/autoencoder."""
    sets, held_out = load_patch_sets()
    network = loop.build(networks.autoencoder, partial(keras.optimizers.Adam, RATE, **loop.EMA), POLICY)
    trained = loop.train(
        run,
        network,
        partial(make_batch, sets),
        partial(validate, held_out),
        minutes=run.total_minutes(MINUTES),
        rate=loop.falling_rate(RATE, WARM_STEPS, DECAY),
        steps=STEPS,
        trained_on=sets,
    )
    network = networks.autoencoder()
    network.set_weights(trained)
    # Half precision costs what the lossless start has won.
    loop.finish(run, networks.name_output(network), "mse_10", DATASET, precision="float32")


def load_patch_sets() -> tuple[list[data.PatchSet], list[np.ndarray]]:
    """What patches are cut from, and the middle of held-out photographs and vehicles, uint8 (64, 64, 3)."""
    photographs, held_out = data.photographs()
    natural = [data.reduce(photograph, scale) for scale in SCALES for photograph in photographs]
    natural += data.other_photographs()
    sets = [(natural, 1 - VEHICLES), (vehicles("train"), VEHICLES)]
    return sets, [center_crop(picture, SIDE) for picture in (*held_out, *vehicles("validation"))]


def make_batch(sets: list[data.PatchSet], done: float, rng: np.random.Generator) -> tuple:
    """Noisy and clean float32 (N, 64, 64, 3), all of one weight."""
    clean = data.cut_patches(sets, SIDE, BATCH, rng)
    sigma = LEVEL * np.square(rng.random((BATCH, 1, 1, 1)))
    return noise.gaussian(clean, sigma, rng), clean, None


def validate(held_out: list[np.ndarray], network: keras.Model) -> dict[str, float]:
    """Mean squared error on held-out pictures, uint8 (64, 64, 3), at each of SMALL_SIGMAS."""
    clean = np.stack(held_out).astype(np.float32) / 255
    mse = {}
    for sigma in SMALL_SIGMAS:
        noisy = noise.gaussian(clean, sigma, np.random.default_rng(sigma))
        mse[f"mse_{sigma}"] = float(np.square(network.predict(noisy, 32, verbose=0) - clean).mean())
    return mse
