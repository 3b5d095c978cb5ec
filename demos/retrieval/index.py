"""`python -m demos.retrieval.index SOURCE OUT`: a folder of pictures, or a data set on the Hub -> a database.

SOURCE is a folder, with those in it, or hf://datasets/OWNER/NAME, whose Parquet files have the Hub's column `image`.
One that was broken off goes on after its last whole part. LOUPE_GALLERY=OUT makes the page search it. With --milvus URI
the vectors go into a vector database as well; LOUPE_MILVUS=URI makes the page ask that one.
"""

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

import weights
from demos.retrieval import encoders, gallery, own
from demos.retrieval.encoders import ENCODERS
from demos.retrieval.gallery import Gallery, GalleryError
from demos.retrieval.milvus import Milvus

PART = 1000  # pictures of the source in a part
HUB = "hf://datasets/"
LISTED = "source.json"


def pictures(source: str) -> tuple[str, Iterator[tuple[str, bytes | Path]]]:
    """What tells a source from another one or an earlier state of it, and its pictures with their names."""
    if source.startswith(HUB):
        return _on_the_hub(source.removeprefix(HUB))
    folder = Path(source)
    if not folder.is_dir():
        raise GalleryError(f"There is no folder {source}.")
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    names = [os.fsencode(path.relative_to(folder)).decode(errors="replace") for path in paths]
    return "\n".join(names), zip(names, paths, strict=True)


def _on_the_hub(name: str) -> tuple[str, Iterator[tuple[str, bytes]]]:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

    try:
        found = HfApi().dataset_info(name)
        files = sorted(one.rfilename for one in found.siblings if one.rfilename.endswith(".parquet"))
    except (OSError, ValueError, HfHubHTTPError) as error:
        raise GalleryError(f"The data set {name} cannot be had from the Hub: look at its name, or log in.") from error
    if not files:
        raise GalleryError(f"The data set {name} has no Parquet files.")
    return f"{name}@{found.sha}", _rows(name, found.sha, files)


def _rows(name: str, revision: str, files: list[str]) -> Iterator[tuple[str, bytes]]:
    import pyarrow.parquet
    from huggingface_hub import hf_hub_download

    for file in files:
        table = pyarrow.parquet.ParquetFile(hf_hub_download(name, file, repo_type="dataset", revision=revision))
        names = table.schema_arrow.names
        column = next((one for one in ("image", "img") if one in names), None)
        if column is None:
            raise GalleryError(f"{file} of {name} has no column image.")
        called = _labels(table.schema_arrow.metadata)
        for batch in table.iter_batches(64, columns=[column, *({"label"} & set(names))]):
            for row, record in enumerate(batch.to_pylist()):
                label = record.get("label")
                title = called[label] if isinstance(label, int) and 0 <= label < len(called) else label
                picture = record[column] or {}
                yield (
                    str(title if title is not None else picture.get("path") or f"{file}, {row}"),
                    picture.get("bytes") or b"",
                )


def _labels(metadata: dict | None) -> list[str]:
    """The names of the classes that the Hub writes into a file, if it does."""
    try:
        features = json.loads((metadata or {})[b"huggingface"])["info"]["features"]
        return list(features["label"]["names"])
    except (KeyError, ValueError, TypeError):
        return []


def index(source: str, out: Path, names: tuple[str, ...] = tuple(ENCODERS)) -> Iterator[tuple[int, list[str]]]:
    """Write the parts that are missing; after each, how many pictures of the source are done, and what is unreadable.

    names: the encoders whose vectors are made. Raises GalleryError, and weights.Unavailable.
    """
    state, named = pictures(source)
    state = {"source": source, "encoders": list(names), "state": hashlib.sha256(state.encode()).hexdigest()}
    out.mkdir(parents=True, exist_ok=True)
    listed = out / LISTED
    if not listed.exists():
        listed.write_text(json.dumps(state))
    elif json.loads(listed.read_text()) != state:
        raise GalleryError(f"{out} holds the index of other pictures or encoders: choose another folder.")
    done, number = 0, 0
    while part := list(islice(named, PART)):
        marker = out / f"{number:06}.unreadable"
        if not marker.exists():
            unreadable = _write(part, out / f"{number:06}.npz", names)
            marker.write_text("\n".join(unreadable), encoding="utf-8")
        done, number = done + len(part), number + 1
        yield done, marker.read_text(encoding="utf-8").splitlines()


def _write(part: list, path: Path, names: tuple[str, ...]) -> list[str]:
    """Write one part, unless none of its pictures is readable. Returns the names of those that are not."""
    found = list(own.decoded(part))
    good = [(name, *one) for name, one in found if not isinstance(one, str)]
    if good:
        made = Gallery([picture for _, picture, _ in good], [Path(name).name for name, *_ in good], [""] * len(good))
        made.vectors[gallery.INDEXED] = encoders.embed_all((seen for *_, seen in good), gallery.INDEXED)
        made.digests[gallery.INDEXED] = gallery.digest(gallery.INDEXED)
        for name in names:
            made.prepare(name)
        gallery.write(made, path)
    return [name for name, one in found if isinstance(one, str)]


def into(uri: str, out: Path) -> int:
    """Write the vectors of a folder into a vector database, over those that are there. Returns their number."""
    database, start = Milvus(uri), 0
    for path in sorted(out.glob("*.npz")):
        vectors = gallery.read(path, largest=2**40).vectors[gallery.INDEXED]
        if not start:
            database.create(vectors.shape[1])
        database.add(np.arange(start, start + len(vectors)), vectors)
        start += len(vectors)
    database.close()
    return start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="a folder, or hf://datasets/OWNER/NAME")
    parser.add_argument("out", type=Path, help="the folder of the database")
    parser.add_argument("--encoders", nargs="+", choices=list(ENCODERS), default=list(ENCODERS))
    parser.add_argument("--milvus", metavar="URI", help="a file such as vectors.db, or http://host:19530")
    options = parser.parse_args()
    try:
        unreadable = []
        for done, more in index(options.source, options.out, tuple(options.encoders)):
            unreadable += more
            print(f"{done:,} pictures, {len(unreadable):,} of them unreadable", flush=True)
        for name in unreadable:
            print(f"unreadable: {name}")
        if options.milvus:
            print(f"{into(options.milvus, options.out):,} vectors in {options.milvus}")
    except weights.Unavailable as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
