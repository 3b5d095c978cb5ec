"""`python -m demos.shared.gallery.index SOURCE OUT`: a folder of pictures, or a data set on the Hub -> a gallery.

SOURCE is a folder, or hf://datasets/OWNER/NAME, whose Parquet files have the Hub's column `image`. A run that was
broken off goes on after its last whole part. LOUPE_GALLERY=OUT makes the page search it; for another demo's gallery,
--demo NAME and LOUPE_GALLERY_NAME=OUT. With --milvus URI the vectors go into a vector database as well;
LOUPE_MILVUS=URI, or LOUPE_MILVUS_NAME=URI, makes the page ask that one.
"""

import argparse
import hashlib
import importlib
import json
import os
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

import demos
import weights
from demos.shared.gallery import files, upload
from demos.shared.gallery.gallery import Collection, Gallery, GalleryError
from demos.shared.gallery.milvus import Milvus

PART = 1000  # pictures of the source in a part
HUB = "hf://datasets/"
STATE = "source.json"


def list_pictures(source: str) -> tuple[str, Iterator[tuple[str, bytes | Path]]]:
    """What tells a source from another one or another state of it, and its pictures with their names.

    Of a folder the state is the names, sizes and times of its files; of a data set, its revision. Raises GalleryError.
    """
    if source.startswith(HUB):
        return _list_data_set(source.removeprefix(HUB))
    folder = Path(source)
    if not folder.is_dir():
        raise GalleryError(f"There is no folder {source}.")
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    names = [os.fsencode(path.relative_to(folder)).decode(errors="replace") for path in paths]
    facts = [path.stat() for path in paths]
    state = [f"{name}\t{fact.st_size}\t{fact.st_mtime_ns}" for name, fact in zip(names, facts, strict=True)]
    return "\n".join(state), zip(names, paths, strict=True)


def _list_data_set(name: str) -> tuple[str, Iterator[tuple[str, bytes]]]:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

    try:
        info = HfApi().dataset_info(name)
        tables = sorted(one.rfilename for one in info.siblings if one.rfilename.endswith(".parquet"))
    except (OSError, ValueError, HfHubHTTPError) as error:
        raise GalleryError(f"The data set {name} cannot be had from the Hub: look at its name, or log in.") from error
    if not tables:
        raise GalleryError(f"The data set {name} has no Parquet files.")
    return f"{name}@{info.sha}", _rows(name, info.sha, tables)


def _rows(name: str, revision: str, tables: list[str]) -> Iterator[tuple[str, bytes]]:
    import pyarrow.parquet
    from huggingface_hub import hf_hub_download

    for file in tables:
        table = pyarrow.parquet.ParquetFile(hf_hub_download(name, file, repo_type="dataset", revision=revision))
        names = table.schema_arrow.names
        column = next((one for one in ("image", "img") if one in names), None)
        if column is None:
            raise GalleryError(f"{file} of {name} has no column image.")
        classes = _class_names(table.schema_arrow.metadata)
        for batch in table.iter_batches(64, columns=[column, *({"label"} & set(names))]):
            for row, record in enumerate(batch.to_pylist()):
                label = record.get("label")
                title = classes[label] if isinstance(label, int) and 0 <= label < len(classes) else label
                picture = record[column] or {}
                yield (
                    str(title if title is not None else picture.get("path") or f"{file}, {row}"),
                    picture.get("bytes") or b"",
                )


def _class_names(metadata: dict | None) -> list[str]:
    """The names of the classes that the Hub writes into a file, if it does."""
    try:
        features = json.loads((metadata or {})[b"huggingface"])["info"]["features"]
        return list(features["label"]["names"])
    except (KeyError, ValueError, TypeError):
        return []


