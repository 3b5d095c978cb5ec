"""A picture -> which garment it shows."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

import weights
from demos.shared import images, work
from demos.shared.evidence import is_sure, normalize_map

CLASSES = ("t-shirt", "pants", "longsleeve", "shirt", "dress", "shoes", "shorts", "outwear", "hat", "skirt")
# The classes of each network, and the side of the square that it takes, in pixels.
LABELS = {"efficientnet": CLASSES, "baseline": ("shoes", "dress", "longsleeve", "t-shirt", "hat")}
SIDES = {"efficientnet": 192, "baseline": 160}
SIDE = SIDES["efficientnet"]
BATCH = 16  # pictures that a network gets at once


@dataclass(frozen=True, eq=False)
class Answer:
    """One network's answer to one picture.

    network: which one answered. entry: its entry in the manifest.
    label: the likeliest class. confidences: all of them with their calibrated probabilities, likeliest first.
    is_sure: False where the picture resembles none of the classes, or the likeliest has less than one half.
    id_score: the in-distribution score, higher for pictures that are more like those of the classes.
    milliseconds: that the network took.
    box: left, top, right and bottom of what the network got, in pixels of the upright original.
    inputs: uint8 (side, side, 3), the network's input.
    class_activation_map: float32 (h, w) in [0, 1], the evidence for `label` by place of the input.
    embedding: float32 (D,), of length 1; None of a network that has none.
    """

    network: str
    label: str
    confidences: dict[str, float]
    is_sure: bool
    id_score: float
    milliseconds: float
    box: tuple[int, int, int, int]
    inputs: np.ndarray
    class_activation_map: np.ndarray
    embedding: np.ndarray | None
    entry: weights.Entry


def predict(
    image: images.Source, network: Literal["efficientnet", "baseline"] = "efficientnet", crop: images.Crop | None = None
) -> Answer:
    """Say which garment one picture shows.

    image: the picture. network: which one answers, efficientnet of this project or baseline of
    the student project, which know different garments.
    crop: a square window of the picture, in place of all of it.
    Raises images.PictureError, and weights.Unavailable while the network cannot answer.
    """
    model = weights.load(f"clothing/{network}")
    box, inputs = preprocess(images.open_quick(image), SIDES[network], crop)
    model.open()
    began = time.perf_counter()
    outputs = {name: values[0] for name, values in model(inputs[None]).items()}
    milliseconds = 1000 * (time.perf_counter() - began)
    labels, order = LABELS[network], np.argsort(-outputs["probabilities"])
    return Answer(
        network=network,
        label=labels[order[0]],
        confidences={labels[k]: float(outputs["probabilities"][k]) for k in order},
        is_sure=bool(is_sure(model.entry, outputs)),
        id_score=float(outputs["id_score"]),
        milliseconds=milliseconds,
        box=box,
        inputs=inputs,
        class_activation_map=normalize_map(outputs["class_activation_map"][..., order[0]]),
        embedding=outputs.get("embedding"),
        entry=model.entry,
    )


def run(network: str, pictures: Sequence[images.Source]) -> dict[str, np.ndarray]:
    """`probabilities` (N, C) and `id_score` (N,) of one or more pictures, as `predict` has them of each.

    Raises images.PictureError, weights.Unavailable, and work.Abandoned where nobody waits.
    """
    model, parts = weights.load(f"clothing/{network}"), []
    for start in range(0, len(pictures), BATCH):
        work.check(start / len(pictures))
        batch = map(images.open_quick, pictures[start : start + BATCH])
        parts.append(model(np.stack([preprocess(picture, SIDES[network])[1] for picture in batch])))
    return {key: np.concatenate([part[key] for part in parts]) for key in ("probabilities", "id_score")}


def preprocess(
    picture: images.Picture, side: int, crop: images.Crop | None = None
) -> tuple[tuple[int, int, int, int], np.ndarray]:
    """A network's input of a picture: the box, in pixels of the upright original, and uint8 (side, side, 3)."""
    box, place = picture.locate(crop)
    return place, squeeze(picture.pixels, side, box)


def squeeze(pixels: np.ndarray, side: int, box: tuple[float, float, float, float] | None = None) -> np.ndarray:
    """The whole picture, uint8 (H, W, 3), or a box of it, as a square, uint8 (side, side, 3)."""
    return np.asarray(Image.fromarray(pixels).resize((side, side), Image.Resampling.BICUBIC, box, reducing_gap=3))
