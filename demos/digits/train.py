"""The recipes: `python -m demos.digits.train NETWORK` trains, calibrates and exports weights/digits/NETWORK.

MNIST comes from $LOUPE_DATA, else from the Hub (`demos.data`); a fifth of its training digits is held out, and
whatever is chosen is chosen on them. Beside 0, 1 and 2 the networks see what is none of them: MNIST's other digits,
letters, shapes, scribbles, parts of photographs. A run that was broken off goes on after its last whole epoch.
"""

import argparse
from collections.abc import Callable

import keras
import numpy as np
from keras import ops

from demos import data, imagenet, metrics, recipes
from demos.digits import networks, samples
from weights import files

HELD_OUT = 0.2
KEPT = 0.993  # this share of held-out digits passes the threshold of "not a 0, 1 or 2"; 0.99 is promised
MNIST_OTHERS, DRAWN, WINDOWS = 12000, 9000, 1500  # how many pictures of what is none of the three
OTHER = 3  # their label
PLAIN = 0.25  # this share of the glyphs is learned as it is, the rest varied
FEW = (10, 100, 1000)  # training digits for the curve that shows what transfer buys
FEW_STEPS, FEW_SEEDS = 400, 2


class LeNet:
    """Ten epochs of Adam at a falling rate."""

    architecture = staticmethod(networks.lenet)
    EPOCHS, BATCH, RATE = 10, 32, 2e-3

    def build(self) -> keras.Model:
        network = self.architecture()
        network.compile(keras.optimizers.Adam(self.RATE), open_set, jit_compile=False)
        return network

    def train(self, name: str, seed: int, train: dict) -> tuple[keras.Model, dict]:
        network = self.build()
        return network, recipes.trained(name, seed, network, self.EPOCHS, epoch_of(network, train, seed, self))


class MobileNetV2:
    """From ImageNet's weights: one epoch for the head alone, then five for all layers at a low rate."""

    architecture = staticmethod(networks.mobilenetv2)
    EPOCHS, BATCH, RATE = 5, 64, 5e-4
    HEAD_RATE = 3e-3

    def build(self) -> keras.Model:
        network = self.architecture()
        body = network.get_layer("body")
        imagenet.fill_mobilenetv2(body)
        for layer in body.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.momentum = 0.99  # Keras' 0.999 would still remember ImageNet after so few steps
        return self.compiled(network)

    def compiled(self, network: keras.Model) -> keras.Model:
        optimizer = keras.optimizers.AdamW(self.RATE, weight_decay=1e-3)
        network.compile(optimizer, open_set, jit_compile=False)
        return network

    def train(self, name: str, seed: int, train: dict) -> tuple[keras.Model, dict]:
        network = self.build()
        body = network.get_layer("body")
        body.trainable = False
        network.compile(keras.optimizers.Adam(self.HEAD_RATE), open_set, jit_compile=False)

        def head(n: int) -> None:
            learn(network, train, np.random.default_rng([seed, n, 1]), self.BATCH)

        recipes.trained(f"{name}-head", seed, network, 1, head)
        body.trainable = True
        self.compiled(network)
        return network, recipes.trained(name, seed, network, self.EPOCHS, epoch_of(network, train, seed, self))


RECIPES = {"lenet": LeNet, "mobilenetv2": MobileNetV2}


def open_set(labels, logits):
    """Cross-entropy over the three logits and a fourth, always 0, which stands for "none of these"."""
    four = ops.pad(logits, [[0, 0], [0, 1]])
    return ops.mean(keras.losses.sparse_categorical_crossentropy(labels, four, from_logits=True))


def epoch_of(network: keras.Model, train: dict, seed: int, recipe) -> Callable[[int], None]:
    """One epoch of a recipe whose rate falls to nothing over all of them."""

    def epoch(n: int) -> None:
        rate = [recipe.RATE * (1 - n / recipe.EPOCHS), recipe.RATE * (1 - (n + 1) / recipe.EPOCHS)]
        loss = learn(network, train, np.random.default_rng([seed, n]), recipe.BATCH, rate)
        print(f"epoch {n + 1}/{recipe.EPOCHS}, loss {loss:.4f}", flush=True)

    return epoch


def learn(network, train: dict, rng: np.random.Generator, batch: int, rate=None) -> float:
    """Learn every glyph once, varied, at a rate that goes in a line from one value to another; the mean loss."""
    order = rng.permutation(len(train["labels"]))
    steps, losses = len(order) // batch, []
    for step in range(steps):
        chosen = order[step * batch : (step + 1) * batch]
        if rate:
            network.optimizer.learning_rate = rate[0] + (rate[1] - rate[0]) * step / steps
        losses.append(float(network.train_on_batch(seen(train["glyphs"][chosen], rng), train["labels"][chosen])))
    return float(np.mean(losses))


