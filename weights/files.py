"""The manifest and the files that it lists: read, checked, written."""

import hashlib
import json
import os
import re
from pathlib import Path

DTYPES = ("bool", "float16", "float32", "int8", "int32", "int64", "uint8")

# Segments that do not begin with a dot leave no room for "..", absolute paths, drives and hidden files.
_SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_NAME = re.compile(rf"{_SEGMENT}/{_SEGMENT}")
_FILE = re.compile(rf"({_SEGMENT}/)+{_SEGMENT}\.(tflite|keras)")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Unavailable(Exception):
    """A network cannot answer now. `str(error)` is one sentence for a visitor that names the remedy."""


def folder() -> Path:
    """The folder of the bundled weights: this package's, or LOUPE_WEIGHTS_DIR."""
    return Path(os.environ.get("LOUPE_WEIGHTS_DIR") or Path(__file__).parent)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read_manifest(path: Path) -> dict:
    """The manifest at `path`; its entries are not checked yet. OSError, or ValueError if it is none."""
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("networks"), dict):
        raise ValueError('it has no "networks"')
    return manifest


def write_manifest(path: Path, manifest: dict) -> None:
    """Replace the manifest at `path` in one step, networks in alphabetical order."""
    manifest = {**manifest, "networks": dict(sorted(manifest["networks"].items()))}
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(path)


def record(name: str, *, directory: Path | None = None, **fields) -> dict:
    """Set `fields` (metrics=..., recipe=..., thresholds=...) of a network's entry and keep the others.

    Returns the entry. Raises ValueError when the manifest or the resulting entry is malformed.
    """
    path = (directory or folder()) / "manifest.json"
    manifest = read_manifest(path) if path.exists() else {"repository": None, "networks": {}}
    entry = {**manifest["networks"].get(name, {}), **fields}
    check_entry(name, entry)
    manifest["networks"][name] = entry
    write_manifest(path, manifest)
    return entry


def read_file(path: Path, described: dict) -> bytes:
    """The bytes at `path`, which have the "bytes" and "sha256" of `described`. OSError or ValueError."""
    size = path.stat().st_size
    if size != described["bytes"]:
        raise ValueError(f"it has {size:,} bytes instead of {described['bytes']:,}")
    content = path.read_bytes()
    if sha256(content) != described["sha256"]:
        raise ValueError("its digest is not the one that the manifest lists")
    return content


def check_entry(name, entry) -> None:
    """Raise ValueError, with what is wrong, unless `entry` is a well-formed manifest entry called `name`."""

    def require(condition: bool, problem: str) -> None:
        if not condition:
            raise ValueError(f"{str(name)[:80]!r}: {problem}")

    require(isinstance(name, str) and bool(_NAME.fullmatch(name)), 'a network is called "demo/network"')
    require(isinstance(entry, dict), "its entry is not an object")
    require(_describes_file(entry, ".tflite"), "its file, sha256 and bytes do not describe a .tflite file")
    if "source" in entry:
        require(_describes_file(entry["source"], ".keras"), "its source is no .keras file")
    require(_describes_tensors(entry.get("inputs")), "its inputs are not shapes and dtypes")
    require(len(entry["inputs"]) == 1, "a network has exactly one input")
    require(_describes_tensors(entry.get("outputs")), "its outputs are not shapes and dtypes")
    require(_is_count(entry.get("parameters", 0)), "its number of parameters is no such number")
    for key in ("metrics", "thresholds"):
        values = entry.get(key, {})
        require(isinstance(values, dict), f"its {key} are not an object")
        require(all(map(_is_number, values.values())), f"its {key} are not all numbers")
    require(isinstance(entry.get("recipe", {}), dict), "its recipe is not an object")
    require(isinstance(entry.get("license", ""), str), "its license is not a text")


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _describes_file(described, suffix: str) -> bool:
    if not isinstance(described, dict):
        return False
    file, digest = described.get("file"), described.get("sha256")
    return (
        isinstance(file, str)
        and bool(_FILE.fullmatch(file))
        and file.endswith(suffix)
        and isinstance(digest, str)
        and bool(_SHA256.fullmatch(digest))
        and _is_count(described.get("bytes"))
    )


def _describes_tensors(tensors) -> bool:
    if not isinstance(tensors, dict) or not tensors:
        return False
    return all(
        isinstance(tensor, dict)
        and tensor.get("dtype") in DTYPES
        and isinstance(tensor.get("shape"), list)
        and tensor["shape"][:1] == [None]
        and all(size is None or (_is_count(size) and size > 0) for size in tensor["shape"])
        for tensor in tensors.values()
    )
