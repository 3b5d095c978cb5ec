"""Small real networks, exported once, and a local Hub."""

import json
import os
import shutil
import subprocess
import sys
import threading

import pytest

from tests.house import ROOT
from tests.hub import Hub
from tests.waiting import wait_for
from weights import Store

REPO = "owner/loupe"

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A folder of weights: the classifiers shapes/plain and shapes/wide, tones/free of any size, tones/pair of two."""
    import keras

    from weights import files
    from weights.export import export

    folder = tmp_path_factory.mktemp("weights")
    for demo in ("shapes", "tones"):
        (folder / demo).mkdir()
    for seed, (name, width) in enumerate({"plain": 4, "wide": 9}.items()):
        keras.utils.set_random_seed(seed)
        classifier(keras, width).save(folder / f"shapes/{name}.keras")
    picture = keras.Input((None, None, 3), name="picture")
    tone = keras.layers.Conv2D(3, 3, padding="same")(picture)
    keras.Model(picture, {"tone": tone}).save(folder / "tones/free.keras")
    content, style = (keras.Input((None, None, 3), name=name) for name in ("content", "style"))
    mean = keras.ops.mean(style, axis=(1, 2), keepdims=True)
    painted = keras.layers.Conv2D(3, 3, padding="same")(content) + mean
    keras.Model({"content": content, "style": style}, {"painted": painted}).save(folder / "tones/pair.keras")
    for name in ("shapes/plain", "shapes/wide", "tones/free", "tones/pair"):
        export(name, folder=folder, precision="float32")
        recipe = {"dataset": "owner/shapes", "seed": 0}
        files.record(name, directory=folder, thresholds={"energy": -3.2}, license="Apache-2.0", recipe=recipe)
        files.record(name, directory=folder, metrics={"accuracy": 0.9312, "calibration_error": 0.0123})
    return folder


def classifier(keras, width: int):
    picture = keras.Input((8, 8, 3), dtype="uint8", name="picture")
    x = keras.layers.Rescaling(1 / 255)(picture)
    x = keras.layers.Conv2D(width, 3, activation="relu")(x)
    embedding = keras.layers.GlobalAveragePooling2D()(x)
    logits = keras.layers.Dense(5)(embedding)
    # Named so that alphabetical order, order of making and order in the dict all differ.
    return keras.Model(picture, {"probabilities": keras.ops.softmax(logits), "embedding": embedding})


@pytest.fixture
def bundled(built, tmp_path):
    """A copy of the folder of weights, to damage."""
    return shutil.copytree(built, tmp_path / "weights")


@pytest.fixture
def hub():
    with Hub() as hub:
        yield hub


def contents(folder) -> dict[str, bytes]:
    """The files of a folder of weights as a Hub repository holds them."""
    names = ["manifest.json", *(str(path.relative_to(folder)) for path in folder.glob("*/*.tflite"))]
    return {name: (folder / name).read_bytes() for name in names}


def edit(folder, change) -> None:
    """Let `change` alter the parsed manifest of a folder."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))


@pytest.fixture
def published(bundled, hub):
    """At the Hub the files of shapes/plain and shapes/wide are exchanged, tones/free is as bundled."""

    def change(manifest):
        networks = manifest["networks"]
        plain, wide = networks["shapes/plain"], networks["shapes/wide"]
        for key in ("sha256", "bytes", "outputs"):
            plain[key], wide[key] = wide[key], plain[key]
        plain["thresholds"] = {"energy": -9.9, "new": 1.0}

    folder = shutil.copytree(bundled, bundled.parent / "published")
    shutil.copy(bundled / "shapes/wide.tflite", folder / "shapes/plain.tflite")
    shutil.copy(bundled / "shapes/plain.tflite", folder / "shapes/wide.tflite")
    edit(folder, change)
    hub.commit(REPO, contents(folder))
    return folder


@pytest.fixture
def store_of(bundled, hub, tmp_path):
    made = []

    def make(**options):
        options = {"repo": REPO, "endpoint": hub.url, "cache_dir": tmp_path / "cache", **options}
        made.append(Store(bundled, **options))
        return made[-1]

    yield make
    # A pull that outlived its Hub would disturb the client of the next test.
    for store in made:
        store.end()
    hub.release.set()
    wait_for(lambda: not any(thread.name == "weights" for thread in threading.enumerate()))


def origins(store):
    return {name: store.status(name).origin for name in ("shapes/plain", "shapes/wide", "tones/free")}


def pulled(hub):
    return f"{REPO}@{hub.repositories['model', REPO][-1][0][:7]}"


def begin(code, bundled, tmp_path, endpoint, **environment):
    """A process that was started with the environment of a Space."""
    environment = {**os.environ, "LOUPE_WEIGHTS_REPO": REPO, "LOUPE_WEIGHTS_DIR": str(bundled), **environment}
    environment |= {"HF_ENDPOINT": endpoint, "HF_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-c", code], env=environment, **pipes)


def run(code, bundled, tmp_path, endpoint, **environment):
    """What such a process prints."""
    process = begin(code, bundled, tmp_path, endpoint, **environment)
    printed, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return printed.splitlines()
