"""What is asked of the Hub's client, and what its errors mean."""

import errno
import logging
import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

ATTEMPTS = 3  # at one file
# Bytes. The client counts and resumes a download by such pieces; its own are as large as a whole file.
CHUNK = 2**16
MOST_SECONDS = 3600.0  # that the Hub may ask to wait
_BRIEF = (408, 425, 429, 500, 502, 503, 504)
_COMMIT = re.compile("[0-9a-f]{40}")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """Why something did not come from the Hub: `reason` for whoever runs the page, a clause.

    kind: "network", "content", "disk", or "final" where no further attempt can help.
    is_brief: whether it often passes within seconds. seconds: that the Hub asks to wait.
    """

    kind: str
    reason: str
    is_brief: bool = False
    seconds: float = 0.0


class Remote:
    """The Hub model repository `repo` at `revision`, its default branch where that is None.

    The Hub's client is imported as it is first asked: without a repository nothing needs it.
    """

    def __init__(self, repo: str, revision: str | None, cache_dir: Path | None, endpoint: str | None):
        self.repo, self.revision = repo, revision
        self.is_pinned = bool(_COMMIT.fullmatch(revision or ""))
        self._cache_dir, self._endpoint = cache_dir, endpoint
        self._token: bool | None = None  # the client's own, or False: none

    def resolve(self) -> str:
        """The commit of the revision, 40 hexadecimal digits. One request, which is not repeated."""
        from huggingface_hub import get_token
        from huggingface_hub.errors import HfHubHTTPError

        self._token = None
        try:
            return self._ask_commit()
        except HfHubHTTPError as error:
            if error.response.status_code not in (401, 403) or get_token() is None:
                raise
        # The Hub refuses a token that has expired even where none is needed.
        self._token = False
        commit = self._ask_commit()
        log.warning("The Hub refuses the token: %s is public and is fetched without it", self.repo)
        return commit

    def _ask_commit(self) -> str:
        from huggingface_hub import constants, get_hf_file_metadata, hf_hub_url

        url = hf_hub_url(self.repo, "manifest.json", revision=self.revision, endpoint=self._endpoint)
        seconds = constants.HF_HUB_ETAG_TIMEOUT
        commit = get_hf_file_metadata(url, token=self._token, timeout=seconds, endpoint=self._endpoint).commit_hash
        if not _COMMIT.fullmatch(commit or ""):
            raise ConnectionError(f"{url} does not answer as a Hub does")
        return commit

    def find_cached(self, file: str, revision: str | None = None) -> Path | None:
        """A file in the client's cache, at the repository's revision or another; None where it is not there."""
        from huggingface_hub import try_to_load_from_cache

        revision = revision or self.revision
        try:
            path = try_to_load_from_cache(self.repo, file, cache_dir=self._cache_dir, revision=revision)
        except (OSError, ValueError):  # ValueError: no repository can be called so
            return None
        return Path(path) if isinstance(path, str) else None

    def note(self, commit: str) -> None:
        """Let a start without the Hub find in the cache what was fetched: the branch or tag is at this commit.

        The client does so by itself only for files that it is asked for by branch or tag, which may move meanwhile.
        """
        path = self._cache / "refs" / (self.revision or "main")
        with suppress(OSError):
            if not self.is_pinned and not (path.is_file() and path.read_text() == commit):
                path.parent.mkdir(parents=True, exist_ok=True)
                unfinished = path.with_name(f"{path.name}.{os.getpid()}")
                unfinished.write_text(commit)
                unfinished.replace(path)

    def sweep(self) -> None:
        """Remove what downloads that were killed have left in the cache: partial files that no process is writing."""
        for path in self._cache.glob("blobs/*.incomplete"):
            lock = self._cache.parent / ".locks" / self._cache.name / f"{path.name.rsplit('.', 2)[0]}.lock"
            with suppress(OSError, Timeout), FileLock(lock, timeout=0):
                path.unlink()

    @property
    def _cache(self) -> Path:
        """The folder of the repository in the cache."""
        from huggingface_hub import constants

        return Path(self._cache_dir or constants.HF_HUB_CACHE) / "--".join(["models", *self.repo.split("/")])

    def download(self, file: str, commit: str, receive: Callable[[int], None], force: bool = False) -> Path:
        """Fetch a file, unless it is cached and not `force`. receive: told how many bytes have come."""
        from huggingface_hub import constants, hf_hub_download
        from huggingface_hub.utils import httpx, tqdm

        constants.DOWNLOAD_CHUNK_SIZE = CHUNK

        class Progress(tqdm):
            monitor_interval = 0  # no thread to watch a bar that nobody sees

            def __init__(self, *args, **kwargs):
                super().__init__(*args, **{**kwargs, "disable": True})
                self.received = kwargs.get("initial", 0)

            def update(self, n=1):
                self.received += n
                receive(self.received)

        options = {"cache_dir": self._cache_dir, "endpoint": self._endpoint, "token": self._token}
        options |= {"revision": commit, "force_download": force, "tqdm_class": Progress}
        began = time.monotonic()
        for attempt in range(ATTEMPTS):
            try:
                path = Path(hf_hub_download(self.repo, file, **options))
                break
            except (httpx.TransportError, RuntimeError):
                # All threads share one client, which is closed under them when one of them cannot connect.
                if attempt == ATTEMPTS - 1:
                    raise
                time.sleep(1)
        megabytes, seconds = path.stat().st_size / 1e6, time.monotonic() - began
        log.info("%s: %s, %.1f MB in %.1f s", self.repo, file, megabytes, seconds)
        return path


