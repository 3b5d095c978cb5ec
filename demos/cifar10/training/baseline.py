"""The network of the student project as the project trained it: Adam at its defaults, no augmentation."""

from demos.cifar10.training import calibration, data, networks
from demos.shared.training import recipe

DATASETS = (("cifar10", "train"),)

EPOCHS = 10  # the project's
BATCH = 32  # the project's


def train(run: recipe.Run) -> None:
    """Train, calibrate and export cifar10/baseline."""
    pictures, held_out = data.load_pictures()
    network = networks.baseline()
    network.compile("adam", "sparse_categorical_crossentropy", jit_compile=False)

    count = len(pictures["labels"])
    for epoch in run.epochs(network, run.count(EPOCHS), examples=count, trained_on=pictures):
        order = run.rng(epoch).permutation(count)
        x, labels = pictures["pictures"][order], pictures["labels"][order]
        history = network.fit(x, labels, batch_size=BATCH, shuffle=False, verbose=0)
        run.note(loss=history.history["loss"][-1])

    views = networks.test_time_augmentation(networks.baseline_parts(network))
    calibration.finish(run, network, views, pictures, held_out)
