"""The recipes: `python -m demos.denoiser.train NETWORK` trains and exports weights/denoiser/NETWORK.

Fastest with KERAS_BACKEND=torch. Pictures come from $LOUPE_DATA (`demos.data`). A run that was broken off goes on
after its last whole epoch; with more --minutes it goes on from where it ended. The last 20 photographs of
`bsds/train` are held out: whatever is chosen is chosen on them, and the standard test pictures are never read.
"""

import argparse
import contextlib
import itertools
import json
import time
from collections.abc import Callable, Iterator

import keras
import numpy as np
from keras import ops

from demos import data, images, metrics, recipes
from demos.denoiser import evaluate, networks, noise
from demos.denoiser.evaluate import SIGMAS, middle
from demos.denoiser.predict import SIDE
from weights import files

HELD_OUT = 20


class Blind:
    """Gaussian noise of any level on most patches, the noise of cameras and of JPEG files on the others.

    Time decides: MINUTES of training in all, at a stable rate and then, over the last DECAY of them, down to none.
    """

    MINUTES, DECAY = 8.8, 0.6  # of an accelerator; two cores need hours
    STEPS = 120  # an epoch
    RATE, WARM_STEPS = 2.5e-3, 200
    # Share of the time from which on, side of the patches, patches in a batch.
    STAGES = ((0.0, 64, 512), (0.15, 96, 256), (0.35, 128, 160))
    fewer = 10  # times smaller are batches on a processor, which gains nothing by large ones
    LEVEL = 55  # sigma is uniform up to here for half of the patches
    NEAR = (0.15, 0.25, 0.6)  # and for the others it is near each of the published SIGMAS as often as this says
    # Shares of what is no white Gaussian noise, half of a camera's after JPEG, and of Gaussian noise in an 8-bit file.
    CLEAN, EIGHT_BIT, CAMERA, JPEG = 0.03, 0.1, 0.14, 0.04
    EXPONENT = 0.4  # squared errors after denoising go with about 0.57: strong noise, the harder, weighs more
    SCALES = (1, 0.8, 0.64)
    OTHERS = 0.1  # share of patches from other photographs, where these are large enough
    POLICY = "mixed_bfloat16"
    WATCHED = "psnr_25"
    DATASET = "Berkeley photographs (280 of BSDS300, none of CBSD68), Caltech-101"
    architecture = staticmethod(networks.blind)

    def compile(self, network):
        network.compile(KernelMuon(self.RATE, use_ema=True, ema_momentum=0.995), "mse", jit_compile=False)

    def load(self):
        if recipes.accelerated():
            self.fewer = 1
        photographs = decoded("bsds", "train")
        self.held_out = [middle(photograph, 192) for photograph in photographs[-HELD_OUT:]]
        areas = np.square(self.SCALES) / np.square(self.SCALES).sum()
        self.sets = [
            ([reduced(photograph, scale) for photograph in photographs[:-HELD_OUT]], (1 - self.OTHERS) * area)
            for scale, area in zip(self.SCALES, areas, strict=True)
        ]
        # At half of their size little is left of what compression did to them.
        self.sets.append(([reduced(picture, 0.5) for picture in decoded("caltech101", "all")], self.OTHERS))

    def batch(self, done, rng):
        """Noisy and clean float32 (N, side, side, 3), and the weight of each patch, float (N, 1, 1)."""
        _, side, count = max(stage for stage in self.STAGES if stage[0] <= done)
        clean = np.stack([patch(self.sets, side, rng) for _ in range(count // self.fewer)]).astype(np.float32) / 255
        recolour(clean, rng)
        noisy = self.noisy(clean, rng)
        before = np.square(noisy - clean).mean((1, 2, 3)) + (2 / 255) ** 2
        return noisy, clean, (100 * before**-self.EXPONENT)[:, None, None]

    def noisy(self, clean, rng):
        count = len(clean)
        near = rng.choice(SIGMAS, count, p=self.NEAR) * rng.uniform(0.9, 1.1, count)
        sigma = np.where(rng.random(count) < 0.5, near, rng.uniform(0, self.LEVEL, count))
        shares = np.array([self.CLEAN, self.EIGHT_BIT, self.CAMERA, self.JPEG])
        kinds = rng.choice(5, count, p=[1 - shares.sum(), *shares])
        sigma[kinds == 1] = 0
        noisy = noise.gaussian(clean, sigma[:, None, None, None], rng)
        for i in np.flatnonzero(kinds == 3):
            noisy[i] = noise.camera(clean[i], 0.7 * sigma[i], rng)
            if rng.random() < 0.5:
                noisy[i] = noise.jpeg(noisy[i], int(rng.integers(75, 99)))
        for i in np.flatnonzero(kinds == 4):
            noisy[i] = noise.jpeg(noise.gaussian(clean[i], 0.5 * sigma[i], rng), int(rng.integers(60, 97)))
        noisy[kinds >= 2] = noise.seen(noisy[kinds >= 2])
        return noisy

    def validate(self, network):
        """PSNR, in dB, on the middle of the held-out photographs at each sigma of SIGMAS."""
        clean = np.stack(self.held_out).astype(np.float32) / 255
        found = {}
        for sigma in SIGMAS:
            noisy = noise.gaussian(clean, sigma, np.random.default_rng(sigma))
            restored = network.predict(noisy, 4, verbose=0).clip(0, 1)
            found[f"psnr_{sigma}"] = float(np.mean([metrics.psnr(*pair) for pair in zip(restored, clean, strict=True)]))
        return found


class Autoencoder:
    """64x64 pixels of vehicles and of photographs, Gaussian noise of any level, Adam, mean squared error."""

    MINUTES, DECAY = 30, 0.8
    STEPS, BATCH = 200, 16
    RATE, WARM_STEPS = 3e-4, 100
    LEVEL = 60  # sigma is up to here; half of the patches have a fourth of it at most
    VEHICLES = 0.3  # share of patches
    SCALES = (1, 0.7, 0.5, 0.35)
    POLICY = "float32"  # what bfloat16 rounds off on the way is as much as the noise
    WATCHED = "mse_10"
    DATASET = "vehicles from road cameras (814), Berkeley photographs (280 of BSDS300, none of CBSD68), Caltech-101"
    architecture = staticmethod(networks.autoencoder)

    def compile(self, network):
        network.compile(
            keras.optimizers.Adam(self.RATE, use_ema=True, ema_momentum=0.995), "mse", jit_compile=False
        )

    def load(self):
        photographs = decoded("bsds", "train")
        self.held_out = [middle(p, SIDE) for p in (*photographs[-HELD_OUT:], *evaluate.vehicles("validation"))]
        natural = [reduced(p, scale) for scale in self.SCALES for p in photographs[:-HELD_OUT]]
        natural += [reduced(picture, 0.5) for picture in decoded("caltech101", "all")]
        self.sets = [(natural, 1 - self.VEHICLES), (evaluate.vehicles("train"), self.VEHICLES)]

    def batch(self, done, rng):
        """Noisy and clean float32 (N, 64, 64, 3), all of one weight."""
        clean = np.stack([patch(self.sets, SIDE, rng) for _ in range(self.BATCH)]).astype(np.float32) / 255
        recolour(clean, rng)
        sigma = self.LEVEL * np.square(rng.random((self.BATCH, 1, 1, 1)))
        return noise.gaussian(clean, sigma, rng), clean, None

    def validate(self, network):
        """Mean squared error on the middle of held-out photographs and vehicles at each sigma of evaluate.SMALL."""
        clean = np.stack(self.held_out).astype(np.float32) / 255
        found = {}
        for sigma in evaluate.SMALL:
            noisy = noise.gaussian(clean, sigma, np.random.default_rng(sigma))
            found[f"mse_{sigma}"] = float(np.square(network.predict(noisy, 32, verbose=0) - clean).mean())
        return found


class KernelMuon(keras.optimizers.Muon):
    """Muon (Jordan, 2024) for networks of convolutions alone: each kernel is one matrix of all that its last axis sees.

    Keras' own leaves kernels to Adam. Those of one shape are made orthogonal together: an accelerator would wait for
    each.
    """

    def _backend_update_step(self, grads, trainable_variables, learning_rate):
        alike = {}
        for gradient, variable in zip(grads, trainable_variables, strict=True):
            momentum = self.momentums[self._get_variable_index(variable)]
            self.assign(momentum, self.momentum * momentum + gradient)
            matrix = ops.reshape(gradient + self.momentum * momentum, (-1, variable.shape[-1]))
            alike.setdefault(tuple(variable.shape), []).append((variable, matrix))
        for shape, members in alike.items():
            variables, matrices = zip(*members, strict=True)
            steps = self.zeropower_via_newtonschulz5(ops.stack(matrices), self.ns_steps)
            for variable, step in zip(variables, ops.unstack(steps), strict=True):
                self.assign_sub(variable, ops.reshape(self.lr_adjust(learning_rate * step), shape))


def decoded(name: str, split: str) -> list[np.ndarray]:
    """The pictures of a set, uint8 (H, W, 3)."""
    return [images.open(picture).pixels for picture in data.read(data.find(name, split))[0]]


def reduced(picture: np.ndarray, scale: float) -> np.ndarray:
    """A picture at a share of its height and width, uint8 (H, W, 3)."""
    return picture if scale == 1 else images.open(picture, longest=round(scale * max(picture.shape))).pixels


def patch(sets: list[tuple[list[np.ndarray], float]], side: int, rng: np.random.Generator) -> np.ndarray:
    """A square of a picture of one of the sets, (pictures, share) each, in one of its eight symmetries."""
    shares = np.array([share for _, share in sets])
    while True:
        pictures = sets[rng.choice(len(sets), p=shares / shares.sum())][0]
        picture = pictures[rng.integers(len(pictures))]
        if min(picture.shape[:2]) >= side:
            break
    top, left = (rng.integers(size - side + 1) for size in picture.shape[:2])
    square = np.rot90(picture[top : top + side, left : left + side], rng.integers(4))
    return square[:, ::-1] if rng.random() < 0.5 else square


def recolour(clean: np.ndarray, rng: np.random.Generator) -> None:
    """A quarter of float pictures (N, H, W, 3) darker, with other saturation, and their channels in another order."""
    for i in np.flatnonzero(rng.random(len(clean)) < 0.25):
        grey = clean[i].mean(-1, keepdims=True)
        changed = rng.uniform(0.6, 1) * (grey + rng.uniform(0, 1.2) * (clean[i] - grey))
        clean[i] = changed.clip(0, 1)[..., rng.permutation(3)]


@contextlib.contextmanager
def averaged(network: keras.Model):
    """The network with the average of its last weights, which is better than the last, for as long as this lasts."""
    last = network.get_weights()
    network.optimizer.finalize_variable_values(network.trainable_variables)
    yield network
    network.set_weights(last)


def epoch(recipe, network: keras.Model, batches: Iterator[tuple], done: Callable[[], float]) -> float:
    """Train for an epoch, less if the time is up before. Returns the last loss."""
    loss = float("nan")
    for _ in range(recipe.STEPS):
        left = 1 - done()
        if left <= 0:
            break
        noisy, clean, weight = next(batches)
        warm = min(1, (int(network.optimizer.iterations) + 1) / recipe.WARM_STEPS)
        network.optimizer.learning_rate = recipe.RATE * warm * min(1, left / recipe.DECAY)
        loss = float(network.train_on_batch(noisy, clean, sample_weight=weight))
    return loss


def trained(name: str, recipe, seed: int) -> tuple[list[np.ndarray], dict]:
    """The averaged weights after the last minute of a recipe, and how far it has come."""
    run = recipes.RUNS / "denoiser" / f"{name}-{seed}"
    run.mkdir(parents=True, exist_ok=True)
    checkpoint, state = run / "checkpoint.weights.h5", run / "state.json"
    progress = json.loads(state.read_text()) if state.exists() else {"epoch": 0, "minutes": 0.0, "curve": []}
    recipe.load()
    network = built(recipe, seed)
    if progress["epoch"]:
        network.load_weights(checkpoint)
    began = time.monotonic() - 60 * progress["minutes"]

    def done() -> float:
        return (time.monotonic() - began) / 60 / recipe.MINUTES

    origin = seed, progress["epoch"]
    jobs = ((done(), np.random.default_rng([*origin, step])) for step in itertools.count())
    batches = recipes.made(recipe.batch, jobs)
    while progress["minutes"] < recipe.MINUTES:
        loss = epoch(recipe, network, batches, done)
        with averaged(network):
            figures = recipe.validate(network)
        network.save_weights(checkpoint)
        progress |= {"epoch": progress["epoch"] + 1, "minutes": recipe.MINUTES * done()}
        progress |= {"versions": recipes.versions(), "machine": recipes.machine()}
        progress["curve"].append({"minutes": round(progress["minutes"], 2), "loss": loss, **figures})
        state.write_text(json.dumps(progress))
        print(f"epoch {progress['epoch']}", *(f"{k} {v:.5g}" for k, v in progress["curve"][-1].items()), flush=True)
    with averaged(network):
        return network.get_weights(), progress


def built(recipe, seed: int) -> keras.Model:
    """A recipe's network, compiled, before its first step."""
    keras.utils.set_random_seed(seed)
    keras.config.set_dtype_policy(recipe.POLICY)
    network = recipe.architecture(recipes.fastest_format())
    keras.config.set_dtype_policy("float32")
    recipe.compile(network)
    network.optimizer.build(network.trainable_variables)
    return network


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("network", choices=["blind", "autoencoder"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, help="of training, instead of the recipe's own")
    options = parser.parse_args()
    recipe = {"blind": Blind, "autoencoder": Autoencoder}[options.network]()
    recipe.MINUTES = options.minutes or recipe.MINUTES
    trained_weights, progress = trained(options.network, recipe, options.seed)
    network = recipe.architecture("channels_last")
    network.set_weights(trained_weights)
    name = f"denoiser/{options.network}"
    recipes.export(name, networks.named(network))
    how = {
        "command": f"python -m demos.denoiser.train {options.network} --minutes {recipe.MINUTES} --seed {options.seed}",
        "seed": options.seed,
        "versions": progress["versions"],
        "dataset": recipe.DATASET,
        "revision": "as JPEG and WebP files",
        "epochs": progress["epoch"],
        "minutes": round(progress["minutes"], 1),
        "machine": progress["machine"],
        "held_out": progress["curve"][-1],
        "curve": {key: [round(point[key], 5) for point in progress["curve"]] for key in ("minutes", recipe.WATCHED)},
    }
    files.record(name, recipe=how, license="Apache-2.0")


if __name__ == "__main__":
    main()
