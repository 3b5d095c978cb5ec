"""The pull of all weights from a Hub model repository, in the background, until all have arrived."""

import logging
import threading
import time
from itertools import groupby
from pathlib import Path

from weights import files
from weights.hub import Failure, Remote, diagnose
from weights.runtime import Network
from weights.schema import Entry

PAUSE = 1.0  # seconds, the unit of the pauses between attempts
# By kind of failure the first pause, in these units, which each attempt doubles, and the longest, in seconds. What is
# wrong at the Hub itself costs a download each time.
FIRST = {"network": 1, "disk": 10, "content": 60}
LONGEST = {"network": 600.0, "disk": 600.0, "content": 3600.0}
BRIEF = 4  # attempts after which what often passes within seconds counts as trouble

log = logging.getLogger(__name__)


class Pull:
    """The weights of the Hub model repository `repo` at `revision`, by that repository's own manifest.json.

    `networks` holds what has arrived, was verified and is open: first what the client's cache holds of an earlier
    start, then what the Hub gives. It grows by whole demos, because the networks of a demo may depend on each other,
    and is replaced, never changed: readers need no lock.
    """

    def __init__(
        self, folder: Path, repo: str, revision: str | None, cache_dir: Path | None, endpoint: str | None,
        pause: float = PAUSE,
    ):  # fmt: skip
        self.repo, self.commit = repo, ""
        self.networks: dict[str, Network] = {}
        self.has_stumbled = False  # whether an attempt has failed
        self._folder, self._remote, self._pause = folder, Remote(repo, revision, cache_dir, endpoint), pause
        self._lock, self._news, self._ended = threading.Lock(), threading.Event(), threading.Event()
        self._listed: dict[str, Entry] | None = None  # the entries to fetch, None until the manifest is there
        self._trouble = ""  # what keeps all networks from being fetched
        self._troubles: dict[str, str] = {}  # what keeps one
        self._received: dict[str, int] = {}  # bytes, by file
        self._commits: dict[str, str] = {}  # of which all networks of a demo are there
        self._failures: dict[str, Failure] = {}  # of the demos whose last attempt has failed
        self._pulling: set[str] = set()  # demos that a thread is at
        self._is_over = False

    def start(self) -> None:
        threading.Thread(target=self._run, name="weights", daemon=True).start()

    def end(self) -> None:
        """Make no further attempt. What has arrived stays."""
        self._ended.set()
        self._news.set()

    def awaits(self, name: str) -> bool:
        """Whether the network called `name`, or a newer one, may arrive in the attempt that is being made."""
        if name in self._troubles or self._trouble or self._is_over:
            return False
        if self._listed is None:
            return True
        return name in self._listed and self._commits.get(_demo(name)) != self.commit

    def may_bring(self, name: str) -> bool:
        """Whether the network called `name` may arrive in this attempt or in a later one."""
        return not self._is_over and (self._listed is None or name in self._listed) and name not in self.networks

    def state(self, name: str) -> str:
        """What a network waits for, or why it did not arrive: a clause; "" where it is that of the revision."""
        if self.awaits(name):
            is_known = self._listed is not None or name not in self.networks
            return self._progress(name) if is_known else ""
        if self._trouble or name in self._troubles:
            return self._trouble or self._troubles[name]
        return "" if name in self.networks else f"the repository {self.repo} lists no weights for {name}"

    def _progress(self, name: str) -> str:
        entries = [entry for other, entry in (self._listed or {}).items() if _demo(other) == _demo(name)]
        total = sum(entry.bytes for entry in entries)
        if not total:
            return f"the weights are being fetched from {self.repo}"
        received = sum(min(self._received.get(entry.file, 0), entry.bytes) for entry in entries)
        return f"the weights are being fetched from {self.repo}, {received / 1e6:.1f} of {total / 1e6:.1f} MB"

    def _run(self) -> None:
        log.info("Pulling weights from %s", self.repo)
        self._take_cached()
        self._remote.sweep()
        attempt = 0
        while not self._is_over:
            failure = self._attempt(attempt)
            if failure is None or failure.kind == "final":
                self._is_over = True
                return
            pause = min(self._pause * FIRST[failure.kind] * 2 ** min(attempt, 20), LONGEST[failure.kind])
            log.info("%s is asked again in %.0f s", self.repo, max(pause, failure.seconds))
            self._is_over = self._ended.wait(max(pause, failure.seconds))
            attempt += 1

    def _take_cached(self) -> None:
        """Open what an earlier start has left in the cache, by whole demos."""
        path = self._remote.find_cached("manifest.json")
        if path is None:
            return
        try:
            listed = _read(path)
        except (OSError, ValueError):
            return
        commit = path.parent.name  # the cache keeps each commit's files in a folder of its name
        for demo, names in _by_demo(listed):
            try:
                opened = {name: self._open(name, listed[name], commit, is_fetched=False) for name in names}
            except (OSError, ValueError, RuntimeError):
                continue
            self.commit, self.networks = commit, {**self.networks, **opened}
            self._commits[demo] = commit
        if self._remote.is_pinned and len(self.networks) == len(listed):
            self._listed, self._is_over = listed, True

    def _attempt(self, before: int) -> Failure | None:
        """Ask the Hub for all that is not there yet, after so many attempts. None when nothing is missing any more."""
        try:
            commit = self._remote.resolve()
            listed = self._read_manifest(commit)
        except Exception as error:
            failure = diagnose(error)
            said = (
                "The manifest of %s is rejected: %s" if failure.kind == "content" else "%s gives no weights, since %s"
            )
            log.warning(said, self.repo, failure.reason)
            self.has_stumbled = True
            if self._listed is None and (not failure.is_brief or before + 1 >= BRIEF):
                self._trouble = self._describe(failure)
            return failure
        with self._lock:
            if commit != self.commit or self._listed is None:
                self.commit, self._listed, self._troubles = commit, listed, {}
                self.networks = {name: network for name, network in self.networks.items() if name in listed}
            self._trouble = ""
        return self._pull_demos(commit, listed)

    def _describe(self, failure: Failure) -> str:
        if failure.kind == "disk":
            return f"the weights in {self.repo} cannot be stored on this machine"
        if failure.kind == "content":
            return f"the list of weights in {self.repo} is malformed"
        return f"the weights in {self.repo} cannot be reached"

    def _read_manifest(self, commit: str) -> dict[str, Entry]:
        """What the repository lists at a commit. ValueError for a malformed list, also of a single network."""
        cached = self._remote.find_cached("manifest.json", commit)
        try:
            return _read(cached or self._remote.download("manifest.json", commit, lambda count: None))
        except ValueError:
            if cached is None:
                raise
        # What the cache holds may have been damaged on this disk.
        return _read(self._remote.download("manifest.json", commit, lambda count: None, force=True))

    def _pull_demos(self, commit: str, listed: dict[str, Entry]) -> Failure | None:
        began = time.monotonic()
        # A thread for each demo, so that a file that stalls holds up no other demo.
        for demo, names in _by_demo(listed):
            if self._commits.get(demo) != commit and demo not in self._pulling:
                self._failures.pop(demo, None)
                self._pulling.add(demo)
                arguments = (demo, names, listed, commit)
                threading.Thread(target=self._pull_demo, args=arguments, name="weights", daemon=True).start()
        # Nor does it keep from another attempt what has failed.
        while self._pulling and not self._failures and not self._ended.is_set():
            self._news.wait()
            self._news.clear()
        if self._failures:
            return min(self._failures.values(), key=lambda failure: LONGEST[failure.kind])
        if all(self._commits.get(demo) == commit for demo, _ in _by_demo(listed)):
            seconds = time.monotonic() - began
            log.info("%s: all %d networks after %.1f s", self._origin(commit), len(listed), seconds)
            return None
        return Failure("network", "it has another commit by now", is_brief=True)

    def _origin(self, commit: str) -> str:
        return f"{self.repo}@{commit[:7]}"

    def _pull_demo(self, demo: str, names: list[str], listed: dict[str, Entry], commit: str) -> None:
        arrived, troubles, failures = {}, {}, []
        for name in names:
            try:
                arrived[name] = self._open(name, listed[name], commit)
            except Exception as error:
                failures.append(diagnose(error))
                log.warning("%s gives no %s, since %s", self._origin(commit), name, failures[-1].reason)
                troubles[name] = self._describe_one(name, failures[-1])
        if not failures:
            self._remote.note(commit)
        with self._lock:
            self.networks = {**self.networks, **arrived}
            others = {name: trouble for name, trouble in self._troubles.items() if name not in arrived}
            self._troubles = {**others, **troubles}
            if failures:
                self._failures[demo] = failures[0]
            else:
                self._commits[demo] = commit
            self._pulling.discard(demo)
        self._news.set()

    def _describe_one(self, name: str, failure: Failure) -> str:
        if failure.kind == "content":
            return f"the repository {self.repo} gives no intact weights for {name}"
        return self._describe(failure)

    def _open(self, name: str, entry: Entry, commit: str, is_fetched: bool = True) -> Network:
        """The network described by the Hub's `entry`, from the file beside the code if that is the same."""
        here = self.networks.get(name)
        if here is not None and here.entry == entry and here.origin == self._origin(commit):
            return here
        _require_successor(name, entry, self._folder)
        try:
            content = files.read_file(self._folder / entry.file, entry)
            log.info("%s: %s is here already", self._origin(commit), entry.file)
        except (OSError, ValueError):
            content = self._read_cached(entry, commit, is_fetched)
        self._received[entry.file] = entry.bytes
        return Network(content, name, entry, self._origin(commit))

    def _read_cached(self, entry: Entry, commit: str, is_fetched: bool) -> bytes:
        """The verified bytes of the file that `entry` describes, from the cache, else from the Hub."""
        cached = self._remote.find_cached(entry.file, commit)
        try:
            if cached is not None:
                return files.read_file(cached, entry)
        except (OSError, ValueError):  # it may have been damaged on this disk
            pass
        if not is_fetched:
            raise FileNotFoundError(entry.file)

        def receive(count: int) -> None:
            self._received[entry.file] = count

        return files.read_file(self._remote.download(entry.file, commit, receive, cached is not None), entry)


def _demo(name: str) -> str:
    return name.split("/")[0]


def _by_demo(listed: dict[str, Entry]) -> list[tuple[str, list[str]]]:
    return [(demo, list(names)) for demo, names in groupby(sorted(listed), key=_demo)]


def _read(path: Path) -> dict[str, Entry]:
    """The entries of the manifest at `path`. OSError, or ValueError if it or one of them is malformed."""
    manifest = files.read_manifest(path)
    for problem in manifest.malformed.values():
        raise ValueError(problem)
    return manifest.networks


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
