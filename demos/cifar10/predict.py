"""A picture -> which of the ten things it shows."""

import time
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

import weights
from demos.cifar10 import gate
from demos.cifar10.gate import CLASSES
from demos.shared import images
from demos.shared.evidence import is_sure, normalize_map
from weights.inside import Layer

SIDE = 32
BATCH = 250
# The whole picture, squeezed to a square by this filter: right most often on photographs of natural size (see the
# card).
RESAMPLING = Image.Resampling.BICUBIC


@dataclass(frozen=True, eq=False)
class Answer:
    """One network's answer to one picture.

    network: which one answered. entry: its entry in the manifest.
    label: the likeliest class. confidences: all ten with their calibrated probabilities, likeliest first.
    is_sure: False where the picture resembles none of the ten classes, or the likeliest has less than one half, or the
    gate does not take it for that thing.
    id_score: the in-distribution score, higher for pictures that are more like those of the ten classes.
    milliseconds: that the network took.
    box: left, top, right and bottom of the network's input, in pixels of the upright original.
    inputs: uint8 (32, 32, 3), the network's input.
    class_activation_map: float32 (h, w) in [0, 1], the evidence for `label` by place.
    gate: what a network that sees more pixels says; None where the picture has too few for it.
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
    gate: gate.Opinion | None
    entry: weights.Entry


def predict(
    image: images.Source, network: Literal["airbench", "baseline"] = "airbench", crop: images.Crop | None = None
) -> Answer:
    """Say which of ten things one picture shows.

    They are airplane, automobile, bird, cat, deer, dog, frog, horse, ship and truck.
    image: the picture. network: which one answers, airbench of this project or baseline of
    the student project.
    crop: a square window of the picture, in place of all of it.
    Raises images.PictureError, and weights.Unavailable while the network cannot answer.
    """
    picture = images.open_quick(image)
    return classify(picture, network, crop, gate.ask(picture, crop))


def classify(picture: images.Picture, network: str, crop: images.Crop | None, opinion: gate.Opinion | None) -> Answer:
    """One network's answer to an opened picture, of which the gate has been asked: see `predict`."""
    model = weights.load(f"cifar10/{network}")
    box, inputs = preprocess(picture, crop)
    model.open()
    began = time.perf_counter()
    outputs = {name: values[0] for name, values in model(inputs[None]).items()}
    milliseconds = 1000 * (time.perf_counter() - began)
    order = np.argsort(-outputs["probabilities"])
    return Answer(
        network=network,
        label=CLASSES[order[0]],
        confidences={CLASSES[k]: float(outputs["probabilities"][k]) for k in order},
        is_sure=bool(is_sure(model.entry, outputs)) and (opinion is None or opinion.label == CLASSES[order[0]]),
        id_score=float(outputs["id_score"]),
        milliseconds=milliseconds,
        box=box,
        inputs=inputs,
        class_activation_map=normalize_map(outputs["class_activation_map"][..., order[0]]),
        gate=opinion,
        entry=model.entry,
    )


def look(image: images.Source, crop: images.Crop | None = None) -> list[Layer]:
    """What each layer of the baseline gives for one picture. Raises as `predict` does."""
    _, inputs = preprocess(images.open_quick(image), crop)
    return weights.load("cifar10/baseline").look_inside(inputs[None])


def run(
    model: weights.Network, pictures: list[images.Source], crop: images.Crop | None = None
) -> dict[str, np.ndarray]:
    """`probabilities` (N, 10) and `id_score` (N,) of several pictures, opened and preprocessed as `predict` does it."""
    parts = []
    for start in range(0, len(pictures), BATCH):
        opened = map(images.open_quick, pictures[start : start + BATCH])
        parts.append(model(np.stack([preprocess(picture, crop)[1] for picture in opened])))
    return {key: np.concatenate([part[key] for part in parts]) for key in ("probabilities", "id_score")}


def preprocess(
    picture: images.Picture, crop: images.Crop | None = None
) -> tuple[tuple[int, int, int, int], np.ndarray]:
    """The networks' input of a picture: the box, in pixels of the upright original, and uint8 (32, 32, 3)."""
    box, place = picture.locate(crop)
    return place, np.asarray(picture.image.resize((SIDE, SIDE), RESAMPLING, box))
