"""The recipes: `python -m demos.retrieval.train NETWORK` trains and exports weights/retrieval/NETWORK.

Pictures come from $LOUPE_DATA (`demos.data`), ImageNet's weights from $LOUPE_PRETRAINED, else from Keras. Fastest with
KERAS_BACKEND=torch for the autoencoders, with TensorFlow for the others. A run that was broken off goes on after its
last whole epoch. What is chosen is chosen on categories that are held out; those of the figures are never read.
"""

import argparse
from collections.abc import Iterator

import keras
import numpy as np
from keras import layers, ops

from demos import metrics, recipes
from demos.retrieval import gallery, networks, samples, teachers
from demos.retrieval.networks import SIDES
from weights import files

CALTECH = "Caltech-101 (58 of its categories)"
OTHERS = "cars (8,144), paintings (1,367)"


class Autoencoder:
    """Adam and the mean squared error, on all pictures."""

    NETWORK, EPOCHS, BATCH, RATE = "autoencoder", 16, 128, 2e-3
    DATASET = f"{CALTECH}, {OTHERS}"

    def load(self):
        everything = [*samples.caltech("train")[0], *samples.others()]
        self.pictures = samples.squares(everything, SIDES[self.NETWORK])

    def build(self):
        network = networks.autoencoder()
        network.compile(keras.optimizers.Adam(self.RATE), {"reconstruction": "mse"}, jit_compile=False)
        return network

    def epoch(self, network, epoch, rng):
        for batch in batches(self, network, len(self.pictures), epoch, rng):
            pictures = mirrored(self.pictures[batch], rng)
            white = pictures.astype("float32") / 255
            loss = network.train_on_batch(pictures, {"reconstruction": white}, return_dict=True)["loss"]
        print(f"epoch {epoch + 1}/{self.EPOCHS}, loss {loss:.4f}", flush=True)

    def finished(self, network):
        """The networks that are served, by name."""
        return {"autoencoder": network}


class Vae(Autoencoder):
    """The evidence lower bound of Kingma and Welling (arXiv:1312.6114), of pixels with a deviation of NOISE."""

    NETWORK, EPOCHS, BATCH, RATE = "vae", 14, 64, 1e-3
    NOISE = 0.12  # of white: the less, the sharper the pictures, and the less even the latent space

    def build(self):
        encoder, decoder = networks.vae_encoder(), networks.vae_decoder()
        latent = networks.Posterior(name="posterior")([encoder.output["mean"], encoder.output["log_variance"]])
        network = keras.Model(encoder.input, {"reconstruction": decoder(latent)["reconstruction"]})
        network.encoder, network.decoder = encoder, decoder

        def likelihood(pictures, reconstructions):
            return ops.sum(ops.square(pictures - reconstructions), axis=(1, 2, 3)) / (2 * self.NOISE**2)

        network.compile(keras.optimizers.Adam(self.RATE), {"reconstruction": likelihood}, jit_compile=False)
        return network

    def finished(self, network):
        return {"vae": networks.vae(network.encoder), "decoder": network.decoder}


