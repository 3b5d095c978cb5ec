"""The gate: a network that sees a photograph at 224 pixels and says whether it shows one of the ten things.

The classifiers see 32 pixels, at which many other things look like one of the ten.
"""

import time
from dataclasses import dataclass

import numpy as np
from PIL import Image

import weights
from demos.shared import images

NETWORK = "cifar10/gate"
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
SIDE = 224
SMALLEST = 33  # pixels: where it sees no more than the classifiers, the gate says nothing
BATCH = 16
NONE = "none of the ten"


@dataclass(frozen=True, eq=False)
class Opinion:
    """What the gate says of one picture.

    label: the likeliest of the ten things, or `NONE` where `is_familiar` is False.
    confidence: the calibrated probability of the likeliest, given that the picture shows one of the ten.
    id_score: the in-distribution score: the log-odds that it shows one of the ten; higher is more familiar.
    is_familiar: whether `id_score` reaches its threshold in the manifest.
    milliseconds: what the network took. entry: its entry in the manifest.
    """

    label: str
    confidence: float
    id_score: float
    is_familiar: bool
    milliseconds: float
    entry: weights.Entry


def ask(picture: images.Picture, crop: images.Crop | None = None) -> Opinion | None:
    """The gate's opinion of the part that the classifiers see; None where that has a side of less than SMALLEST pixels.

    Raises weights.Unavailable while the network cannot answer.
    """
    model = weights.load(NETWORK)
    if not is_large(picture, crop):
        return None
    model.open()
    began = time.perf_counter()
    outputs = {name: values[0] for name, values in model(preprocess(picture, crop)[None]).items()}
    milliseconds = 1000 * (time.perf_counter() - began)
    familiar, likeliest = bool(is_familiar(model.entry, outputs)), int(outputs["probabilities"].argmax())
    return Opinion(
        label=CLASSES[likeliest] if familiar else NONE,
        confidence=float(outputs["probabilities"][likeliest]),
        id_score=float(outputs["id_score"]),
        is_familiar=familiar,
        milliseconds=milliseconds,
        entry=model.entry,
    )


def run(pictures: list[images.Source], crop: images.Crop | None = None) -> dict[str, np.ndarray]:
    """`probabilities` (N, 10) of the ten things and `id_score` (N,) of several pictures, whatever their size."""
    model, parts = weights.load(NETWORK), []
    for start in range(0, len(pictures), BATCH):
        opened = map(images.open_quick, pictures[start : start + BATCH])
        parts.append(model(np.stack([preprocess(picture, crop) for picture in opened])))
    return {key: np.concatenate([part[key] for part in parts]) for key in ("probabilities", "id_score")}


def consents(pictures: list[images.Source], likeliest: np.ndarray) -> np.ndarray:
    """Whether the gate takes each picture for the thing of this number, int (N,), or says nothing: bool (N,)."""
    large = np.array([is_large(images.open_quick(picture)) for picture in pictures], bool)
    consented, asked = ~large, np.flatnonzero(large)
    if len(asked):
        outputs, entry = run([pictures[at] for at in asked]), weights.load(NETWORK).entry
        agrees = outputs["probabilities"].argmax(1) == likeliest[asked]
        consented[asked] = is_familiar(entry, outputs) & agrees
    return consented


def is_familiar(entry: weights.Entry, outputs: dict[str, np.ndarray]) -> np.ndarray:
    """Whether pictures show one of the ten things, bool (...), by `id_score` (...) and the threshold of the entry."""
    return outputs["id_score"] >= entry.thresholds.get("id_score", -np.inf)


def is_large(picture: images.Picture, crop: images.Crop | None = None) -> bool:
    """Whether the gate has an opinion of a picture: both sides of what it sees have at least SMALLEST pixels."""
    (left, top, right, bottom), _ = picture.locate(crop)
    return min(right - left, bottom - top) >= SMALLEST


def preprocess(picture: images.Picture, crop: images.Crop | None = None) -> np.ndarray:
    """The gate's input of a picture, squeezed to a square as for the classifiers: uint8 (SIDE, SIDE, 3)."""
    image = picture.image
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BICUBIC, picture.locate(crop)[0], reducing_gap=3))
