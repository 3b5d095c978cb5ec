"""A network for any noise: Gaussian of any level on most patches, cameras' and JPEG files' on the others."""

from functools import partial

import keras
import numpy as np

from demos.denoiser import noise
from demos.denoiser.data import SIGMAS
from demos.denoiser.pixels import center_crop
from demos.denoiser.training import data, loop, networks
from demos.shared import metrics
from demos.shared.training import backend, recipe
from demos.shared.training.muon import Muon

DATASETS = (("bsds", "train"), ("caltech101", "all"))
DATASET = "Berkeley photographs (280 of BSDS300, none of CBSD68), Caltech-101"

MINUTES, DECAY = 8.8, 0.6  # of an accelerator, two cores need hours; the rate falls over the last DECAY of them
STEPS = 120  # an epoch
RATE, WARM_STEPS = 2.5e-3, 200  # of Muon
WEIGHT_DECAY = 0.004  # Keras' default for Muon
# Share of the time from which on, side of the patches, patches in a batch. Large patches come late: they cost more.
STAGES = ((0.0, 64, 512), (0.15, 96, 256), (0.35, 128, 160))
PROCESSOR_BATCH = 0.1  # of an accelerator's batch, for a processor, which gains nothing by large ones
POLICY = "mixed_bfloat16"

LEVEL = 55  # sigma is uniform up to here for half of the patches
NEAR = (0.15, 0.25, 0.6)  # and for the others it is near each of the published SIGMAS as often as this says
# Shares of what is no white Gaussian noise, half of a camera's after JPEG, and of Gaussian noise in an 8-bit file.
CLEAN, EIGHT_BIT, CAMERA, JPEG = 0.03, 0.1, 0.14, 0.04
EXPONENT = 0.4  # squared errors after denoising go with about 0.57: strong noise, the harder, weighs more
SCALES = (1, 0.8, 0.64)  # of the photographs: smaller ones are sharper
OTHERS = 0.1  # share of patches from other photographs, where these are large enough
VALIDATION_SIDE = 192  # pixels of each held-out photograph


def train(run: recipe.Run) -> None:
    """Train and export denoiser/blind."""
    sets, held_out = load_patch_sets()
    network = loop.build(networks.blind, optimizer, POLICY)
    trained = loop.train(
        run,
        network,
        partial(make_batch, sets, 1.0 if backend.is_accelerated() else PROCESSOR_BATCH),
        partial(validate, held_out),
        minutes=run.total_minutes(MINUTES),
        rate=loop.falling_rate(RATE, WARM_STEPS, DECAY),
        steps=STEPS,
        trained_on=sets,
    )
    network = networks.blind()
    network.set_weights(trained)
    loop.finish(run, networks.name_output(network), "psnr_25", DATASET, precision="int8")


def optimizer() -> Muon:
    """Muon for a network of convolutions without biases."""
    return Muon(RATE, weight_decay=WEIGHT_DECAY, **loop.EMA)


def load_patch_sets() -> tuple[list[data.PatchSet], list[np.ndarray]]:
    """What patches are cut from, and crops of held-out photographs, uint8 (VALIDATION_SIDE, VALIDATION_SIDE, 3)."""
    photographs, held_out = data.photographs()
    areas = np.square(SCALES) / np.square(SCALES).sum()
    sets = [
        ([data.reduce(photograph, scale) for photograph in photographs], float((1 - OTHERS) * area))
        for scale, area in zip(SCALES, areas, strict=True)
    ]
    sets.append((data.other_photographs(), OTHERS))
    return sets, [center_crop(photograph, VALIDATION_SIDE) for photograph in held_out]


def make_batch(sets: list[data.PatchSet], size: float, done: float, rng: np.random.Generator) -> tuple:
    """Noisy and clean float32 (N, side, side, 3), and the weight of each patch, float (N, 1, 1).

    size: of the batch, as a share of an accelerator's. done: share of the time.
    """
    _, side, count = max(stage for stage in STAGES if stage[0] <= done)
    clean = data.cut_patches(sets, side, int(count * size), rng)
    noisy = add_noise(clean, rng)
    before = np.square(noisy - clean).mean((1, 2, 3)) + (2 / 255) ** 2
    return noisy, clean, (100 * before**-EXPONENT)[:, None, None]


def add_noise(clean: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """float32 (N, H, W, 3) -> the same with noise of a kind and a level drawn for each."""
    count = len(clean)
    near = rng.choice(SIGMAS, count, p=NEAR) * rng.uniform(0.9, 1.1, count)
    sigma = np.where(rng.random(count) < 0.5, near, rng.uniform(0, LEVEL, count))
    shares = np.array([CLEAN, EIGHT_BIT, CAMERA, JPEG])
    kinds = rng.choice(5, count, p=[1 - shares.sum(), *shares])
    sigma[kinds == 1] = 0
    noisy = noise.gaussian(clean, sigma[:, None, None, None], rng)
    for i in np.flatnonzero(kinds == 3):
        noisy[i] = noise.camera(clean[i], 0.7 * sigma[i], rng)
        if rng.random() < 0.5:
            noisy[i] = noise.jpeg(noisy[i], int(rng.integers(75, 99)))
    for i in np.flatnonzero(kinds == 4):
        noisy[i] = noise.jpeg(noise.gaussian(clean[i], 0.5 * sigma[i], rng), int(rng.integers(60, 97)))
    noisy[kinds >= 2] = noise.clip_and_round(noisy[kinds >= 2])
    return noisy


def validate(held_out: list[np.ndarray], network: keras.Model) -> dict[str, float]:
    """PSNR, in dB, on held-out pictures, uint8, all of one shape, at each of SIGMAS."""
    clean = np.stack(held_out).astype(np.float32) / 255
    psnr = {}
    for sigma in SIGMAS:
        noisy = noise.gaussian(clean, sigma, np.random.default_rng(sigma))
        restored = network.predict(noisy, 4, verbose=0).clip(0, 1)
        psnr[f"psnr_{sigma}"] = float(np.mean([metrics.psnr(*pair) for pair in zip(restored, clean, strict=True)]))
    return psnr
