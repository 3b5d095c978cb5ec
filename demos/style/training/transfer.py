"""One network for any photograph and any style, after MicroAST (arXiv:2211.15313), by the loss of VGG19."""

from collections.abc import Callable

import keras
import numpy as np
from keras import layers, ops

from demos.shared.training import backend, checkpoint, imagenet, recipe, schedule
from demos.shared.training.averaging import averaged
from demos.style.training import data, losses, networks, pool

DATASETS = data.CONTENTS + data.STYLES
PRETRAINED = (imagenet.VGG19,)
DATASET = (
    "photographs (imagenette, Berkeley's BSDS300, Caltech-101), styles (paintings, PACS without its photographs, "
    "pictures that the project painted)"
)

CAN_GO_ON = True
MINUTES = 9  # of an accelerator; two cores need a night
STEPS = 200  # an epoch
RATE, WARM_STEPS, DECAY = 1e-3, 200, 0.5  # of Adam; the rate falls over the last DECAY of the time
# Of shipped weights that are trained further. On two cores they gained nothing at RATE, and later nothing at half of it
# until it had fallen.
ON_RATE, ON_DECAY = 2.5e-4, 1.0
EMA = {"use_ema": True, "ema_momentum": 0.998}  # the average of the last weights is better than the last weights
CLIP = 1.0  # of the norm of all gradients
# Share of the time from which on, side of the squares, pairs in a batch. Two cores take as many steps as they can.
ACCELERATOR = ((0.0, 192, 32), (0.7, 256, 24))
# In the same time shipped weights gained more from two pairs of 192 pixels than from four of 128, and later more from
# two pairs of 256 than of 192: the card has the figures.
PROCESSOR = ((0.0, 128, 4), (0.5, 192, 2), (0.8, 256, 2))
CONTENTS, STYLES = 2400, 3600  # squares in a stage's pool

CONTENT_SHORTS, STYLE_SHORTS = (144, 208, 288), (144, 208, 288)  # shorter sides, in which pictures are cut
# Weights of losses; that of the content is 1. DESCRIPTION: codes shall tell what VGG19 sees in their pictures.
STYLE, CONTRAST, IDENTITY, DESCRIPTION, VARIATION = 5.0, 1.0, 20.0, 1.0, 0.2
SAME = 4  # one in so many contents is also painted in its own style, which shall give it back
EVEN = 0.04  # share of contents without any detail: such a sky or wall shall stay calm
FEW = 50  # styles at once
RIDGE = 1e-2  # of the regression that fits the description to shipped codes
VALIDATION_SIDE = 256
PARTS = ("content", "style", "contrast", "identity", "description")


def train(run: recipe.Run) -> None:
    """Train and export style/transfer and style/transfer_code."""
    training, validation, _ = data.split()
    lesson = build()
    validate = prepare_validation(lesson, validation)
    stages = choose_stages(run)
    stage, pairs = stages[0], fill_pool(run, lesson, training, stages[0][1])
    take_shipped(run, lesson, pairs)
    trained_on = (training.contents, training.styles, EMA, run.account["examples"])
    for epoch in run.minutes(lesson, run.total_minutes(MINUTES), trained_on=trained_on):
        if (now := max(one for one in stages if one[0] <= run.share())) != stage:
            stage, pairs = now, fill_pool(run, lesson, training, now[1])
        parts = train_epoch(run, lesson, pairs, stage[2], run.rng(epoch))
        with averaged(lesson):
            run.note(**validate(), **parts)
    with averaged(lesson):
        finish(run, lesson)


def choose_stages(run: recipe.Run) -> tuple[tuple[float, int, int], ...]:
    """From which share of the time on, side of the squares, and pairs in a batch. With --go-on the last stage alone."""
    stages = ACCELERATOR if backend.is_accelerated() else PROCESSOR
    return ((0.0, *stages[-1][1:]),) if run.options.go_on else stages


def build() -> "Lesson":
    """The networks and VGG19, compiled."""
    features = losses.vgg19()
    with backend.dtype_policy(backend.fastest_policy()):
        lesson = Lesson(features)
    lesson.compile(keras.optimizers.Adam(RATE, global_clipnorm=CLIP, **EMA), jit_compile=False)
    return lesson


def take_shipped(run: recipe.Run, lesson: "Lesson", pairs: pool.Pool) -> None:
    """With --go-on give both networks the shipped weights. The description, which ships nowhere, is fitted to them."""
    for network, name in ((lesson.code, "style/transfer_code"), (lesson.painter, "style/transfer")):
        if (shipped := run.shipped(name)) is None:
            return
        network.set_weights(shipped.get_weights())
    seen = [
        ops.convert_to_numpy(lesson.code(pairs["style"][start : start + FEW].astype("float32") / 255)["code"])
        for start in range(0, STYLES, FEW)
    ]
    codes = np.concatenate([np.concatenate(seen), np.ones((STYLES, 1))], axis=1)
    fitted = np.linalg.solve(codes.T @ codes + RIDGE * np.eye(codes.shape[1]), codes.T @ pairs["style_row"])
    lesson.description.set_weights([fitted[:-1], fitted[-1]])


