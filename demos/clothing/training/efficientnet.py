"""EfficientNet-Lite0 from ImageNet's weights, fine-tuned on clothes, with garments of other kinds and other things."""

from dataclasses import dataclass

import keras
import numpy as np

from demos.clothing import data
from demos.clothing.predict import CLASSES, SIDE, squeeze
from demos.clothing.training import finishing, networks
from demos.clothing.training.augment import augment
from demos.shared import metrics
from demos.shared.data import decode
from demos.shared.training import imagenet, recipe, schedule
from demos.shared.training.averaging import averaged

DATASETS = (data.DATASET, data.OBJECTS)
PRETRAINED = (imagenet.EFFICIENTNET_LITE0,)

EPOCHS = 20
SMALL_EPOCHS, SMALL_SIDE = 6, 128  # the first epochs see small pictures, at 0.6 of the cost
TRAINING_SIDE = 160  # less than SIDE: what is cut out of a picture looks larger than the whole (arXiv:1906.06423)
FROZEN = 5  # blocks whose ImageNet weights stay; to train them as well takes twice as long
GARMENTS, KINDS, OBJECTS = 24, 5, 3  # of a batch: of the ten classes, of other kinds, no garment
RATE = 3e-4  # of AdamW; it falls along a cosine to nothing
WARM = 0.05  # share of the steps over which the rate rises
WEIGHT_DECAY = 0.02
SMOOTHING = 0.1  # of the labels
AVERAGED = 0.995  # momentum of the average of the weights


def train(run: recipe.Run) -> None:
    """Train, calibrate and export clothing/efficientnet."""
    finishing.finish(run, train_network(run))


def train_network(run: recipe.Run) -> keras.Model:
    """The average of the weights, in a network for SIDE."""
    groups, held_out = load_groups(), data.load("validation")
    inputs = np.stack([squeeze(decode(content), SIDE) for content in held_out.encoded])
    network, view = build(), networks.classifier(SIDE)
    epochs, steps = run.count(EPOCHS), len(groups[0].encoded) // GARMENTS
    options = {"examples": steps * (GARMENTS + KINDS + OBJECTS), "trained_on": [group.encoded for group in groups]}
    for epoch in run.epochs(network, epochs, **options):
        rng, losses = run.rng(epoch), []
        for step in range(steps):
            network.optimizer.learning_rate = RATE * schedule.cosine((epoch + step / steps) / epochs, WARM)
            batch = make_batch(groups, SMALL_SIDE if epoch < SMALL_EPOCHS else TRAINING_SIDE, rng)
            losses.append(float(network.train_on_batch(*batch)))
        with averaged(network):
            view.set_weights(network.get_weights())
        run.note(loss=np.mean(losses), **measure(view, inputs, held_out.labels))
    with averaged(network):
        view.set_weights(network.get_weights())
    return view


def build() -> keras.Model:
    """The network, compiled; it takes pictures of any size."""
    network = networks.classifier(None, FROZEN)
    options = {"weight_decay": WEIGHT_DECAY, "clipnorm": 5.0, "use_ema": True, "ema_momentum": AVERAGED}
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=SMOOTHING)
    network.compile(keras.optimizers.AdamW(RATE, **options), loss, jit_compile=False)
    return network


@dataclass(eq=False)
class Group:
    """Pictures that have a share of each batch. encoded: N files. labels: numbers of networks.TARGETS, int (N,).

    share: so many of a batch.
    """

    encoded: list[bytes]
    labels: np.ndarray
    share: int

    def __post_init__(self):
        recipe.require(len(self.encoded), self.share, "pictures of each kind")
        self.pictures = [decode(content) for content in self.encoded]
        self.order = np.zeros(0, int)

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        """The next pictures' positions, int (share,): each once before one comes again."""
        if len(self.order) < self.share:
            self.order = rng.permutation(len(self.encoded))
        drawn, self.order = np.split(self.order, [self.share])
        return drawn


def load_groups() -> list[Group]:
    """Training pictures: the ten classes, garments of other kinds, other things. Raises data.Absent."""
    pictures, objects = data.load("train"), data.objects("train")
    groups = []
    for labels, share in ((CLASSES, GARMENTS), (data.TRAINED_KINDS, KINDS)):
        chosen = pictures.of(labels)
        groups.append(
            Group(chosen.encoded, np.array([networks.TARGETS.index(label) for label in chosen.labels]), share)
        )
    nothing = np.full(len(objects), networks.TARGETS.index("nothing"))
    return [*groups, Group(objects, nothing, OBJECTS)]


def make_batch(groups: list[Group], side: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Augmented pictures, uint8 (N, side, side, 3), and their targets, float32 (N, len(networks.TARGETS))."""
    drawn = [(group, at) for group in groups for at in group.draw(rng)]
    pictures = np.stack([augment(group.pictures[at], side, rng) for group, at in drawn])
    return pictures, np.eye(len(networks.TARGETS), dtype="float32")[[group.labels[at] for group, at in drawn]]


def measure(network: keras.Model, inputs: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Accuracy over the ten classes, and how well their pictures are told from those of other kinds, held out."""
    logits = network.predict(inputs, 32, verbose=0)
    ten, others = logits[:, : len(CLASSES)], logits[:, len(CLASSES) :]
    is_known = np.isin(labels, CLASSES)
    numbers = np.array([CLASSES.index(label) for label in labels[is_known]])
    score = np.logaddexp.reduce(ten, axis=1) - np.logaddexp.reduce(others, axis=1)
    return {
        "accuracy": metrics.accuracy(ten[is_known], numbers),
        "garments_auroc": metrics.auroc(score[is_known], score[~is_known]),
    }
