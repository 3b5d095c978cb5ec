"""The figures, measured through the served files: `python -m demos.cifar10.evaluate [--data FILE.parquet] [--record]`.

Without a file, over CIFAR-10's test pictures in $LOUPE_DATA. Strange pictures, none of the ten things, are MNIST
digits, textures that scikit-image carries, and Caltech-101's categories of other things; sets that are not there
are left out with a word.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np

import weights
from demos import data, evaluation, images, metrics
from demos.cifar10 import demo
from demos.cifar10.predict import CLASSES, LONGEST, Crop, ask, sure

BATCH = 250
STRANGE_PICTURES = 1000  # of each set at most
# Categories of Caltech-101 that show one of the ten things, or something that a person could take for one.
FAMILIAR = {
    "airplanes": "airplane", "car_side": "automobile", "dalmatian": "dog", "emu": "bird", "ferry": "ship",
    "flamingo": "bird", "ibis": "bird", "ketch": "ship", "pigeon": "bird", "rooster": "bird", "schooner": "ship",
    "wild_cat": "cat",
}  # fmt: skip
DOUBTFUL = {
    "Leopards",
    "cougar_body",
    "cougar_face",
    "flamingo_head",
    "garfield",
    "gerenuk",
    "okapi",
    "snoopy",
}


def outputs(network: str, encoded: list, crop: Crop | None = None) -> dict[str, np.ndarray]:
    """`probabilities` (N, 10) and `familiarity` (N,) of pictures, opened and reduced as a visitor's are."""
    model, parts = weights.load(network), []
    for start in range(0, len(encoded), BATCH):
        opened = [images.open(picture, longest=LONGEST) for picture in encoded[start : start + BATCH]]
        parts.append(ask(model, opened, crop))
    return {key: np.concatenate([part[key] for part in parts]) for key in ("probabilities", "familiarity")}


def textures() -> list[np.ndarray]:
    """Windows of 128 pixels of scikit-image's photographs of brick, grass and gravel."""
    folder = Path(find_spec("skimage").origin).parent / "data"
    whole = [images.open(folder / f"{name}.png").pixels for name in ("brick", "grass", "gravel")]
    corners = range(0, 512 - 127, 32)
    return [pixels[y : y + 128, x : x + 128] for pixels in whole for y in corners for x in corners]


def strange(part: str) -> Iterator[tuple[str, list]]:
    """Sets of pictures of none of the ten things. part: `validation` for choices, `test` for figures."""
    try:
        digits, _ = data.read(data.find("mnist", "train" if part == "validation" else "test"))
        yield "digits", digits[:STRANGE_PICTURES]
    except data.Absent as error:
        print(f"Without digits: {error}")
    yield "textures", textures()
    try:
        encoded, labels = data.read(data.find("caltech101", "all"))
    except data.Absent as error:
        print(f"Without other things: {error}")
        return
    others = sorted(set(labels) - set(FAMILIAR) - DOUBTFUL)[part == "test" :: 2]
    chosen = [picture for picture, label in zip(encoded, labels, strict=True) if label in others]
    yield "objects", chosen[:STRANGE_PICTURES]


def photographs() -> tuple[list, np.ndarray]:
    """Caltech-101's photographs of the ten things at natural size, and their labels."""
    encoded, labels = data.read(data.find("caltech101", "all"))
    chosen = [i for i, label in enumerate(labels) if label in FAMILIAR]
    return [encoded[i] for i in chosen], np.array([CLASSES.index(FAMILIAR[labels[i]]) for i in chosen])


def figures(network: str, file: Path | None) -> dict[str, float]:
    """Every figure of one network, over the pictures of a Parquet file or over all test sets."""
    encoded, labels = data.read(file or data.find("cifar10", "test"))
    labels, inside = np.asarray(labels), outputs(network, encoded)
    found = {
        "accuracy": metrics.accuracy(inside["probabilities"], labels),
        "expected_calibration_error": metrics.expected_calibration_error(inside["probabilities"], labels),
    }
    if file is None:
        found |= _elsewhere(network)
    surest = inside["probabilities"].max(1)
    model = weights.load(network)
    is_sure = sure(model, inside)
    found["share_sure"] = float(is_sure.mean())
    if is_sure.any():
        found["accuracy_sure"] = metrics.accuracy(inside["probabilities"][is_sure], labels[is_sure])
    aurocs = []
    for name, pictures in strange("test"):
        outside = outputs(network, pictures)
        aurocs.append(metrics.auroc(inside["familiarity"], outside["familiarity"]))
        found[f"out_of_distribution_auroc_{name}"] = aurocs[-1]
        found[f"out_of_distribution_auroc_{name}_maximum_softmax"] = metrics.auroc(
            surest, outside["probabilities"].max(1)
        )
        found[f"share_sure_of_{name}"] = float(sure(model, outside).mean())
    found["out_of_distribution_auroc"] = float(np.mean(aurocs))
    return found


def _elsewhere(network: str) -> dict[str, float]:
    """Accuracy on the lossless test pictures and on natural photographs, where these are there."""
    found = {}
    try:
        encoded, labels = data.read(data.find("cifar10", "test_lossless"))
        answers = outputs(network, encoded)["probabilities"]
        found["accuracy_lossless"] = metrics.accuracy(answers, np.asarray(labels))
        encoded, labels = photographs()
        for name, crop in (("photographs", None), ("photographs_centre", Crop()), ("photographs_zoomed", Crop(1.4))):
            answers = outputs(network, encoded, crop)["probabilities"]
            found[f"accuracy_{name}"] = metrics.balanced_accuracy(answers, labels)
    except data.Absent as error:
        print(f"Left out: {error}")
    return found


if __name__ == "__main__":
    evaluation.main(__doc__, demo.networks, figures)
