"""A picture -> the digits written in it, as two networks read them."""

import time
from dataclasses import dataclass

import numpy as np

import weights
from demos import images
from demos.digits.find import LONGEST, find

NETWORKS = ("lenet", "mobilenetv2")
LABELS = ("0", "1", "2")


@dataclass(frozen=True)
class Reading:
    """What one network says of one digit.

    label, confidences: the likeliest of 0, 1 and 2, and all three with their probabilities, likeliest first.
    accepted: False where the network takes it for none of the three.
    digitness: the score behind `accepted`, in the unit of its threshold in the manifest.
    milliseconds: what the network took; for several digits, which it reads at once, an equal share.
    """

    network: str
    label: str
    confidences: dict[str, float]
    accepted: bool
    digitness: float
    milliseconds: float


@dataclass(frozen=True, eq=False)
class Digit:
    """What looks like a digit, and a reading by each network.

    box: left, top, right and bottom, in pixels of the upright original.
    seen: uint8 (28, 28), what the networks saw, white strokes on black.
    """

    box: tuple[int, int, int, int]
    seen: np.ndarray
    readings: list[Reading]


@dataclass(frozen=True, eq=False)
class Answer:
    """The digits of one picture in reading order, none where none was found.

    steps: caption -> uint8 (h, w), what was done to find them.
    """

    digits: list[Digit]
    steps: dict[str, np.ndarray]


def predict(image) -> Answer:
    """Find the digits in one picture, and have both networks read each.

    image: whatever `demos.images.open` takes, or its Picture.
    Raises images.PictureError, and weights.Unavailable while a network cannot answer.
    """
    models = [weights.load(f"digits/{name}") for name in NETWORKS]
    page = find(image if isinstance(image, images.Picture) else images.open(image, longest=LONGEST))
    if not page.glyphs:
        return Answer([], page.steps)
    seen = np.stack([glyph.seen for glyph in page.glyphs])
    by_network = [read(model, seen) for model in models]
    digits = zip(page.glyphs, zip(*by_network, strict=True), strict=True)
    return Answer([Digit(glyph.box, glyph.seen, list(readings)) for glyph, readings in digits], page.steps)


def read(model: weights.Network, seen: np.ndarray) -> list[Reading]:
    """One network's readings of several glyphs, uint8 (N, 28, 28)."""
    model.open()
    began = time.perf_counter()
    outputs = model(seen[..., None])
    milliseconds = 1000 * (time.perf_counter() - began) / len(seen)
    readings = []
    for probabilities, digitness in zip(outputs["probabilities"], outputs["digitness"], strict=True):
        order = np.argsort(-probabilities)
        readings.append(
            Reading(
                network=model.name.partition("/")[2],
                label=LABELS[order[0]],
                confidences={LABELS[k]: float(probabilities[k]) for k in order},
                accepted=bool(digitness >= model.entry["thresholds"]["digitness"]),
                digitness=float(digitness),
                milliseconds=milliseconds,
            )
        )
    return readings
