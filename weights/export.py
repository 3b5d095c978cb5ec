"""`python -m weights.export NAME`: NAME.keras -> NAME.tflite, refused when their outputs disagree."""

import argparse
import contextlib
import importlib
import importlib.util
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from weights import files
from weights.runtime import Network
from weights.schema import Entry, Tensor, parse_entry

# How far an output of the served file may be off: a fraction of its largest value, or of 1 if that is less.
# Half precision rounds the weights of each layer by a fraction of up to 2^-11, folded normalizations included.
# Some 50 layers in a row then differ by 50 * 2^-11 at most, about 2e-2. A wrong export is off by far more.
# Eight bits also round what the layers give; where examples say how large that gets, they are what is compared.
TOLERANCE = {"float32": 1e-4, "float16": 2e-2, "int8": 0.15, "int8_static": 0.1}


class Refused(Exception):
    """The served file was not made; `str(error)` is one sentence that says why."""


def export(
    name: str,
    *,
    precision: str = "float16",
    folder: Path | None = None,
    source: Path | None = None,
    fields: dict | None = None,
    examples: np.ndarray | None = None,
) -> Entry:
    """Make the served file of the network called `name` and return its manifest entry.

    `precision` is that of the stored weights: "float16", or "float32" for twice the size; or "int8", half the size, in
    which the network also computes: it measures how large values get as it runs. For "int8_static", which saves that
    time, `examples` say so, some hundred rows of its only input; otherwise outputs are only compared for them. What was
    measured of another file is forgotten, and of another .keras file its thresholds and its recipe too. `source` is a
    .keras file that replaces the one among the weights, and `fields` are recorded with it. Both files and the entry
    change together: no Ctrl-C comes between them. Raises `Refused`, having changed nothing.
    """
    folder = folder or files.folder()
    kept, served = folder / f"{name}.keras", folder / f"{name}.tflite"
    source = source or kept
    if not source.is_file():
        where = f"{name}.keras in the folder of the weights: train it first" if source == kept else f"file {source}"
        raise Refused(f"There is no {where}.")
    model = _load(name, source)
    with tempfile.TemporaryDirectory(dir=folder) as unfinished:
        copy, path = Path(unfinished) / "network.keras", Path(unfinished) / "network.tflite"
        shutil.copyfile(source, copy)
        _convert(model, path, precision, examples)
        content = path.read_bytes()
        described = _describe(model, content, name, copy)
        try:
            entry = parse_entry(name, described)
            _compare(model, Network(content, name, entry), TOLERANCE[precision], examples)
            kept.parent.mkdir(parents=True, exist_ok=True)
            with _without_break():
                # The manifest first: it may refuse, the replacement of files beside it does not.
                fields = {**described, **_forgotten(name, entry, folder), **(fields or {})}
                entry = files.record(name, directory=folder, **fields)
                copy.replace(kept)
                path.replace(served)
        except (ValueError, RuntimeError) as error:
            raise Refused(f"{name} cannot be served: {error}.") from error
    return entry