class Taught:
    """A network from ImageNet's weights, taught what another one sees of the same pictures.

    Targets are the teachers' features, each without their mean and of length 1, on as many principal axes as the
    embedding has dimensions.
    """

    NETWORK, EPOCHS, BATCH, RATE = "inception", 5, 64, 2e-4
    TEACHERS = {"inception": 1.0}  # and how much their features count
    CATEGORIES = 0.0  # weight of the normalised softmax over Caltech-101's categories
    TEMPERATURE = 0.07
    MARGINS = (0, 12, 24)  # pixels by which the squares are larger, from which windows for it are cut
    DATASET = f"{CALTECH}, paintings (1,367), cars (800), Berkeley photographs (300); ImageNet's weights as a start"
    build_network = staticmethod(networks.inception)

    def load(self):
        encoded, labels = samples.caltech("train")
        encoded += samples.various()
        self.categories = np.zeros((len(encoded), len(set(labels))), np.float32)  # none of what is no Caltech picture
        self.categories[np.arange(len(labels)), np.unique(labels, return_inverse=True)[1]] = 1
        self.side = SIDES[self.NETWORK]
        self.squares = [samples.squares(encoded, self.side + margin) for margin in self.MARGINS]
        found = [weight * centred(teachers.features(name, encoded)) for name, weight in self.TEACHERS.items()]
        self.targets = principal(np.concatenate(found, axis=1), networks.DIMENSIONS)

    def build(self):
        network = self.build_network()
        for layer in network.get_layer("trunk").layers:
            if isinstance(layer, layers.BatchNormalization):
                layer.trainable = False  # statistics of few pictures would be worse
        embedding = network.output["embedding"]
        outputs = {
            "embedding": embedding,
            "category": networks.Proxies(self.categories.shape[1], self.TEMPERATURE)(embedding),
        }
        whole = keras.Model(network.input, outputs)
        whole.network = network
        start(network, self.squares[0], self.targets)
        print(held_out(network), flush=True)
        losses = {
            "embedding": lambda target, made: 1 - ops.sum(target * made, axis=-1),
            "category": keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.0),
        }
        weights = {"embedding": 1.0, "category": self.CATEGORIES}
        whole.compile(keras.optimizers.Adam(self.RATE), losses, loss_weights=weights, jit_compile=False)
        return whole

    def epoch(self, network, epoch, rng):
        for batch in batches(self, network, len(self.targets), epoch, rng):
            squares = self.squares[rng.integers(len(self.MARGINS))][batch]
            pictures = mirrored(window(squares, self.side, rng), rng)
            wanted = {"embedding": self.targets[batch], "category": self.categories[batch]}
            loss = network.train_on_batch(pictures, wanted, return_dict=True)["loss"]
        print(f"epoch {epoch + 1}/{self.EPOCHS}, loss {loss:.4f}, {held_out(network.network)}", flush=True)

    def finished(self, network):
        return {self.NETWORK: network.network}


class Compared(Taught):
    """The same, taught what MobileNetV2 as it was and InceptionV3 see, and to tell categories (arXiv:1811.12649).

    Its projection is fitted anew in the end: that holds better for categories that it never saw.
    """

    NETWORK, EPOCHS, BATCH, RATE = "mobilenet", 2, 64, 2e-5
    TEACHERS = {"mobilenet": 1.0, "inception": 1.0}
    CATEGORIES = 0.1
    build_network = staticmethod(networks.mobilenet)

    def finished(self, network):
        axes(network.network, self.squares[0][self.categories.any(1)])
        return super().finished(network)


RECIPES = {recipe.NETWORK: recipe for recipe in (Compared, Taught, Vae, Autoencoder)}


