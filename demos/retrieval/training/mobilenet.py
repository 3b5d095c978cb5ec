"""MobileNetV2, trained to give the features of two teachers and to tell categories (arXiv:1811.12649).

The projection is fitted anew in the end: that holds better for categories that no training picture has.
"""

import keras

from demos.retrieval.training import data, distillation, networks, validation
from demos.shared.training import imagenet, recipe

DATASETS = data.DISTILLATION_SETS
PRETRAINED = (imagenet.MOBILENETV2, imagenet.INCEPTIONV3)

EPOCHS = 2  # chosen on held-out categories
BATCH = 64
RATE = 2e-5  # of Adam; ImageNet's features are good already, and higher rates lose them
TEACHERS = {"mobilenet": 1.0, "inception": 1.0}  # and the weights of their features
CATEGORY_WEIGHT = 0.1  # of the normalised softmax over Caltech-101's categories, beside the features' 1
TEMPERATURE = 0.07  # of that softmax
MARGINS = (0, 12, 24)  # pixels by which the squares are larger, from which windows for it are cut
RIDGE = 0.3  # of the regression that starts the projection


def train(run: recipe.Run) -> None:
    """Train and export retrieval/mobilenet."""
    samples = distillation.load_samples(run, networks.SIDES["mobilenet"], MARGINS, TEACHERS)
    network = networks.mobilenet()
    distillation.freeze_normalization(network)
    distillation.fit_projection(network, samples.squares[0], samples.targets, RIDGE)
    embedding = network.output["embedding"]
    category = networks.Proxies(samples.categories.shape[1], TEMPERATURE)(embedding)
    student = keras.Model(network.input, {"embedding": embedding, "category": category})
    losses = {
        "embedding": distillation.cosine_distance,
        "category": keras.losses.CategoricalCrossentropy(from_logits=True),
    }
    weights = {"embedding": 1.0, "category": CATEGORY_WEIGHT}
    student.compile(keras.optimizers.Adam(RATE), losses, loss_weights=weights, jit_compile=False)
    targets = {"embedding": samples.targets, "category": samples.categories}
    distillation.train(run, student, network, samples, targets, epochs=EPOCHS, batch=BATCH, rate=RATE)
    distillation.set_principal_axes(network, samples.squares[0][samples.categories.any(1)])
    validation.finish(run, network, data.DISTILLATION_TEXT)