@contextlib.contextmanager
def _without_break() -> Iterator[None]:
    """Ignore Ctrl-C, which only ever interrupts the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _forgotten(name: str, entry: Entry, folder: Path) -> dict[str, None]:
    """The fields of the entry that is there which do not hold for this one."""
    manifest = folder / "manifest.json"
    before = files.read_manifest(manifest).networks.get(name) if manifest.exists() else None
    if before is None or before.sha256 == entry.sha256:
        return {}
    fields = ["metrics", "subset_metrics", "timings", "baselines"]
    if before.source != entry.source:
        fields += ["thresholds", "recipe"]
    return dict.fromkeys(fields)


def _load(name: str, source: Path):
    import keras

    if keras.backend.backend() != "tensorflow":
        raise Refused("Only TensorFlow exports batches of any size: set KERAS_BACKEND=tensorflow.")
    # Layers of a demo's own are registered by the module that defines them.
    module = f"demos.{name.split('/')[0]}.training.networks"
    try:
        known = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        known = None
    if known:
        importlib.import_module(module)
    try:
        model = keras.saving.load_model(source, compile=False)
    except Exception as error:
        cause = str(error).strip().splitlines()[-1]
        raise Refused(f"{name}.keras cannot be loaded: {cause}") from error
    if not getattr(model, "inputs", None):
        raise Refused(f"{name} cannot be served: it must be a functional or sequential model.")
    # The exporter numbers the tensors of a list: with a dict they keep the model's names.
    inputs = {tensor.name: tensor for tensor in model.inputs}
    if isinstance(model, keras.Sequential):
        model = keras.Model(model.inputs[0], model.outputs)
    is_named = isinstance(model.output, dict)
    outputs = model.output if is_named else dict(zip(model.output_names, model.outputs, strict=True))
    return keras.Model(inputs if len(inputs) > 1 else model.inputs[0], outputs)


def _convert(model, path: Path, precision: str, examples: np.ndarray | None) -> None:
    import tensorflow as tf

    options = {}
    if precision == "int8_static":
        options["optimizations"] = [tf.lite.Optimize.DEFAULT]
        options["representative_dataset"] = lambda: ([row[None]] for row in examples)
    if precision == "float16":
        options["optimizations"] = [tf.lite.Optimize.DEFAULT]
        options["target_spec"] = {"supported_types": [tf.float16]}
    model.export(path, format="litert", verbose=False, **options)
    if precision == "int8":
        from weights.eight_bits import round_weights

        round_weights(path)


def _describe(model, content: bytes, name: str, source: Path) -> dict:
    def tensors(named):
        return {key: {"shape": list(t.shape), "dtype": str(t.dtype)} for key, t in named}

    return {
        "file": f"{name}.tflite",
        "sha256": files.sha256(content),
        "bytes": len(content),
        "source": {
            "file": f"{name}.keras",
            "sha256": files.sha256(source.read_bytes()),
            "bytes": source.stat().st_size,
        },
        "inputs": tensors((tensor.name, tensor) for tensor in model.inputs),
        "outputs": tensors(sorted(model.output.items())),
        "parameters": model.count_params(),
    }


def _compare(model, network: Network, tolerance: float, examples: np.ndarray | None = None) -> None:
    """Raise `Refused` unless both give the same outputs for random inputs, or examples, one and several at once."""
    import keras

    random = np.random.default_rng(0)
    for rows, side in ((1, 128), (5, 160)):  # a network that cuts margins off needs more than 96
        batch = {name: _noise(random, tensor, rows, side) for name, tensor in network.entry.inputs.items()}
        if examples is not None:
            batch = {name: examples[-rows:] for name in batch}
        served = network(batch)
        given = batch if len(batch) > 1 else next(iter(batch.values()))
        for output, tensor in model(given, training=False).items():
            expected = keras.ops.convert_to_numpy(tensor)
            if served[output].shape != expected.shape:
                raise Refused(
                    f"{network.name}: the served file gives {output} the shape {served[output].shape}, "
                    f"the network {expected.shape}, for {rows} inputs."
                )
            difference = np.abs(served[output].astype("float64") - expected).max()
            allowed = tolerance * max(1.0, np.abs(expected).max())
            # Written so that a difference of NaN is refused as well.
            if not difference <= allowed:
                raise Refused(
                    f"{network.name}: {output} of the served file differs from the network's by "
                    f"{difference:.2g}, more than the {allowed:.2g} allowed, for {rows} inputs."
                )


def _noise(random: np.random.Generator, tensor: Tensor, rows: int, side: int) -> np.ndarray:
    """Random values for an input; sizes that vary are `side`. Pictures are 0 to 1 in floats, 0 to 255 in integers."""
    shape = [rows, *(size or side for size in tensor.shape[1:])]
    if tensor.dtype.startswith("float"):
        return random.random(shape).astype(tensor.dtype)
    return random.integers(0, 256, shape).astype(tensor.dtype)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m weights.export", description=__doc__)
    parser.add_argument("name", help='the network, such as "cifar10/airbench"')
    parser.add_argument("--precision", choices=[*TOLERANCE], default="float16", help="of the stored weights")
    parser.add_argument("--examples", type=Path, help="an .npy file of inputs, for 8 bits")
    parser.add_argument("--source", type=Path, help="a .keras file that replaces the one among the weights")
    parser.add_argument("--fields", type=Path, help="a JSON file of what the manifest shall say besides")
    options = parser.parse_args(arguments)
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    if options.precision == "int8_static" and not options.examples:
        parser.error("--precision int8_static needs --examples")
    examples = np.load(options.examples) if options.examples else None
    fields = json.loads(options.fields.read_text(encoding="utf-8")) if options.fields else {}
    try:
        entry = export(
            options.name, precision=options.precision, source=options.source, fields=fields, examples=examples
        )
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{entry.file}: {entry.bytes:,} bytes, outputs {', '.join(entry.outputs)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
