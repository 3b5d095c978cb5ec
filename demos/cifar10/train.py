"""The recipes: `python -m demos.cifar10.train NETWORK` trains, calibrates and exports weights/cifar10/NETWORK.

Pictures come from $LOUPE_DATA, else from the Hub (`demos.data`). A run that was broken off goes on after its
last whole epoch. The last 2,500 training pictures are held out: whatever is chosen is chosen on them.
"""

import argparse
import io
import itertools

import keras
import numpy as np
from PIL import Image

from demos import data, images, metrics, recipes
from demos.cifar10 import evaluate, networks
from demos.cifar10.optimizer import Muon
from demos.cifar10.predict import LONGEST, look
from weights import files

HELD_OUT = 2500
FAMILIAR = 0.9  # this share of held-out pictures passes the threshold of "not sure"
CLASS_PICTURES = 8000  # training pictures from which the classes' places among the features are measured


class Tutorial:
    """As the student project has it: Adam at its defaults, batches of 32, no augmentation."""

    EPOCHS = 10
    SHIFT = 0
    parts = staticmethod(networks.tutorial_parts)

    def build(self, train):
        network = networks.tutorial()
        network.compile("adam", "sparse_categorical_crossentropy", jit_compile=False)
        return network

    def finished(self, network):
        return network

    def epoch(self, network, train, epoch, rng):
        order = rng.permutation(len(train["labels"]))
        network.fit(train["pictures"][order], train["labels"][order], batch_size=32, shuffle=False, verbose=2)


class Fast:
    """Jordan's speed run (arXiv:2404.00498), longer: whitening, Dirac start, alternating flips, translation, cutout."""

    EPOCHS, BATCH = 48, 1000
    SMALL_EPOCHS = 32  # the first epochs see 24-pixel windows, at half the cost
    KERNEL_RATE, HEAD_RATE, SHIFT_RATE = 0.12, 0.8, 52.0
    WARM = 0.1  # triangular rates: up for a tenth of the steps, then down to nothing
    SMOOTHING = 0.1
    SHIFT = 1  # pixels, of the two views that are served: chosen on held-out pictures
    parts = staticmethod(networks.fast_parts)

    def build(self, train):
        on_torch = keras.backend.backend() == "torch"
        keras.config.set_dtype_policy("mixed_bfloat16" if on_torch else "float32")
        network = networks.fast("channels_first" if on_torch else "channels_last")
        keras.config.set_dtype_policy("float32")
        networks.dirac(network)
        networks.whiten(network, train["pictures"][~train["lossless"]][:5000])
        loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=self.SMOOTHING)
        network.compile(Muon(self.KERNEL_RATE, self.HEAD_RATE, self.SHIFT_RATE), loss, jit_compile=False)
        return network

    def finished(self, network):
        """The trained weights in the form that is served, in float32 and with channels last."""
        same = networks.fast()
        same.set_weights(network.get_weights())
        return same

    def epoch(self, network, train, epoch, rng):
        n = len(train["labels"])
        pictures, labels = recompressed(train, rng), np.eye(10, dtype="float32")[train["labels"]]
        side = np.random.default_rng(0).random(n) < 0.5  # every picture is mirrored in every second epoch
        size = 24 if epoch < self.SMALL_EPOCHS else 32
        order, steps = rng.permutation(n), n // self.BATCH
        for step in range(steps):
            batch = order[step * self.BATCH : (step + 1) * self.BATCH]
            done = (epoch + step / steps) / self.EPOCHS
            network.optimizer.learning_rate = min(done / self.WARM + 0.01, (1 - done) / (1 - self.WARM))
            x = augmented(pictures[batch], side[batch] ^ bool(epoch % 2), size, rng)
            loss = network.train_on_batch(cut(x, rng), labels[batch])
            if step % 10 == 0:
                print(f"epoch {epoch + 1}/{self.EPOCHS}, step {step}/{steps}, loss {float(loss):.3f}", flush=True)


