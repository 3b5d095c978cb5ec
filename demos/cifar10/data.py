"""Test sets beside CIFAR-10's own, for figures and for the choices of recipes."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from demos.cifar10.predict import CLASSES
from demos.shared import data, images

OOD_PICTURES = 1000  # of each set at most
# Categories of Caltech-101 that show one of the ten things, or something that a person could take for one.
FAMILIAR = {
    "airplanes": "airplane", "car_side": "automobile", "dalmatian": "dog", "emu": "bird", "ferry": "ship",
    "flamingo": "bird", "ibis": "bird", "ketch": "ship", "pigeon": "bird", "rooster": "bird", "schooner": "ship",
    "wild_cat": "cat",
}  # fmt: skip
DOUBTFUL = {
    "Leopards", "cougar_body", "cougar_face", "flamingo_head", "garfield", "gerenuk", "okapi", "snoopy",
}  # fmt: skip


def ood_sets(part: str) -> Iterator[tuple[str, list[images.Source]]]:
    """Out-of-distribution sets, pictures of none of the ten things, by name; one that is not there is named.

    part: `validation` for choices, `test` for figures.
    """
    try:
        digits, _ = data.read(data.find("mnist", "train" if part == "validation" else "test"))
        yield "digits", digits[:OOD_PICTURES]
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
    yield "objects", chosen[:OOD_PICTURES]


def textures() -> list[np.ndarray]:
    """Windows of scikit-image's photographs of brick, grass and gravel, uint8 (128, 128, 3) each."""
    folder = Path(find_spec("skimage").origin).parent / "data"
    photographs = [images.open(folder / f"{name}.png").pixels for name in ("brick", "grass", "gravel")]
    corners = range(0, 512 - 127, 32)
    return [pixels[y : y + 128, x : x + 128] for pixels in photographs for y in corners for x in corners]


def photographs() -> tuple[list[bytes], np.ndarray]:
    """Caltech-101's photographs of the ten things at natural size, and their labels, int (N,). Raises data.Absent."""
    encoded, labels = data.read(data.find("caltech101", "all"))
    chosen = [i for i, label in enumerate(labels) if label in FAMILIAR]
    return [encoded[i] for i in chosen], np.array([CLASSES.index(FAMILIAR[labels[i]]) for i in chosen])
