"""A picture -> the digits written in it, as two networks read them."""

import time
from dataclasses import dataclass

import numpy as np

import weights
from demos.digits.segment import LONGEST, LeftOut, segment
from demos.shared import images
from weights.inside import Layer

NETWORKS = ("lenet", "mobilenetv2")
LABELS = ("0", "1", "2")


@dataclass(frozen=True)
class Reading:
    """What one network reads in one glyph.

    network: which one it is.
    label: the likeliest of 0, 1 and 2. confidences: all three with their probabilities, likeliest first.
    is_accepted: False where the network takes it for none of the three.
    id_score: the score behind `is_accepted`, higher for what looks more like one of the three.
    milliseconds: that the network took; for several digits, which it reads at once, an equal share.
    entry: the manifest entry of the network.
    """

    network: str
    label: str
    confidences: dict[str, float]
    is_accepted: bool
    id_score: float
    milliseconds: float
    entry: weights.Entry


@dataclass(frozen=True, eq=False)
class Digit:
    """What looks like a digit, and a reading by each network.

    box: left, top, right and bottom, in pixels of the upright original.
    inputs: uint8 (28, 28), what the networks are given, white strokes on black. readings: of each network.
    """

    box: tuple[int, int, int, int]
    inputs: np.ndarray
    readings: list[Reading]


@dataclass(frozen=True, eq=False)
class Answer:
    """What is read in one picture.

    digits: in reading order, which may be none.
    steps: caption -> uint8 (h, w), the intermediate pictures of the segmentation.
    left_out: how much of the picture is not read.
    """

    digits: list[Digit]
    steps: dict[str, np.ndarray]
    left_out: LeftOut = LeftOut()


def predict(image: images.Source) -> Answer:
    """Find the handwritten digits 0, 1 and 2 in one picture, and have both networks read each.

    image: the picture, of one digit or of a page of them.
    Raises images.PictureError, and weights.Unavailable while a network cannot answer.
    """
    models = [weights.load(f"digits/{name}") for name in NETWORKS]
    page = segment(images.open_quick(image, LONGEST))
    if not page.glyphs:
        return Answer([], page.steps, page.left_out)
    inputs = np.stack([glyph.pixels for glyph in page.glyphs])
    by_network = [read(model, inputs) for model in models]
    digits = zip(page.glyphs, zip(*by_network, strict=True), strict=True)
    read_digits = [Digit(glyph.box, glyph.pixels, list(readings)) for glyph, readings in digits]
    return Answer(read_digits, page.steps, page.left_out)


def look(image: images.Source) -> list[Layer] | None:
    """What each layer of LeNet gives for the first digit of a picture; None where there is no digit.

    Raises as `predict` does.
    """
    page = segment(images.open_quick(image, LONGEST))
    if not page.glyphs:
        return None
    model = weights.load("digits/lenet")
    return model.look_inside(page.glyphs[0].pixels[None, ..., None])


def read(model: weights.Network, inputs: np.ndarray) -> list[Reading]:
    """One network's readings of several glyphs, uint8 (N, 28, 28)."""
    model.open()
    began = time.perf_counter()
    outputs = model(inputs[..., None])
    milliseconds = 1000 * (time.perf_counter() - began) / len(inputs)
    readings = []
    for probabilities, id_score in zip(outputs["probabilities"], outputs["id_score"], strict=True):
        order = np.argsort(-probabilities)
        readings.append(
            Reading(
                network=model.name.partition("/")[2],
                label=LABELS[order[0]],
                confidences={LABELS[k]: float(probabilities[k]) for k in order},
                is_accepted=bool(id_score >= threshold(model)),
                id_score=float(id_score),
                milliseconds=milliseconds,
                entry=model.entry,
            )
        )
    return readings


def threshold(model: weights.Network) -> float:
    """The `id_score` from which on a glyph counts as one of the three; all do where the manifest has none."""
    return model.entry.thresholds.get("id_score", -np.inf)