def pictures() -> tuple[dict, dict]:
    """Training and held-out data: `pictures` uint8 (N, 32, 32, 3), `labels` int64 (N,), `lossless` bool (N,).

    The lossless pictures are training pictures in their original pixels, so those of held-out ones are left out.
    """
    x, labels = data.small(data.find("cifar10", "train"))
    lossless = np.zeros(len(x), bool)
    try:
        originals, more = data.small(data.find("cifar10", "train_lossless"))
    except data.Absent:  # the Hub's pictures are all lossless
        lossless[:] = True
    else:
        new = nearest(originals, x[-HELD_OUT:]) > 12
        x, labels = np.concatenate([originals[new], x]), np.concatenate([more[new], labels])
        lossless = np.concatenate([np.ones(new.sum(), bool), lossless])
    whole = {"pictures": x, "labels": labels, "lossless": lossless}
    return tuple({k: v[part] for k, v in whole.items()} for part in (slice(-HELD_OUT), slice(-HELD_OUT, None)))


def nearest(queries: np.ndarray, gallery: np.ndarray) -> np.ndarray:
    """Root mean square difference, in grey levels, of each query (N, 32, 32, 3) to the nearest of the gallery."""
    a, b = (z.reshape(len(z), -1).astype("float32") for z in (queries, gallery))
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1) - 2 * a @ b.T
    return np.sqrt(squares.min(1).clip(0) / a.shape[1])


def recompressed(train: dict, rng: np.random.Generator) -> np.ndarray:
    """All pictures, every second of the lossless ones after a JPEG compression of random quality."""
    pictures = train["pictures"].copy()
    for i in np.flatnonzero(train["lossless"] & (rng.random(len(pictures)) < 0.5)):
        buffer = io.BytesIO()
        Image.fromarray(pictures[i]).save(buffer, "JPEG", quality=int(rng.integers(60, 96)))
        pictures[i] = np.asarray(Image.open(buffer))
    return pictures


def augmented(pictures: np.ndarray, flip: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """Mirrored where `flip` (N,), and a random window of `size` pixels from up to two pixels beyond the border."""
    n, margin = len(pictures), 2
    padded = np.pad(pictures, ((0, 0), (margin, margin), (margin, margin), (0, 0)), "reflect")
    corner = rng.integers(0, 32 + 2 * margin - size + 1, (n, 2, 1))
    rows, columns = (corner[:, axis] + np.arange(size) for axis in (0, 1))
    columns = np.where(flip[:, None], columns[:, ::-1], columns)
    return padded[np.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :]]