def seen(glyphs: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """uint8 (N, 28, 28) -> (N, 28, 28, 1), most of them varied."""
    plain = rng.random(len(glyphs)) < PLAIN
    return np.where(plain[:, None, None], glyphs, samples.varied(glyphs, rng))[..., None]


def glyphs() -> tuple[dict, dict, dict]:
    """Training, held-out and test data: `glyphs` uint8 (N, 28, 28), `labels` int64 (N,); kept in `runs/digits`.

    Only the training data hold what is none of the three.
    """
    kept = recipes.RUNS / "digits" / "glyphs.npz"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez(kept, **_glyphs())
    with np.load(kept) as arrays:
        names = ("train", "held_out", "test")
        return tuple({key: arrays[f"{name}_{key}"] for key in ("glyphs", "labels")} for name in names)


def _glyphs() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    encoded, labels = data.read(data.find("mnist", "train"))
    held_out = rng.random(len(labels)) < HELD_OUT
    three = np.asarray(labels) < OTHER
    other = np.flatnonzero(~three & ~held_out)[:MNIST_OTHERS]
    sets = {
        "train": [_labelled(encoded, labels, three & ~held_out)],
        "held_out": [_labelled(encoded, labels, three & held_out)],
    }
    for pictures in ([encoded[i] for i in other], samples.others(DRAWN), samples.parts_of_photographs(WINDOWS)):
        found = [glyph for several in samples.found(pictures) for glyph in several[:3]]
        found = [glyph for glyph in found if not samples.may_be_one(glyph)]
        sets["train"].append((np.array(found), np.full(len(found), OTHER)))
    encoded, labels = data.read(data.find("mnist", "test"))
    sets["test"] = [_labelled(encoded, labels, np.asarray(labels) < OTHER)]
    arrays = {}
    for name, parts in sets.items():
        for key, values in zip(("glyphs", "labels"), zip(*parts, strict=True), strict=True):
            arrays[f"{name}_{key}"] = np.concatenate(values)
        print(f"{name}: {np.bincount(arrays[f'{name}_labels'])}", flush=True)
    return arrays


def _labelled(encoded: list[bytes], labels: list[int], chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The largest glyph of each chosen picture, and its label; pictures without any are left out."""
    places = np.flatnonzero(chosen)
    pairs = zip(samples.found(encoded[i] for i in places), places, strict=True)
    pairs = [(several[0], labels[i]) for several, i in pairs if several]
    return np.array([glyph for glyph, _ in pairs]), np.array([label for _, label in pairs])


def from_few(recipe, train: dict, test: dict) -> dict[str, float]:
    """Test accuracy of a network that learned from few digits of each number in FEW, mean over seeds."""
    digits = np.flatnonzero(train["labels"] < OTHER)
    found = {}
    for count in FEW:
        accuracies = []
        for seed in range(FEW_SEEDS):
            keras.utils.set_random_seed(seed)
            rng = np.random.default_rng(seed)
            some = rng.permutation(digits)[:count]
            some = np.resize(some, FEW_STEPS * 32)  # over and over
            network = recipe.build()
            learn(network, {k: v[some] for k, v in train.items()}, rng, 32, [recipe.RATE, 0])
            logits = network.predict(test["glyphs"][..., None], 256, verbose=0)
            accuracies.append(metrics.accuracy(logits, test["labels"]))
        found[f"accuracy_{count}_images"] = round(float(np.mean(accuracies)), 4)
        print(found, flush=True)
    return found


def finish(name: str, network: keras.Model, held_out: dict) -> dict:
    """Calibrate and export. Returns the threshold and the figures on the held-out digits."""
    x, labels = held_out["glyphs"][..., None], held_out["labels"]
    served = networks.served(network, recipes.temperature(network.predict(x, 256, verbose=0), labels))
    recipes.export(name, served)
    outputs = served.predict(x, 256, verbose=0)
    held = recipes.held_out(outputs["probabilities"], labels)
    return {"thresholds": {"digitness": float(np.quantile(outputs["digitness"], 1 - KEPT))}, "held_out": held}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("network", choices=list(RECIPES))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    name, recipe = f"digits/{options.network}", RECIPES[options.network]()
    train, held_out, test = glyphs()
    keras.utils.set_random_seed(options.seed)
    trained, how = recipe.train(name, options.seed, train)
    network = recipe.architecture()  # one that is saved without the loss that it learned from
    network.set_weights(trained.get_weights())
    finished = finish(name, network, held_out)
    how = {
        "command": f"python -m demos.digits.train {options.network} --seed {options.seed}",
        "seed": options.seed,
        "dataset": "ylecun/mnist",
        **how,
        "held_out": finished["held_out"],
    }
    files.record(name, recipe=how, thresholds=finished["thresholds"], license="Apache-2.0")
    print(finished, flush=True)
    files.record(name, metrics=from_few(recipe, train, test))  # what an earlier network scored is forgotten


if __name__ == "__main__":
    main()