def batches(recipe, network: keras.Model, count: int, epoch: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """The positions, int (BATCH,), of each batch of an epoch over `count` examples, with the rate set for each."""
    order = rng.permutation(count)
    network.reset_metrics()
    for step in range(count // recipe.BATCH):
        done = (epoch + step * recipe.BATCH / count) / recipe.EPOCHS
        network.optimizer.learning_rate = recipe.RATE * falling(done)
        yield order[step * recipe.BATCH : (step + 1) * recipe.BATCH]


def falling(done: float, warm: float = 0.05) -> float:
    """The factor on a rate after this share of all steps: up for a moment, then down along a cosine to nothing."""
    return min(done / warm + 0.01, 0.5 * (1 + np.cos(np.pi * min(1, done))))


def mirrored(pictures: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pictures (N, H, W, 3), each second of them mirrored."""
    side = rng.random(len(pictures)) < 0.5
    return np.where(side[:, None, None, None], pictures[:, :, ::-1], pictures)


def window(pictures: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    """A window of `side` pixels of each of the squares (N, H, H, 3)."""
    corner = rng.integers(0, pictures.shape[1] - side + 1, (len(pictures), 2))
    return np.stack([p[y : y + side, x : x + side] for p, (y, x) in zip(pictures, corner, strict=True)])


def centred(features: np.ndarray) -> np.ndarray:
    """float (N, D) without their mean, rows of length 1."""
    return gallery.unit(features - features.mean(0))


def principal(features: np.ndarray, dimensions: int) -> np.ndarray:
    """float (N, D) on their first principal axes, the larger a little reduced: unit rows, float32 (N, dimensions)."""
    features = features - features.mean(0)
    _, scales, axes = np.linalg.svd(features, full_matrices=False)
    return gallery.unit(features @ axes[:dimensions].T / scales[:dimensions] ** 0.2)


def axes(network: keras.Model, pictures: np.ndarray) -> None:
    """Set the projection to the principal axes of the features of pictures, less their mean."""
    pooled = keras.Model(network.input, network.get_layer("pool").output).predict(pictures, 64, verbose=0)
    mean = pooled.mean(0)
    _, scales, directions = np.linalg.svd(gallery.unit(pooled - mean), full_matrices=False)
    kernel = directions[: networks.DIMENSIONS].T / scales[: networks.DIMENSIONS] ** 0.1
    network.get_layer("projection").set_weights([kernel, -mean @ kernel])


def start(network: keras.Model, pictures: np.ndarray, targets: np.ndarray, ridge: float = 0.3) -> None:
    """Set the projection to what brings the features nearest to the targets, by ridge regression."""
    pooled = keras.Model(network.input, network.get_layer("pool").output).predict(pictures, 64, verbose=0)
    mean = pooled.mean(0)
    x, shift = pooled - mean, targets.mean(0)
    penalty = ridge * np.trace(x.T @ x) / x.shape[1] * np.eye(x.shape[1])
    kernel = np.linalg.solve(x.T @ x + penalty, x.T @ (targets - shift))
    network.get_layer("projection").set_weights([kernel, shift - mean @ kernel])


def embedded(network: keras.Model) -> tuple[np.ndarray, np.ndarray]:
    """What a network makes of the pictures whose categories are held out, unit rows (N, D), and the categories (N,)."""
    encoded, labels = samples.caltech("held_out")
    seen = samples.squares(encoded, network.input_shape[1])
    return network.predict(seen, 64, verbose=0)["embedding"], np.array(labels)


def held_out(network: keras.Model) -> dict[str, float]:
    """The figures on the categories that are held out."""
    return {name: round(value, 4) for name, value in metrics.retrieval(*embedded(network)).items()}


def threshold(network: keras.Model) -> float:
    """The cosine similarity that best tells the nearest picture of one's own category from the nearest of another.

    Of both kinds of errors as few as can be, on the categories that are held out.
    """
    made, labels = embedded(network)
    similar = made @ made.T
    np.fill_diagonal(similar, -1)
    same = labels[:, None] == labels
    own, other = np.where(same, similar, -1).max(1), np.where(same, -1, similar).max(1)
    choices = np.unique(np.concatenate([own, other]))
    return float(max(choices, key=lambda value: (own >= value).mean() + (other < value).mean()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", choices=list(RECIPES), help="vae: the decoder comes with it")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    recipe = RECIPES[options.network]()
    keras.utils.set_random_seed(options.seed)
    recipe.load()
    trained = recipe.build()

    def epoch(n: int) -> None:
        recipe.epoch(trained, n, np.random.default_rng([options.seed, n]))

    how = recipes.trained(f"retrieval/{options.network}", options.seed, trained, recipe.EPOCHS, epoch)
    how |= {
        "command": f"python -m demos.retrieval.train {options.network} --seed {options.seed}",
        "seed": options.seed,
        "dataset": recipe.DATASET,
        "revision": "as JPEG and WebP files",
    }
    for name, network in recipe.finished(trained).items():
        recipes.export(f"retrieval/{name}", network, half=True)
        described = {"recipe": how, "license": "Apache-2.0"}
        if "embedding" in network.output:
            described["recipe"] = how | {"held_out": held_out(network)}
            described["thresholds"] = {"similarity": threshold(network)}
        files.record(f"retrieval/{name}", **described)


if __name__ == "__main__":
    main()
