"""Where the pictures of an index come from: a folder, or a data set on the Hub."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demos.shared.gallery.gallery import GalleryError
from demos.shared.text import clean

HUB, DATA_SETS = "hf://", "hf://datasets/"
# A picture of a source: what tells it from others and from other states of it, its name, and its content.
Item = tuple[str, str, bytes | Path]


def resolve(source: str) -> str:
    """One name for a source, however it was written. Raises GalleryError for what is no source."""
    if not source.startswith(HUB):
        return str(Path(source).resolve())
    name = source.removeprefix(DATA_SETS).strip("/")
    if not source.startswith(DATA_SETS) or not name:
        raise GalleryError(f"{source} is no data set: write hf://datasets/OWNER/NAME, or the path of a folder.")
    return DATA_SETS + name


def is_same(source: str, earlier: str, keys: set[str]) -> bool:
    """Whether a resolved source is an earlier one: maybe by another path, or a folder that was moved or copied since.

    keys: of the pictures of the earlier one, of which a folder that was moved has some.
    """
    if source == earlier or HUB in (source[: len(HUB)], earlier[: len(HUB)]):
        return source == earlier
    if os.path.isdir(earlier) and os.path.samefile(source, earlier):
        return True
    return any(key in keys for key, *_ in list_pictures(source))


def list_pictures(source: str, out: Path | None = None) -> Iterator[Item]:
    """The pictures of a resolved source, those of a folder in the order of their names. Raises GalleryError.

    A picture of a folder is another one when its name, size or time is, one of a data set when its revision is.
    Hidden files and folders are left out, and the folder `out`.
    """
    if source.startswith(HUB):
        return _list_data_set(source.removeprefix(DATA_SETS))
    folder = Path(source)
    if not folder.is_dir():
        raise GalleryError(f"There is no folder {source}.")
    return _list_folder(folder, out and out.resolve())


def _list_folder(folder: Path, out: Path | None) -> Iterator[Item]:
    paths = sorted(path.relative_to(folder) for path in folder.rglob("*") if out not in (path, *path.parents))
    for path in paths:
        if any(part.startswith(".") for part in path.parts) or not (folder / path).is_file():
            continue
        try:
            facts = (folder / path).stat()
        except OSError:  # it has gone meanwhile
            continue
        name = os.fsencode(path.as_posix()).decode(errors="replace")
        yield f"{name}\t{facts.st_size}\t{facts.st_mtime_ns}", clean(name), folder / path


def _list_data_set(name: str) -> Iterator[Item]:
    with _hub(name):
        from huggingface_hub import HfApi

        info = HfApi().dataset_info(name)
    tables = sorted(one.rfilename for one in info.siblings or () if one.rfilename.endswith(".parquet"))
    if not tables:
        raise GalleryError(f"The data set {name} has no Parquet files.")
    return _list_rows(name, info.sha, tables)


def _list_rows(name: str, revision: str, tables: list[str]) -> Iterator[Item]:
    import pyarrow.parquet
    from huggingface_hub import hf_hub_download

    for file in tables:
        with _hub(name):
            path = hf_hub_download(name, file, repo_type="dataset", revision=revision)
        try:
            table = pyarrow.parquet.ParquetFile(path)
        except (OSError, ValueError) as error:  # pyarrow's own are ValueErrors
            raise GalleryError(f"{file} of {name} is damaged, or no Parquet file.") from error
        names = table.schema_arrow.names
        column = next((one for one in ("image", "img") if one in names), None)
        if column is None:
            raise GalleryError(f"{file} of {name} has no column image.")
        classes, row = _class_names(table.schema_arrow.metadata), 0
        for batch in table.iter_batches(64, columns=[column, *({"label"} & set(names))]):
            for record in batch.to_pylist():
                picture = record[column] if isinstance(record[column], dict) else {}
                title = _title(record.get("label"), classes) or picture.get("path") or f"{file}, {row}"
                yield f"{revision}\t{file}\t{row}", clean(title), picture.get("bytes") or b""
                row += 1


@contextmanager
def _hub(name: str) -> Iterator[None]:
    """Turn what the Hub's client raises within into a GalleryError."""
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError
    from huggingface_hub.utils import httpx

    wrong = f"The data set {name} cannot be had from the Hub: look at its name, or log in."
    away = f"The data set {name} cannot be had, since the Hub cannot be reached: look at the network and its proxies."
    try:
        yield
    except (HfHubHTTPError, HFValidationError) as error:
        raise GalleryError(wrong) from error
    except (OSError, ValueError, RuntimeError, ImportError, httpx.HTTPError, httpx.InvalidURL) as error:
        raise GalleryError(away) from error


def _title(label, classes: list[str]) -> str:
    if isinstance(label, int) and 0 <= label < len(classes):
        return classes[label]
    return "" if label is None else str(label)


def _class_names(metadata: dict | None) -> list[str]:
    """The names of the classes that the Hub writes into a file, if it does."""
    try:
        features = json.loads((metadata or {})[b"huggingface"])["info"]["features"]
        return list(features["label"]["names"])
    except (KeyError, ValueError, TypeError):
        return []
