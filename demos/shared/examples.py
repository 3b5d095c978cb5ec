"""The pictures that demos open with: where they are, and small files of them, which another core can begin early."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from importlib.util import find_spec
from pathlib import Path

from demos.shared import previews

LARGE = 100_000  # bytes from which on the page opens with a preview of its example
_begun: dict[tuple[Callable, str], Future] = {}


def example_paths(name: str, examples: Mapping[str, tuple[str, str] | str]) -> dict[str, str]:
    """Paths of a demo's examples by caption; those of packages that are not installed are left out."""
    paths = {caption: _example_path(name, place) for caption, place in examples.items()}
    return {caption: str(path) for caption, path in paths.items() if path and path.is_file()}


def _example_path(name: str, place: tuple[str, str] | str) -> Path | None:
    if isinstance(place, str):
        return Path(importlib.import_module(f"demos.{name}").__file__).parent / place
    package, file = place
    spec = find_spec(package)
    return spec and Path(spec.origin).parent / file


def first_example(name: str, examples: Mapping[str, tuple[str, str] | str]) -> str | None:
    """The path of the picture with which a demo opens; None where it has no examples."""
    return next(iter(example_paths(name, examples).values()), None)


def begin(workers: Executor, name: str, examples: Mapping[str, tuple[str, str] | str]) -> None:
    """Let others begin the small files of a demo's examples. Returns at once."""
    for number, path in enumerate(example_paths(name, examples).values()):
        wanted = {previews.preview: is_large(path), previews.thumbnail: True, previews.tile: number == 0}
        for draw, is_wanted in wanted.items():
            if is_wanted and (draw, path) not in _begun:
                _begun[draw, path] = workers.submit(draw, path)


def finish(draw: Callable[[str], bytes], path: str) -> bytes:
    """What a function of `previews` draws of a file, begun or not. Raises images.PictureError."""
    begun = _begun.pop((draw, path), None)
    return begun.result() if begun else draw(path)


def is_large(path: str) -> bool:
    """Whether the page shows a preview of a file."""
    return os.path.getsize(path) > LARGE
