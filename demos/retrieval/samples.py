"""The pictures that the recipes learn from, by data set, and the categories of Caltech-101 that none of them sees."""

import io

import numpy as np
from PIL import Image

from demos import data
from demos.retrieval.encoders import square

# Drawn by lot, but for categories that have a sister (two kinds of faces, cougars, flamingos, chairs, cars): these
# are learned from.
UNSEEN = tuple(
    "Leopards Motorbikes anchor barrel beaver binocular brain butterfly chandelier crocodile crocodile_head cup emu "
    "garfield hawksbill headphone kangaroo laptop menorah octopus pagoda platypus saxophone scorpion soccer_ball "
    "stegosaurus stop_sign trilobite watch water_lilly yin_yang".split()
)
# What is chosen (epochs, sizes, thresholds) is chosen on these.
HELD_OUT = tuple(
    "accordion brontosaurus buddha ceiling_fan cellphone dalmatian dragonfly gerenuk pizza revolver sea_horse "
    "stapler".split()
)


def caltech(part: str) -> tuple[list[bytes], list[str]]:
    """Encoded pictures of Caltech-101 and their categories. part: `train`, `held_out`, `unseen`. Raises data.Absent."""
    encoded, labels = data.read(data.find("caltech101", "all"))
    apart = {"held_out": HELD_OUT, "unseen": UNSEEN}
    wanted = set(apart.get(part) or set(labels) - set(HELD_OUT) - set(UNSEEN))
    both = [(picture, label) for picture, label in zip(encoded, labels, strict=True) if label in wanted]
    return [picture for picture, _ in both], [label for _, label in both]


def others() -> list[bytes]:
    """Encoded pictures without Caltech-101's categories: 8,144 cars and 1,367 paintings. Raises data.Absent."""
    return _all("cars", "train") + _all("paintings", "all")


def various() -> list[bytes]:
    """Encoded pictures of all sorts: paintings, some cars, and quarters of photographs. Raises data.Absent."""
    quarters = []
    for content in _all("bsds", "train"):
        image = Image.open(io.BytesIO(content)).convert("RGB")
        across, down = image.width // 2, image.height // 2
        for left, top in ((0, 0), (across, 0), (0, down), (across, down)):
            buffer = io.BytesIO()
            image.crop((left, top, left + across, top + down)).save(buffer, "JPEG", quality=95)
            quarters.append(buffer.getvalue())
    return _all("paintings", "all") + _all("cars", "train")[:800] + quarters


def _all(name: str, split: str) -> list[bytes]:
    return data.read(data.find(name, split))[0]


def squares(encoded: list[bytes], side: int) -> np.ndarray:
    """Encoded pictures as the encoders see them: uint8 (N, side, side, 3)."""
    made = np.empty((len(encoded), side, side, 3), np.uint8)
    for place, content in zip(made, encoded, strict=True):
        place[:] = square(np.asarray(Image.open(io.BytesIO(content)).convert("RGB")), side)
    return made