class Lesson(keras.Model):
    """What is trained: both networks, on what `pool.draw` gives.

    features: VGG19's, a function, so that they are no part of what a checkpoint holds.
    """

    def __init__(self, features: Callable):
        super().__init__()
        self.code, self.painter = networks.build(is_padded=True)
        self.description = layers.Dense(losses.ROW, kernel_initializer="zeros", dtype="float32")
        self.description.build((None, networks.CODE))
        self.features = features
        self.parts = [keras.metrics.Mean(name) for name in PARTS]

    def call(self, inputs):
        pair = (ops.convert_to_tensor(inputs[name]) for name in ("content", "style"))
        content, style = (ops.cast(pictures, "float32") / 255 for pictures in pair)
        count = ops.shape(content)[0]
        few = -(-count // SAME)
        # Few large calls: each layer costs an accelerator's host its time.
        codes = self.code(ops.concatenate([content, style]))["code"]
        own, wanted = codes[:count], codes[count:]
        painted = self.painter(
            [
                ops.concatenate([content, content[:few]]),
                ops.concatenate([own, own[:few]]),
                ops.concatenate([wanted, own[:few]]),
            ]
        )["painted"]
        return {"codes": codes, "painted": painted[:count], "identity": painted[count:] - content[:few]}

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        content_map, content_row, style_row = (
            ops.cast(ops.convert_to_tensor(x[name]), "float32") for name in ("content_map", "content_row", "style_row")
        )
        maps = self.features(255 * y_pred["painted"])
        row, rows = losses.describe(maps), ops.concatenate([content_row, style_row])
        parts = [
            losses.content_loss(maps, [content_map]),
            losses.style_distance(row, style_row),
            losses.contrast_loss(row, style_row),
            ops.mean(ops.square(y_pred["identity"]), axis=(1, 2, 3)),
            losses.style_distance(self.description(y_pred["codes"]), rows),
        ]
        for metric, part in zip(self.parts, parts, strict=True):
            metric.update_state(part)
        weights = (1, STYLE, CONTRAST, IDENTITY, DESCRIPTION)
        weighted = [weight * ops.mean(part) for weight, part in zip(weights, parts, strict=True)]
        return sum(weighted) + VARIATION * ops.mean(losses.variation_loss(y_pred["painted"]))


def fill_pool(run: recipe.Run, lesson: Lesson, training: data.Split, side: int) -> pool.Pool:
    """Squares of `side` pixels; kept, since it takes minutes."""

    def look() -> pool.Pool:
        print(f"VGG19 looks at {CONTENTS + STYLES:,} squares of {side} pixels.", flush=True)
        rng = run.rng(side)
        contents, styles = (
            data.cut(data.decode(encoded, shorts), side, count, rng)
            for encoded, shorts, count in (
                (training.contents, CONTENT_SHORTS, CONTENTS),
                (training.styles, STYLE_SHORTS, STYLES),
            )
        )
        for i in np.flatnonzero(rng.random(CONTENTS) < EVEN):
            contents[i] = data.make_even(side, rng)
        data.recolour(styles, rng)
        return pool.fill(lesson.features, contents, styles)

    key = checkpoint.digest(
        training.contents, training.styles, run.seed, CONTENTS, STYLES, CONTENT_SHORTS, STYLE_SHORTS, EVEN
    )
    return run.cached(f"transfer_{side}", look, key)


def train_epoch(
    run: recipe.Run, lesson: Lesson, pairs: pool.Pool, count: int, rng: np.random.Generator
) -> dict[str, float]:
    """Train for STEPS, fewer, but one, if the time is up before. Returns the losses, as means over the steps."""
    figures, (rate, decay) = [], (ON_RATE, ON_DECAY) if run.options.go_on else (RATE, DECAY)
    for share in run.steps(STEPS):
        batch = pool.draw(pairs, *(rng.choice(len(pairs[name]), count, False) for name in ("content", "style")))
        step = int(lesson.optimizer.iterations)
        lesson.optimizer.learning_rate = rate * schedule.plateau(share, step, WARM_STEPS, decay)
        figures.append(lesson.train_on_batch(batch, return_dict=True))
        run.add_examples(count)
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
    pairs = pool.fill(lesson.features, contents, styles)
    orders = np.arange(len(contents)).reshape(-1, len(styles) // 2)

    def validate() -> dict[str, float]:
        figures = [
            lesson.test_on_batch(pool.draw(pairs, order, order % len(styles)), return_dict=True) for order in orders
        ]
        return {f"validation_{name}": value for name, value in average(figures).items()}

    return validate


def finish(run: recipe.Run, lesson: Lesson) -> None:
    """Export both networks as they are served, in float32 inside."""
    curve = {key: [round(point[key], 5) for point in run.curve] for key in ("minutes", "validation_loss")}
    held_out = {key: value for key, value in run.curve[-1].items() if key.startswith("validation_")}
    account = {"dataset": DATASET, "revision": "as JPEG and WebP files", "held_out": held_out, "curve": curve}
    for trained, served in zip((lesson.code, lesson.painter), networks.build(), strict=True):
        served.set_weights(trained.get_weights())
        run.finish(served, name=f"{run.name.split('/')[0]}/{served.name}", **account)
