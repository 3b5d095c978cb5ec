"""The manifest and the files that it lists: read, verified, written."""

import hashlib
import json
import os
from pathlib import Path

from filelock import FileLock

from weights.schema import Entry, Manifest, Source, parse_entry, parse_manifest


class Unavailable(Exception):
    """A network cannot answer now. `str(error)` is one sentence for a visitor that names the remedy."""


def folder() -> Path:
    """The folder of the bundled weights: this package's, or LOUPE_WEIGHTS_DIR."""
    return Path(os.environ.get("LOUPE_WEIGHTS_DIR") or Path(__file__).parent)


def sha256(content: bytes) -> str:
    """The digest of `content`, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def read_manifest(path: Path) -> Manifest:
    """The manifest at `path`. OSError, or ValueError if it is none; single entries may be malformed."""
    return parse_manifest(_read_json(path))


def _read_json(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _change_manifest(path: Path, change) -> None:
    """Let `change` alter the JSON of the manifest at `path`, and replace the file in one step.

    Processes that do so at once wait for each other. Networks stand in alphabetical order.
    """
    with FileLock(path.with_suffix(".lock")):
        content = _read_json(path) if path.exists() else {"repository": None, "networks": {}}
        parse_manifest(content)
        change(content)
        content["networks"] = dict(sorted(content["networks"].items()))
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        unfinished.replace(path)


def record(name: str, *, directory: Path | None = None, **fields) -> Entry:
    """Replace whole `fields` (metrics=..., recipe=..., thresholds=...) of a network's entry, and keep the others.

    A field of None goes. Fields that make a whole entry replace a malformed one. Returns the entry. Raises ValueError,
    having changed nothing, for an unknown field and when the manifest or the resulting entry is malformed.
    """
    unknown = ", ".join(sorted(fields.keys() - Entry.model_fields.keys()))
    if unknown:
        raise ValueError(f"{name!r}: an entry has no field {unknown}")

    def change(content: dict) -> None:
        content["networks"][name] = _merge(name, content["networks"], fields)

    path = (directory or folder()) / "manifest.json"
    _change_manifest(path, change)
    return read_manifest(path).networks[name]


def _merge(name: str, networks: dict, fields: dict) -> dict:
    """The JSON of an entry of `networks` with `fields`; of a malformed one nothing stays where they are whole."""
    given = {key: value for key, value in fields.items() if value is not None}
    if name in networks and not _is_entry(name, networks[name]):
        if _is_entry(name, given):
            return given
        if not isinstance(networks[name], dict):
            parse_entry(name, networks[name])
    merged = {key: value for key, value in networks.get(name, {}).items() if key not in fields} | given
    parse_entry(name, merged)
    return merged


def _is_entry(name: str, content) -> bool:
    try:
        parse_entry(name, content)
    except ValueError:
        return False
    return True


def record_repository(repo: str, commit: str, directory: Path | None = None) -> None:
    """Note where the weights were published."""
    path = (directory or folder()) / "manifest.json"
    _change_manifest(path, lambda content: content.update(repository={"repo": repo, "commit": commit}))


def read_file(path: Path, described: Entry | Source) -> bytes:
    """The bytes at `path`, which have the size and the digest of `described`. OSError or ValueError."""
    size = path.stat().st_size
    if size != described.bytes:
        raise ValueError(f"it has {size:,} bytes instead of {described.bytes:,}")
    content = path.read_bytes()
    if sha256(content) != described.sha256:
        raise ValueError("its digest is not the one that the manifest lists")
    return content
