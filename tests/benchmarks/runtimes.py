"""`python -m tests.benchmarks.runtimes`: one picture through every network, here and in four other runtimes.

The served path is measured (`weights.load(name)(batch)`), the others run the .keras file that it was made from:
NumPy in, NumPy out, two threads and float32 for all, in turns, so that whatever else the machine does befalls
all of them. One is only timed if it gives the same answers. Needs tests/benchmarks/requirements.txt.
"""

import importlib
import logging
import os
import statistics
import time
from functools import partial

import numpy as np

from tests.benchmarks.common import require, table
from weights import Entry

THREADS = 2
ROUNDS, BLOCK, PAUSE = 20, 0.2, 0.05  # seconds of each runtime's turn, and after it, for its threads to rest
SIDE = 256  # where a network takes any size


def main() -> None:
    require("tensorflow", "onnx", "onnxruntime", "openvino", "tf2onnx")
    os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "LOUPE_WEIGHTS_REPO": ""}
    if hasattr(os, "sched_setaffinity"):  # the served path takes as many threads as it finds cores
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])
    import tensorflow as tf

    import weights
    from demos import discover

    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    tf.get_logger().setLevel("ERROR")
    logging.getLogger("tf2onnx").setLevel("CRITICAL")
    needed = {name for found in discover() for name in found.demo.networks}
    rows, reasons = [], []
    for name in sorted(needed | weights.manifest().networks.keys()):
        try:
            network = weights.load(name)
            model, batch = load(name, network.entry), picture(network.entry)
        except (weights.Unavailable, KeyError, OSError) as error:
            reasons.append(f"{name}: not measured: {error}")
            continue
        calls, cannot = prepared(network, model, batch)
        reasons += [f"{name}: {runtime} cannot: {reason}" for runtime, reason in cannot.items()]
        times = medians({**calls, "ours": partial(network, batch)})
        ratio = times["ours"] / min([times[runtime] for runtime in calls], default=float("nan"))
        columns = [f"{times[runtime]:.2f}" if runtime in times else "cannot" for runtime in (*OTHERS, "ours")]
        rows.append([name, *columns, f"{ratio:.2f}"])
    print(f"Median milliseconds of one picture, {THREADS} threads, float32:\n")
    print(table(["network", *OTHERS, "ours", "ours to the best other"], rows))
    print("", *reasons, sep="\n")


def load(name: str, entry: Entry):
    """The Keras model that the served file was made from."""
    import keras

    from weights import files

    importlib.import_module(f"demos.{name.split('/')[0]}.training.networks")  # registers its layers
    return keras.saving.load_model(files.folder() / entry.source.file, compile=False)


def picture(entry: Entry) -> np.ndarray:
    """A batch of one picture of noise."""
    (tensor,) = entry.inputs.values()
    noise = np.random.default_rng(0).random([1, *(size or SIDE for size in tensor.shape[1:])])
    return (noise if tensor.dtype.startswith("float") else 255 * noise).astype(tensor.dtype)


def prepared(network, model, batch) -> tuple[dict, dict]:
    """By runtime, the calls that give the served network's outputs, and the reasons why others do not."""
    expected = network(batch).values()
    calls, cannot = {}, {}
    for runtime, prepare in OTHERS.items():
        try:
            call = prepare(model, batch)
            given = [np.asarray(output) for output in call()]
        except Exception as error:  # converters raise anything
            cannot[runtime] = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            continue
        if all(any(same(ours, theirs) for theirs in given) for ours in expected):
            calls[runtime] = call
        else:
            cannot[runtime] = "its answers differ"
    return calls, cannot


def same(a: np.ndarray, b: np.ndarray) -> bool:
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-2, atol=1e-2 * max(1, np.abs(a).max()))


def medians(calls: dict) -> dict[str, float]:
    """Median milliseconds of each call, measured in turns."""
    times = {runtime: [] for runtime in calls}
    for _ in range(ROUNDS):
        for runtime, call in calls.items():
            call(), call()  # caches and threads are the previous one's
            end = time.perf_counter() + BLOCK
            while (began := time.perf_counter()) < end:
                call()
                times[runtime].append(time.perf_counter() - began)
            time.sleep(PAUSE)
    return {runtime: 1000 * statistics.median(measured) for runtime, measured in times.items()}


def keras_predict(model, batch):
    import keras

    return lambda: keras.tree.flatten(model.predict(batch, verbose=0))


def tf_function(model, batch):
    import keras
    import tensorflow as tf

    function = traced(model).get_concrete_function(spec(batch))
    return lambda: [output.numpy() for output in keras.tree.flatten(function(tf.constant(batch)))]


def onnx_runtime(model, batch):
    import onnx
    import onnxruntime
    import tensorflow as tf
    import tf2onnx

    function = traced(model)
    network, _ = tf2onnx.convert.from_function(function, [spec(batch)], custom_op_handlers={"Erfc": (erfc, [])})
    # Constants that TensorFlow keeps beside its graph come out as inputs.
    for value, place in function.get_concrete_function(spec(batch)).graph.captures:
        if value.dtype != tf.resource:
            network.graph.initializer.append(onnx.numpy_helper.from_array(value.numpy(), place.name))
    constants = {constant.name for constant in network.graph.initializer}
    (name,) = {given.name for given in network.graph.input} - constants
    for given in [given for given in network.graph.input if given.name != name]:
        network.graph.input.remove(given)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    session = onnxruntime.InferenceSession(network.SerializeToString(), options)
    return lambda: session.run(None, {name: batch})


def erfc(ctx, node, *_):
    """The erfc(-x * c) of TensorFlow's exact GELU as 1 + erf(x * c), which ONNX Runtime makes one operation."""
    (product,) = node.inputs
    x, c = product.inputs[0].input[0], product.input[1]
    erf = ctx.make_node("Erf", ctx.make_node("Mul", [x, c]).output)
    one = ctx.make_const(f"{node.name}/one", np.float32(1))
    ctx.remove_node(node.name)
    return ctx.make_node("Add", [erf.output[0], one.output[0]], name=node.name, outputs=node.output)


def openvino(model, batch):
    import openvino as ov

    options = {
        "INFERENCE_PRECISION_HINT": "f32",
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": THREADS,
    }
    network = ov.convert_model(traced(model).get_concrete_function(spec(batch)))
    request = ov.compile_model(network, "CPU", options).create_infer_request()
    return lambda: list(request.infer([batch], share_inputs=True).values())


def traced(model):
    """The network as a TensorFlow function."""
    import tensorflow as tf

    return tf.function(lambda x: model(x, training=False))


def spec(batch):
    """Shape and dtype that it is traced for."""
    import tensorflow as tf

    return tf.TensorSpec(batch.shape, batch.dtype)


OTHERS = {
    "`model.predict`": keras_predict,
    "`tf.function`": tf_function,
    "ONNX Runtime": onnx_runtime,
    "OpenVINO": openvino,
}

if __name__ == "__main__":
    main()
