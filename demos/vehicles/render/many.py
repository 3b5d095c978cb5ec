"""Many pictures by several processes.

Plain processes rather than multiprocessing: they import nothing of the caller's, so no network library, and each
keeps to one thread. A process reads jobs as JSON from its standard input and writes pixels to its standard output.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from demos.vehicles.render import render

_CHUNK = 240  # jobs of one process
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def render_many(jobs: Iterable[tuple[int, int, int]], side: int = 128, processes: int = 1) -> np.ndarray:
    """Pictures uint8 (N, side, side, 3) of N jobs (identity, camera, number), stretched to squares, in their order.

    Jobs of one identity that stand beside each other share its mesh, which saves a third of the time.
    Raises subprocess.CalledProcessError where a process fails.
    """
    jobs = [tuple(map(int, job)) for job in jobs]
    if processes <= 1:
        return _render_chunk(jobs, side)
    size = max(min(_CHUNK, -(-len(jobs) // processes)), 1)
    chunks = [jobs[k : k + size] for k in range(0, len(jobs), size)]
    with ThreadPoolExecutor(processes) as pool:
        parts = list(pool.map(lambda chunk: _start(chunk, side), chunks))
    return np.concatenate(parts) if parts else np.empty((0, side, side, 3), np.uint8)


def _start(jobs: list[tuple[int, int, int]], side: int) -> np.ndarray:
    """Renders jobs in a process of its own."""
    root = str(Path(__file__).parents[3])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-c", "from demos.vehicles.render import many; many.serve()"]
    environment = os.environ | {"PYTHONPATH": path} | dict.fromkeys(_THREADS, "1")
    text = json.dumps({"jobs": jobs, "side": side}).encode()
    run = subprocess.run(command, input=text, stdout=subprocess.PIPE, env=environment, check=True)
    return np.frombuffer(run.stdout, np.uint8).reshape(len(jobs), side, side, 3)


def _render_chunk(jobs: list[tuple[int, int, int]], side: int) -> np.ndarray:
    result = np.empty((len(jobs), side, side, 3), np.uint8)
    for k, job in enumerate(jobs):
        pixels = Image.fromarray(render(*job, side=side).pixels)
        result[k] = pixels.resize((side, side), Image.Resampling.BICUBIC)
    return result


def serve() -> None:
    """Renders the jobs on the standard input: what each process does."""
    order = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(_render_chunk(order["jobs"], order["side"]).tobytes())
