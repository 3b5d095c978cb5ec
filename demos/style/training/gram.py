"""A small network that gives what Gram matrices of VGG19 give: a regression from EfficientNet-Lite0's statistics."""

import numpy as np

from demos.shared.gallery.gallery import l2_normalize
from demos.shared.training import imagenet, recipe, rounding
from demos.style import data
from demos.style.training import examples, painted, statistics, teacher, validation
from demos.style.training.examples import Examples

DATASETS = (data.PAINTINGS, data.PACS, painted.PHOTOGRAPHS_SET)
PRETRAINED = (imagenet.EFFICIENTNET_LITE0, imagenet.VGG19)
DATASET = "paintings (678), PACS (560); ImageNet's weights as a start, and VGG19 as a teacher"

DIMENSIONS = 256
DEPTH = 4  # of the layers whose statistics the student reads: no deeper than the teacher's styles need
SOURCES = 2  # of `examples.read`, that the regression is over: paintings and PACS
RIDGE = 0.03  # penalty, in parts of the mean variance


def train(run: recipe.Run) -> None:
    """Fit, calibrate and export style/gram."""
    sources, _ = examples.read(run)
    sketches = np.concatenate([teacher.describe(run, f"gram-{one.name}", one.pictures) for one in sources[:SOURCES]])
    targets = reduce(sketches)
    training, held_out = examples.load(run)
    width = statistics.body(DEPTH).output_shape[1]
    training = [shallow(part, width) for part in training]
    held_out = {name: shallow(part, width) for name, part in held_out.items()}
    x = np.concatenate([part.statistics[0] for part in training[:SOURCES]])
    head = statistics.projection(np.zeros((x.shape[1], DIMENSIONS)), np.zeros(DIMENSIONS))
    head.compile("adam", "mse", jit_compile=False)
    for _ in run.epochs(head, 1, examples=len(x), trained_on=(x, targets)):
        head.get_layer("projection").set_weights(fit(x, targets))
        run.note(**validation.measure(head, held_out))
    head = rounding.round_to_half(statistics.projection(*head.get_layer("projection").get_weights()))
    figures = validation.measure(head, held_out)
    thresholds = validation.calibrate(head, held_out, training[-1])
    network = statistics.encoder(head, DEPTH, "gram")
    run.finish(network, dataset=DATASET, revision="as JPEG files", held_out=figures, thresholds=thresholds)


def shallow(part: Examples, width: int) -> Examples:
    """Examples with the first `width` statistics alone, those of the first DEPTH layers."""
    return Examples(part.statistics[..., :width], part.styles, part.contents)


def reduce(sketches: np.ndarray) -> np.ndarray:
    """Unit rows (N, D) -> unit rows, float32 (N, DIMENSIONS), on their principal axes; cosines stay, nearly."""
    _, _, axes = np.linalg.svd(sketches, full_matrices=False)
    return l2_normalize(sketches @ axes[:DIMENSIONS].T)


def fit(x: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ridge regression of float (N, D) on statistics, float (N, F), each scaled: kernel and bias."""
    mean, deviation = x.mean(0), x.std(0) + 1e-3
    z, shift = (x - mean) / deviation, targets.mean(0)
    penalty = RIDGE * len(z) * np.eye(z.shape[1])
    kernel = np.linalg.solve(z.T @ z + penalty, z.T @ (targets - shift)) / deviation[:, None]
    return kernel, shift - mean @ kernel
