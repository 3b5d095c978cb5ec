"""Data sets by name: Parquet files with pictures, from the folder in $LOUPE_DATA, else from the Hub."""

import io
import os
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow.compute
import pyarrow.parquet
from PIL import Image

# Name -> repository on the Hub, and the path of a split's file in it. These sets have the splits train and test there.
HUB = {
    "cifar10": ("uoft-cs/cifar10", "plain_text/{split}-00000-of-00001.parquet"),
    "mnist": ("ylecun/mnist", "mnist/{split}-00000-of-00001.parquet"),
}
PICTURE_COLUMNS = ("image", "img")


class Absent(FileNotFoundError):
    """A data set is neither in the folder nor on the Hub. `str(error)` is one sentence that names the remedy."""


def find(name: str, split: str = "train", hub: tuple[str, str] | None = None) -> Path:
    """The Parquet file of one split: `$LOUPE_DATA/<name>/<split>.parquet`, or downloaded from the Hub.

    hub: the repository of a demo's own data set, and the path of its files, such as `("owner/name",
    "data/{split}.parquet")`; the sets in `HUB` need none.
    Raises Absent.
    """
    folder = os.environ.get("LOUPE_DATA")
    if folder and (file := Path(folder, name, f"{split}.parquet")).is_file():
        return file
    remedy = f"set LOUPE_DATA to a folder that holds {name}/{split}.parquet."
    hub = hub or (HUB.get(name) if split in ("train", "test") else None)
    if hub is None:
        raise Absent(f"The data set {name} is not here: {remedy}")
    return _download(*hub, split, remedy)


def _download(repository: str, path: str, split: str, remedy: str) -> Path:
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError

    path = path.format(split=split)
    try:
        return Path(hf_hub_download(repository, path, repo_type="dataset"))
    except (
        OSError,
        HfHubHTTPError,
        ImportError,
        ValueError,
    ) as error:  # ImportError: of a SOCKS proxy
        raise Absent(f"The file {path} could not be downloaded from {repository} on the Hub: {remedy}") from error


def read(file: str | Path) -> tuple[list[bytes], list]:
    """Encoded pictures and labels (None where there are none) of a Parquet file with the Hub's image schema.

    The pictures stand in the column `image` or `img`, the labels in `label`. Raises ValueError without such a column.
    """
    columns = pyarrow.parquet.read_schema(file).names
    pictures = [name for name in PICTURE_COLUMNS if name in columns]
    if not pictures:
        raise ValueError(f"{Path(file).name} has no column of pictures called {' or '.join(PICTURE_COLUMNS)}.")
    encoded, *labels = read_columns(file, pictures[0], *({"label"} & set(columns)))
    return encoded, labels[0] if labels else [None] * len(encoded)


def read_columns(file: str | Path, *names: str) -> list[list]:
    """The values of the named columns of a Parquet file, one list a column; of pictures the encoded bytes.

    Raises ValueError for a column that the file does not have.
    """
    table = pyarrow.parquet.read_table(file, columns=list(names))
    return [_values(table[name]) for name in names]


def _values(column: pyarrow.ChunkedArray) -> list:
    is_picture = pyarrow.types.is_struct(column.type)
    return (pyarrow.compute.struct_field(column, "bytes") if is_picture else column).to_pylist()


def decode(content: bytes) -> np.ndarray:
    """A picture of a data set, encoded -> uint8 (H, W, 3). What visitors bring needs more: see `images`."""
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def read_arrays(file: str | Path) -> tuple[np.ndarray, np.ndarray]:
    """Pictures of one size as uint8 (N, H, W, 3), and their labels as int64 (N,). Raises ValueError for mixed sizes."""
    encoded, labels = read(file)
    pictures = np.stack([decode(content) for content in encoded])
    return pictures, np.asarray(labels, np.int64)


def write(encoded: list[bytes], **columns) -> Path:
    """Encoded pictures and other columns as a Parquet file, which lasts as long as this process."""
    pictures = [{"bytes": content, "path": None} for content in encoded]
    file, name = tempfile.mkstemp(".parquet", dir=_folder().name)
    os.close(file)
    pyarrow.parquet.write_table(pyarrow.table({"image": pictures, **columns}), name)
    return Path(name)


@cache
def _folder() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory()
