"""The split of Caltech-101's categories: what recipes learn from, what choices are made on, what figures are over."""

from pathlib import Path
from typing import Literal

from demos.shared import data

# Drawn by lot, but for categories that have a sister (two kinds of faces, cougars, flamingos, chairs, cars): these
# are for training.
TEST = tuple(
    "Leopards Motorbikes anchor barrel beaver binocular brain butterfly chandelier crocodile crocodile_head cup emu "
    "garfield hawksbill headphone kangaroo laptop menorah octopus pagoda platypus saxophone scorpion soccer_ball "
    "stegosaurus stop_sign trilobite watch water_lilly yin_yang".split()
)
VALIDATION = tuple(
    "accordion brontosaurus buddha ceiling_fan cellphone dalmatian dragonfly gerenuk pizza revolver sea_horse "
    "stapler".split()
)


def caltech(part: Literal["train", "validation", "test"]) -> tuple[list[bytes], list[str]]:
    """Encoded pictures of Caltech-101 and their categories, of which none is in two parts. Raises data.Absent."""
    encoded, labels = data.read(data.find("caltech101", "all"))
    parts = {"validation": VALIDATION, "test": TEST}
    categories = set(parts.get(part) or set(labels) - set(VALIDATION) - set(TEST))
    both = [(picture, label) for picture, label in zip(encoded, labels, strict=True) if label in categories]
    return [picture for picture, _ in both], [label for _, label in both]


def write_test_set() -> Path:
    """The test set as a Parquet file. Raises data.Absent."""
    encoded, labels = caltech("test")
    return data.write(encoded, label=labels)
