"""The original InceptionV3 looks too, where it can be had: `python -m demos.retrieval.original` is its worker.

The worker is a process of its own, since it needs TensorFlow. It reads batches of pictures from its standard input and
writes their features to its standard output, each as the number of rows in four bytes and the rows themselves.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np

from demos import images
from demos.retrieval import encoders, gallery, predict
from demos.retrieval.gallery import Gallery, GalleryError
from demos.retrieval.predict import Answer
from demos.retrieval.search import best, percentile
from weights import Unavailable
from weights.runtime import cores

SIDE, FEATURES = 192, 1280
START, BATCH = 240, 60  # seconds in which the worker must be ready, and answer
IDLE = 300  # seconds after which it ends
MEMORY = 6 * 2**30  # bytes of data that it may have; it takes 2.7 GB
READY, FAILED = b"+", b"-"
ABSENT = "The original InceptionV3 cannot be had here: it needs TensorFlow and, the first time, the network."
BROKEN = "The original InceptionV3 broke off or took too long: try again."
TOO_MANY = f"This database has more than {gallery.MOST_NOW:,} pictures, too many for the original: ask its student."


class Worker:
    """The process in which the network runs: for many threads. It ends when it is idle or this one ends."""

    def __init__(self):
        self._lock = threading.RLock()
        self._process = None
        self._idle = threading.Timer(0, self.stop)

    def embed(self, seen: np.ndarray) -> np.ndarray:
        """uint8 (N, SIDE, SIDE, 3), some dozen pictures -> unit rows, float32 (N, FEATURES). Raises Unavailable."""
        with self._lock:
            self.start()
            self._idle.cancel()
            answer = self._ask(len(seen).to_bytes(4, "big") + seen.tobytes(), 4 * FEATURES * len(seen), BATCH)
            self._idle = threading.Timer(IDLE, self.stop)
            self._idle.daemon = True
            self._idle.start()
        return gallery.unit(np.frombuffer(answer, np.float32).reshape(-1, FEATURES))

    def start(self) -> None:
        """Have the process ready. Raises Unavailable."""
        with self._lock:
            if self._process and self._process.poll() is None:
                return
            command = [sys.executable, "-m", "demos.retrieval.original"]
            environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_NUM_INTRAOP_THREADS": str(cores())}
            root, pipe = Path(__file__).parents[2], subprocess.PIPE
            self._process = subprocess.Popen(command, cwd=root, env=environment, stdin=pipe, stdout=pipe)
            if self._ask(b"", 1, START) != READY:
                self.stop()
                raise Unavailable(ABSENT)

    def stop(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            if self._process:
                self._process.kill()
                self._process.communicate()
            self._process = None

    def _ask(self, question: bytes, length: int, seconds: float) -> bytes:
        """What the process answers, `length` bytes; where it does not in time it is killed and Unavailable raised."""
        alarm = threading.Timer(seconds, self._process.kill)
        alarm.daemon = True
        alarm.start()
        try:
            self._process.stdin.write(question)
            self._process.stdin.flush()
            answer = self._process.stdout.read(length)
        except OSError:  # it is gone
            answer = b""
        finally:
            alarm.cancel()
        if len(answer) < length:
            self.stop()
            raise Unavailable(BROKEN)
        return answer


WORKER = Worker()
_lock = threading.Lock()
_made: WeakKeyDictionary[Gallery, list[np.ndarray]] = WeakKeyDictionary()  # features of its first batches


def search(picture: images.Picture, database: Gallery, k: int = 4) -> Iterator[int | Answer]:
    """How many pictures of a database are embedded, the first time on the way; last, the `k` most like a picture.

    Features are compared less their mean over the database. One that was broken off goes on where it was. Raises
    GalleryError for more than gallery.MOST_NOW pictures, PictureError, and Unavailable.
    """
    if len(database) > gallery.MOST_NOW:
        raise GalleryError(TOO_MANY)
    with _lock:
        made = _made.setdefault(database, [])
    while (done := sum(map(len, made))) < len(database):
        with _lock:
            if done == sum(map(len, made)):  # else another visitor's search made it
                positions = range(done, min(done + encoders.BATCH, len(database)))
                views = [encoders.square(database.pixels(at), SIDE) for at in positions]
                made.append(WORKER.embed(np.stack(views)))
        yield sum(map(len, made))
    features = np.concatenate(made)
    mean = features.mean(0)
    WORKER.start()
    began = time.perf_counter()
    seen = encoders.square(picture.pixels, SIDE)
    query = gallery.unit(WORKER.embed(seen[None]) - mean)[0]
    similarities = gallery.unit(features - mean) @ query
    positions, nearest = best(similarities, min(predict.MOST, max(1, int(k))))
    milliseconds = 1000 * (time.perf_counter() - began)
    percentiles = [percentile(similarities, value) for value in nearest]
    matches = predict.matches(database, positions, encoders.distance(nearest, "inception"), percentiles)
    yield Answer("original", matches, True, milliseconds, seen)


def main() -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed goes to the log
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    _bound()
    try:
        from demos.retrieval import teachers

        network = teachers.inception()
        network(np.zeros((1, SIDE, SIDE, 3), np.uint8), training=False)  # the first run prepares kernels
    except Exception as error:  # no Keras, no file, no network, no memory
        answers.write(FAILED)
        answers.close()
        sys.exit(f"InceptionV3: {error!r}")
    answers.write(READY)
    answers.flush()
    while rows := int.from_bytes(sys.stdin.buffer.read(4), "big"):
        seen = np.frombuffer(sys.stdin.buffer.read(rows * SIDE * SIDE * 3), np.uint8).reshape(rows, SIDE, SIDE, 3)
        answers.write(np.asarray(network(seen, training=False), np.float32).tobytes())
        answers.flush()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _bound() -> None:
    with suppress(ImportError, ValueError):  # Windows; bounded already
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


if __name__ == "__main__":
    main()
