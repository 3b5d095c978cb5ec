"""The vehicles: which train, which decide, which are only counted, and which are rendered for the gallery."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow.parquet

from demos.shared import data

DATASET = ("vehicles", "train")
VALIDATION, TEST = 80, 100  # of 507 vehicles
# Rendered identities are numbers: those of training begin at 0, others here.
VALIDATION_FROM, TEST_FROM, GALLERY_FROM = 1_000_000, 2_000_000, 3_000_000
TEST_IDENTITIES, TEST_CAMERAS = 100, 4


@dataclass(frozen=True, eq=False)
class Pictures:
    """Encoded pictures, N of them. vehicles: identities, (N,). cameras: of each, (N,)."""

    encoded: list[bytes]
    vehicles: np.ndarray
    cameras: np.ndarray


def load_road(part: Literal["train", "validation", "test"]) -> Pictures:
    """One part of the road cameras' pictures. No vehicle is in two parts. Raises data.Absent."""
    encoded, vehicles, cameras = data.read_columns(data.find(*DATASET), "image", "vehicle", "camera")
    names = np.random.default_rng(0).permutation(np.unique(vehicles))
    parts = dict(zip(("test", "validation", "train"), np.split(names, [TEST, TEST + VALIDATION]), strict=True))
    is_in_part = np.isin(vehicles, parts[part])
    chosen = [content for content, is_in in zip(encoded, is_in_part, strict=True) if is_in]
    return Pictures(chosen, np.array(vehicles)[is_in_part], np.array(cameras)[is_in_part])


def write_test_set() -> Path:
    """The road cameras' test vehicles as a Parquet file. Raises data.Absent."""
    test = load_road("test")
    return data.write(test.encoded, vehicle=test.vehicles, camera=test.cameras)


def read(file) -> Pictures:
    """The pictures of a Parquet file with the columns image, vehicle and camera.

    Without vehicle, label stands for it; without camera, each picture is of a camera of its own. Raises ValueError.
    """
    columns = set(pyarrow.parquet.read_schema(file).names)
    vehicle = "vehicle" if "vehicle" in columns or "label" not in columns else "label"
    encoded, vehicles = data.read_columns(file, "image", vehicle)
    cameras = data.read_columns(file, "camera")[0] if "camera" in columns else range(len(encoded))
    return Pictures(encoded, np.array(vehicles), np.array(cameras))


def draw_jobs(first: int, identities: int, cameras: int, total: int) -> list[tuple[int, int]]:
    """Identity and camera of rendered pictures: so many identities from `first` on, each by so many of `total` cameras.

    Drawn by lot, which `first` decides.
    """
    rng = np.random.default_rng(first)
    seen_by = [rng.permutation(total)[:cameras].tolist() for _ in range(identities)]
    return [(first + number, camera) for number, own in enumerate(seen_by) for camera in own]
