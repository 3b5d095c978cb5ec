"""The road cameras' vehicles: which train, which decide, and which are only counted."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from demos.shared import data

DATASET = ("vehicles", "train")
VALIDATION, TEST = 80, 100  # of 507 vehicles


@dataclass(frozen=True, eq=False)
class Pictures:
    """Encoded pictures, N of them. vehicles: identities, str (N,). cameras: int (N,)."""

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
