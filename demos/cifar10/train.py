"""The recipes: `python -m demos.cifar10.train NETWORK` trains, calibrates and exports weights/cifar10/NETWORK.

Pictures come from $LOUPE_DATA, else from the Hub (`demos.data`), ImageNet's weights from $LOUPE_PRETRAINED, else from
Keras. A run that was broken off goes on after its last whole epoch. The last 2,500 training pictures are held out:
whatever is chosen is chosen on them. `fast` needs `teacher`, and trains it where that was not done: with
KERAS_BACKEND=tensorflow it is done in half an hour, and `fast` is fastest with KERAS_BACKEND=torch.
"""

import argparse
import itertools

import keras
import numpy as np

from demos import images, metrics, recipes
from demos.cifar10 import evaluate, networks, samples, teachers
from demos.cifar10.optimizer import Muon
from demos.cifar10.predict import LONGEST, look
from demos.cifar10.samples import augmented, cut, recompressed
from weights import files

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
    RATE = 1.0  # a factor on those of kernels, head and shifts
    RATES = (0.12, 0.8, 52.0)
    WARM = 0.1  # triangular rates: up for a tenth of the steps, then down to nothing
    SMOOTHING = 0.1
    SHIFT = 1  # pixels, of the two views that are served: chosen on held-out pictures
    parts = staticmethod(networks.fast_parts)

    def build(self, train):
        keras.config.set_dtype_policy("mixed_bfloat16" if keras.backend.backend() == "torch" else "float32")
        network = networks.fast(recipes.fastest_format())
        keras.config.set_dtype_policy("float32")
        networks.dirac(network)
        networks.whiten(network, train["pictures"][~train["lossless"]][:5000])
        loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=self.SMOOTHING)
        network.compile(Muon(*(self.RATE * rate for rate in self.RATES)), loss, jit_compile=False)
        return network

    def finished(self, network):
        """The trained weights in the form that is served, in float32 and with channels last."""
        same = networks.fast()
        same.set_weights(network.get_weights())
        return same

    def told(self, train):
        """What each picture is said to be: float32 (N, 10), rows sum to 1."""
        return np.eye(10, dtype="float32")[train["labels"]]

    def epoch(self, network, train, epoch, rng):
        n = len(train["labels"])
        pictures, told = recompressed(train, rng), self.told(train)
        side = np.random.default_rng(0).random(n) < 0.5  # every picture is mirrored in every second epoch
        size = 24 if epoch < self.SMALL_EPOCHS else 32
        order, steps = rng.permutation(n), n // self.BATCH
        for step in range(steps):
            batch = order[step * self.BATCH : (step + 1) * self.BATCH]
            done = (epoch + step / steps) / self.EPOCHS
            network.optimizer.learning_rate = min(done / self.WARM + 0.01, (1 - done) / (1 - self.WARM))
            x = augmented(pictures[batch], side[batch] ^ bool(epoch % 2), size, rng)
            loss = network.train_on_batch(cut(x, rng), told[batch])
            if step % 10 == 0:
                print(f"epoch {epoch + 1}/{self.EPOCHS}, step {step}/{steps}, loss {float(loss):.3f}", flush=True)


class Taught(Fast):
    """A second descent, from where the first arrived: it is told the labels, and what first and teacher say."""

    EPOCHS, SMALL_EPOCHS = 18, 8
    RATE = 0.5
    SMOOTHING = 0.05
    LABELS = 0.4  # what they count; half of the rest each
    SHARE = 0.3  # of the second in the average of both: chosen on held-out pictures

    def __init__(self, first: keras.Model, teacher: np.ndarray):
        """teacher: float32 (N, 10), what it says of the training pictures."""
        self.first, self.teacher = first, teacher

    def build(self, train):
        logits = asked(networks.two_views(self.parts(self.first), self.SHIFT), train["pictures"])["logits"]
        self.taught = (1 - self.LABELS) * (teachers.softmax(logits) + self.teacher) / 2
        network = super().build(train)
        network.set_weights(self.first.get_weights())
        return network

    def told(self, train):
        return self.LABELS * super().told(train) + self.taught

    def finished(self, network):
        """The average of both descents' weights (arXiv:2203.05482)."""
        pairs = zip(self.first.get_weights(), network.get_weights(), strict=True)
        average = networks.fast()
        average.set_weights([(1 - self.SHARE) * first + self.SHARE * second for first, second in pairs])
        return average


