"""LeNet-5 for 0, 1 and 2, trained from scratch."""

import keras

from demos.digits.training import glyphs, learning, networks
from demos.shared.training import recipe

DATASETS = glyphs.DATASETS

EPOCHS = 10  # held-out accuracy gains nothing later
BATCH = 32
RATE = 2e-3  # of Adam; it falls in a line to nothing


def train(run: recipe.Run) -> None:
    """Train, calibrate and export digits/lenet."""
    sets = glyphs.load(run)
    network, epochs = build(), run.count(EPOCHS)
    examples = len(sets["train"]["labels"])
    for epoch in run.epochs(network, epochs, examples=examples, trained_on=(sets["train"], learning.PLAIN)):
        rates = RATE * (1 - epoch / epochs), RATE * (1 - (epoch + 1) / epochs)
        run.note(loss=learning.train_epoch(network, sets["train"], run.rng(epoch), BATCH, rates))
    learning.finish(run, network, networks.lenet(), sets, lambda: learning.learning_curve(build, RATE, sets))


def build() -> keras.Model:
    """The untrained network, compiled."""
    network = networks.lenet()
    network.compile(keras.optimizers.Adam(RATE), learning.open_set_loss, jit_compile=False)
    return network
