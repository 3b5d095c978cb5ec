"""What recipes share: training that resumes, calibration, and the account of how weights came about."""

import importlib
import json
import platform
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import keras
import numpy as np

from demos import metrics
from weights import files
from weights.runtime import cores

RUNS = Path("runs")  # checkpoints, kept out of the repository


def trained(name: str, seed: int, network: keras.Model, epochs: int, epoch: Callable[[int], None]) -> dict:
    """Train a compiled network, `epoch(n)` for each n below `epochs`, on from where a broken run stopped.

    Returns what the manifest says of it: `epochs`, `minutes`, `versions` and `machine`.
    """
    run = RUNS / f"{name}-{seed}"
    run.mkdir(parents=True, exist_ok=True)
    checkpoint, state = run / "checkpoint.weights.h5", run / "state.json"
    done = {"epochs": 0, "minutes": 0.0}
    if state.exists():
        done = json.loads(state.read_text())
        network.optimizer.build(network.trainable_variables)
        network.load_weights(checkpoint)
    for n in range(done["epochs"], epochs):
        began = time.monotonic()
        epoch(n)
        network.save_weights(checkpoint)
        minutes = done["minutes"] + (time.monotonic() - began) / 60
        done = {"epochs": n + 1, "minutes": round(minutes, 2), "versions": versions(), "machine": machine()}
        state.write_text(json.dumps(done))
    return done


def versions() -> dict[str, str]:
    """The versions of what trains; TensorFlow is distributed under several names, so it is asked itself."""
    packages = ("keras", "numpy", keras.backend.backend())
    return {package: importlib.import_module(package).__version__ for package in packages}


def machine() -> str:
    """What trains, in words for the manifest."""
    if accelerated():
        import torch

        return torch.cuda.get_device_name()
    return f"{platform.machine()}, {cores()} cores"


def accelerated() -> bool:
    """Whether Keras trains on PyTorch with CUDA."""
    if keras.backend.backend() != "torch":
        return False
    import torch

    return torch.cuda.is_available()


def fastest_format() -> str:
    """The data format in which plain convolutions train fastest."""
    return "channels_first" if keras.backend.backend() == "torch" and not accelerated() else "channels_last"


class _Calls:
    """A data set of what a function returns: its indices are tuples of arguments."""

    def __init__(self, function: Callable):
        self.function = function

    def __getitem__(self, arguments: tuple):
        return self.function(*arguments)


def made(function: Callable, jobs: Iterable[tuple]) -> Iterator:
    """What `function` returns for each of `jobs`, tuples of arguments, in their order.

    With an accelerator other processes make it ahead of who takes it, and its arrays come as PyTorch's.
    """
    if not accelerated():
        return (function(*job) for job in jobs)
    from torch.utils.data import DataLoader

    options = {"num_workers": max(1, cores() - 3), "multiprocessing_context": "fork", "pin_memory": True}
    return iter(DataLoader(_Calls(function), batch_size=None, sampler=jobs, **options))


def temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature at which softmax(logits / temperature) is likeliest (Guo et al., 2017), of 0.25 to 4."""
    choices = np.geomspace(0.25, 4, 400)
    return float(min(choices, key=lambda t: metrics.negative_log_likelihood(logits / t, labels)))


def held_out(probabilities: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """What the manifest says of held-out examples: float (N, C) calibrated, int (N,)."""
    return {
        "accuracy": metrics.accuracy(probabilities, labels),
        "expected_calibration_error": metrics.expected_calibration_error(probabilities, labels),
    }


def export(name: str, network: keras.Model, half: bool = False) -> None:
    """Save a finished network and make its served file, which needs TensorFlow, in a process of its own.

    half: with weights in half precision, in files of about half the size.
    """
    path = files.folder() / f"{name}.keras"
    path.parent.mkdir(parents=True, exist_ok=True)
    if half:
        network.set_weights([np.asarray(w).astype("float16").astype(w.dtype) for w in network.get_weights()])
    network.save(path)
    _deflate(path)
    subprocess.run([sys.executable, "-m", "weights.export", name, *(["--float16"] if half else [])], check=True)


def _deflate(path: Path) -> None:
    """Pack what a .keras file only stores: a tenth of it is saved, of weights in half precision half."""
    with zipfile.ZipFile(path) as stored:
        members = {name: stored.read(name) for name in stored.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