class Teacher:
    """Adam with a falling rate, mirrored and translated pictures."""

    EPOCHS, BATCH, RATE, SMOOTHING = 3, 64, 5e-4, 0.05

    def build(self, train):
        network = teachers.mobilenet()
        loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=self.SMOOTHING)
        network.compile(keras.optimizers.Adam(self.RATE), loss, jit_compile=False)
        return network

    def finished(self, network):
        return network

    def epoch(self, network, train, epoch, rng):
        n = len(train["labels"])
        pictures, labels = recompressed(train, rng), np.eye(10, dtype="float32")[train["labels"]]
        order, steps = rng.permutation(n), n // self.BATCH
        for step in range(steps):
            batch = order[step * self.BATCH : (step + 1) * self.BATCH]
            done = (epoch + step / steps) / self.EPOCHS
            network.optimizer.learning_rate = self.RATE * min(done / 0.1 + 0.01, (1 - done) / 0.9)
            x = augmented(pictures[batch], rng.random(self.BATCH) < 0.5, 32, rng)
            loss = network.train_on_batch(x, labels[batch])
            if step % 50 == 0:
                print(f"epoch {epoch + 1}/{self.EPOCHS}, step {step}/{steps}, loss {float(loss):.3f}", flush=True)


def settled(network: keras.Model, train: dict, batches: int = 30, size: int = 1000) -> None:
    """Measure the statistics of normalisation anew, as the mean over batches of training pictures.

    Those of an average of two networks belong to neither.
    """
    rng = np.random.default_rng(0)
    layers = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    for batch in range(batches):
        for layer in layers:
            layer.momentum = batch / (batch + 1)
        some = rng.integers(0, len(train["labels"]), size)
        network(cut(augmented(train["pictures"][some], rng.random(size) < 0.5, 32, rng), rng), training=True)


def further(first: keras.Model, how: dict, train: dict, seed: int) -> tuple[keras.Model, dict]:
    """The fast network after its second descent, and what the manifest says of both and of the teacher."""
    teacher, taught_by = taught(train, seed)
    network, more = run("cifar10/taught", Taught(first, teacher), train, seed)
    settled(network, train)
    both = {key: round(how[key] + more[key], 2) for key in ("epochs", "minutes")}
    return network, how | both | {"teacher": taught_by}


def taught(train: dict, seed: int) -> tuple[np.ndarray, dict]:
    """What the teacher says of the training pictures, float32 (N, 10), and how it came about; kept for a next time."""
    kept = recipes.RUNS / f"cifar10/teacher-{seed}/said.npy"
    network, how = run("cifar10/teacher", Teacher(), train, seed)
    if not kept.exists():
        np.save(kept, teachers.said(network, train["pictures"]))
    return np.load(kept), how


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
    parser.add_argument("network", choices=["tutorial", "teacher", "fast"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=1, help="train so many, for mean and spread, and ship the first")
    options = parser.parse_args()
    name, seeds = f"cifar10/{options.network}", range(options.seed, options.seed + options.seeds)
    train, held_out = samples.pictures()
    if options.network == "teacher":
        print(taught(train, options.seed)[1])
        return
    recipe = {"tutorial": Tutorial, "fast": Fast}[options.network]()
    runs = [run(name, recipe, train, seed) for seed in seeds]
    network, how = runs[0]
    if options.network == "fast":
        network, how = further(network, how, train, options.seed)
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
