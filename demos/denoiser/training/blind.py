"""A network for any noise: Gaussian of any level on half of the patches, cameras' and JPEG files' on the others."""

from functools import partial

import keras
import numpy as np
from keras import ops

from demos.denoiser import camera, noise
from demos.denoiser.data import SIGMAS
from demos.denoiser.pixels import center_crop
from demos.denoiser.training import data, drawings, loop, networks
from demos.shared import metrics
from demos.shared.training import backend, recipe, schedule
from demos.shared.training.muon import Muon

DATASETS = (("bsds", "train"), ("caltech101", "all"))
DATASET = "Berkeley photographs (280 of BSDS300, none of CBSD68), Caltech-101"

MINUTES, DECAY = 8.8, 0.6  # of an accelerator, two cores need hours; the rate falls over the last DECAY of them
STEPS = 120  # an epoch
RATE, WARM_STEPS = 2.5e-3, 200  # of Muon
# From shipped weights first what is new is learned, then to answer as the shipped network does on all that is not.
CAN_GO_ON, RATE_ON, KEEP_FROM, RATE_KEEP = True, 6e-4, 0.75, 2.5e-4
# Among the runs, a network before the shipped one, if there is one: its answers are kept, and from the beginning on.
EARLIER = "denoiser/earlier.keras"
SHARE_ON = 0.9  # of the trained weights in their average with the shipped ones: chosen on held-out photographs
WEIGHT_DECAY = 0.004  # Keras' default for Muon
# Share of the time from which on, side of the patches, patches in a batch. Large patches come late: they cost more.
STAGES = ((0.0, 64, 512), (0.15, 96, 256), (0.35, 128, 160))
STAGES_ON = ((0.0, 96, 256), (0.7, 128, 160))  # from shipped weights
PROCESSOR_BATCH = 0.1  # of an accelerator's batch, for a processor, which gains nothing by large ones

LEVEL = 55  # sigma is uniform up to here for half of the patches
NEAR = (0.15, 0.25, 0.6)  # and for the others it is near each of the published SIGMAS as often as this says
# Shares of what is no white Gaussian noise, half of a sensor's after JPEG, and of Gaussian noise in an 8-bit file.
CLEAN, EIGHT_BIT, SENSOR, PHOTOGRAPH, JPEG = 0.08, 0.08, 0.12, 0.3, 0.03
DRAWN = 0.08  # share of patches that are drawings
EXPONENT = 0.4  # squared errors after denoising go with about 0.57: strong noise, the harder, weighs more
SCALES = (1, 0.8, 0.64)  # of the photographs: smaller ones are sharper
OTHERS = 0.1  # share of patches from other photographs, where these are large enough
VALIDATION_SIDE = 192  # pixels of each held-out photograph


def train(run: recipe.Run) -> None:
    """Train and export denoiser/blind."""
    sets, held_out = load_patch_sets()
    network = loop.build(networks.blind, optimizer, backend.fastest_policy())
    shipped = read_shipped(run)
    teacher, keep_from = read_teacher(shipped)
    if shipped:
        network.set_weights(shipped.get_weights())
    size = 1.0 if backend.is_accelerated() else PROCESSOR_BATCH
    trained = loop.train(
        run,
        network,
        partial(make_batch, sets, STAGES_ON if shipped else STAGES, size),
        partial(validate, held_out),
        minutes=run.total_minutes(MINUTES),
        rate=partial(rate_on, keep_from) if shipped else loop.falling_rate(RATE, WARM_STEPS, DECAY),
        adapt=partial(keep_answers, run, teacher, keep_from),
        steps=STEPS,
        trained_on=sets,
    )
    if shipped:
        pairs = zip(shipped.get_weights(), trained, strict=True)
        trained = [(1 - SHARE_ON) * before + SHARE_ON * after for before, after in pairs]
        network.set_weights(trained)
        run.curve[-1] |= validate(held_out, network)
    network = networks.blind()
    network.set_weights(trained)
    loop.finish(run, networks.name_output(network), "psnr_photograph", DATASET, precision="int8")


def read_shipped(run: recipe.Run) -> keras.Model | None:
    """With --go-on the shipped network, as fast as the one that is trained; otherwise None."""
    shipped = run.shipped("denoiser/blind")
    return shipped and _copy(shipped)


def read_teacher(shipped: keras.Model | None) -> tuple[keras.Model | None, float]:
    """The network whose answers are kept, and from which share of the time on: EARLIER, or else the shipped one."""
    earlier = recipe.RUNS / EARLIER
    if shipped and earlier.exists():
        return _copy(keras.saving.load_model(earlier, compile=False)), 0.0
    return shipped, KEEP_FROM


