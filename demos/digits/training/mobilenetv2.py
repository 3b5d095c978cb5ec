"""MobileNetV2 for 0, 1 and 2, from ImageNet's weights: first the head alone, then all layers at a lower rate."""

import keras

from demos.digits.training import glyphs, learning, networks
from demos.shared.training import imagenet, recipe

DATASETS = glyphs.DATASETS
PRETRAINED = (imagenet.MOBILENETV2,)

HEAD_EPOCHS = 1  # until the head is better than random, its gradients would only harm the body
HEAD_RATE = 3e-3  # of Adam, for the head alone
EPOCHS = 5
BATCH = 64
RATE = 5e-4  # of AdamW for all layers; it falls in a line to nothing
WEIGHT_DECAY = 1e-3
TREMBLE = 1.0  # pixels; without it trembling strokes are read worse than all others
MOMENTUM = 0.99  # of normalisation; Keras' 0.999 would still remember ImageNet after so few steps


def train(run: recipe.Run) -> None:
    """Train, calibrate and export digits/mobilenetv2."""
    sets = glyphs.load(run)
    network, epochs = build(), run.count(EPOCHS)
    examples = len(sets["train"]["labels"])

    network.get_layer("body").trainable = False
    network.compile(keras.optimizers.Adam(HEAD_RATE), learning.open_set_loss, jit_compile=False)
    options = {"examples": examples, "trained_on": (sets["train"], learning.PLAIN)}
    for epoch in run.epochs(network, HEAD_EPOCHS, stage="head", **options):
        run.note(loss=learning.train_epoch(network, sets["train"], run.rng(epoch, 1), BATCH, None, TREMBLE))

    network.get_layer("body").trainable = True
    compile_whole(network)
    for epoch in run.epochs(network, epochs, **options):
        rates = RATE * (1 - epoch / epochs), RATE * (1 - (epoch + 1) / epochs)
        run.note(loss=learning.train_epoch(network, sets["train"], run.rng(epoch), BATCH, rates, TREMBLE))
    learning.finish(run, network, networks.mobilenetv2(), sets, lambda: learning.learning_curve(build, RATE, sets))


def build() -> keras.Model:
    """The network with ImageNet's weights in its body, compiled to train all layers."""
    network = networks.mobilenetv2()
    body = network.get_layer("body")
    imagenet.fill_mobilenetv2(body)
    for layer in body.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = MOMENTUM
    return compile_whole(network)


def compile_whole(network: keras.Model) -> keras.Model:
    """Compile the network to train all layers. Returns it."""
    optimizer = keras.optimizers.AdamW(RATE, weight_decay=WEIGHT_DECAY)
    network.compile(optimizer, learning.open_set_loss, jit_compile=False)
    return network
