"""EfficientNet-Lite2, whose last blocks learn the features of itself and InceptionV3, and whose projection sets
pictures of one category near each other.

The first blocks stay as ImageNet made them, so they look at each picture only once.
"""

from dataclasses import dataclass

import keras
import numpy as np

from demos.retrieval.data import caltech
from demos.retrieval.training import data, distillation, networks, validation
from demos.shared import metrics
from demos.shared.gallery.gallery import l2_normalize
from demos.shared.training import checkpoint, imagenet, recipe, schedule

DATASETS = (("caltech101", "all"), *data.MANY)
PRETRAINED = (imagenet.EFFICIENTNET_LITE2, imagenet.INCEPTIONV3)

EPOCHS = 5  # held-out categories gained little after the third; other rates and weights were not compared
BATCH = 64
RATE = 1e-4  # of Adam; it falls along a cosine to nothing
FROZEN = "blocks_16__add"  # up to this layer ImageNet's weights stay
INCEPTION_WEIGHT = 0.7  # of InceptionV3's features, beside Lite2's 1
AXES = 768  # of the teachers' features, on which the student learns them
RIDGE = 0.3  # of the regression that starts the student's projection on them
CATEGORY_WEIGHT = 0.1  # of the normalised softmax over categories, beside the features' 1
TEMPERATURE = 0.07  # of that softmax
EXAMPLES = 300  # pictures that say how large values get in 8 bits
# Of the covariance within categories, towards a multiple of the identity. Held-out categories' mAP, behind the shipped
# 8-bit convolutions: 0.903 with 1, 0.914 with 3, 0.915 with 10 and with 30, 0.914 with 100.
SHRINKAGE = 10.0


@dataclass(frozen=True, eq=False)
class Samples:
    """What the last blocks learn from.

    squares: uint8 (N, side, side, 3). middles: float16 (2, N, h, w, C), what the first blocks give of each picture and
    of its mirror image. targets: rows of length 1, float32 (N, AXES). categories: float32 (N, K), one hot for
    Caltech-101's pictures and 0 for all others.
    """

    squares: np.ndarray
    middles: np.ndarray
    targets: np.ndarray
    categories: np.ndarray