def diagnose(error: Exception) -> Failure:
    """What an exception of the Hub's client, or of a file that came from the Hub, means."""
    from huggingface_hub.errors import (
        FileMetadataError,
        HfHubHTTPError,
        HFValidationError,
        LocalEntryNotFoundError,
        OfflineModeIsEnabled,
        RemoteEntryNotFoundError,
        RevisionNotFoundError,
    )
    from huggingface_hub.utils import httpx

    text = " ".join(str(error).split())
    if isinstance(error, LocalEntryNotFoundError | ValueError) and isinstance(error.__cause__, Exception):
        return diagnose(error.__cause__)  # the client's own words are about its cache
    if isinstance(error, OfflineModeIsEnabled):
        return Failure("final", "HF_HUB_OFFLINE is set")
    if isinstance(error, HFValidationError):
        return Failure("final", f"that is no name of a repository: {text}")
    if isinstance(error, RevisionNotFoundError):
        return Failure("network", "it has no such branch, tag or commit")
    if isinstance(error, RemoteEntryNotFoundError):
        return Failure("content", "it has no such file")
    if isinstance(error, HfHubHTTPError):
        return _diagnose_status(error.response.status_code, error.response.headers, text)
    if isinstance(error, httpx.TransportError | RuntimeError):
        return Failure("network", f"the Hub does not answer: {type(error).__name__}: {text}", is_brief=True)
    if isinstance(error, httpx.HTTPError | httpx.InvalidURL | FileMetadataError | LocalEntryNotFoundError):
        return Failure("network", f"the Hub does not answer as it should: {text}")
    if isinstance(error, OSError) and error.errno in _DISK:
        return Failure("disk", f"it cannot be stored, make room or set HF_HOME to a writable folder: {text}")
    is_of_network = isinstance(error, OSError)  # such as a file of another size than was announced
    return Failure("network" if is_of_network else "content", f"{type(error).__name__}: {text}")


_DISK = {getattr(errno, name) for name in (
    "ENOSPC", "EROFS", "EACCES", "EPERM", "EDQUOT", "EFBIG", "ENOTDIR", "EEXIST", "EISDIR", "ELOOP", "EIO", "ENOENT",
)}  # fmt: skip


def _diagnose_status(status: int, headers, text: str) -> Failure:
    reasons = {
        401: "it is private or not there: set HF_TOKEN to a token that may read it",
        403: "this token may not read it",
        404: "there is no such repository",
        429: "the Hub asks to wait",
    }
    seconds = headers.get("Retry-After", "")
    seconds = min(float(seconds), MOST_SECONDS) if re.fullmatch(r"\d{1,15}", seconds) else 0.0
    return Failure("network", reasons.get(status, f"the Hub answers {status}: {text}"), status in _BRIEF, seconds)