def _copy(network: keras.Model) -> keras.Model:
    copy = loop.build(networks.blind, optimizer, backend.fastest_policy())
    copy.set_weights(network.get_weights())
    return copy


def rate_on(keep_from: float, share: float, step: int) -> float:
    """The learning rate from shipped weights: it falls to nothing before and after `keep_from`."""
    if share < keep_from:
        return RATE_ON * schedule.plateau(share / keep_from, step, WARM_STEPS, DECAY)
    return RATE_KEEP * (1 - share) / (1 - keep_from)


def keep_answers(run: recipe.Run, teacher: keras.Model | None, keep_from: float, batch: tuple) -> tuple:
    """What `make_batch` gives without its last part; from `keep_from` on with a teacher's answers as targets."""
    noisy, clean, weight, is_new = map(np.asarray, batch)
    if teacher and run.share() >= keep_from and not is_new.all():
        clean[~is_new] = ops.convert_to_numpy(teacher.predict_on_batch(noisy[~is_new]))
    return noisy, clean, weight


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


def make_batch(sets: list[data.PatchSet], stages: tuple, size: float, done: float, rng: np.random.Generator) -> tuple:
    """Noisy and clean float32 (N, side, side, 3), the weight of each patch, float (N, 1, 1), and whether it is drawn or
    what a camera stores, bool (N,).

    stages: as STAGES. size: of the batch, as a share of an accelerator's. done: share of the time.
    """
    _, side, count = max(stage for stage in stages if stage[0] <= done)
    clean = data.cut_patches(sets, side, int(count * size), rng)
    is_drawn = rng.random(len(clean)) < DRAWN
    for i in np.flatnonzero(is_drawn):
        clean[i] = drawings.draw(side, rng) / np.float32(255)
    noisy, is_stored = add_noise(clean, rng)
    before = np.square(noisy - clean).mean((1, 2, 3)) + (2 / 255) ** 2
    return noisy, clean, (100 * before**-EXPONENT)[:, None, None], is_drawn | is_stored


def add_noise(clean: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """float32 (N, H, W, 3) -> the same with noise of a kind and a level drawn for each, and which a camera stores.

    What a camera would store without noise takes the place of what it stores with it.
    """
    count = len(clean)
    near = rng.choice(SIGMAS, count, p=NEAR) * rng.uniform(0.9, 1.1, count)
    sigma = np.where(rng.random(count) < 0.5, near, rng.uniform(0, LEVEL, count))
    shares = np.array([CLEAN, EIGHT_BIT, SENSOR, PHOTOGRAPH, JPEG])
    kinds = rng.choice(6, count, p=[1 - shares.sum(), *shares])
    sigma[kinds == 1] = 0
    noisy = noise.gaussian(clean, sigma[:, None, None, None], rng)
    for i in np.flatnonzero(kinds == 3):
        noisy[i] = camera.develop(clean[i], 0.7 * sigma[i], rng)
        if rng.random() < 0.5:
            noisy[i] = noise.jpeg(noisy[i], int(rng.integers(75, 99)))
    for i in np.flatnonzero(kinds == 4):
        noisy[i], clean[i] = camera.photograph(clean[i], rng)
    for i in np.flatnonzero(kinds == 5):
        noisy[i] = noise.jpeg(noise.gaussian(clean[i], 0.5 * sigma[i], rng), int(rng.integers(60, 97)))
    noisy[kinds >= 2] = noise.clip_and_round(noisy[kinds >= 2])
    return noisy, kinds == 4


def validate(held_out: list[np.ndarray], network: keras.Model) -> dict[str, float]:
    """PSNR, in dB, on held-out pictures, uint8, all of one shape, at each of SIGMAS and as photographs of cameras."""
    clean = np.stack(held_out).astype(np.float32) / 255
    photographs = [camera.photograph(picture, np.random.default_rng(number)) for number, picture in enumerate(clean)]
    pairs = {f"{sigma}": (noise.gaussian(clean, sigma, np.random.default_rng(sigma)), clean) for sigma in SIGMAS}
    pairs["photograph"] = tuple(np.stack(part) for part in zip(*photographs, strict=True))
    psnr = {}
    for name, (noisy, wanted) in pairs.items():
        restored = network.predict(noisy, 4, verbose=0).clip(0, 1)
        psnr[f"psnr_{name}"] = float(np.mean([metrics.psnr(*pair) for pair in zip(restored, wanted, strict=True)]))
    return psnr
