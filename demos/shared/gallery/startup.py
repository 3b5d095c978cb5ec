"""What happens to a demo's gallery when the page starts: its pictures are indexed, and it is opened and embedded."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from pathlib import Path

from huggingface_hub import cached_assets_path

import weights
from demos.shared import images
from demos.shared.gallery import files, index, sources
from demos.shared.gallery.gallery import Collection
from demos.shared.text import count

log = logging.getLogger(__name__)

SECONDS = 5.0  # after which it begins: the first page is sent before
FAILED = "The pictures of the gallery could not be indexed: the page's log says why."
UNWRITABLE = "The index of the gallery cannot be written: set HF_HOME to a folder with room."


def prefetch(collection: Collection) -> None:
    """Index the gallery if the page does that itself, open it, and embed it for networks that are others since.

    In the background, soon.
    """
    timer = threading.Timer(SECONDS, _prefetch, [collection])
    timer.daemon = True
    timer.start()


def _prefetch(collection: Collection) -> None:
    try:
        if collection.pictures:
            _wait_for_networks(collection)
            index_pictures(collection)
        gallery = files.open_gallery(collection)
        _wait_for_networks(collection)
    except weights.Unavailable as error:
        log.warning("The gallery of %s: %s", collection.demo, error)
        return
    except Exception:  # nobody else hears of what ends this thread
        files.report(collection, FAILED)
        log.exception("The gallery of %s could not be opened", collection.demo)
        return
    for name in collection.encoders:
        try:
            gallery.prepare(name)
        except (weights.Unavailable, images.PictureError) as error:
            log.warning("The gallery of %s, for %s: %s", collection.demo, name, error)


def _wait_for_networks(collection: Collection) -> None:
    while any(weights.status(encoder.network).awaited for encoder in collection.encoders.values()):
        time.sleep(1)


def index_pictures(collection: Collection) -> None:
    """Bring the index of `collection.pictures` up to date in the cache of the Hub's client, and open it.

    Visitors are told how far it is. Where the pictures cannot be had now, an earlier index serves.
    """
    folder = None
    try:
        folder = _find_folder(collection)
        for step in index.index(collection.pictures, folder, collection):
            files.report(collection, files.INDEXING.format(count(step.pictures, "picture")))
    except weights.Unavailable as error:
        files.report(collection, str(error))
        if folder is None or not any(folder.glob("*.npz")):
            raise
        log.warning("The gallery of %s is that of an earlier start: %s", collection.demo, error)
    except (OSError, ValueError) as error:  # ValueError: a file is where the folder should be
        files.report(collection, UNWRITABLE)
        log.error("The index of the gallery of %s cannot be written: %s", collection.demo, error)
        return
    files.put(collection, files.read_folder(folder, collection.encoders))


def _find_folder(collection: Collection) -> Path:
    """Where the index of these pictures is kept, from one start to the next."""
    digest = hashlib.sha256(sources.resolve(collection.pictures).encode(errors="surrogateescape")).hexdigest()
    return cached_assets_path("loupe", "galleries", f"{collection.demo}-{digest[:16]}")