def index(source: str, out: Path, collection: Collection, names: tuple[str, ...] = ()) -> Iterator[tuple[int, list]]:
    """Write the parts that are missing; after each, how many pictures of the source are done, and what is unreadable.

    names: the encoders whose vectors are made, beside the first; all of them by default. Raises GalleryError, and
    weights.Unavailable.
    """
    names = names or tuple(collection.encoders)
    state, pictures = list_pictures(source)
    state = {"source": source, "encoders": list(names), "state": hashlib.sha256(state.encode()).hexdigest()}
    out.mkdir(parents=True, exist_ok=True)
    if not (out / STATE).exists():
        (out / STATE).write_text(json.dumps(state))
    elif json.loads((out / STATE).read_text()) != state:
        raise GalleryError(f"{out} holds the index of other or changed pictures or encoders: choose another folder.")
    done, number = 0, 0
    while part := list(islice(pictures, PART)):
        marker = out / f"{number:06}.unreadable"
        if not marker.exists():
            unreadable = _write(part, out / f"{number:06}.npz", collection, names)
            marker.write_text("\n".join(unreadable), encoding="utf-8")
        done, number = done + len(part), number + 1
        yield done, marker.read_text(encoding="utf-8").splitlines()


def _write(part: list, path: Path, collection: Collection, names: tuple[str, ...]) -> list[str]:
    """Write one part, unless none of its pictures is readable. Returns the names of those that are not."""
    first, encoder = next(iter(collection.encoders.items()))
    decoded = list(upload.decode(part, encoder))
    readable = [(name, *content) for name, content in decoded if not isinstance(content, str)]
    if readable:
        titles = [Path(name).name for name, *_ in readable]
        gallery = Gallery(collection.encoders, [picture for _, picture, _ in readable], titles, [""] * len(readable))
        gallery.vectors[first] = encoder.embed_all(inputs for *_, inputs in readable)
        gallery.digests[first] = encoder.digest
        for name in names:
            gallery.prepare(name)
        files.write(gallery, path)
    return [name for name, content in decoded if isinstance(content, str)]


def write_vectors(uri: str, out: Path, collection: Collection) -> int:
    """Write the vectors of a folder into a vector database, in place of those that are there. Returns their number."""
    database, count, first = Milvus(uri, f"loupe_{collection.demo}"), 0, next(iter(collection.encoders))
    for path in sorted(out.glob("*.npz")):
        part = files.read(path, {first: collection.encoders[first]}, files.UNBOUNDED)
        vectors, digest = part.vectors[first], part.digests[first]
        if not count:
            if database.digest() != digest:
                database.drop()
            database.create(vectors.shape[1])
            database.write_digest("")  # what is broken off is not searched
        database.add(np.arange(count, count + len(vectors)), vectors)
        count += len(vectors)
    if count:
        database.trim(count)
        database.write_digest(digest)
    else:
        database.drop()
    database.close()
    return count


def find_collections() -> dict[str, Collection]:
    """The collection of each demo that has a gallery, by the demo's name; the default one first."""
    names = sorted(path.parent.name for root in demos.__path__ for path in Path(root).glob("*/gallery.py"))
    found = {name: importlib.import_module(f"demos.{name}.gallery").COLLECTION for name in names}
    return dict(sorted(found.items(), key=lambda named: not named[1].is_default))


def main() -> None:
    collections = find_collections()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="a folder, or hf://datasets/OWNER/NAME")
    parser.add_argument("out", type=Path, help="the folder of the gallery")
    parser.add_argument("--demo", choices=list(collections), default=next(iter(collections)))
    parser.add_argument("--encoders", nargs="+", metavar="NAME", default=[], help="all of the demo's by default")
    parser.add_argument("--milvus", metavar="URI", help="a file such as vectors.db, or http://host:19530")
    options = parser.parse_args()
    collection = collections[options.demo]
    if unknown := set(options.encoders) - set(collection.encoders):
        parser.error(f"no encoder is called {', '.join(unknown)}: choose of {', '.join(collection.encoders)}")
    try:
        unreadable = []
        for done, more in index(options.source, options.out, collection, tuple(options.encoders)):
            unreadable += more
            print(f"{done:,} pictures, {len(unreadable):,} of them unreadable", flush=True)
        for name in unreadable:
            print(f"unreadable: {name}")
        if options.milvus:
            print(f"{write_vectors(options.milvus, options.out, collection):,} vectors in {options.milvus}")
    except weights.Unavailable as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
