"""Many pictures by several processes.

Plain processes rather than multiprocessing: they import nothing of the caller's, so no network library, and each
keeps to one thread. A process reads jobs as JSON from its standard input and writes .npz to its standard output.
"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from demos.vehicles.render import render

_CHUNK = 240  # jobs of one process
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def render_all(jobs: Iterable[tuple[int, int, int]], side: int = 128, processes: int = 1) -> list[np.ndarray]:
    """Pictures of jobs (identity, camera, number), in their order: uint8 (H, W, 3), `side` pixels the longer side.

    Jobs of one identity that stand beside each other share its mesh, which saves a third of the time.
    Raises subprocess.CalledProcessError where a process fails.
    """
    jobs = [tuple(map(int, job)) for job in jobs]
    if processes <= 1:
        return _render_chunk(jobs, side)
    size = max(min(_CHUNK, -(-len(jobs) // processes)), 1)
    chunks = [jobs[k : k + size] for k in range(0, len(jobs), size)]
    with ThreadPoolExecutor(processes) as pool:
        return [pixels for part in pool.map(lambda chunk: _start(chunk, side), chunks) for pixels in part]


def join(pictures: list[np.ndarray]) -> dict[str, np.ndarray]:
    """One or more pictures of any sizes as two arrays: `pixels`, uint8 (P,), end to end, and `sizes`, int (N, 3)."""
    pixels = np.concatenate([picture.ravel() for picture in pictures])
    return {"pixels": pixels, "sizes": np.array([picture.shape for picture in pictures])}


def split(pixels: np.ndarray, sizes: np.ndarray) -> list[np.ndarray]:
    """The pictures of `join`."""
    parts = np.split(pixels, np.cumsum(sizes.prod(1))[:-1])
    return [part.reshape(size) for part, size in zip(parts, sizes, strict=True)]


def _start(jobs: list[tuple[int, int, int]], side: int) -> list[np.ndarray]:
    """Renders jobs in a process of its own."""
    root = str(Path(__file__).parents[3])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-c", "from demos.vehicles.render import many; many.serve()"]
    environment = os.environ | {"PYTHONPATH": path} | dict.fromkeys(_THREADS, "1")
    text = json.dumps({"jobs": jobs, "side": side}).encode()
    run = subprocess.run(command, input=text, stdout=subprocess.PIPE, env=environment, check=True)
    with np.load(io.BytesIO(run.stdout)) as arrays:
        return split(**arrays)


def _render_chunk(jobs: list[tuple[int, int, int]], side: int) -> list[np.ndarray]:
    return [render(*job, side=side).pixels for job in jobs]


def serve() -> None:
    """Renders the jobs on the standard input: what each process does."""
    order = json.loads(sys.stdin.buffer.read())
    np.savez(sys.stdout.buffer, **join(_render_chunk(order["jobs"], order["side"])))
