"""A student of InceptionV3: MobileNetV2's first blocks, trained to give the teacher's features."""

import keras

from demos.retrieval.training import data, distillation, networks, validation
from demos.shared.training import imagenet, recipe

DATASETS = data.DISTILLATION_SETS
PRETRAINED = (imagenet.MOBILENETV2, imagenet.INCEPTIONV3)

EPOCHS = 5  # chosen on held-out categories
BATCH = 64
RATE = 2e-4  # of Adam; it falls along a cosine to nothing
TEACHERS = {"inception": 1.0}  # and the weight of their features
MARGINS = (0, 12, 24)  # pixels by which the squares are larger, from which windows for it are cut
RIDGE = 0.3  # of the regression that starts the projection


def train(run: recipe.Run) -> None:
    """Train and export retrieval/inception."""
    samples = distillation.load_samples(run, networks.SIDES["inception"], MARGINS, TEACHERS)
    network = networks.inception()
    distillation.freeze_normalization(network)
    distillation.fit_projection(network, samples.squares[0], samples.targets, RIDGE)
    student = keras.Model(network.input, {"embedding": network.output["embedding"]})
    losses = {"embedding": distillation.cosine_distance}
    student.compile(keras.optimizers.Adam(RATE), losses, jit_compile=False)
    targets = {"embedding": samples.targets}
    distillation.train(run, student, network, samples, targets, epochs=EPOCHS, batch=BATCH, rate=RATE)
    validation.finish(run, network, data.DISTILLATION_TEXT)
