"""One network for any photograph and any style, after MicroAST (arXiv:2211.15313), by the loss of VGG19."""

import itertools
from collections.abc import Callable, Iterator
from functools import partial

import keras
import numpy as np
from keras import ops

from demos.shared.training import backend, imagenet, recipe, schedule
from demos.shared.training.averaging import averaged
from demos.style.training import data, losses, networks

DATASETS = data.CONTENTS + data.STYLES
PRETRAINED = (imagenet.VGG19,)
DATASET = "photographs (imagenette, Berkeley's BSDS300), styles (paintings, PACS without its photographs)"

MINUTES = 9  # of an accelerator; two cores need a night
STEPS = 150  # an epoch
RATE, WARM_STEPS, DECAY = 1e-3, 500, 0.6  # of Adam; the rate falls over the last DECAY of the time
EMA = {"use_ema": True, "ema_momentum": 0.998}  # the average of the last weights is better than the last weights
CLIP = 1.0  # of the norm of all gradients
# Share of the time from which on, side of the squares, pairs in a batch: most steps see small pictures.
STAGES = ((0.0, 192, 32), (0.7, 256, 24))
PROCESSOR_BATCH = 4  # pairs in a batch for a processor
POLICY = "mixed_bfloat16"

CONTENT_SHORTS, STYLE_SHORTS = (208, 288), (208, 288, 352)  # shorter sides, in which pictures are cut
STYLE, CONTRAST, IDENTITY, VARIATION = 5.0, 1.0, 20.0, 0.2  # weights of losses; that of the content is 1
SAME = 4  # one in so many contents is also painted in its own style, which shall give it back
EVEN = 0.04  # share of contents without any detail: such a sky or wall shall stay calm
VALIDATION_SIDE = 256


def train(run: recipe.Run) -> None:
    """Train and export style/transfer and style/transfer_code."""
    training, validation, _ = data.split()
    contents, styles = data.decode(training.contents, CONTENT_SHORTS), data.decode(training.styles, STYLE_SHORTS)
    lesson = build()
    validate = prepare_validation(lesson, validation)
    batches = None
    for epoch in run.minutes(lesson, run.total_minutes(MINUTES), trained_on=(training.contents, training.styles, EMA)):
        jobs = ((run.share(), run.rng(epoch, step)) for step in itertools.count())
        batches = batches or backend.prefetch(partial(make_batch, contents, styles), jobs)
        parts = train_epoch(run, lesson, batches)
        with averaged(lesson):
            run.note(**validate(), **parts)
    with averaged(lesson):
        finish(run, lesson)


def build() -> "Lesson":
    """The networks and VGG19, compiled; in bfloat16 on PyTorch."""
    keras.config.set_dtype_policy(POLICY if keras.backend.backend() == "torch" else "float32")
    lesson = Lesson(losses.vgg19())
    keras.config.set_dtype_policy("float32")
    lesson.compile(keras.optimizers.Adam(RATE, global_clipnorm=CLIP, **EMA), jit_compile=False)
    return lesson


