"""One pull of all weights from a Hub model repository, in the background."""

import logging
import threading
import time
from itertools import groupby
from pathlib import Path

from weights import files
from weights.runtime import Network
from weights.schema import Entry

ATTEMPTS = 3

log = logging.getLogger(__name__)


class Pull:
    """The weights of the Hub model repository `repo` at `revision`, by that repository's own manifest.json.

    `networks` holds what has arrived, was verified and is open. It grows by whole demos, because the networks
    of a demo may depend on each other, and is replaced, never changed: readers need no lock.
    """

    def __init__(self, folder: Path, repo: str, revision: str | None, cache_dir: Path | None, endpoint: str | None):
        self.repo, self.revision, self.commit = repo, revision, ""
        self.networks: dict[str, Network] = {}
        self._folder, self._cache_dir, self._endpoint = folder, cache_dir, endpoint
        self._lock = threading.Lock()
        self._listed: dict[str, Entry] | None = None  # the entries to fetch, None until the manifest is there
        self._trouble = ""  # what keeps all networks from being fetched
        self._troubles: dict[str, str] = {}  # what keeps one
        self._received: dict[str, int] = {}  # bytes, by file

    def start(self) -> None:
        threading.Thread(target=self._run, name="weights", daemon=True).start()

    def awaits(self, name: str) -> bool:
        """Whether the network called `name` may still arrive."""
        if name in self.networks or name in self._troubles or self._trouble:
            return False
        return self._listed is None or name in self._listed

    def progress(self, name: str) -> str:
        """What a network that is awaited waits for: a clause."""
        entries = [entry for other, entry in (self._listed or {}).items() if _demo(other) == _demo(name)]
        total = sum(entry.bytes for entry in entries)
        if not total:
            return f"the weights are being fetched from {self.repo}"
        received = sum(min(self._received.get(entry.file, 0), entry.bytes) for entry in entries)
        return f"the weights are being fetched from {self.repo}, {received / 1e6:.1f} of {total / 1e6:.1f} MB"

    def trouble(self, name: str) -> str:
        """Why a network that is not awaited did not arrive: a clause."""
        return self._trouble or self._troubles.get(name) or f"{self.repo} lists no weights for {name}"

    def _run(self) -> None:
        log.info("Pulling weights from %s", self.repo)
        try:
            path = self._download("manifest.json", self.revision)
        except Exception as error:
            log.warning("%s gives no weights: %s", self.repo, _in_one_line(error))
            self._trouble = f"the weights in {self.repo} cannot be reached"
            return
        self.commit = path.parent.name  # the cache keeps each commit's files in a folder of its name
        try:
            manifest = files.read_manifest(path)
            for problem in manifest.malformed.values():
                raise ValueError(problem)
        except (OSError, ValueError) as error:
            log.error("The manifest of %s is rejected: %s", self.origin, error)
            self._trouble = f"the list of weights in {self.repo} is malformed"
            return
        self._listed = manifest.networks
        self._pull_all(self._listed)

    def _pull_all(self, listed: dict[str, Entry]) -> None:
        began = time.monotonic()
        demos = [list(names) for _, names in groupby(sorted(listed), key=_demo)]
        # A thread for each demo, so that a file that stalls holds up no other demo.
        threads = [
            threading.Thread(target=self._pull_demo, args=(names,), name="weights", daemon=True) for names in demos
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - began
        log.info("%s: %d of %d networks after %.1f s", self.origin, len(self.networks), len(listed), seconds)

    @property
    def origin(self) -> str:
        return f"{self.repo}@{self.commit[:7]}"

    def _pull_demo(self, names: list[str]) -> None:
        arrived, troubles = {}, {}
        for name in names:
            try:
                arrived[name] = self._open(name, self._listed[name])
            except Exception as error:
                log.warning("%s gives no %s: %s", self.origin, name, _in_one_line(error))
                troubles[name] = f"{self.repo} gives no intact weights for {name}"
        with self._lock:
            self.networks = {**self.networks, **arrived}
            self._troubles = {**self._troubles, **troubles}

    def _open(self, name: str, entry: Entry) -> Network:
        """The network described by the Hub's `entry`, from the file beside the code if that is the same."""
        _require_successor(name, entry, self._folder)
        try:
            content = files.read_file(self._folder / entry.file, entry)
            log.info("%s: %s is here already", self.origin, entry.file)
        except (OSError, ValueError):
            content = self._fetch(entry)
        self._received[entry.file] = entry.bytes
        return Network(content, name, entry, self.origin)

    def _fetch(self, entry: Entry) -> bytes:
        """The verified bytes of the file that `entry` describes, from the Hub or the cache."""
        try:
            return files.read_file(self._download(entry.file, self.commit), entry)
        except ValueError:
            # What the cache holds may have been damaged on this disk: once more from the Hub itself.
            return files.read_file(self._download(entry.file, self.commit, force=True), entry)

    def _download(self, file: str, revision: str | None, force: bool = False) -> Path:
        # Here, not above: without a repository nothing needs the Hub's client.
        from huggingface_hub import hf_hub_download
        from huggingface_hub.utils import httpx, tqdm

        pull = self

        class Progress(tqdm):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **{**kwargs, "disable": True})
                pull._received[file] = kwargs.get("initial", 0)

            def update(self, n=1):
                pull._received[file] += n

        options = {"cache_dir": self._cache_dir, "endpoint": self._endpoint, "force_download": force}
        began = time.monotonic()
        for attempt in range(ATTEMPTS):
            try:
                path = Path(hf_hub_download(self.repo, file, revision=revision, tqdm_class=Progress, **options))
                break
            except (httpx.TransportError, RuntimeError):
                # All threads share one client, which is closed under them when one of them cannot connect.
                if attempt == ATTEMPTS - 1:
                    raise
                time.sleep(1)
        megabytes, seconds = path.stat().st_size / 1e6, time.monotonic() - began
        log.info("%s: %s, %.1f MB in %.1f s", self.repo, file, megabytes, seconds)
        return path


def _demo(name: str) -> str:
    return name.split("/")[0]


def _in_one_line(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def _require_successor(name: str, entry: Entry, folder: Path) -> None:
    """ValueError when code written for the bundled network of that name cannot use what `entry` describes."""
    try:
        bundled = files.read_manifest(folder / "manifest.json").networks[name]
    except (OSError, ValueError, KeyError):
        return
    if entry.inputs != bundled.inputs:
        raise ValueError("it takes another input than the bundled network")
    for key in ("outputs", "thresholds"):
        missing = getattr(bundled, key).keys() - getattr(entry, key).keys()
        if missing:
            raise ValueError(f"it lacks the {key} {', '.join(sorted(missing))} of the bundled network")
