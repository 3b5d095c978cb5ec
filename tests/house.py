"""Where things are, for tests that look at the house from outside."""

import asyncio
import shutil
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import demos

ROOT = Path(__file__).parents[1]
FOUND = demos.discover()
DEMOS = [found.name for found in FOUND]  # in the order of their tabs
ENDPOINTS = {f"/{name}" for found in FOUND for name in found.endpoints}
README = (ROOT / "README.md").read_text(encoding="utf-8")


def copy(folder: Path) -> Path:
    """The code and the weights in an empty folder, to be changed."""
    shutil.copy(ROOT / "app.py", folder)
    for name in ("demos", "weights"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyi"))
    return folder


def add(root: Path, name: str, files: dict[str, str]) -> None:
    """Add a demo's folder with these files, by name, to a copy of the house."""
    folder = root / "demos" / name
    folder.mkdir(parents=True)
    for file, text in files.items():
        (folder / file).write_text(text)


def run(coroutine: Coroutine):
    """What a coroutine returns. In a thread of its own: browser tests may have left a loop that runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()
