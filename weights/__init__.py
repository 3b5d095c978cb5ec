"""The files that networks run from, and how they travel.

    import weights

    network = weights.load("cifar10/airbench")
    answer = network(pictures)["probabilities"]

`weights/manifest.json` lists every network:

    {
      "repository": null | {"repo": "owner/name", "commit": "<40 hexadecimal digits>"},
      "networks": {
        "cifar10/airbench": {
          "file": "cifar10/airbench.tflite", "sha256": "...", "bytes": 123,
          "source": {"file": "cifar10/airbench.keras", "sha256": "...", "bytes": 456},
          "inputs": {"picture": {"shape": [null, 32, 32, 3], "dtype": "uint8"}},
          "outputs": {"probabilities": {"shape": [null, 10], "dtype": "float32"}},
          "parameters": 2219626,
          "metrics": {"accuracy": 0.93},
          "subset_metrics": {"accuracy": 0.94},
          "timings": {"seconds": 0.4}, "baselines": {"BM3D": {"psnr": 30.8, "seconds": 13.0}},
          "thresholds": {"id_score": -3.2},
          "recipe": {"command": "...", "seed": 0, "versions": {}, "dataset": "...", "revision": "...",
                     "minutes": 61.0, "machine": "...", "metrics": {"accuracy_100_images": 0.98}},
          "license": "Apache-2.0"
        }
      }
    }

`file` to `outputs` are required and `python -m weights.export` writes them; the rest may be missing or null. Files are
named relative to the folder of the manifest. A `null` in a shape is a size that may vary; the first always
does. `metrics` were measured through the served file, `subset_metrics` over a small fixed part of the same
data. `timings` were measured in one run with the `baselines`, which are other methods. `thresholds` are
decisions made on validation data, so they travel with the weights. `weights.schema` describes each field.

`repository` is where the weights were last published. The files beside the manifest answer all the same; only the
environment lets `start()` pull others:

    LOUPE_WEIGHTS_REPO      owner/name of a Hub model repository to pull from
    LOUPE_WEIGHTS_REVISION  its branch, tag or commit, if not its default branch
    LOUPE_WEIGHTS_DIR       the folder of the bundled weights, if it is not this package's
"""

from weights.files import Unavailable
from weights.runtime import Network
from weights.schema import Entry, Manifest
from weights.store import Status, Store

__all__ = [
    "Entry",
    "Manifest",
    "Network",
    "Status",
    "Store",
    "Unavailable",
    "is_pulling",
    "load",
    "manifest",
    "prepare",
    "rest",
    "start",
    "status",
]

_store = Store.from_environment()


def load(name: str) -> Network:
    """The network called `name` ("cifar10/airbench"), opened once and then shared by all threads.

    Raises `Unavailable`, whose text is one sentence for a visitor, while the network is being fetched or
    when its file is missing or damaged. The next call looks again.
    """
    return _store.load(name)


def status(name: str) -> Status:
    """Whether the network called `name` answers, from where, and what it waits for. Never raises."""
    return _store.status(name)


def manifest() -> Manifest:
    """The manifest in force: for each network the entry of the file that answers. Never raises."""
    return _store.manifest()


def start() -> None:
    """Begin, in the background, to pull the weights from the Hub if a repository is configured.

    Returns at once; a second call does nothing.
    """
    _store.start()


def prepare() -> None:
    """Read and check the bundled files in the background, where no others are to be pulled. Returns at once."""
    _store.prepare()


def rest(seconds: float) -> None:
    """Free the memory that only many questions at once have needed, and none for so many seconds."""
    _store.rest(seconds)


def is_pulling() -> bool:
    """Whether weights have come from the Hub since the start, or may still come."""
    return _store.is_pulling()