class Lesson(keras.Model):
    """What is trained: both networks, on pairs of `content` and `style`, uint8 (N, S, S, 3).

    features: VGG19's, a function, so that they are no part of what a checkpoint holds.
    """

    def __init__(self, features: Callable):
        super().__init__()
        self.code, self.painter = networks.build()
        self.features = features
        self.parts = [keras.metrics.Mean(name) for name in ("content", "style", "contrast", "identity")]

    def call(self, inputs):
        pair = (ops.convert_to_tensor(inputs[name]) for name in ("content", "style"))
        content, style = (ops.cast(pictures, "float32") / 255 for pictures in pair)
        count = ops.shape(content)[0]
        few = -(-count // SAME)
        both = ops.concatenate([content, style])  # few large calls: each layer costs an accelerator's host its time
        codes = self.code(both)["code"]
        own, wanted = codes[:count], codes[count:]
        painted = self.painter(
            [
                pad(ops.concatenate([content, content[:few]])),
                ops.concatenate([own, own[:few]]),
                ops.concatenate([wanted, own[:few]]),
            ]
        )["painted"]
        return {"both": both, "style_code": wanted, "painted": painted[:count], "same": painted[count:]}

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        painted, both, same = (y_pred[name] for name in ("painted", "both", "same"))
        count, few = ops.shape(painted)[0], ops.shape(same)[0]
        features, wanted = self.features(255 * painted), self.features(255 * both)
        parts = [
            losses.content_loss(features, [maps[:count] for maps in wanted]),
            losses.style_loss(features, [maps[count:] for maps in wanted]),
            losses.contrast_loss(self.code(painted)["code"], y_pred["style_code"]),
            ops.mean(ops.square(same - both[:few]), axis=(1, 2, 3)),
        ]
        for metric, part in zip(self.parts, parts, strict=True):
            metric.update_state(part)
        weighted = [w * ops.mean(part) for w, part in zip((1, STYLE, CONTRAST, IDENTITY), parts, strict=True)]
        return sum(weighted) + VARIATION * ops.mean(losses.variation_loss(painted))


def pad(pictures):
    """Pictures (N, H, W, 3) with MARGIN more pixels on each side, mirrored."""
    margin = (networks.MARGIN, networks.MARGIN)
    return ops.pad(pictures, ((0, 0), margin, margin, (0, 0)), mode="reflect")


def make_batch(contents: list, styles: list, done: float, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Pairs for the share `done` of the time. contents, styles: of `data.decode`."""
    _, side, count = max(stage for stage in STAGES if stage[0] <= done)
    count = count if backend.is_accelerated() else PROCESSOR_BATCH
    contents, styles = data.cut(contents, side, count, rng), data.cut(styles, side, count, rng)
    for i in np.flatnonzero(rng.random(count) < EVEN):
        contents[i] = data.make_even(side, rng)
    data.recolour(styles, rng)
    return {"content": contents, "style": styles}


def train_epoch(run: recipe.Run, lesson: Lesson, batches: Iterator[dict]) -> dict[str, float]:
    """Train for STEPS, fewer, but one, if the time is up before. Returns the losses, as means over the steps."""
    figures = []
    for share in run.steps(STEPS):
        batch = next(batches)
        step = int(lesson.optimizer.iterations)
        lesson.optimizer.learning_rate = RATE * schedule.plateau(share, step, WARM_STEPS, DECAY)
        figures.append(lesson.train_on_batch(batch, return_dict=True))
        run.add_examples(len(batch["content"]))
    return average(figures)


def average(figures: list[dict[str, float]]) -> dict[str, float]:
    """The mean of each figure."""
    return {name: float(np.mean([one[name] for one in figures])) for name in (figures[0] if figures else ())}


def prepare_validation(lesson: Lesson, held_out: data.Split) -> Callable[[], dict[str, float]]:
    """A function that measures the losses on held-out photographs, each in one of the held-out styles."""
    contents, styles = (
        np.stack([data.center(picture, VALIDATION_SIDE) for picture in data.decode(encoded, (VALIDATION_SIDE,))[0]])
        for encoded in (held_out.contents, held_out.styles)
    )
    pairs = [(contents[i : i + len(styles)], styles) for i in range(0, len(contents), len(styles))]

    def validate() -> dict[str, float]:
        figures = average([lesson.test_on_batch({"content": c, "style": s}, return_dict=True) for c, s in pairs])
        return {f"validation_{name}": value for name, value in figures.items()}

    return validate


def finish(run: recipe.Run, lesson: Lesson) -> None:
    """Export both networks as they are served, in float32 inside."""
    curve = {key: [round(point[key], 5) for point in run.curve] for key in ("minutes", "validation_loss")}
    held_out = {key: value for key, value in run.curve[-1].items() if key.startswith("validation_")}
    account = {"dataset": DATASET, "revision": "as JPEG and WebP files", "held_out": held_out, "curve": curve}
    for trained, served in zip((lesson.code, lesson.painter), networks.build(), strict=True):
        served.set_weights(trained.get_weights())
        run.finish(served, name=f"{run.name.split('/')[0]}/{served.name}", **account)
