"""`python -m demos.shared.gallery.index SOURCE OUT`: a folder of pictures, or a data set on the Hub -> a gallery.

SOURCE is a folder, or hf://datasets/OWNER/NAME, whose Parquet files have the Hub's column `image`. The same command
again brings OUT up to date: pictures that were added, replaced or removed since. It also goes on after a run that was
broken off. LOUPE_GALLERY=OUT makes the page search it; for another demo's gallery, --demo NAME and
LOUPE_GALLERY_NAME=OUT. With --milvus URI the vectors go into a vector database as well; LOUPE_MILVUS=URI, or
LOUPE_MILVUS_NAME=URI, makes the page ask that one.
"""

import argparse
import importlib
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, repeat
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

import demos
import weights
from demos.shared.gallery import files, sources, upload
from demos.shared.gallery.encoder import BATCH
from demos.shared.gallery.gallery import Collection, Gallery, GalleryError
from demos.shared.gallery.milvus import Milvus
from demos.shared.gallery.parts import Parts, read_all_keys
from demos.shared.text import count

STATE, LOCK = "source.json", ".lock"


@dataclass(frozen=True)
class Step:
    """How far an index is. pictures: of the source that were looked at, those of them that are new, and those removed.

    unreadable: names since the step before, each with the reason.
    """

    pictures: int
    new: int = 0
    removed: int = 0
    unreadable: tuple[str, ...] = ()


def index(source: str, out: Path, collection: Collection, names: tuple[str, ...] = ()) -> Iterator[Step]:
    """Bring the index of a source up to date; yields how far it is, after the first picture, then every BATCH.

    What was done is kept where it is broken off. names: the encoders whose vectors are made, beside the first; all of
    them by default. Raises GalleryError, also for a source without a picture, and weights.Unavailable; OSError where
    `out` cannot be written.
    """
    names = names or tuple(collection.encoders)
    source = sources.resolve(source)
    pictures = sources.list_pictures(source, out)
    out.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(out / LOCK, timeout=0):
            _check_state(out, source, names)
            made_by = {name: collection.encoders[name].digest for name in (*islice(collection.encoders, 1), *names)}
            yield from _update(pictures, Parts(out, collection.encoders, made_by), collection, names)
    except Timeout:
        raise GalleryError(f"Another run is writing to {out}: wait until it is done.") from None


def _check_state(out: Path, source: str, names: tuple[str, ...]) -> None:
    """Write down what is indexed, or raise GalleryError where the folder holds something else."""
    state = {"source": source, "encoders": list(names)}
    if not (out / STATE).exists():
        if any(out.glob("*.npz")):
            raise GalleryError(f"{out} holds .npz files of something else: choose another folder.")
    else:
        try:
            known = json.loads((out / STATE).read_text(encoding="utf-8"))
            is_same = known["encoders"] == state["encoders"]
            is_same = is_same and sources.is_same(source, known["source"], read_all_keys(out))
        except (ValueError, KeyError, TypeError):
            is_same = False
        if not is_same:
            raise GalleryError(f"{out} holds the index of other pictures or encoders: choose another folder.")
    (out / STATE).write_text(json.dumps(state), encoding="utf-8")


def _update(
    pictures: Iterator[sources.Item], parts: Parts, collection: Collection, names: tuple[str, ...]
) -> Iterator[Step]:
    known, seen, new = {key for keys in parts.keys.values() for key in keys}, set(), 0
    sizes = chain([1], repeat(BATCH))  # the first picture tells that all is in order
    unknown = (item for item in pictures if seen.add(item[0]) or item[0] not in known)
    try:
        while batch := list(islice(unknown, next(sizes))):
            decoded = list(upload.decode((((key, name), content) for key, name, content in batch), collection.first))
            readable = [(*named, *content) for named, content in decoded if not isinstance(content, str)]
            if readable:
                parts.add([key for key, *_ in readable], _embed(readable, collection, names))
            new += len(readable)
            unreadable = (f"{name}: {reason}" for (_, name), reason in decoded if isinstance(reason, str))
            yield Step(len(seen), new, 0, tuple(unreadable))
    finally:
        parts.flush()
    if not new and not known & seen:
        raise GalleryError("There is no picture in the source that can be opened: look at its path.")
    parts.remove(known - seen)
    yield Step(len(seen), new, len(known - seen))


def _embed(readable: list[tuple], collection: Collection, names: tuple[str, ...]) -> Gallery:
    """Key, name, thumbnail and input of the first encoder, of each picture -> their gallery."""
    _, titles, pictures, inputs = map(list, zip(*readable, strict=True))
    gallery = Gallery(collection.encoders, pictures, titles, [""] * len(titles))
    name = gallery.indexed
    gallery.vectors[name], gallery.digests[name] = collection.first.embed(np.stack(inputs)), collection.first.digest
    for name in names:
        gallery.prepare(name)
    return gallery


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
        _run(options.source, options.out, collection, tuple(options.encoders), options.milvus)
    except weights.Unavailable as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{options.out} cannot be written: {error.strerror or error}.")
    except KeyboardInterrupt:
        print("Stopped. The same command goes on.", file=sys.stderr)
        sys.exit(130)


def _run(source: str, out: Path, collection: Collection, names: tuple[str, ...], uri: str | None) -> None:
    if uri:
        Milvus(uri, f"loupe_{collection.demo}").close()  # what is wrong with it is said before hours of work
    unreadable, printed = 0, 0.0
    for step in index(source, out, collection, names):
        for line in step.unreadable:
            print(f"unreadable: {line}")
        unreadable += len(step.unreadable)
        text = f"{count(step.pictures, 'picture')}, {unreadable:,} of them unreadable"
        if time.monotonic() - printed >= 1:
            print(text, flush=True)
            printed = time.monotonic()
    print(f"{text}; {step.new:,} new, {step.removed:,} removed")
    if uri:
        print(f"{count(write_vectors(uri, out, collection), 'vector')} in {uri}")


if __name__ == "__main__":
    main()
