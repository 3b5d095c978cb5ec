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
# Photographs of none of the ten things that packages carry.
PACKAGES = {
    "skimage": [
        f"data/{name}"
        for name in ("astronaut.png", "camera.png", "coffee.png", "coins.png", "moon.png", "retina.jpg", "rocket.jpg",
                     "hubble_deep_field.jpg", "ihc.png", "cell.png", "motorcycle_left.png", "clock_motion.png")
    ],
    "sklearn": ["datasets/images/flower.jpg", "datasets/images/china.jpg"],
    "gradio": ["media_assets/images/groot.jpeg", "media_assets/images/tower.jpg"],
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
        others, _ = objects(part)
    except data.Absent as error:
        print(f"Without other things: {error}")
        return
    yield "objects", others[:OOD_PICTURES]


def objects(part: str) -> tuple[list[bytes], list[str]]:
    """Caltech-101's photographs of other things, and their categories, no one of which is in both parts.

    part: `validation` or `test`. Raises data.Absent.
    """
    encoded, labels = data.read(data.find("caltech101", "all"))
    others = sorted(set(labels) - set(FAMILIAR) - DOUBTFUL)[part == "test" :: 2]
    chosen = [(picture, label) for picture, label in zip(encoded, labels, strict=True) if label in others]
    return tuple(map(list, zip(*chosen, strict=True)))


def further_ood_sets() -> Iterator[tuple[str, list[images.Source]]]:
    """Pictures of none of the ten things on which only the gate is measured, by name; for figures alone.

    Drawings are of things that no recipe learned from, clothes of every sixteenth photograph, beside those of training.
    """
    yield "text", windows("page.png", "text.png")
    yield "packages", [_find_package(package) / path for package, paths in PACKAGES.items() for path in paths]
    try:
        pictures, categories = objects("test")
        yield "faces", [one for one, category in zip(pictures, categories, strict=True) if category == "Faces_easy"]
        columns = data.read_columns(data.find("pacs", "all"), "image", "label", "content")
        yield (
            "drawings",
            [
                picture
                for picture, depiction, content in zip(*columns, strict=True)
                if depiction in ("cartoon", "sketch") and content in ("giraffe", "guitar", "person")
            ],
        )
        yield "clothes", data.read(data.find("clothing", "all"))[0][8::16]
    except data.Absent as error:
        print(f"Left out: {error}")


def textures() -> list[np.ndarray]:
    """Windows of scikit-image's photographs of brick, grass and gravel, uint8 (128, 128, 3) each."""
    return windows("brick.png", "grass.png", "gravel.png")


def windows(*files: str) -> list[np.ndarray]:
    """Windows of pictures that scikit-image carries, 32 pixels apart, uint8 (128, 128, 3) each."""
    opened = [images.open(_find_package("skimage") / "data" / file).pixels for file in files]
    return [
        pixels[y : y + 128, x : x + 128]
        for pixels in opened
        for y in range(0, len(pixels) - 127, 32)
        for x in range(0, pixels.shape[1] - 127, 32)
    ]


def _find_package(name: str) -> Path:
    return Path(find_spec(name).origin).parent


def photographs() -> tuple[list[bytes], np.ndarray]:
    """Caltech-101's photographs of the ten things at natural size, and their labels, int (N,). Raises data.Absent."""
    encoded, labels = data.read(data.find("caltech101", "all"))
    chosen = [i for i, label in enumerate(labels) if label in FAMILIAR]
    return [encoded[i] for i in chosen], np.array([CLASSES.index(FAMILIAR[labels[i]]) for i in chosen])
