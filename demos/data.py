"""Data sets by name: Parquet files with pictures, from the folder in $LOUPE_DATA, else from the Hub."""

import io
import os
from pathlib import Path

import numpy as np
import pyarrow.parquet
from PIL import Image

# Repository on the Hub and the path of a split's file in it. Sets that stand in no list come from a folder only.
HUB = {
    "cifar10": ("uoft-cs/cifar10", "plain_text/{split}-00000-of-00001.parquet"),
    "mnist": ("ylecun/mnist", "mnist/{split}-00000-of-00001.parquet"),
}


class Absent(FileNotFoundError):
    """The data set is neither in the folder nor on the Hub."""


def find(name: str, split: str = "train") -> Path:
    """The Parquet file of one split, from `$LOUPE_DATA/<name>/<split>.parquet` or downloaded. Raises Absent."""
    folder = os.environ.get("LOUPE_DATA")
    if folder and (file := Path(folder, name, f"{split}.parquet")).is_file():
        return file
    if name not in HUB or (folder and split not in ("train", "test")):
        raise Absent(f"Set LOUPE_DATA to a folder that holds {name}/{split}.parquet.")
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError

    repository, path = HUB[name]
    try:
        return Path(hf_hub_download(repository, path.format(split=split), repo_type="dataset"))
    except (OSError, HfHubHTTPError) as error:
        raise Absent(
            f"{name}/{split} could not be downloaded from {repository}. Set LOUPE_DATA to a folder that holds it."
        ) from error


def read(file: str | Path) -> tuple[list[bytes], list]:
    """Encoded pictures and labels (None where there are none) of a Parquet file with the Hub's image schema."""
    table = pyarrow.parquet.read_table(file)
    column = next(name for name in ("image", "img") if name in table.column_names)
    encoded = table[column].combine_chunks().field("bytes").to_pylist()
    labels = table["label"].to_pylist() if "label" in table.column_names else [None] * len(encoded)
    return encoded, labels


def small(file: str | Path) -> tuple[np.ndarray, np.ndarray]:
    """Pictures of one size as one uint8 array (N, H, W, 3), and their labels as int64 (N,)."""
    encoded, labels = read(file)
    pictures = np.stack([np.asarray(Image.open(io.BytesIO(data)).convert("RGB")) for data in encoded])
    return pictures, np.asarray(labels, np.int64)
