"""From a trained network to the file that is served, recorded in the manifest."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import keras
import numpy as np

import weights.export
from demos.shared.training.command import RecipeError


def save(network: keras.Model, path: Path) -> None:
    """Write a .keras file, packed: Keras only stores. Of weights in half precision more than half is saved."""
    path.parent.mkdir(parents=True, exist_ok=True)
    network.save(path)
    with zipfile.ZipFile(path) as stored:
        members = {name: stored.read(name) for name in stored.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as packed:
        for name, content in members.items():
            packed.writestr(name, content)


def export(name: str, path: Path, fields: dict, precision: str, examples: np.ndarray | None = None) -> None:
    """Export a .keras file on TensorFlow, and put it among the weights. fields: of its manifest entry.

    precision, examples: see weights.export. Whoever trains on something else starts a process of TensorFlow.
    Raises RecipeError, having changed nothing, where the export is refused.
    """
    if keras.backend.backend() == "tensorflow":
        _export_here(name, path, fields, precision, examples)
        return
    described = path.with_suffix(".json")
    described.write_text(json.dumps(fields), encoding="utf-8")
    command = [sys.executable, "-m", "weights.export", name, "--source", str(path), "--fields", str(described)]
    command += ["--precision", precision]
    if examples is not None:
        np.save(path.with_suffix(".npy"), examples)
        command += ["--examples", str(path.with_suffix(".npy"))]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RecipeError(done.stderr.strip().splitlines()[-1])
    print(done.stdout.strip(), flush=True)


def _export_here(name: str, path: Path, fields: dict, precision: str, examples: np.ndarray | None) -> None:
    options = {"precision": precision, "source": path, "fields": fields, "examples": examples}
    try:
        entry = weights.export.export(name, **options)
    except weights.export.Refused as error:
        raise RecipeError(str(error)) from error
    print(f"{entry.file}: {entry.bytes:,} bytes, outputs {', '.join(entry.outputs)}", flush=True)