def train(run: recipe.Run) -> None:
    """Train and export retrieval/efficientnet."""
    network = networks.efficientnet()
    trunk = network.get_layer("trunk")
    middle = trunk.get_layer(FROZEN).output
    first, last = keras.Model(trunk.input, middle), keras.Model(middle, networks.pool(trunk.output))
    samples = load_samples(run, first, last)
    train_last(run, last, samples, look_at_held_out(run, first))
    pooled = np.mean([last.predict(view, BATCH, verbose=0) for view in samples.middles], axis=0)
    is_known = samples.categories.any(1)
    set_projection(network, pooled, is_known, samples.categories[is_known].argmax(1))
    examples = samples.squares[:: len(samples.squares) // EXAMPLES]
    validation.finish(run, network, data.MANY_TEXT, "int8_static", is_expanded=True, examples=examples)


def load_samples(run: recipe.Run, first: keras.Model, last: keras.Model) -> Samples:
    """The pictures' middles and targets, and the categories of those that have one. Raises data.Absent."""
    encoded, labels = caltech("train")
    encoded += data.many()
    recipe.require(len(encoded), AXES, "training pictures")
    categories = np.zeros((len(encoded), len(set(labels))), np.float32)
    categories[np.arange(len(labels)), np.unique(labels, return_inverse=True)[1]] = 1
    key = checkpoint.digest(encoded, networks.SIDES["efficientnet"], FROZEN)
    squares = data.crop_squares(encoded, networks.SIDES["efficientnet"])
    middles = run.cached("efficientnet-middles", lambda: look(first, squares), key)
    teacher = imagenet.inceptionv3(squares.shape[1])
    inception = run.cached("efficientnet-inception", lambda: predict(teacher, squares, 1 / 127.5, -1), key)
    lite = np.mean([last.predict(view, BATCH, verbose=0) for view in middles], axis=0)
    features = (distillation.center(lite), INCEPTION_WEIGHT * distillation.center(inception))
    targets = rotate(np.concatenate(features, axis=1), AXES)
    return Samples(squares, middles, targets, categories)


def look_at_held_out(run: recipe.Run, first: keras.Model) -> np.ndarray:
    """What the first blocks give of the held-out pictures, float16 (N, h, w, C). Raises data.Absent."""
    encoded, side = caltech("validation")[0], networks.SIDES["efficientnet"]
    key = checkpoint.digest(encoded, side, FROZEN)
    return run.cached("efficientnet-held-out", lambda: look(first, data.crop_squares(encoded, side))[0], key)


def look(first: keras.Model, squares: np.ndarray) -> np.ndarray:
    """What the first blocks give of pictures and of their mirror images, float16 (2, N, h, w, C)."""
    views = (squares, squares[:, :, ::-1])
    return np.stack([predict(first, view, 1 / 128, -127 / 128).astype("float16") for view in views])


def predict(network: keras.Model, squares: np.ndarray, scale: float, offset: float) -> np.ndarray:
    """The output of a network that takes uint8 (N, side, side, 3) by `scale` and `offset`."""
    batches = (squares[at : at + 32] for at in range(0, len(squares), 32))
    return np.concatenate([network.predict_on_batch(batch * np.float32(scale) + offset) for batch in batches])


def rotate(features: np.ndarray, axes: int) -> np.ndarray:
    """float (N, D) on their first principal axes, without their mean: unit rows, float32 (N, axes)."""
    features = features - features.mean(0)
    directions = np.linalg.eigh(features.T @ features)[1][:, ::-1][:, :axes]
    return l2_normalize(features @ directions).astype("float32")


def train_last(run: recipe.Run, last: keras.Model, samples: Samples, held_out: np.ndarray) -> None:
    """Train the last blocks. held_out: middles of pictures by which the curve is drawn."""
    labels = np.array(caltech("validation")[1])
    distillation.freeze_layers(last)
    middle = keras.Input(last.input_shape[1:])
    projection = keras.layers.Dense(AXES, name="teachers")
    embedding = networks.l2_normalize(projection(last(middle)))
    category = networks.Proxies(samples.categories.shape[1], TEMPERATURE)(embedding)
    student = keras.Model(middle, {"embedding": embedding, "category": category})
    pooled = last.predict(samples.middles[0], BATCH, verbose=0)
    projection.set_weights(distillation.regress(pooled, samples.targets, RIDGE))
    losses = {
        "embedding": distillation.cosine_distance,
        "category": keras.losses.CategoricalCrossentropy(from_logits=True),
    }
    weights = {"embedding": 1.0, "category": CATEGORY_WEIGHT}
    student.compile(keras.optimizers.Adam(RATE), losses, loss_weights=weights, jit_compile=False)
    count, epochs = len(samples.targets), run.count(EPOCHS)
    for epoch in run.epochs(student, epochs, examples=count, trained_on=(samples.targets, samples.categories)):
        rng, losses = run.rng(epoch), []
        for chosen, share in recipe.batches(count, BATCH, rng):
            student.optimizer.learning_rate = RATE * schedule.cosine((epoch + share) / epochs)
            x = samples.middles[rng.integers(2, size=BATCH), chosen].astype("float32")
            y = {"embedding": samples.targets[chosen], "category": samples.categories[chosen]}
            losses.append(float(student.train_on_batch(x, y, return_dict=True)["loss"]))
        embedded = distillation.center(last.predict(held_out, BATCH, verbose=0))
        run.note(loss=np.mean(losses), **metrics.retrieval(embedded, labels))


def set_projection(network: keras.Model, pooled: np.ndarray, is_known: np.ndarray, categories: np.ndarray) -> None:
    """Set the projection to whiten what differs within categories, and to keep the principal axes of all pictures.

    pooled: features, float (N, D). is_known: which have a category, bool (N,). categories: of these, int.
    Within-class covariance normalization (Hatch et al., 2006).
    """
    mean = pooled[is_known].mean(0)
    scale = np.linalg.norm(pooled[is_known] - mean, axis=1).mean()
    everything = (pooled - mean) / scale
    x = everything[is_known]
    means = np.stack([x[categories == number].mean(0) for number in range(categories.max() + 1)])
    within = np.cov((x - means[categories]).T, bias=True)
    within += SHRINKAGE * np.trace(within) / len(within) * np.eye(len(within))
    spread, directions = np.linalg.eigh(within)
    white = directions / np.sqrt(spread)
    kept = np.linalg.eigh(np.cov((everything @ white).T))[1][:, ::-1][:, : networks.DIMENSIONS]
    kernel = white @ kept / scale
    network.get_layer("projection").set_weights([kernel, -mean @ kernel])
