import json
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.weights.conftest import edit
from weights import Store, Unavailable
from weights.schema import parse_entry

ROOT = Path(__file__).parents[2]


def test_a_bundled_network_answers(bundled):
    store = Store(bundled)
    network = store.load("shapes/plain")
    assert (network.name, network.origin) == ("shapes/plain", "bundled")
    assert network.entry.thresholds == {"energy": -3.2}
    assert network.entry == store.manifest().networks["shapes/plain"]
    status = store.status("shapes/plain")
    assert (status.ready, status.message, status.origin) == (True, "", "bundled")


def test_what_was_prepared_answers_though_its_file_has_gone(bundled):
    store, before = Store(bundled), set(threading.enumerate())
    store.prepare()
    for thread in set(threading.enumerate()) - before:
        thread.join()
    (bundled / "shapes/plain.tflite").unlink()
    assert store.load("shapes/plain").origin == "bundled"


def truncate(file, folder):
    file.write_bytes(file.read_bytes()[:-1])


def flip(file, folder):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def swap(file, folder):
    shutil.copy(folder / "shapes/wide.tflite", file)


def swap_for_folder(file, folder):
    file.unlink()
    file.mkdir()


def forget_digest(file, folder):
    edit(folder, lambda manifest: manifest["networks"]["shapes/plain"].pop("sha256"))


def list_another_shape(file, folder):
    def change(manifest):
        manifest["networks"]["shapes/plain"]["outputs"] = {"x": {"shape": [None], "dtype": "int8"}}

    edit(folder, change)


def list_nothing(file, folder):
    edit(folder, lambda manifest: manifest["networks"].update({"shapes/plain": None}))


def delete(file, folder):
    file.unlink()


HARMS = [truncate, flip, swap, swap_for_folder, delete, forget_digest, list_another_shape, list_nothing]


@pytest.mark.parametrize("harm", HARMS)
def test_a_file_that_is_not_what_it_should_be_disables_its_network_and_no_other(bundled, harm):
    harm(bundled / "shapes/plain.tflite", bundled)
    store = Store(bundled)
    with pytest.raises(Unavailable) as caught:
        store.load("shapes/plain")
    sentence = str(caught.value)
    assert ("missing" if harm is delete else "damaged") in sentence
    assert "python -m weights.export shapes/plain" in sentence
    assert str(bundled) not in sentence and "\n" not in sentence
    assert store.status("shapes/plain").message == sentence
    assert not store.status("shapes/plain").ready
    assert store.status("shapes/wide").ready
    assert store.status("tones/free").ready


def test_a_file_that_is_put_right_answers_without_a_restart(bundled, built):
    (bundled / "shapes/plain.tflite").unlink()
    store = Store(bundled)
    assert not store.status("shapes/plain").ready
    shutil.copy(built / "shapes/plain.tflite", bundled / "shapes/plain.tflite")
    assert store.status("shapes/plain").ready


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"networks": []}', "[" * 100_000])
def test_a_broken_manifest_is_a_sentence(bundled, text):
    path = bundled / "manifest.json"
    path.unlink() if text is None else path.write_text(text)
    store = Store(bundled)
    store.start()
    assert store.manifest().networks == {}
    assert "git checkout -- weights/manifest.json" in store.status("shapes/plain").message


def test_entry_without_optional_fields_answers(bundled):
    required = ("file", "sha256", "bytes", "inputs", "outputs")

    def change(manifest):
        entry = manifest["networks"]["shapes/plain"]
        manifest["networks"]["shapes/plain"] = {key: entry[key] for key in required}

    edit(bundled, change)
    entry = Store(bundled).load("shapes/plain").entry
    assert entry.metrics == entry.thresholds == {} and entry.parameters is None and entry.recipe.command == ""


def test_a_network_that_nobody_made_says_how_to_make_it(bundled):
    with pytest.raises(Unavailable, match="python -m weights.export shapes/none"):
        Store(bundled).load("shapes/none")


def test_a_network_is_opened_once_for_all_threads(bundled):
    store = Store(bundled)
    with ThreadPoolExecutor(16) as pool:
        networks = set(pool.map(store.load, ["shapes/plain"] * 64))
    assert len(networks) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"file": "../shapes/plain.tflite"},
        {"file": "/etc/passwd.tflite"},
        {"file": "shapes/../../x.tflite"},
        {"file": "shapes\\plain.tflite"},
        {"file": "C:/plain.tflite"},
        {"file": "shapes/.hidden.tflite"},
        {"file": "shapes/plain.tflite\n"},
        {"file": "shapes/plain.py"},
        {"file": 3},
        {"sha256": "0" * 63},
        {"sha256": None},
        {"bytes": -1},
        {"bytes": True},
        {"bytes": "12"},
        {"inputs": {}},
        {"inputs": {"a": {"shape": [1, 2], "dtype": "uint8"}}},
        {"inputs": {"a": {"shape": [None, -1], "dtype": "uint8"}}},
        {"inputs": {"a": {"shape": [None], "dtype": "object"}}},
        {"inputs": {"a": {"shape": [None], "dtype": ["uint8"]}}},
        {"outputs": [1]},
        {"metrics": {"accuracy": "high"}},
        {"thresholds": []},
        {"source": {"file": "shapes/plain.pkl", "sha256": "0" * 64, "bytes": 1}},
        {"license": 1},
        {"parameters": 1.5},
        {"recipe": []},
        {"metrics": {"accuracy": float("nan")}},
        {"subset_metrics": [0.5]},
        {"baselines": {"BM3D": 30.8}},
        {"thresholds": {"energy": None}},
    ],
)
def test_malformed_entry_raises_and_is_named(built, change):
    entry = json.loads((built / "manifest.json").read_text())["networks"]["shapes/plain"]
    parse_entry("shapes/plain", entry)
    with pytest.raises(ValueError, match="shapes/plain"):
        parse_entry("shapes/plain", {**entry, **change})


@pytest.mark.parametrize("name", ["plain", "../plain", "a/b/c", "a/..", "/a", "", 1, "a/b\n"])
def test_malformed_names_are_refused(built, name):
    entry = json.loads((built / "manifest.json").read_text())["networks"]["shapes/plain"]
    with pytest.raises(ValueError):
        parse_entry(name, entry)


def test_serving_imports_neither_tensorflow_nor_keras_nor_gradio(built):
    code = """
import sys, weights, numpy as np
weights.start()
network = weights.load("shapes/plain")
print(network(np.zeros((2, 8, 8, 3), "uint8"))["probabilities"].shape, weights.status("shapes/plain").origin)
print(sorted({"tensorflow", "keras", "gradio", "huggingface_hub"} & set(sys.modules)))
"""
    environment = {**os.environ, "LOUPE_WEIGHTS_DIR": str(built), "PYTHONPATH": str(ROOT)}
    environment.pop("LOUPE_WEIGHTS_REPO", None)
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert ran.stdout.splitlines() == ["(2, 5) bundled", "[]"], ran.stderr


def test_the_manifest_in_the_repository_describes_the_files_beside_it():
    store = Store(ROOT / "weights")
    manifest = store.manifest()
    assert manifest.networks and not manifest.malformed
    for name, entry in manifest.networks.items():
        rows = {
            key: np.zeros([2, *(size or 128 for size in tensor.shape[1:])], tensor.dtype)
            for key, tensor in entry.inputs.items()
        }
        outputs = store.load(name)(rows)
        for output, described in entry.outputs.items():
            assert outputs[output].ndim == len(described.shape)
            assert str(outputs[output].dtype) == described.dtype
        assert entry.bytes < 10e6
