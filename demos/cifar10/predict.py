"""A picture -> which of the ten things it shows."""

import time
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

import weights
from demos import images
from demos.images import Crop

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
SIDE = 32
LONGEST = 1024
# Seen whole, though squeezed, and reduced so: right most often on photographs of natural size (see the card).
RESAMPLING = Image.Resampling.BICUBIC


@dataclass(frozen=True, eq=False)
class Answer:
    """What one network says of one picture.

    label, confidences: the likeliest class, and all ten with their calibrated probabilities, likeliest first.
    sure: False where the picture resembles none of the ten classes, or the likeliest has less than one half.
    familiarity: the score behind `sure`, in the unit of its threshold in the manifest; higher is more familiar.
    box: left, top, right and bottom of what the network saw, in pixels of the upright original.
    seen: uint8 (32, 32, 3), what it saw. heat: float32 (h, w), the evidence for `label` by place, in [0, 1].
    milliseconds: what the network took.
    """

    network: str
    label: str
    confidences: dict[str, float]
    sure: bool
    familiarity: float
    milliseconds: float
    box: tuple[int, int, int, int]
    seen: np.ndarray
    heat: np.ndarray


def predict(image, network: Literal["fast", "tutorial"] = "fast", crop: Crop | None = None) -> Answer:
    """Classify one picture.

    image: whatever `demos.images.open` takes, or its Picture. crop: None for the whole picture.
    Raises images.PictureError, and weights.Unavailable while the network cannot answer.
    """
    model = weights.load(f"cifar10/{network}")
    picture = image if isinstance(image, images.Picture) else images.open(image, longest=LONGEST)
    box, seen = look(picture, crop)
    model.open()
    began = time.perf_counter()
    outputs = {name: values[0] for name, values in model(seen[None]).items()}
    milliseconds = 1000 * (time.perf_counter() - began)
    order = np.argsort(-outputs["probabilities"])
    return Answer(
        network=network,
        label=CLASSES[order[0]],
        confidences={CLASSES[k]: float(outputs["probabilities"][k]) for k in order},
        sure=bool(sure(model, outputs)),
        familiarity=float(outputs["familiarity"]),
        milliseconds=milliseconds,
        box=box,
        seen=seen,
        heat=heat(outputs["evidence"][..., order[0]]),
    )


def ask(model: weights.Network, pictures: list[images.Picture], crop: Crop | None = None) -> dict[str, np.ndarray]:
    """The outputs of a network for several pictures, each seen as `predict` sees it."""
    return model(np.stack([look(picture, crop)[1] for picture in pictures]))


def sure(model: weights.Network, outputs: dict[str, np.ndarray]) -> np.ndarray:
    """Whether an answer can be trusted, bool (...): the picture is familiar, and right is likelier than wrong."""
    is_familiar = outputs["familiarity"] >= model.entry["thresholds"]["familiarity"]
    return is_familiar & (outputs["probabilities"].max(-1) >= 0.5)


def look(picture: images.Picture, crop: Crop | None = None) -> tuple[tuple[int, int, int, int], np.ndarray]:
    """What the networks see of a picture: the box, in pixels of the upright original, and uint8 (32, 32, 3)."""
    height, width = picture.pixels.shape[:2]
    box = crop.box(width, height) if crop else (0, 0, width, height)
    seen = Image.fromarray(picture.pixels).resize((SIDE, SIDE), RESAMPLING, box=box)
    scales = 2 * (picture.size[0] / width, picture.size[1] / height)
    return tuple(round(edge * scale) for edge, scale in zip(box, scales, strict=True)), np.asarray(seen)


def heat(evidence: np.ndarray) -> np.ndarray:
    """Evidence for one class by place (h, w), any unit -> float32 in [0, 1]; what speaks against it counts as 0."""
    positive = np.maximum(evidence, 0)
    return (positive / max(float(positive.max()), 1e-6)).astype(np.float32)
