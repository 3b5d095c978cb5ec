"""The split of the labelled pictures: what recipes learn from, what choices are made on, what figures are over."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow.compute
import pyarrow.parquet

from demos.shared import data

PAINTINGS, PACS = ("paintings", "all"), ("pacs", "all")
Part = Literal["train", "validation", "test"]
# Of ten folds of the paintings; those of a part share no artist with those of another.
FOLDS = {"test": (0, 1, 2), "validation": (3, 4), "train": (5, 6, 7, 8, 9)}
# Of the forty pictures that PACS has of each thing in each depiction.
PLACES = {"test": slice(0, 14), "validation": slice(14, 20), "train": slice(20, None)}


@dataclass(frozen=True, eq=False)
class Pictures:
    """Encoded pictures, the style of each, str (N,), and what it shows, str (N,), where that is known."""

    encoded: list[bytes]
    labels: np.ndarray
    contents: np.ndarray | None = None

    def take(self, positions: np.ndarray) -> "Pictures":
        """Those at positions, int (M,)."""
        contents = None if self.contents is None else self.contents[positions]
        return Pictures([self.encoded[at] for at in positions], self.labels[positions], contents)


def paintings(part: Part) -> Pictures:
    """Old paintings and their styles; no artist is in two parts. Raises data.Absent."""
    from sklearn.model_selection import StratifiedGroupKFold

    file = data.find(*PAINTINGS)
    table = pyarrow.parquet.read_table(file, columns=["image"])
    paths = pyarrow.compute.struct_field(table["image"], "path").to_pylist()
    artists = [path.split("/")[1].split("_")[0] for path in paths]
    encoded, labels = data.read(file)
    folds = [held_out for _, held_out in StratifiedGroupKFold(10).split(paths, labels, artists)]
    return Pictures(encoded, np.array(labels)).take(np.sort(np.concatenate([folds[at] for at in FOLDS[part]])))


def pacs(part: Part) -> Pictures:
    """Paintings, cartoons, sketches and photographs, each of the same seven things. Raises data.Absent."""
    pictures = read(data.find(*PACS))
    kinds = np.char.add(pictures.labels, pictures.contents)
    chosen = [np.flatnonzero(kinds == kind)[PLACES[part]] for kind in np.unique(kinds)]
    return pictures.take(np.sort(np.concatenate(chosen)))


def read(file: Path) -> Pictures:
    """The pictures of a Parquet file with the columns `image`, `label` and, where it has it, `content`."""
    encoded, labels = data.read(file)
    has_contents = "content" in pyarrow.parquet.read_schema(file).names
    contents = np.array(data.read_columns(file, "content")[0]) if has_contents else None
    return Pictures(encoded, np.array(labels), contents)


def write_test_set() -> Path:
    """The paintings of the test set as a Parquet file. Raises data.Absent."""
    pictures = paintings("test")
    return data.write(pictures.encoded, label=pictures.labels)