def cut(pictures: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pictures (N, S, S, 3) with a square of three eighths of their side in mid-grey, in part beyond the border."""
    n, side = pictures.shape[:2]
    half = 3 * side // 16
    centre = rng.integers(0, side, (n, 2, 1))
    rows, columns = (abs(np.arange(side) - centre[:, axis]) <= half for axis in (0, 1))
    return np.where((rows[:, :, None] & columns[:, None, :])[..., None], np.uint8(120), pictures)


def asked(views: keras.Model, pictures: np.ndarray) -> dict[str, np.ndarray]:
    """`logits` (N, 10) and `features` (N, D) of `networks.two_views`, and what `familiarity` mixes of them."""
    outputs = views.predict(pictures, 250, verbose=0)
    logits, features = outputs["logits"], outputs["features"]
    energy = np.logaddexp.reduce(logits, axis=1)
    return {"logits": logits, "features": features, "energy": energy, "activity": features.sum(1)}


def familiarity(views: keras.Model, train: dict, held_out: dict[str, np.ndarray]) -> networks.Familiarity:
    """The mixture that best tells held-out pictures from strange ones, on the mean over the sets of strange ones.

    Only mixtures that are better than the maximum softmax on each set can be chosen, if there are any. Energy,
    activity and distance are brought to mean 0 and deviation 1 over the held-out pictures.
    """
    some = np.random.default_rng(0).permutation(len(train["labels"]))[:CLASS_PICTURES]
    whitening, means = classes(asked(views, train["pictures"][some])["features"], train["labels"][some])

    def terms(outputs: dict) -> np.ndarray:
        distances = ((outputs["features"] @ whitening)[:, None] - means) ** 2
        return np.stack([outputs["energy"], outputs["activity"], -distances.sum(2).min(1) / 2])

    strange = []
    for _, encoded in evaluate.strange("validation"):
        seen = [look(images.open(picture, longest=LONGEST))[1] for picture in encoded]
        strange.append(asked(views, np.stack(seen)))
    inside, outside = terms(held_out), [terms(other) for other in strange]
    surest = [metrics.auroc(largest(held_out["logits"]), largest(other["logits"])) for other in strange]
    mean, deviation = inside.mean(1), inside.std(1)
    found = {}
    for activity, distance in itertools.product((0, 0.25, 0.5, 1, 2), (0, 0.25, 0.5, 1)):
        weight = np.array([1, activity, distance]) / deviation
        aurocs = [metrics.auroc(weight @ inside, weight @ other) for other in outside]
        better = all(ours > theirs for ours, theirs in zip(aurocs, surest, strict=True))
        found[tuple(weight)] = better, np.mean(aurocs)
        print(f"activity {activity}, distance {distance}: {np.round(aurocs, 4)}, better on each: {better}")
    best = max(found, key=found.get)
    return networks.Familiarity(*map(float, best), float(-np.dot(best, mean)), whitening, means)


def classes(features: np.ndarray, labels: np.ndarray, shrinkage: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """Whitening (D, D) by the covariance within the classes, shrunk towards a ball; their means (10, D), whitened."""
    means = np.stack([features[labels == label].mean(0) for label in range(10)])
    covariance = np.cov((features - means[labels]).T)
    ball = np.eye(len(covariance)) * np.trace(covariance) / len(covariance)
    whitening = np.linalg.cholesky(np.linalg.inv((1 - shrinkage) * covariance + shrinkage * ball))
    return whitening.astype("float32"), (means @ whitening).astype("float32")


def largest(logits: np.ndarray) -> np.ndarray:
    """The maximum softmax probability, up to rounding, of logits (N, C)."""
    return logits.max(1) - np.logaddexp.reduce(logits, axis=1)


def finish(name: str, views: keras.Model, train: dict, held_out: dict) -> dict:
    """Calibrate, save, export. Returns the thresholds and the figures on the held-out pictures."""
    x, labels = held_out["pictures"], held_out["labels"]
    raw = asked(views, x)
    temperature = recipes.temperature(raw["logits"], labels)
    calibrated = networks.served(views, temperature, familiarity(views, train, raw))
    outputs = calibrated.predict(x, 250, verbose=0)
    recipes.export(name, calibrated)
    held = recipes.held_out(outputs["probabilities"], labels)
    threshold = float(np.quantile(outputs["familiarity"], 1 - FAMILIAR))
    return {"thresholds": {"familiarity": threshold}, "held_out": held}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("network", choices=["tutorial", "fast"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=1, help="train so many, for mean and spread, and ship the first")
    options = parser.parse_args()
    name, seeds = f"cifar10/{options.network}", range(options.seed, options.seed + options.seeds)
    recipe = {"tutorial": Tutorial, "fast": Fast}[options.network]()
    train, held_out = pictures()
    runs = [run(name, recipe, train, seed) for seed in seeds]
    network, how = runs[0]
    finished = finish(name, networks.two_views(recipe.parts(network), recipe.SHIFT), train, held_out)
    how = {
        "command": f"python -m demos.cifar10.train {options.network} --seed {options.seed} --seeds {options.seeds}",
        "seed": options.seed,
        "dataset": "uoft-cs/cifar10",
        "revision": "original pixels" if train["lossless"].all() else "after one JPEG compression; 8,068 original",
        **how,
        "held_out": finished["held_out"],
    }
    # The parameters are those of the network, without what only measures how familiar a picture is.
    shipped = {"parameters": network.count_params(), "thresholds": finished["thresholds"], "license": "Apache-2.0"}
    files.record(name, recipe=how, **shipped)
    files.record(name, metrics=spread(runs, held_out))  # what an earlier network scored is forgotten
    print(finished)


def spread(runs: list[tuple[keras.Model, dict]], held_out: dict) -> dict[str, float]:
    """Mean and deviation of the held-out accuracy of several runs; nothing for one."""
    if len(runs) == 1:
        return {}
    x, labels = held_out["pictures"], held_out["labels"]
    accuracies = [metrics.accuracy(network.predict(x, 250, verbose=0), labels) for network, _ in runs]
    values = {"mean": np.mean(accuracies), "deviation": np.std(accuracies, ddof=1)}
    return {f"accuracy_{len(runs)}_seeds_{key}": round(float(value), 4) for key, value in values.items()}


def run(name: str, recipe, train: dict, seed: int) -> tuple[keras.Model, dict]:
    """A trained network, and what the manifest says of how."""
    keras.utils.set_random_seed(seed)
    network = recipe.build(train)

    def epoch(n: int) -> None:
        recipe.epoch(network, train, n, np.random.default_rng([seed, n]))

    how = recipes.trained(name, seed, network, recipe.EPOCHS, epoch)
    return recipe.finished(network), how


if __name__ == "__main__":
    main()
