"""Find the weights, verify them, fetch them from the Hub, fall back on those beside the code."""

import logging
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from weights import files
from weights.files import Unavailable
from weights.pull import PAUSE, Pull
from weights.runtime import Network
from weights.schema import Manifest, Repository

SOON = 60.0  # seconds after the start in which pages look for weights that may arrive

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Status:
    """Of one network: whether it answers, what it waits for or what is wrong, and which weights answer."""

    ready: bool
    message: str  # one sentence for the visitor, "" when all is as it should be
    origin: str  # "bundled", "owner/name@abc1234", or "" when none answer
    awaited: bool = False  # whether other weights may soon arrive from the Hub, or, where none answer, at all


class Store:
    """The weights in `folder`, and those of a Hub model repository once `start()` was called.

    A network answers from the Hub as soon as the files of its demo are there; what an earlier start has fetched
    answers until then. Without it a network waits, for `patience` seconds from `start()` at most; then, or as soon as
    the Hub has failed, the bundled file answers. What has failed is tried again, after pauses that begin with `pause`
    seconds and grow, until the Hub's weights arrive after all.

    `repo` and `revision` say what to pull: nothing, and the default branch, where they are None or "". `cache_dir`
    and `endpoint` are those of `huggingface_hub`.
    """

    def __init__(
        self,
        folder: Path,
        repo: str | None = None,
        revision: str | None = None,
        *,
        cache_dir: Path | None = None,
        endpoint: str | None = None,
        patience: float = 10.0,
        pause: float = PAUSE,
    ):
        self.folder, self.patience, self.pause = Path(folder), patience, pause
        self._repo, self._revision = repo, revision or None
        self._cache_dir, self._endpoint = cache_dir, endpoint
        self._lock = threading.RLock()
        self._opened: dict[str, Network] = {}
        self._pull: Pull | None = None
        self._began = 0.0
        self._read: tuple[tuple, Manifest] | None = None  # the bundled manifest and which state of the file it is

    @classmethod
    def from_environment(cls) -> "Store":
        environment = os.environ.get
        repo, revision = environment("LOUPE_WEIGHTS_REPO", ""), environment("LOUPE_WEIGHTS_REVISION", "")
        return cls(files.folder(), repo.strip(), revision.strip())

    def start(self) -> None:
        """Begin to pull in the background, if there is a repository to pull from. Idempotent."""
        with self._lock:
            if self._pull is not None:
                return
            if self._repo:
                self._began = time.monotonic()
                self._pull = Pull(self.folder, self._repo, self._revision, self._cache_dir, self._endpoint, self.pause)
                self._pull.start()

    def prepare(self) -> None:
        """Read and check the bundled files in the background, unless others are to be pulled."""
        if not self._repo:
            names = self.manifest().networks
            threading.Thread(target=lambda: [self.status(name) for name in names], daemon=True).start()

    def rest(self, seconds: float) -> None:
        pulled = self._pull.networks if self._pull else {}
        for network in [*self._opened.values(), *pulled.values()]:
            network.rest(seconds)

    def end(self) -> None:
        """Pull nothing any more. The weights that have arrived go on answering."""
        if self._pull is not None:
            self._pull.end()

    def is_pulling(self) -> bool:
        return self._pull is not None

    def load(self, name: str) -> Network:
        pull = self._pull
        if pull is not None:
            network = pull.networks.get(name)
            if network is not None:
                self._opened.pop(name, None)  # the bundled one that it follows frees its memory
                return network
            is_patient = time.monotonic() < self._began + self.patience and not pull.has_stumbled
            if pull.awaits(name) and is_patient:
                raise Unavailable(_waiting(pull, name))
        try:
            with self._lock:
                if name not in self._opened:
                    self._opened[name] = self._open(name)
                return self._opened[name]
        except Unavailable:
            if pull is not None and pull.may_bring(name):
                raise Unavailable(_waiting(pull, name)) from None
            raise

    def status(self, name: str) -> Status:
        pull = self._pull
        try:
            network = self.load(name)
        except Unavailable as error:
            return Status(False, str(error), "", pull is not None and pull.may_bring(name))
        if pull is None:
            return Status(True, "", network.origin)
        is_soon = time.monotonic() < self._began + SOON
        which = "the bundled weights answer" if network.origin == "bundled" else "those fetched before answer"
        state = pull.state(name)
        message = _sentence(f"{state}; {which} meanwhile") if state else ""
        return Status(True, message, network.origin, pull.awaits(name) and is_soon)

    def manifest(self) -> Manifest:
        try:
            manifest = self._bundled()
        except (OSError, ValueError) as error:
            log.error("The manifest of the bundled weights cannot be read: %s", error)
            manifest = Manifest()
        pull = self._pull
        if pull is None or not pull.networks:
            return manifest
        pulled = {name: network.entry for name, network in pull.networks.items()}
        repository = Repository(repo=pull.repo, commit=pull.commit)
        return Manifest(repository=repository, networks={**manifest.networks, **pulled})

    def _bundled(self) -> Manifest:
        """The manifest beside the code, read anew when its file is another. OSError or ValueError."""
        path = self.folder / "manifest.json"
        state = path.stat()
        state = (state.st_ino, state.st_mtime_ns, state.st_size)
        if self._read is None or self._read[0] != state:
            self._read = state, files.read_manifest(path)
        return self._read[1]

    def _open(self, name: str) -> Network:
        """The bundled network called `name`; `Unavailable` says how whoever runs the page can restore it."""
        try:
            manifest = self._bundled()
        except (OSError, ValueError) as error:
            log.error("The manifest of the bundled weights cannot be read: %s", error)
            raise Unavailable(
                "The list of weights is missing or damaged: whoever runs this page can restore it with "
                '"git checkout -- weights/manifest.json".'
            ) from None
        if name not in manifest.networks and name not in manifest.malformed:
            where = f"beside the code, and {self._pull.state(name)}" if self._pull else "here yet"
            raise Unavailable(
                f"There are no weights called {name} {where}: whoever runs this page can train them, "
                f'then run "python -m weights.export {name}".'
            )
        try:
            if name in manifest.malformed:
                raise ValueError(manifest.malformed[name])
            entry = manifest.networks[name]
            return Network(files.read_file(self.folder / entry.file, entry), name, entry)
        except (OSError, ValueError, RuntimeError) as error:
            log.error("The bundled weights of %s cannot be used: %s", name, error)
            state = "missing" if isinstance(error, FileNotFoundError) else "damaged"
            file = f"weights/{name}.tflite"
            raise Unavailable(
                f"The weights of {name} are {state}: whoever runs this page can restore them with "
                f'"git checkout -- {file} weights/manifest.json", or "python -m weights.export {name}".'
            ) from None


def _waiting(pull: Pull, name: str) -> str:
    remedy = "you can ask as soon as they are there" if pull.awaits(name) else "they are asked for again"
    return _sentence(f"{pull.state(name)}; {remedy}")


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."
