"""Small real networks, exported once, and a local Hub."""

import json
import os
import shutil

import pytest

from tests.hub import Hub

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
