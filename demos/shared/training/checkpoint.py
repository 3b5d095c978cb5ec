"""A run on disk: network, optimizer and progress in one file, which is written beside and then renamed."""

import hashlib
import json
import os
from pathlib import Path
from types import ModuleType

import keras
import numpy as np


def save(path: Path, network: keras.Model, progress: dict) -> None:
    """Write the variables of a compiled network and of its optimizer, and `progress`, as JSON, to one .npz file."""
    arrays = {f"variable_{i}": np.asarray(keras.ops.convert_to_numpy(v)) for i, v in enumerate(_variables(network))}
    write(path, {**arrays, "progress": np.array(json.dumps(progress))})


def load(path: Path, network: keras.Model, digest: str) -> dict | None:
    """Restore what `save` wrote, and return its progress; None where no file, or one of another digest, is there."""
    progress = read_progress(path)
    if progress is None or progress["digest"] != digest:
        return None
    with np.load(path) as arrays:
        for number, variable in enumerate(_variables(network)):
            variable.assign(arrays[f"variable_{number}"])
    return progress


def read_progress(path: Path) -> dict | None:
    """The progress in a file of `save`; None where there is none."""
    if not path.exists():
        return None
    with np.load(path) as arrays:
        return json.loads(str(arrays["progress"]))


def write(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Replace an .npz file in one step, so that a break leaves the one before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.stem}.unfinished.npz")
    with unfinished.open("wb") as file:
        np.savez(file, **arrays)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def shapes(network: keras.Model) -> list[tuple[int, ...]]:
    """The shapes of all that a checkpoint of a compiled network holds."""
    return [tuple(variable.shape) for variable in _variables(network)]


def _variables(network: keras.Model) -> list:
    """The variables of the network, of its random generators and of its optimizer, without those of metrics."""
    network.optimizer.build(network.trainable_variables)
    metrics = {id(variable) for variable in network.metrics_variables}
    optimizer = {id(variable) for variable in network.optimizer.variables}
    trained = [variable for variable in network.variables if id(variable) not in metrics | optimizer]
    return trained + list(network.optimizer.variables)


def digest(*values) -> str:
    """A digest of arrays, numbers, texts, and of lists, tuples and dictionaries of these."""
    state = hashlib.blake2b(digest_size=16)
    _update(state, values)
    return state.hexdigest()


def read_code(package: ModuleType) -> list[bytes]:
    """The modules of a package, for the digest of what it makes."""
    return [path.read_bytes() for path in sorted(Path(package.__file__).parent.glob("*.py"))]


def _update(state, value) -> None:
    if isinstance(value, np.ndarray):
        state.update(f"{value.dtype}{value.shape}".encode())
        state.update(np.ascontiguousarray(value).view(np.uint8).reshape(-1) if value.size else b"")
    elif isinstance(value, bytes):
        state.update(f"bytes{len(value)}".encode() + value)
    elif isinstance(value, dict):
        _update(state, [part for pair in sorted(value.items()) for part in pair])
    elif isinstance(value, list | tuple):
        state.update(f"list{len(value)}".encode())
        for part in value:
            _update(state, part)
    else:
        state.update(f"{type(value).__name__}{value!r}".encode())
